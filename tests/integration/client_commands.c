/* client_commands.c - commands, keys, the held return key and the command line of `balint join`, as data. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "client/commands.h"
#include "client/hold.h"
#include "client/options.h"
#include "session/state.h"

static struct balint_command parsed(const char *text)
{
    struct balint_command command;
    char why[BALINT_WHY_SIZE] = "";
    if (!balint_command_parse(text, &command, why))
        fail_msg("\"%s\": %s", text, why);
    return command;
}

static void refused(const char *text, const char *names)
{
    struct balint_command command;
    char why[BALINT_WHY_SIZE] = "";
    assert_false(balint_command_parse(text, &command, why));
    assert_non_null(strstr(why, names));
    assert_null(strchr(why, '\n'));
}

static void test_every_command_is_read(void **state)
{
    (void)state;
    assert_int_equal(parsed("admit all").verb, BALINT_DO_ADMIT);
    assert_true(parsed("admit all").all);
    assert_string_equal(parsed("admit Anna Maria").text, "Anna Maria");
    assert_false(parsed("admit Anna Maria").all);
    assert_int_equal(parsed("look").verb, BALINT_DO_LOOK);
    assert_string_equal(parsed("look").text, "");
    assert_string_equal(parsed("look Anna Maria").text, "Anna Maria");
    assert_string_equal(parsed("present Béla").text, "Béla");
    assert_true(parsed("present nobody").all);
    assert_int_equal(parsed("volunteer").verb, BALINT_DO_VOLUNTEER);
    assert_int_equal(parsed("volunteer off").way, BALINT_OFF);
    assert_int_equal(parsed("agree").verb, BALINT_DO_AGREE);
    assert_int_equal(parsed("decline").verb, BALINT_DO_DECLINE);
    assert_int_equal(parsed("done").verb, BALINT_DO_DONE);
    assert_int_equal(parsed("pass").verb, BALINT_DO_DONE); /* nobody's passing is told apart */
    assert_int_equal(parsed("round").round, BALINT_ROUND_WORDS);
    assert_int_equal(parsed("round begin").round, BALINT_ROUND_BEGIN);
    assert_int_equal(parsed("round next").round, BALINT_ROUND_NEXT);
    assert_int_equal(parsed("round end").round, BALINT_ROUND_END);
    refused("round about", "about");
    assert_string_equal(parsed("phase next").text, "next");
    assert_string_equal(parsed("  phase   discussion  ").text, "discussion");
    assert_int_equal(parsed("step-back").place, BALINT_IN_CIRCLE);
    assert_int_equal(parsed("step-back leaders").place, BALINT_LEADERS_ONLY);
    assert_int_equal(parsed("step-back aside").place, BALINT_ASIDE);
    assert_int_equal(parsed("invite-back").verb, BALINT_DO_INVITE_BACK);
    assert_false(parsed("return").held);
    assert_true(parsed("return hold").held);
    assert_int_equal(parsed("ask-return").verb, BALINT_DO_ASK_RETURN);
    assert_int_equal(parsed("hand").way, BALINT_TOGGLE);
    assert_int_equal(parsed("hand up").way, BALINT_ON);
    assert_string_equal(parsed("hand off").text, "");
    assert_string_equal(parsed("hand off  Anna Maria").text, "Anna Maria");
    assert_int_equal(parsed("hand down 3").way, BALINT_OFF);
    refused("hand on Anna", "hand off NAME"); /* nobody raises another's hand */
    refused("hand Anna", "hand off NAME");
    assert_int_equal(parsed("mute").way, BALINT_TOGGLE);
    assert_int_equal(parsed("mute on").way, BALINT_ON);
    assert_int_equal(parsed("mute off").way, BALINT_OFF);
    assert_int_equal(parsed("panel").verb, BALINT_DO_PANEL);
    assert_int_equal(parsed("panel off").way, BALINT_OFF);
    assert_int_equal(parsed("debrief").way, BALINT_TOGGLE);
    assert_string_equal(parsed("debrief").file, "");
    assert_string_equal(parsed("debrief keep  ~/an evening.pdf").file, "~/an evening.pdf");
    assert_true(parsed("debrief keep").keep);
    assert_false(parsed("debrief on").keep);
    refused("debrief keeps", "debrief keep [FILE]");
    assert_int_equal(parsed("unmute").verb, BALINT_DO_MUTE);
    assert_int_equal(parsed("unmute").way, BALINT_OFF);
    assert_string_equal(parsed("mute-for-cause Anna Maria off").text, "Anna Maria");
    assert_int_equal(parsed("mute-for-cause Anna Maria off").way, BALINT_OFF);
    assert_int_equal(parsed("lead Anna").verb, BALINT_DO_LEAD);
    assert_int_equal(parsed("lock").verb, BALINT_DO_LOCK);
    assert_int_equal(parsed("lock").way, BALINT_TOGGLE);
    assert_int_equal(parsed("lock off").way, BALINT_OFF);
    assert_int_equal(parsed("away").verb, BALINT_DO_AWAY);
    assert_int_equal(parsed("sit-out").verb, BALINT_DO_SIT_OUT);
    assert_int_equal(parsed("quiet").verb, BALINT_DO_QUIET);
    assert_int_equal(parsed("quiet off").way, BALINT_OFF);
    assert_string_equal(parsed("answer Clara I will move on.").text, "Clara");
    assert_string_equal(parsed("answer Clara I will move on.").word, "I will move on.");
    assert_string_equal(parsed("answer 3  ja ").text, "3");
    assert_string_equal(parsed("answer \"Anna Maria\" ja").text, "Anna Maria");
    assert_string_equal(parsed("line Gehen wir weiter?").word, "Gehen wir weiter?");
    assert_string_equal(parsed("remove Béla").text, "Béla");
    assert_string_equal(parsed("remove Béla").word, "");
    assert_string_equal(parsed("remove Béla until tomorrow").word, "until tomorrow");
    assert_int_equal(parsed("after-room on").verb, BALINT_DO_AFTER_ROOM);
    assert_int_equal(parsed("shared").verb, BALINT_DO_SHARED);
    assert_int_equal(parsed("end-at 45").minutes, 45);
    refused("end-at", "minutes are missing after \"end-at\"");
    refused("end-at soon", "soon");
    refused("end-at 601", "601");
    refused("end-at -1", "-1");
    assert_int_equal(parsed("crib").verb, BALINT_DO_CRIB);
    assert_int_equal(parsed("later off").way, BALINT_OFF);
    assert_int_equal(parsed("hide-self").verb, BALINT_DO_HIDE_SELF);
    assert_int_equal(parsed("help").verb, BALINT_DO_HELP);
    assert_int_equal(parsed("leave").verb, BALINT_DO_LEAVE);
}

