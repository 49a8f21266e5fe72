/* call_hostile_week.c - last week's evening played again to this week's; and a link on a second device.
 *
 * The server of an evening has every roster, offer and record of the one before. Dora was in then and is
 * at the door now: neither the others nor her own program take last week's roster for today's.
 */
#include "fakes/hostile.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, DORA, PEOPLE };
#define LOOK_MS 1000

struct world {
    struct balint_hostile hostile;
    bool second; /* week */
    bool shows_dora;
    struct balint_message offer;           /* Ann's to Ben, last week's */
    struct balint_message roster;          /* last week's newest */
    struct balint_message persons[PEOPLE]; /* today's, as leaders are told them */
    struct balint_message states[PEOPLE];
    int answers;           /* of Ben, who answers Ann alone */
    int for_dora, by_dora; /* messages of links, today */
};

static void add_dora(const struct world *world, struct balint_state *state)
{
    const struct balint_test_invitation *dora = &world->hostile.circle.invitations[DORA];
    if (state->seat_count != DORA)
        return;
    state->lobby_count = 0; /* nobody is at both */
    struct balint_state_seat *seat = &state->seats[state->seat_count++];
    *seat = (struct balint_state_seat){.seat = DORA,
                                       .role = BALINT_MEMBER,
                                       .connected = true,
                                       .epoch = (uint32_t)world->persons[DORA].person.epoch,
                                       .heard = true,
                                       .seen = BALINT_SEEN_BY_ALL};
    strcpy(seat->member, dora->member);
    strcpy(seat->name, dora->name);
}

static enum balint_lie keep(struct world *world, int who, bool from_client,
                            const struct balint_message *message)
{
    if (from_client && who == ANN && message->type == BALINT_MSG_OFFER && message->sdp.seat == BEN &&
        world->offer.type != BALINT_MSG_OFFER)
        world->offer = *message;
    if (!from_client && message->type == BALINT_MSG_ROSTER)
        world->roster = *message;
    return BALINT_PASS;
}

static enum balint_lie lie(struct balint_hostile *hostile, int who, bool from_client,
                           struct balint_message *message)
{
    struct world *world = hostile->user;
    bool link = message->type == BALINT_MSG_OFFER || message->type == BALINT_MSG_ANSWER ||
                message->type == BALINT_MSG_CANDIDATE || message->type == BALINT_MSG_LINK;
    if (!world->second)
        return keep(world, who, from_client, message);
    if (from_client && link) {
        int64_t generation = message->sdp.generation;
        world->for_dora += message->link.seat == DORA;
        world->by_dora += who == DORA;
        world->answers += who == BEN && message->type == BALINT_MSG_ANSWER;
        if (who != ANN || message->type != BALINT_MSG_OFFER || message->sdp.seat != BEN)
            return BALINT_PASS;
        *message = world->offer;
        message->sdp.generation = generation;
        return BALINT_CHANGED;
    }
    if (!from_client && message->type == BALINT_MSG_PERSON && message->person.seat < PEOPLE)
        world->persons[message->person.seat] = *message;
    if (from_client || message->type != BALINT_MSG_STATE)
        return BALINT_PASS;
    world->states[who] = *message;
    if (world->shows_dora && message->state.admitted)
        add_dora(world, &message->state);
    return world->shows_dora && who == DORA ? BALINT_DROP : BALINT_CHANGED;
}

/* ---- evenings */

static void leave_all(struct world *world)
{
    for (int i = PEOPLE - 1; i >= 0; i--) {
        struct balint_caller *caller = world->hostile.callers[i];
        assert_true(balint_caller_act(caller, "leave", -1, 0));
        for (int64_t until = balint_test_ms() + BALINT_CIRCLE_MS;
             !caller->closed[0] && balint_test_ms() < until;)
            balint_hostile_pass(&world->hostile, 10);
        assert_string_equal(caller->closed, "left");
    }
    for (int i = 0; i < PEOPLE; i++)
        balint_caller_free(world->hostile.callers[i]);
}

static bool knows(struct world *world, int who)
{
    g_mutex_lock(&world->hostile.lock);
    bool known = world->persons[who].type == BALINT_MSG_PERSON;
    g_mutex_unlock(&world->hostile.lock);
    return known;
}

/* Everybody is told that Dora is in, and she that all are: her own state is Ben's with her on it. */
static void show_dora(struct world *world)
{
    struct balint_message state;
    g_mutex_lock(&world->hostile.lock);
    world->shows_dora = true;
    g_mutex_unlock(&world->hostile.lock);
    for (int i = 0; i < PEOPLE; i++) {
        for (int other = 0; other < PEOPLE; other++)
            if (other != i)
                balint_hostile_tell(&world->hostile, i, &world->persons[other]);
        balint_hostile_tell(&world->hostile, i, &world->roster);
        g_mutex_lock(&world->hostile.lock);
        state = world->states[i == DORA ? BEN : i];
        add_dora(world, &state.state);
        g_mutex_unlock(&world->hostile.lock);
        state.state.you = i;
        state.re = 0;
        balint_hostile_tell(&world->hostile, i, &state);
    }
    /* If she believed that Ann is in, she would say that this is not signed for her. */
    state = world->offer;
    state.id = 0;
    state.sdp.seat = ANN;
    balint_hostile_tell(&world->hostile, DORA, &state);
}

