/* protocol_fields.c - every field of every message, bent in every way: the decoder refuses it and names it.
 */
#include "unit/protocol_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The message being bent, and the object in it that holds the field. */
struct bend {
    enum balint_way way;
    json_t *root;
    json_t *object;
    const char *path; /* of the object: "" or "seats[0]." */
    const struct balint_field *field;
    int tried;
};

static void expect(const struct bend *b, const char *text, const char *code, const char *field)
{
    struct balint_message message;
    struct balint_error error;
    bool decoded = balint_decode(text, strlen(text), b->way, &message, &error);
    bool fits = decoded ? !code : code && strcmp(error.code, code) == 0 && strcmp(error.field, field) == 0;
    if (!fits) {
        fail_msg("wanted %s at %s, got %s at %s: %.300s", code ? code : "success", field,
                 decoded ? "success" : error.code, error.field, text);
    }
    if (code) {
        assert_string_not_equal(error.text, "");
        assert_non_null(strchr(error.text, '.'));
    }
}

/* Puts `value` (NULL: takes the field out), expects `code` at `suffix` behind the field's path, puts the old
 * value back. */
static void try_value(struct bend *b, json_t *value, const char *code, const char *suffix)
{
    char path[128];
    json_t *old = json_incref(json_object_get(b->object, b->field->key));
    if (value) {
        json_object_set_new(b->object, b->field->key, value);
    } else {
        json_object_del(b->object, b->field->key);
    }
    char *text = json_dumps(b->root, JSON_COMPACT);
    snprintf(path, sizeof path, "%s%s%s", b->path, b->field->key, suffix);
    expect(b, text, code, path);
    free(text);
    json_object_set_new(b->object, b->field->key, old);
    b->tried++;
}

static void bend_type(struct bend *b)
{
    enum balint_kind kind = b->field->kind;
    bool string = kind == BALINT_KIND_TEXT || kind == BALINT_KIND_WORD || kind == BALINT_KIND_ENUM ||
                  kind == BALINT_KIND_BYTES;
    try_value(b, json_null(), "wrong-type", "");
    try_value(b, json_real(1.0), "wrong-type", "");
    if (kind != BALINT_KIND_INT) {
        try_value(b, json_integer(1), "wrong-type", "");
    }
    if (!string) {
        try_value(b, json_string("1"), "wrong-type", "");
    }
    if (kind != BALINT_KIND_BOOL) {
        try_value(b, json_true(), "wrong-type", "");
    }
    if (kind != BALINT_KIND_LIST && kind != BALINT_KIND_BITS) {
        try_value(b, json_array(), "wrong-type", "");
    }
    if (kind != BALINT_KIND_OBJECT) {
        try_value(b, json_object(), "wrong-type", "");
    }
}

/* Lengths: bytes of a text, bytes behind base64url, elements of a list. */
static void bend_length(struct bend *b)
{
    size_t min = (size_t)b->field->min, max = (size_t)b->field->max;
    try_value(b, sample_of_length(b->field, b->way, max + 1, false), "too-long", "");
    if (min > 0) {
        try_value(b, sample_of_length(b->field, b->way, min - 1, false), "too-short", "");
    }
    if (b->field->kind == BALINT_KIND_TEXT && b->field->chars != BALINT_CHARS_FINGERPRINT) {
        try_value(b, sample_of_length(b->field, b->way, min, false), NULL, "");
    }
}

static void bend_characters(struct bend *b)
{
    static const char *const outside[BALINT_CHARSETS] = {
        [BALINT_CHARS_TEXT] = "\n",  [BALINT_CHARS_ID] = "A",      [BALINT_CHARS_CODE] = "+",
        [BALINT_CHARS_HEX] = "g",    [BALINT_CHARS_ICE] = "-",     [BALINT_CHARS_FINGERPRINT] = "a",
        [BALINT_CHARS_PARAMS] = " ", [BALINT_CHARS_ADDRESS] = "%",
    };
    json_t *legal = json_object_get(b->object, b->field->key);
    char *text = strdup(json_string_value(legal));
    size_t last = strlen(text) - 1;
    text[last] = *outside[b->field->chars];
    try_value(b, json_string(text), "bad-characters", "");
    text[last] = ' ';
    if (b->field->chars != BALINT_CHARS_TEXT) {
        try_value(b, json_string(text), "bad-characters", "");
        memcpy(text + last - 1, "\xc3\xa4", 2); /* a letter, but not of these */
        try_value(b, json_string(text), "bad-characters", "");
    }
    free(text);
}

/* RFC 4648 5 and 3.5: the alphabet, no padding, left-over bits zero. */
static void bend_base64(struct bend *b)
{
    static const char *const wrong[] = {"AA==", "AA+/", "A", "AB", "AAB", "AA A", "AA\nA", "Ä"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        try_value(b, json_string(wrong[i]), "bad-encoding", "");
    }
}

static void bend_bits(struct bend *b)
{
    try_value(b, json_pack("[i]", (int)b->field->max + 1), "out-of-range", "[0]");
    try_value(b, json_pack("[i]", -1), "out-of-range", "[0]");
    try_value(b, json_pack("[i,i]", 0, 0), "out-of-range", "[1]");
    try_value(b, json_pack("[i,i]", 1, 0), "out-of-range", "[1]");
    try_value(b, json_pack("[i,s]", 0, "1"), "wrong-type", "[1]");
}