static void test_what_is_no_command_is_named(void **state)
{
    (void)state;
    refused("dance", "dance");
    refused("", "unknown");
    refused("mute perhaps", "perhaps");
    refused("present", "name is missing after \"present\": write present NAME");
    refused("phase", "phase is missing after \"phase\": write phase next");
    refused("leave now", "now");
    refused("return slowly", "slowly");
    refused("answer", "write answer NAME WORD");
    refused("answer Clara", "there is no word");
    refused("answer \"Anna Maria ja", "write answer NAME WORD");
    refused("line", "there is no word");
    refused("line tab\there", "one line of ordinary text");
    refused("remove", "write remove NAME");
    char word[200] = "line ";
    memset(word + 5, 'm', 121);
    refused(word, "make it shorter");
    char name[BALINT_NAME_SIZE + 20] = "present ";
    memset(name + 8, 'x', BALINT_NAME_SIZE);
    refused(name, "present NAME");
    char line[2 * BALINT_LINE_SIZE];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    refused(line, "too long");
}

static void test_a_script_line_has_its_seconds_and_its_number(void **state)
{
    (void)state;
    struct balint_script_line line;
    char why[BALINT_WHY_SIZE];
    assert_int_equal(balint_script_read("2.5 admit all", 7, true, &line, why), BALINT_SCRIPT_COMMAND);
    assert_true(line.seconds > 2.49 && line.seconds < 2.51);
    assert_int_equal(line.number, 7);
    assert_int_equal(line.command.verb, BALINT_DO_ADMIT);
    assert_int_equal(balint_script_read("# said later", 1, true, &line, why), BALINT_SCRIPT_EMPTY);
    assert_int_equal(balint_script_read("  \r", 1, true, &line, why), BALINT_SCRIPT_EMPTY);
    assert_int_equal(balint_script_read("phase next", 1, false, &line, why), BALINT_SCRIPT_COMMAND);
    static const char *const wrong[] = {"admit all", "-1 leave", "1e9 leave", "nan leave",
                                        "3leave",    "4 dance",  "5"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(balint_script_read(wrong[i], 12, true, &line, why), BALINT_SCRIPT_WRONG);
        assert_non_null(strstr(why, "line 12:"));
    }
}

