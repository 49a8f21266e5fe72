/* identity_sealing.c - links that cannot be reflected or crossed, envelopes that open once and for one,
 * secrets that are wiped.
 *
 * balint_wipe, mlock, madvise and munmap are wrapped by the linker, to see what is wiped and to refuse.
 */
#include "identity/envelope.h"
#include "identity/primitives.h"
#include "identity/record.h"
#include "unit/identity_evening.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

/* AddressSanitizer takes mlock for itself and locks nothing. */
#if defined(__SANITIZE_ADDRESS__)
#define LOCKS false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LOCKS false
#endif
#endif
#ifndef LOCKS
#define LOCKS true
#endif

static struct evening evening;
static struct evening_person *const people = evening.people;

/* ---- wrapped */
static uint8_t watched[32];
static int wiped; /* buffers that held the watched bytes when they were wiped */
static bool refuse_lock, refuse_dontdump;
static int dontdumps, unmaps;

void __real_balint_wipe(void *bytes, size_t length);
void __wrap_balint_wipe(void *bytes, size_t length);
void __wrap_balint_wipe(void *bytes, size_t length)
{
    wiped += memmem(bytes, length, watched, sizeof watched) != NULL;
    __real_balint_wipe(bytes, length);
}

int __real_mlock(const void *bytes, size_t length);
int __wrap_mlock(const void *bytes, size_t length);
int __wrap_mlock(const void *bytes, size_t length)
{
    errno = EPERM;
    return refuse_lock ? -1 : __real_mlock(bytes, length);
}

int __real_madvise(void *bytes, size_t length, int advice);
int __wrap_madvise(void *bytes, size_t length, int advice);
int __wrap_madvise(void *bytes, size_t length, int advice)
{
    dontdumps += advice == MADV_DONTDUMP;
    return refuse_dontdump ? -1 : __real_madvise(bytes, length, advice);
}

int __real_munmap(void *bytes, size_t length);
int __wrap_munmap(void *bytes, size_t length);
int __wrap_munmap(void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        assert_int_equal(((uint8_t *)bytes)[i], 0);
    unmaps++;
    return __real_munmap(bytes, length);
}

/* ---- channels */

static bool channel_of(struct balint_channel *channel, int own, int other)
{
    return balint_channel_make(channel, people[own].exchange_seed, people[other].join.exchange,
                               evening.session, people[own].join_hash, people[other].join_hash);
}

static void test_channel(void **state)
{
    static const uint8_t body[BALINT_ENVELOPE_BODY] = {1, 2, 3};
    struct balint_channel anna, ben, carla;
    struct balint_envelope read = {0};
    uint8_t bytes[BALINT_ENVELOPE_SIZE], second[BALINT_ENVELOPE_SIZE];
    (void)state;
    assert_true(channel_of(&anna, ANNA, BEN) && channel_of(&ben, BEN, ANNA) &&
                channel_of(&carla, CARLA, BEN));
    assert_memory_not_equal(anna.seal_key, anna.open_key, 32);
    for (int kind = 0; kind < BALINT_ENVELOPE_KINDS; kind++) {
        assert_true(balint_channel_seal(&ben, 5, (enum balint_envelope_kind)kind, body, bytes));
        assert_int_equal(balint_get_be(bytes + 8, 8), kind + 1); /* its own count, from 1 */
        /* The server reads neither kind nor body, and every envelope looks like another. */
        assert_null(memmem(bytes + 16, 240, "\1\2\3", 3));
        assert_false(balint_envelope_read(&read, bytes, sizeof bytes));
        assert_false(balint_channel_open(&ben, &read, bytes, sizeof bytes));   /* reflected */
        assert_false(balint_channel_open(&carla, &read, bytes, sizeof bytes)); /* crossed */
        assert_true(balint_channel_open(&anna, &read, bytes, sizeof bytes));
        assert_int_equal(read.kind, kind);
        assert_int_equal(read.epoch, 5);
        assert_memory_equal(read.body, body, sizeof body);
        assert_false(balint_channel_open(&anna, &read, bytes, sizeof bytes)); /* replayed */
    }
    assert_false(balint_channel_seal(&ben, 5, BALINT_ENVELOPE_KINDS, body, bytes));
    assert_false(balint_channel_seal(&ben, 5, (enum balint_envelope_kind) - 1, body, bytes));
    /* One was lost; the older one that comes late stays closed. */
    assert_true(balint_channel_seal(&ben, 5, BALINT_ENVELOPE_TALK, body, bytes));
    assert_true(balint_channel_seal(&ben, 5, BALINT_ENVELOPE_TALK, body, second));
    assert_memory_not_equal(bytes + 16, second + 16, 240);
    assert_true(balint_channel_open(&anna, &read, second, sizeof second));
    assert_false(balint_channel_open(&anna, &read, bytes, sizeof bytes));
}

