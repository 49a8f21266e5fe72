/* client_debrief.c - the leaders' look back: what stands on it, that no name or id of anybody does, and how
 * it is kept: only where asked, for its owner alone, over nothing. BALINT.md, "Balance", the last two
 * sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <jansson.h>

#include "client/debrief.h"
#include "client/debrief_keep.h"
#include "client/debrief_page.h"

#define PEOPLE 14
#define MINUTE 60000

enum { LEADER, CO_LEADER, PRESENTER, FIRST, OBSERVER = PEOPLE - 1 };

static struct balint_debrief debrief;
static struct balint_sheet sheet;
static struct balint_state state;
static char folder[64];

/* Names and ids that are nobody's word. */
static void name_of(int i, char *name, size_t size)
{
    snprintf(name, size, "Qx%cvar Zw%cnth", 'a' + i, 'a' + i);
}

static void report(struct balint_ledger *ledger, int who, int phase, int64_t start_ms, int64_t end_ms,
                   int64_t clock_ms)
{
    static struct balint_talk talks[PEOPLE];
    if (clock_ms == 0) {
        balint_talk_init(&talks[who]);
        return;
    }
    balint_talk_add(&talks[who], phase, (struct balint_talk_span){start_ms, end_ms}, false);
    talks[who].clock_ms = clock_ms;
    assert_true(balint_ledger_take(ledger, state.seats[who].member, 1, &talks[who]));
}

static void enter(struct balint_ledger *ledger, const char *id, int64_t ms)
{
    for (state.phase = 0; strcmp(state.format.phases[state.phase].id, id) != 0; state.phase++)
        ;
    state.phase_since_ms = state.clock_ms = ms;
    state.stepped_back = state.format.phases[state.phase].presenter != BALINT_IN_CIRCLE;
    balint_ledger_state(ledger, &state);
}

/* Ten members: the i-th speaks i minutes of the discussion, in the order of the seats; the last one nothing.
 */
static int begin(void **unused)
{
    (void)unused;
    struct balint_ledger *ledger = balint_ledger_new();
    memset(&state, 0, sizeof state);
    memset(&debrief, 0, sizeof debrief);
    strcpy(state.session, "00112233445566778899aabbccddeeff");
    strcpy(state.group, "Vnorbl group");
    state.format = *balint_format_find("classic");
    state.admitted = state.led = true;
    state.presenter = PRESENTER;
    state.seat_count = PEOPLE;
    for (int i = 0; i < PEOPLE; i++) {
        struct balint_state_seat *seat = &state.seats[i];
        seat->seat = i;
        snprintf(seat->member, sizeof seat->member, "id-%cqzx-%d", 'a' + i, 4711 + i);
        name_of(i, seat->name, sizeof seat->name);
        seat->role = i == LEADER      ? BALINT_LEADER
                     : i == CO_LEADER ? BALINT_CO_LEADER
                     : i == OBSERVER  ? BALINT_OBSERVER
                                      : BALINT_MEMBER;
        seat->connected = true;
        seat->epoch = 1;
        seat->heard = i != OBSERVER;
        report(NULL, i, 0, 0, 0, 0);
    }
    enter(ledger, "gathering", 0);
    enter(ledger, "presentation", 2 * MINUTE);
    enter(ledger, "discussion", 10 * MINUTE);
    int64_t at_ms = 10 * MINUTE;
    int discussion = state.phase;
    for (int i = FIRST; i < OBSERVER - 1; i++) {
        report(ledger, i, discussion, at_ms, at_ms + (i - FIRST + 1) * MINUTE, 69 * MINUTE);
        at_ms += (i - FIRST + 1) * MINUTE;
    }
    report(ledger, LEADER, discussion, at_ms, at_ms + 5 * MINUTE, 69 * MINUTE);
    report(ledger, CO_LEADER, discussion, 0, 0, 69 * MINUTE);
    report(ledger, PRESENTER, discussion, 0, 0, 69 * MINUTE);
    report(ledger, OBSERVER - 1, discussion, 0, 0, 69 * MINUTE);
    enter(ledger, "return", 70 * MINUTE);
    enter(ledger, "corridor", 75 * MINUTE);
    strcpy(debrief.date, "2026-11-26");
    debrief.format = state.format;
    balint_ledger_after(ledger, 76 * MINUTE, &debrief.after);
    balint_ledger_free(ledger);
    balint_debrief_sheet(&debrief, "the foot", &sheet);
    const char *tmp = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%.40s/debrief-XXXXXX", tmp != NULL ? tmp : "/tmp");
    assert_non_null(mkdtemp(folder));
    return 0;
}

