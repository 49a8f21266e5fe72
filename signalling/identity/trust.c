/* trust.c - whom a client believes: a person's three records, and a roster with everything that holds it up.
 *
 * Why one place: every step leans on the one before (ROOT signs the certificate, its person the device, that
 * device the join and the roster), and a step that somebody may leave out is a way in. Each answer is a
 * reason, because the person in front of it has to know what to do. Pure; any thread.
 */
#include "identity/identity.h"
#include "identity/record.h"

#include <string.h>

static enum balint_trust person_verify(struct balint_identified *person,
                                       const struct balint_part *certificate,
                                       const struct balint_part *device, const uint8_t *root,
                                       const char *group, int64_t now_s)
{
    struct balint_device known;
    if (!balint_certificate_read(&person->certificate, certificate->bytes, certificate->length, NULL) ||
        !balint_device_read(&known, device->bytes, device->length))
        return BALINT_TRUST_FORM;
    if (!balint_certificate_read(&person->certificate, certificate->bytes, certificate->length, root))
        return BALINT_TRUST_CERTIFICATE;
    if (strcmp(person->certificate.group, group) != 0)
        return BALINT_TRUST_GROUP;
    if (now_s < person->certificate.from_s || now_s > person->certificate.until_s)
        return BALINT_TRUST_TIME;
    if (!balint_device_verify(&known, device->bytes, device->length, person->certificate.key))
        return BALINT_TRUST_DEVICE;
    memcpy(person->device, known.key, sizeof person->device);
    return BALINT_TRUST_OK;
}

enum balint_trust balint_person_verify(struct balint_identified *person,
                                       const struct balint_part *certificate,
                                       const struct balint_part *device, const struct balint_part *join,
                                       const uint8_t root[BALINT_KEY_SIZE], const char *group, int64_t now_s)
{
    struct balint_identified met;
    uint8_t hash[BALINT_HASH_SIZE];
    memset(&met, 0, sizeof met);
    enum balint_trust trust = person_verify(&met, certificate, device, root, group, now_s);
    if (trust != BALINT_TRUST_OK)
        return trust;
    if (join != NULL) {
        if (!balint_join_read(&met.join, join->bytes, join->length))
            return BALINT_TRUST_FORM;
        if (!balint_join_verify(&met.join, join->bytes, join->length, met.device) ||
            !balint_hash(certificate->bytes, certificate->length, hash) ||
            !balint_same(hash, met.join.certificate_hash, sizeof hash) ||
            !balint_hash(join->bytes, join->length, met.join_hash))
            return BALINT_TRUST_JOIN;
    }
    *person = met;
    return BALINT_TRUST_OK;
}

/* In time, and not for longer than an evening? */
static enum balint_trust lasts(int64_t expires_s, int64_t now_s)
{
    if (expires_s <= now_s)
        return BALINT_TRUST_EXPIRED;
    return expires_s > now_s + BALINT_ROSTER_LASTS_S + BALINT_SKEW_S ? BALINT_TRUST_TOO_LONG
                                                                     : BALINT_TRUST_OK;
}

/* Was this certificate taken back, as far as a roster (NULL: none) tells? */
static bool is_revoked(const struct balint_roster *roster, const struct balint_certificate *certificate)
{
    const struct balint_roster_entry *entry =
        roster == NULL ? NULL : balint_roster_find(roster, certificate->member);
    return entry != NULL && entry->serial > certificate->serial;
}

/* The grant and who made it: signed by a leader's device, for this session. */
static bool read_granting(const struct balint_part *granting, const uint8_t session[BALINT_SESSION_SIZE],
                          const struct balint_roster_view *view, struct balint_grant *grant,
                          struct balint_identified *granter)
{
    uint8_t grant_bytes[BALINT_GRANT_SIZE], certificate_bytes[BALINT_CERTIFICATE_SIZE];
    uint8_t device_bytes[BALINT_DEVICE_SIZE];
    struct balint_record_in reader;
    balint_record_open(&reader, granting->bytes, granting->length, NULL);
    size_t grant_length = balint_record_get_upto(&reader, grant_bytes, sizeof grant_bytes);
    const struct balint_part certificate = {
        certificate_bytes, balint_record_get_upto(&reader, certificate_bytes, sizeof certificate_bytes)};
    const struct balint_part device = {device_bytes,
                                       balint_record_get_upto(&reader, device_bytes, sizeof device_bytes)};
    return balint_record_whole(&reader) &&
           balint_person_verify(granter, &certificate, &device, NULL, view->root, view->group, view->now_s) ==
               BALINT_TRUST_OK &&
           balint_is_leader(granter->certificate.role) &&
           balint_grant_verify(grant, grant_bytes, grant_length, granter->device) &&
           strcmp(grant->granter, granter->certificate.member) == 0 &&
           memcmp(grant->session, session, BALINT_SESSION_SIZE) == 0;
}

static enum balint_trust in_time(const struct balint_grant *grant, int64_t now_s)
{
    return lasts(grant->expires_s, now_s) == BALINT_TRUST_OK ? BALINT_TRUST_OK : BALINT_TRUST_GRANT_OVER;
}

enum balint_trust balint_granting_verify(const struct balint_part *granting, const char *member,
                                         const uint8_t device[BALINT_KEY_SIZE],
                                         const uint8_t session[BALINT_SESSION_SIZE],
                                         const struct balint_roster_view *view)
{
    struct balint_identified granter;
    struct balint_grant grant;
    if (!read_granting(granting, session, view, &grant, &granter) || strcmp(grant.member, member) != 0 ||
        !balint_same(grant.device, device, sizeof grant.device))
        return BALINT_TRUST_GRANT;
    return in_time(&grant, view->now_s);
}