static void test_envelope_every_byte(void **state)
{
    static const uint8_t body[BALINT_ENVELOPE_BODY];
    struct balint_channel anna, ben, before;
    struct balint_envelope read, untouched;
    uint8_t bytes[BALINT_ENVELOPE_SIZE + 1] = {0};
    (void)state;
    assert_true(channel_of(&anna, ANNA, BEN) && channel_of(&ben, BEN, ANNA));
    assert_true(balint_channel_seal(&ben, 1, BALINT_ENVELOPE_WORD, body, bytes));
    memset(&read, 0x55, sizeof read);
    untouched = read;
    before = anna;
    for (size_t i = 0; i < BALINT_ENVELOPE_SIZE; i++)
        for (unsigned change = 1; change < 256; change++) {
            bytes[i] ^= (uint8_t)change;
            assert_false(balint_channel_open(&anna, &read, bytes, BALINT_ENVELOPE_SIZE));
            bytes[i] ^= (uint8_t)change;
        }
    for (size_t length = 0; length < BALINT_ENVELOPE_SIZE; length++)
        assert_false(balint_channel_open(&anna, &read, bytes, length));
    assert_false(balint_channel_open(&anna, &read, bytes, BALINT_ENVELOPE_SIZE + 1));
    /* A forged high sequence did not shut the channel, nor was anything handed out. */
    assert_memory_equal(&anna, &before, sizeof anna);
    assert_memory_equal(&read, &untouched, sizeof read);
    assert_true(balint_channel_open(&anna, &read, bytes, BALINT_ENVELOPE_SIZE));
}

/* No nonce twice: the sequence is the channel's, ends at its end, and is not counted back by a failure. */
static void test_no_nonce_twice(void **state)
{
    static const uint8_t body[BALINT_ENVELOPE_BODY];
    struct balint_channel ben;
    uint8_t bytes[BALINT_ENVELOPE_SIZE];
    (void)state;
    assert_true(channel_of(&ben, BEN, ANNA));
    assert_true(balint_channel_is(&ben, people[BEN].join_hash, people[ANNA].join_hash));
    assert_false(balint_channel_is(&ben, people[BEN].join_hash, people[CARLA].join_hash));
    assert_false(balint_channel_is(&ben, people[ANNA].join_hash, people[BEN].join_hash));
    for (uint64_t i = 1; i <= 1000; i++) {
        assert_true(balint_channel_seal(&ben, 1, BALINT_ENVELOPE_NOTHING, body, bytes));
        assert_int_equal(balint_get_be(bytes + 8, 8), i);
    }
    ben.sent = UINT64_MAX - 1;
    assert_true(balint_channel_seal(&ben, 1, BALINT_ENVELOPE_NOTHING, body, bytes));
    assert_false(balint_channel_seal(&ben, 1, BALINT_ENVELOPE_NOTHING, body, bytes));
    assert_true(ben.sent == UINT64_MAX);
}

/* Keys depend on session, on both joins and on the direction. */
static void test_channel_keys(void **state)
{
    const uint8_t *own = people[ANNA].join_hash, *other = people[BEN].join_hash;
    const uint8_t *private_half = people[ANNA].exchange_seed, *public_half = people[BEN].join.exchange;
    uint8_t session[BALINT_SESSION_SIZE], join[BALINT_HASH_SIZE];
    struct balint_channel good, c;
    (void)state;
    assert_true(balint_channel_make(&good, private_half, public_half, evening.session, own, other));
    memcpy(session, evening.session, sizeof session);
    session[15] ^= 1;
    assert_true(balint_channel_make(&c, private_half, public_half, session, own, other));
    assert_memory_not_equal(c.seal_key, good.seal_key, 32);
    memcpy(join, other, sizeof join);
    join[31] ^= 1;
    assert_true(balint_channel_make(&c, private_half, public_half, evening.session, own, join));
    assert_memory_not_equal(c.seal_key, good.seal_key, 32);
    assert_memory_not_equal(c.open_key, good.open_key, 32);
    assert_true(balint_channel_make(&c, private_half, public_half, evening.session, join, other));
    assert_memory_not_equal(c.seal_key, good.seal_key, 32);
    assert_false(balint_channel_make(&c, private_half, public_half, evening.session, own, own));
}

