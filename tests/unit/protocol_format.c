/* protocol_format.c - a format's file: the shipped ones and FORMATS.md's example are right, and of what is
 * wrong every mistake is told by its path.
 *
 * What a file may say is FORMATS.md; the words of the mistakes are not compared whole, but each has to name
 * what is wrong and what to do.
 */
#include "protocol/format.h"
#include "session_support.h"

#include <stdlib.h>

#define TOLD 64
static struct {
    char path[BALINT_FORMAT_PATH], said[BALINT_FORMAT_SAID];
} told[TOLD];
static int told_count;

static void take(const char *path, const char *said, void *context)
{
    assert_ptr_equal(context, &told_count);
    assert_true(told_count < TOLD);
    strcpy(told[told_count].path, path);
    strcpy(told[told_count].said, said);
    told_count++;
}

static int judge(const char *text, size_t length, struct balint_format *format)
{
    told_count = 0;
    int mistakes = balint_format_read(text, length, format, take, &told_count);
    assert_int_equal(mistakes, told_count);
    for (int i = 0; i < told_count; i++) { /* a sentence with what to do, in plain characters */
        const char *end = told[i].said + strlen(told[i].said) - 1;
        assert_in_range(strlen(told[i].said), 20, BALINT_FORMAT_SAID - 1);
        assert_int_equal(*end, '.');
        for (const char *at = told[i].path; *at != '\0'; at++)
            assert_true(*at > ' ' && *at < 0x7f);
        for (const char *at = told[i].said; *at != '\0'; at++)
            assert_true((unsigned char)*at >= ' ' && *at != 0x7f);
    }
    return mistakes;
}

static char *read_file(const char *name)
{
    char path[512];
    static char text[BALINT_FORMAT_SIZE + 1];
    snprintf(path, sizeof path, "%s/signalling/session/%s", BALINT_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("no %s", path);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* ---- what is right */

static void there_and_back(const char *text, struct balint_format *format)
{
    struct balint_format again;
    if (judge(text, strlen(text), format) != 0)
        fail_msg("%s: %s", told[0].path, told[0].said);
    char *written = balint_format_write(format);
    assert_non_null(written);
    assert_string_equal(written, text); /* as a person finds it in the tree */
    assert_int_equal(judge(written, strlen(written), &again), 0);
    assert_memory_equal(&again, format, sizeof again);
    free(written);
}

static void the_shipped_files_are_what_is_shipped(void **state)
{
    (void)state;
    for (int i = 0; i < BALINT_SHIPPED; i++) {
        char name[64];
        struct balint_format format;
        snprintf(name, sizeof name, "formats/%s.json", balint_format_shipped(i)->id);
        there_and_back(read_file(name), &format);
        assert_memory_equal(&format, balint_format_shipped(i), sizeof format);
    }
}

/* FORMATS.md's example, as a person copies it. */
static const char *example_text(void)
{
    char *text = read_file("FORMATS.md");
    char *start = strstr(text, "```json\n"), *end = start != NULL ? strstr(start + 8, "```\n") : NULL;
    assert_non_null(end);
    *end = '\0';
    return start + 8;
}

static void the_documents_example_is_right(void **state)
{
    (void)state;
    struct balint_format format;
    there_and_back(example_text(), &format);
    assert_string_equal(format.id, "our-way");
    assert_int_equal(format.count, 6);
    assert_int_equal(format.phases[1].part, BALINT_PART_CASE);
    assert_int_equal(format.phases[2].minutes, 12);
    assert_int_equal(format.phases[3].presenter, BALINT_LEADERS_ONLY);
    assert_int_equal(format.phases[3].turn, BALINT_TURN_ALL_BUT_PRESENTER);
    assert_int_equal(format.phases[4].loops, 1u << 2);
    assert_true(balint_format_edge(&format, 4, 2));
}

/* What the document says of its example, as a session: the presenter is seen by leaders alone, and the group
 * goes back to the story. It is still that person's, and who sits the case out still hears nothing of it. */
static void the_documents_example_does_what_is_said_of_it(void **state)
{
    (void)state;
    struct balint_session session;
    struct balint_format format;
    const char *text = example_text();
    assert_int_equal(judge(text, strlen(text), &format), 0);
    session_of_six(&session);
    session.format = format;
    walk_to(&session, "case");
    tell_a_case(&session, LEADER, ANNA);
    ALLOWED(&session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
    walk_to(&session, "imagining");
    assert_true(session.stepped_back);
    assert_true(balint_may_see(&session, ANNA, LEADER));
    assert_false(balint_may_see(&session, ANNA, BERT));
    walk_to(&session, "return");
    ALLOWED(&session, ANNA, BALINT_RETURN, BALINT_NOBODY, 0);
    ALLOWED(&session, LEADER, BALINT_PHASE, BALINT_NOBODY, phase_index(&session, "story"));
    assert_int_equal(session.presenter, ANNA);
    assert_true(balint_may_hear(&session, ANNA, BERT));
    assert_false(balint_may_hear(&session, ANNA, CARL));
    walk_to(&session, "imagining");
    assert_true(session.stepped_back);
    assert_false(balint_may_see(&session, ANNA, BERT));
}

/* Every key and every word of a key is in the document. */
static void the_document_names_every_word(void **state)
{
    (void)state;
    const char *text = read_file("FORMATS.md");
    static const char *const words[] = {
        "| `id` |",      "| `title` |", "| `phases` |",      "| `guidance` |",
        "| `minutes` |", "| `turn` |",  "| `presenter` |",   "| `part` |",
        "| `loops` |",   "0–600",       "at most 120 bytes", "3–16 objects",
    };
    char word[64];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]) == NULL)
            fail_msg("FORMATS.md does not say %s", words[i]);
    for (int i = 0; i < BALINT_TURNS + BALINT_PLACES + BALINT_PARTS; i++) {
        const char *name = i < BALINT_TURNS ? balint_turn_name((enum balint_turn)i)
                           : i < BALINT_TURNS + BALINT_PLACES
                               ? balint_place_name((enum balint_place)(i - BALINT_TURNS))
                               : balint_part_name((enum balint_phase_part)(i - BALINT_TURNS - BALINT_PLACES));
        snprintf(word, sizeof word, "`%s`", name);
        if (strstr(text, word) == NULL)
            fail_msg("FORMATS.md does not say %s", word);
    }
}