/* Does the newest roster known, as late as the grant's first one or later, not carry it any more? */
static bool taken_back(const struct balint_roster *roster, const struct balint_grant *grant,
                       const struct balint_roster *newest)
{
    return newest != NULL && newest->epoch >= grant->epoch &&
           memcmp(newest->session, roster->session, sizeof newest->session) == 0 &&
           (newest->grant_length != roster->grant_length ||
            memcmp(newest->grant, roster->grant, roster->grant_length) != 0);
}

enum balint_trust balint_roster_deputy(const struct balint_roster *roster,
                                       const struct balint_roster_view *view)
{
    const struct balint_part granting = {roster->grant, roster->grant_length};
    struct balint_identified granter;
    struct balint_grant grant;
    if (!read_granting(&granting, roster->session, view, &grant, &granter) ||
        is_revoked(roster, &granter.certificate) || is_revoked(view->newest, &granter.certificate))
        return BALINT_TRUST_GRANT;
    const struct balint_roster_entry *entry = balint_roster_find(roster, grant.member);
    if (entry == NULL || entry->role != BALINT_CO_LEADER || grant.epoch > roster->epoch ||
        !balint_same(grant.device, entry->device, sizeof grant.device) ||
        taken_back(roster, &grant, view->newest))
        return BALINT_TRUST_GRANT;
    return in_time(&grant, view->now_s);
}

/* Is its signer who the roster says, one who may sign, and did that device sign these bytes? */
static enum balint_trust signer_verify(const struct balint_roster *roster, const uint8_t *bytes,
                                       size_t length, const struct balint_roster_view *view)
{
    struct balint_identified signer;
    const struct balint_roster_entry *entry = balint_roster_find(roster, roster->signer);
    enum balint_trust trust = balint_person_verify(&signer, &view->certificate, &view->device, NULL,
                                                   view->root, view->group, view->now_s);
    if (trust != BALINT_TRUST_OK)
        return trust;
    if (strcmp(signer.certificate.member, roster->signer) != 0)
        return BALINT_TRUST_MEMBER;
    if (entry == NULL || !balint_same(entry->device, signer.device, BALINT_KEY_SIZE) ||
        is_revoked(roster, &signer.certificate) || is_revoked(view->newest, &signer.certificate))
        return BALINT_TRUST_LISTED;
    bool leader = balint_is_leader(signer.certificate.role);
    if (!leader && (signer.certificate.role != BALINT_MEMBER || roster->grant_length == 0))
        return BALINT_TRUST_ROLE;
    /* A deputy holds every power of a co-leader, and the roster says so. */
    if (entry->role != (leader ? signer.certificate.role : BALINT_CO_LEADER))
        return BALINT_TRUST_LISTED;
    trust = roster->grant_length > 0 ? balint_roster_deputy(roster, view) : BALINT_TRUST_OK;
    if (trust != BALINT_TRUST_OK)
        return trust;
    if (!balint_roster_role_ok(roster, entry, signer.certificate.role)) /* somebody else's grant */
        return BALINT_TRUST_GRANT;
    if (!balint_verify(signer.device, bytes, length - 2 - roster->signature_length, roster->signature,
                       roster->signature_length))
        return BALINT_TRUST_SIGNATURE;
    return BALINT_TRUST_OK;
}

/* May a signed roster follow what this client knows? */
static enum balint_trust follows(const struct balint_roster *roster, const struct balint_roster_view *view)
{
    static const uint8_t none[BALINT_HASH_SIZE];
    if (roster->epoch == 1 && memcmp(roster->previous, none, sizeof none) != 0)
        return BALINT_TRUST_FORM;
    if (view->newest == NULL) {
        const struct balint_roster_entry *own =
            view->member == NULL ? NULL : balint_roster_find(roster, view->member);
        bool named = own != NULL && balint_same(own->device, view->own_device, BALINT_KEY_SIZE);
        return view->member == NULL || named ? BALINT_TRUST_OK : BALINT_TRUST_NOT_NAMED;
    }
    if (memcmp(roster->session, view->newest->session, sizeof roster->session) != 0)
        return BALINT_TRUST_SESSION;
    if (roster->epoch < view->newest->epoch)
        return BALINT_TRUST_STALE;
    if (roster->epoch == view->newest->epoch)
        return BALINT_TRUST_ALARM; /* the same one was recognised before */
    if (roster->epoch - 1 == view->newest->epoch &&
        !balint_same(roster->previous, view->newest_hash, BALINT_HASH_SIZE))
        return BALINT_TRUST_PREVIOUS;
    return BALINT_TRUST_OK;
}

enum balint_trust balint_roster_verify(struct balint_roster *roster, uint8_t hash[BALINT_HASH_SIZE],
                                       const uint8_t *bytes, size_t length,
                                       const struct balint_roster_view *view)
{
    struct balint_roster read;
    uint8_t own_hash[BALINT_HASH_SIZE];
    if (!balint_roster_read(&read, bytes, length) || !balint_hash(bytes, length, own_hash))
        return BALINT_TRUST_FORM;
    if (!balint_same(read.root, view->root, BALINT_KEY_SIZE))
        return BALINT_TRUST_ROOT;
    if (view->newest != NULL && balint_same(own_hash, view->newest_hash, sizeof own_hash))
        return BALINT_TRUST_SAME;
    enum balint_trust trust = lasts(read.expires_s, view->now_s);
    if (trust == BALINT_TRUST_OK)
        trust = signer_verify(&read, bytes, length, view);
    if (trust == BALINT_TRUST_OK)
        trust = follows(&read, view);
    if (trust != BALINT_TRUST_OK)
        return trust;
    *roster = read;
    if (hash != NULL)
        memcpy(hash, own_hash, sizeof own_hash);
    return BALINT_TRUST_OK;
}
