/* client_notice.c - for how long a sentence is on the screen: a refusal goes when the state says that it is
 * no longer true, any other sentence when its time is over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "client/join.h"

static struct balint_joined join;
static struct balint_state newer;
static char printed[2048];

void balint_join_show(struct balint_joined *of)
{
    assert_ptr_equal(of, &join);
}

static void take_print(const gchar *text)
{
    g_strlcat(printed, text, sizeof printed);
}

static int begin(void **unused)
{
    (void)unused;
    memset(&join, 0, sizeof join);
    printed[0] = '\0';
    g_set_printerr_handler(take_print);
    join.known = join.ready = join.state.admitted = join.state.led = true;
    join.state.format = *balint_format_find("classic");
    join.state.presenter = join.state.proposed = BALINT_NOBODY;
    join.state.you = 3;
    join.state.seat_count = 1;
    join.state.seats[0].seat = 3;
    join.state.seats[0].muted_for_cause = true;
    newer = join.state;
    return 0;
}

static bool is_shown(void)
{
    return g_get_monotonic_time() < join.notice_until_us;
}

static void a_refusal_goes_with_its_cause(void **unused)
{
    (void)unused;
    balint_join_refused(&join, "muted-for-cause", "A leader has muted you.");
    assert_true(is_shown());
    assert_string_equal(join.notice, "A leader has muted you.");
    newer.phase++; /* of something else */
    balint_join_notices(&join, &newer);
    assert_true(is_shown());
    newer.seats[0].muted_for_cause = false;
    balint_join_notices(&join, &newer);
    assert_false(is_shown());
}

static void another_sentence_stays(void **unused)
{
    (void)unused;
    balint_join_refused(&join, "muted-for-cause", "A leader has muted you.");
    balint_join_say(&join, "Your microphone is back.");
    newer.seats[0].muted_for_cause = false;
    balint_join_notices(&join, &newer);
    assert_true(is_shown());
}

/* BALINT.md: "The group is told so at the start"; on a terminal once, when this person comes in. */
static void who_comes_in_is_told_once(void **unused)
{
    (void)unused;
    static const char told[] = "balint: Leaders see how long each has spoken; nobody else does.\n";
    newer.seats[0].muted_for_cause = false;
    join.ready = false;
    newer.admitted = false;
    balint_join_notices(&join, &newer);
    assert_string_equal(printed, "");
    newer.admitted = true;
    balint_join_notices(&join, &newer);
    assert_string_equal(printed, told);
    join.ready = true;
    balint_join_notices(&join, &newer);
    assert_string_equal(printed, told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_refusal_goes_with_its_cause, begin),
        cmocka_unit_test_setup(another_sentence_stays, begin),
        cmocka_unit_test_setup(who_comes_in_is_told_once, begin),
    };
    return cmocka_run_group_tests_name("client_notice", tests, NULL, NULL);
}