/* ---- what is wrong */

static const char right[] = "{\"id\":\"own\",\"title\":\"Own\",\"phases\":["
                            "{\"id\":\"a\",\"title\":\"A\",\"guidance\":\"g\"},"
                            "{\"id\":\"b\",\"title\":\"B\",\"part\":\"case\",\"turn\":\"presenter\"},"
                            "{\"id\":\"c\",\"title\":\"C\",\"minutes\":20,\"presenter\":\"aside\"},"
                            "{\"id\":\"d\",\"title\":\"D\",\"loops\":[\"b\"]},"
                            "{\"id\":\"e\",\"title\":\"E\",\"part\":\"corridor\"}]}";

struct mistake {
    const char *path, *says;
};
struct wrong {
    const char *what, *with; /* replaced in `right` */
    struct mistake mistakes[4];
};

#define LONG_33  "abcdefghijklmnopqrstuvwxyz0123456"
#define LONG_65  LONG_33 "abcdefghijklmnopqrstuvwxyz012345"
#define LONG_121 LONG_65 LONG_33 "abcdefghijklmnopqrstuvw"

static const struct wrong wrongs[] = {
    /* keys */
    {"\"minutes\":20", "\"minute\":20", {{"phases[2].minute", "no such key"}}},
    {"\"title\":\"Own\"", "\"title\":\"Own\",\"colour\":\"red\"", {{"colour", "no such key"}}},
    {"\"title\":\"Own\"",
     "\"title\":\"Own\",\"a b\":1,\"\":1",
     {{"a?b", "no such key"}, {"", "no such key"}}},
    {"\"title\":\"Own\",", "", {{"title", "missing"}}},
    {"\"id\":\"own\",", "", {{"id", "missing"}}},
    {"\"title\":\"B\",", "", {{"phases[1].title", "missing"}}},
    {"\"id\":\"own\"", "\"id\":\"own\",\"id\":\"own\"", {{"id", "twice"}}},
    {"\"id\":\"own\"", "\"id\":\"own\",\"\\u0069d\":\"own\"", {{"?u0069d", "twice"}}},
    {"\"minutes\":20",
     "\"minutes\":20,\"minutes\":21,\"minutes\":20",
     {{"phases[2].minutes", "twice"}, {"phases[2].minutes", "twice"}}},
    /* numbers */
    {"\"minutes\":20", "\"minutes\":700", {{"phases[2].minutes", "700 is more than 600. Write 0 to 600."}}},
    {"\"minutes\":20", "\"minutes\":-1", {{"phases[2].minutes", "-1 is less than 0. Write 0 to 600."}}},
    {"\"minutes\":20", "\"minutes\":20.0", {{"phases[2].minutes", "whole number, 0 to 600"}}},
    {"\"minutes\":20", "\"minutes\":\"20\"", {{"phases[2].minutes", "whole number, 0 to 600"}}},
    {"\"minutes\":20", "\"minutes\":99999999999999999999", {{"phases[2].minutes", "too large"}}},
    /* words */
    {"\"aside\"",
     "\"asidee\"",
     {{"phases[2].presenter", "no \"asidee\" here. Write one of \"circle\", \"aside\", \"leaders\"."}}},
    {"\"turn\":\"presenter\"", "\"turn\":null", {{"phases[1].turn", "\"one-by-one\""}}},
    {"\"case\"", "\"Case\"", {{"phases[1].part", "\"corridor\""}}},
    /* texts */
    {"\"id\":\"own\"", "\"id\":\"Our Own\"", {{"id", "a-z 0-9 - _"}}},
    {"\"id\":\"own\"", "\"id\":\"\"", {{"id", "empty"}}},
    {"\"id\":\"own\"", "\"id\":\"" LONG_33 "\"", {{"id", "33 bytes long. Write at most 32."}}},
    {"\"title\":\"B\"", "\"title\":\"" LONG_65 "\"", {{"phases[1].title", "at most 64"}}},
    {"\"title\":\"B\"", "\"title\":7", {{"phases[1].title", "text in quotes"}}},
    {"\"guidance\":\"g\"", "\"guidance\":\"" LONG_121 "\"", {{"phases[0].guidance", "at most 120"}}},
    {"\"guidance\":\"g\"", "\"guidance\":\"a\\nb\"", {{"phases[0].guidance", "\"a?b\" has a character"}}},
    {"\"guidance\":\"g\"", "\"guidance\":\"\\u202e\"", {{"phases[0].guidance", "character"}}},
    /* a shipped one, changed */
    {"\"id\":\"own\"", "\"id\":\"classic\"", {{"id", "shipped"}}},
    /* ids and loops */
    {"\"id\":\"d\"", "\"id\":\"c\"", {{"phases[3].id", "phases[2] has the id \"c\" already"}}},
    {"[\"b\"]", "[\"x y\\u0007\"]", {{"phases[3].loops[0]", "No phase has the id \"x y?\""}}},
    {"[\"b\"]", "[\"d\"]", {{"phases[3].loops[0]", "does not follow itself"}}},
    {"[\"b\"]", "[\"b\",\"b\"]", {{"phases[3].loops[1]", "twice"}}},
    {"[\"b\"]",
     "[\"c\",\"e\",3]",
     {{"phases[3].loops[0]", "anyway (previous)"},
      {"phases[3].loops[1]", "anyway (next)"},
      {"phases[3].loops[2]", "in quotes"}}},
    {"\"guidance\":\"g\"", "\"loops\":[\"e\"]", {{"phases[0].loops[0]", "last phase"}}},
    {"[\"b\"]", "\"b\"", {{"phases[3].loops", "list of ids"}}},
    /* what a format has */
    {"\"guidance\":\"g\"", "\"part\":\"discussion\"", {{"phases[0].part", "People arrive"}}},
    {"\"guidance\":\"g\"", "\"presenter\":\"aside\"", {{"phases[0].presenter", "No case has begun"}}},
    {",\"part\":\"corridor\"", "", {{"phases[4].part", "last phase is the corridor"}}},
    {"\"part\":\"corridor\"",
     "\"part\":\"corridor\",\"presenter\":\"leaders\"",
     {{"phases[4].presenter", "corridor"}}},
    {"\"loops\":[\"b\"]", "\"part\":\"corridor\"", {{"phases[3].part", "Only the last"}}},
    {"\"part\":\"case\",", "", {{"phases[2].presenter", "No case has begun"}, {"phases", "No case begins"}}},
    {",\"presenter\":\"aside\"", "", {{"phases", "discussion"}}},
    /* the list */
    {"{\"id\":\"d\",\"title\":\"D\",\"loops\":[\"b\"]}", "7", {{"phases[3]", "no phase"}}},
    {"\"phases\":[", "\"phases\":{}}", {{"", "Line 1, column"}}},
};

