/* call_hostile_floor.c - a server that lies about the floor opens no microphone, no camera and no ear that
 * its owner closed.
 *
 * Ben closes his: by muting himself, going away, sitting out; a step back or a leader's mute closes it for
 * him. From then on every state says to everybody that nothing of this is so, that Ben is heard, and seen,
 * and hears: his program sends silence, shows nobody who is away, and lets nobody hear who sits out, until
 * his own key. In the second evening two leaders go on alone, and every state says that they are in the
 * circle, or that a member is with them.
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
    void (*lie)(struct balint_state *state); /* what is made of a state then */
    int64_t key;                             /* the last request of Ben's to be heard */
    char kept[PEOPLE][64];                   /* what the programs told of it, one after the other */
};

/* So that it is known when a lie was taken. */
#define LIE "This is a lie."

static void make_rosy(struct balint_state *state)
{
    g_strlcpy(state->help, LIE, sizeof state->help);
    state->stepped_back = state->invited = state->asked = false;
    state->presenter = BALINT_NOBODY;
    state->hears = true;
    for (int i = 0; i < state->seat_count; i++) {
        struct balint_state_seat *seat = &state->seats[i];
        seat->muted = seat->muted_for_cause = seat->away = seat->sitting_out = seat->dimmed = false;
        seat->after_room = false;
        seat->heard = true;
        seat->seen = BALINT_SEEN_BY_ALL;
    }
}

