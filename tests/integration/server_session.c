/* A session through real sockets: joining, admission, phases, step back, lost and restored connections, the
 * server's death. What is expected is BALINT.md's and DESIGN.md's. */
#include "integration/server_evening.h"

#include <signal.h>

static int begin(void **state)
{
    struct evening *evening = malloc(sizeof *evening);
    *state = evening;
    evening_begin(evening, NULL);
    return 0;
}

static int end(void **state)
{
    evening_end(*state);
    free(*state);
    return 0;
}

static bool is_stepped_back(const struct balint_test_person *person, int64_t expected)
{
    return person->has_state && person->state.stepped_back == (expected != 0);
}

static bool is_led(const struct balint_test_person *person, int64_t expected)
{
    return person->has_state && person->state.led == (expected != 0);
}

static bool has_presenter(const struct balint_test_person *person, int64_t expected)
{
    return person->has_state && person->state.presenter == (int)expected;
}

/* Clara presents, the discussion begins: she has stepped back. */
static void discuss(struct evening *evening)
{
    struct balint_test_person *anna = &evening->people[ANNA], *clara = &evening->people[CLARA];
    evening_lead_to(evening, "case");
    assert_true(balint_person_act(clara, BALINT_MSG_VOLUNTEER, BALINT_NOBODY, 1));
    assert_true(balint_person_act(anna, BALINT_MSG_PRESENT, clara->seat, 0));
    assert_true(balint_person_until(anna, has_presenter, clara->seat));
    evening_lead_to(evening, "discussion");
    assert_true(balint_person_until(clara, is_stepped_back, 1));
}

static void who_waits_in_the_lobby_learns_nothing(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *anna = &evening->people[ANNA], *clara = &evening->people[CLARA];
    assert_true(balint_person_join(anna));
    assert_false(anna->state.admitted);
    assert_true(balint_person_admit_all(anna));
    assert_true(balint_person_until(anna, balint_person_is_admitted, 0));
    assert_true(anna->state.led);
    assert_int_equal(anna->state.seat_count, 1);

    assert_true(balint_person_join(clara));
    assert_false(clara->state.admitted);
    assert_int_equal(clara->state.seat_count, 0);
    assert_int_equal(clara->state.lobby_count, 0);
    assert_int_equal(clara->count[BALINT_MSG_PERSON], 0);
    assert_int_equal(clara->count[BALINT_MSG_ROSTER], 0);
    assert_true(balint_person_until(anna, balint_person_sees_lobby, 1));
    assert_string_equal(anna->state.lobby[0].name, "Clara Moos");

    /* What she asks there is refused, and nothing of it is seen. */
    assert_false(balint_person_act(clara, BALINT_MSG_HAND, BALINT_NOBODY, 1));
    assert_string_equal(clara->error.code, "not-admitted");

    assert_true(balint_person_admit_all(anna));
    assert_true(balint_person_until(clara, balint_person_sees_seats, 2));
    assert_true(clara->known[anna->seat]);
    assert_true(clara->roster.length > 0);
    assert_memory_equal(clara->roster.data, anna->roster.data, anna->roster.length);
}

static void everybody_sees_the_same_session(void **state)
{
    struct evening *evening = *state;
    evening_gather(evening, INVITED);
    struct balint_test_person *emil = &evening->people[EMIL], *fred = &evening->people[FRED];
    assert_true(balint_person_act(emil, BALINT_MSG_HAND, BALINT_NOBODY, 1));
    evening_lead_to(evening, "check-in");
    int phase = balint_person_phase(emil, "check-in");
    for (int i = 0; i < INVITED; i++) {
        struct balint_test_person *person = &evening->people[i];
        assert_true(balint_person_until(person, balint_person_in_phase, phase));
        const struct balint_state_seat *raised = balint_state_seat_of(&person->state, emil->seat);
        assert_non_null(raised);
        assert_true(raised->hand_ms > 0);
        assert_string_equal(person->state.group, "Mittwochskreis");
        assert_string_equal(person->state.boot, evening->people[ANNA].state.boot);
    }
    const struct balint_state_seat *observer = balint_state_seat_of(&emil->state, fred->seat);
    assert_non_null(observer);
    assert_false(observer->heard);
    assert_string_equal(observer->name, "Fred Au\xc3\x9f");
    char *metrics = balint_http_get(&evening->server.to, "/metrics");
    assert_non_null(metrics);
    assert_non_null(strstr(metrics, "\nbalint_people_admitted 6\n"));
    assert_non_null(strstr(metrics, "\nbalint_people_lobby 0\n"));
    assert_non_null(strstr(metrics, "\nbalint_hellos_total 6\n"));
    free(metrics);
    /* A member moves no phase. */
    assert_false(balint_person_act(emil, BALINT_MSG_PHASE, BALINT_NOBODY, phase + 1));
    assert_string_equal(emil->error.code, "not-yours");
}

