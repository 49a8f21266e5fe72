/* record.c - length-prefixed fields, and what may stand in an id or a name.
 *
 * Why so strict: a record has exactly one form. Two readers that disagree about a byte would be two opinions
 * about who is in the room. Pure; any thread.
 */
#include "identity/record.h"
#include "identity/identity.h"

#include <string.h>

void balint_put_be(uint8_t *bytes, uint64_t value, size_t width)
{
    for (size_t i = width; i-- > 0; value >>= 8)
        bytes[i] = (uint8_t)value;
}

uint64_t balint_get_be(const uint8_t *bytes, size_t width)
{
    uint64_t value = 0;
    for (size_t i = 0; i < width; i++)
        value = value << 8 | bytes[i];
    return value;
}

bool balint_id_ok(const char *id)
{
    size_t length = strnlen(id, BALINT_ID_SIZE);
    if (length == 0 || length == BALINT_ID_SIZE)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!((id[i] >= 'a' && id[i] <= 'z') || (id[i] >= '0' && id[i] <= '9') || id[i] == '-' ||
              id[i] == '_'))
            return false;
    return true;
}

/* One character of UTF-8 (RFC 3629: shortest form, no surrogates). Returns its length, 0 when it is none. */
static size_t utf8_next(const uint8_t *s, size_t left, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = s[0] < 0x80             ? 1
                    : (s[0] & 0xe0) == 0xc0 ? 2
                    : (s[0] & 0xf0) == 0xe0 ? 3
                    : (s[0] & 0xf8) == 0xf0 ? 4
                                            : 0;
    if (length == 0 || length > left)
        return 0;
    uint32_t c = length == 1 ? s[0] : s[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3f);
    }
    if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *character = c;
    return length;
}

bool balint_name_ok(const char *name)
{
    size_t length = strnlen(name, BALINT_NAME_SIZE);
    if (length == 0 || length == BALINT_NAME_SIZE)
        return false;
    for (size_t at = 0; at < length;) {
        uint32_t character;
        size_t step = utf8_next((const uint8_t *)name + at, length - at, &character);
        if (step == 0 || !balint_character_ok(character))
            return false;
        at += step;
    }
    return true;
}

/* A space of any width (Unicode's White_Space, as far as it may stand in a name) or the Braille blank. */
static bool is_blank(uint32_t character)
{
    return character == ' ' || character == 0xa0 || character == 0x1680 ||
           (character >= 0x2000 && character <= 0x200a) || character == 0x202f || character == 0x205f ||
           character == 0x2800 || character == 0x3000;
}

bool balint_name_trim(const char *name)
{
    size_t length = strlen(name);
    uint32_t character = ' ', first = ' ';
    for (size_t at = 0, step; at < length; at += step) {
        step = utf8_next((const uint8_t *)name + at, length - at, &character);
        if (step == 0)
            return false;
        if (at == 0)
            first = character;
    }
    return !is_blank(first) && !is_blank(character);
}

void balint_record_begin(struct balint_record_out *writer, uint8_t *bytes, size_t size)
{
    *writer = (struct balint_record_out){.bytes = bytes, .size = size};
}

void balint_record_put(struct balint_record_out *writer, const void *bytes, size_t length)
{
    if (writer->failed || length > UINT16_MAX || length + 2 > writer->size - writer->length) {
        writer->failed = true;
        return;
    }
    balint_put_be(writer->bytes + writer->length, length, 2);
    if (length > 0)
        memcpy(writer->bytes + writer->length + 2, bytes, length);
    writer->length += length + 2;
}

void balint_record_put_text(struct balint_record_out *writer, const char *text)
{
    balint_record_put(writer, text, strlen(text));
}

void balint_record_put_id(struct balint_record_out *writer, const char *id)
{
    if (!balint_id_ok(id))
        writer->failed = true;
    else
        balint_record_put_text(writer, id);
}

void balint_record_put_name(struct balint_record_out *writer, const char *name)
{
    if (!balint_name_ok(name))
        writer->failed = true;
    else
        balint_record_put_text(writer, name);
}

void balint_record_put_number(struct balint_record_out *writer, uint64_t value, size_t width)
{
    uint8_t bytes[8];
    if (width > sizeof bytes || (width < 8 && value >> (8 * width) != 0)) {
        writer->failed = true;
        return;
    }
    balint_put_be(bytes, value, width);
    balint_record_put(writer, bytes, width);
}

