/* field.c - reading and writing the place of one field, by its description.
 *
 * memcpy and sizes instead of pointers of the right type: the same code serves int, uint32_t, int64_t, bool
 * and enums. Pure; any thread.
 */
#include "protocol/fields.h"

#include <string.h>

bool balint_field_travels(const struct balint_field *field, enum balint_way way)
{
    return field->ways == 0 || field->ways & 1 << way;
}

int64_t balint_field_get(const struct balint_field *field, const void *base)
{
    const char *at = (const char *)base + field->offset;
    uint8_t byte = 0;
    uint32_t word = 0;
    int64_t wide = 0;
    switch (field->size) {
    case sizeof byte:
        memcpy(&byte, at, sizeof byte);
        return byte;
    case sizeof word:
        memcpy(&word, at, sizeof word);
        /* -1 in an int of range 0..15 reads as 4294967295: outside as well. */
        return field->min < 0 || field->absent < 0 ? (int32_t)word : (int64_t)word;
    default:
        memcpy(&wide, at, sizeof wide);
        return wide;
    }
}

void balint_field_set(const struct balint_field *field, void *base, int64_t value)
{
    char *at = (char *)base + field->offset;
    uint8_t byte = (uint8_t)value;
    uint32_t word = (uint32_t)value;
    switch (field->size) {
    case sizeof byte:
        memcpy(at, &byte, sizeof byte);
        return;
    case sizeof word:
        memcpy(at, &word, sizeof word);
        return;
    default:
        memcpy(at, &value, sizeof value);
    }
}

bool balint_field_absent(const struct balint_field *field, const void *base)
{
    const char *at = (const char *)base + field->offset;
    uint16_t length = 0;
    int count = 0;
    switch (field->kind) {
    case BALINT_KIND_TEXT:
    case BALINT_KIND_WORD:
        return *at == '\0';
    case BALINT_KIND_BYTES:
        memcpy(&length, at, sizeof length);
        return length == 0;
    case BALINT_KIND_LIST:
        memcpy(&count, (const char *)base + field->count_offset, sizeof count);
        return count == 0;
    case BALINT_KIND_OBJECT:
        return balint_field_absent(field->sub, at); /* an object is there when its first field is */
    default:
        return balint_field_get(field, base) == field->absent;
    }
}
