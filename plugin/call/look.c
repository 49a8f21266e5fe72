/* look.c - see look.h. */
#include "call/look.h"

#include <string.h>

const struct balint_known *balint_look_at_door(const struct balint_book *book,
                                               const struct balint_state *state, int seat)
{
    for (int i = 0; i < state->lobby_count; i++) {
        const struct balint_state_seat *waits = &state->lobby[i];
        if (waits->seat != seat || seat < 0 || seat >= BALINT_SEATS)
            continue;
        const struct balint_known *known = &book->seats[seat];
        const struct balint_certificate *certificate = &known->who.certificate;
        return known->known && known->epoch == waits->epoch &&
                       strcmp(certificate->member, waits->member) == 0 &&
                       strcmp(certificate->name, waits->name) == 0
                   ? known
                   : NULL;
    }
    return NULL;
}

/* Who is at the door has no roster: a leader is known by certificate, a deputy by the grant that comes along.
 */
static enum balint_trust may_look(const struct balint_self *self, const struct balint_identified *who,
                                  const struct balint_granting_bytes *grant, int64_t now_s)
{
    const struct balint_roster_view view = {
        .root = self->link.root, .group = self->link.group, .now_s = now_s};
    const struct balint_part granting = {grant->data, grant->length};
    if (balint_is_leader(who->certificate.role))
        return BALINT_TRUST_OK;
    if (who->certificate.role != BALINT_MEMBER || grant->length == 0)
        return BALINT_TRUST_ROLE;
    return balint_granting_verify(&granting, who->certificate.member, who->device, self->session, &view);
}

enum balint_trust balint_look_judge(const struct balint_book *book, int seat,
                                    const struct balint_pass_message *message, int64_t newest, int64_t now_s,
                                    struct balint_pass *pass)
{
    static const uint8_t none[BALINT_SESSION_SIZE];
    const struct balint_self *self = book->self;
    if (seat < 0 || seat >= BALINT_SEATS || !book->seats[seat].known)
        return BALINT_TRUST_MEMBER;
    const struct balint_identified *who = &book->seats[seat].who;
    if (memcmp(self->session, none, sizeof none) == 0 ||
        memcmp(who->join.session, self->session, sizeof self->session) != 0)
        return BALINT_TRUST_SESSION;
    enum balint_trust trust = may_look(self, who, &message->grant, now_s);
    if (trust != BALINT_TRUST_OK)
        return trust;
    trust = balint_pass_verify(pass, message->pass.data, message->pass.length, who->device, who->join_hash,
                               self->join_hash, now_s);
    if (trust == BALINT_TRUST_OK && pass->expires_s <= newest)
        return BALINT_TRUST_STALE;
    return trust;
}