void balint_record_put_time(struct balint_record_out *writer, int64_t time_s)
{
    if (time_s < 0)
        writer->failed = true;
    else
        balint_record_put_number(writer, (uint64_t)time_s, 8);
}

void balint_record_put_signature(struct balint_record_out *writer, const uint8_t *signature, size_t length)
{
    if (length != 0 && length != BALINT_SIGNATURE_SIZE)
        writer->failed = true;
    else
        balint_record_put(writer, signature, length);
}

void balint_record_sign(struct balint_record_out *writer, const struct balint_key *key)
{
    uint8_t signature[BALINT_SIGNATURE_SIZE];
    if (writer->failed || !balint_sign(key, writer->bytes, writer->length, signature))
        writer->failed = true;
    else
        balint_record_put(writer, signature, sizeof signature);
}

size_t balint_record_end(const struct balint_record_out *writer)
{
    return writer->failed ? 0 : writer->length;
}

/* The next field, or NULL and failed. */
static const uint8_t *next_field(struct balint_record_in *reader, size_t *length)
{
    size_t left = reader->length - reader->at;
    if (reader->failed || left < 2) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *field = reader->bytes + reader->at;
    *length = (size_t)balint_get_be(field, 2);
    if (*length > left - 2) {
        reader->failed = true;
        return NULL;
    }
    reader->at += 2 + *length;
    return field + 2;
}

void balint_record_open(struct balint_record_in *reader, const uint8_t *bytes, size_t length,
                        const char *label)
{
    *reader = (struct balint_record_in){.bytes = bytes, .length = length};
    if (label == NULL)
        return;
    size_t found = 0;
    const uint8_t *field = next_field(reader, &found);
    if (field == NULL || found != strlen(label) || memcmp(field, label, found) != 0)
        reader->failed = true;
}

size_t balint_record_get_upto(struct balint_record_in *reader, void *bytes, size_t cap)
{
    size_t length = 0;
    const uint8_t *field = next_field(reader, &length);
    if (field == NULL || length > cap) {
        reader->failed = true;
        return 0;
    }
    if (length > 0)
        memcpy(bytes, field, length);
    return length;
}

void balint_record_get(struct balint_record_in *reader, void *bytes, size_t length)
{
    if (balint_record_get_upto(reader, bytes, length) != length)
        reader->failed = true;
}

/* A text without NUL inside, ended by one. */
static void get_text(struct balint_record_in *reader, char *text, size_t size)
{
    size_t length = balint_record_get_upto(reader, text, size - 1);
    text[length] = '\0';
    if (strlen(text) != length)
        reader->failed = true;
}

void balint_record_get_id(struct balint_record_in *reader, char *id, size_t size)
{
    get_text(reader, id, size);
    if (!balint_id_ok(id))
        reader->failed = true;
}

void balint_record_get_name(struct balint_record_in *reader, char *name, size_t size)
{
    get_text(reader, name, size);
    if (!balint_name_ok(name))
        reader->failed = true;
}

uint64_t balint_record_get_number(struct balint_record_in *reader, size_t width)
{
    uint8_t bytes[8] = {0};
    balint_record_get(reader, bytes, width);
    return reader->failed ? 0 : balint_get_be(bytes, width);
}

int64_t balint_record_get_time(struct balint_record_in *reader)
{
    uint64_t value = balint_record_get_number(reader, 8);
    if (value > INT64_MAX) {
        reader->failed = true;
        return 0;
    }
    return (int64_t)value;
}

uint8_t balint_record_get_signature(struct balint_record_in *reader, uint8_t *signature)
{
    size_t length = balint_record_get_upto(reader, signature, BALINT_SIGNATURE_SIZE);
    if (length != 0 && length != BALINT_SIGNATURE_SIZE)
        reader->failed = true;
    return reader->failed ? 0 : (uint8_t)length;
}

bool balint_record_signed(struct balint_record_in *reader, const uint8_t *key)
{
    uint8_t signature[BALINT_SIGNATURE_SIZE];
    size_t signed_length = reader->at;
    balint_record_get(reader, signature, sizeof signature);
    return balint_record_whole(reader) &&
           (key == NULL || balint_verify(key, reader->bytes, signed_length, signature, sizeof signature));
}

bool balint_record_whole(const struct balint_record_in *reader)
{
    return !reader->failed && reader->at == reader->length;
}
