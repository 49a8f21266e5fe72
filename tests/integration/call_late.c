/* call_late.c - a join for the session that comes late: whoever was at the door before there was a session
 * joins anew once it has an id, and on a slow line is let in before that is heard of. The others take state
 * and roster first and the new join afterwards, and it alone says that this person is in: no state follows.
 */
#include "fakes/hostile.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, PEOPLE };
#define HELD 256

/* Ben's line: from his join for the session on it carries nothing until it is let go, then all in order. */
struct line {
    bool welcomed[PEOPLE];
    bool slow, let_go;
    struct balint_message *held[HELD];
    int count;
};

static enum balint_lie delay(struct balint_hostile *hostile, int who, bool from_client,
                             struct balint_message *message)
{
    struct line *line = hostile->user;
    if (!from_client && message->type == BALINT_MSG_WELCOME)
        line->welcomed[who] = true;
    if (!from_client || who != BEN)
        return BALINT_PASS;
    line->slow |= message->type == BALINT_MSG_JOIN;
    if (!line->slow)
        return BALINT_PASS;
    if (line->let_go)
        balint_hostile_say(hostile, BEN, message); /* behind what was held */
    else if (line->count < HELD)
        line->held[line->count++] = g_memdup2(message, sizeof *message);
    return BALINT_DROP;
}

static void let_go(struct balint_hostile *hostile)
{
    struct line *line = hostile->user;
    g_mutex_lock(&hostile->lock);
    assert_true(line->slow && line->count < HELD);
    for (int i = 0; i < line->count; i++) {
        balint_hostile_say(hostile, BEN, line->held[i]);
        g_free(line->held[i]);
    }
    line->let_go = true;
    g_mutex_unlock(&hostile->lock);
}

static struct balint_hostile hostile;

static gboolean is_welcome(struct balint_caller *caller, int who)
{
    struct line *line = hostile.user;
    (void)caller;
    g_mutex_lock(&hostile.lock);
    gboolean welcome = line->welcomed[who];
    g_mutex_unlock(&hostile.lock);
    return welcome;
}

/* Has this program taken a state that shows that seat as one of the session? */
static gboolean knows(struct balint_caller *caller, int seat)
{
    g_autofree char *text = NULL;
    g_autofree struct balint_message *message = g_new(struct balint_message, 1);
    struct balint_error error;
    g_object_get(caller->call, "state", &text, NULL);
    return text && balint_decode(text, strlen(text), BALINT_TO_CLIENT, message, &error) &&
           balint_state_seat_of(&message->state, seat) != NULL;
}

static void come(int who, bool admits)
{
    balint_hostile_join(&hostile, who, admits, false);
    assert_true(balint_caller_until(hostile.callers[who], is_welcome, who, BALINT_CIRCLE_MS));
}

static void whoever_joins_late_is_linked_to(void **state)
{
    struct line line = {.count = 0};
    (void)state;
    balint_hostile_begin(&hostile, PEOPLE, 1, delay, &line);
    come(CLEO, false); /* offers to Ben, and he to Ann */
    come(BEN, false);
    come(ANN, true); /* and with her the session */
    struct balint_caller **callers = hostile.callers;
    for (int i = 0; i < PEOPLE; i++)
        assert_true(balint_caller_until(callers[i], balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    int ben = callers[BEN]->seat;
    assert_true(balint_caller_until(callers[ANN], knows, ben, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(callers[CLEO], knows, ben, BALINT_CIRCLE_MS));
    assert_true(balint_caller_link_is(callers[ANN], ben, ""));
    assert_true(balint_caller_link_is(callers[CLEO], ben, ""));

    let_go(&hostile);
    balint_circle_complete(callers, PEOPLE);
    for (int i = 0; i < PEOPLE; i++)
        for (int j = 0; j < PEOPLE; j++)
            if (i != j)
                assert_int_equal(balint_caller_generation(callers[i], callers[j]->seat), 1);
    balint_hostile_end(&hostile);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_joins_late_is_linked_to),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_late", tests, NULL, NULL);
}
