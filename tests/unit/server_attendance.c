/* Who attended how long, purely: against a count made second by second, and what a killed server loses. */
#include "server/frame/attendance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)
#define START  (INT64_C(1790000000) * SECOND)

static struct balint_session session;
static struct balint_attendance attendance;
static enum balint_role invited[BALINT_SEATS]; /* as what … */
static bool deputies;                          /* … when that is not what they are this evening */

static int begin(void **state)
{
    (void)state;
    memset(&session, 0, sizeof session);
    memset(&attendance, 0, sizeof attendance);
    deputies = false;
    session.id[0] = 7;
    return 0;
}

static void seat(int at, const char *member, bool admitted, bool connected)
{
    session.seats[at] = (struct balint_seat){
        .taken = true, .admitted = admitted, .connected = connected, .role = BALINT_MEMBER};
    strcpy(session.seats[at].member, member);
    snprintf(session.seats[at].name, sizeof session.seats[at].name, "Name of %s", member);
}

static void see(int64_t second)
{
    for (int i = 0; i < BALINT_SEATS && !deputies; i++)
        invited[i] = session.seats[i].role;
    balint_attendance_see(&attendance, &session, invited, START + second * SECOND);
}

static int64_t seconds_of(const struct balint_attendance *of, const char *member)
{
    for (int i = 0; i < of->count; i++)
        if (strcmp(of->people[i].member, member) == 0)
            return of->people[i].counted_us / SECOND;
    return -1;
}

/* BALINT.md's table: what counts is being admitted and connected, and nothing else about a person. */
static void every_standing_counts_or_does_not(void **state)
{
    (void)state;
    for (int bits = 0; bits < 128; bits++)
        for (int role = 0; role < BALINT_ROLES; role++) {
            begin(NULL);
            seat(3, "m", bits & 1, bits & 2);
            session.seats[3].taken = bits & 4;
            session.seats[3].role = (enum balint_role)role;
            session.seats[3].muted = bits & 8;
            session.seats[3].away = bits & 16;
            session.seats[3].sitting_out = bits & 32;
            session.stepped_back = bits & 64;
            session.presenter = 3;
            see(0);
            see(60);
            assert_int_equal(seconds_of(&attendance, "m"), (bits & 7) == 7 ? 60 : -1);
        }
}

static void only_connected_time_counts(void **state)
{
    (void)state;
    seat(0, "m", false, true);
    see(0); /* in the lobby */
    see(100);
    session.seats[0].admitted = true;
    see(100);
    see(160);
    session.seats[0].connected = false; /* lost */
    see(170);
    see(300);
    assert_int_equal(seconds_of(&attendance, "m"), 70);
    session.seats[0].connected = true; /* back */
    see(300);
    see(310);
    memset(&session.seats[0], 0, sizeof session.seats[0]); /* removed */
    see(320);
    see(1000);
    assert_int_equal(seconds_of(&attendance, "m"), 90);
    assert_int_equal(attendance.people[0].came_s, START / SECOND + 100);
    /* Another device in the lobby beside the admitted one, and then in its place: one person. */
    seat(1, "m", true, true);
    seat(2, "m", false, true);
    see(1000);
    see(1010);
    session.seats[2].admitted = true;
    see(1020);
    memset(&session.seats[1], 0, sizeof session.seats[1]);
    see(1030);
    assert_int_equal(seconds_of(&attendance, "m"), 120);
    see(900); /* a clock that went back takes nothing away */
    assert_int_equal(seconds_of(&attendance, "m"), 120);
    assert_int_equal(attendance.count, 1);
}

/* Everything at random for six people, compared with a count that looks at each second for itself. */
static void any_evening_is_counted_as_by_a_stop_watch(void **state)
{
    (void)state;
    unsigned seed = 11;
    int64_t expected[6];
    for (int round = 0; round < 50; round++) {
        begin(NULL);
        memset(expected, 0, sizeof expected);
        for (int64_t now = 0; now < 3000;) {
            char member[8];
            int who = rand_r(&seed) % 6, wait = rand_r(&seed) % 20;
            snprintf(member, sizeof member, "m%d", who);
            seat(who, member, rand_r(&seed) % 4 > 0, rand_r(&seed) % 4 > 0);
            see(now);
            for (int second = 0; second < wait; second++)
                for (int i = 0; i < 6; i++)
                    expected[i] +=
                        session.seats[i].taken && session.seats[i].admitted && session.seats[i].connected;
            now += wait;
            see(now);
        }
        for (int i = 0; i < 6; i++) {
            char member[8];
            snprintf(member, sizeof member, "m%d", i);
            int64_t counted = seconds_of(&attendance, member);
            assert_int_equal(counted < 0 ? 0 : counted, expected[i]);
        }
    }
}

