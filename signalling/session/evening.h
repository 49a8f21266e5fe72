/* evening.h - what a group's evening begins with, beside its people and its format: the help line, the
 * leaders' cards, follow-ups that are due, and when it ends. Given to the server's room by who keeps it
 * between evenings. Pure; any thread.
 */
#ifndef BALINT_EVENING_H
#define BALINT_EVENING_H

#include "session/session.h"

#define BALINT_CARDS 12 /* cards of a crib */

struct balint_card {
    char text[BALINT_TEXT_SIZE];
};

#define BALINT_FOLLOW_UPS 8  /* that leaders are told of; those that are due longest come first */
#define BALINT_DAY_SIZE   11 /* 2026-12-03 with the final NUL */

/* A case that is to be looked at again: whose, and on which evening. There is nothing else of it. */
struct balint_follow_up {
    char name[BALINT_NAME_SIZE];
    char due[BALINT_DAY_SIZE];
};

struct balint_evening {
    char help[BALINT_TEXT_SIZE]; /* who helps when the call fails, as a telephone number; empty: nobody */
    int card_count;
    struct balint_card cards[BALINT_CARDS]; /* the crib: questions that leaders may ask aloud, one a card */
    int64_t ends_us;                        /* Unix time when it ends; 0: not known */
    int follow_up_count;
    struct balint_follow_up follow_ups[BALINT_FOLLOW_UPS]; /* due on the day of this evening, or before */
};

/* No help line, no end, no follow-up, and the cards that are shipped. */
const struct balint_evening *balint_evening_shipped(void);

#endif