static void step_back_is_kept_over_a_lost_connection(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *anna = &evening->people[ANNA], *clara = &evening->people[CLARA];
    evening_gather(evening, 4);
    discuss(evening);
    int seat = clara->seat;
    int64_t epoch = clara->epoch;
    assert_false(balint_state_seat_of(&clara->state, seat)->heard);
    balint_person_drop(clara);
    assert_true(balint_person_until(anna, balint_person_sees_gone, seat));
    assert_true(anna->state.stepped_back);
    assert_true(balint_person_resume(clara));
    assert_int_equal(clara->seat, seat);
    assert_int_equal(clara->epoch, epoch); /* the same process: its links go on */
    assert_true(clara->state.admitted);
    assert_true(clara->state.stepped_back);
    assert_int_equal(clara->state.presenter, seat);
    assert_false(balint_state_seat_of(&clara->state, seat)->heard);
    /* Not invited, a leader here: a plain key is not enough. */
    assert_false(balint_person_act(clara, BALINT_MSG_RETURN, BALINT_NOBODY, 0));
    assert_string_equal(clara->error.code, "hold-to-return");
    assert_true(balint_person_act(clara, BALINT_MSG_RETURN, BALINT_NOBODY, 1));
    assert_true(balint_person_until(anna, is_stepped_back, 0));
}

static void an_old_resume_secret_is_none(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *anna = &evening->people[ANNA];
    evening_gather(evening, 1);
    struct balint_resume_bytes first = anna->secret;
    assert_true(balint_person_resume(anna));
    assert_true(balint_person_resume(anna)); /* uses the second one */
    assert_true(balint_person_resume(anna)); /* and the third: by now the first is used up twice over */
    struct balint_test_person thief = *anna;
    thief.ws = NULL;
    thief.secret = first;
    assert_false(balint_person_resume(&thief));
    assert_string_equal(thief.error.code, "unknown-secret");
    balint_person_finish(&thief);
}

static void the_newest_connection_displaces_the_older(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *anna = &evening->people[ANNA];
    evening_gather(evening, 1);
    struct balint_test_person again = *anna; /* the same device, another process */
    again.ws = NULL;
    memset(again.count, 0, sizeof again.count);
    assert_true(balint_person_join(&again));
    assert_true(again.state.admitted);
    assert_int_equal(again.seat, anna->seat);
    assert_true(again.epoch > anna->epoch);
    assert_true(balint_person_until(anna, balint_person_is_displaced, 0));
    assert_true(balint_person_ended(anna));
    /* The end of the older one takes nothing from the newer one. */
    assert_true(balint_person_act(&again, BALINT_MSG_MUTE, BALINT_NOBODY, 1));
    assert_true(balint_state_seat_of(&again.state, again.seat)->connected);
    balint_person_finish(&again);
}

static void without_leaders_the_presenter_returns_plainly(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *clara = &evening->people[CLARA];
    evening_gather(evening, 4);
    discuss(evening);
    balint_person_drop(&evening->people[ANNA]);
    balint_person_drop(&evening->people[BEN]);
    assert_true(balint_person_until(clara, is_led, 0));
    assert_true(clara->state.stepped_back); /* nothing happens by itself */
    assert_true(balint_person_act(clara, BALINT_MSG_RETURN, BALINT_NOBODY, 0));
    assert_true(balint_person_until(clara, is_stepped_back, 0));
    assert_true(balint_person_until(&evening->people[DORA], is_stepped_back, 0));
}

static void a_killed_server_comes_back_to_the_same_session(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *clara = &evening->people[CLARA];
    evening_gather(evening, 4);
    discuss(evening);
    int64_t clock_ms = clara->state.clock_ms, since_ms = clara->state.phase_since_ms;
    int phase = clara->state.phase;
    uint32_t roster = clara->state.roster;
    char boot[17];
    strcpy(boot, clara->state.boot);

    balint_serverproc_kill(&evening->server);
    assert_true(balint_serverproc_start(&evening->server, NULL, NULL));
    for (int i = 0; i < 4; i++) {
        struct balint_test_person *person = &evening->people[i];
        int seat = person->seat;
        int64_t epoch = person->epoch;
        assert_true(balint_person_resume(person));
        assert_int_equal(person->seat, seat);
        assert_int_equal(person->epoch, epoch);
        assert_true(person->state.admitted);
        assert_int_equal(person->state.phase, phase);
        assert_int_equal(person->state.phase_since_ms, since_ms);
        assert_true(person->state.stepped_back);
        assert_int_equal(person->state.presenter, clara->seat);
        assert_int_equal(person->state.roster, roster);
        assert_true(person->state.clock_ms >= clock_ms); /* the session's clock went on */
        assert_string_not_equal(person->state.boot, boot);
    }
    assert_false(balint_state_seat_of(&clara->state, clara->seat)->heard);
    /* And a fifth can still be let in: the chain of rosters goes on. */
    struct balint_test_person *emil = &evening->people[EMIL];
    assert_true(balint_person_join(emil));
    assert_true(balint_person_until(&evening->people[ANNA], balint_person_sees_lobby, 1));
    assert_true(balint_person_admit_all(&evening->people[ANNA]));
    assert_true(balint_person_until(emil, balint_person_is_admitted, 0));
    assert_true(emil->state.stepped_back);
}

