/* saved.h - structs as lines of text, driven by tables: what snapshots are written in.
 *
 * One line a field, `name value`, in the order of the table. Writer and reader use the same table, so that a
 * field that is saved is also restored. The reader is strict: every line must be the one expected, numbers
 * are canonical and in range, and the last line carries a checksum (CRC-32, ISO 3309) over all before it, so
 * that a torn or altered text is refused rather than half believed. Pure; any thread.
 */
#ifndef BALINT_SAVED_H
#define BALINT_SAVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum balint_saved_kind {
    BALINT_SAVED_TEXT,  /* char[size], with a final NUL */
    BALINT_SAVED_HEX,   /* uint8_t[size] */
    BALINT_SAVED_BYTES, /* BALINT_BYTES(…): uint16_t length, then at most size - 2 bytes */
    BALINT_SAVED_BOOL,
    BALINT_SAVED_INT, /* int or an enum, min..max */
    BALINT_SAVED_U32, /* uint32_t */
    BALINT_SAVED_I64, /* int64_t, min..max */
};

struct balint_saved_field {
    const char *name;
    enum balint_saved_kind kind;
    size_t offset, size;
    int64_t min, max; /* of INT and I64 */
};

/* A row of a table: BALINT_SAVED(TEXT, struct balint_seat, name, 0, 0). */
#define BALINT_SAVED(row_kind, type, member, least, most)                                                    \
    {                                                                                                        \
        .name = #member, .kind = BALINT_SAVED_##row_kind, .offset = offsetof(type, member),                  \
        .size = sizeof(((type *)0)->member), .min = least, .max = most                                       \
    }

struct balint_saved_writer {
    char *text;
    size_t size, length;
    bool full; /* it did not fit: what is there is worthless */
};

void balint_saved_begin(struct balint_saved_writer *writer, char *text, size_t size);
void balint_saved_write_number(struct balint_saved_writer *writer, const char *name, int64_t number);
void balint_saved_write_fields(struct balint_saved_writer *writer, const struct balint_saved_field *fields,
                               size_t count, const void *from);
/* The last line. Returns the length without the final NUL, or 0 when it did not fit. */
size_t balint_saved_write_end(struct balint_saved_writer *writer);

struct balint_saved_reader {
    const char *start, *at;
    bool failed; /* once failed, everything fails */
};

void balint_saved_open(struct balint_saved_reader *reader, const char *text);
/* Each returns false, and the reader stays failed, when the next line is not the one expected. */
bool balint_saved_read_number(struct balint_saved_reader *reader, const char *name, int64_t min, int64_t max,
                              int64_t *number);
bool balint_saved_read_fields(struct balint_saved_reader *reader, const struct balint_saved_field *fields,
                              size_t count, void *to);
/* The last line and its checksum. What follows in the text starts at reader->at. */
bool balint_saved_read_end(struct balint_saved_reader *reader);

#endif
