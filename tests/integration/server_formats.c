/* Formats by balint-server's subcommands, and what a group's session begins with. What a format may be is
 * FORMATS.md; the reader's own test is unit/protocol_format.c.
 */
#include "integration/server_evening.h"

#include <jansson.h>

static char out[65536];

static int begin(void **state)
{
    struct evening *evening = malloc(sizeof *evening);
    *state = evening;
    evening_begin(evening, NULL);
    return 0;
}

static int end(void **state)
{
    evening_end(*state);
    free(*state);
    return 0;
}

#define RUN(...) balint_serverproc_run((const char *const[]){__VA_ARGS__, NULL}, out, sizeof out)

static const char *write_file(const struct evening *evening, const char *text)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/own.json", evening->server.folder);
    FILE *file = fopen(path, "w");
    assert_true(file != NULL && fputs(text, file) >= 0);
    fclose(file);
    return path;
}

/* A format of three phases under an id. */
static const char *own_format(const struct evening *evening, const char *id)
{
    char text[512];
    snprintf(text, sizeof text,
             "{\"id\":\"%s\",\"title\":\"Our way\",\"phases\":[{\"id\":\"arriving\",\"title\":\"Arriving\"},"
             "{\"id\":\"work\",\"title\":\"Work\",\"part\":\"case\",\"presenter\":\"aside\"},"
             "{\"id\":\"corridor\",\"title\":\"Corridor\",\"part\":\"corridor\"}]}",
             id);
    return write_file(evening, text);
}

static void shipped_ones_are_listed_and_shown(void **state)
{
    struct evening *evening = *state;
    static const char *const ids[] = {"classic", "two-cases", "interrupted-story", "in-the-circle", "short"};
    json_t *list;
    assert_int_equal(RUN("format", "list"), 0);
    for (int i = 0; i < 5; i++)
        assert_non_null(strstr(out, ids[i]));
    assert_int_equal(RUN("format", "list", "--json"), 0);
    assert_non_null(list = json_loads(out, 0, NULL));
    assert_int_equal(json_array_size(list), 5);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(json_string_value(json_object_get(json_array_get(list, i), "id")), ids[i]);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 4), "minutes")), 60);
    json_decref(list);
    for (int i = 0; i < 5; i++) { /* what is shown can be checked */
        assert_int_equal(RUN("format", "show", ids[i]), 0);
        assert_int_equal(RUN("format", "check", write_file(evening, out)), 0);
        assert_non_null(strstr(out, "own.json is right: "));
    }
    assert_int_equal(RUN("format", "show", "waltz"), 1);
    assert_non_null(strstr(out, "There is no shipped format \"waltz\". `balint-server format list`"));
    assert_int_equal(RUN("format", "show"), 2);
}

static void every_mistake_is_told_by_its_path(void **state)
{
    struct evening *evening = *state;
    const char *path = write_file(evening, "{\"id\":\"own\",\"title\":\"Own\",\"titel\":1,\"phases\":["
                                           "{\"id\":\"a\",\"title\":\"A\",\"minutes\":700},"
                                           "{\"id\":\"b\",\"title\":\"B\",\"part\":\"case\","
                                           "\"presenter\":\"aside\",\"loops\":[\"z\"]},"
                                           "{\"id\":\"c\",\"title\":\"C\",\"part\":\"corridor\"}]}");
    assert_int_equal(RUN("format", "check", path), 1);
    assert_non_null(strstr(out, "titel: There is no such key."));
    assert_non_null(strstr(out, "phases[0].minutes: 700 is more than 600. Write 0 to 600.\n"));
    assert_non_null(strstr(out, "phases[1].loops[0]: No phase has the id \"z\"."));
    assert_non_null(strstr(out, "own.json has 3 mistakes. "));
    assert_int_equal(RUN("format", "check", path, "--json"), 1);
    char *tail = strstr(out, "balint-server: "); /* on stderr, behind the document */
    assert_non_null(tail);
    *tail = '\0';
    json_t *answer = json_loads(out, 0, NULL);
    assert_non_null(answer);
    assert_true(json_is_false(json_object_get(answer, "right")));
    json_t *mistakes = json_object_get(answer, "mistakes");
    assert_int_equal(json_array_size(mistakes), 3);
    assert_string_equal(json_string_value(json_object_get(json_array_get(mistakes, 1), "path")),
                        "phases[0].minutes");
    json_decref(answer);
    assert_int_equal(RUN("format", "check", "/nowhere"), 1);
    assert_non_null(strstr(out, "/nowhere cannot be read"));
    /* Nor can it be a group's. */
    assert_int_equal(RUN("group", "format", evening->group.name, path, "--data", evening->server.data), 1);
    assert_non_null(strstr(out, "has 3 mistakes"));
}

/* Editors of Windows write one at the beginning. */
static void a_byte_order_mark_is_no_mistake(void **state)
{
    char text[65536] = "\xef\xbb\xbf";
    assert_int_equal(RUN("format", "show", "classic"), 0);
    strcat(text, out);
    assert_int_equal(RUN("format", "check", write_file(*state, text)), 0);
    assert_int_equal(RUN("format", "check", write_file(*state, "\xef\xbb\xbf")), 1);
    assert_non_null(strstr(out, "own.json has 1 mistake."));
}