/* Sealed by who holds the key, but in a form that no writer here makes: the inside is read strictly too. */
static void test_sealed_nonsense(void **state)
{
    struct balint_envelope read;
    uint8_t bytes[BALINT_ENVELOPE_SIZE] = {1};
    (void)state;
    assert_true(balint_envelope_decode(&read, bytes, BALINT_ENVELOPE_KINDS));
    bytes[16] = BALINT_ENVELOPE_KINDS;
    assert_false(balint_envelope_decode(&read, bytes, BALINT_ENVELOPE_KINDS));
    bytes[16] = BALINT_ENVELOPE_RESEND;
    assert_true(balint_envelope_decode(&read, bytes, BALINT_ENVELOPE_KINDS));
    assert_false(balint_envelope_read(&read, bytes, sizeof bytes)); /* private words have no open form */
    bytes[17] = 1;
    assert_false(balint_envelope_decode(&read, bytes, BALINT_ENVELOPE_KINDS));
    bytes[17] = 0;
    bytes[0] = 2;
    assert_false(balint_envelope_decode(&read, bytes, BALINT_ENVELOPE_KINDS));
}

/* ---- X25519 */

static void hex(const char *text, uint8_t bytes[32])
{
    for (int i = 0; i < 32; i++) {
        unsigned value = 0;
        assert_int_equal(sscanf(text + 2 * i, "%2x", &value), 1);
        bytes[i] = (uint8_t)value;
    }
}

/* RFC 7748 §6.1, and the public halves of small order that make an all-zero secret (§6.1, §7). */
static void test_exchange(void **state)
{
    static const char *const small[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    uint8_t a[32], b[32], public_half[32], expected[32], secret[32], key[32];
    struct balint_channel channel, zeros = {0};
    (void)state;
    hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", a);
    hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", b);
    assert_true(balint_exchange_public(a, public_half));
    hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", expected);
    assert_memory_equal(public_half, expected, 32);
    assert_true(balint_exchange_public(b, public_half));
    hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", expected);
    assert_memory_equal(public_half, expected, 32);
    assert_true(balint_exchange_agree(a, public_half, secret));
    hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", expected);
    assert_memory_equal(secret, expected, 32);
    assert_true(balint_exchange_make(a, public_half) && balint_exchange_make(b, expected));
    assert_memory_not_equal(a, b, 32);
    assert_memory_not_equal(public_half, expected, 32);
    for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
        hex(small[i], public_half);
        assert_false(balint_channel_make(&channel, people[ANNA].exchange_seed, public_half, evening.session,
                                         people[ANNA].join_hash, people[BEN].join_hash));
        assert_memory_equal(&channel, &zeros, sizeof channel);
    }
    /* Ours to refuse as well, should another library hand it out. */
    memset(secret, 0, sizeof secret);
    assert_false(
        balint_exchange_key(secret, evening.session, people[ANNA].join_hash, people[BEN].join_hash, key));
    secret[31] = 1;
    assert_true(
        balint_exchange_key(secret, evening.session, people[ANNA].join_hash, people[BEN].join_hash, key));
}

/* ---- secrets */

