/* call_hostile_floor.c - a server that lies about the floor opens no microphone.
 *
 * Ben closes his: by muting himself, going away, sitting out; a step back or a leader's mute closes it for
 * him. From then on every state says to everybody that nothing of this is so and that Ben is heard: his
 * program sends silence until his own key.
 */
#include "fakes/hostile.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, PEOPLE };

struct world {
    struct balint_hostile hostile;
    struct balint_message states[PEOPLE]; /* the last to each, as it was */
    bool lies;
    int64_t key; /* the last request of Ben's to be heard */
};

static void make_rosy(struct balint_state *state)
{
    state->stepped_back = state->invited = state->asked = false;
    state->presenter = BALINT_NOBODY;
    state->hears = true;
    for (int i = 0; i < state->seat_count; i++) {
        struct balint_state_seat *seat = &state->seats[i];
        seat->muted = seat->muted_for_cause = seat->away = seat->sitting_out = seat->dimmed = false;
        seat->heard = true;
        seat->seen = BALINT_SEEN_BY_ALL;
    }
}

static enum balint_lie lie(struct balint_hostile *hostile, int who, bool from_client,
                           struct balint_message *message)
{
    struct world *world = hostile->user;
    if (from_client && who == BEN && message->type == BALINT_MSG_MUTE && !message->act.value) {
        world->key = message->id;
        return world->lies ? BALINT_DROP : BALINT_PASS;
    }
    if (from_client || message->type != BALINT_MSG_STATE)
        return BALINT_PASS;
    world->states[who] = *message;
    if (world->lies)
        make_rosy(&message->state);
    return BALINT_CHANGED;
}

static void tell_lies(struct world *world, int64_t re)
{
    for (int i = 0; i < PEOPLE; i++) {
        g_mutex_lock(&world->hostile.lock);
        world->lies = true;
        struct balint_message state = world->states[i];
        g_mutex_unlock(&world->hostile.lock);
        make_rosy(&state.state);
        state.re = i == BEN ? re : 0;
        balint_hostile_tell(&world->hostile, i, &state);
    }
}

static void tell_the_truth(struct world *world)
{
    for (int i = 0; i < PEOPLE; i++) {
        g_mutex_lock(&world->hostile.lock);
        world->lies = false;
        struct balint_message state = world->states[i];
        g_mutex_unlock(&world->hostile.lock);
        state.re = 0;
        balint_hostile_tell(&world->hostile, i, &state);
    }
}

static gboolean is_told(struct balint_caller *caller, int wanted)
{
    g_autofree char *text = NULL;
    g_object_get(caller->call, "state", &text, NULL);
    return text && (strstr(text, "\"muted\":true") == NULL && strstr(text, "\"away\":true") == NULL &&
                    strstr(text, "\"stepped_back\":true") == NULL) == (wanted != 0);
}

/* Ben is closed; the lies begin, and Cleo, who is told to hear him, hears nothing. */
static void stays_closed(struct world *world)
{
    struct balint_caller *ben = world->hostile.callers[BEN], *cleo = world->hostile.callers[CLEO];
    assert_true(balint_caller_until(ben, balint_caller_is_open, FALSE, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(cleo, is_told, FALSE, BALINT_CIRCLE_MS));
    tell_lies(world, 0);
    assert_true(balint_caller_until(ben, is_told, TRUE, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(cleo, is_told, TRUE, BALINT_CIRCLE_MS));
    assert_true(balint_caller_is_open(ben, FALSE));
    assert_int_equal(balint_caller_loud_of(cleo, BEN, BALINT_CIRCLE_MS), 0);
    assert_true(balint_caller_is_open(ben, FALSE));
    tell_the_truth(world);
}

static void opens_by_his_key(struct world *world, const char *key)
{
    struct balint_caller *ben = world->hostile.callers[BEN], *cleo = world->hostile.callers[CLEO];
    assert_true(balint_caller_act(ben, key, -1, strcmp(key, "return") == 0));
    assert_true(balint_caller_until(ben, balint_caller_is_open, TRUE, BALINT_CIRCLE_MS));
    balint_caller_clear(cleo);
    assert_true(balint_caller_until(cleo, balint_caller_hears, BEN, BALINT_CIRCLE_MS));
}

/* He presses the key to be heard and thinks better of it: an answer that comes later opens nothing. */
static void a_late_answer_opens_nothing(struct world *world)
{
    struct balint_caller *ben = world->hostile.callers[BEN];
    int64_t re = 0;
    assert_true(balint_caller_act(ben, "mute", -1, 1));
    assert_true(balint_caller_until(world->hostile.callers[CLEO], is_told, FALSE, BALINT_CIRCLE_MS));
    g_mutex_lock(&world->hostile.lock);
    world->lies = true; /* the request gets no further than the server */
    world->key = 0;
    g_mutex_unlock(&world->hostile.lock);
    assert_true(balint_caller_act(ben, "mute", -1, 0));
    assert_true(balint_caller_act(ben, "mute", -1, 1));
    for (int64_t until = balint_test_ms() + BALINT_CIRCLE_MS; re == 0 && balint_test_ms() < until;) {
        balint_hostile_pass(&world->hostile, 10);
        g_mutex_lock(&world->hostile.lock);
        re = world->key;
        g_mutex_unlock(&world->hostile.lock);
    }
    assert_true(re > 0);
    tell_lies(world, re);
    assert_int_equal(balint_caller_loud_of(world->hostile.callers[CLEO], BEN, BALINT_CIRCLE_MS), 0);
    assert_true(balint_caller_is_open(ben, FALSE));
    tell_the_truth(world);
    opens_by_his_key(world, "mute");
}

static void no_closed_microphone_opens(void **state)
{
    static struct world world;
    (void)state;
    memset(&world, 0, sizeof world);
    balint_hostile_begin(&world.hostile, PEOPLE, 1, lie, &world);
    balint_hostile_gather(&world.hostile);
    balint_circle_complete(world.hostile.callers, PEOPLE);
    struct balint_caller *ann = world.hostile.callers[ANN], *ben = world.hostile.callers[BEN];
    assert_true(balint_caller_act(ben, "mute", -1, 1));
    stays_closed(&world);
    opens_by_his_key(&world, "mute");
    assert_true(balint_caller_act(ben, "away", -1, 1));
    stays_closed(&world);
    opens_by_his_key(&world, "away");
    a_late_answer_opens_nothing(&world);
    assert_true(balint_caller_tell_a_case(ann, ben, BEN));
    assert_true(balint_caller_act(ann, "step-back", -1, BALINT_ASIDE));
    stays_closed(&world);
    opens_by_his_key(&world, "return");
    assert_int_equal(world.hostile.unreadable, 0);
    balint_hostile_end(&world.hostile);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_closed_microphone_opens)};
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_hostile_floor", tests, NULL, NULL);
}
