/* client_window.c - keys typed at a terminal become the lines of commands: also those that ask for a second
 * key, and those behind which something is typed.
 *
 * The terminal is a pseudo-terminal (pty(7)), the person a fake that answers from a state.
 */
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/asks.h"
#include "client/window.h"

static struct {
    struct balint_window *window;
    int master, stdin_before;
    struct balint_state state;
    char lines[1024]; /* what was to be done, a line each */
} evening;

static void do_line(const char *line, void *unused)
{
    (void)unused;
    g_strlcat(evening.lines, line, sizeof evening.lines);
    g_strlcat(evening.lines, "\n", sizeof evening.lines);
}

static bool asks(const struct balint_key_row *row, void *unused)
{
    (void)unused;
    struct balint_ask choices[BALINT_SEATS];
    return balint_asks(row, &evening.state, choices) > 0;
}

static bool answers(const struct balint_key_row *row, char key, char line[BALINT_LINE_SIZE], int *seat,
                    void *unused)
{
    (void)unused;
    return balint_answer(row, &evening.state, key, line, seat);
}

static void types(const struct balint_key_row *row, int seat, const char *text, void *unused)
{
    (void)row;
    (void)seat;
    (void)text;
    (void)unused;
}

static int begin(void **unused)
{
    (void)unused;
    int slave;
    memset(&evening, 0, sizeof evening);
    evening.state.format = *balint_format_find("interrupted-story");
    while (strcmp(evening.state.format.phases[evening.state.phase].id, "discussion") != 0)
        evening.state.phase++;
    evening.state.seat_count = 3;
    for (int i = 0; i < 3; i++)
        evening.state.seats[i].seat = i;
    if (openpty(&evening.master, &slave, NULL, NULL, NULL) != 0)
        return -1;
    evening.stdin_before = dup(STDIN_FILENO);
    dup2(slave, STDIN_FILENO);
    close(slave);
    evening.window = balint_window_new(do_line, asks, answers, types, NULL);
    balint_window_terminal(evening.window);
    return 0;
}

static int end(void **unused)
{
    (void)unused;
    balint_window_free(evening.window);
    dup2(evening.stdin_before, STDIN_FILENO);
    close(evening.stdin_before);
    close(evening.master);
    return 0;
}

/* Types it, and a last key whose line shows that all before it was taken. The watchdog is the test's own. */
static void typed(const char *keys, const char *want)
{
    char all[512];
    evening.lines[0] = '\0';
    g_snprintf(all, sizeof all, "%sQ", keys);
    for (const char *at = all; *at != '\0'; at++) /* one at a time, as a person does */
        assert_int_equal(write(evening.master, at, 1), 1);
    while (!g_str_has_suffix(evening.lines, "leave\n"))
        g_main_context_iteration(NULL, TRUE);
    evening.lines[strlen(evening.lines) - strlen("leave\n")] = '\0';
    assert_string_equal(evening.lines, want);
}

static void a_key_is_a_line(void **unused)
{
    (void)unused;
    typed("mn", "mute\nphase next\n");
    typed("SA", "step-back leaders\nstep-back aside\n");
    typed("q#", ""); /* these do nothing */
}

static void a_second_key_says_who(void **unused)
{
    (void)unused;
    typed("p2", "present 1\n");
    typed("p0", "present nobody\n");
    typed("l0", "");
    typed("pm", "mute\n"); /* no answer: the key does what it does */
    evening.state.seats[2].hand_ms = 5;
    typed("H3", "hand off 2\n");
}

static void a_second_key_says_where_the_evening_goes(void **unused)
{
    (void)unused;
    typed("f1", "phase presentation\n"); /* the story goes on: a loop */
    typed("f4", "phase corridor\n");
    typed("f9", "");
    typed("fb", "phase back\n");
}

/* A question to which there is no answer is over, and swallows nothing. */
static void nothing_to_ask_swallows_no_key(void **unused)
{
    (void)unused;
    typed("Hf1", "phase presentation\n");
    typed("da", "admit all\n"); /* nobody is at the door */
}

static void what_is_typed_stands_behind_the_command(void **unused)
{
    (void)unused;
    typed("M45\n", "end-at 45\n");
    typed("M4\1779\n", "end-at 9\n"); /* taken back, and another */
    typed("e2I will move on.\n", "answer 1 I will move on.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_key_is_a_line, begin, end),
        cmocka_unit_test_setup_teardown(a_second_key_says_who, begin, end),
        cmocka_unit_test_setup_teardown(a_second_key_says_where_the_evening_goes, begin, end),
        cmocka_unit_test_setup_teardown(nothing_to_ask_swallows_no_key, begin, end),
        cmocka_unit_test_setup_teardown(what_is_typed_stands_behind_the_command, begin, end),
    };
    return cmocka_run_group_tests_name("client_window", tests, NULL, NULL);
}
