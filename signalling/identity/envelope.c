/* envelope.c - 256 bytes from one person to one leader, always the same size.
 *
 * Layout:
 *     0      version, 1
 *     1..3   zeros
 *     4..7   epoch of the sender's client, big-endian
 *     8..15  sequence, big-endian           (0..15: header, the sealing's associated data)
 *     16     kind
 *     17..23 zeros
 *     24..239  body, 216 bytes              (16..239: what is sealed, see channel.c: the kind is inside)
 *     240..255 tag, zeros where nothing is sealed
 * Why one size and the kind inside: who carries envelopes must not learn from them who spoke, nor that a
 * quiet word was among them. Pure; any thread.
 */
#include "identity/envelope.h"
#include "identity/identity.h"
#include "identity/record.h"

#include <string.h>

#define ENVELOPE_VERSION 1
_Static_assert(BALINT_ENVELOPE_TAG_AT + 16 == BALINT_ENVELOPE_SIZE, "header, body and tag fill an envelope");

static bool zeros(const uint8_t *bytes, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

void balint_envelope_write(const struct balint_envelope *envelope, uint8_t bytes[BALINT_ENVELOPE_SIZE])
{
    memset(bytes, 0, BALINT_ENVELOPE_SIZE);
    bytes[BALINT_ENVELOPE_VERSION_AT] = ENVELOPE_VERSION;
    balint_put_be(bytes + BALINT_ENVELOPE_EPOCH_AT, envelope->epoch, 4);
    balint_put_be(bytes + BALINT_ENVELOPE_SEQUENCE_AT, envelope->sequence, 8);
    bytes[BALINT_ENVELOPE_KIND_AT] = (uint8_t)envelope->kind;
    memcpy(bytes + BALINT_ENVELOPE_BODY_AT, envelope->body, sizeof envelope->body);
}

bool balint_envelope_decode(struct balint_envelope *envelope, const uint8_t *bytes, unsigned kinds)
{
    if (bytes[BALINT_ENVELOPE_VERSION_AT] != ENVELOPE_VERSION ||
        !zeros(bytes, BALINT_ENVELOPE_VERSION_AT + 1, BALINT_ENVELOPE_EPOCH_AT) ||
        bytes[BALINT_ENVELOPE_KIND_AT] >= kinds ||
        !zeros(bytes, BALINT_ENVELOPE_KIND_AT + 1, BALINT_ENVELOPE_BODY_AT) ||
        !zeros(bytes, BALINT_ENVELOPE_TAG_AT, BALINT_ENVELOPE_SIZE))
        return false;
    envelope->epoch = (uint32_t)balint_get_be(bytes + BALINT_ENVELOPE_EPOCH_AT, 4);
    envelope->sequence = balint_get_be(bytes + BALINT_ENVELOPE_SEQUENCE_AT, 8);
    envelope->kind = (enum balint_envelope_kind)bytes[BALINT_ENVELOPE_KIND_AT];
    memcpy(envelope->body, bytes + BALINT_ENVELOPE_BODY_AT, sizeof envelope->body);
    return true;
}

bool balint_envelope_read(struct balint_envelope *envelope, const uint8_t *bytes, size_t length)
{
    return length == BALINT_ENVELOPE_SIZE &&
           balint_envelope_decode(envelope, bytes, BALINT_ENVELOPE_TALK + 1);
}