/* Everybody leads, and is in the after-room. */
static void make_all_apart(struct balint_state *state)
{
    make_rosy(state);
    for (int i = 0; i < state->seat_count; i++) {
        state->seats[i].after_room = true;
        state->seats[i].role = BALINT_LEADER;
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
        world->lie(&message->state);
    return BALINT_CHANGED;
}

static void tell_lies(struct world *world, int64_t re)
{
    for (int i = 0; i < PEOPLE; i++) {
        g_mutex_lock(&world->hostile.lock);
        world->lies = true;
        struct balint_message state = world->states[i];
        g_mutex_unlock(&world->hostile.lock);
        world->lie(&state.state);
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

static gboolean says(struct balint_caller *caller, const char *text)
{
    g_autofree char *state = NULL;
    g_object_get(caller->call, "state", &state, NULL);
    return state && strstr(state, text) != NULL;
}

static gboolean is_lied_to(struct balint_caller *caller, int unused)
{
    (void)unused;
    return says(caller, "\"help\":\"" LIE "\"");
}

static gboolean sees_closed(struct balint_caller *caller, int unused)
{
    (void)unused;
    return says(caller, "\"muted\":true") || says(caller, "\"away\":true") ||
           says(caller, "\"stepped_back\":true");
}

static void on_kept(GstElement *call, const char *what, struct world *world)
{
    g_mutex_lock(&world->hostile.lock);
    for (int i = 0; i < PEOPLE; i++)
        if (world->hostile.callers[i] && world->hostile.callers[i]->call == call) {
            g_strlcat(world->kept[i], what, sizeof world->kept[i]);
            g_strlcat(world->kept[i], " ", sizeof world->kept[i]);
        }
    g_mutex_unlock(&world->hostile.lock);
}

static void all_are_lied_to(struct world *world)
{
    tell_lies(world, 0);
    for (int i = 0; i < PEOPLE; i++)
        assert_true(balint_caller_until(world->hostile.callers[i], is_lied_to, 0, BALINT_CIRCLE_MS));
}

/* What the programs told is this, and nothing else since. */
static void was_kept(struct world *world, int who, const char *what)
{
    g_mutex_lock(&world->hostile.lock);
    assert_string_equal(world->kept[who], what);
    world->kept[who][0] = '\0';
    g_mutex_unlock(&world->hostile.lock);
}

/* Ben is closed; the lies begin, and Cleo, who is told to hear him, hears nothing. `hidden`: nor does she see
 * him; `deaf`: nor does he hear or see her. `kept`: what his program tells him of it. */
static void stays_closed(struct world *world, bool hidden, bool deaf, const char *kept)
{
    struct balint_caller *ben = world->hostile.callers[BEN], *cleo = world->hostile.callers[CLEO];
    assert_true(balint_caller_until(ben, balint_caller_is_open, FALSE, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(cleo, sees_closed, 0, BALINT_CIRCLE_MS));
    all_are_lied_to(world);
    assert_true(balint_caller_is_open(ben, FALSE));
    assert_int_equal(balint_caller_loud_of(cleo, BEN, BALINT_CIRCLE_MS), 0);
    if (hidden)
        assert_int_equal(balint_caller_ear(cleo, BEN).pictures, 0);
    else
        assert_true(balint_caller_until(cleo, balint_caller_sees, BEN, BALINT_CIRCLE_MS));
    if (deaf) {
        assert_int_equal(balint_caller_loud_of(ben, CLEO, BALINT_CIRCLE_MS), 0);
        assert_int_equal(balint_caller_ear(ben, CLEO).pictures, 0);
    }
    assert_true(balint_caller_is_open(ben, FALSE));
    was_kept(world, BEN, kept);
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

/* Sitting out ends by the own key, with a microphone that is muted until the next one. */
static void sits_in_again(struct world *world)
{
    struct balint_caller *ben = world->hostile.callers[BEN], *cleo = world->hostile.callers[CLEO];
    assert_true(balint_caller_act(ben, "sit-out", -1, 0));
    balint_caller_clear(ben);
    assert_true(balint_caller_until(ben, balint_caller_hears, CLEO, BALINT_CIRCLE_MS));
    assert_true(balint_caller_act(ben, "away", -1, 0));
    opens_by_his_key(world, "mute");
    assert_true(balint_caller_until(cleo, balint_caller_sees, BEN, BALINT_CIRCLE_MS));
}

/* He presses the key to be heard and thinks better of it: an answer that comes later opens nothing. */
static void a_late_answer_opens_nothing(struct world *world)
{
    struct balint_caller *ben = world->hostile.callers[BEN];
    int64_t re = 0;
    assert_true(balint_caller_act(ben, "mute", -1, 1));
    assert_true(balint_caller_until(world->hostile.callers[CLEO], sees_closed, 0, BALINT_CIRCLE_MS));
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

static struct world *begin(int leaders)
{
    static struct world world;
    memset(&world, 0, sizeof world);
    world.lie = make_rosy;
    balint_hostile_begin(&world.hostile, PEOPLE, leaders, lie, &world);
    return &world;
}

static void gather(struct world *world)
{
    balint_hostile_gather(&world->hostile);
    balint_circle_complete(world->hostile.callers, PEOPLE);
    for (int i = 0; i < PEOPLE; i++)
        g_signal_connect(world->hostile.callers[i]->call, "kept", G_CALLBACK(on_kept), world);
}

static void end(struct world *world)
{
    assert_int_equal(world->hostile.unreadable, 0);
    balint_hostile_end(&world->hostile);
}

static void nothing_that_is_closed_opens(void **state)
{
    struct world *world = begin(1);
    (void)state;
    gather(world);
    struct balint_caller *ann = world->hostile.callers[ANN], *ben = world->hostile.callers[BEN];
    assert_true(balint_caller_act(ben, "mute", -1, 1));
    stays_closed(world, false, false, "");
    opens_by_his_key(world, "mute");
    assert_true(balint_caller_act(ben, "away", -1, 1));
    stays_closed(world, true, false, "away ");
    opens_by_his_key(world, "away");
    assert_true(balint_caller_until(world->hostile.callers[CLEO], balint_caller_sees, BEN, BALINT_CIRCLE_MS));
    assert_true(balint_caller_act(ben, "sit-out", -1, 1));
    stays_closed(world, true, true, "sit-out ");
    sits_in_again(world);
    a_late_answer_opens_nothing(world);
    assert_true(balint_caller_tell_a_case(ann, ben, BEN));
    assert_true(balint_caller_act(ann, "step-back", -1, BALINT_ASIDE));
    stays_closed(world, false, false, "");
    opens_by_his_key(world, "return");
    end(world);
}

static gboolean is_in_last_phase(struct balint_caller *caller, int unused)
{
    const struct balint_format *format = balint_format_find("classic");
    g_autofree char *id = NULL;
    (void)unused;
    g_object_get(caller->call, "phase", &id, NULL);
    return g_strcmp0(id, format->phases[format->count - 1].id) == 0;
}

/* How many seats does the last state show in the after-room? */
static gboolean are_apart(struct balint_caller *caller, int wanted)
{
    static const char flag[] = "\"after_room\":true";
    g_autofree char *state = NULL;
    int count = 0;
    g_object_get(caller->call, "state", &state, NULL);
    for (const char *at = state; at && (at = strstr(at, flag)); at += sizeof flag - 1)
        count++;
    return count == wanted;
}

/* Ann and Ben go on alone in the last phase, and hear each other. */
static void leaders_go_apart(struct world *world)
{
    struct balint_caller *ann = world->hostile.callers[ANN], *ben = world->hostile.callers[BEN];
    for (int phase = 1; phase < balint_format_find("classic")->count; phase++)
        assert_true(balint_caller_act(ann, "phase", -1, phase));
    assert_true(balint_caller_until(ben, is_in_last_phase, 0, BALINT_CIRCLE_MS));
    assert_true(balint_caller_act(ann, "after-room", -1, 1));
    assert_true(balint_caller_act(ben, "after-room", -1, 1));
    for (int i = 0; i < PEOPLE; i++)
        assert_true(balint_caller_until(world->hostile.callers[i], are_apart, 2, BALINT_CIRCLE_MS));
    assert_true(balint_caller_loud_of(ann, BEN, BALINT_CIRCLE_MS) > 48000);
    assert_true(balint_caller_loud_of(ann, BEN, BALINT_CIRCLE_MS) > 48000); /* what was before has passed */
}

/* Cleo's own gates are open: it is the leaders' programs that keep the room to themselves. */
static void no_after_room_opens(void **state)
{
    struct world *world = begin(2);
    (void)state;
    world->hostile.ungated = 1u << CLEO;
    gather(world);
    struct balint_caller *ann = world->hostile.callers[ANN], *cleo = world->hostile.callers[CLEO];
    leaders_go_apart(world);

    /* A member is with them, and leads, says every state. */
    balint_caller_clear(cleo);
    world->lie = make_all_apart;
    all_are_lied_to(world);
    assert_true(balint_caller_loud_of(ann, BEN, BALINT_CIRCLE_MS) > 48000);
    assert_int_equal(balint_caller_ear(cleo, ANN).loud_samples + balint_caller_ear(cleo, BEN).loud_samples,
                     0);
    assert_int_equal(balint_caller_ear(cleo, ANN).pictures + balint_caller_ear(cleo, BEN).pictures, 0);
    was_kept(world, ANN, "");
    tell_the_truth(world);
    assert_true(balint_caller_until(cleo, are_apart, 2, BALINT_CIRCLE_MS));

    /* There is no after-room, says every state. */
    assert_true(balint_caller_is_open(ann, TRUE));
    balint_caller_clear(cleo);
    world->lie = make_rosy;
    all_are_lied_to(world);
    assert_true(balint_caller_until(ann, balint_caller_is_open, FALSE, BALINT_CIRCLE_MS));
    assert_int_equal(balint_caller_ear(cleo, ANN).loud_samples + balint_caller_ear(cleo, BEN).loud_samples,
                     0);
    assert_int_equal(balint_caller_loud_of(cleo, ANN, BALINT_CIRCLE_MS), 0);
    assert_int_equal(balint_caller_ear(cleo, BEN).loud_samples, 0);
    was_kept(world, ANN, "after-room ");
    was_kept(world, BEN, "after-room ");
    assert_true(balint_caller_act(ann, "mute", -1, 0)); /* her own key opens it, there */
    assert_true(balint_caller_until(ann, balint_caller_is_open, TRUE, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(cleo, balint_caller_hears, ANN, BALINT_CIRCLE_MS));
    end(world);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_that_is_closed_opens),
                                       cmocka_unit_test(no_after_room_opens)};
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_hostile_floor", tests, NULL, NULL);
}
