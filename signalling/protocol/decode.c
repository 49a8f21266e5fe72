/* decode.c - from a text of the wire to a message, by the table.
 *
 * Everything that comes from outside passes here once and is whole and within its limits afterwards, so that
 * nothing behind it has to ask again. The first thing that is wrong is named by its path and refused.
 * Pure; any thread.
 */
#include "protocol/fields.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct decoder {
    enum balint_way way;
    struct balint_error *error;
    char path[sizeof((struct balint_error *)0)->field]; /* of the value being read */
};

__attribute__((format(printf, 3, 4))) static bool refuse(struct decoder *d, const char *code,
                                                         const char *text, ...)
{
    va_list args;
    va_start(args, text);
    snprintf(d->error->code, sizeof d->error->code, "%s", code);
    snprintf(d->error->field, sizeof d->error->field, "%s", d->path);
    vsnprintf(d->error->text, sizeof d->error->text, text, args);
    va_end(args);
    return false;
}

/* Appends a key to the path; the returned length cuts it off again. */
static size_t enter_key(struct decoder *d, const char *key)
{
    size_t before = strlen(d->path);
    size_t used = before;
    if (used && used + 1 < sizeof d->path) {
        d->path[used++] = '.';
    }
    for (; *key && used + 1 < sizeof d->path; key++) {
        d->path[used++] = balint_chars_fit(BALINT_CHARS_CODE, key, 1) ? *key : '?';
    }
    d->path[used] = '\0';
    return before;
}

static size_t enter_index(struct decoder *d, size_t index)
{
    size_t before = strlen(d->path);
    snprintf(d->path + before, sizeof d->path - before, "[%zu]", index);
    return before;
}

static bool wrong_type(struct decoder *d, const char *wanted)
{
    return refuse(d, "wrong-type", "This field has to be %s.", wanted);
}

static bool fits_length(struct decoder *d, size_t length, const struct balint_field *field, const char *unit)
{
    if (length > (size_t)field->max) {
        return refuse(d, "too-long", "This field has at most %lld %s.", (long long)field->max, unit);
    }
    if (length < (size_t)field->min) {
        return refuse(d, "too-short", "This field has at least %lld %s.", (long long)field->min, unit);
    }
    return true;
}

static bool read_text(struct decoder *d, const json_t *json, const struct balint_field *field, void *base)
{
    if (!json_is_string(json)) {
        return wrong_type(d, "a string");
    }
    const char *text = json_string_value(json);
    size_t length = json_string_length(json);
    if (!fits_length(d, length, field, "bytes")) {
        return false;
    }
    if (!balint_chars_fit(field->chars, text, length)) {
        return refuse(d, "bad-characters", "This field consists of: %s.", balint_chars_about(field->chars));
    }
    memcpy((char *)base + field->offset, text, length);
    return true;
}

static bool read_word(struct decoder *d, const json_t *json, const struct balint_field *field, void *base)
{
    if (!json_is_string(json)) {
        return wrong_type(d, "a string");
    }
    for (const char *const *word = field->words; *word; word++) {
        if (strcmp(*word, json_string_value(json)) == 0) {
            memcpy((char *)base + field->offset, *word, strlen(*word));
            return true;
        }
    }
    return refuse(d, "unknown-value", "This field has one of a few values, see PROTOCOL.md.");
}

static bool read_enum(struct decoder *d, const json_t *json, const struct balint_field *field, void *base)
{
    if (!json_is_string(json)) {
        return wrong_type(d, "a string");
    }
    for (int64_t value = field->min; value <= field->max; value++) {
        if (strcmp(field->word((int)value), json_string_value(json)) == 0) {
            balint_field_set(field, base, value);
            return true;
        }
    }
    return refuse(d, "unknown-value", "This field has one of a few values, see PROTOCOL.md.");
}

static bool read_bytes(struct decoder *d, const json_t *json, const struct balint_field *field, void *base)
{
    if (!json_is_string(json)) {
        return wrong_type(d, "a string of base64url");
    }
    uint8_t *at = (uint8_t *)base + field->offset;
    uint8_t kept[BALINT_ROSTER_SIZE]; /* the largest cap there is; the struct is filled only when all fits */
    int64_t length =
        balint_wire_unbase64(json_string_value(json), json_string_length(json), kept, sizeof kept);
    if (length < 0) {
        return refuse(d, "bad-encoding", "This field has to be base64url without padding.");
    }
    if (!fits_length(d, (size_t)length, field, "bytes")) {
        return false;
    }
    uint16_t stored = (uint16_t)length;
    memcpy(at, &stored, sizeof stored);
    memcpy(at + sizeof stored, kept, (size_t)length);
    return true;
}

