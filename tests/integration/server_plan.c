/* What an operator set and planned is what people are shown: help line in the lobby too, cards and end to
 * leaders alone; also when it changes in mid-evening. */
#include "integration/operator.h"

#include <time.h>

static struct evening evening;
#define GROUP "Mittwochskreis"

/* Sets the cards to these lines. */
static void set_crib(const char *lines)
{
    char path[128];
    snprintf(path, sizeof path, "%s/crib", evening.server.folder);
    FILE *file = fopen(path, "w");
    assert_true(file != NULL && fputs(lines, file) >= 0);
    fclose(file);
    assert_int_equal(RUN("group", "set", GROUP, "--crib", path), 0);
}

static bool sees_help(const struct balint_test_person *person, int64_t last)
{
    return person->has_state && person->state.help[0] != '\0' &&
           person->state.help[strlen(person->state.help) - 1] == (char)last;
}

static bool sees_end(const struct balint_test_person *person, int64_t unused)
{
    (void)unused;
    return person->has_state && person->state.ends_ms > 0;
}

static bool has_cards(const struct balint_test_person *person, int64_t count)
{
    return person->crib.count == count;
}

/* Ten minutes ago, in Berlin's time: an evening that is on. */
static void plan_now(void)
{
    char first[32];
    time_t begun = time(NULL) - 600;
    struct tm local;
    setenv("TZ", "Europe/Berlin", 1);
    tzset();
    assert_non_null(localtime_r(&begun, &local));
    strftime(first, sizeof first, "%Y-%m-%dT%H:%M", &local);
    assert_int_equal(
        RUN("dates", "add", GROUP, "--first", first, "--zone", "Europe/Berlin", "--minutes", "60"), 0);
}

static bool sees_follow_ups(const struct balint_test_person *person, int64_t count)
{
    return person->has_state && person->state.follow_up_count == count;
}

/* Whose case is due is shown to leaders while a case is looked for; on a member's wire nothing moves. */
static void leaders_are_shown_what_is_due(void **state)
{
    (void)state;
    char today[16];
    time_t now = time(NULL);
    struct tm utc;
    struct balint_message ping = {.type = BALINT_MSG_PING};
    evening_begin(&evening, NULL);
    operator_data = evening.server.data;
    struct balint_test_person *anna = &evening.people[ANNA], *clara = &evening.people[CLARA];
    strftime(today, sizeof today, "%Y-%m-%d", gmtime_r(&now, &utc));
    assert_int_equal(RUN("follow-up", "add", GROUP, "--who", "Dora Ring", "--on", today), 0);
    evening_gather(&evening, CLARA + 1);
    evening_lead_to(&evening, "case");
    assert_true(balint_person_until(anna, sees_follow_ups, 1));
    assert_string_equal(anna->state.follow_ups[0].name, "Dora Ring");
    assert_string_equal(anna->state.follow_ups[0].due, today);
    assert_true(balint_person_until(&evening.people[BEN], sees_follow_ups, 1));
    /* A ping's answer comes behind all that Clara was sent. */
    assert_true(balint_person_ask(clara, &ping));
    uint32_t number = clara->state.number;
    assert_string_equal(clara->state.format.phases[clara->state.phase].id, "case");
    assert_int_equal(clara->state.follow_up_count, 0);
    assert_int_equal(RUN("follow-up", "add", GROUP, "--who", "Emil Tann", "--on", today), 0);
    assert_true(balint_person_until(anna, sees_follow_ups, 2));
    assert_true(balint_person_ask(clara, &ping));
    assert_int_equal(clara->state.number, number);
    assert_true(balint_person_act(clara, BALINT_MSG_HAND, BALINT_NOBODY, 1));
    assert_int_equal(clara->state.number, number + 1);
    evening_end(&evening);
}

static void people_are_shown_what_is_set(void **state)
{
    (void)state;
    evening_begin(&evening, NULL);
    operator_data = evening.server.data;
    struct balint_test_person *anna = &evening.people[ANNA], *clara = &evening.people[CLARA];
    assert_int_equal(RUN("group", "set", GROUP, "--help-line", "+49 30 1"), 0);
    set_crib("What is it like to be this patient?\nAnd this doctor?\n");
    plan_now();
    assert_true(balint_person_join(anna));
    assert_true(balint_person_until(anna, sees_help, '1'));
    assert_true(balint_person_admit_all(anna));
    assert_true(balint_person_until(anna, has_cards, 2));
    assert_string_equal(anna->crib.cards[1].text, "And this doctor?");
    assert_true(balint_person_until(anna, sees_end, 0));
    assert_true(balint_person_join(clara));
    assert_string_equal(clara->state.help, "+49 30 1"); /* in the lobby too */
    assert_true(balint_person_until(anna, balint_person_sees_lobby, 1));
    assert_true(balint_person_admit_all(anna));
    assert_true(balint_person_until(clara, balint_person_is_admitted, 0));
    assert_int_equal(clara->state.ends_ms, 0); /* leaders alone */
    /* Set anew while they sit there: shown within seconds, the end unmoved. */
    int64_t ends_ms = anna->state.ends_ms;
    assert_int_equal(RUN("group", "set", GROUP, "--help-line", "+49 30 2"), 0);
    assert_true(balint_person_until(clara, sees_help, '2'));
    assert_true(balint_person_until(anna, sees_help, '2'));
    assert_int_equal(anna->state.ends_ms, ends_ms);
    assert_int_equal(clara->count[BALINT_MSG_CRIB], 0);
    /* And after a restart. */
    balint_serverproc_kill(&evening.server);
    assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
    assert_true(balint_person_resume(clara));
    assert_true(balint_person_until(clara, sees_help, '2'));
    assert_true(balint_person_resume(anna));
    assert_int_equal(anna->state.ends_ms, ends_ms);
    evening_end(&evening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(people_are_shown_what_is_set),
                                       cmocka_unit_test(leaders_are_shown_what_is_due)};
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