/* What was written is shown, and does nothing to the terminal: no control character of any kind comes back.
 */
static void test_what_is_wrong_is_shown_and_not_done(void **state)
{
    (void)state;
    struct balint_script_line line;
    char why[BALINT_WHY_SIZE], long_one[200];
    static const char *const wrong[] = {"1 \x1b[2Jdance", "\x1b]0;title\a", "1 mute \x1b[8m",
                                        "1 a\302\2332J",  "1 a\x9b",        "1 a\bb\x7f"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(balint_script_read(wrong[i], 3, true, &line, why), BALINT_SCRIPT_WRONG);
        assert_non_null(strstr(why, "\\x"));
        for (const char *at = why; *at != '\0'; at++)
            assert_true((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7f);
    }
    refused("\x1b[2Jdance", "unknown command \"\\x1b[2Jdance\"");
    refused("dänce", "\"dänce\"");
    memset(long_one, 'x', 59);
    strcpy(long_one + 59, "őő"); /* cut between characters */
    refused(long_one, "xő\":");
}

static void test_keys_write_commands_that_exist(void **state)
{
    (void)state;
    int found = 0;
    for (int key = 1; key < 127; key++) {
        const struct balint_key_row *row = balint_key_find((char)key);
        if (row == NULL)
            continue;
        char line[BALINT_LINE_SIZE];
        const char *typed = strcmp(row->line, "end-at") == 0 ? " 45" : " a word";
        snprintf(line, sizeof line, "%s%s%s", row->line, row->asks ? " Anna" : "",
                 balint_key_types(row) ? typed : "");
        parsed(line);
        found++;
    }
    assert_true(found >= 15);
    char member[4096], leader[4096];
    balint_keys_help(false, member, sizeof member);
    balint_keys_help(true, leader, sizeof leader);
    assert_non_null(strstr(member, "mute"));
    assert_null(strstr(member, "next phase"));
    assert_non_null(strstr(leader, "next phase"));
    int told = 0; /* a key that stood twice would be told twice, and do one thing */
    for (const char *at = leader; *at != '\0'; at++)
        told += *at == '\t';
    assert_int_equal(told, found);
    assert_non_null(strstr(leader, "\nm\tmute"));
    assert_non_null(strstr(leader, "\np …\t")); /* a person's key follows */
    assert_non_null(strstr(leader, "\n\nLeaders' keys"));
    assert_true(strlen(leader) + 1 < BALINT_HELP_SIZE);
    char small[10];
    balint_keys_help(true, small, sizeof small);
    assert_true(strlen(small) < sizeof small);
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        assert_int_equal(balint_seat_of_key(balint_key_of_seat(seat)), seat);
    assert_int_equal(balint_seat_of_key('z'), BALINT_NOBODY);
    assert_int_equal(balint_seat_of_key('\0'), BALINT_NOBODY);
    assert_int_equal(balint_key_of_seat(-1), '?');
}

/* What only a leader can do by a key, by BALINT.md: also to go another way than on or back, to say when the
 * evening ends and where the presenter sits, and to take a hand as seen. */
static void test_leaders_have_keys_for_these(void **state)
{
    (void)state;
    static const char *const lines[] = {"phase", "end-at", "step-back aside", "step-back leaders",
                                        "hand off"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        bool found = false;
        for (int key = 1; key < 127; key++) {
            const struct balint_key_row *row = balint_key_find((char)key);
            found = found || (row != NULL && strcmp(row->line, lines[i]) == 0 && row->leaders);
        }
        if (!found)
            fail_msg("no key for \"%s\"", lines[i]);
    }
}

/* The manual page lists every command, as the program itself names it, in its order. */
static void test_the_manual_lists_every_command(void **state)
{
    (void)state;
    char line[512];
    int listed = 0;
    bool inside = false;
    FILE *page = fopen(BALINT_MAN_PAGE, "r");
    assert_non_null(page);
    while (fgets(line, sizeof line, page) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strcmp(line, ".nf") == 0 || strcmp(line, ".fi") == 0) {
            inside = line[1] == 'n';
        } else if (inside) {
            assert_non_null(balint_command_form(listed));
            assert_string_equal(line, balint_command_form(listed++));
        }
    }
    fclose(page);
    assert_int_equal(listed, BALINT_VERBS);
    assert_null(balint_command_form(listed));
    assert_null(balint_command_form(-1));
}