/* Nothing that a client was told may be forgotten: told and killed at once, many times. */
static void what_was_told_survives_a_kill(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *anna = &evening->people[ANNA];
    evening_gather(evening, 1);
    for (int i = 0; i < 12; i++) {
        bool muted = i % 2 == 0;
        assert_true(balint_person_act(anna, BALINT_MSG_MUTE, BALINT_NOBODY, muted));
        assert_int_equal(balint_state_seat_of(&anna->state, anna->seat)->muted, muted);
        balint_serverproc_kill(&evening->server);
        assert_true(balint_serverproc_start(&evening->server, NULL, NULL));
        assert_true(balint_person_resume(anna));
        assert_int_equal(balint_state_seat_of(&anna->state, anna->seat)->muted, muted);
    }
}

static void a_server_that_leaves_says_so(void **state)
{
    struct evening *evening = *state;
    evening_gather(evening, 4);
    discuss(evening);
    struct balint_ws *stranger = balint_ws_open(&evening->server.to, NULL);
    assert_non_null(stranger);
    assert_int_equal(balint_serverproc_stop(&evening->server), 0);
    for (int i = 0; i < 4; i++) {
        assert_true(balint_person_until(&evening->people[i], balint_person_was_told_bye, 0));
        assert_string_equal(evening->people[i].bye.code, "shutdown");
    }
    struct balint_message message;
    assert_true(balint_test_next(stranger, &message, BALINT_TEST_MS));
    assert_int_equal(message.type, BALINT_MSG_BYE);
    balint_ws_close(stranger);
    char path[128];
    snprintf(path, sizeof path, "%s/address", evening->server.data);
    assert_int_not_equal(access(path, F_OK), 0);

    assert_true(balint_serverproc_start(&evening->server, NULL, NULL));
    assert_int_equal(access(path, F_OK), 0);
    assert_true(balint_person_resume(&evening->people[CLARA]));
    assert_true(evening->people[CLARA].state.stepped_back);
    assert_false(evening->people[CLARA].state.led); /* the others are not back yet */
}

static void who_leaves_the_lobby_frees_the_seat(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *anna = &evening->people[ANNA], *clara = &evening->people[CLARA];
    struct balint_message leave = {.type = BALINT_MSG_LEAVE};
    evening_gather(evening, 1);
    assert_true(balint_person_join(clara));
    assert_true(balint_person_until(anna, balint_person_sees_lobby, 1));
    assert_true(balint_test_send(clara->ws, &leave));
    assert_true(balint_person_ended(clara));
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
    struct balint_message message;
    while (anna->state.lobby_count > 0 && balint_test_ms() < deadline)
        balint_person_listen(anna, &message, 1000);
    assert_int_equal(anna->state.lobby_count, 0);
}

static void a_session_everybody_left_is_over(void **state)
{
    struct evening *evening = *state;
    struct balint_message leave = {.type = BALINT_MSG_LEAVE};
    uint8_t session[BALINT_SESSION_SIZE];
    evening_gather(evening, 2);
    evening_lead_to(evening, "check-in");
    memcpy(session, evening->people[ANNA].session, sizeof session);
    for (int i = 0; i < 2; i++) {
        assert_true(balint_test_send(evening->people[i].ws, &leave));
        assert_true(balint_person_ended(&evening->people[i]));
    }
    assert_true(balint_serverproc_wait_log(&evening->server, "room-over", BALINT_TEST_MS));
    struct balint_test_person *anna = &evening->people[ANNA];
    balint_person_finish(anna);
    balint_person_init(anna, &evening->server, &evening->group, &evening->invitations[ANNA]);
    assert_true(balint_person_join(anna));
    assert_int_equal(anna->door.session.length, 0); /* a new evening */
    assert_true(balint_person_admit_all(anna));
    assert_int_equal(anna->state.phase, 0);
    assert_memory_not_equal(anna->session, session, sizeof session);
}