static bool was_told(const struct mistake *mistake)
{
    for (int i = 0; i < told_count; i++)
        if (strcmp(told[i].path, mistake->path) == 0 && strstr(told[i].said, mistake->says) != NULL)
            return true;
    return false;
}

static void each_mistake_is_told_by_its_path(void **state)
{
    (void)state;
    struct balint_format format, before;
    char text[2048];
    assert_int_equal(judge(right, strlen(right), &format), 0);
    before = format;
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        const char *at = strstr(right, wrongs[i].what);
        int expected = 0;
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - right), right, wrongs[i].with,
                 at + strlen(wrongs[i].what));
        int mistakes = judge(text, strlen(text), &format);
        for (; expected < 4 && wrongs[i].mistakes[expected].path != NULL; expected++)
            if (!was_told(&wrongs[i].mistakes[expected]))
                fail_msg("%s: not told: %s: %s; but %s: %s", wrongs[i].with,
                         wrongs[i].mistakes[expected].path, wrongs[i].mistakes[expected].says, told[0].path,
                         told[0].said);
        if (mistakes != expected)
            fail_msg("%s: %d mistakes were told, among them %s: %s", wrongs[i].with, mistakes, told[0].path,
                     told[0].said);
        assert_memory_equal(&format, &before, sizeof format); /* nothing of it counts */
    }
}