static bool read_int(struct decoder *d, const json_t *json, const struct balint_field *field, void *base)
{
    if (!json_is_integer(json)) {
        return wrong_type(d, "a whole number");
    }
    int64_t value = json_integer_value(json);
    if (value < field->min || value > field->max) {
        return refuse(d, "out-of-range", "This field has to be from %lld to %lld.", (long long)field->min,
                      (long long)field->max);
    }
    balint_field_set(field, base, value);
    return true;
}

static bool read_bool(struct decoder *d, const json_t *json, const struct balint_field *field, void *base)
{
    if (!json_is_boolean(json)) {
        return wrong_type(d, "true or false");
    }
    balint_field_set(field, base, json_is_true(json));
    return true;
}

static bool read_bits(struct decoder *d, const json_t *json, const struct balint_field *field, void *base)
{
    if (!json_is_array(json)) {
        return wrong_type(d, "a list of whole numbers");
    }
    uint32_t bits = 0;
    json_int_t last = -1;
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *item = json_array_get(json, i);
        size_t before = enter_index(d, i);
        if (!json_is_integer(item)) {
            return wrong_type(d, "a whole number");
        }
        json_int_t bit = json_integer_value(item);
        if (bit <= last || bit > field->max) {
            return refuse(d, "out-of-range", "These numbers rise and are at most %lld.",
                          (long long)field->max);
        }
        bits |= UINT32_C(1) << bit;
        last = bit;
        d->path[before] = '\0';
    }
    balint_field_set(field, base, bits);
    return true;
}

static bool read_object(struct decoder *d, const json_t *json, const struct balint_field *fields, void *base);
static bool read_list(struct decoder *d, const json_t *json, const struct balint_field *field, void *base);

static bool read_value(struct decoder *d, const json_t *json, const struct balint_field *field, void *base)
{
    switch (field->kind) {
    case BALINT_KIND_TEXT:
        return read_text(d, json, field, base);
    case BALINT_KIND_WORD:
        return read_word(d, json, field, base);
    case BALINT_KIND_ENUM:
        return read_enum(d, json, field, base);
    case BALINT_KIND_BYTES:
        return read_bytes(d, json, field, base);
    case BALINT_KIND_INT:
        return read_int(d, json, field, base);
    case BALINT_KIND_BOOL:
        return read_bool(d, json, field, base);
    case BALINT_KIND_BITS:
        return read_bits(d, json, field, base);
    case BALINT_KIND_LIST:
        return read_list(d, json, field, base);
    case BALINT_KIND_OBJECT:
        break;
    }
    if (!json_is_object(json)) {
        return wrong_type(d, "an object");
    }
    return read_object(d, json, field->sub, (char *)base + field->offset);
}

static bool read_list(struct decoder *d, const json_t *json, const struct balint_field *field, void *base)
{
    if (!json_is_array(json)) {
        return wrong_type(d, "a list");
    }
    if (!fits_length(d, json_array_size(json), field, "elements")) {
        return false;
    }
    int count = (int)json_array_size(json);
    for (int i = 0; i < count; i++) {
        size_t before = enter_index(d, (size_t)i);
        void *element = (char *)base + field->offset + (size_t)i * field->stride;
        if (!read_value(d, json_array_get(json, (size_t)i), field->sub, element)) {
            return false;
        }
        d->path[before] = '\0';
    }
    memcpy((char *)base + field->count_offset, &count, sizeof count);
    return true;
}

static const struct balint_field *find(const struct balint_field *fields, const char *key,
                                       enum balint_way way)
{
    for (; fields && fields->key; fields++) {
        if (balint_field_travels(fields, way) && strcmp(fields->key, key) == 0) {
            return fields;
        }
    }
    return NULL;
}

/* Every key of an object has to be in `fields` or `also`. */
static bool keys_known(struct decoder *d, const json_t *json, const struct balint_field *fields,
                       const struct balint_field *also)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)json, key, value)
    {
        if (!find(fields, key, d->way) && !find(also, key, d->way)) {
            enter_key(d, key);
            return refuse(d, "unknown-field", "This message has no such field.");
        }
    }
    return true;
}

/* Reads the fields of a table, in its order. */
static bool read_fields(struct decoder *d, const json_t *json, const struct balint_field *fields, void *base)
{
    for (const struct balint_field *field = fields; field->key; field++) {
        if (!balint_field_travels(field, d->way)) {
            continue;
        }
        const json_t *value = json_object_get(json, field->key);
        size_t before = enter_key(d, field->key);
        if (!value && field->required) {
            return refuse(d, "missing-field", "This field is missing.");
        }
        if (value && !read_value(d, value, field, base)) {
            return false;
        }
        if (!value && field->absent) {
            balint_field_set(field, base, field->absent);
        }
        d->path[before] = '\0';
    }
    return true;
}

