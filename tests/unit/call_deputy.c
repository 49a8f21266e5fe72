/* call_deputy.c - a deputy among programs: the leader's that names, the deputy's own, and those of members
 * who were there or come later. Each has a book of its own and believes what it can prove. */
#include "call_people.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, DORA, EVE, PEOPLE }; /* a leader, members, a co-leader, an observer */

static struct person people[PEOPLE];
static struct balint_self selves[PEOPLE];
static struct balint_book books[PEOPLE];
static struct balint_roster_bytes newest;

static int begin(void **state)
{
    static const char *const names[] = {"ann", "ben", "cleo", "dora", "eve"};
    static const enum balint_role roles[] = {BALINT_LEADER, BALINT_MEMBER, BALINT_MEMBER, BALINT_CO_LEADER,
                                             BALINT_OBSERVER};
    (void)state;
    newest.length = 0;
    assert_true(balint_key_make(&root) && balint_key_make(&other_root));
    for (int i = 0; i < PEOPLE; i++) {
        make_person(&people[i], names[i], roles[i], &root);
        make_self(&selves[i], &people[i]);
        balint_book_init(&books[i], &selves[i]);
    }
    for (int i = 0; i < PEOPLE; i++)
        for (int j = 0; j < PEOPLE; j++) {
            struct balint_person message = message_of(&people[j], j, 1);
            assert_int_equal(balint_book_person(&books[i], &message, NOW), BALINT_TRUST_OK);
        }
    return 0;
}

static enum balint_trust take(int who)
{
    return balint_book_roster(&books[who], newest.data, newest.length, NOW);
}

/* A roster of this length was made into `newest`; these take it, a bit each. */
static void all_take(size_t length, unsigned who)
{
    assert_true(length > 0);
    newest.length = (uint16_t)length;
    for (int i = 0; i < PEOPLE; i++)
        if (who & 1u << i)
            assert_int_equal(take(i), BALINT_TRUST_OK);
}

static size_t admit(int by, unsigned seats)
{
    return balint_book_successor(&books[by], seats, NOW, newest.data);
}

static size_t deputy(int by, const char *member, bool on, const char **why)
{
    return balint_book_deputy(&books[by], member, on, NOW, newest.data, why);
}

/* Ann, Ben, Dora and Eve are in; Cleo is at the door. */
#define INSIDE (1u << ANN | 1u << BEN | 1u << DORA | 1u << EVE)
static void ann_names_ben(void)
{
    const char *why;
    all_take(admit(ANN, 0), 1u << ANN);
    all_take(admit(ANN, INSIDE), INSIDE);
    all_take(deputy(ANN, "ben", true, &why), INSIDE);
    assert_null(why);
}

static struct balint_state state_of(int you)
{
    struct balint_state state = {.you = you, .admitted = true, .seat_count = PEOPLE};
    for (int i = 0; i < PEOPLE; i++) {
        state.seats[i] = (struct balint_state_seat){.seat = i, .connected = true, .epoch = 1, .heard = true};
        strcpy(state.seats[i].member, people[i].certificate.member);
        strcpy(state.seats[i].name, people[i].certificate.name);
        state.seats[i].role = people[i].certificate.role;
    }
    return state;
}

static enum balint_role role_for(int you, int whose)
{
    struct balint_state state = state_of(you);
    balint_book_roles(&books[you], &state);
    return state.seats[whose].role;
}

static bool linked(int you, int whose)
{
    struct balint_state state = state_of(you);
    return balint_book_who(&books[you], &state, whose) != NULL;
}

static void everybody_knows_the_deputy(void **unused)
{
    (void)unused;
    ann_names_ben();
    for (int i = 0; i < PEOPLE; i++)
        if (INSIDE & 1u << i) {
            assert_int_equal(role_for(i, BEN), BALINT_CO_LEADER);
            assert_true(linked(i, BEN)); /* a link and envelopes, as before */
        }
    assert_true(balint_book_leads(&books[BEN]));
    assert_true(balint_book_leads(&books[ANN]) && balint_book_leads(&books[DORA]));
    assert_false(balint_book_leads(&books[EVE]) || balint_book_leads(&books[CLEO]));
}

static void a_deputy_admits_and_a_latecomer_believes_it(void **unused)
{
    (void)unused;
    ann_names_ben();
    all_take(admit(BEN, 1u << CLEO), INSIDE);
    assert_string_equal(books[ANN].roster.signer, "ben");
    /* Cleo's first roster: she never met Ann's. */
    books[CLEO].seats[ANN].known = false;
    assert_int_equal(take(CLEO), BALINT_TRUST_OK);
    assert_int_equal(role_for(CLEO, BEN), BALINT_CO_LEADER);
    assert_true(linked(CLEO, BEN) && linked(ANN, CLEO));
    /* And a leader builds on it, with the deputy in it. */
    struct balint_person phone;
    struct person again = people[CLEO];
    assert_true(balint_key_make(&again.device));
    phone = message_of(&again, CLEO, 2);
    assert_int_equal(balint_book_person(&books[ANN], &phone, NOW), BALINT_TRUST_OK);
    all_take(admit(ANN, 1u << CLEO), INSIDE);
    assert_true(balint_book_leads(&books[BEN]));
}

