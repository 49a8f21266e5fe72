/* protocol_describe.c - the generated tables leave nothing out: every limit, every code, every message.
 *
 * That PROTOCOL.md holds them as they are now is asked of the tool itself (balint-describe --check). Its
 * tables of codes that the server gives are written by hand: here the server's sources are searched for
 * others.
 */
#include "protocol/fields.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *described(void (*write)(FILE *out))
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    write(out);
    fclose(out);
    return text;
}

static char *source(const char *path)
{
    char name[512], *text = NULL;
    size_t length = 0;
    snprintf(name, sizeof name, "%s/%s", BALINT_SOURCE_DIR, path);
    FILE *file = fopen(name, "r");
    assert_non_null(file);
    assert_true(getdelim(&text, &length, '\0', file) > 0);
    fclose(file);
    return text;
}

static void every_limit_is_in_the_table(void **state)
{
    (void)state;
    char *header = source("signalling/protocol/limits.h"), *table = described(balint_describe_limits);
    int limits = 0;
    for (const char *at = strstr(header, "#define BALINT_"); at; at = strstr(at + 1, "#define BALINT_")) {
        char name[64] = "", row[128], *end;
        int behind = 0;
        sscanf(at, "#define %63s %n", name, &behind);
        long value = strtol(at + behind, &end, 10);
        if (behind && end != at + behind) {
            snprintf(row, sizeof row, "| `%s` | %ld |", name, value);
            if (!strstr(table, row)) {
                fail_msg("not in the table of limits: %s", row);
            }
            limits++;
        }
    }
    assert_true(limits >= 20);
    free(header);
    free(table);
}

/* Every code that decode.c gives is in the table of errors, and every code of the table is given. */
static void every_code_is_in_the_table(void **state)
{
    (void)state;
    char *code = source("signalling/protocol/decode.c"), *table = described(balint_describe_results);
    const char *call = "refuse(";
    for (const char *at = strstr(code, call); at; at = strstr(at + 1, call)) {
        char name[64], row[80];
        if (sscanf(at, "refuse(%*[&d], \"%63[a-z-]\"", name) == 1) {
            snprintf(row, sizeof row, "| `%s` |", name);
            if (!strstr(table, row)) {
                fail_msg("not in the table of errors: %s", name);
            }
        }
    }
    for (const struct balint_wire_error *error = balint_wire_errors; error->code; error++) {
        char quoted[64];
        snprintf(quoted, sizeof quoted, "\"%s\"", error->code);
        assert_non_null(strstr(code, quoted));
    }
    for (int i = BALINT_OK + 1; i < BALINT_RESULTS; i++) {
        char row[80];
        snprintf(row, sizeof row, "| `%s` |", balint_result_name((enum balint_result)i));
        assert_non_null(strstr(table, row));
    }
    free(code);
    free(table);
}

/* The first string literal behind `at`, up to the end of the statement; false when it is no code. */
static bool first_code(const char *at, char code[64])
{
    size_t statement = strcspn(at, ";");
    const char *quote = memchr(at, '"', statement);
    return quote && sscanf(quote, "\"%63[a-z-]\"", code) == 1 && quote[strlen(code) + 1] == '"';
}

static int codes_documented(const char *text, const char *document)
{
    static const char *const calls[] = {"refuse(",    "_error(",  "_room_end(", "_peer_bye(",
                                        "_room_bye(", "_remove(", "answer_to(", " bad("};
    int found = 0;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        for (const char *at = strstr(text, calls[i]); at; at = strstr(at + 1, calls[i])) {
            char code[64], marked[80];
            if (first_code(at, code)) {
                snprintf(marked, sizeof marked, "`%s`", code);
                if (!strstr(document, marked)) {
                    fail_msg("PROTOCOL.md does not say what the error `%s` means", code);
                }
                found++;
            }
        }
    }
    return found;
}

static void every_code_of_the_server_is_documented(void **state)
{
    (void)state;
    static const char *const folders[] = {"signalling/room", "signalling/server"};
    char *document = source("signalling/PROTOCOL.md"), path[512];
    int found = 0;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/%s", BALINT_SOURCE_DIR, folders[i]);
        DIR *folder = opendir(path);
        assert_non_null(folder);
        for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
            size_t length = strlen(entry->d_name);
            if (length > 2 && strcmp(entry->d_name + length - 2, ".c") == 0) {
                snprintf(path, sizeof path, "%s/%s", folders[i], entry->d_name);
                char *text = source(path);
                found += codes_documented(text, document);
                free(text);
            }
        }
        closedir(folder);
    }
    print_message("%d places give a code\n", found);
    assert_true(found > 40);
    free(document);
}