static int end(void **unused)
{
    (void)unused;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const struct balint_sheet_row *find(const char *left)
{
    for (int i = 0; i < sheet.count; i++)
        if (strcmp(sheet.rows[i].left, left) == 0)
            return &sheet.rows[i];
    fail_msg("no row says \"%s\"", left);
    return NULL;
}

/* "phases, minutes, distribution", "silence (share, longest), overlap", the leaders' own share. */
static void test_what_stands_on_it(void **unused)
{
    (void)unused;
    assert_string_equal(find("Presentation")->right, "8 min");
    assert_string_equal(find("Return")->right, "5 min");
    assert_string_equal(find("Discussion")->right, "60 min");
    assert_string_equal(find("together")->right, "76 min");
    /* 45 minutes of nine members and five of a leader; everybody was read for 59 of 60 minutes */
    assert_string_equal(find("Silence")->right, "15 %");
    assert_string_equal(find("the longest")->right, "9 min 0 s");
    assert_string_equal(find("Two or more at once")->right, "0 %");
    assert_string_equal(find("not measured: no reading")->right, "1 min");
    assert_string_equal(find("Leaders, of all talk")->right, "10 %");
    assert_string_equal(find("Members, by share")->right, "9 turns");
    assert_string_equal(find("not heard")->right, "1");
    assert_string_equal(find("the foot")->left, "the foot");
}

/* Nothing in the order says who is who: the seats' order was the other way round. */
static void test_members_stand_by_their_share(void **unused)
{
    (void)unused;
    double before = 1;
    int bars = 0;
    for (int i = 0; i < sheet.count; i++) {
        if (sheet.rows[i].kind != BALINT_SHEET_BAR)
            continue;
        assert_true(sheet.rows[i].fill <= before);
        assert_string_equal(sheet.rows[i].left, "");
        before = sheet.rows[i].fill;
        bars++;
    }
    assert_int_equal(bars, 10);
    assert_string_equal(sheet.rows[sheet.count - 3].right, "0 %  nothing");
}

static void assert_nobody_in(const char *text, size_t length)
{
    for (int i = 0; i < PEOPLE; i++) {
        char name[BALINT_NAME_SIZE], *word;
        assert_null(memmem(text, length, state.seats[i].member, strlen(state.seats[i].member)));
        name_of(i, name, sizeof name);
        assert_null(memmem(text, length, name, strlen(name)));
        word = strtok(name, " ");
        assert_null(memmem(text, length, word, strlen(word)));
    }
    assert_null(memmem(text, length, state.session, 32));
    assert_null(memmem(text, length, "Vnorbl", 6));
}

/* "without names": neither in the file, nor among the words that are drawn, nor in the page's bytes. */
static void test_nobody_is_named(void **unused)
{
    (void)unused;
    static struct balint_list list;
    char *text = balint_debrief_json(&debrief);
    assert_non_null(text);
    assert_nobody_in(text, strlen(text));
    assert_null(strstr(text, "seat"));
    assert_null(strstr(text, "name"));
    free(text);
    balint_sheet_page(&sheet, 1000, 1400, &list);
    assert_true(list.text_used > 200);
    assert_nobody_in(list.text, (size_t)list.text_used);
    GByteArray *page = balint_debrief_page(&sheet);
    assert_non_null(page);
    assert_nobody_in((const char *)page->data, page->len);
    g_byte_array_unref(page);
}

/* The schema in debrief.h. */
static void test_the_files_fields(void **unused)
{
    (void)unused;
    char *text = balint_debrief_json(&debrief);
    json_t *root = json_loads(text, 0, NULL), *of = json_array_get(json_object_get(root, "cases"), 0);
    const char *kind, *date, *phase;
    int schema, number, unheard, unread, shared, longest, turns, leaders_turns;
    double minutes, discussion, measured, silence, overlap, leaders, leaders_minutes;
    json_t *members;
    assert_int_equal(json_unpack_ex(root, NULL, 0, "{s:i, s:s, s:s, s:[*], s:[*]!}", "schema", &schema,
                                    "kind", &kind, "date", &date, "phases", "cases"),
                     0);
    assert_int_equal(schema, 1);
    assert_string_equal(kind, "balint-debrief");
    assert_string_equal(date, "2026-11-26");
    assert_int_equal(json_array_size(json_object_get(root, "phases")), 5);
    assert_int_equal(json_unpack(json_array_get(json_object_get(root, "phases"), 2), "{s:s, s:s, s:i, s:F!}",
                                 "phase", &phase, "title", &kind, "case", &number, "minutes", &minutes),
                     0);
    assert_string_equal(phase, "discussion");
    assert_true(minutes == 60.0);
    assert_int_equal(
        json_unpack(of, "{s:i, s:F, s:F, s:F, s:i, s:F, s:F, s:F, s:i, s:i, s:o, s:i, s:i, s:i!}", "case",
                    &number, "discussion_minutes", &discussion, "read_minutes", &measured, "silence_share",
                    &silence, "silence_longest_s", &longest, "overlap_share", &overlap, "leaders_share",
                    &leaders, "leaders_minutes", &leaders_minutes, "leaders_turns", &leaders_turns, "turns",
                    &turns, "members", &members, "not_heard", &unheard, "no_reading", &unread, "shared",
                    &shared),
        0);
    assert_true(discussion == 60.0 && measured == 59.0 && leaders == 0.1 && leaders_minutes == 5.0);
    assert_true(silence == 0.15 && overlap == 0.0);
    assert_int_equal(longest, 540);
    assert_int_equal(turns, 9);
    assert_int_equal(json_array_size(members), 10);
    assert_true(json_real_value(json_object_get(json_array_get(members, 0), "share")) == 0.2);
    json_decref(root);
    free(text);
}

static char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* "on their own disk": 0600, one page, whole; and never over what is there. */
static void test_kept_for_its_owner_and_over_nothing(void **unused)
{
    (void)unused;
    char why[BALINT_WHY], *text = NULL;
    struct stat info;
    gsize length;
    umask(0);
    assert_true(balint_debrief_keep(&debrief, path_of("evening.pdf"), why));
    assert_non_null(strstr(why, "evening.json"));
    static const char *const files[] = {"evening.json", "evening.pdf"};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(stat(path_of(files[i]), &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
        assert_true(info.st_size > 500);
    }
    assert_true(g_file_get_contents(path_of("evening.pdf"), &text, &length, NULL));
    assert_memory_equal(text, "%PDF-", 5);
    assert_non_null(memmem(text, length, "/Count 1", 8)); /* one page */
    g_free(text);
    assert_false(balint_debrief_keep(&debrief, path_of("evening"), why));
    assert_non_null(strstr(why, "there already"));
    assert_int_equal(unlink(path_of("evening.json")), 0); /* the page alone is reason enough … */
    assert_false(balint_debrief_keep(&debrief, path_of("evening"), why));
    assert_int_equal(stat(path_of("evening.json"), &info), -1); /* … and then nothing is left of the other */
    assert_int_equal(rename(path_of("evening.pdf"), g_strconcat(folder, "/other.json", NULL)), 0);
    assert_true(g_file_set_contents(path_of("evening.pdf"), "mine", 4, NULL));
    assert_false(balint_debrief_keep(&debrief, path_of("evening.json"), why));
    assert_true(g_file_get_contents(path_of("evening.pdf"), &text, NULL, NULL));
    assert_string_equal(text, "mine");
    g_free(text);
    assert_false(balint_debrief_keep(&debrief, path_of("nowhere/evening"), why));
    assert_non_null(strstr(why, "another place"));
    assert_false(balint_debrief_keep(&debrief, path_of(""), why));
    assert_null(strchr(why, '\n'));
}

/* Two cases, and one without any reading: said as such. */
static void test_no_reading_is_said(void **unused)
{
    (void)unused;
    debrief.after.case_count = 2;
    debrief.after.cases[1] =
        (struct balint_after_case){.discussion_ms = 20 * MINUTE, .member_count = 2, .unread = 2};
    balint_debrief_sheet(&debrief, NULL, &sheet);
    assert_string_equal(find("Discussion of case 2")->right, "20 min");
    assert_string_equal(find("Silence, overlap")->right, "no reading");
    assert_string_equal(find("no reading")->right, "2");
    char *text = balint_debrief_json(&debrief);
    assert_non_null(strstr(text, "\"silence_share\": null"));
    free(text);
}

/* A leader looks back when the work is done. */
static void test_its_time(void **unused)
{
    (void)unused;
    for (state.phase = 0; state.phase < state.format.count; state.phase++) {
        const char *id = state.format.phases[state.phase].id;
        assert_int_equal(balint_debrief_time(&state),
                         strcmp(id, "closing") == 0 || strcmp(id, "corridor") == 0);
    }
    assert_false(balint_debrief_time(&state));
    state.phase = state.format.count - 1;
    assert_true(balint_debrief_time(&state));
    state.admitted = false;
    assert_false(balint_debrief_time(&state));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(test_what_stands_on_it),
        TEST(test_members_stand_by_their_share),
        TEST(test_nobody_is_named),
        TEST(test_the_files_fields),
        TEST(test_kept_for_its_owner_and_over_nothing),
        TEST(test_no_reading_is_said),
        TEST(test_its_time),
    };
    return cmocka_run_group_tests_name("client_debrief", tests, NULL, NULL);
}
