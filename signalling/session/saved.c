/* saved.c - see saved.h. */
#include "session/saved.h"

#include <stdio.h>
#include <string.h>

/* CRC-32 as in ISO 3309, bit by bit: a snapshot is a few kilobytes. */
static uint32_t crc32_of(const char *text, size_t length)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < length; i++) {
        crc ^= (uint8_t)text[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (0xedb88320 & (0u - (crc & 1)));
    }
    return ~crc;
}

/* ---- writing */

void balint_saved_begin(struct balint_saved_writer *writer, char *text, size_t size)
{
    *writer = (struct balint_saved_writer){.text = text, .size = size, .full = size == 0};
}

static void put(struct balint_saved_writer *writer, char byte)
{
    if (writer->full || writer->length + 1 >= writer->size) {
        writer->full = true;
        return;
    }
    writer->text[writer->length++] = byte;
    writer->text[writer->length] = 0;
}

static void put_text(struct balint_saved_writer *writer, const char *text)
{
    while (*text != 0)
        put(writer, *text++);
}

/* Text of people's own choosing: a line end must not start a line. */
static void put_escaped(struct balint_saved_writer *writer, const char *text, size_t size)
{
    for (size_t i = 0; i < size && text[i] != 0; i++) {
        if (text[i] == '\n' || text[i] == '\\')
            put(writer, '\\');
        put(writer, text[i] == '\n' ? 'n' : text[i]);
    }
}

static void put_hex(struct balint_saved_writer *writer, const uint8_t *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        put(writer, digits[bytes[i] >> 4]);
        put(writer, digits[bytes[i] & 15]);
    }
}

static void put_number(struct balint_saved_writer *writer, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    put_text(writer, text);
}

void balint_saved_write_number(struct balint_saved_writer *writer, const char *name, int64_t number)
{
    put_text(writer, name);
    put(writer, ' ');
    put_number(writer, number);
    put(writer, '\n');
}

/* The number of a field, whatever its width. Copied, because rows may point at any kind of struct. */
static int64_t number_of(const struct balint_saved_field *field, const uint8_t *at)
{
    switch (field->kind) {
    case BALINT_SAVED_BOOL: {
        bool flag;
        memcpy(&flag, at, sizeof flag);
        return flag;
    }
    case BALINT_SAVED_U32: {
        uint32_t number;
        memcpy(&number, at, sizeof number);
        return number;
    }
    case BALINT_SAVED_I64: {
        int64_t number;
        memcpy(&number, at, sizeof number);
        return number;
    }
    default: {
        int number;
        memcpy(&number, at, sizeof number);
        return number;
    }
    }
}

static void write_value(struct balint_saved_writer *writer, const struct balint_saved_field *field,
                        const uint8_t *at)
{
    uint16_t length;
    switch (field->kind) {
    case BALINT_SAVED_TEXT:
        put_escaped(writer, (const char *)at, field->size);
        break;
    case BALINT_SAVED_HEX:
        put_hex(writer, at, field->size);
        break;
    case BALINT_SAVED_BYTES:
        memcpy(&length, at, sizeof length);
        put_hex(writer, at + sizeof length, length);
        break;
    default:
        put_number(writer, number_of(field, at));
    }
}

void balint_saved_write_fields(struct balint_saved_writer *writer, const struct balint_saved_field *fields,
                               size_t count, const void *from)
{
    for (size_t i = 0; i < count; i++) {
        put_text(writer, fields[i].name);
        put(writer, ' ');
        write_value(writer, &fields[i], (const uint8_t *)from + fields[i].offset);
        put(writer, '\n');
    }
}

size_t balint_saved_write_end(struct balint_saved_writer *writer)
{
    char line[16];
    if (writer->full)
        return 0;
    snprintf(line, sizeof line, "end %08x\n", (unsigned)crc32_of(writer->text, writer->length));
    put_text(writer, line);
    return writer->full ? 0 : writer->length;
}

/* ---- reading */

void balint_saved_open(struct balint_saved_reader *reader, const char *text)
{
    *reader = (struct balint_saved_reader){.start = text, .at = text};
}

static bool fail(struct balint_saved_reader *reader)
{
    reader->failed = true;
    return false;
}

/* The value of the next line, which must be `name value`, and its length; steps over the line. */
static const char *next_value(struct balint_saved_reader *reader, const char *name, size_t *length)
{
    size_t name_length = strlen(name);
    if (reader->failed || strncmp(reader->at, name, name_length) != 0 || reader->at[name_length] != ' ') {
        fail(reader);
        return NULL;
    }
    const char *value = reader->at + name_length + 1;
    const char *end = strchr(value, '\n');
    if (end == NULL) {
        fail(reader);
        return NULL;
    }
    *length = (size_t)(end - value);
    reader->at = end + 1;
    return value;
}

