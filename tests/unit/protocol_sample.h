/* protocol_sample.h - legal messages made from the table, to be bent field by field.
 *
 * A test that bends every field of every message cannot be written by hand and stay complete; what the values
 * mean is tested by hand-written messages in protocol_golden.c.
 */
#ifndef BALINT_PROTOCOL_SAMPLE_H
#define BALINT_PROTOCOL_SAMPLE_H

#include "protocol/fields.h"

#include <jansson.h>

/* Does the message travel this way at all? */
bool sample_travels(enum balint_type type, enum balint_way way);
/* A message with its required fields, as short as they may be; or with every field at its largest, texts made
 * of the character that grows most on the wire. The caller's to json_decref. */
json_t *sample_small(enum balint_type type, enum balint_way way);
json_t *sample_large(enum balint_type type, enum balint_way way);
/* A legal value of a field with `length` bytes (texts, bytes) or elements (lists). */
json_t *sample_of_length(const struct balint_field *field, enum balint_way way, size_t length, bool large);
/* Decodes a JSON value; asserts nothing. */
bool sample_decode(const json_t *json, enum balint_way way, struct balint_message *message,
                   struct balint_error *error);

#endif
