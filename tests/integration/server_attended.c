/* Attendance by a real server: who is in counts, who waits or is gone does not; a server that is killed loses
 * eight seconds at most (it writes every five) and counts nothing twice. */
#include "integration/attended.h"

/* Takes in what comes until then. */
static void stay(struct evening *evening, const int *who, int count, int64_t ms)
{
    struct balint_message message, ping = {.type = BALINT_MSG_PING, .id = 9000};
    int64_t deadline = balint_test_ms() + ms, pinged = 0;
    while (balint_test_ms() < deadline) {
        for (int i = 0; i < count; i++) {
            if (balint_test_ms() - pinged > 2000)
                assert_true(balint_test_send(evening->people[who[i]].ws, &ping));
            balint_person_listen(&evening->people[who[i]], &message, 20);
        }
        if (balint_test_ms() - pinged > 2000)
            pinged = balint_test_ms();
    }
}

static void who_is_in_counts(void **state)
{
    (void)state;
    static const int anna_alone[] = {ANNA};
    struct evening evening;
    evening_begin(&evening, NULL);
    int64_t before = balint_test_ms();
    evening_gather(&evening, 3); /* Anna, Ben, Clara */
    int64_t together = balint_test_ms();
    assert_true(balint_person_join(&evening.people[EMIL])); /* waits at the door */
    stay(&evening, anna_alone, 1, 1000);
    balint_person_drop(&evening.people[BEN]);
    int64_t lost = balint_test_ms();
    assert_true(
        balint_person_until(&evening.people[ANNA], balint_person_sees_gone, evening.people[BEN].seat));
    assert_true(balint_test_revoke(&evening.server, &evening.group, evening.invitations[CLARA].member, 1000));
    int64_t revoked = balint_test_ms();
    stay(&evening, anna_alone, 1, 2000);
    assert_int_equal(balint_serverproc_stop(&evening.server), 0); /* in order: nothing is lost */
    int64_t stopped = balint_test_ms();
    assert_in_range(attended_ms(&evening, ANNA), stopped - together - 1000, stopped - before);
    assert_in_range(attended_ms(&evening, BEN), lost - together - 50, lost - before + 500);
    assert_in_range(attended_ms(&evening, CLARA), lost - together - 50, revoked - before + 500);
    assert_int_equal(attended_ms(&evening, EMIL), -1);
    assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
    evening_end(&evening);
}

#define KILLS   5
#define LOST_MS 8000
static void a_killed_server_loses_eight_seconds_at_most(void **state)
{
    (void)state;
    static const int both[] = {ANNA, CLARA};
    /* Long ones, of which something must be left, and short ones, which must not count twice. */
    static const int lengths[KILLS] = {LOST_MS + 100, 300, 50, 700, LOST_MS + 100};
    struct evening evening;
    int64_t shortest = 0, longest = 0, counted = 0, worst = 0;
    evening_begin(&evening, NULL);
    int64_t begun = balint_test_ms();
    assert_true(balint_person_join(&evening.people[ANNA]));
    assert_true(balint_person_admit_all(&evening.people[ANNA]));
    assert_true(balint_person_join(&evening.people[CLARA]));
    assert_true(balint_person_until(&evening.people[ANNA], balint_person_sees_lobby, 1));
    assert_true(balint_person_admit_all(&evening.people[ANNA]));
    assert_true(balint_person_until(&evening.people[CLARA], balint_person_is_admitted, 0));
    for (int i = 0; i < KILLS; i++) {
        int64_t in = balint_test_ms();
        stay(&evening, both, 2, lengths[i]);
        int64_t killed = balint_test_ms();
        balint_serverproc_kill(&evening.server);
        shortest += killed - in;
        longest += balint_test_ms() - begun;
        int64_t ms = attended_ms(&evening, ANNA) > 0 ? attended_ms(&evening, ANNA) : 0;
        assert_true(ms >= counted);                            /* nothing of before is lost … */
        assert_true(ms - counted <= balint_test_ms() - begun); /* … nothing counted twice … */
        if (killed - in - (ms - counted) > worst)
            worst = killed - in - (ms - counted);
        assert_true(worst <= LOST_MS);
        counted = ms;
        assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
        begun = balint_test_ms();
        assert_true(balint_person_resume(&evening.people[ANNA]));
        assert_true(balint_person_resume(&evening.people[CLARA]));
    }
    print_message("killed %d times in %lld ms: at most %lld ms were lost at once\n", KILLS,
                  (long long)shortest, (long long)worst);
    assert_true(attended_ms(&evening, ANNA) <= longest + balint_test_ms() - begun);
    assert_true(attended_ms(&evening, CLARA) > 0);
    /* One person and evening, one line, in order of the names. */
    char out[4096];
    const char *report[] = {"attendance", "Mittwochskreis", "--csv", "--data", evening.server.data, NULL};
    assert_int_equal(balint_serverproc_run(report, out, sizeof out), 0);
    char *line = strstr(out, "date,name,role,minutes,member,session\r\n20"), rest[64];
    assert_ptr_equal(line, out);
    assert_int_equal(
        sscanf(strchr(line, '\n') + 1,
               "%*4d-%*2d-%*2d,Anna Leitner,leader,%*[^\r]\r\n%*4d-%*2d-%*2d,Clara Moos,%60[^,],", rest),
        1);
    assert_string_equal(rest, "member");
    evening_end(&evening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_in_counts),
        cmocka_unit_test(a_killed_server_loses_eight_seconds_at_most),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
