/* format_write.c - a format as the file that a person reads and changes: see format.h. */
#include "protocol/format.h"

#include "protocol/fields.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *list_of(const struct balint_field *field, const void *base,
                       const struct balint_format *format);

/* Loops are ids in a file. */
static json_t *ids_of(uint32_t loops, const struct balint_format *format)
{
    json_t *list = json_array();
    for (int i = 0; i < format->count; i++) {
        if (loops >> i & 1 && json_array_append_new(list, json_string(format->phases[i].id)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *value_of(const struct balint_field *field, const void *base,
                        const struct balint_format *format)
{
    int64_t number;
    switch (field->kind) {
    case BALINT_KIND_TEXT:
        return json_string((const char *)base + field->offset);
    case BALINT_KIND_LIST:
        return list_of(field, base, format);
    default:
        break;
    }
    number = balint_field_get(field, base);
    return field->kind == BALINT_KIND_ENUM   ? json_string(field->word((int)number))
           : field->kind == BALINT_KIND_BITS ? ids_of((uint32_t)number, format)
                                             : json_integer(number);
}

/* NULL without memory, however deep that was. */
static json_t *object_of(const struct balint_field *fields, const void *base,
                         const struct balint_format *format)
{
    json_t *object = json_object();
    for (const struct balint_field *field = fields; field->key; field++) {
        if (!field->required && balint_field_absent(field, base)) {
            continue;
        }
        if (json_object_set_new(object, field->key, value_of(field, base, format)) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *list_of(const struct balint_field *field, const void *base, const struct balint_format *format)
{
    json_t *list = json_array();
    for (int i = 0; i < format->count; i++) {
        const char *element = (const char *)base + field->offset + (size_t)i * field->stride;
        if (json_array_append_new(list, object_of(field->sub->sub, element, format)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

char *balint_format_write(const struct balint_format *format)
{
    json_t *json = object_of(balint_format_fields, format, format);
    char *text = json_dumps(json, JSON_INDENT(2)), *whole = NULL;
    size_t length = text ? strlen(text) : 0;
    if (text) {
        whole = malloc(length + 2);
    }
    if (whole) {
        memcpy(whole, text, length);
        memcpy(whole + length, "\n", 2);
    }
    free(text);
    json_decref(json);
    return whole;
}