static void test_secret(void **state)
{
    struct balint_secret secret;
    (void)state;
    for (int round = 0; round < 2; round++) {
        refuse_lock = round == 1; /* without the right to lock it works, and says so */
        dontdumps = unmaps = 0;
        assert_true(balint_secret_make(&secret, 100));
        assert_int_equal(secret.size, 100);
        if (refuse_lock)
            assert_false(secret.locked);
        assert_int_equal(dontdumps, 1);
        for (size_t i = 0; i < secret.size; i++)
            assert_int_equal(((uint8_t *)secret.bytes)[i], 0);
        memset(secret.bytes, 0xa5, secret.size);
        balint_secret_free(&secret); /* __wrap_munmap looks at what is given back */
        assert_int_equal(unmaps, 1);
        assert_null(secret.bytes);
        balint_secret_free(&secret);
        assert_int_equal(unmaps, 1);
    }
    refuse_lock = false;
    refuse_dontdump = true; /* it would stand in core files: rather not at all */
    assert_false(balint_secret_make(&secret, 100));
    refuse_dontdump = false;
    assert_null(secret.bytes);
    balint_secret_free(&secret);
    assert_false(balint_secret_make(&secret, 0));
    assert_false(balint_secret_make(&secret, SIZE_MAX));
    assert_false(balint_secret_make(&secret, SIZE_MAX / 2));
    assert_null(secret.bytes);
}

/* The kernel's own word: of the mapping, it is locked where it may be and left out of cores. */
static void test_secret_mapping(void **state)
{
    struct balint_secret secret;
    char line[256];
    unsigned long from, to;
    bool inside = false, seen = false;
    (void)state;
    assert_true(balint_secret_make(&secret, 32));
    FILE *maps = fopen("/proc/self/smaps", "r");
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            inside = from <= (unsigned long)secret.bytes && (unsigned long)secret.bytes < to;
        if (inside && strncmp(line, "VmFlags:", 8) == 0) {
            seen = true;
            assert_non_null(strstr(line, " dd"));
            assert_int_equal(strstr(line, " lo") != NULL, LOCKS && secret.locked);
        }
    }
    fclose(maps);
    assert_true(seen);
    balint_secret_free(&secret);
}

static void watch(const uint8_t bytes[32])
{
    memcpy(watched, bytes, sizeof watched);
    wiped = 0;
}

/* What is made on the way to a key or a sealed body is wiped before the function returns. */
static void test_temporaries_wiped(void **state)
{
    static const uint8_t door[32] = {1}, hash[32] = {2};
    const struct balint_token token = {.member = "anna", .serial = 1, .from_s = 1, .until_s = 2};
    struct balint_channel anna, ben;
    struct balint_envelope read;
    struct balint_key key;
    uint8_t secret[32], body[BALINT_ENVELOPE_BODY], bytes[BALINT_ENVELOPE_SIZE];
    (void)state;
    assert_true(balint_exchange_agree(people[ANNA].exchange_seed, people[BEN].join.exchange, secret));
    watch(secret);
    assert_true(channel_of(&anna, ANNA, BEN) && channel_of(&ben, BEN, ANNA));
    assert_int_equal(wiped, 2);
    memset(body, 0x77, sizeof body);
    watch(body);
    assert_true(balint_channel_seal(&ben, 1, BALINT_ENVELOPE_WORD, body, bytes));
    assert_int_equal(wiped, 1); /* sealed in place: the envelope is what is left */
    wiped = 0;
    assert_true(balint_channel_open(&anna, &read, bytes, sizeof bytes));
    assert_int_equal(wiped, 2);
    watch(people[ANNA].person.seed);
    uint8_t seed[32];
    json_t *row = json_array_get(json_object_get(json_object_get(evening.fixture, "evening"), "people"), 0);
    evening_bytes(row, "seed", seed, 32);
    assert_true(balint_key_of_person(&key, seed, evening.root.public_half));
    assert_int_equal(wiped, 1);
    size_t length = balint_token_make(&token, "G", hash, door, bytes);
    watch(bytes + length - 32);
    memset(bytes + length - 32, 0, 32); /* a wrong MAC must not leave the right one behind */
    assert_false(balint_token_verify(bytes, length, "G", hash, door));
    assert_int_equal(wiped, 1);
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_channel),
        cmocka_unit_test(test_envelope_every_byte),
        cmocka_unit_test(test_no_nonce_twice),
        cmocka_unit_test(test_channel_keys),
        cmocka_unit_test(test_sealed_nonsense),
        cmocka_unit_test(test_exchange),
        cmocka_unit_test(test_secret),
        cmocka_unit_test(test_secret_mapping),
        cmocka_unit_test(test_temporaries_wiped),
    };
    return cmocka_run_group_tests(tests, open_evening, close_evening);
}