static void test_people_are_found_by_name_and_number(void **state)
{
    (void)state;
    struct balint_state_seat seats[4] = {{.seat = 0, .name = "Anna"},
                                         {.seat = 2, .name = "Annabel"},
                                         {.seat = 3, .name = "Béla"},
                                         {.seat = 5, .name = "7"}};
    char why[BALINT_WHY_SIZE];
    assert_int_equal(balint_person_find(seats, 4, "anna", why), 0);
    assert_int_equal(balint_person_find(seats, 4, "Annab", why), 1);
    assert_int_equal(balint_person_find(seats, 4, "2", why), 1);
    assert_int_equal(balint_person_find(seats, 4, "7", why), 3);
    assert_int_equal(balint_person_find(seats, 4, "Ann", why), -1);
    assert_non_null(strstr(why, "several"));
    assert_int_equal(balint_person_find(seats, 4, "Zoe", why), -1);
    assert_non_null(strstr(why, "Zoe"));
    assert_int_equal(balint_person_find(seats, 0, "Anna", why), -1);
}

static void test_phases_are_found(void **state)
{
    (void)state;
    const struct balint_format *classic = balint_format_find("classic");
    char why[BALINT_WHY_SIZE];
    assert_int_equal(balint_phase_find(classic, 0, "next", why), 1);
    assert_int_equal(balint_phase_find(classic, 1, "back", why), 0);
    assert_int_equal(balint_phase_find(classic, 0, "back", why), -1);
    assert_int_equal(balint_phase_find(classic, classic->count - 1, "next", why), -1);
    assert_string_equal(classic->phases[balint_phase_find(classic, 0, "discussion", why)].id, "discussion");
    assert_int_equal(balint_phase_find(classic, 0, "supper", why), -1);
    assert_int_equal(balint_phase_find(classic, 2, "end", why), classic->count - 1);
    for (int i = 0; i < BALINT_SHIPPED; i++) { /* every phase of any format, by its id */
        const struct balint_format *format = balint_format_shipped(i);
        for (int phase = 0; phase < format->count; phase++)
            assert_int_equal(balint_phase_find(format, 0, format->phases[phase].id, why), phase);
    }
}

