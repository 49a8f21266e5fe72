/* options.h - the command line of `balint join`, as data.
 *
 * Some options exist for tests alone (they write down who spoke, or let everybody in unseen) and are unknown
 * in a build without BALINT_TESTING. Pure; any thread.
 */
#ifndef BALINT_CLIENT_OPTIONS_H
#define BALINT_CLIENT_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#define BALINT_OPTION_WHY 256

struct balint_options {
    const char *link;      /* "-": the first line of the standard input; NULL: link_file */
    const char *link_file; /* whose first line is the link */
    const char *server;    /* HOST:PORT instead of the link's, or NULL */
    const char *ca;        /* PEM file, or NULL */
    const char *audio_file;
    const char *audio_source; /* launch fragments, or NULL for GStreamer's own choice */
    const char *audio_sink;
    const char *video_source;
    const char *window; /* launch fragment, "none", or NULL for GStreamer's own choice */
    const char *script; /* --do */
    const char *report;
    const char *snapshot;
    bool video_test, no_audio_out, admit_everyone, hide_self, help;
    bool no_microphone, no_camera; /* none was found; not of the command line */
    int width, height, fps;        /* of the picture that is sent; fps 1..30 */
    double seconds;                /* 0: until somebody leaves */
};

/* Reads the words behind `join`. Strings point into `argv`. `testing`: the test interfaces exist. Returns
 * false with one sentence that says what is wrong and what to do. */
bool balint_options_read(int argc, char **argv, bool testing, struct balint_options *options,
                         char why[BALINT_OPTION_WHY]);
/* The help of `balint join`. */
void balint_options_help(FILE *out, bool testing);

#endif
