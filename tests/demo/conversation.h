/* conversation.h - who says what in which phase, and when, on a timeline of a given length.
 *
 * The lines are a text file, so that another language is another file. How long a line lasts is known once a
 * voice has spoken it; then the lines are laid one behind the other into their phase, and the phase's lines
 * again from the first when there is room left. Seconds count from the moment the sources start. Pure.
 */
#ifndef BALINT_DEMO_CONVERSATION_H
#define BALINT_DEMO_CONVERSATION_H

#include <stdbool.h>
#include <stddef.h>

#define DEMO_PHASES 9 /* of the format classic, in its order */
#define DEMO_PEOPLE 16
#define DEMO_LINES  128
#define DEMO_SAID   4096

extern const char *const demo_phases[DEMO_PHASES];
#define DEMO_GATHERING  0
#define DEMO_CASE       2
#define DEMO_DISCUSSION 5
#define DEMO_RETURN     6

/* People are numbered as they are seated: 0 leader, 1 presenter, then the members. */
#define DEMO_LEADER    0
#define DEMO_PRESENTER 1

struct demo_line {
    int phase;     /* index into demo_phases */
    bool aside;    /* spoken by the presenter while stepped back */
    int who;       /* person in the file: 0 leader, 1 presenter, 2 = member 1 … */
    int person;    /* who speaks it in this group */
    double length; /* seconds, filled by the voices */
    char text[256];
};
struct demo_conversation {
    int count;
    struct demo_line lines[DEMO_LINES];
};
/* Reads the text; `people` in the group, at least 2. False with `why` naming the line. */
bool demo_conversation_read(struct demo_conversation *conversation, const char *text, int people, char *why,
                            size_t size);

/* When each phase begins, in seconds; starts[DEMO_PHASES] is `seconds`. The discussion gets at least two
 * fifths. */
void demo_phases_place(double seconds, double starts[DEMO_PHASES + 1]);

/* A line at its time; cut off where `end` comes before its length is over. */
struct demo_said {
    const struct demo_line *line;
    double start, end;
};
struct demo_timeline {
    int count;
    struct demo_said said[DEMO_SAID];
};
void demo_timeline_make(struct demo_timeline *timeline, const struct demo_conversation *conversation,
                        const double starts[DEMO_PHASES + 1]);

#endif