/* Canonical decimal: what the writer would have written, and nothing else. */
static bool parse_number(const char *text, size_t length, int64_t min, int64_t max, int64_t *number)
{
    char again[24];
    uint64_t sum = 0;
    bool negative = length > 0 && text[0] == '-';
    if (length == 0 || length >= sizeof again)
        return false;
    for (size_t i = negative; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        sum = sum * 10 + (uint64_t)(text[i] - '0');
    }
    int64_t value = negative ? (int64_t)(0 - sum) : (int64_t)sum;
    snprintf(again, sizeof again, "%lld", (long long)value);
    if (strlen(again) != length || memcmp(again, text, length) != 0 || value < min || value > max)
        return false;
    *number = value;
    return true;
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool parse_hex(const char *text, size_t length, uint8_t *bytes)
{
    for (size_t i = 0; i < length / 2; i++) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return length % 2 == 0;
}

static bool parse_text(const char *value, size_t length, char *to, size_t size)
{
    size_t used = 0;
    memset(to, 0, size);
    for (size_t i = 0; i < length; i++) {
        char byte = value[i];
        if (byte == '\\') {
            if (++i == length || (value[i] != 'n' && value[i] != '\\'))
                return false;
            byte = value[i] == 'n' ? '\n' : '\\';
        }
        if (used + 1 >= size)
            return false;
        to[used++] = byte;
    }
    return true;
}

static bool parse_bytes(const char *value, size_t length, uint8_t *to, size_t size)
{
    uint16_t count = (uint16_t)(length / 2);
    if (length / 2 > size - sizeof count)
        return false;
    memset(to, 0, size);
    memcpy(to, &count, sizeof count);
    return parse_hex(value, length, to + sizeof count);
}

static bool parse_field(const struct balint_saved_field *field, const char *value, size_t length, uint8_t *to)
{
    int64_t number;
    int64_t min = field->kind == BALINT_SAVED_INT || field->kind == BALINT_SAVED_I64 ? field->min : 0;
    int64_t max = field->kind == BALINT_SAVED_BOOL  ? 1
                  : field->kind == BALINT_SAVED_U32 ? (int64_t)UINT32_MAX
                                                    : field->max;
    switch (field->kind) {
    case BALINT_SAVED_TEXT:
        return parse_text(value, length, (char *)to, field->size);
    case BALINT_SAVED_HEX:
        return length == 2 * field->size && parse_hex(value, length, to);
    case BALINT_SAVED_BYTES:
        return parse_bytes(value, length, to, field->size);
    default:
        break;
    }
    if (!parse_number(value, length, min, max, &number))
        return false;
    if (field->kind == BALINT_SAVED_BOOL) {
        bool flag = number != 0;
        memcpy(to, &flag, sizeof flag);
    } else if (field->kind == BALINT_SAVED_I64) {
        memcpy(to, &number, sizeof number);
    } else {
        uint32_t bits = (uint32_t)number; /* two's complement: an int's bits too */
        memcpy(to, &bits, sizeof bits);
    }
    return true;
}

bool balint_saved_read_number(struct balint_saved_reader *reader, const char *name, int64_t min, int64_t max,
                              int64_t *number)
{
    size_t length;
    const char *value = next_value(reader, name, &length);
    if (value == NULL || !parse_number(value, length, min, max, number))
        return fail(reader);
    return true;
}

bool balint_saved_read_fields(struct balint_saved_reader *reader, const struct balint_saved_field *fields,
                              size_t count, void *to)
{
    for (size_t i = 0; i < count; i++) {
        size_t length;
        const char *value = next_value(reader, fields[i].name, &length);
        if (value == NULL || !parse_field(&fields[i], value, length, (uint8_t *)to + fields[i].offset))
            return fail(reader);
    }
    return true;
}

bool balint_saved_read_end(struct balint_saved_reader *reader)
{
    char expected[12];
    size_t length;
    size_t before = (size_t)(reader->at - reader->start);
    const char *value = next_value(reader, "end", &length);
    if (value == NULL)
        return false;
    snprintf(expected, sizeof expected, "%08x", (unsigned)crc32_of(reader->start, before));
    if (length != 8 || memcmp(value, expected, 8) != 0)
        return fail(reader);
    return true;
}
