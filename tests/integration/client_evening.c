/* client_evening.c - a whole evening of two cases, played by real programs over a real server: the leader
 * interrupts the story, is lost and comes back, one is away and returns, one sits out the first case, one
 * goes on with the phone, one watches; and all that BALINT.md says of who is heard and seen is read from the
 * reports that the programs write when they leave.
 *
 * Everybody makes a tone all the time, so that silence is made by the floor alone. What the server holds is
 * read from its snapshot: the next thing is said when the one before has been done. The only times that are
 * fixed are those for which a phase lasts.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "client_world.h"
#include "evening_reports.h"
#include "room/room.h"

enum { CORA, LEA, ADA, BEN, MAX, SITA, PAUL, OLGA, PEOPLE };
static const struct {
    const char *name, *role;
} people[PEOPLE] = {
    [CORA] = {"Cora", "co-leader"}, [LEA] = {"Lea", "leader"}, [ADA] = {"Ada", "member"}, /* presents first */
    [BEN] = {"Ben", "member"},                                                            /* presents then */
    [MAX] = {"Max", "member"},   /* is away for a phase */
    [SITA] = {"Sita", "member"}, /* may know the patient of the first case */
    [PAUL] = {"Paul", "member"}, /* goes on with the phone */
    [OLGA] = {"Olga", "observer"},
};
#define APART_MS 4000 /* in the after-room */
#define EDGE_MS  400  /* for what is on its way, where a time within a phase is measured */
static struct program *programs[PEOPLE];
static int seats[PEOPLE];
static char links[PEOPLE][WORLD_LINK];
static json_t *reports[PEOPLE];
static struct world world;

#define PHASES(...)                                                                                          \
    (const char *const[])                                                                                    \
    {                                                                                                        \
        __VA_ARGS__, NULL                                                                                    \
    }
#define FIRST_CASE  PHASES("presentation", "questions", "discussion")
#define SECOND_CASE PHASES("presentation-2", "questions-2")
#define EVERY                                                                                                \
    PHASES("gathering", "check-in", "case", "presentation", "questions", "discussion", "return", "case-2",   \
           "presentation-2", "questions-2", "discussion-2", "return-2", "closing")

static int begin(void **state)
{
    (void)state;
    alarm(200);
    world_begin(&world);
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_end(&world);
    for (int i = 0; i < PEOPLE; i++)
        json_decref(reports[i]);
    alarm(0);
    return 0;
}

/* ---- what the server holds */
static bool no_random(uint8_t *bytes, size_t length)
{
    memset(bytes, 0, length);
    return true;
}