static void bend_twice(struct bend *b)
{
    static const char mark[] = "zz-duplicate";
    char path[128];
    char *spliced = NULL;
    json_object_set_new(b->object, mark, json_null());
    char *text = json_dumps(b->root, JSON_COMPACT);
    json_object_del(b->object, mark);
    char *at = strstr(text, mark);
    assert_true(asprintf(&spliced, "%.*s%s%s", (int)(at - text), text, b->field->key, at + strlen(mark)) > 0);
    snprintf(path, sizeof path, "%s%s", b->path, b->field->key);
    expect(b, spliced, "duplicate-field", path);
    free(spliced);
    free(text);
    b->tried++;
}

static void bend_fields(struct bend *b, const struct balint_field *fields);

static void bend_inside(struct bend *b)
{
    char path[128];
    json_t *value = json_object_get(b->object, b->field->key);
    struct bend inner = {.way = b->way, .root = b->root, .path = path};
    bool list = b->field->kind == BALINT_KIND_LIST;
    if (list && b->field->sub->kind == BALINT_KIND_BYTES) {
        json_t *wrong = json_deep_copy(value);
        json_array_set_new(wrong, 0, json_string(""));
        try_value(b, wrong, "too-short", "[0]");
        wrong = json_deep_copy(value);
        json_array_set_new(wrong, 1, json_integer(1));
        try_value(b, wrong, "wrong-type", "[1]");
        return;
    }
    inner.object = list ? json_array_get(value, 0) : value;
    if (!inner.object) {
        return; /* the list is bent where it has elements */
    }
    snprintf(path, sizeof path, "%s%s%s.", b->path, b->field->key, list ? "[0]" : "");
    bend_fields(&inner, list ? b->field->sub->sub : b->field->sub);
    b->tried += inner.tried;
}

static void bend_field(struct bend *b)
{
    const struct balint_field *field = b->field;
    try_value(b, NULL, field->required ? "missing-field" : NULL, "");
    bend_type(b);
    bend_twice(b);
    switch (field->kind) {
    case BALINT_KIND_TEXT:
        bend_length(b);
        bend_characters(b);
        break;
    case BALINT_KIND_BYTES:
        bend_length(b);
        bend_base64(b);
        break;
    case BALINT_KIND_LIST:
        bend_length(b);
        bend_inside(b);
        break;
    case BALINT_KIND_OBJECT:
        bend_inside(b);
        break;
    case BALINT_KIND_INT:
        try_value(b, json_integer(field->max + 1), "out-of-range", "");
        try_value(b, json_integer(field->min - 1), "out-of-range", "");
        try_value(b, json_integer(INT64_MAX), "out-of-range", "");
        try_value(b, json_integer(INT64_MIN), "out-of-range", "");
        break;
    case BALINT_KIND_BITS:
        bend_bits(b);
        break;
    case BALINT_KIND_WORD:
    case BALINT_KIND_ENUM:
        try_value(b, json_string("nonsense"), "unknown-value", "");
        try_value(b, json_string(""), "unknown-value", "");
        try_value(b, json_string("?"), "unknown-value", "");
        break;
    case BALINT_KIND_BOOL:
        break;
    }
}

static void bend_fields(struct bend *b, const struct balint_field *fields)
{
    static const struct balint_field nonsense = {.key = "nonsense"};
    for (const struct balint_field *field = fields; field->key; field++) {
        if (balint_field_travels(field, b->way) && json_object_get(b->object, field->key)) {
            b->field = field;
            bend_field(b);
        }
    }
    b->field = &nonsense;
    json_object_set_new(b->object, "nonsense", json_integer(1));
    char *text = json_dumps(b->root, JSON_COMPACT);
    char path[128];
    snprintf(path, sizeof path, "%snonsense", b->path);
    expect(b, text, "unknown-field", path);
    free(text);
    json_object_del(b->object, "nonsense");
}

static void every_field_is_judged(void **state)
{
    (void)state;
    int tried = 0;
    for (int i = 0; i < 2 * BALINT_MSGS; i++) {
        enum balint_type type = (enum balint_type)(i / 2);
        struct bend b = {.way = (enum balint_way)(i % 2), .path = ""};
        if (!sample_travels(type, b.way)) {
            continue;
        }
        b.root = b.object = sample_large(type, b.way);
        if (type == BALINT_MSG_STATE) { /* phases that are there even without the format */
            json_t *past = json_object_get(b.root, "past");
            json_object_set_new(b.root, "phase", json_integer(0));
            for (size_t k = 0; k < json_array_size(past); k++) {
                json_object_set_new(json_array_get(past, k), "phase", json_integer(0));
            }
        }
        bend_fields(&b, balint_row_of(type)->fields);
        bend_fields(&b, balint_head_fields);
        if (type == BALINT_MSG_STATE) { /* the list that the largest sample has no seats left for */
            json_t *one = json_array_get(json_object_get(b.root, "seats"), 0);
            json_object_set_new(b.root, "lobby", json_pack("[O]", one));
            json_object_set_new(b.root, "seats", json_array());
            json_object_del(b.root, "format");
            bend_fields(&b, balint_row_of(type)->fields);
        }
        json_decref(b.root);
        tried += b.tried;
    }
    print_message("%d bent messages judged\n", tried);
    assert_true(tried > 2000);
}

/* A message that travels one way only is refused the other way, whole. */
static void a_wrong_direction_is_refused(void **state)
{
    (void)state;
    for (int i = 0; i < BALINT_MSGS; i++) {
        for (int way = 0; way < 2; way++) {
            struct balint_message message;
            struct balint_error error;
            json_t *json = json_pack("{s:s}", "type", balint_message_name((enum balint_type)i));
            if (!sample_travels((enum balint_type)i, (enum balint_way)way)) {
                assert_false(sample_decode(json, (enum balint_way)way, &message, &error));
                assert_string_equal(error.code, "wrong-direction");
                assert_string_equal(error.field, "type");
            }
            json_decref(json);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_is_judged),
        cmocka_unit_test(a_wrong_direction_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
