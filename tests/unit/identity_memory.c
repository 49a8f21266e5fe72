/* identity_memory.c - memory is short: nothing crashes, nothing false is believed, and nothing half done is
 * given out as done.
 *
 * The library takes its allocator from us, and its n-th request fails, for every n until a whole run needs no
 * more than there is. What then answers "yes" has to be as right as with plenty.
 */
#include "protocol/messages.h"
#include "unit/identity_evening.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/crypto.h>

static struct evening evening;
static struct evening_person *const people = evening.people;
static long left = -1; /* requests until one fails; negative: none does */
static bool failed;

static bool denied(void)
{
    if (left < 0)
        return false;
    failed |= left == 0;
    return left-- == 0; /* that one alone: what follows must not lean on it */
}

static void *short_malloc(size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return denied() ? NULL : malloc(size);
}

static void *short_realloc(void *block, size_t size, const char *file, int line)
{
    (void)file, (void)line;
    return denied() ? NULL : realloc(block, size);
}

static void short_free(void *block, const char *file, int line)
{
    (void)file, (void)line;
    free(block);
}

/* Each answers whether it succeeded; its result is checked when it did. */
static bool sign_and_verify(void)
{
    const struct evening_person *anna = &people[ANNA];
    uint8_t bytes[BALINT_JOIN_SIZE];
    struct balint_join_record join;
    size_t length = balint_join_make(&anna->join, &anna->device, bytes);
    if (length == 0)
        return false;
    assert_memory_equal(bytes, anna->join_bytes, length);
    bool good = balint_join_verify(&join, bytes, length, anna->device.public_half);
    bytes[length - 1] ^= 1;
    assert_false(balint_join_verify(&join, bytes, length, anna->device.public_half));
    return good;
}

static bool judge(void)
{
    uint8_t bytes[BALINT_ROSTER_SIZE], hash[BALINT_HASH_SIZE];
    struct balint_roster roster;
    struct balint_roster_view view = evening_view(&evening, BEN);
    size_t length = evening_roster(&evening, 2, bytes);
    bool good = balint_roster_verify(&roster, hash, bytes, length, &view) == BALINT_TRUST_OK;
    bytes[length - 1] ^= 1;
    assert_int_not_equal(balint_roster_verify(&roster, hash, bytes, length, &view), BALINT_TRUST_OK);
    return good;
}

static bool seal_and_open(void)
{
    static const uint8_t body[BALINT_ENVELOPE_BODY] = {1, 2, 3}, zeros[BALINT_KEY_SIZE];
    const struct evening_person *anna = &people[ANNA], *ben = &people[BEN];
    struct balint_channel seal, open;
    static uint8_t key[BALINT_KEY_SIZE]; /* of the first run, which had all it needed */
    static bool learned;
    struct balint_envelope read;
    uint8_t bytes[BALINT_ENVELOPE_SIZE];
    if (!balint_channel_make(&seal, anna->exchange_seed, ben->join.exchange, evening.session, anna->join_hash,
                             ben->join_hash)) {
        assert_memory_equal(seal.seal_key, zeros, sizeof zeros); /* no half-made channel */
        return false;
    }
    if (!learned)
        memcpy(key, seal.seal_key, sizeof key);
    learned = true;
    assert_memory_equal(seal.seal_key, key, sizeof key);
    if (!balint_channel_make(&open, ben->exchange_seed, anna->join.exchange, evening.session, ben->join_hash,
                             anna->join_hash) ||
        !balint_channel_seal(&seal, 1, BALINT_ENVELOPE_WORD, body, bytes))
        return false;
    assert_null(memmem(bytes, sizeof bytes, "\1\2\3", 3));
    if (!balint_channel_open(&open, &read, bytes, sizeof bytes)) {
        assert_int_equal(open.seen, 0);
        return false;
    }
    assert_memory_equal(read.body, body, sizeof body);
    return true;
}

static bool keys_and_tokens(void)
{
    static const uint8_t door[BALINT_KEY_SIZE] = {1}, hash[BALINT_HASH_SIZE] = {2};
    const struct balint_token token = {.member = "anna", .serial = 1, .from_s = 1, .until_s = 2};
    uint8_t bytes[BALINT_TOKEN_SIZE], private_half[32], public_half[32];
    struct balint_key key;
    size_t length = balint_token_make(&token, "G", hash, door, bytes);
    if (length == 0 || !balint_key_make(&key) || !balint_exchange_make(private_half, public_half))
        return false;
    bool good = balint_token_verify(bytes, length, "G", hash, door);
    bytes[length - 1] ^= 1;
    assert_false(balint_token_verify(bytes, length, "G", hash, door));
    return good;
}

static void starve(bool (*run)(void))
{
    assert_true(run()); /* what the library keeps for good is made here */
    for (long n = 0;; n++) {
        left = n;
        failed = false;
        bool good = run();
        left = -1;
        if (!failed) {
            assert_true(good);
            assert_true(n > 10); /* it did ask us for memory */
            break;
        }
    }
    assert_true(run()); /* and the next time all is well */
}

static void test_signatures(void **state)
{
    (void)state;
    starve(sign_and_verify);
}

static void test_roster(void **state)
{
    (void)state;
    starve(judge);
}

static void test_envelopes(void **state)
{
    (void)state;
    starve(seal_and_open);
}

static void test_keys(void **state)
{
    (void)state;
    starve(keys_and_tokens);
}

static int open_evening(void **state)
{
    (void)state;
    evening_open(&evening);
    return 0;
}

static int close_evening(void **state)
{
    (void)state;
    evening_close(&evening);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_signatures), cmocka_unit_test(test_roster),
                                       cmocka_unit_test(test_envelopes), cmocka_unit_test(test_keys)};
    if (CRYPTO_set_mem_functions(short_malloc, short_realloc, short_free) != 1) {
        fprintf(stderr, "the library took memory before this test could lend it ours\n");
        return 1;
    }
    return cmocka_run_group_tests(tests, open_evening, close_evening);
}
