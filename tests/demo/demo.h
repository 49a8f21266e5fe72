/* demo.h - what the parts of the demo share: its options and its people.
 */
#ifndef BALINT_DEMO_H
#define BALINT_DEMO_H

#include <jansson.h>

#include "demo/conversation.h"
#include "demo/process.h"
#include "demo/truth.h"
#include "demo/voices.h"

struct demo_options {
    int people;
    double seconds;
    bool headless, help;
    const char *out, *voices; /* folders; voices NULL: espeak-ng */
};

#define DEMO_SPANS 8192
struct demo_person {
    int number;       /* 0 leader, 1 presenter, then members */
    const char *name; /* as invited */
    const char *role; /* leader, member */
    char id[24];      /* leader, presenter, member-1: names files */
    char sound[512];  /* WAV file that is spoken */
    char report[512]; /* where the client writes its report */
    char link[1024];
    struct demo_span *spans; /* truth, ms from the file's first sample */
    int span_count;
    struct demo_process client;
    bool waiting, ready;
    json_t *told; /* the report, read */
};

struct demo {
    struct demo_options options;
    char bin[512];    /* folder of the programs */
    char folder[512]; /* temporary */
    char why[DEMO_WHY];
    double starts[DEMO_PHASES + 1];
    struct demo_person people[DEMO_PEOPLE];
    struct demo_process server;
    char address[128];
};

/* Writes everybody's sound file and measures the truth. False with `why`. */
bool demo_prepare_voices(struct demo *demo);
/* Server, group, invitations, clients, phases, leaving. False with `why`. */
bool demo_evening(struct demo *demo);
/* Reads the reports, prints the tables, writes report.json. Returns true when everybody heard and saw
 * everybody, nobody heard the presenter who stepped back, and every share is right. */
bool demo_verdict(struct demo *demo);

#endif
