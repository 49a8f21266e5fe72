/* client_own.c - what the terminal says of the own place, once for each change. */
#include "client/own.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct balint_state before, now;
static char text[BALINT_OWN_LINE];

static int begin(void **unused)
{
    (void)unused;
    memset(&before, 0, sizeof before);
    before.admitted = before.led = true;
    before.format = *balint_format_find("classic");
    before.phase = 5; /* the discussion */
    before.presenter = before.proposed = BALINT_NOBODY;
    before.you = 3;
    before.seat_count = 1;
    before.seats[0].seat = 3;
    before.seats[0].role = BALINT_MEMBER;
    now = before;
    return 0;
}

static bool says(const char *part)
{
    return balint_own_line(&before, &now, text, sizeof text) && strstr(text, part) != NULL;
}

/* BALINT.md, "Step back": "the presenter's own screen says that this is time to listen, and that nobody
 * hears"; and who sees: aside, or leaders only. */
static void a_presenter_who_steps_back(void **unused)
{
    (void)unused;
    now.presenter = now.you;
    assert_false(says(""));
    now.stepped_back = true;
    now.place = BALINT_ASIDE;
    assert_true(says("This is time to listen. Nobody hears you. The group sees you dimmed. "));
    before = now;
    assert_false(says("")); /* once */
    now.place = BALINT_LEADERS_ONLY;
    assert_true(says("Nobody hears you. Only the leaders see you. "));
    before = now;
    now.invited = true;
    assert_true(says("You are invited back. "));
    before = now;
    now.stepped_back = now.invited = false;
    assert_false(says(""));
}

static void others_step_back(void **unused)
{
    (void)unused;
    now.presenter = 1;
    now.stepped_back = true;
    now.seats[0].muted = true; /* an own key needs no word */
    assert_false(says(""));
}

static void what_others_ask_and_do(void **unused)
{
    (void)unused;
    now.proposed = now.you;
    assert_true(says("The leaders ask you to present. y agrees, N declines"));
    now.proposed = BALINT_NOBODY;
    now.seats[0].muted_for_cause = true;
    assert_true(says("A leader has muted you. "));
    assert_true(balint_own_line(NULL, &now, text, sizeof text)); /* who comes back is told, too */
    now.seats[0].muted_for_cause = false;
    assert_false(balint_own_line(NULL, &now, text, sizeof text));
    now.admitted = false;
    assert_false(balint_own_line(NULL, &now, text, sizeof text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_presenter_who_steps_back, begin),
        cmocka_unit_test_setup(others_step_back, begin),
        cmocka_unit_test_setup(what_others_ask_and_do, begin),
    };
    return cmocka_run_group_tests_name("client_own", tests, NULL, NULL);
}
