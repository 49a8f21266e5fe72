/* call_hostile.c - a server that swaps, reflects, replays and cross-wires signed offers and answers.
 *
 * Ann offers to everybody. Her links to Ben (and to Cleo, where it takes two) are lied about, Dora's and all
 * others are not. In this process all have one DTLS certificate, so that a fingerprint of another person here
 * would fit: nothing but the signatures keeps these links shut. What another fingerprint does is in
 * call_forged.c.
 */
#include "fakes/hostile.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, DORA, PEOPLE };
#define HELD 64

enum attack { HONEST, SWAP, REFLECT, REPLAY_OFFER, REPLAY_ANSWER, CROSS };

struct lies {
    enum attack attack;
    bool have[PEOPLE];
    struct balint_message kept[PEOPLE];
    struct balint_message held[HELD]; /* what waits for its time */
    int held_count;
    int64_t newest[PEOPLE]; /* generation of Ann's newest offer to each */
};

static bool between(int who, const struct balint_message *message, int a, int b)
{
    return (who == a && message->sdp.seat == b) || (who == b && message->sdp.seat == a);
}

/* Ben's and Cleo's answers to Ann, each with the other's ufrag, pwd and fingerprint. */
static enum balint_lie swap(struct balint_hostile *hostile, int who, struct balint_message *message)
{
    struct lies *lies = hostile->user;
    if (message->type != BALINT_MSG_ANSWER || message->sdp.seat != ANN || (who != BEN && who != CLEO))
        return BALINT_PASS;
    lies->kept[who] = *message;
    lies->have[who] = true;
    if (lies->have[BEN] && lies->have[CLEO]) {
        struct balint_sdp *ben = &lies->kept[BEN].sdp, *cleo = &lies->kept[CLEO].sdp, old = *ben;
        memcpy(ben->ufrag, cleo->ufrag, sizeof ben->ufrag);
        memcpy(ben->pwd, cleo->pwd, sizeof ben->pwd);
        memcpy(ben->fingerprint, cleo->fingerprint, sizeof ben->fingerprint);
        memcpy(cleo->ufrag, old.ufrag, sizeof old.ufrag);
        memcpy(cleo->pwd, old.pwd, sizeof old.pwd);
        memcpy(cleo->fingerprint, old.fingerprint, sizeof old.fingerprint);
        balint_hostile_say(hostile, BEN, &lies->kept[BEN]);
        balint_hostile_say(hostile, CLEO, &lies->kept[CLEO]);
        lies->have[BEN] = lies->have[CLEO] = false;
    }
    return BALINT_DROP;
}

/* Ann gets her own offer back as Ben's offer and as Ben's answer, Ben his answer as Ann's offer. */
static enum balint_lie reflect(struct balint_hostile *hostile, int who, struct balint_message *message)
{
    struct balint_message back = *message;
    if (!between(who, message, ANN, BEN))
        return BALINT_PASS;
    back.id = 0;
    if (message->type == BALINT_MSG_CANDIDATE)
        balint_hostile_tell(hostile, who, &back);
    if (message->type != BALINT_MSG_OFFER && message->type != BALINT_MSG_ANSWER)
        return BALINT_PASS;
    back.type = BALINT_MSG_OFFER;
    strcpy(back.sdp.setup, "actpass");
    balint_hostile_tell(hostile, who, &back);
    back.type = BALINT_MSG_ANSWER;
    strcpy(back.sdp.setup, "active");
    if (who == ANN)
        balint_hostile_tell(hostile, who, &back);
    return who == ANN ? BALINT_PASS : BALINT_DROP;
}

/* The first description of that kind is kept, and the link refused in the other's name, so that a next
 * generation is made; into that and all that follow goes the old one, signature and all. */
static enum balint_lie replay(struct balint_hostile *hostile, int who, struct balint_message *message,
                              enum balint_type type)
{
    struct lies *lies = hostile->user;
    struct balint_message refused = {.type = BALINT_MSG_LINK,
                                     .link = {BEN, message->sdp.generation, BALINT_LINK_UNSIGNED}};
    if (!between(who, message, ANN, BEN) || message->type != type)
        return BALINT_PASS;
    if (!lies->have[who]) {
        lies->have[who] = true;
        lies->kept[who] = *message;
        balint_hostile_tell(hostile, ANN, &refused);
        return BALINT_DROP;
    }
    int64_t generation = message->sdp.generation;
    *message = lies->kept[who];
    message->sdp.generation = generation;
    return BALINT_CHANGED;
}

/* What Ann sends to Ben goes to Cleo and the other way round; their answers likewise. It waits until
 * both are offered the same generation, so that nothing else is wrong with it. */