static void taken_back_is_taken_back(void **unused)
{
    const char *why;
    (void)unused;
    ann_names_ben();
    struct balint_roster with = books[BEN].roster;
    all_take(deputy(DORA, "ben", false, &why), INSIDE); /* any leader */
    assert_int_equal(role_for(ANN, BEN), BALINT_MEMBER);
    assert_false(balint_book_leads(&books[BEN]));
    assert_true(linked(ANN, BEN)); /* a member still */
    assert_int_equal(admit(BEN, 1u << CLEO), 0);
    /* Ben's program is not the only thing that keeps him from it. */
    struct balint_roster roster = books[BEN].roster;
    roster.epoch++;
    memcpy(roster.previous, books[BEN].hash, sizeof roster.previous);
    memset(roster.signer, 0, sizeof roster.signer);
    strcpy(roster.signer, "ben");
    roster.grant_length = with.grant_length;
    memcpy(roster.grant, with.grant, with.grant_length);
    for (int i = 0; i < roster.count; i++)
        if (strcmp(roster.entries[i].member, "ben") == 0)
            roster.entries[i].role = BALINT_CO_LEADER;
    newest.length = (uint16_t)balint_roster_make(&roster, &people[BEN].device, newest.data);
    assert_true(newest.length > 0);
    assert_int_equal(take(ANN), BALINT_TRUST_GRANT);
    assert_int_equal(take(EVE), BALINT_TRUST_GRANT);
    assert_int_equal(deputy(ANN, "ben", false, &why), 0);
    assert_null(why);                                 /* it is so already */
    all_take(deputy(ANN, "ben", true, &why), INSIDE); /* and again */
    assert_true(balint_book_leads(&books[BEN]));
}

static void one_deputy_at_a_time(void **unused)
{
    const char *why;
    (void)unused;
    ann_names_ben();
    all_take(admit(BEN, 1u << CLEO), INSIDE);
    assert_int_equal(take(CLEO), BALINT_TRUST_OK);
    assert_int_equal(deputy(BEN, "cleo", true, &why), 0); /* a deputy names none */
    assert_non_null(why);
    all_take(deputy(ANN, "cleo", true, &why), INSIDE | 1u << CLEO);
    assert_true(balint_book_leads(&books[CLEO]));
    assert_false(balint_book_leads(&books[BEN]));
    assert_int_equal(role_for(EVE, BEN), BALINT_MEMBER);
}

static void another_device_is_no_deputy(void **unused)
{
    struct person phone = people[BEN];
    (void)unused;
    ann_names_ben();
    assert_true(balint_key_make(&phone.device));
    struct balint_person message = message_of(&phone, 9, 1);
    assert_int_equal(balint_book_person(&books[ANN], &message, NOW), BALINT_TRUST_OK);
    all_take(admit(ANN, 1u << 9), 1u << ANN | 1u << DORA);
    assert_int_equal(books[ANN].roster.grant_length, 0);
    assert_int_equal(role_for(DORA, BEN), BALINT_MEMBER);
    /* Nor does a renewed program of the same device lose it. */
    begin(NULL);
    ann_names_ben();
    message = message_of(&people[BEN], BEN, 2);
    assert_int_equal(balint_book_person(&books[ANN], &message, NOW), BALINT_TRUST_OK);
    assert_int_equal(admit(ANN, 1u << BEN), 0); /* nothing new */
    assert_true(admit(ANN, 1u << BEN | 1u << CLEO) > 0);
}

static void who_can_be_deputy(void **unused)
{
    const char *why;
    (void)unused;
    assert_int_equal(deputy(ANN, "ben", true, &why), 0); /* no session yet */
    assert_non_null(why);
    ann_names_ben();
    static const char *const nobody[] = {"ann", "dora", "eve", "cleo",
                                         "zoe"}; /* leaders, an observer, outside */
    for (int i = 0; i < 5; i++) {
        assert_int_equal(deputy(ANN, nobody[i], true, &why), 0);
        assert_non_null(why);
    }
    assert_int_equal(deputy(EVE, "ben", true, &why), 0);
    assert_non_null(why);
    assert_int_equal(deputy(ANN, "ben", true, &why), 0);
    assert_null(why);
}

/* The server says so, or a member's program signs it: to nobody Eve or Ben is more than before. */
static void nobody_makes_themselves_deputy(void **unused)
{
    (void)unused;
    all_take(admit(ANN, 0), 1u << ANN);
    all_take(admit(ANN, INSIDE), INSIDE);
    struct balint_state state = state_of(EVE);
    state.seats[BEN].role = BALINT_CO_LEADER;
    balint_book_roles(&books[EVE], &state);
    assert_int_equal(state.seats[BEN].role, BALINT_MEMBER);
    struct balint_roster roster = books[BEN].roster;
    roster.epoch++;
    memcpy(roster.previous, books[BEN].hash, sizeof roster.previous);
    memset(roster.signer, 0, sizeof roster.signer);
    strcpy(roster.signer, "ben");
    for (int i = 0; i < roster.count; i++)
        if (strcmp(roster.entries[i].member, "ben") == 0)
            roster.entries[i].role = BALINT_CO_LEADER;
    newest.length = (uint16_t)balint_roster_make(&roster, &people[BEN].device, newest.data);
    assert_int_equal(take(ANN), BALINT_TRUST_ROLE);
    /* A leader's roster that raises somebody, and carries no grant, raises nobody's links. */
    memset(roster.signer, 0, sizeof roster.signer);
    strcpy(roster.signer, "ann");
    newest.length = (uint16_t)balint_roster_make(&roster, &people[ANN].device, newest.data);
    assert_int_equal(take(EVE), BALINT_TRUST_OK);
    assert_false(linked(EVE, BEN));
    assert_int_equal(take(BEN), BALINT_TRUST_OK);
    assert_false(balint_book_leads(&books[BEN]));
}

#define CASE(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(everybody_knows_the_deputy),     CASE(a_deputy_admits_and_a_latecomer_believes_it),
        CASE(taken_back_is_taken_back),       CASE(one_deputy_at_a_time),
        CASE(another_device_is_no_deputy),    CASE(who_can_be_deputy),
        CASE(nobody_makes_themselves_deputy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
