/* envelope.h - where things stand in an envelope. Internal to identity/ and its tests. */
#ifndef BALINT_ENVELOPE_H
#define BALINT_ENVELOPE_H

#include "identity/identity.h"

enum {
    BALINT_ENVELOPE_VERSION_AT = 0,
    BALINT_ENVELOPE_EPOCH_AT = 4,
    BALINT_ENVELOPE_SEQUENCE_AT = 8,
    BALINT_ENVELOPE_KIND_AT = 16, /* from here to the tag: sealed */
    BALINT_ENVELOPE_BODY_AT = 24,
    BALINT_ENVELOPE_TAG_AT = BALINT_ENVELOPE_BODY_AT + BALINT_ENVELOPE_BODY,
};

/* Reads an open envelope of BALINT_ENVELOPE_SIZE bytes whose kind is below `kinds`. */
bool balint_envelope_decode(struct balint_envelope *envelope, const uint8_t *bytes, unsigned kinds);

#endif
