/* protocol_sample.c - see protocol_sample.h. */
#include "unit/protocol_sample.h"

#include <stdlib.h>
#include <string.h>

static json_t *object_of(const struct balint_field *fields, enum balint_way way, bool large);

bool sample_travels(enum balint_type type, enum balint_way way)
{
    unsigned server = balint_message_from(type) & BALINT_FROM_SERVER;
    return way == BALINT_TO_CLIENT ? server != 0 : balint_message_from(type) != server;
}

static json_t *text_of(enum balint_chars chars, size_t length)
{
    static const char fill[BALINT_CHARSETS] = {
        [BALINT_CHARS_TEXT] = '"',   [BALINT_CHARS_ID] = '_',      [BALINT_CHARS_CODE] = 'Z',
        [BALINT_CHARS_HEX] = 'f',    [BALINT_CHARS_ICE] = '/',     [BALINT_CHARS_FINGERPRINT] = 'A',
        [BALINT_CHARS_PARAMS] = ';', [BALINT_CHARS_ADDRESS] = ':',
    };
    char *text = malloc(length + 1);
    memset(text, fill[chars], length);
    for (size_t i = 2; chars == BALINT_CHARS_FINGERPRINT && i < length; i += 3) {
        text[i] = ':';
    }
    json_t *json = json_stringn(text, length);
    free(text);
    return json;
}

/* base64url of `length` bytes 0xff, by the RFC's own arithmetic: full sixes are '_', then 11 or 1111 padded.
 */
static json_t *bytes_of(size_t length)
{
    size_t chars = (length * 8 + 5) / 6;
    char *text = malloc(chars + 1);
    memset(text, '_', chars);
    if (length % 3) {
        text[chars - 1] = length % 3 == 1 ? 'w' : '8';
    }
    json_t *json = json_stringn(text, chars);
    free(text);
    return json;
}

static const char *longest_word(const struct balint_field *field)
{
    const char *longest = field->word((int)field->min);
    for (int64_t i = field->min; i <= field->max; i++) {
        const char *word = field->word((int)i);
        longest = strlen(word) > strlen(longest) ? word : longest;
    }
    return longest;
}

json_t *sample_of_length(const struct balint_field *field, enum balint_way way, size_t length, bool large)
{
    if (field->kind == BALINT_KIND_TEXT) {
        return text_of(field->chars, length);
    }
    if (field->kind == BALINT_KIND_BYTES) {
        return bytes_of(length);
    }
    json_t *list = json_array();
    for (size_t i = 0; i < length; i++) {
        const struct balint_field *element = field->sub;
        json_t *item = element->kind == BALINT_KIND_OBJECT
                           ? object_of(element->sub, way, large)
                           : bytes_of((size_t)(large ? element->max : element->min));
        if (json_object_get(item, "seat")) {
            json_object_set_new(item, "seat", json_integer((json_int_t)i));
        }
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *value_of(const struct balint_field *field, enum balint_way way, bool large)
{
    json_t *list;
    switch (field->kind) {
    case BALINT_KIND_WORD:
        return json_string(field->words[0]);
    case BALINT_KIND_ENUM:
        return json_string(large ? longest_word(field) : field->word((int)field->min));
    case BALINT_KIND_INT:
        return json_integer(large ? field->max : field->min);
    case BALINT_KIND_BOOL:
        return json_boolean(large);
    case BALINT_KIND_OBJECT:
        return object_of(field->sub, way, large);
    case BALINT_KIND_BITS:
        list = json_array();
        for (int64_t i = 0; large && i <= field->max; i++) {
            json_array_append_new(list, json_integer(i));
        }
        return list;
    default:
        return sample_of_length(field, way, (size_t)(large ? field->max : field->min), large);
    }
}

static void add_fields(json_t *object, const struct balint_field *fields, enum balint_way way, bool large)
{
    for (const struct balint_field *field = fields; field->key; field++) {
        if (balint_field_travels(field, way) && (field->required || large)) {
            json_object_set_new(object, field->key, value_of(field, way, large));
        }
    }
}

static json_t *object_of(const struct balint_field *fields, enum balint_way way, bool large)
{
    json_t *object = json_object();
    add_fields(object, fields, way, large);
    return object;
}

static json_t *sample(enum balint_type type, enum balint_way way, bool large)
{
    json_t *json = json_object();
    json_object_set_new(json, "type", json_string(balint_message_name(type)));
    add_fields(json, balint_head_fields, way, large);
    add_fields(json, balint_row_of(type)->fields, way, large);
    /* The rules between fields: a seat is in one list only, two codecs have two payload types. */
    json_object_del(json, "lobby");
    json_t *vp8 = json_object_get(json, "vp8");
    if (vp8) {
        json_object_set_new(vp8, "payload", json_integer(100));
    }
    return json;
}

json_t *sample_small(enum balint_type type, enum balint_way way)
{
    return sample(type, way, false);
}

json_t *sample_large(enum balint_type type, enum balint_way way)
{
    return sample(type, way, true);
}

bool sample_decode(const json_t *json, enum balint_way way, struct balint_message *message,
                   struct balint_error *error)
{
    char *text = json_dumps(json, JSON_COMPACT);
    bool decoded = balint_decode(text, strlen(text), way, message, error);
    free(text);
    return decoded;
}
