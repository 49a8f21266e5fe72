/* overlay_input.c - JSON to balance and tiles and back; what is wrong is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

static char why[BALINT_INPUT_WHY];

static char *example(const char *name, size_t *length)
{
    char path[512], *text = malloc(BALINT_INPUT_SIZE);
    snprintf(path, sizeof path, "%s/overlay/example/%s", BALINT_SOURCE_DIR, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    *length = fread(text, 1, BALINT_INPUT_SIZE, file);
    fclose(file);
    return text;
}

/* What the manual's launch line uses is read. */
static void test_examples(void **unused)
{
    (void)unused;
    static struct balint_state state;
    struct balint_balance balance;
    size_t length;
    char *text = example("state.json", &length);
    assert_true(balint_input_state(text, length, &state, why));
    assert_string_equal(state.format.phases[state.phase].id, "discussion");
    assert_true(state.stepped_back);
    free(text);
    text = example("balance.json", &length);
    assert_true(balint_input_balance(text, length, &balance, why));
    assert_int_equal(balance.member_count, 4);
    assert_int_equal(balance.leader_count, 2);
    assert_int_equal(balance.other_count, 1);
    assert_true(balance.rows[6].presenter);
    free(text);
}

static bool read_balance(const char *text, struct balint_balance *balance)
{
    why[0] = '\0';
    return balint_input_balance(text, strlen(text), balance, why);
}

static void test_order_of_rows(void **unused)
{
    (void)unused;
    struct balint_balance balance;
    assert_true(read_balance(
        "{\"discussion_ms\":5,\"leaders_share\":1,\"rows\":["
        "{\"name\":\"P\",\"role\":\"member\",\"presenter\":true},"
        "{\"name\":\"L\",\"role\":\"leader\"},{\"name\":\"B\",\"role\":\"member\",\"share\":0.25},"
        "{\"name\":\"C\",\"role\":\"member\",\"reading\":\"none\"},"
        "{\"name\":\"K\",\"role\":\"co-leader\",\"reading\":\"away\"}]}",
        &balance));
    assert_int_equal(balance.member_count, 2);
    assert_int_equal(balance.leader_count, 2);
    assert_int_equal(balance.other_count, 1);
    static const char *const order[] = {"B", "C", "L", "K", "P"};
    for (int i = 0; i < 5; i++)
        assert_string_equal(balance.rows[i].name, order[i]);
    assert_true(balance.rows[0].share == 0.25);
    assert_int_equal(balance.rows[0].since_heard_ms, -1);
    assert_int_equal(balance.rows[1].reading, BALINT_NO_READING);
    assert_int_equal(balance.rows[3].reading, BALINT_IS_AWAY);
    assert_true(balance.leaders_share == 1);
}

static void test_round_trip(void **unused)
{
    (void)unused;
    struct balint_balance balance, again;
    size_t length;
    char *text = example("balance.json", &length);
    memset(&balance, 0, sizeof balance);
    memset(&again, 0, sizeof again);
    assert_true(balint_input_balance(text, length, &balance, why));
    char *json = balint_balance_json(&balance);
    assert_true(read_balance(json, &again));
    char *twice = balint_balance_json(&again);
    assert_string_equal(json, twice);
    assert_int_equal(again.rows[1].spoken_ms, balance.rows[1].spoken_ms);
    free(twice);
    free(json);
    free(text);
}

