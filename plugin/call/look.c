/* look.c - see look.h. */
#include "call/look.h"

#include <string.h>

enum balint_trust balint_look_judge(const struct balint_book *book, int seat,
                                    const struct balint_pass_bytes *bytes, int64_t newest, int64_t now_s,
                                    struct balint_pass *pass)
{
    static const uint8_t none[BALINT_SESSION_SIZE];
    const struct balint_self *self = book->self;
    if (seat < 0 || seat >= BALINT_SEATS || !book->seats[seat].known)
        return BALINT_TRUST_MEMBER;
    const struct balint_identified *who = &book->seats[seat].who;
    if (!balint_is_leader(who->certificate.role))
        return BALINT_TRUST_ROLE;
    if (memcmp(self->session, none, sizeof none) == 0 ||
        memcmp(who->join.session, self->session, sizeof self->session) != 0)
        return BALINT_TRUST_SESSION;
    enum balint_trust trust = balint_pass_verify(pass, bytes->data, bytes->length, who->device,
                                                 who->join_hash, self->join_hash, now_s);
    if (trust == BALINT_TRUST_OK && pass->expires_s <= newest)
        return BALINT_TRUST_STALE;
    return trust;
}