/* FORMATS.md's example, as a person copies it. */
static void the_documents_example_is_right(void **state)
{
    static char text[65536];
    FILE *file = fopen(BALINT_SOURCE_DIR "/signalling/session/FORMATS.md", "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    char *start = strstr(text, "```json\n"), *end = start != NULL ? strstr(start + 8, "```\n") : NULL;
    assert_non_null(end);
    *end = '\0';
    assert_int_equal(RUN("format", "check", write_file(*state, start + 8)), 0);
    assert_non_null(strstr(out, "own.json is right: Our way, phases: 6, minutes: 53\n"));
}

static void a_group_that_is_not_there_has_none(void **state)
{
    struct evening *evening = *state;
    assert_int_equal(RUN("group", "format", "H", "short", "--data", evening->server.data), 1);
    assert_non_null(strstr(out, "There is no group \"H\""));
    assert_int_equal(RUN("group", "format", evening->group.name, "waltz", "--data", evening->server.data), 1);
    assert_non_null(strstr(out, "There is no shipped format \"waltz\" and no such file here"));
}

/* The leader of a new group, alone in its first session. */
struct alone {
    struct balint_test_group group;
    struct balint_test_invitation invitation;
    struct balint_test_person anna;
};

static void come(struct evening *evening, struct alone *alone, const char *name, const char *choice)
{
    memset(alone, 0, sizeof *alone);
    assert_true(balint_test_found(&evening->server, &alone->group, name));
    if (choice != NULL) {
        assert_int_equal(RUN("group", "format", name, choice, "--data", evening->server.data), 0);
        assert_string_equal(out, "");
    }
    alone->invitation.name = "Anna";
    assert_true(balint_test_mint(&evening->server, &alone->group, &alone->invitation, 1));
    balint_person_init(&alone->anna, &evening->server, &alone->group, &alone->invitation);
    assert_true(balint_person_join(&alone->anna));
    assert_true(balint_person_admit_all(&alone->anna));
    assert_true(balint_person_until(&alone->anna, balint_person_is_admitted, 0));
}

static void a_session_begins_with_the_groups_format(void **state)
{
    static struct alone alone;
    const struct balint_format *format = &alone.anna.state.format;
    come(*state, &alone, "none", NULL);
    assert_string_equal(format->id, "classic");
    balint_person_finish(&alone.anna);
    come(*state, &alone, "shipped", "two-cases");
    assert_memory_equal(format, balint_format_find("two-cases"), sizeof *format);
    balint_person_finish(&alone.anna);
    come(*state, &alone, "own", own_format(*state, "our-way"));
    assert_string_equal(format->id, "our-way");
    assert_int_equal(RUN("group", "show", "own", "--data", ((struct evening *)*state)->server.data), 0);
    assert_non_null(strstr(out, "format\tour-way\n"));
    assert_int_equal(RUN("group", "show", "none", "--data", ((struct evening *)*state)->server.data), 0);
    assert_non_null(strstr(out, "format\tclassic\n"));
    assert_int_equal(format->count, 3);
    assert_int_equal(format->phases[1].presenter, BALINT_ASIDE);
    balint_person_finish(&alone.anna);
}

static bool choose(struct balint_test_person *leader, const char *id)
{
    struct balint_message message = {.type = BALINT_MSG_FORMAT};
    strcpy(message.choice.format, id);
    return balint_person_ask(leader, &message);
}

/* Chosen for the evening, killed, and there again, the group's own still among what may be chosen. */
static void a_choice_survives_a_kill(void **state)
{
    static struct alone alone;
    struct evening *evening = *state;
    struct balint_test_person *anna = &alone.anna;
    come(evening, &alone, "kept", own_format(evening, "our-way"));
    assert_true(choose(anna, "short"));
    assert_string_equal(anna->state.format.id, "short");
    balint_serverproc_kill(&evening->server);
    assert_true(balint_serverproc_start(&evening->server, NULL, NULL));
    assert_true(balint_person_resume(anna));
    assert_string_equal(anna->state.format.id, "short");
    assert_int_equal(anna->state.choice_count, BALINT_SHIPPED + 1);
    assert_false(choose(anna, "waltz"));
    assert_string_equal(anna->error.code, "no-such-format");
    assert_true(choose(anna, "our-way"));
    assert_string_equal(anna->state.format.id, "our-way");
    assert_true(balint_person_act(anna, BALINT_MSG_PHASE, BALINT_NOBODY, 1));
    assert_false(choose(anna, "short"));
    assert_string_equal(anna->error.code, "too-late");
    balint_person_finish(anna);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_ones_are_listed_and_shown),
        cmocka_unit_test(every_mistake_is_told_by_its_path),
        cmocka_unit_test(a_byte_order_mark_is_no_mistake),
        cmocka_unit_test(the_documents_example_is_right),
        cmocka_unit_test(a_group_that_is_not_there_has_none),
        cmocka_unit_test(a_session_begins_with_the_groups_format),
        cmocka_unit_test(a_choice_survives_a_kill),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