static void test_wrong_balance(void **unused)
{
    (void)unused;
#define ROW(text) "{\"discussion_ms\":1,\"rows\":[{\"name\":\"A\",\"role\":\"member\"" text "}]}"
    static const struct {
        const char *text, *names;
    } wrong[] = {
        {"", "JSON"},
        {"{", "JSON"},
        {"[]", "object"},
        {"{\"discussion_ms\":1,\"discussion_ms\":2,\"rows\":[]}", "JSON"},
        {"{\"rows\":[]}", "discussion_ms"},
        {"{\"discussion_ms\":-1,\"rows\":[]}", "discussion_ms"},
        {"{\"discussion_ms\":1.5,\"rows\":[]}", "discussion_ms"},
        {"{\"discussion_ms\":1}", "rows"},
        {"{\"discussion_ms\":1,\"rows\":{}}", "rows"},
        {"{\"discussion_ms\":1,\"rows\":[],\"evenness\":1}", "evenness"},
        {"{\"discussion_ms\":1,\"rows\":[],\"leaders_share\":1.01}", "leaders_share"},
        {"{\"discussion_ms\":1,\"rows\":[7]}", "row 0"},
        {"{\"discussion_ms\":1,\"rows\":[{\"role\":\"member\"}]}", "name"},
        {"{\"discussion_ms\":1,\"rows\":[{\"name\":\"A\"}]}", "role"},
        {ROW(",\"role\":\"leader\""), "JSON"}, /* twice */
        {"{\"discussion_ms\":1,\"rows\":[{\"name\":\"A\",\"role\":\"guest\"}]}", "role"},
        {ROW(",\"share\":2"), "share"},
        {ROW(",\"share\":\"much\""), "share"},
        {ROW(",\"seat\":16"), "seat"},
        {ROW(",\"shared\":1"), "shared"},
        {ROW(",\"reading\":\"maybe\""), "reading"},
        {ROW(",\"turns\":99999999999"), "turns"},
        {ROW(",\"since_heard_ms\":-2"), "since_heard_ms"},
        {"{\"discussion_ms\":1,\"rows\":[{\"name\":\"\xff\",\"role\":\"member\"}]}", "JSON"},
        {"{\"discussion_ms\":1,\"rows\":[{\"role\":\"member\",\"name\":"
         "\"0123456789012345678901234567890123456789012345678901234567890123456789\"}]}",
         "name"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct balint_balance balance = {.discussion_ms = 77};
        assert_false(read_balance(wrong[i].text, &balance));
        assert_non_null(strstr(why, wrong[i].names));
        assert_null(strchr(why, '\n'));
        assert_int_equal(balance.discussion_ms, 77); /* as it was */
    }
    char rows[2048];
    int length = snprintf(rows, sizeof rows, "{\"discussion_ms\":1,\"rows\":[");
    for (int i = 0; i < 17; i++)
        length += snprintf(rows + length, sizeof rows - (size_t)length,
                           "%s{\"name\":\"A\",\"role\":\"member\"}", i == 0 ? "" : ",");
    snprintf(rows + length, sizeof rows - (size_t)length, "]}");
    struct balint_balance balance;
    assert_false(read_balance(rows, &balance));
    char *huge = calloc(1, BALINT_INPUT_SIZE + 2);
    memset(huge, ' ', BALINT_INPUT_SIZE + 1);
    assert_false(read_balance(huge, &balance));
    free(huge);
}

static void test_tiles(void **unused)
{
    (void)unused;
    struct balint_tile tiles[BALINT_SEATS];
    int count = -1;
    const char *text = "[{\"seat\":3,\"x\":8,\"y\":64,\"w\":320,\"h\":180,\"line\":\"sound\"},"
                       "{\"seat\":4,\"x\":0,\"y\":0,\"w\":2,\"h\":2,\"no_camera\":true}]";
    assert_true(balint_input_tiles(text, strlen(text), tiles, &count, why));
    assert_int_equal(count, 2);
    assert_int_equal(tiles[0].seat, 3);
    assert_int_equal(tiles[0].rect.w, 320);
    assert_int_equal(tiles[0].line, BALINT_LINE_SOUND);
    assert_int_equal(tiles[1].line, BALINT_LINE_UNKNOWN);
    assert_false(tiles[0].no_camera);
    assert_true(tiles[1].no_camera);
    char *json = balint_tiles_json(tiles, count);
    struct balint_tile again[BALINT_SEATS];
    assert_true(balint_input_tiles(json, strlen(json), again, &count, why));
    assert_memory_equal(tiles, again, 2 * sizeof *tiles);
    free(json);
    static const char *const wrong[] = {
        "{}", "[{\"seat\":3}]", "[{\"seat\":3,\"x\":-1,\"y\":0,\"w\":2,\"h\":2}]",
        "[{\"seat\":3,\"x\":1,\"y\":0,\"w\":2,\"h\":2,\"line\":\"red\"}]", "[1]"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        count = 5;
        assert_false(balint_input_tiles(wrong[i], strlen(wrong[i]), tiles, &count, why));
        assert_int_equal(count, 5);
    }
}

static void test_door(void **unused)
{
    (void)unused;
    struct balint_doorway door;
    const char *text = "[{\"seat\":3,\"standing\":\"new\"},{\"seat\":15,\"standing\":\"other-device\"},"
                       "{\"seat\":0,\"standing\":\"known\"},{\"seat\":1,\"standing\":\"unproven\"}]";
    assert_true(balint_input_door(text, strlen(text), &door, why));
    assert_int_equal(door.standing[0], BALINT_DOOR_KNOWN);
    assert_int_equal(door.standing[1], BALINT_DOOR_UNPROVEN);
    assert_int_equal(door.standing[2], BALINT_DOOR_UNSAID);
    assert_int_equal(door.standing[3], BALINT_DOOR_NEW);
    assert_int_equal(door.standing[15], BALINT_DOOR_OTHER_DEVICE);
    static const char *const wrong[] = {"{}",
                                        "[{\"seat\":3}]",
                                        "[{\"standing\":\"new\"}]",
                                        "[{\"seat\":16,\"standing\":\"new\"}]",
                                        "[{\"seat\":-1,\"standing\":\"new\"}]",
                                        "[{\"seat\":3,\"standing\":\"friend\"}]",
                                        "[{\"seat\":3,\"standing\":\"new\",\"name\":\"x\"}]",
                                        "[1]",
                                        ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(balint_input_door(wrong[i], strlen(wrong[i]), &door, why));
        assert_int_equal(door.standing[3], BALINT_DOOR_NEW); /* as it was */
    }
    assert_true(balint_input_door("[]", 2, &door, why));
    assert_int_equal(door.standing[3], BALINT_DOOR_UNSAID);
}

static void test_state(void **unused)
{
    (void)unused;
    static struct balint_state state;
    static const char *const wrong[] = {"", "{}", "{\"type\":\"pong\",\"sent\":1,\"clock_ms\":2}",
                                        "{\"type\":\"state\"}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        why[0] = '\0';
        assert_false(balint_input_state(wrong[i], strlen(wrong[i]), &state, why));
        assert_true(why[0] != '\0');
    }
    assert_non_null(strstr(why, "boot")); /* the first field that lacks */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),   cmocka_unit_test(test_order_of_rows),
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_wrong_balance),
        cmocka_unit_test(test_tiles),      cmocka_unit_test(test_door),
        cmocka_unit_test(test_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
