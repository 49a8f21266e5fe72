/* founders.c - founds a group, mints and revokes invitations over a real socket, see people.h. */
#include "fakes/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool balint_test_send(struct balint_ws *ws, const struct balint_message *message)
{
    size_t length;
    char *text = balint_encode(message, BALINT_TO_SERVER, &length);
    bool ok = text != NULL && balint_ws_send_bytes(ws, text, length);
    free(text);
    return ok;
}

bool balint_test_next(struct balint_ws *ws, struct balint_message *message, int timeout_ms)
{
    struct balint_error error;
    char *text = balint_ws_next(ws, timeout_ms);
    if (text == NULL)
        return false;
    bool ok = balint_decode(text, strlen(text), BALINT_TO_CLIENT, message, &error);
    if (!ok)
        fprintf(stderr, "people: the server sent what is no message (%s, %s): %s\n", error.field, error.text,
                text);
    free(text);
    return ok;
}

bool balint_test_ask(struct balint_ws *ws, const struct balint_message *request,
                     struct balint_message *answer)
{
    int64_t deadline = balint_test_ms() + BALINT_TEST_MS;
    if (!balint_test_send(ws, request))
        return false;
    while (balint_test_ms() < deadline) {
        if (!balint_test_next(ws, answer, (int)(deadline - balint_test_ms())))
            return false;
        if (answer->re == request->id)
            return true;
    }
    return false;
}

/* A socket with a challenge on it, or NULL. */
static struct balint_ws *challenged(const struct balint_serverproc *server, uint8_t nonce[BALINT_NONCE_SIZE])
{
    struct balint_message request = {.type = BALINT_MSG_NONCE, .id = 1}, answer;
    struct balint_ws *ws = balint_ws_open(&server->to, NULL);
    if (ws == NULL)
        return NULL;
    if (!balint_test_ask(ws, &request, &answer) || answer.type != BALINT_MSG_CHALLENGE) {
        balint_ws_close(ws);
        return NULL;
    }
    memcpy(nonce, answer.challenge.nonce.data, BALINT_NONCE_SIZE);
    return ws;
}

static void sign(const struct balint_key *root, const uint8_t *bytes, size_t length,
                 struct balint_signature_bytes *signature)
{
    if (length == 0 || !balint_sign(root, bytes, length, signature->data))
        abort();
    signature->length = BALINT_SIGNATURE_SIZE;
}

bool balint_test_code(const struct balint_serverproc *server, const char *verb, const char *group,
                      char code[BALINT_ID_SIZE])
{
    char said[512];
    const char *arguments[] = {"group", verb, group, "--data", server->data, NULL};
    if (balint_serverproc_run(arguments, said, sizeof said) != 0)
        return false;
    said[strcspn(said, "\n")] = '\0';
    return snprintf(code, BALINT_ID_SIZE, "%s", said) < BALINT_ID_SIZE;
}

bool balint_test_register(const struct balint_serverproc *server, const struct balint_test_group *group,
                          const char *code)
{
    uint8_t nonce[BALINT_NONCE_SIZE], bytes[512];
    struct balint_message request = {.type = BALINT_MSG_FOUND, .id = 2}, answer;
    struct balint_ws *ws = challenged(server, nonce);
    if (ws == NULL)
        return false;
    strcpy(request.found.group, group->name);
    strcpy(request.found.code, code);
    memcpy(request.found.root.data, group->root.public_half, BALINT_KEY_SIZE);
    request.found.root.length = BALINT_KEY_SIZE;
    sign(&group->root, bytes,
         balint_found_bytes(nonce, group->name, code, group->root.public_half, bytes, sizeof bytes),
         &request.found.signature);
    bool ok = balint_test_ask(ws, &request, &answer) && answer.type == BALINT_MSG_DONE;
    balint_ws_close(ws);
    return ok;
}

bool balint_test_found(const struct balint_serverproc *server, struct balint_test_group *group,
                       const char *name)
{
    char code[BALINT_ID_SIZE];
    memset(group, 0, sizeof *group);
    snprintf(group->name, sizeof group->name, "%s", name);
    return balint_key_make(&group->root) && balint_test_code(server, "add", name, code) &&
           balint_test_register(server, group, code);
}

