/* envelope.c - 256 bytes from one person to one leader, always the same size.
 *
 * Layout:
 *     0      version, 1
 *     1..3   zeros
 *     4..7   epoch of the sender's client, big-endian
 *     8..15  sequence, big-endian           (0..15: header, the sealing's associated data)
 *     16     kind
 *     17..23 zeros
 *     24..239  body, 216 bytes              (16..239: what will be sealed: the kind is inside)
 *     240..255 tag, zeros while nothing is sealed
 * Why one size and the kind inside: who carries envelopes must not learn from them who spoke, nor that a
 * quiet word was among them. Pure; any thread.
 */
#include "identity/identity.h"
#include "identity/record.h"

#include <string.h>

enum { VERSION_AT = 0, EPOCH_AT = 4, SEQUENCE_AT = 8, KIND_AT = 16, BODY_AT = 24 };
#define TAG_AT           (BODY_AT + BALINT_ENVELOPE_BODY)
#define ENVELOPE_VERSION 1
_Static_assert(TAG_AT + 16 == BALINT_ENVELOPE_SIZE, "header, body and tag fill an envelope");

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
    bytes[VERSION_AT] = ENVELOPE_VERSION;
    balint_put_be(bytes + EPOCH_AT, envelope->epoch, 4);
    balint_put_be(bytes + SEQUENCE_AT, envelope->sequence, 8);
    bytes[KIND_AT] = (uint8_t)envelope->kind;
    memcpy(bytes + BODY_AT, envelope->body, sizeof envelope->body);
}

bool balint_envelope_read(struct balint_envelope *envelope, const uint8_t *bytes, size_t length)
{
    if (length != BALINT_ENVELOPE_SIZE || bytes[VERSION_AT] != ENVELOPE_VERSION ||
        !zeros(bytes, VERSION_AT + 1, EPOCH_AT) || bytes[KIND_AT] > BALINT_ENVELOPE_TALK ||
        !zeros(bytes, KIND_AT + 1, BODY_AT) || !zeros(bytes, TAG_AT, BALINT_ENVELOPE_SIZE))
        return false;
    envelope->epoch = (uint32_t)balint_get_be(bytes + EPOCH_AT, 4);
    envelope->sequence = balint_get_be(bytes + SEQUENCE_AT, 8);
    envelope->kind = (enum balint_envelope_kind)bytes[KIND_AT];
    memcpy(envelope->body, bytes + BODY_AT, sizeof envelope->body);
    return true;
}
