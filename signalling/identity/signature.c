/* signature.c - the signature of an offer or an answer.
 *
 * What is signed (fields, see record.h; it never travels, both sides write it themselves): label "balint1
 * link", session (16), generation (4), side (1: 0 offer, 1 answer), SHA-256 of the sender's join (32), of the
 * receiver's (32), the sender's fingerprint, the receiver's (empty in an offer; in an answer the one that was
 * offered), then what is left of the message in the order of the protocol's table: ufrag, pwd, setup,
 * opus.payload (1), opus.params, vp8.payload (1), vp8.params; texts as they travel. Why both fingerprints and
 * the side: RFC 8844; without them a link could be reflected to its sender or two links be crossed. Pure; any
 * thread.
 */
#include "identity/identity.h"
#include "identity/record.h"
#include "protocol/messages.h"

#include <string.h>

#define FINGERPRINT_LENGTH 95 /* 32 hex pairs and the colons between */
#define SIGNED_SIZE        1024

/* A text of the message; one without its NUL fails. */
static void put_text(struct balint_record_out *writer, const char *text, size_t size)
{
    size_t length = strnlen(text, size);
    if (length == size)
        writer->failed = true;
    else
        balint_record_put(writer, text, length);
}

/* Does the message fit its side? An offer knows no fingerprint of the other, an answer does. */
static bool fits(const struct balint_sdp *sdp, const struct balint_link_ends *ends)
{
    size_t offered = ends->offered == NULL ? 0 : strnlen(ends->offered, FINGERPRINT_LENGTH + 1);
    return sdp->generation > 0 && offered == (ends->answer ? FINGERPRINT_LENGTH : 0) &&
           strnlen(sdp->fingerprint, sizeof sdp->fingerprint) == FINGERPRINT_LENGTH &&
           (strcmp(sdp->setup, "actpass") == 0) != ends->answer &&
           memcmp(ends->sender, ends->receiver, BALINT_HASH_SIZE) != 0;
}

/* Length, or 0. */
static size_t signed_bytes(const struct balint_sdp *sdp, const struct balint_link_ends *ends,
                           uint8_t bytes[SIGNED_SIZE])
{
    struct balint_record_out writer;
    if (!fits(sdp, ends))
        return 0;
    balint_record_begin(&writer, bytes, SIGNED_SIZE);
    balint_record_put_text(&writer, "balint1 link");
    balint_record_put(&writer, ends->session, BALINT_SESSION_SIZE);
    balint_record_put_number(&writer, (uint64_t)sdp->generation, 4);
    balint_record_put_number(&writer, ends->answer, 1);
    balint_record_put(&writer, ends->sender, BALINT_HASH_SIZE);
    balint_record_put(&writer, ends->receiver, BALINT_HASH_SIZE);
    balint_record_put_text(&writer, sdp->fingerprint);
    balint_record_put_text(&writer, ends->offered == NULL ? "" : ends->offered);
    put_text(&writer, sdp->ufrag, sizeof sdp->ufrag);
    put_text(&writer, sdp->pwd, sizeof sdp->pwd);
    put_text(&writer, sdp->setup, sizeof sdp->setup);
    balint_record_put_number(&writer, (uint64_t)sdp->opus.payload, 1);
    put_text(&writer, sdp->opus.params, sizeof sdp->opus.params);
    balint_record_put_number(&writer, (uint64_t)sdp->vp8.payload, 1);
    put_text(&writer, sdp->vp8.params, sizeof sdp->vp8.params);
    return balint_record_end(&writer);
}

bool balint_sdp_sign(struct balint_sdp *sdp, const struct balint_link_ends *ends,
                     const struct balint_key *device)
{
    uint8_t bytes[SIGNED_SIZE];
    size_t length = signed_bytes(sdp, ends, bytes);
    if (length == 0 || !balint_sign(device, bytes, length, sdp->signature.data))
        return false;
    sdp->signature.length = BALINT_SIGNATURE_SIZE;
    return true;
}

bool balint_sdp_verify(const struct balint_sdp *sdp, const struct balint_link_ends *ends,
                       const uint8_t device[BALINT_KEY_SIZE])
{
    uint8_t bytes[SIGNED_SIZE];
    size_t length = signed_bytes(sdp, ends, bytes);
    return length > 0 && balint_verify(device, bytes, length, sdp->signature.data, sdp->signature.length);
}