static void test_formats_are_found(void **state)
{
    (void)state;
    static struct balint_state seen;
    char why[BALINT_WHY_SIZE];
    assert_int_equal(parsed("format two-cases").verb, BALINT_DO_FORMAT);
    assert_string_equal(parsed("format  two-cases ").text, "two-cases");
    refused("format", "format ID");
    refused("format a b", "format ID");
    /* Who may not choose, or not any more, is told who may, and when. */
    assert_int_equal(balint_choice_find(&seen, "short", why), -1);
    assert_non_null(strstr(why, "leaders choose it while people arrive"));
    static const char *const ids[] = {"classic", "short", "our-way"};
    for (seen.choice_count = 0; seen.choice_count < 3; seen.choice_count++)
        strcpy(seen.choices[seen.choice_count].id, ids[seen.choice_count]);
    strcpy(seen.format.id, "short");
    assert_int_equal(balint_choice_find(&seen, "our-way", why), 2);
    assert_int_equal(balint_choice_find(&seen, "next", why), 2);
    strcpy(seen.format.id, "our-way");
    assert_int_equal(balint_choice_find(&seen, "next", why), 0); /* round and round */
    strcpy(seen.format.id, "gone");
    assert_int_equal(balint_choice_find(&seen, "next", why), 0);
    assert_int_equal(balint_choice_find(&seen, "waltz", why), -1);
    assert_non_null(strstr(why, "classic, short, our-way"));
    char help[8192];
    balint_keys_help(true, help, sizeof help);
    assert_non_null(strstr(help, "O\twhile people arrive: another format for the evening\n"));
    balint_keys_help(false, help, sizeof help);
    assert_null(strstr(help, "another format"));
}

/* BALINT.md, "Step back": return by a key held for two seconds; with an invitation a plain key. */
static void test_a_key_is_held_after_two_seconds(void **state)
{
    (void)state;
    struct balint_hold hold = {0};
    balint_hold_press(&hold, 1000);
    assert_int_equal(balint_hold_tick(&hold, 1100), BALINT_HELD_NOTHING);
    balint_hold_release(&hold, 1150);
    assert_int_equal(balint_hold_tick(&hold, 1200), BALINT_HELD_NOTHING); /* it may repeat */
    assert_int_equal(balint_hold_tick(&hold, 1300), BALINT_HELD_SHORT);
    assert_int_equal(balint_hold_tick(&hold, 1350), BALINT_HELD_NOTHING);

    /* A window repeats a held key as release and press. */
    balint_hold_press(&hold, 2000);
    for (int64_t now = 2500; now < 3990; now += 30) {
        balint_hold_release(&hold, now);
        balint_hold_press(&hold, now + 1);
        assert_int_equal(balint_hold_tick(&hold, now + 2), BALINT_HELD_NOTHING);
    }
    assert_int_equal(balint_hold_tick(&hold, 3999), BALINT_HELD_NOTHING);
    assert_int_equal(balint_hold_tick(&hold, 4000), BALINT_HELD_LONG);
    assert_int_equal(balint_hold_tick(&hold, 9000), BALINT_HELD_NOTHING); /* said once */
    balint_hold_release(&hold, 9000);
    assert_int_equal(balint_hold_tick(&hold, 9500), BALINT_HELD_NOTHING);
    assert_false(hold.down);

    /* Just under two seconds is no hold, however late it is looked at. */
    balint_hold_press(&hold, 20000);
    balint_hold_release(&hold, 21999);
    assert_int_equal(balint_hold_tick(&hold, 30000), BALINT_HELD_SHORT);
}

static bool options(struct balint_options *read, bool testing, char why[BALINT_OPTION_WHY], int count, ...)
{
    static char words[16][128];
    char *argv[16];
    va_list list;
    va_start(list, count);
    for (int i = 0; i < count; i++) {
        snprintf(words[i], sizeof words[i], "%s", va_arg(list, const char *));
        argv[i] = words[i];
    }
    va_end(list);
    return balint_options_read(count, argv, testing, read, why);
}