static enum balint_lie cross(struct balint_hostile *hostile, int who, struct balint_message *message)
{
    struct lies *lies = hostile->user;
    bool link = message->type == BALINT_MSG_OFFER || message->type == BALINT_MSG_ANSWER ||
                message->type == BALINT_MSG_CANDIDATE;
    if (!link || !(between(who, message, ANN, BEN) || between(who, message, ANN, CLEO)))
        return BALINT_PASS;
    if (who != ANN) {
        balint_hostile_say(hostile, who == BEN ? CLEO : BEN, message);
        return BALINT_DROP;
    }
    int to = message->sdp.seat, other = to == BEN ? CLEO : BEN;
    if (message->type == BALINT_MSG_CANDIDATE)
        message->candidate.seat = other;
    else
        message->sdp.seat = other;
    if (lies->held_count < HELD)
        lies->held[lies->held_count++] = *message;
    if (message->type == BALINT_MSG_OFFER)
        lies->newest[to] = message->sdp.generation;
    bool even = lies->newest[BEN] == lies->newest[CLEO];
    for (int i = 0; even && i < lies->held_count; i++)
        balint_hostile_say(hostile, ANN, &lies->held[i]);
    if (even)
        lies->held_count = 0;
    return BALINT_DROP;
}

static enum balint_lie lie(struct balint_hostile *hostile, int who, bool from_client,
                           struct balint_message *message)
{
    const struct lies *lies = hostile->user;
    if (!from_client)
        return lies->attack == HONEST ? BALINT_CHANGED : BALINT_PASS; /* written anew, nothing else */
    switch (lies->attack) {
    case SWAP:
        return swap(hostile, who, message);
    case REFLECT:
        return reflect(hostile, who, message);
    case REPLAY_OFFER:
        return replay(hostile, who, message, BALINT_MSG_OFFER);
    case REPLAY_ANSWER:
        return replay(hostile, who, message, BALINT_MSG_ANSWER);
    case CROSS:
        return cross(hostile, who, message);
    default:
        return BALINT_CHANGED;
    }
}

static gboolean not_proven(struct balint_caller *caller, int seat)
{
    return balint_caller_link_is(caller, seat, "not-proven");
}

static void evening_of(enum attack attack)
{
    /* Not on the stack: after a failed assertion the proxies live on. */
    struct lies *lies = g_new0(struct lies, 1);
    struct balint_hostile *hostile = g_new(struct balint_hostile, 1);
    lies->attack = attack;
    bool lied[PEOPLE] = {[BEN] = attack != HONEST, [CLEO] = attack == SWAP || attack == CROSS};
    balint_hostile_begin(hostile, PEOPLE, 1, lie, lies);
    balint_hostile_gather(hostile);
    for (int i = BEN; i < PEOPLE; i++) {
        assert_true(!lied[i] || balint_caller_until(hostile->callers[ANN], not_proven, i, BALINT_CIRCLE_MS));
        assert_true(!lied[i] || balint_caller_until(hostile->callers[i], not_proven, ANN, BALINT_CIRCLE_MS));
    }
    /* It stays so, however often it is tried again; and everybody else goes on. */
    balint_hostile_pass(hostile, 1500);
    for (int a = 0; a < PEOPLE; a++)
        for (int b = a + 1; b < PEOPLE; b++)
            if (a == ANN && lied[b])
                assert_true(balint_hostile_kept_apart(hostile, a, b, "not-proven"));
            else
                assert_true(balint_hostile_untouched(hostile, a, b));
    /* Ben answers Ann alone: of what was not meant for him he makes nothing. */
    assert_true(attack != CROSS || balint_hostile_seen(hostile, BEN, BALINT_MSG_ANSWER) == 0);
    assert_int_equal(hostile->unreadable, 0);
    balint_hostile_end(hostile);
    g_free(hostile);
    g_free(lies);
}

static void an_honest_one_in_between_changes_nothing(void **state)
{
    (void)state;
    evening_of(HONEST);
}

static void swapped_between_two_people(void **state)
{
    (void)state;
    evening_of(SWAP);
}

static void sent_back_to_who_made_it(void **state)
{
    (void)state;
    evening_of(REFLECT);
}

static void an_offer_of_another_generation(void **state)
{
    (void)state;
    evening_of(REPLAY_OFFER);
}

static void an_answer_of_another_generation(void **state)
{
    (void)state;
    evening_of(REPLAY_ANSWER);
}

static void handed_to_somebody_else(void **state)
{
    (void)state;
    evening_of(CROSS);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_one_in_between_changes_nothing),
        cmocka_unit_test(swapped_between_two_people),
        cmocka_unit_test(sent_back_to_who_made_it),
        cmocka_unit_test(an_offer_of_another_generation),
        cmocka_unit_test(an_answer_of_another_generation),
        cmocka_unit_test(handed_to_somebody_else),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_hostile", tests, NULL, NULL);
}