/* The newest session that was committed; NULL: none yet. Good until the next call. */
static const struct balint_session *session(void)
{
    static struct balint_room *room;
    sqlite3 *db;
    sqlite3_stmt *statement;
    const char *why;
    balint_room_free(room);
    room = NULL;
    assert_int_equal(sqlite3_open_v2(world_path(&world, "data/balint.db"), &db, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    sqlite3_busy_timeout(db, WORLD_WAIT_MS);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT text FROM snapshots", -1, &statement, NULL), SQLITE_OK);
    if (sqlite3_step(statement) == SQLITE_ROW)
        room = balint_room_load((const char *)sqlite3_column_text(statement, 0), "0123456789abcdef",
                                no_random, INT64_MAX / 2, &why);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return room != NULL ? balint_room_session(room) : NULL;
}

/* Until the session `now` is like this. */
#define WAIT(condition)                                                                                      \
    do {                                                                                                     \
        int64_t until_ms = demo_now_ms() + WORLD_WAIT_MS;                                                    \
        const struct balint_session *now;                                                                    \
        while ((now = session()) == NULL || !(condition)) {                                                  \
            if (demo_now_ms() > until_ms)                                                                    \
                fail_msg("it never comes that %s", #condition);                                              \
            world_go_on(&world, 50);                                                                         \
        }                                                                                                    \
    } while (0)

/* ---- what people do */
static struct program *come(int who, const char *report)
{
    const char *words[] = {"--do",
                           "-",
                           "--video-size",
                           "16x16",
                           "--fps",
                           "2",
                           "--report",
                           world_path(&world, report),
                           who == CORA ? "--admit-everyone" : NULL,
                           NULL};
    return world_join(&world, links[who], words);
}

static void tell(int who, const char *line)
{
    assert_true(demo_process_tell(&programs[who]->process, line));
}

static char *report_of(int who)
{
    static char name[32];
    snprintf(name, sizeof name, "%s.json", people[who].name);
    return name;
}

static void enter(int who, const char *phase, int ms)
{
    tell(who, "phase next");
    WAIT(strcmp(now->format.phases[now->phase].id, phase) == 0);
    world_go_on(&world, ms);
}

static void present(int leader, int who)
{
    char line[64];
    tell(who, "volunteer");
    WAIT(now->seats[seats[who]].volunteers);
    snprintf(line, sizeof line, "present %s", people[who].name);
    tell(leader, line);
    WAIT(now->presenter == seats[who] && !now->stepped_back);
}

static void come_back(int who)
{
    WAIT(now->stepped_back && now->invited);
    tell(who, "return");
    WAIT(!now->stepped_back);
}

static void gather(void)
{
    for (int i = 0; i < PEOPLE; i++)
        world_invite(&world, people[i].role, people[i].name, NULL, links[i]);
    for (int i = 0; i < PEOPLE; i++) {
        programs[i] = come(i, i == PAUL ? "laptop.json" : report_of(i));
        if (i == CORA)
            world_ready(&world, programs[i]);
    }
    for (int i = 0; i < PEOPLE; i++) {
        world_ready(&world, programs[i]);
        seats[i] = programs[i]->seat;
    }
    tell(CORA, "lead Lea");
    WAIT(now->leads == seats[LEA]);
    tell(LEA, "format two-cases");
    WAIT(strcmp(now->format.id, "two-cases") == 0);
    world_go_on(&world, 3000);
}

/* The leader interrupts the story: the presenter steps back, listens, and tells on. */
static void tell_the_first_story(void)
{
    enter(LEA, "check-in", 1500);
    enter(LEA, "case", 0);
    tell(SITA, "sit-out");
    WAIT(now->seats[seats[SITA]].sitting_out);
    present(LEA, ADA);
    enter(LEA, "presentation", 3000);
    tell(LEA, "step-back");
    WAIT(now->stepped_back);
    world_go_on(&world, 4000);
    tell(LEA, "invite-back");
    come_back(ADA);
    world_go_on(&world, 1500);
    tell(MAX, "away");
    WAIT(now->seats[seats[MAX]].away);
    enter(LEA, "questions", 3000);
}

/* In the discussion Max is back, the leader's machine dies, Paul's laptop runs out; both go on. */
static void lose_and_come_back(void)
{
    enter(LEA, "discussion", 0);
    WAIT(now->stepped_back && now->presenter == seats[ADA]);
    tell(MAX, "away");
    WAIT(!now->seats[seats[MAX]].away);
    demo_process_signal(&programs[LEA]->process, SIGKILL);
    assert_int_equal(world_over(&world, programs[LEA]), 128 + SIGKILL);

    struct program *laptop = programs[PAUL];
    assert_int_equal(setenv("BALINT_HOME", world_path(&world, "phone"), 1), 0);
    programs[PAUL] = come(PAUL, report_of(PAUL));
    assert_int_equal(setenv("BALINT_HOME", world_path(&world, "home"), 1), 0);
    world_ready(&world, programs[PAUL]);
    assert_int_equal(programs[PAUL]->seat, laptop->seat);
    assert_int_equal(world_over(&world, laptop), 1);

    WAIT(now->leads == seats[CORA]);
    programs[LEA] = come(LEA, report_of(LEA));
    world_ready(&world, programs[LEA]);
    assert_int_equal(programs[LEA]->seat, seats[LEA]);
    world_go_on(&world, 3000); /* the lead does not flap back */
    assert_int_equal(session()->leads, seats[CORA]);
    enter(CORA, "return", 0);
    come_back(ADA);
    world_go_on(&world, 1500);
}

static void hear_the_second_case(void)
{
    enter(CORA, "case-2", 0);
    WAIT(!now->seats[seats[SITA]].sitting_out && now->presenter == BALINT_NOBODY);
    /* Away, as the others were told: the own key brings her back. */
    assert_true(session()->seats[seats[SITA]].away);
    world_says(&world, programs[SITA], "balint: The case is over, as the server says.");
    tell(SITA, "away off");
    WAIT(!now->seats[seats[SITA]].away);
    present(CORA, BEN);
    enter(CORA, "presentation-2", 3000);
    enter(CORA, "questions-2", 1500);
    enter(LEA, "discussion-2", 3000);
    enter(CORA, "return-2", 0);
    come_back(BEN);
    world_go_on(&world, 1500);
    enter(CORA, "closing", 1500);
    enter(CORA, "corridor", 1500);
}

/* Leaders and the observer go on alone, about the leading. */
static void go_apart(void)
{
    static const int apart[] = {LEA, CORA, OLGA};
    for (int i = 0; i < 3; i++)
        tell(apart[i], "after-room on");
    for (int i = 0; i < 3; i++)
        WAIT(now->seats[seats[apart[i]]].after_room);
    world_go_on(&world, APART_MS);
}

/* Lea, whose program was killed in the first case's discussion, and Cora, whose was there all the evening. */
static void keep_the_debriefs(void)
{
    static const int leaders[] = {LEA, CORA};
    char line[600];
    for (int i = 0; i < 2; i++) {
        snprintf(line, sizeof line, "debrief keep %s/debrief-%s", world.folder, people[leaders[i]].name);
        tell(leaders[i], line);
        world_says(&world, programs[leaders[i]], "debrief: kept in ");
    }
}

static void part(void)
{
    for (int i = PEOPLE - 1; i >= 0; i--)
        tell(i, "leave");
    for (int i = 0; i < PEOPLE; i++) {
        assert_int_equal(world_over(&world, programs[i]), 0);
        reports[i] = world_report(&world, report_of(i));
    }
}

/* ---- what the reports say */
static int64_t sound(int by, int of, evening_phases phases)
{
    return evening_sum(reports[by], people[of].name, "sound_ms", phases);
}

static void expect_nothing(int by, int of, evening_phases phases, bool pictures)
{
    int64_t heard = sound(by, of, phases);
    int64_t seen = pictures ? evening_sum(reports[by], people[of].name, "frames", phases) : 0;
    if (heard > 0 || seen > 0)
        fail_msg("%s heard %lld ms and saw %lld pictures of %s from %s on", people[by].name, (long long)heard,
                 (long long)seen, people[of].name, phases[0]);
}

static void expect_something(int by, int of, evening_phases phases)
{
    int64_t heard = sound(by, of, phases), seen = evening_sum(reports[by], people[of].name, "frames", phases);
    if ((heard < 500 && of != OLGA) || seen == 0)
        fail_msg("%s heard only %lld ms and saw only %lld pictures of %s from %s on", people[by].name,
                 (long long)heard, (long long)seen, people[of].name, phases[0]);
}

/* In the story Ada is heard but for the time of the interruption. */
static void judge_the_story(int by)
{
    int64_t back = evening_event(reports[by], "stepped-back", seats[ADA], 0);
    int64_t again = evening_event(reports[by], "returned", seats[ADA], 0);
    int64_t heard = sound(by, ADA, PHASES("presentation"));
    assert_true(back > 0 && again - back > 3900);
    if (heard > evening_length(reports[by], "presentation") - (again - back) + EDGE_MS || heard < 1500)
        fail_msg("%s heard Ada for %lld ms in the story, who was back for %lld of %lld ms", people[by].name,
                 (long long)heard, (long long)(again - back),
                 (long long)evening_length(reports[by], "presentation"));
}

static bool is_apart(int who)
{
    return who == LEA || who == CORA || who == OLGA;
}

/* Who went on apart is heard by the others before, and not within. */
static void judge_the_after_room(int by, int of)
{
    int64_t heard = sound(by, of, PHASES("corridor")), length = evening_length(reports[by], "corridor");
    if (is_apart(by) && is_apart(of) && heard < 500)
        fail_msg("%s heard only %lld ms of %s in the after-room", people[by].name, (long long)heard,
                 people[of].name);
    if (is_apart(by) != is_apart(of) && heard > length - APART_MS + EDGE_MS)
        fail_msg("%s heard %lld of %lld ms of %s, and they were apart for %d", people[by].name,
                 (long long)heard, (long long)length, people[of].name, APART_MS);
}

static void judge_pair(int by, int of)
{
    if (of == ADA) {
        expect_nothing(by, ADA, PHASES("discussion"), false);
        if (by != LEA && by != SITA && by != PAUL)
            judge_the_story(by);
    } else if (of == BEN) {
        expect_nothing(by, BEN, PHASES("discussion-2"), false);
    } else if (of == MAX) {
        expect_nothing(by, MAX, PHASES("questions"), true);
    } else if (of == SITA) {
        expect_nothing(by, SITA, FIRST_CASE, true);
        expect_nothing(by, SITA, PHASES("return"), false); /* and then only by her own key */
    } else if (of == OLGA) {
        expect_nothing(by, OLGA, EVERY, false);
        if (!is_apart(by))
            expect_nothing(by, OLGA, PHASES("corridor"), false);
    }
    if (by == SITA) {
        expect_nothing(SITA, of, FIRST_CASE, true);
        /* The case's end opens the line a moment before the program counts for the next phase. */
        assert_true(sound(SITA, of, PHASES("return")) < EDGE_MS);
    } else if (by != LEA && by != PAUL && of != SITA) { /* these two have no report of it */
        expect_something(by, of, PHASES("presentation"));
    }
    if (by == MAX && of != SITA)
        expect_something(MAX, of, PHASES("questions")); /* who is away hears and sees */
    expect_something(by, of, SECOND_CASE);
    judge_the_after_room(by, of);
}

/* Members are told that Sita is away, leaders alone why. */
static void judge_sitting_out(int by)
{
    bool may_know = by == CORA || by == SITA;
    if (by == LEA || by == PAUL)
        return;
    assert_int_equal(evening_event(reports[by], "sits-out", seats[SITA], 0) > 0, may_know);
    int64_t away = evening_event(reports[by], "away", seats[SITA], 0);
    assert_true(away > 0); /* who may know is told of it when the case is over */
    assert_int_equal(away < evening_event(reports[by], "presenter", seats[ADA], 0), !may_know);
}

/* By hand to Lea, by ten seconds of absence to Cora, and there it stays. */
static void judge_the_lead(void)
{
    int64_t lost = evening_event(reports[CORA], "lost", seats[LEA], 0);
    int64_t led = evening_event(reports[CORA], "leads", seats[CORA], 0);
    assert_true(evening_event(reports[CORA], "leads", seats[LEA], 0) > 0);
    assert_true(lost > 0);
    if (led - lost < 9500 || led - lost > 15000)
        fail_msg("the lead passed after %lld ms", (long long)(led - lost));
    for (int i = 0; i < PEOPLE; i++) {
        assert_int_equal(evening_event(reports[i], "leads", seats[LEA], 1), -1);
        if (i != LEA && i != PAUL) /* who came later */
            assert_int_equal(evening_last(reports[i], "leads"), seats[CORA]);
    }
}

static double number_of(const json_t *list, size_t at, const char *field)
{
    return json_number_value(json_object_get(json_array_get(list, at), field));
}

/* Lea's new program knows the whole evening, as Cora's does: every phase, and both cases. */
static void judge_the_debriefs(void)
{
    json_t *lea = world_report(&world, "debrief-Lea.json"), *cora = world_report(&world, "debrief-Cora.json");
    json_t *phases = json_object_get(lea, "phases"), *others = json_object_get(cora, "phases");
    evening_phases every = EVERY;
    size_t count = 0;
    for (; every[count] != NULL; count++) {
        json_t *phase = json_array_get(phases, count), *other = json_array_get(others, count);
        assert_string_equal(json_string_value(json_object_get(phase, "phase")), every[count]);
        assert_true(json_equal(phase, other));
    }
    assert_int_equal(json_array_size(phases), count + 1); /* the corridor, in which they are */
    assert_int_equal(json_array_size(others), count + 1);
    phases = json_object_get(lea, "cases");
    others = json_object_get(cora, "cases");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(number_of(phases, i, "case"), i + 1);
        assert_int_equal(number_of(phases, i, "no_reading"), 0);
        assert_true(number_of(phases, i, "discussion_minutes") > 0);
        assert_true(number_of(phases, i, "discussion_minutes") == number_of(others, i, "discussion_minutes"));
        json_t *said = json_object_get(json_array_get(phases, i), "members");
        json_t *known = json_object_get(json_array_get(others, i), "members");
        print_message("case %d: %d members, of whom Cora's program knows %d\n", (int)i + 1,
                      (int)json_array_size(said), (int)json_array_size(known));
        assert_int_equal(json_array_size(said), json_array_size(known));
        for (size_t k = 0; k < json_array_size(said); k++) /* the last slot of some may be on its way */
            assert_float_equal(number_of(said, k, "minutes"), number_of(known, k, "minutes"), 0.11);
    }
    json_decref(lea);
    json_decref(cora);
}

static void two_cases_in_one_evening(void **state)
{
    (void)state;
    int64_t begun = demo_now_ms();
    gather();
    tell_the_first_story();
    lose_and_come_back();
    hear_the_second_case();
    go_apart();
    keep_the_debriefs();
    part();
    for (int by = 0; by < PEOPLE; by++) {
        for (int of = 0; of < PEOPLE; of++)
            if (by != of)
                judge_pair(by, of);
        judge_sitting_out(by);
    }
    judge_the_lead();
    judge_the_debriefs();
    json_t *laptop = world_report(&world, "laptop.json");
    assert_string_equal(evening_self(laptop, "ended"), "displaced");
    json_decref(laptop);
    print_message("the evening took %lld ms\n", (long long)(demo_now_ms() - begun));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(two_cases_in_one_evening, begin, end),
    };
    return cmocka_run_group_tests_name("client_evening", tests, NULL, NULL);
}