static bool read_object(struct decoder *d, const json_t *json, const struct balint_field *fields, void *base)
{
    return keys_known(d, json, fields, NULL) && read_fields(d, json, fields, base);
}

/* Which row it is; the row's direction has to fit. */
static const struct balint_row *read_type(struct decoder *d, const json_t *json,
                                          struct balint_message *message)
{
    const json_t *type = json_object_get(json, "type");
    enter_key(d, "type");
    if (!type) {
        refuse(d, "missing-field", "This field is missing.");
        return NULL;
    }
    if (!json_is_string(type)) {
        wrong_type(d, "a string");
        return NULL;
    }
    for (int i = 0; i < BALINT_MSGS; i++) {
        const struct balint_row *row = balint_row_of((enum balint_type)i);
        if (strcmp(row->name, json_string_value(type)) == 0) {
            message->type = (enum balint_type)i;
            bool server = row->from & BALINT_FROM_SERVER;
            bool client = row->from & ~(unsigned)BALINT_FROM_SERVER;
            if (d->way == BALINT_TO_SERVER ? !client : !server) {
                refuse(d, "wrong-direction", "This message travels the other way only.");
                return NULL;
            }
            d->path[0] = '\0';
            return row;
        }
    }
    refuse(d, "unknown-type", "There is no such message.");
    return NULL;
}

static bool read_message(struct decoder *d, json_t *json, struct balint_message *message)
{
    const struct balint_field *id = find(balint_head_fields, "id", d->way);
    const json_t *value = json_object_get(json, "id");
    if (id && json_is_integer(value) && json_integer_value(value) >= id->min &&
        json_integer_value(value) <= id->max) {
        message->id = json_integer_value(value);
    }
    const struct balint_row *row = read_type(d, json, message);
    if (!row) {
        return false;
    }
    if (row->act) {
        message->act.seat = BALINT_NOBODY;
    }
    json_object_del(json, "type"); /* is read; the rest is all in the two tables */
    if (!keys_known(d, json, row->fields, balint_head_fields) ||
        !read_fields(d, json, balint_head_fields, message) || !read_fields(d, json, row->fields, message)) {
        return false;
    }
    const char *misfit = row->check ? row->check(message) : NULL;
    if (misfit) {
        snprintf(d->path, sizeof d->path, "%s", misfit);
        return refuse(d, "inconsistent", "This field does not fit the others.");
    }
    return true;
}

/* What the JSON library found wrong, with the path of the place. */
static bool refuse_json(struct decoder *d, const char *text, size_t length, const json_error_t *why)
{
    size_t position = why->position < 0 ? 0 : (size_t)why->position;
    balint_scan(text, position < length ? position : length, d->path, sizeof d->path);
    switch (json_error_code(why)) {
    case json_error_duplicate_key:
        return refuse(d, "duplicate-field", "This field is there twice.");
    case json_error_invalid_utf8:
        return refuse(d, "bad-characters", "The text is not valid UTF-8 at byte %zu.", position);
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return refuse(d, "bad-characters", "A NUL character stands at byte %zu.", position);
    case json_error_numeric_overflow:
        return refuse(d, "out-of-range", "This number is too large.");
    default:
        return refuse(d, "malformed", "The text is not one JSON object; it breaks at byte %zu.", position);
    }
}

/* Is there memory for the tree of the worst text of this length? Jansson 2.14's lexer goes on after an
 * allocation that failed and then reads and writes past its buffers (load.c, lex_scan_string), so a shortage
 * has to show before it starts. Measured: "[{},{},…]" takes most, 79 bytes for each of its own. */
bool balint_json_fits(size_t length)
{
    json_malloc_t take;
    json_free_t give;
    json_get_alloc_funcs(&take, &give);
    void *block = take(96 * length + 1024);
    give(block);
    return block != NULL;
}

bool balint_decode(const char *text, size_t length, enum balint_way way, struct balint_message *message,
                   struct balint_error *error)
{
    struct decoder d = {.way = way, .error = error};
    json_error_t why = {0};
    memset(message, 0, sizeof *message);
    memset(error, 0, sizeof *error);
    message->type = BALINT_MSGS;
    if (length > balint_message_limit(way)) {
        return refuse(&d, "too-large", "This message has at most %zu bytes.", balint_message_limit(way));
    }
    if (balint_scan(text, length, NULL, 0) < 0) {
        return refuse(&d, "too-deep", "A message nests at most %d deep.", BALINT_DEPTH);
    }
    if (!balint_json_fits(length)) {
        return refuse(&d, "no-memory", "There is no memory for this message; try again later.");
    }
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
    if (!json) {
        return refuse_json(&d, text, length, &why);
    }
    bool read = json_is_object(json) ? read_message(&d, json, message)
                                     : refuse(&d, "malformed", "A message is one JSON object.");
    json_decref(json);
    return read;
}
