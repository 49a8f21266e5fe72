/* encode.c - from a message to a text of the wire, by the table.
 *
 * Written straight into one growing, capped buffer: no tree in between, and keys stand in the table's order,
 * so that equal messages are equal texts. A field outside its limits is refused here as it would be at the
 * other end: a mistake shows where it was made. Pure; any thread.
 */
#include "protocol/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    enum balint_way way;
    char *text;
    size_t length, room;
};

static bool put(struct writer *w, const char *text, size_t length)
{
    if (length > balint_message_limit(w->way) - w->length) {
        return false;
    }
    if (w->length + length + 1 > w->room) {
        size_t room = w->room ? w->room : 512;
        while (room < w->length + length + 1) {
            room *= 2;
        }
        char *grown = realloc(w->text, room);
        if (!grown) {
            return false;
        }
        w->text = grown;
        w->room = room;
    }
    memcpy(w->text + w->length, text, length);
    w->length += length;
    w->text[w->length] = '\0';
    return true;
}

static bool put_string(struct writer *w, const char *text)
{
    return put(w, text, strlen(text));
}

static bool put_int(struct writer *w, int64_t value)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)value);
    return put(w, digits, (size_t)length);
}

/* A JSON string. Texts have no control characters, so quotes and backslashes are all there is to escape
 * (RFC 8259 7). */
static bool put_quoted(struct writer *w, const char *text, size_t length)
{
    bool written = put(w, "\"", 1);
    for (size_t i = 0, run; written && i < length; i += run) {
        for (run = 0; i + run < length && text[i + run] != '"' && text[i + run] != '\\'; run++) {
        }
        if (run == 0) {
            written = put(w, "\\", 1) && put(w, text + i, 1);
            run = 1;
        } else {
            written = put(w, text + i, run);
        }
    }
    return written && put(w, "\"", 1);
}

static bool write_text(struct writer *w, const struct balint_field *field, const void *base)
{
    const char *text = (const char *)base + field->offset;
    size_t length = strnlen(text, field->size);
    return length < field->size && length >= (size_t)field->min &&
           balint_chars_fit(field->chars, text, length) && put_quoted(w, text, length);
}

static bool write_word(struct writer *w, const struct balint_field *field, const void *base)
{
    const char *text = (const char *)base + field->offset;
    for (const char *const *word = field->words; *word; word++) {
        if (strncmp(*word, text, field->size) == 0) {
            return put_quoted(w, *word, strlen(*word));
        }
    }
    return false;
}

static bool write_bytes(struct writer *w, const struct balint_field *field, const void *base)
{
    const uint8_t *at = (const uint8_t *)base + field->offset;
    char text[4 * (BALINT_ROSTER_SIZE / 3 + 1)]; /* the largest cap there is */
    uint16_t length;
    memcpy(&length, at, sizeof length);
    if (length < field->min || length > field->max) {
        return false;
    }
    size_t written = balint_wire_base64(at + sizeof length, length, text);
    return put(w, "\"", 1) && put(w, text, written) && put(w, "\"", 1);
}

static bool write_number(struct writer *w, const struct balint_field *field, const void *base)
{
    int64_t value = balint_field_get(field, base);
    if (value < field->min || value > field->max) {
        return false;
    }
    if (field->kind == BALINT_KIND_BOOL) {
        return put_string(w, value ? "true" : "false");
    }
    if (field->kind == BALINT_KIND_ENUM) {
        const char *word = field->word((int)value);
        return put_quoted(w, word, strlen(word));
    }
    return put_int(w, value);
}

static bool write_bits(struct writer *w, const struct balint_field *field, const void *base)
{
    uint32_t bits = (uint32_t)balint_field_get(field, base);
    bool written = bits >> field->max >> 1 == 0 && put(w, "[", 1);
    bool first = true;
    for (int bit = 0; written && bit <= field->max; bit++) {
        if (bits >> bit & 1) {
            written = (first || put(w, ",", 1)) && put_int(w, bit);
            first = false;
        }
    }
    return written && put(w, "]", 1);
}

static bool write_fields(struct writer *w, const struct balint_field *fields, const void *base, bool first);
static bool write_list(struct writer *w, const struct balint_field *field, const void *base);

static bool write_value(struct writer *w, const struct balint_field *field, const void *base)
{
    switch (field->kind) {
    case BALINT_KIND_TEXT:
        return write_text(w, field, base);
    case BALINT_KIND_WORD:
        return write_word(w, field, base);
    case BALINT_KIND_BYTES:
        return write_bytes(w, field, base);
    case BALINT_KIND_ENUM:
    case BALINT_KIND_INT:
    case BALINT_KIND_BOOL:
        return write_number(w, field, base);
    case BALINT_KIND_BITS:
        return write_bits(w, field, base);
    case BALINT_KIND_LIST:
        return write_list(w, field, base);
    case BALINT_KIND_OBJECT:
        break;
    }
    return put(w, "{", 1) && write_fields(w, field->sub, (const char *)base + field->offset, true) &&
           put(w, "}", 1);
}

static bool write_list(struct writer *w, const struct balint_field *field, const void *base)
{
    int count;
    memcpy(&count, (const char *)base + field->count_offset, sizeof count);
    bool written = count >= field->min && count <= field->max && put(w, "[", 1);
    for (int i = 0; written && i < count; i++) {
        const char *element = (const char *)base + field->offset + (size_t)i * field->stride;
        written = (i == 0 || put(w, ",", 1)) && write_value(w, field->sub, element);
    }
    return written && put(w, "]", 1);
}

static bool write_fields(struct writer *w, const struct balint_field *fields, const void *base, bool first)
{
    for (const struct balint_field *field = fields; field->key; field++) {
        if (!balint_field_travels(field, w->way) || (!field->required && balint_field_absent(field, base))) {
            continue;
        }
        bool written = (first || put(w, ",", 1)) && put(w, "\"", 1) && put_string(w, field->key) &&
                       put(w, "\":", 2) && write_value(w, field, base);
        if (!written) {
            return false;
        }
        first = false;
    }
    return true;
}

char *balint_encode(const struct balint_message *message, enum balint_way way, size_t *length)
{
    const struct balint_row *row = balint_row_of(message->type);
    struct writer w = {.way = way};
    bool server = row && row->from & BALINT_FROM_SERVER;
    bool client = row && row->from & ~(unsigned)BALINT_FROM_SERVER;
    bool written = (way == BALINT_TO_SERVER ? client : server) && put_string(&w, "{\"type\":\"") &&
                   put_string(&w, row->name) && put(&w, "\"", 1) &&
                   write_fields(&w, balint_head_fields, message, false) &&
                   write_fields(&w, row->fields, message, false) && !(row->check && row->check(message)) &&
                   put(&w, "}", 1);
    if (!written) {
        free(w.text);
        return NULL;
    }
    if (length) {
        *length = w.length;
    }
    return w.text;
}
