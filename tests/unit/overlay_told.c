/* overlay_told.c - what everybody is told, whatever the format: BALINT.md, "Balance": "Only leaders see it …
 * The group is told so at the start." And whoever comes later is told then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "overlay_view.h"
#include "source.h"

static const char told[] = "Leaders see how long each has spoken; nobody else does.";
static struct evening evening;

static bool shows(const char *text, int64_t came_ms, int64_t now_ms)
{
    evening.view.came_ms = came_ms;
    evening.state.clock_ms = now_ms;
    evening_look(&evening, BELA, 1280, 720);
    return evening_says(&evening, text);
}

static void in_the_whole_first_phase_of_any_format(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.state.phase = 0;
    strcpy(evening.state.format.id, "our-own");
    strcpy(evening.state.format.phases[0].guidance, "People arrive.");
    evening.state.stepped_back = false;
    assert_true(shows(told, 1000, 3600000)); /* however long it lasts */
    assert_true(shows("People arrive.", 1000, 3600000));
    /* Guidance as long as it may be is cut, not this. */
    memset(evening.state.format.phases[0].guidance, 'm', sizeof evening.state.format.phases[0].guidance - 1);
    evening_look(&evening, BELA, 640, 360);
    const struct balint_item *item = evening_find(&evening, told, true);
    assert_non_null(item);
    assert_ptr_equal(strstr(balint_item_text(&evening.list, item), told),
                     balint_item_text(&evening.list, item));
    assert_true(balint_words_width(told, item->size, false) < item->rect.w);
    evening.state.phase = 1;
    assert_false(shows(told, 1000, 3600000));
}

static void a_latecomer_for_a_minute(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    const char *guidance = evening.state.format.phases[evening.state.phase].guidance;
    assert_true(shows(told, 1300000, 1300000));
    assert_true(shows(guidance, 1300000, 1359999));
    assert_true(shows(told, 1300000, 1359999));
    assert_false(shows(told, 1300000, 1360000));
    assert_true(shows(guidance, 1300000, 1360000));
    assert_false(shows(told, 1300000, 1200000)); /* another session's clock */
    /* In a round the turn is said, too. */
    evening.state.round = true;
    evening.state.seats[BELA].turn = 1;
    assert_true(shows(told, 1300000, 1310000));
    assert_true(shows("It is your turn", 1300000, 1310000));
}

/* The screen knows since when from the first state that says admitted. */
static void the_source_notes_who_came_when(void **unused)
{
    (void)unused;
    struct balint_source *source = balint_source_create();
    static struct balint_source_now now;
    static char text[65536];
    char why[BALINT_INPUT_WHY] = "";
    FILE *file = fopen(BALINT_SOURCE_DIR "/overlay/example/state.json", "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    char *clock = strstr(text, "\"clock_ms\": 1503000"), *admitted = strstr(text, "\"admitted\": true");
    assert_true(clock != NULL && admitted != NULL);
    assert_true(balint_source_set(source, BALINT_SOURCE_STATE, text, why));
    assert_true(balint_source_take(source, &now));
    assert_int_equal(now.came_ms, 1503000);
    memcpy(clock, "\"clock_ms\": 1509000", 19);
    assert_true(balint_source_set(source, BALINT_SOURCE_STATE, text, why));
    assert_true(balint_source_take(source, &now));
    assert_int_equal(now.state.clock_ms, 1509000);
    assert_int_equal(now.came_ms, 1503000);
    balint_source_destroy(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_the_whole_first_phase_of_any_format),
        cmocka_unit_test(a_latecomer_for_a_minute),
        cmocka_unit_test(the_source_notes_who_came_when),
    };
    return cmocka_run_group_tests_name("overlay-told", tests, NULL, NULL);
}
