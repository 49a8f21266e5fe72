/* founder.c - requests of who holds ROOT, see founder.h. */
#include "server/founder.h"
#include "server/groups.h"
#include "server/log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void refuse(struct balint_peer *peer, int64_t re, const char *code, const char *field,
                   const char *text)
{
    balint_peer_error(peer, re, code, field, text);
    balint_peer_close(peer);
}

static void unavailable(struct balint_peer *peer, int64_t re)
{
    refuse(peer, re, "unavailable", "", "The server cannot write its records now. Try again in a minute.");
}

void balint_founder_nonce(struct balint_peer *peer, const struct balint_message *message)
{
    if (!balint_random(peer->nonce, sizeof peer->nonce)) {
        unavailable(peer, message->id);
        return;
    }
    peer->challenged = true;
    struct balint_message challenge = {.type = BALINT_MSG_CHALLENGE, .re = message->id};
    memcpy(challenge.challenge.nonce.data, peer->nonce, sizeof peer->nonce);
    challenge.challenge.nonce.length = sizeof peer->nonce;
    balint_peer_message(peer, &challenge);
}

/* A nonce is good for one request, whatever comes of it. */
static bool take_nonce(struct balint_peer *peer, int64_t re)
{
    bool had = peer->challenged;
    peer->challenged = false;
    if (!had) {
        balint_peer_error(peer, re, "nonce-first", "",
                          "Ask for a nonce first; each is good for one request.");
        balint_peer_abuse(peer);
    }
    return had;
}

/* `length` bytes signed by `root`? Then the peer has said who it is; refuses otherwise. NULL: there is no
 * such group, or it waits to be founded. A stranger does not learn here which: the same answer after the same
 * work. */
static bool signed_by(struct balint_peer *peer, int64_t re, const uint8_t *root, const uint8_t *bytes,
                      size_t length, const struct balint_signature_bytes *signature)
{
    static const uint8_t nobody[BALINT_KEY_SIZE] = {
        /* RFC 8032 7.1, test 1; what it signs counts nothing */
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
        0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a};
    bool right = length > 0 && balint_verify(root != NULL ? root : nobody, bytes, length, signature->data,
                                             signature->length);
    if (right && root != NULL) {
        peer->settled = true;
        return true;
    }
    refuse(peer, re, "wrong-signature", "signature",
           "No group of that name has this key. Use the machine on which it was founded, or found it with a "
           "code "
           "from `balint-server group add`.");
    return false;
}

/* The group's ROOT, in `group`, or NULL in `root`. Refuses when the records cannot be read. */
static bool root_of(struct balint_peer *peer, int64_t re, const char *name, struct balint_store_group *group,
                    const uint8_t **root)
{
    enum balint_stored stored = balint_store_group(peer->server->store, name, group);
    *root = stored == BALINT_STORED && group->founded ? group->root : NULL;
    if (stored == BALINT_STORE_FAILED)
        unavailable(peer, re);
    return stored != BALINT_STORE_FAILED;
}

static bool submit(struct balint_peer *peer, int64_t re, struct balint_job *job,
                   void (*finish)(struct balint_job *job, void *context))
{
    if (job == NULL) {
        unavailable(peer, re);
        return false;
    }
    job->now_s = balint_server_now_s(peer->server);
    job->conn = peer->conn;
    job->re = re;
    job->finish = finish;
    balint_writer_submit(peer->server->writer, job);
    return true;
}

/* Who asked, if still there and the job was done; answers the failure otherwise. */
static struct balint_peer *answer_to(struct balint_server *server, const struct balint_job *job,
                                     const char *code, const char *field, const char *text)
{
    struct balint_peer *peer = balint_peer_find(server, job->conn);
    if (job->result == BALINT_WRITTEN)
        server->metrics.value[BALINT_METRIC_FOUNDER]++;
    if (peer == NULL || job->result == BALINT_WRITTEN)
        return peer;
    if (job->result == BALINT_WRITE_REFUSED)
        refuse(peer, job->re, code, field, text);
    else
        unavailable(peer, job->re);
    return NULL;
}

static void done(struct balint_peer *peer, int64_t re)
{
    struct balint_message message = {.type = BALINT_MSG_DONE, .re = re};
    if (peer != NULL)
        balint_peer_message(peer, &message);
}

/* ---- found */
static void founded(struct balint_job *job, void *context)
{
    if (job->result == BALINT_WRITTEN)
        balint_groups_renewed(context, job->group);
    done(answer_to(
             context, job, "wrong-code", "code",
             "This code does not fit: it is for another group, or used. Get one with `balint-server group "
             "add`, or `group renew` for a group that has a key already."),
         job->re);
}

void balint_founder_found(struct balint_peer *peer, const struct balint_message *message)
{
    const struct balint_found *found = &message->found;
    uint8_t bytes[BALINT_REQUEST_SIZE];
    if (!take_nonce(peer, message->id))
        return;
    size_t length =
        balint_found_bytes(peer->nonce, found->group, found->code, found->root.data, bytes, sizeof bytes);
    if (!signed_by(peer, message->id, found->root.data, bytes, length, &found->signature))
        return;
    struct balint_job *job = balint_job_new(BALINT_JOB_FOUND, found->group);
    if (job != NULL) {
        memcpy(job->root, found->root.data, sizeof job->root);
        if (!balint_hash((const uint8_t *)found->code, strlen(found->code), job->hash)) {
            balint_job_free(job);
            job = NULL;
        }
    }
    if (submit(peer, message->id, job, founded))
        balint_log("found conn=%" PRIu64, peer->conn);
}