static void every_message_is_described(void **state)
{
    (void)state;
    char *messages = described(balint_describe_messages), *words = described(balint_describe_dictionary);
    for (int i = 0; i < BALINT_MSGS; i++) {
        char text[80];
        const char *name = balint_message_name((enum balint_type)i);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(name, balint_message_name((enum balint_type)j));
        }
        snprintf(text, sizeof text, "\n| `%s` | ", name);
        assert_non_null(strstr(messages, text));
        snprintf(text, sizeof text, "\"\\\"%s\\\"\"\n", name);
        assert_non_null(strstr(words, text));
    }
    assert_non_null(
        strstr(messages, "\n| `format.phases[].loops` | list of integers | rising, 0–15 | no | "));
    assert_non_null(strstr(messages, "\n| `opus.payload` | integer | 96–127 | yes | "));
    assert_non_null(strstr(messages, "\n| `to` | integer | 0–15 | yes to server | "));
    assert_non_null(strstr(messages, "\n| `envelope` | base64url | 256 bytes | yes | "));
    assert_null(strstr(messages, "`?`"));
    free(messages);
    free(words);
}

/* BALINT.md, "The evening": the phases in their order, and the discussion is what steps the presenter back.
 */
static void the_phases_are_drawn(void **state)
{
    (void)state;
    char *text = described(balint_describe_phases);
    static const char *const rows[] = {
        "| 0 | `gathering` |",
        "| 1 | `check-in` |",
        "| 3 | `presentation` |",
        "| 5 | `discussion` |",
        "| 25 | `all-but-presenter` | `aside` |",
        "\n 5 discussion         .  .  .  .  <  .  >  .  e\n",
        "\n 7 closing            .  .  .  .  .  .  <  .  >\n",
        "\n 8 corridor           .  .  .  .  .  .  .  <  .\n",
        "\n 6 discussion         .  .  .  o  .  <  .  >  .  e\n", /* the story goes on */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!strstr(text, rows[i])) {
            fail_msg("not drawn: %s", rows[i]);
        }
    }
    free(text);
}

/* BALINT.md, "Who may be heard and seen", cell by cell. */
static void the_floor_is_the_table_of_the_primer(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "| in the lobby | by nobody | nobody | nothing |\n",
        "| observer, in the circle | by nobody | all | everything |\n",
        "| `after_room`: leader, observer | by who is there | who is there | what is there |\n",
        "| stepped back, `aside` | by nobody | all, `dimmed` for members | everything |\n",
        "| stepped back, `leaders` | by nobody | leaders | everything |\n",
        "| `muted`, `muted_for_cause` | by nobody | all | everything |\n",
        "| `away` | by nobody | nobody | everything |\n",
        "| `sitting_out` | by nobody | nobody | nothing |\n",
        "| anybody else | by all | all | everything |\n",
    };
    char *text = described(balint_describe_floor);
    int lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')); at++) {
        lines++;
    }
    assert_int_equal(lines, 2 + sizeof rows / sizeof *rows);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!strstr(text, rows[i])) {
            fail_msg("not in the table of the floor: %s", rows[i]);
        }
    }
    free(text);
}

/* How many of these fields are told to some alone, and "What is filtered" names each of them. */
static int filtered(const struct balint_field *fields, const char *section)
{
    int found = 0;
    for (const struct balint_field *field = fields; field->key; field++) {
        const struct balint_field *inner = field->kind == BALINT_KIND_LIST ? field->sub : field;
        char marked[80];
        snprintf(marked, sizeof marked, "`%s`", field->key);
        bool told_to_some =
            field->about && (strstr(field->about, "leaders alone") || strstr(field->about, "person alone") ||
                             strstr(field->about, "presenter alone"));
        if (told_to_some && !strstr(section, marked)) {
            fail_msg("What is filtered leaves out %s", marked);
        }
        found += told_to_some;
        if (inner->kind == BALINT_KIND_OBJECT) {
            found += filtered(inner->sub, section);
        }
    }
    return found;
}

static void what_is_filtered_is_told_whole(void **state)
{
    (void)state;
    char *document = source("signalling/PROTOCOL.md");
    char *section = strstr(document, "What is filtered"),
         *end = section ? strstr(section, "\n\nA `person`") : NULL;
    assert_non_null(end);
    *end = '\0';
    int found = filtered(balint_row_of(BALINT_MSG_STATE)->fields, section);
    print_message("%d fields are told to some alone\n", found);
    assert_true(found >= 9);
    free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_limit_is_in_the_table),
        cmocka_unit_test(every_code_is_in_the_table),
        cmocka_unit_test(every_code_of_the_server_is_documented),
        cmocka_unit_test(every_message_is_described),
        cmocka_unit_test(the_phases_are_drawn),
        cmocka_unit_test(the_floor_is_the_table_of_the_primer),
        cmocka_unit_test(what_is_filtered_is_told_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
