/* overlay_said.c - words that travelled sealed, on each person's screen as data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "input.h"

#include "unit/overlay_view.h"

static struct evening evening;
static struct balint_said said;

static void begin(void)
{
    evening_begin(&evening);
    memset(&said, 0, sizeof said);
    said.quiet = 1u << BELA;
    said.line_count = 2;
    strcpy(said.line[0].name, "Gábor");
    strcpy(said.line[0].text, "Shall we go on?");
    strcpy(said.line[1].name, "Anna");
    strcpy(said.line[1].text, "Yes, after Béla.");
}

/* As evening_look, with what was said. */
static void look(int seat, int width, int height)
{
    evening_look(&evening, seat, width, height);
    evening.view.said = &said;
    balint_layout(&evening.view, &evening.list);
}

static void leaders_see_signals_and_their_line(void **unused)
{
    (void)unused;
    for (int seat = ANNA; seat <= GABOR; seat++) {
        begin();
        look(seat, 1280, 720);
        assert_non_null(evening_find(&evening, "Béla: this is too close", false));
        assert_non_null(evening_find(&evening, "Gábor to the leaders: Shall we go on?", false));
        assert_non_null(evening_find(&evening, "Anna to the leaders: Yes, after Béla.", false));
        /* and the balance stands above it, whole */
        assert_non_null(evening_find(&evening, "66 %", false));
        assert_non_null(evening_find(&evening, "Anna 2 min, Gábor <1 min", false));
        said.quiet = 0;
        said.line_count = 0;
        look(seat, 1280, 720);
        assert_false(evening_says(&evening, "close"));
        assert_null(evening_group(&evening, BALINT_GROUP_SAID));
    }
}

/* "A quiet signal to the leaders alone": whatever is handed in, nobody else's screen has anything of it. */
static void nobody_else_sees_them(void **unused)
{
    (void)unused;
    static const char *const never[] = {"close", "leaders:", "Shall we", "Béla:"};
    for (int phase = 0; phase < 9; phase++)
        for (int seat = DORA; seat < PEOPLE; seat++) {
            begin();
            evening.state.phase = phase;
            evening.state.stepped_back = phase % 2;
            look(seat, 1280, 720);
            assert_null(evening_group(&evening, BALINT_GROUP_SAID));
            for (size_t i = 0; i < sizeof never / sizeof *never; i++)
                assert_false(evening_says(&evening, never[i]));
        }
}

static void the_person_sees_that_leaders_know(void **unused)
{
    (void)unused;
    begin();
    said.quiet = 0;
    said.own = BALINT_QUIET_ON_ITS_WAY;
    look(BELA, 1280, 720);
    assert_true(evening_says(&evening, "on its way to the leaders"));
    assert_false(evening_says(&evening, "alone know"));
    said.own = BALINT_QUIET_TAKEN;
    look(BELA, 1280, 720);
    assert_true(evening_says(&evening, "The leaders alone know that this is too close."));
    assert_true(evening_says(&evening, "u takes it back."));
    evening.state.seats[BELA].muted = true; /* both are said */
    look(BELA, 1280, 720);
    assert_true(evening_says(&evening, "You are muted."));
    assert_true(evening_says(&evening, "The leaders alone know that this is too close."));
    look(DORA, 1280, 720); /* stepped back: how to return stays */
    assert_true(evening_says(&evening, "The leaders alone know that this is too close."));
    assert_true(evening_says(&evening, "hold r"));
    evening.state.led = false;
    said.own = BALINT_QUIET_ON_ITS_WAY;
    look(BELA, 1280, 720);
    assert_true(evening_says(&evening, "No leader is here yet"));
}

static void the_person_reads_the_answer(void **unused)
{
    (void)unused;
    begin();
    strcpy(said.answer.name, "Anna");
    strcpy(said.answer.text, "I will see that we move on.");
    look(BELA, 1280, 720);
    assert_true(evening_says(&evening, "Anna, to you alone: I will see that we move on."));
    static const int sizes[][2] = {{1280, 720}, {1920, 1080}, {640, 360}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int seat = DORA; seat < PEOPLE; seat++) { /* it covers no name and nothing of the own state */
            look(seat, sizes[s][0], sizes[s][1]);
            const struct balint_rect *said_at = &evening_group(&evening, BALINT_GROUP_SAID)->rect;
            int bottom = said_at->y + said_at->h;
            for (int i = 0; i < evening.list.group_count; i++)
                if (evening.list.groups[i].id >= BALINT_GROUP_PLATE ||
                    evening.list.groups[i].id == BALINT_GROUP_BAND)
                    assert_true(evening.list.groups[i].rect.y >= bottom);
        }
    look(ANNA, 1280, 720); /* who said it has it on no screen that others may look at */
    assert_false(evening_says(&evening, "to you alone"));
}