/* ---- mint */
static bool token_of(const struct balint_server *server, const char *group,
                     const struct balint_invitation *invitation, struct balint_token_bytes *bytes)
{
    struct balint_token token = {
        .serial = invitation->serial, .from_s = invitation->from_s, .until_s = invitation->until_s};
    uint8_t hash[BALINT_HASH_SIZE];
    memcpy(token.member, invitation->member, sizeof token.member);
    if (!balint_hash(invitation->certificate.data, invitation->certificate.length, hash))
        return false;
    bytes->length = (uint16_t)balint_token_make(&token, group, hash, server->door_key, bytes->data);
    return bytes->length > 0;
}

static void minted(struct balint_job *job, void *context)
{
    struct balint_server *server = context;
    struct balint_message message = {.type = BALINT_MSG_TOKENS, .re = job->re};
    struct balint_peer *peer =
        answer_to(server, job, "serial-taken", "certificates",
                  "One of these invitations has a serial that another one has already. Make new ones.");
    if (peer == NULL)
        return;
    for (int i = 0; i < job->count; i++)
        if (!token_of(server, job->group, &job->invitations[i], &message.tokens.tokens[i])) {
            unavailable(peer, job->re);
            return;
        }
    message.tokens.token_count = job->count;
    balint_peer_message(peer, &message);
}

/* Reads certificates[index] into an invitation; refuses what is not a current certificate of the group. */
static bool invitation_of(struct balint_peer *peer, const struct balint_message *message,
                          const uint8_t root[BALINT_KEY_SIZE], int index,
                          struct balint_invitation *invitation)
{
    const struct balint_certificate_bytes *bytes = &message->mint.certificates[index];
    struct balint_certificate certificate;
    char field[32];
    snprintf(field, sizeof field, "certificates[%d]", index);
    if (!balint_certificate_read(&certificate, bytes->data, bytes->length, root) ||
        strcmp(certificate.group, message->mint.group) != 0 || certificate.serial == 0 ||
        certificate.serial > INT64_MAX || certificate.from_s >= certificate.until_s) {
        refuse(peer, message->id, "wrong-certificate", field,
               "This is not a certificate of this group, signed with its key. Make it again.");
        return false;
    }
    if (certificate.until_s <= balint_server_now_s(peer->server)) {
        refuse(peer, message->id, "expired-certificate", field,
               "This invitation has ended already. Choose a later end with --until.");
        return false;
    }
    memcpy(invitation->member, certificate.member, sizeof invitation->member);
    invitation->serial = certificate.serial;
    invitation->from_s = certificate.from_s;
    invitation->until_s = certificate.until_s;
    invitation->certificate = *bytes;
    return true;
}

void balint_founder_mint(struct balint_peer *peer, const struct balint_message *message)
{
    const struct balint_mint *mint = &message->mint;
    struct balint_part parts[BALINT_MINT_MAX];
    struct balint_store_group group;
    const uint8_t *root;
    uint8_t bytes[BALINT_REQUEST_SIZE];
    if (!take_nonce(peer, message->id) || !root_of(peer, message->id, mint->group, &group, &root))
        return;
    for (int i = 0; i < mint->certificate_count; i++)
        parts[i] = (struct balint_part){mint->certificates[i].data, mint->certificates[i].length};
    size_t length =
        balint_mint_bytes(peer->nonce, mint->group, parts, mint->certificate_count, bytes, sizeof bytes);
    if (!signed_by(peer, message->id, root, bytes, length, &mint->signature))
        return;
    struct balint_job *job = balint_job_new(BALINT_JOB_MINT, mint->group);
    if (job != NULL)
        job->invitations = calloc((size_t)mint->certificate_count, sizeof *job->invitations);
    if (job == NULL || job->invitations == NULL) {
        balint_job_free(job);
        unavailable(peer, message->id);
        return;
    }
    for (; job->count < mint->certificate_count; job->count++)
        if (!invitation_of(peer, message, root, job->count, &job->invitations[job->count])) {
            balint_job_free(job);
            return;
        }
    if (submit(peer, message->id, job, minted))
        balint_log("mint conn=%" PRIu64 " count=%d", peer->conn, mint->certificate_count);
}

/* ---- revoke */
static void revoked(struct balint_job *job, void *context)
{
    if (job->result == BALINT_WRITTEN)
        balint_groups_revoke(context, job->group, job->member, job->below);
    done(answer_to(context, job, "wrong-signature", "signature",
                   "The group was removed meanwhile. Ask who runs the server."),
         job->re);
}

void balint_founder_revoke(struct balint_peer *peer, const struct balint_message *message)
{
    const struct balint_revoke *revoke = &message->revoke;
    struct balint_store_group group;
    const uint8_t *root;
    uint8_t bytes[BALINT_REQUEST_SIZE];
    if (!take_nonce(peer, message->id) || !root_of(peer, message->id, revoke->group, &group, &root))
        return;
    size_t length = balint_revoke_bytes(peer->nonce, revoke->group, revoke->member, (uint64_t)revoke->serial,
                                        bytes, sizeof bytes);
    if (!signed_by(peer, message->id, root, bytes, length, &revoke->signature))
        return;
    struct balint_job *job = balint_job_new(BALINT_JOB_REVOKE, revoke->group);
    if (job != NULL) {
        snprintf(job->member, sizeof job->member, "%s", revoke->member);
        job->below = (uint64_t)revoke->serial;
    }
    if (submit(peer, message->id, job, revoked))
        balint_log("revoke conn=%" PRIu64, peer->conn);
}
