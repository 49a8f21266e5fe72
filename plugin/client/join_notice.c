/* join_notice.c - sentences for the person, and for how long they are shown. Main thread. */
#include "client/join.h"
#include "client/own.h"
#include "client/refusal.h"
#include "words.h" /* overlay/ */

#define NOTICE_US 6000000

void balint_join_say(struct balint_joined *join, const char *text)
{
    g_printerr("balint: %s\n", text);
    g_strlcpy(join->notice, text, sizeof join->notice);
    join->notice_until_us = g_get_monotonic_time() + NOTICE_US;
    join->refused = NULL;
    balint_join_show(join);
}

void balint_join_refused(struct balint_joined *join, const char *code, const char *text)
{
    balint_join_say(join, text);
    join->refused = g_intern_string(code);
}

void balint_join_notices(struct balint_joined *join, const struct balint_state *newer)
{
    char line[BALINT_OWN_LINE];
    if (join->refused != NULL && balint_refusal_over(join->refused, &join->state, newer)) {
        join->notice_until_us = 0;
        join->refused = NULL;
    }
    /* the window says it for as long as it is so */
    if (balint_own_line(join->known ? &join->state : NULL, newer, line, sizeof line))
        g_printerr("balint: %s\n", line);
    if (newer->admitted && !join->ready)
        g_printerr("balint: %s\n", balint_words_measured);
}
