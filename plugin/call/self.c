/* self.c - see self.h. */
#include "call/self.h"

#include <string.h>

bool balint_self_open(struct balint_self *self, const char *invitation, const uint8_t *device_seed,
                      const char **why)
{
    memset(self, 0, sizeof *self);
    if (!balint_link_parse(&self->link, invitation, why))
        return false;
    *why = "This system has no randomness to make keys from: try again in a moment.";
    if (!balint_key_of_person(&self->person, self->link.seed, self->link.root) ||
        !(device_seed ? balint_key_from_seed(&self->device, device_seed) : balint_key_make(&self->device)) ||
        !balint_exchange_make(self->exchange_private, self->exchange))
        return false;
    self->device_bytes.length =
        (uint16_t)balint_device_make(self->device.public_half, &self->person, self->device_bytes.data);
    return self->device_bytes.length > 0;
}

void balint_self_wipe(struct balint_self *self)
{
    balint_wipe(self, sizeof *self);
}

void balint_self_knock(const struct balint_self *self, struct balint_knock *knock)
{
    memset(knock, 0, sizeof *knock);
    memcpy(knock->group, self->link.group, sizeof knock->group);
    knock->token.length = self->link.token_length;
    memcpy(knock->token.data, self->link.token, self->link.token_length);
}

static bool write_join(struct balint_self *self, struct balint_join_bytes *bytes)
{
    struct balint_join_record join = {0};
    memcpy(join.session, self->session, sizeof join.session);
    memcpy(join.nonce, self->nonce, sizeof join.nonce);
    memcpy(join.exchange, self->exchange, sizeof join.exchange);
    if (!balint_hash(self->certificate_bytes, self->certificate_length, join.certificate_hash))
        return false;
    bytes->length = (uint16_t)balint_join_make(&join, &self->device, bytes->data);
    return bytes->length > 0 && balint_hash(bytes->data, bytes->length, self->join_hash);
}

/* The server only keeps our certificate; that it is ROOT's and speaks of the holder of this link is ours to
 * see. */
static const char *judge(const struct balint_self *self, const struct balint_certificate *certificate,
                         int64_t now_s)
{
    if (strcmp(certificate->group, self->link.group) != 0 ||
        !balint_same(certificate->key, self->person.public_half, BALINT_KEY_SIZE))
        return "This server answers with somebody else's invitation: ask your leader for a new link.";
    if (now_s > certificate->until_s)
        return "This invitation has expired: ask your leader for a new link.";
    return NULL;
}

static const uint8_t no_session[BALINT_SESSION_SIZE];

/* Goes from one session to the next. False: this one was left, or too many were. */
static bool enter(struct balint_self *self, const uint8_t session[BALINT_SESSION_SIZE])
{
    if (memcmp(session, self->session, BALINT_SESSION_SIZE) == 0)
        return true;
    for (int i = 0; i < self->left_count; i++)
        if (memcmp(session, self->left[i], BALINT_SESSION_SIZE) == 0)
            return false;
    if (memcmp(self->session, no_session, BALINT_SESSION_SIZE) != 0) {
        if (self->left_count == BALINT_LEFT_SESSIONS)
            return false;
        memcpy(self->left[self->left_count++], self->session, BALINT_SESSION_SIZE);
    }
    memcpy(self->session, session, BALINT_SESSION_SIZE);
    return true;
}

bool balint_self_hello(struct balint_self *self, const struct balint_door *door, int64_t now_s,
                       struct balint_hello *hello, const char **why)
{
    struct balint_certificate certificate;
    *why =
        "This server's answer is not signed by your group: check the link, or ask your leader for a new one.";
    if (door->nonce.length != BALINT_NONCE_SIZE ||
        !balint_certificate_read(&certificate, door->certificate.data, door->certificate.length,
                                 self->link.root))
        return false;
    const char *wrong = judge(self, &certificate, now_s);
    if (wrong) {
        *why = wrong;
        return false;
    }
    self->met = true;
    self->certificate = certificate;
    self->certificate_length = door->certificate.length;
    memcpy(self->certificate_bytes, door->certificate.data, door->certificate.length);
    memcpy(self->nonce, door->nonce.data, BALINT_NONCE_SIZE);
    uint8_t session[BALINT_SESSION_SIZE] = {0};
    if (door->session.length == BALINT_SESSION_SIZE)
        memcpy(session, door->session.data, sizeof session);
    else if (balint_is_leader(certificate.role) && !balint_random(session, sizeof session))
        return false;
    if (!enter(self, session)) {
        *why =
            "The server leads back to a session that is over: close this program, and open your link again.";
        return false;
    }

    memset(hello, 0, sizeof *hello);
    hello->device = self->device_bytes;
    hello->certificate = door->certificate;
    return write_join(self, &hello->join);
}

bool balint_self_join(struct balint_self *self, const uint8_t session[BALINT_SESSION_SIZE],
                      struct balint_join_bytes *join)
{
    if (!self->met || memcmp(session, no_session, BALINT_SESSION_SIZE) == 0 ||
        memcmp(session, self->session, BALINT_SESSION_SIZE) == 0)
        return false;
    return enter(self, session) && write_join(self, join);
}