/* Nothing says to who was removed that somebody still hears them; a leader who was has no panel any more. */
static void who_was_removed_sees_the_word_alone(void **unused)
{
    (void)unused;
    for (int seat = ANNA; seat < PEOPLE; seat++) {
        begin();
        said.over = true;
        strcpy(said.answer.name, "Gábor");
        strcpy(said.answer.text, "We talk tomorrow.");
        evening.view.note = "A leader has ended your part in this session.";
        look(seat, 1280, 720);
        assert_true(evening_says(&evening, "Gábor, to you alone: We talk tomorrow."));
        assert_true(evening_says(&evening, "A leader has ended your part"));
        assert_int_equal(evening.list.group_count, 3);
        assert_non_null(evening_group(&evening, BALINT_GROUP_CARD));
        assert_int_equal(evening_group(&evening, BALINT_GROUP_CARD)->rect.w, 1280);
    }
}

/* On small and large frames, with the longest words there can be, everything lies inside the frame. */
static void all_of_it_fits(void **unused)
{
    (void)unused;
    static const int sizes[][2] = {{1280, 720}, {1920, 1080}, {640, 360}, {960, 720}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int seat = ANNA; seat <= BELA; seat += BELA - ANNA) {
            begin();
            evening_fill(&evening);
            said.quiet = 0xffff;
            said.line_count = BALINT_SAID_LINE;
            for (int k = 0; k < BALINT_SAID_LINE; k++) {
                memset(said.line[k].text, 'm', sizeof said.line[k].text - 1);
                strcpy(said.line[k].name, evening.state.seats[GABOR].name);
            }
            said.answer = said.line[0];
            look(seat, sizes[i][0], sizes[i][1]);
            const struct balint_group *group = evening_group(&evening, BALINT_GROUP_SAID);
            const struct balint_group *panel = evening_group(&evening, BALINT_GROUP_PANEL);
            assert_non_null(group);
            assert_true(group->rect.x >= 0 && group->rect.x + group->rect.w <= sizes[i][0] + 1);
            assert_true(group->rect.y >= 0 && group->rect.y + group->rect.h <= sizes[i][1] + 1);
            if (panel != NULL)
                assert_true(panel->rect.y + panel->rect.h <= group->rect.y + 1);
            assert_true(evening.list.item_count < BALINT_LIST_ITEMS);
            assert_true(evening.list.text_used < BALINT_LIST_TEXT);
        }
}

static void it_is_read_and_written(void **unused)
{
    (void)unused;
    struct balint_said read;
    char why[BALINT_INPUT_WHY];
    begin();
    said.own = BALINT_QUIET_TAKEN;
    said.over = true;
    strcpy(said.answer.name, "Anna");
    strcpy(said.answer.text, "\"Zu nah\" ist ein Wort.");
    char *text = balint_said_json(&said);
    assert_true(balint_input_said(text, strlen(text), &read, why));
    assert_memory_equal(&read, &said, sizeof read);
    free(text);
    static const char *const wrong[] = {"",
                                        "[]",
                                        "{\"quiet\":[16]}",
                                        "{\"quiet\":[-1]}",
                                        "{\"quiet\":3}",
                                        "{\"own\":\"perhaps\"}",
                                        "{\"answer\":{\"name\":\"A\"}}",
                                        "{\"line\":[{\"name\":\"A\",\"text\":7}]}",
                                        "{\"over\":1}",
                                        "{\"loud\":[]}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(balint_input_said(wrong[i], strlen(wrong[i]), &read, why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaders_see_signals_and_their_line),
        cmocka_unit_test(nobody_else_sees_them),
        cmocka_unit_test(the_person_sees_that_leaders_know),
        cmocka_unit_test(the_person_reads_the_answer),
        cmocka_unit_test(who_was_removed_sees_the_word_alone),
        cmocka_unit_test(all_of_it_fits),
        cmocka_unit_test(it_is_read_and_written),
    };
    return cmocka_run_group_tests_name("overlay_said", tests, NULL, NULL);
}
