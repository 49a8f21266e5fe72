/* The door: links that open it and links that do not, founders and their requests, revocation. */
#include "integration/server_evening.h"

#include <time.h>

static struct evening evening;

static int begin(void **state)
{
    (void)state;
    evening_begin(&evening, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    evening_end(&evening);
    return 0;
}

/* Knocks with `token` at `group`; expects that error and the end of the socket. */
static void expect_refused(const char *group, const struct balint_token_bytes *token, const char *code)
{
    struct balint_message request = {.type = BALINT_MSG_KNOCK, .id = 7}, answer;
    struct balint_ws *ws = balint_ws_open(&evening.server.to, NULL);
    assert_non_null(ws);
    snprintf(request.knock.group, sizeof request.knock.group, "%s", group);
    request.knock.token = *token;
    assert_true(balint_test_ask(ws, &request, &answer));
    assert_int_equal(answer.type, BALINT_MSG_ERROR);
    assert_string_equal(answer.error.code, code);
    assert_true(strlen(answer.error.text) > 20); /* a sentence that says what to do */
    assert_true(balint_ws_wait_end(ws, BALINT_TEST_MS));
    balint_ws_close(ws);
}

static void a_good_link_shows_what_is_behind_the_door(void **state)
{
    (void)state;
    struct balint_test_person clara;
    balint_person_init(&clara, &evening.server, &evening.group, &evening.invitations[CLARA]);
    assert_true(balint_person_open(&clara));
    assert_true(balint_person_knock(&clara));
    assert_int_equal(clara.door.certificate.length, clara.invitation->bytes.length);
    assert_memory_equal(clara.door.certificate.data, clara.invitation->bytes.data,
                        clara.door.certificate.length);
    assert_memory_equal(clara.door.root.data, evening.group.root.public_half, BALINT_KEY_SIZE);
    assert_int_equal(clara.door.nonce.length, BALINT_NONCE_SIZE);
    assert_int_equal(clara.door.session.length, 0); /* no leader has been here */
    struct balint_door first = clara.door;
    assert_true(balint_person_knock(&clara));
    assert_memory_not_equal(first.nonce.data, clara.door.nonce.data, BALINT_NONCE_SIZE);
    balint_person_finish(&clara);
}

static void every_changed_byte_of_a_token_is_refused(void **state)
{
    (void)state;
    const struct balint_token_bytes *good = &evening.invitations[CLARA].token;
    for (int i = 0; i < good->length; i += 5) {
        struct balint_token_bytes bad = *good;
        bad.data[i] ^= 1;
        expect_refused("Mittwochskreis", &bad, "wrong-link");
    }
    struct balint_token_bytes cut = *good;
    cut.length--;
    expect_refused("Mittwochskreis", &cut, "wrong-link");
}

static void links_of_another_group_or_server_open_nothing(void **state)
{
    (void)state;
    struct balint_test_group other;
    struct balint_test_invitation stranger = {.name = "Zora", .role = BALINT_LEADER};
    assert_true(balint_test_found(&evening.server, &other, "Donnerstagskreis"));
    assert_true(balint_test_mint(&evening.server, &other, &stranger, 1));
    /* Member and serial exist in both groups; the token is of the one alone. */
    expect_refused("Mittwochskreis", &stranger.token, "wrong-link");
    expect_refused("Donnerstagskreis", &evening.invitations[CLARA].token, "wrong-link");
    expect_refused("Freitagskreis", &stranger.token, "wrong-link");

    /* A server with another key has signed it: the same member, serial, times and certificate. */
    const struct balint_test_invitation *clara = &evening.invitations[CLARA];
    struct balint_token token = {.serial = clara->certificate.serial,
                                 .from_s = clara->certificate.from_s,
                                 .until_s = clara->certificate.until_s};
    struct balint_token_bytes foreign;
    uint8_t key[BALINT_KEY_SIZE] = {1}, hash[BALINT_HASH_SIZE];
    strcpy(token.member, clara->member);
    assert_true(balint_hash(clara->bytes.data, clara->bytes.length, hash));
    foreign.length = (uint16_t)balint_token_make(&token, "Mittwochskreis", hash, key, foreign.data);
    assert_int_equal(foreign.length, clara->token.length);
    expect_refused("Mittwochskreis", &foreign, "wrong-link");
}

static void a_group_not_yet_founded_has_no_door(void **state)
{
    (void)state;
    char out[512];
    const char *add[] = {"group", "add", "Noch nicht", "--data", evening.server.data, NULL};
    assert_int_equal(balint_serverproc_run(add, out, sizeof out), 0);
    expect_refused("Noch nicht", &evening.invitations[CLARA].token, "wrong-link");
}

/* A stranger asks for one group that is there and one that is not, in every way: one answer. */
static void nobody_learns_which_groups_there_are(void **state)
{
    static const char *const names[] = {"Mittwochskreis", "Freitagskreis"};
    struct balint_test_group stranger = {.serial = 1};
    struct balint_message answers[3][2];
    (void)state;
    assert_true(balint_key_make(&stranger.root));
    for (int i = 0; i < 2; i++) {
        struct balint_message knock = {.type = BALINT_MSG_KNOCK, .id = 1},
                              back = {.type = BALINT_MSG_RESUME, .id = 1};
        struct balint_message nonce = {.type = BALINT_MSG_NONCE, .id = 1},
                              revoke = {.type = BALINT_MSG_REVOKE, .id = 1};
        struct balint_message challenge, *asked[] = {&knock, &back, &revoke};
        strcpy(knock.knock.group, names[i]);
        knock.knock.token = evening.invitations[CLARA].token;
        knock.knock.token.data[knock.knock.token.length - 1] ^= 1;
        strcpy(back.resume.group, names[i]);
        back.resume.secret.length = BALINT_RESUME_SIZE;
        strcpy(revoke.revoke.group, names[i]);
        strcpy(revoke.revoke.member, "clara");
        for (int way = 0; way < 3; way++) {
            struct balint_ws *ws = balint_ws_open(&evening.server.to, NULL);
            assert_non_null(ws);
            if (asked[way] == &revoke) {
                uint8_t bytes[512];
                assert_true(balint_test_ask(ws, &nonce, &challenge));
                size_t length = balint_revoke_bytes(challenge.challenge.nonce.data, names[i], "clara", 0,
                                                    bytes, sizeof bytes);
                assert_true(balint_sign(&stranger.root, bytes, length, revoke.revoke.signature.data));
                revoke.revoke.signature.length = BALINT_SIGNATURE_SIZE;
            }
            assert_true(balint_test_ask(ws, asked[way], &answers[way][i]));
            assert_int_equal(answers[way][i].type, BALINT_MSG_ERROR);
            balint_ws_close(ws);
        }
    }
    for (int way = 0; way < 3; way++)
        assert_memory_equal(&answers[way][0].error, &answers[way][1].error, sizeof(struct balint_error));
    assert_string_equal(answers[0][0].error.code, "wrong-link");
    assert_string_equal(answers[1][0].error.code, "unknown-secret");
    assert_string_equal(answers[2][0].error.code, "wrong-signature");
}

static void links_have_their_times(void **state)
{
    (void)state;
    int64_t now_s = time(NULL);
    struct balint_test_invitation early = {
        .name = "Ida", .role = BALINT_MEMBER, .from_s = now_s + 3600, .until_s = now_s + 7200};
    struct balint_test_invitation brief = {
        .name = "Jana", .role = BALINT_MEMBER, .from_s = now_s - 60, .until_s = now_s + 2};
    assert_true(balint_test_mint(&evening.server, &evening.group, &early, 1));
    assert_true(balint_test_mint(&evening.server, &evening.group, &brief, 1));
    expect_refused("Mittwochskreis", &early.token, "not-yet-valid");

    struct balint_test_person jana;
    balint_person_init(&jana, &evening.server, &evening.group, &brief);
    assert_true(balint_person_open(&jana));
    assert_true(balint_person_knock(&jana));
    while (time(NULL) < brief.until_s)
        usleep(20000);
    /* The time runs out between knock and hello, too. */
    assert_false(balint_person_hello(&jana));
    assert_string_equal(jana.error.code, "expired-link");
    balint_person_finish(&jana);
    expect_refused("Mittwochskreis", &brief.token, "expired-link");
}

static void a_hello_must_fit_its_knock(void **state)
{
    (void)state;
    struct balint_test_person clara, dora;
    struct balint_nonce_bytes foreign = {.length = BALINT_NONCE_SIZE};

    balint_person_init(&clara, &evening.server, &evening.group, &evening.invitations[CLARA]);
    assert_true(balint_person_open(&clara));
    assert_false(balint_person_hello(&clara)); /* without a knock */
    assert_string_equal(clara.error.code, "knock-first");

    assert_true(balint_person_knock(&clara));
    clara.door.nonce = foreign; /* a join made for another door */
    assert_false(balint_person_hello(&clara));
    assert_string_equal(clara.error.code, "wrong-hello");
    assert_string_equal(clara.error.field, "join");
    assert_true(balint_person_ended(&clara));

    assert_true(balint_person_open(&clara));
    assert_true(balint_person_knock(&clara));
    clara.invitation = &evening.invitations[ANNA]; /* Clara's token, the leader's certificate */
    assert_false(balint_person_hello(&clara));
    assert_string_equal(clara.error.code, "wrong-hello");
    assert_string_equal(clara.error.field, "certificate");
    balint_person_finish(&clara);

    /* A nonce is good for one hello: what was overheard opens nothing. */
    balint_person_init(&dora, &evening.server, &evening.group, &evening.invitations[DORA]);
    assert_true(balint_person_join(&dora));
    struct balint_test_person again = dora;
    again.ws = NULL;
    assert_true(balint_person_open(&again));
    assert_true(balint_person_knock(&again));
    again.door.nonce = dora.door.nonce;
    assert_false(balint_person_hello(&again));
    assert_string_equal(again.error.field, "join");
    balint_person_finish(&again);
    balint_person_finish(&dora);
}

static void revocation_ends_links_and_connections(void **state)
{
    (void)state;
    struct balint_test_person *anna = &evening.people[ANNA], *clara = &evening.people[CLARA];
    evening_gather(&evening, 4);
    struct balint_test_person knocked;
    balint_person_init(&knocked, &evening.server, &evening.group, &evening.invitations[CLARA]);
    assert_true(balint_person_open(&knocked));
    assert_true(balint_person_knock(&knocked));

    uint64_t serial = evening.invitations[CLARA].certificate.serial;
    int64_t start = balint_test_ms();
    assert_true(
        balint_test_revoke(&evening.server, &evening.group, evening.invitations[CLARA].member, serial + 1));
    assert_true(balint_person_ended(clara));
    assert_true(balint_test_ms() - start < 1000);
    assert_string_equal(clara->bye.code, "revoked");
    assert_true(balint_person_until(anna, balint_person_sees_seats, 3));
    assert_true(balint_person_until(&evening.people[DORA], balint_person_sees_seats, 3));

    assert_false(balint_person_hello(&knocked)); /* who had knocked before */
    assert_string_equal(knocked.error.code, "revoked-link");
    balint_person_finish(&knocked);
    assert_false(balint_person_resume(clara)); /* who had a seat */
    expect_refused("Mittwochskreis", &evening.invitations[CLARA].token, "revoked-link");

    /* A newer one of the same person opens, and revoking the older ones again takes nothing from it. */
    struct balint_test_invitation renewed = {.name = "Clara Moos", .role = BALINT_MEMBER};
    strcpy(renewed.member, evening.invitations[CLARA].member);
    assert_true(balint_test_mint(&evening.server, &evening.group, &renewed, 1));
    assert_true(
        balint_test_revoke(&evening.server, &evening.group, evening.invitations[CLARA].member, serial + 1));
    balint_person_finish(clara);
    balint_person_init(clara, &evening.server, &evening.group, &renewed);
    assert_true(balint_person_join(clara));
}

/* ---- founders */
struct founder {
    struct balint_ws *ws;
    struct balint_message request, answer;
    uint8_t nonce[BALINT_NONCE_SIZE];
    uint8_t bytes[BALINT_REQUEST_SIZE];
};

static void challenge(struct founder *founder)
{
    struct balint_message request = {.type = BALINT_MSG_NONCE, .id = 1};
    memset(founder, 0, sizeof *founder);
    founder->ws = balint_ws_open(&evening.server.to, NULL);
    assert_non_null(founder->ws);
    assert_true(balint_test_ask(founder->ws, &request, &founder->answer));
    assert_int_equal(founder->answer.type, BALINT_MSG_CHALLENGE);
    memcpy(founder->nonce, founder->answer.challenge.nonce.data, BALINT_NONCE_SIZE);
    founder->request.id = 2;
}

static void sign(struct founder *founder, const struct balint_key *key, size_t length,
                 struct balint_signature_bytes *signature)
{
    assert_true(length > 0 && balint_sign(key, founder->bytes, length, signature->data));
    signature->length = BALINT_SIGNATURE_SIZE;
}

static void prepare_found(struct founder *founder, const char *group, const char *code,
                          const struct balint_key *key)
{
    struct balint_found *found = &founder->request.found;
    founder->request.type = BALINT_MSG_FOUND;
    strcpy(found->group, group);
    strcpy(found->code, code);
    memcpy(found->root.data, key->public_half, BALINT_KEY_SIZE);
    found->root.length = BALINT_KEY_SIZE;
    sign(founder, key,
         balint_found_bytes(founder->nonce, group, code, key->public_half, founder->bytes,
                            sizeof founder->bytes),
         &found->signature);
}

static void expect_error(struct founder *founder, const char *code)
{
    assert_true(balint_test_ask(founder->ws, &founder->request, &founder->answer));
    assert_int_equal(founder->answer.type, BALINT_MSG_ERROR);
    assert_string_equal(founder->answer.error.code, code);
    balint_ws_close(founder->ws);
}

static void a_code_founds_once(void **state)
{
    (void)state;
    struct founder founder;
    struct balint_key first, second;
    char code[512], again[512];
    const char *add[] = {"group", "add", "Einmal", "--data", evening.server.data, NULL};
    assert_true(balint_key_make(&first) && balint_key_make(&second));
    assert_int_equal(balint_serverproc_run(add, again, sizeof again), 0);
    assert_int_equal(balint_serverproc_run(add, code, sizeof code), 0); /* lost the first: it is void now */
    code[strcspn(code, "\n")] = again[strcspn(again, "\n")] = '\0';
    assert_string_not_equal(code, again);

    challenge(&founder);
    prepare_found(&founder, "Einmal", again, &first);
    expect_error(&founder, "wrong-code");
    challenge(&founder);
    prepare_found(&founder, "Mittwochskreis", code, &first); /* for another group */
    expect_error(&founder, "wrong-code");
    challenge(&founder);
    prepare_found(&founder, "Einmal", code, &first);
    founder.request.found.root.data[0] ^= 1; /* a key that did not sign */
    expect_error(&founder, "wrong-signature");
    challenge(&founder);
    founder.nonce[0] ^= 1; /* signed over another nonce */
    prepare_found(&founder, "Einmal", code, &first);
    expect_error(&founder, "wrong-signature");

    challenge(&founder);
    prepare_found(&founder, "Einmal", code, &first);
    assert_true(balint_test_ask(founder.ws, &founder.request, &founder.answer));
    assert_int_equal(founder.answer.type, BALINT_MSG_DONE);
    expect_error(&founder, "nonce-first"); /* the same once more on the same socket */
    challenge(&founder);
    prepare_found(&founder, "Einmal", code, &second);
    expect_error(&founder, "wrong-code");
    assert_int_equal(balint_serverproc_run(add, again, sizeof again), 1); /* founded: no further code */
    assert_non_null(strstr(again, "founded already"));
}

/* A mint request for one certificate, signed by `signer`; the certificate is made by `maker`. */
static void prepare_mint(struct founder *founder, const struct balint_key *maker,
                         const struct balint_key *signer, const struct balint_certificate *certificate)
{
    struct balint_mint *mint = &founder->request.mint;
    founder->request.type = BALINT_MSG_MINT;
    strcpy(mint->group, "Mittwochskreis");
    mint->certificate_count = 1;
    mint->certificates[0].length =
        (uint16_t)balint_certificate_make(certificate, maker, mint->certificates[0].data);
    assert_true(mint->certificates[0].length > 0);
    struct balint_part part = {mint->certificates[0].data, mint->certificates[0].length};
    sign(founder, signer,
         balint_mint_bytes(founder->nonce, mint->group, &part, 1, founder->bytes, sizeof founder->bytes),
         &mint->signature);
}

static void only_root_mints_and_revokes(void **state)
{
    (void)state;
    struct founder founder;
    struct balint_key thief;
    struct balint_certificate certificate = evening.invitations[EMIL].certificate;
    assert_true(balint_key_make(&thief));
    certificate.serial = 4000;

    challenge(&founder);
    prepare_mint(&founder, &thief, &thief, &certificate);
    expect_error(&founder, "wrong-signature");
    challenge(&founder);
    prepare_mint(&founder, &thief, &evening.group.root,
                 &certificate); /* a certificate that is none of ROOT's */
    expect_error(&founder, "wrong-certificate");
    assert_string_equal(founder.answer.error.field, "certificates[0]");
    challenge(&founder);
    strcpy(certificate.group, "Donnerstagskreis");
    prepare_mint(&founder, &evening.group.root, &evening.group.root, &certificate);
    expect_error(&founder, "wrong-certificate");
    strcpy(certificate.group, "Mittwochskreis");
    certificate.from_s = 1000;
    certificate.until_s = 2000;
    challenge(&founder);
    prepare_mint(&founder, &evening.group.root, &evening.group.root, &certificate);
    expect_error(&founder, "expired-certificate");

    /* The same serial for another certificate would take the first one's place. */
    certificate = evening.invitations[EMIL].certificate;
    strcpy(certificate.name, "Somebody Else");
    challenge(&founder);
    prepare_mint(&founder, &evening.group.root, &evening.group.root, &certificate);
    expect_error(&founder, "serial-taken");
    /* The same certificate again gives the same token. */
    challenge(&founder);
    prepare_mint(&founder, &evening.group.root, &evening.group.root, &evening.invitations[EMIL].certificate);
    assert_true(balint_test_ask(founder.ws, &founder.request, &founder.answer));
    assert_int_equal(founder.answer.type, BALINT_MSG_TOKENS);
    assert_memory_equal(founder.answer.tokens.tokens[0].data, evening.invitations[EMIL].token.data,
                        evening.invitations[EMIL].token.length);
    balint_ws_close(founder.ws);

    challenge(&founder);
    struct balint_revoke *revoke = &founder.request.revoke;
    founder.request.type = BALINT_MSG_REVOKE;
    strcpy(revoke->group, "Mittwochskreis");
    strcpy(revoke->member, evening.invitations[EMIL].member);
    revoke->serial = 1000;
    sign(&founder, &thief,
         balint_revoke_bytes(founder.nonce, revoke->group, revoke->member, 1000, founder.bytes,
                             sizeof founder.bytes),
         &revoke->signature);
    expect_error(&founder, "wrong-signature");
    struct balint_test_person emil;
    balint_person_init(&emil, &evening.server, &evening.group, &evening.invitations[EMIL]);
    assert_true(balint_person_open(&emil));
    assert_true(balint_person_knock(&emil));
    balint_person_finish(&emil);
}

static void a_removed_group_ends_at_once(void **state)
{
    (void)state;
    struct balint_test_group group;
    struct balint_test_invitation invitation = {.name = "Kurt", .role = BALINT_LEADER};
    struct balint_test_person kurt;
    char out[2048];
    assert_true(balint_test_found(&evening.server, &group, "Kurzer Kreis"));
    assert_true(balint_test_mint(&evening.server, &group, &invitation, 1));
    balint_person_init(&kurt, &evening.server, &group, &invitation);
    assert_true(balint_person_join(&kurt));
    const char *list[] = {"group", "list", "--data", evening.server.data, NULL};
    assert_int_equal(balint_serverproc_run(list, out, sizeof out), 0);
    assert_non_null(strstr(out, "Kurzer Kreis\tfounded, invitations: 1\n"));

    const char *remove[] = {"group", "remove", "Kurzer Kreis", "--data", evening.server.data, NULL};
    int64_t start = balint_test_ms();
    assert_int_equal(balint_serverproc_run(remove, out, sizeof out), 0);
    assert_true(balint_person_ended(&kurt));
    assert_string_equal(kurt.bye.code, "removed");
    assert_true(balint_test_ms() - start < 5000);
    balint_person_finish(&kurt);
    expect_refused("Kurzer Kreis", &invitation.token, "wrong-link");
    assert_int_equal(balint_serverproc_run(remove, out, sizeof out), 1);
    assert_non_null(strstr(out, "There is no group"));
    /* The others go on. */
    struct balint_test_person dora;
    balint_person_init(&dora, &evening.server, &evening.group, &evening.invitations[DORA]);
    assert_true(balint_person_join(&dora));
    balint_person_finish(&dora);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_link_shows_what_is_behind_the_door),
        cmocka_unit_test(every_changed_byte_of_a_token_is_refused),
        cmocka_unit_test(links_of_another_group_or_server_open_nothing),
        cmocka_unit_test(a_group_not_yet_founded_has_no_door),
        cmocka_unit_test(nobody_learns_which_groups_there_are),
        cmocka_unit_test(links_have_their_times),
        cmocka_unit_test(a_hello_must_fit_its_knock),
        cmocka_unit_test(a_code_founds_once),
        cmocka_unit_test(only_root_mints_and_revokes),
        cmocka_unit_test(revocation_ends_links_and_connections),
        cmocka_unit_test(a_removed_group_ends_at_once),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, begin, end);
}
