/* record.h - writing and reading sequences of length-prefixed fields: the form of everything that is signed.
 *
 * A field is a 16-bit big-endian length and its bytes; integers are big-endian of a fixed width. A reader or
 * writer that failed once stays failed, so that a record's code is a plain list of its fields with one
 * question at the end. Internal to identity/. Pure; any thread.
 */
#ifndef BALINT_RECORD_H
#define BALINT_RECORD_H

#include "identity/identity.h"

struct balint_record_out {
    uint8_t *bytes;
    size_t size, length;
    bool failed;
};
void balint_record_begin(struct balint_record_out *writer, uint8_t *bytes, size_t size);
void balint_record_put(struct balint_record_out *writer, const void *bytes, size_t length);
void balint_record_put_text(struct balint_record_out *writer, const char *text);
/* An id or a name, refused unless a reader would take it. */
void balint_record_put_id(struct balint_record_out *writer, const char *id);
void balint_record_put_name(struct balint_record_out *writer, const char *name);
/* `width` 1, 4 or 8 bytes; a value that does not fit fails. */
void balint_record_put_number(struct balint_record_out *writer, uint64_t value, size_t width);
/* Unix seconds as 8 bytes; negative ones fail. */
void balint_record_put_time(struct balint_record_out *writer, int64_t time_s);
/* A signature of 0 (not signed yet) or BALINT_SIGNATURE_SIZE bytes. */
void balint_record_put_signature(struct balint_record_out *writer, const uint8_t *signature, size_t length);
/* Signs everything put so far and puts the signature: the last field of a signed record. */
void balint_record_sign(struct balint_record_out *writer, const struct balint_key *key);
/* The record's length, or 0 when anything failed. */
size_t balint_record_end(const struct balint_record_out *writer);

struct balint_record_in {
    const uint8_t *bytes;
    size_t length, at;
    bool failed;
};
/* Starts, and takes the first field, which must be `label` (NULL: the record has none). */
void balint_record_open(struct balint_record_in *reader, const uint8_t *bytes, size_t length,
                        const char *label);
/* A field of exactly `length` bytes. */
void balint_record_get(struct balint_record_in *reader, void *bytes, size_t length);
/* A field of at most `cap` bytes; returns how many. */
size_t balint_record_get_upto(struct balint_record_in *reader, void *bytes, size_t cap);
/* Texts get their final NUL; `size` counts it. */
void balint_record_get_id(struct balint_record_in *reader, char *id, size_t size);
void balint_record_get_name(struct balint_record_in *reader, char *name, size_t size);
uint64_t balint_record_get_number(struct balint_record_in *reader, size_t width);
int64_t balint_record_get_time(struct balint_record_in *reader);
uint8_t balint_record_get_signature(struct balint_record_in *reader, uint8_t *signature);
/* Takes the last field, a signature over everything before it. True when nothing failed, no byte is left
 * over, and `key` made it (NULL: not looked at). */
bool balint_record_signed(struct balint_record_in *reader, const uint8_t *key);
/* True when nothing failed and no byte is left over. */
bool balint_record_whole(const struct balint_record_in *reader);

/* Integers outside fields. */
void balint_put_be(uint8_t *bytes, uint64_t value, size_t width);
uint64_t balint_get_be(const uint8_t *bytes, size_t width);

#endif