/* A file that is wrong all over: nothing is left for the next try. */
static void all_mistakes_are_told_at_once(void **state)
{
    (void)state;
    static const char text[] =
        "{\n  \"id\": \"Own\",\n  \"titel\": \"Own\",\n  \"phases\": [\n"
        "    {\"id\": \"a\", \"title\": \"A\", \"minutes\": 700},\n"
        "    {\"id\": \"a\", \"title\": \"\", \"turn\": \"nobody\"},\n"
        "    [],\n"
        "    {\"id\": \"d\", \"id\": \"d\", \"title\": \"D\", \"loops\": [\"z\", \"d\"]},\n"
        "    {\"presenter\": \"away\", \"part\": 1, \"\xc3\xa4\": 1}\n  ]\n}\n";
    static const struct mistake all[] = {
        {"id", "character"},
        {"titel", "no such key"},
        {"title", "missing"},
        {"phases[0].minutes", "700 is more than 600"},
        {"phases[1].id", "already"},
        {"phases[1].title", "empty"},
        {"phases[1].turn", "no \"nobody\" here"},
        {"phases[2]", "no phase"},
        {"phases[3].id", "twice"},
        {"phases[3].loops[0]", "No phase has the id"},
        {"phases[3].loops[1]", "itself"},
        {"phases[4].id", "missing"},
        {"phases[4].title", "missing"},
        {"phases[4].presenter", "no \"away\" here"},
        {"phases[4].part", "\"corridor\""},
        {"phases[4].??", "no such key"},
    };
    struct balint_format format;
    int count = (int)(sizeof all / sizeof *all);
    assert_int_equal(judge(text, sizeof text - 1, &format), count);
    for (int i = 0; i < count; i++)
        if (!was_told(&all[i]))
            fail_msg("not told: %s: %s", all[i].path, all[i].says);
}

static void one(const char *text, size_t length, const char *path, const char *says)
{
    struct balint_format format;
    assert_int_equal(judge(text, length, &format), 1);
    if (!was_told(&(struct mistake){path, says}))
        fail_msg("instead of %s: %s: %s: %s", path, says, told[0].path, told[0].said);
}

static void what_is_no_format_at_all(void **state)
{
    (void)state;
    static char large[BALINT_FORMAT_SIZE + 1];
    one("", 0, "", "too early");
    one("7", 1, "", "Line 1");
    one("[]", 2, "", "no format");
    one("{\"id\":\"a\",\n \"title\" \"b\"}", 25, "title", "Line 2, column");
    one("{\"id\":\"\xff\"}", 10, "id", "not UTF-8");
    one("{\"id\":\"a\\u0000\"}", 17, "id", "NUL");
    one("[[[[[[[[[[]]]]]]]]]]", 20, "", "nests");
    memset(large, ' ', sizeof large);
    one(large, sizeof large, "", "more than 32768");
    struct balint_format format;
    char text[sizeof right + 1];
    for (size_t cut = 0; cut + 1 < sizeof right; cut++) { /* every beginning of it */
        memcpy(text, right, cut);
        assert_int_equal(judge(text, cut, &format), 1);
    }
    snprintf(text, sizeof text, "%s}", right);
    one(text, strlen(text), "", "ended before");
}

static void sixteen_phases_and_no_more(void **state)
{
    (void)state;
    struct balint_format format;
    char text[4096];
    for (int count = 1; count < 20; count++) {
        size_t used = (size_t)snprintf(text, sizeof text, "{\"id\":\"own\",\"title\":\"Own\",\"phases\":[");
        for (int i = 0; i < count; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s{\"id\":\"p%d\",\"title\":\"P\"%s}",
                                     i > 0 ? "," : "", i,
                                     i == 0           ? ""
                                     : i == count - 1 ? ",\"part\":\"corridor\""
                                     : i == 1         ? ",\"part\":\"case\",\"presenter\":\"aside\""
                                                      : "");
        used += (size_t)snprintf(text + used, sizeof text - used, "]}");
        if (count >= 3 && count <= 16)
            assert_int_equal(judge(text, used, &format), 0);
        else
            one(text, used, "phases", count < 3 ? "at least 3" : "more than 16");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_files_are_what_is_shipped),
        cmocka_unit_test(the_documents_example_is_right),
        cmocka_unit_test(the_documents_example_does_what_is_said_of_it),
        cmocka_unit_test(the_document_names_every_word),
        cmocka_unit_test(each_mistake_is_told_by_its_path),
        cmocka_unit_test(all_mistakes_are_told_at_once),
        cmocka_unit_test(what_is_no_format_at_all),
        cmocka_unit_test(sixteen_phases_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