static void test_options_are_read(void **state)
{
    (void)state;
    struct balint_options o;
    char why[BALINT_OPTION_WHY];
    assert_true(options(&o, true, why, 1, "https://x"));
    assert_string_equal(o.link, "https://x");
    assert_int_equal(o.width, 320);
    assert_int_equal(o.height, 180);
    assert_int_equal(o.fps, 15);
    assert_true(options(&o, true, why, 10, "-", "--video-size=640x360", "--fps", "10", "--seconds", "2.5",
                        "--video-test", "--no-audio-out", "--do", "-"));
    assert_string_equal(o.link, "-");
    assert_int_equal(o.width, 640);
    assert_int_equal(o.fps, 10);
    assert_true(o.seconds > 2.4 && o.video_test && o.no_audio_out);
    assert_string_equal(o.script, "-");
    assert_true(options(&o, false, why, 1, "--help"));
    assert_true(o.help);
}

static void test_options_that_are_wrong_are_named(void **state)
{
    (void)state;
    struct balint_options o;
    char why[BALINT_OPTION_WHY];
    assert_false(options(&o, true, why, 2, "L", "--dance"));
    assert_non_null(strstr(why, "--dance"));
    assert_false(options(&o, true, why, 0));
    assert_non_null(strstr(why, "link"));
    assert_false(options(&o, true, why, 2, "L", "--do"));
    assert_false(options(&o, true, why, 2, "L", "M"));
    assert_null(strstr(why, "M")); /* it may be a link */
    assert_false(options(&o, true, why, 3, "L", "--link-file", "F"));
    assert_non_null(strstr(why, "choose one"));
    assert_true(options(&o, false, why, 2, "--link-file", "F"));
    assert_null(o.link);
    assert_string_equal(o.link_file, "F");
    assert_false(options(&o, true, why, 2, "L", "--video-test=1"));
    static const char *const sizes[] = {"320", "320x",    "x",         "321x180",
                                        "8x8", "99999x2", "320x180x2", "-320x180"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        assert_false(options(&o, true, why, 3, "L", "--video-size", sizes[i]));
    assert_false(options(&o, true, why, 3, "L", "--fps", "0"));
    assert_false(options(&o, true, why, 3, "L", "--fps", "7.5"));
    assert_false(options(&o, true, why, 3, "L", "--seconds", "-3"));
    assert_false(options(&o, true, why, 3, "L", "--seconds", "inf"));
    assert_false(options(&o, true, why, 5, "L", "--audio-file", "a", "--audio-source", "b"));
    assert_non_null(strstr(why, "choose one"));
}

/* DESIGN.md: these exist only in builds with BALINT_TESTING. */
static void test_test_interfaces_are_unknown_in_what_is_shipped(void **state)
{
    (void)state;
    struct balint_options o;
    char why[BALINT_OPTION_WHY];
    assert_true(options(&o, true, why, 6, "L", "--report", "r.json", "--snapshot", "d", "--admit-everyone"));
    assert_true(o.admit_everyone);
    assert_false(options(&o, false, why, 3, "L", "--report", "r.json"));
    assert_non_null(strstr(why, "unknown option"));
    assert_false(options(&o, false, why, 3, "L", "--snapshot", "d"));
    assert_false(options(&o, false, why, 2, "L", "--admit-everyone"));
    assert_false(o.admit_everyone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_command_is_read),
        cmocka_unit_test(test_what_is_no_command_is_named),
        cmocka_unit_test(test_a_script_line_has_its_seconds_and_its_number),
        cmocka_unit_test(test_what_is_wrong_is_shown_and_not_done),
        cmocka_unit_test(test_keys_write_commands_that_exist),
        cmocka_unit_test(test_leaders_have_keys_for_these),
        cmocka_unit_test(test_the_manual_lists_every_command),
        cmocka_unit_test(test_people_are_found_by_name_and_number),
        cmocka_unit_test(test_phases_are_found),
        cmocka_unit_test(test_formats_are_found),
        cmocka_unit_test(test_a_key_is_held_after_two_seconds),
        cmocka_unit_test(test_options_are_read),
        cmocka_unit_test(test_options_that_are_wrong_are_named),
        cmocka_unit_test(test_test_interfaces_are_unknown_in_what_is_shipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