/* Offers, candidates and reports pass between two people who are in, and reach nobody else. */
static void what_is_between_two_stays_between_two(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *anna = &evening->people[ANNA], *dora = &evening->people[DORA];
    evening_gather(evening, 4);
    struct balint_message candidate = {.type = BALINT_MSG_CANDIDATE,
                                       .candidate = {.seat = anna->seat,
                                                     .generation = 1,
                                                     .foundation = "1",
                                                     .component = 1,
                                                     .protocol = "udp",
                                                     .priority = 1,
                                                     .address = "192.0.2.1",
                                                     .port = 9,
                                                     .kind = "host"}};
    assert_true(balint_person_ask(dora, &candidate));
    struct balint_message got = {.type = BALINT_MSG_PING};
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
    while (got.type != BALINT_MSG_CANDIDATE && balint_test_ms() < deadline)
        balint_person_listen(anna, &got, 1000);
    assert_int_equal(got.type, BALINT_MSG_CANDIDATE);
    assert_int_equal(got.candidate.seat, dora->seat);
    assert_string_equal(got.candidate.address, "192.0.2.1");

    struct balint_message report = {
        .type = BALINT_MSG_REPORT,
        .report = {.seat = anna->seat, .envelope = {.length = BALINT_ENVELOPE_SIZE}}};
    memset(report.report.envelope.data, 0xa5, BALINT_ENVELOPE_SIZE);
    assert_true(balint_person_ask(dora, &report));
    while (got.type != BALINT_MSG_REPORT && balint_test_ms() < deadline)
        balint_person_listen(anna, &got, 1000);
    assert_int_equal(got.type, BALINT_MSG_REPORT);
    assert_int_equal(got.report.seat, dora->seat);
    assert_memory_equal(got.report.envelope.data, report.report.envelope.data, BALINT_ENVELOPE_SIZE);

    report.report.seat = evening->people[CLARA].seat; /* not a leader */
    assert_false(balint_person_ask(dora, &report));
    candidate.candidate.seat = 15; /* nobody */
    assert_false(balint_person_ask(dora, &candidate));
    /* A ping's answer comes behind all that Clara was ever sent: none of it was among that. */
    struct balint_test_person *clara = &evening->people[CLARA];
    struct balint_message ping = {.type = BALINT_MSG_PING};
    assert_true(balint_person_ask(clara, &ping));
    assert_int_equal(clara->count[BALINT_MSG_CANDIDATE] + clara->count[BALINT_MSG_REPORT], 0);
}

/* On her own socket a member gets nothing, and no number rises, when only what is the leaders' changes. */
static void nothing_arrives_when_only_the_leaders_things_change(void **state)
{
    struct evening *evening = *state;
    struct balint_test_person *anna = &evening->people[ANNA], *clara = &evening->people[CLARA];
    struct balint_message message;
    evening_gather(evening, 3);
    while (balint_person_listen(clara, &message, 300)) { /* what the gathering brought */
    }
    uint32_t number = clara->state.number;
    int states = clara->count[BALINT_MSG_STATE];
    assert_true(anna->count[BALINT_MSG_CRIB] == 1 && clara->count[BALINT_MSG_CRIB] == 0);
    assert_true(balint_person_act(anna, BALINT_MSG_END_AT, BALINT_NOBODY, 45));
    assert_true(balint_person_act(anna, BALINT_MSG_PRESENT, evening->people[BEN].seat, 0)); /* Ben is asked */
    assert_true(balint_person_act(anna, BALINT_MSG_LOCK, BALINT_NOBODY, 1));
    assert_true(anna->state.ends_ms > 0 && anna->state.proposed == evening->people[BEN].seat);
    assert_false(balint_person_listen(clara, &message, 300));
    assert_int_equal(clara->count[BALINT_MSG_STATE], states);
    /* Then something for everybody: the next number. */
    assert_true(balint_person_act(clara, BALINT_MSG_HAND, BALINT_NOBODY, 1));
    assert_int_equal(clara->state.number, number + 1);
    assert_true(clara->state.ends_ms == 0 && clara->state.proposed == BALINT_NOBODY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_waits_in_the_lobby_learns_nothing),
        TEST(nothing_arrives_when_only_the_leaders_things_change),
        TEST(everybody_sees_the_same_session),
        TEST(step_back_is_kept_over_a_lost_connection),
        TEST(an_old_resume_secret_is_none),
        TEST(the_newest_connection_displaces_the_older),
        TEST(without_leaders_the_presenter_returns_plainly),
        TEST(a_killed_server_comes_back_to_the_same_session),
        TEST(what_was_told_survives_a_kill),
        TEST(a_server_that_leaves_says_so),
        TEST(who_leaves_the_lobby_frees_the_seat),
        TEST(a_session_everybody_left_is_over),
        TEST(what_is_between_two_stays_between_two),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