static gboolean not_proven(struct balint_caller *caller, int seat)
{
    return balint_caller_link_is(caller, seat, "not-proven");
}

static void last_week_opens_nothing(void **unused)
{
    struct world *world = g_new0(struct world, 1);
    struct balint_hostile *hostile = &world->hostile;
    (void)unused;
    balint_hostile_begin(hostile, PEOPLE, 1, lie, world);
    balint_hostile_gather(hostile);
    leave_all(world);
    assert_int_equal(world->offer.type, BALINT_MSG_OFFER);
    assert_int_equal(world->roster.type, BALINT_MSG_ROSTER);
    g_mutex_lock(&hostile->lock);
    world->second = true;
    g_mutex_unlock(&hostile->lock);

    for (int i = ANN; i < DORA; i++)
        balint_hostile_join(hostile, i, i == ANN, true);
    assert_true(balint_caller_until(hostile->callers[ANN], not_proven, BEN, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(hostile->callers[BEN], not_proven, ANN, BALINT_CIRCLE_MS));
    g_object_set(hostile->callers[ANN]->call, "admit-everyone", FALSE, NULL);
    balint_hostile_join(hostile, DORA, false, false);
    for (int64_t until = balint_test_ms() + BALINT_CIRCLE_MS;
         balint_test_ms() < until && !knows(world, DORA);)
        balint_hostile_pass(hostile, 10);
    assert_true(knows(world, ANN) && knows(world, BEN) && knows(world, CLEO) && knows(world, DORA));
    show_dora(world);
    balint_hostile_pass(hostile, LOOK_MS);
    assert_int_equal(world->for_dora, 0);
    assert_int_equal(world->by_dora, 0);
    assert_int_equal(world->answers, 0);
    for (int i = 0; i < DORA; i++)
        assert_true(balint_hostile_kept_apart(hostile, i, DORA, NULL));
    assert_true(balint_hostile_kept_apart(hostile, ANN, BEN, "not-proven"));
    assert_true(balint_hostile_untouched(hostile, ANN, CLEO));
    assert_true(balint_hostile_untouched(hostile, BEN, CLEO));
    assert_int_equal(hostile->unreadable, 0);
    balint_hostile_end(hostile);
    g_free(world);
}

/* Whoever copied Ben's link, on another device, at a server that tells no lies: sees the door. */
static void a_copy_of_a_link_sees_the_door(void **unused)
{
    static struct balint_test_person thief;
    static struct balint_message message;
    struct balint_hostile *hostile = g_new(struct balint_hostile, 1);
    (void)unused;
    balint_hostile_begin(hostile, DORA, 1, NULL, NULL);
    balint_hostile_gather(hostile);
    g_object_set(hostile->callers[ANN]->call, "admit-everyone", FALSE, NULL);
    struct balint_circle *circle = &hostile->circle;
    balint_person_init(&thief, &circle->server, &circle->group, &circle->invitations[BEN]);
    assert_true(balint_person_join(&thief));
    for (int64_t until = balint_test_ms() + 2000; balint_test_ms() < until;)
        balint_person_listen(&thief, &message, 50);
    const struct balint_state *state = &thief.state;
    assert_true(thief.has_state && !state->admitted && state->led);
    assert_int_equal(state->seat_count + state->lobby_count + state->format.count, 0);
    assert_int_equal(state->roster, 0);
    assert_int_equal(thief.roster.length, 0);
    static const enum balint_type nothing[] = {BALINT_MSG_PERSON, BALINT_MSG_ROSTER,    BALINT_MSG_OFFER,
                                               BALINT_MSG_ANSWER, BALINT_MSG_CANDIDATE, BALINT_MSG_LINK,
                                               BALINT_MSG_REPORT};
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        assert_int_equal(thief.count[nothing[i]], 0);
    /* The first device stays. */
    assert_int_equal(hostile->callers[BEN]->displaced, 0);
    assert_string_equal(hostile->callers[BEN]->closed, "");
    for (int i = 0; i < DORA; i++)
        balint_caller_clear(hostile->callers[i]);
    for (int a = 0; a < DORA; a++)
        for (int b = a + 1; b < DORA; b++)
            assert_true(balint_hostile_untouched(hostile, a, b));
    balint_person_finish(&thief);
    balint_hostile_end(hostile);
    g_free(hostile);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(last_week_opens_nothing),
        cmocka_unit_test(a_copy_of_a_link_sees_the_door),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_hostile_week", tests, NULL, NULL);
}