static bool make_invitation(struct balint_test_group *group, struct balint_test_invitation *invitation)
{
    struct balint_certificate *certificate = &invitation->certificate;
    int64_t now_s = time(NULL);
    memset(certificate, 0, sizeof *certificate);
    certificate->serial = ++group->serial;
    if (invitation->member[0] == '\0')
        snprintf(invitation->member, sizeof invitation->member, "member-%d", (int)group->serial);
    strcpy(certificate->group, group->name);
    strcpy(certificate->member, invitation->member);
    snprintf(certificate->name, sizeof certificate->name, "%s", invitation->name);
    certificate->role = invitation->role;
    certificate->from_s = invitation->from_s != 0 ? invitation->from_s : now_s - 60;
    certificate->until_s = invitation->until_s != 0 ? invitation->until_s : now_s + 3600;
    if (!balint_random(invitation->seed, sizeof invitation->seed) ||
        !balint_key_of_person(&invitation->key, invitation->seed, group->root.public_half))
        return false;
    memcpy(certificate->key, invitation->key.public_half, sizeof certificate->key);
    invitation->bytes.length =
        (uint16_t)balint_certificate_make(certificate, &group->root, invitation->bytes.data);
    return invitation->bytes.length > 0;
}

bool balint_test_mint(const struct balint_serverproc *server, struct balint_test_group *group,
                      struct balint_test_invitation *invitations, int count)
{
    static uint8_t bytes[BALINT_REQUEST_SIZE];
    uint8_t nonce[BALINT_NONCE_SIZE];
    struct balint_message request = {.type = BALINT_MSG_MINT, .id = 2}, answer;
    struct balint_part parts[BALINT_MINT_MAX];
    strcpy(request.mint.group, group->name);
    request.mint.certificate_count = count;
    for (int i = 0; i < count; i++) {
        if (!make_invitation(group, &invitations[i]))
            return false;
        request.mint.certificates[i] = invitations[i].bytes;
        parts[i] = (struct balint_part){invitations[i].bytes.data, invitations[i].bytes.length};
    }
    struct balint_ws *ws = challenged(server, nonce);
    if (ws == NULL)
        return false;
    sign(&group->root, bytes, balint_mint_bytes(nonce, group->name, parts, count, bytes, sizeof bytes),
         &request.mint.signature);
    bool ok = balint_test_ask(ws, &request, &answer) && answer.type == BALINT_MSG_TOKENS &&
              answer.tokens.token_count == count;
    for (int i = 0; ok && i < count; i++)
        invitations[i].token = answer.tokens.tokens[i];
    balint_ws_close(ws);
    return ok;
}

bool balint_test_revoke(const struct balint_serverproc *server, const struct balint_test_group *group,
                        const char *member, uint64_t below)
{
    uint8_t nonce[BALINT_NONCE_SIZE], bytes[512];
    struct balint_message request = {.type = BALINT_MSG_REVOKE, .id = 2}, answer;
    struct balint_ws *ws = challenged(server, nonce);
    if (ws == NULL)
        return false;
    strcpy(request.revoke.group, group->name);
    snprintf(request.revoke.member, sizeof request.revoke.member, "%s", member);
    request.revoke.serial = (int64_t)below;
    sign(&group->root, bytes, balint_revoke_bytes(nonce, group->name, member, below, bytes, sizeof bytes),
         &request.revoke.signature);
    bool ok = balint_test_ask(ws, &request, &answer) && answer.type == BALINT_MSG_DONE;
    balint_ws_close(ws);
    return ok;
}

bool balint_test_link(const struct balint_serverproc *server, const struct balint_test_group *group,
                      const struct balint_test_invitation *invitation, char text[BALINT_LINK_SIZE])
{
    struct balint_link link = {.tls = server->to.tls, .token_length = invitation->token.length};
    snprintf(link.server, sizeof link.server, "%s", server->address);
    strcpy(link.group, group->name);
    memcpy(link.token, invitation->token.data, link.token_length);
    memcpy(link.seed, invitation->seed, sizeof link.seed);
    memcpy(link.root, group->root.public_half, sizeof link.root);
    return balint_link_write(&link, text, BALINT_LINK_SIZE);
}
