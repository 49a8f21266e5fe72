/* post.h - words under way: what is to be said to whom, in which slot, and whether it was taken there.
 *
 * A word leaves in a slot that would carry cover, or, to a leader, at most every second time a talk record's,
 * so that nobody who carries envelopes learns of it. Envelopes can be lost. So a word is said again until the
 * other side says that it was taken, and a word that was said twice is heard once. A quiet signal is a state:
 * it is told to every leader's process that has not taken it, also to one that comes later, until it is taken
 * back or answered.
 *
 * Who may say what is judged by the roles in the state, which are the roster's (book.h). Times are monotonic
 * microseconds. Pure; one owner.
 */
#ifndef BALINT_CALL_POST_H
#define BALINT_CALL_POST_H

#include "identity/sealing.h"
#include "protocol/word.h"
#include "session/state.h"

#define BALINT_POST_NOTES    8         /* answers and words of the line that are under way at a time */
#define BALINT_POST_TAKEN    4         /* words taken of one person, not yet acknowledged */
#define BALINT_POST_AGAIN_US 6000000   /* not acknowledged for so long: said again … */
#define BALINT_POST_LASTS_US 120000000 /* … and given up after this; a quiet signal never */

/* One process that sits on a seat; another one begins anew. */
struct balint_post_other {
    char member[BALINT_ID_SIZE];
    uint32_t epoch;
    uint32_t newest, heard; /* ids heard of it: the newest, and a bit for each of the 32 up to it */
    int taken_count;
    struct {
        enum balint_envelope_kind kind;
        uint32_t id;
    } taken[BALINT_POST_TAKEN];
    bool quiet; /* its quiet signal stands */
    uint32_t quiet_id;
    uint32_t told_id;   /* of our own quiet signal, as this leader took it … */
    int64_t told_at_us; /* … and when we last told it; 0: never */
};
struct balint_note {
    uint32_t id; /* 0: free */
    enum balint_envelope_kind kind;
    char text[BALINT_WORD_TEXT];
    int64_t since_us;
    int count; /* who has not taken it yet */
    struct {
        char member[BALINT_ID_SIZE];
        int64_t sent_us; /* 0: not yet */
    } to[BALINT_SEATS];
};
struct balint_post {
    uint32_t last_id;
    bool quiet; /* our own quiet signal stands */
    uint32_t quiet_id;
    struct balint_note notes[BALINT_POST_NOTES];
    struct balint_post_other others[BALINT_SEATS]; /* by seat */
};

/* What came of it. */
enum balint_news_kind {
    BALINT_NEWS_NOTHING,
    BALINT_NEWS_QUIET,  /* leaders: the signal of who sits there stands, or (`on` false) not any more */
    BALINT_NEWS_ANSWER, /* a leader's private word to us; our quiet signal is over with it */
    BALINT_NEWS_LINE,   /* leaders: a word of the line */
    BALINT_NEWS_TOLD,   /* our answer to who sits there was taken, or (`on` false) could not be said */
    BALINT_NEWS_HEARD,  /* our own quiet signal was taken by a leader */
};
struct balint_news {
    enum balint_news_kind kind;
    int seat;
    bool on;
    char text[BALINT_WORD_TEXT];
};

/* Our own quiet signal begins or ends; nothing when it is so already. */
void balint_post_quiet(struct balint_post *post, bool on);
/* A private word to who sits there. Returns its id; 0: nobody sits there, or too many are under way. */
uint32_t balint_post_answer(struct balint_post *post, const struct balint_state *state, int seat,
                            const char *text, int64_t now_us);
/* A word to the other leaders. False: too many are under way. */
bool balint_post_line(struct balint_post *post, const struct balint_state *state, const char *text,
                      int64_t now_us);
/* Is an answer still to be taken by whom it is for? */
bool balint_post_is_under_way(const struct balint_post *post, uint32_t id);

/* The newest state: forgets processes that are gone. Call until it is false: then `news` says whose quiet
 * signal is over because of it. */
bool balint_post_state(struct balint_post *post, const struct balint_state *state, struct balint_news *news);
/* What is given up by now. Call until it is false. */
bool balint_post_given_up(struct balint_post *post, const struct balint_state *state, int64_t now_us,
                          struct balint_news *news);

/* What is to leave for that seat in this slot; it counts as sent. False: nothing. */
bool balint_post_next(struct balint_post *post, const struct balint_state *state, int seat, int64_t now_us,
                      enum balint_envelope_kind *kind, uint8_t body[BALINT_WORD_SIZE]);
/* An envelope of one of the three kinds came from that seat. */
void balint_post_take(struct balint_post *post, const struct balint_state *state, int seat,
                      enum balint_envelope_kind kind, const uint8_t *body, size_t length,
                      struct balint_news *news);

#endif
