/* ledger_pieces.c - a leader's program that starts again learns from another leader's what those who are gone
 * had said. */
#include "session/ledger.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANNA, DORA, BEN, CLEO, PEOPLE }; /* Anna and Dora lead */
static const char *const members[PEOPLE] = {"anna", "dora", "ben", "cleo"};
static struct balint_state state;

static int begin(void **unused)
{
    struct balint_session session;
    (void)unused;
    balint_session_init(&session, "G", balint_format_find("classic"), 0);
    for (int i = 0; i < PEOPLE; i++) {
        int seat = balint_session_seat(&session, members[i], members[i],
                                       i == ANNA   ? BALINT_LEADER
                                       : i == DORA ? BALINT_CO_LEADER
                                                   : BALINT_MEMBER);
        balint_session_connect(&session, seat, true, 0);
        balint_session_admit(&session, seat, 0);
    }
    balint_state_of(&session, 0, &state);
    strcpy(state.session, "00000000000000000000000000000001");
    return 0;
}

static void report(struct balint_ledger *ledger, const char *member, uint32_t epoch, int64_t clock_ms,
                   uint32_t spoken_ms)
{
    struct balint_talk talk;
    balint_talk_init(&talk);
    talk.clock_ms = clock_ms;
    talk.total_ms[0] = spoken_ms;
    talk.turns[0] = 1;
    assert_true(balint_ledger_take(ledger, member, epoch, &talk));
}

static int64_t spoken(struct balint_ledger *ledger, const char *name)
{
    struct balint_balance balance;
    balint_ledger_balance(ledger, 100000, &balance);
    int rows = balance.member_count + balance.leader_count + balance.other_count;
    for (int i = 0; i < rows; i++)
        if (strcmp(balance.rows[i].name, name) == 0)
            return balance.rows[i].spoken_all_ms;
    return -1;
}

static int hand_over(struct balint_ledger *from, struct balint_ledger *to)
{
    uint8_t piece[BALINT_LEDGER_PIECE];
    int cursor = 0, told = 0;
    while (balint_ledger_piece(from, &cursor, piece)) {
        balint_ledger_take_piece(to, piece, sizeof piece);
        told++;
    }
    assert_int_equal(cursor, 0);
    return told;
}

static void those_who_are_gone_are_handed_over(void **unused)
{
    (void)unused;
    struct balint_ledger *stays = balint_ledger_new(), *fresh = balint_ledger_new();
    balint_ledger_state(stays, &state);
    report(stays, "ben", 1, 20000, 5000);  /* Ben's first process … */
    report(stays, "cleo", 1, 30000, 7000); /* Cleo reports for herself */
    struct balint_state later = state;
    for (int i = 0; i < later.seat_count; i++)
        if (strcmp(later.seats[i].member, "ben") == 0)
            later.seats[i].epoch = 2; /* … which died, and another one counts from zero */
    balint_ledger_state(stays, &later);
    report(stays, "ben", 2, 60000, 1000);
    balint_ledger_state(fresh, &later);
    report(fresh, "ben", 2, 60000, 1000);
    report(fresh, "cleo", 1, 62000, 7000);
    assert_int_equal(spoken(fresh, "ben"), 1000);
    assert_int_equal(hand_over(stays, fresh), 1); /* what is not told by itself, and no more */
    assert_int_equal(spoken(fresh, "ben"), 6000);
    assert_int_equal(spoken(fresh, "cleo"), 7000);
    assert_int_equal(hand_over(stays, fresh), 1);
    assert_int_equal(spoken(fresh, "ben"), 6000); /* once more changes nothing */
    for (int i = 0; i < later.seat_count; i++)
        later.seats[i].connected = strcmp(later.seats[i].member, "cleo") != 0;
    balint_ledger_state(stays, &later);
    assert_int_equal(hand_over(stays, fresh), 2); /* Cleo is lost: hers as well */
    assert_int_equal(spoken(fresh, "cleo"), 7000);
    balint_ledger_free(stays);
    balint_ledger_free(fresh);
}

static void strange_bytes_change_nothing(void **unused)
{
    (void)unused;
    struct balint_ledger *from = balint_ledger_new(), *to = balint_ledger_new();
    uint8_t good[BALINT_LEDGER_PIECE], bad[BALINT_LEDGER_PIECE + 1] = {0};
    int cursor = 0;
    balint_ledger_state(from, &state);
    balint_ledger_state(to, &state);
    report(from, "emil", 3, 20000, 5000); /* has no seat any more */
    assert_true(balint_ledger_piece(from, &cursor, good));
    assert_false(balint_ledger_take_piece(to, good, sizeof good - 1));
    assert_false(balint_ledger_take_piece(to, bad, sizeof bad));
    static const size_t unused_bytes[] = {0, 1 + 5, 32, 145, 215, 37 + 2, 37 + 3};
    for (size_t i = 0; i < sizeof unused_bytes / sizeof *unused_bytes; i++) {
        memcpy(bad, good, sizeof good);
        bad[unused_bytes[i]] ^= 0x41;
        assert_false(balint_ledger_take_piece(to, bad, sizeof good));
    }
    memcpy(bad, good, sizeof good);
    memset(bad + 1, 0, 32); /* nobody */
    assert_false(balint_ledger_take_piece(to, bad, sizeof good));
    assert_true(balint_ledger_take_piece(to, good, sizeof good));
    assert_false(balint_ledger_take_piece(to, good, sizeof good)); /* not new */
    balint_ledger_free(from);
    balint_ledger_free(to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(those_who_are_gone_are_handed_over, begin),
        cmocka_unit_test_setup(strange_bytes_change_nothing, begin),
    };
    return cmocka_run_group_tests_name("ledger_pieces", tests, NULL, NULL);
}