/* ---- writing */
/* What a database would hold: totals that only rise. */
static struct balint_attendance disk;

static void write_rows(const struct balint_attendant *rows, int count)
{
    for (int i = 0; i < count; i++) {
        int at = 0;
        while (at < disk.count && strcmp(disk.people[at].member, rows[i].member) != 0)
            at++;
        if (at == disk.count)
            disk.people[disk.count++] = rows[i];
        if (rows[i].counted_us > disk.people[at].counted_us)
            disk.people[at].counted_us = rows[i].counted_us;
    }
}

/* Killed at any second, with what was written last: at most 10 s are lost, of nobody more than was counted.
 */
static void a_killed_server_loses_at_most_ten_seconds(void **state)
{
    (void)state;
    static struct balint_attendant rows[BALINT_ATTENDANTS];
    for (int64_t killed = 0; killed < 200; killed++) {
        begin(NULL);
        memset(&disk, 0, sizeof disk);
        seat(0, "a", true, true);
        seat(1, "b", true, true);
        for (int64_t now = 0; now <= killed; now++) {
            session.seats[1].connected = now % 37 < 20;
            see(now);
            if (balint_attendance_due(&attendance, START + now * SECOND))
                write_rows(rows, balint_attendance_take(&attendance, START + now * SECOND, rows));
        }
        struct balint_attendance counted = attendance;
        int64_t a = seconds_of(&disk, "a") < 0 ? 0 : seconds_of(&disk, "a"), b = seconds_of(&disk, "b");
        assert_in_range(killed - a, 0, 10);
        assert_in_range(seconds_of(&counted, "b") - (b < 0 ? 0 : b), 0, 10);
        /* The next process goes on from there, when people are back, and counts nothing twice. */
        begin(NULL);
        for (int i = 0; i < disk.count; i++)
            assert_true(balint_attendance_restore(&attendance, &disk.people[i]));
        seat(0, "a", true, false);
        see(killed + 30);
        session.seats[0].connected = true;
        see(killed + 40);
        see(killed + 50);
        assert_int_equal(seconds_of(&attendance, "a"), a + 10);
    }
}

static void what_could_not_be_written_is_written_again(void **state)
{
    (void)state;
    static struct balint_attendant rows[BALINT_ATTENDANTS];
    seat(0, "a", true, true);
    see(0);
    assert_true(balint_attendance_due(&attendance, START));
    assert_int_equal(balint_attendance_take(&attendance, START, rows), 1);
    assert_false(balint_attendance_due(&attendance, START)); /* nothing changed, and not yet time */
    see(5);
    session.seats[0].connected = false;
    see(6);
    assert_true(balint_attendance_due(&attendance, START + 6 * SECOND));
    assert_int_equal(balint_attendance_take(&attendance, START + 6 * SECOND, rows), 1);
    assert_int_equal(balint_attendance_take(&attendance, START + 12 * SECOND, rows), 0);
    assert_false(
        balint_attendance_due(&attendance, START + 20 * SECOND)); /* nobody here: nothing is written */
    balint_attendance_again(&attendance);
    assert_true(balint_attendance_due(&attendance, START + 20 * SECOND));
    assert_int_equal(balint_attendance_take(&attendance, START + 20 * SECOND, rows), 1);
    assert_int_equal(rows[0].counted_us, 6 * SECOND);
}

static void more_people_than_there_is_room_for_are_survived(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * BALINT_ATTENDANTS; i++) {
        char member[16];
        snprintf(member, sizeof member, "m%d", i);
        seat(0, member, true, true);
        see(i);
    }
    assert_int_equal(attendance.count, BALINT_ATTENDANTS);
    assert_int_equal(seconds_of(&attendance, "m0"), 1);
}

/* "A member whom a lone leader named deputy for the evening" was there as a member, to who grants credits. */
static void a_deputy_attends_as_what_she_was_invited_as(void **state)
{
    (void)state;
    seat(0, "deputy", true, true);
    seat(1, "leader", true, true);
    session.seats[0].role = BALINT_CO_LEADER;
    session.seats[1].role = BALINT_LEADER;
    deputies = true;
    invited[0] = BALINT_MEMBER;
    invited[1] = BALINT_LEADER;
    see(0);
    see(60);
    assert_int_equal(attendance.people[0].role, BALINT_MEMBER);
    assert_int_equal(attendance.people[1].role, BALINT_LEADER);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_standing_counts_or_does_not),
        TEST(only_connected_time_counts),
        TEST(any_evening_is_counted_as_by_a_stop_watch),
        TEST(a_killed_server_loses_at_most_ten_seconds),
        TEST(what_could_not_be_written_is_written_again),
        TEST(a_deputy_attends_as_what_she_was_invited_as),
        TEST(more_people_than_there_is_room_for_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
