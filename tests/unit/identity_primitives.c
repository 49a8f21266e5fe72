/* identity_primitives.c - the primitives against the vectors that their RFCs print. */
#include "identity/identity.h"
#include "identity/primitives.h"
#include "unit/identity_bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* RFC 8032 §7.1, tests 1 to 3. */
static void test_ed25519(void **state)
{
    static const struct {
        const char *seed, *public_half, *message, *signature;
    } vectors[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25"
         "bf5"
         "f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387"
         "b2e"
         "aeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7"
         "c15"
         "e9716ed28dc027beceea1ec40a"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        struct balint_key key;
        uint8_t seed[32], public_half[32], message[4], expected[64], signature[64];
        balint_unhex(vectors[i].seed, seed);
        balint_unhex(vectors[i].public_half, public_half);
        size_t length = balint_unhex(vectors[i].message, message);
        balint_unhex(vectors[i].signature, expected);
        assert_true(balint_key_from_seed(&key, seed));
        assert_memory_equal(key.public_half, public_half, 32);
        assert_memory_equal(key.seed, seed, 32);
        assert_true(balint_sign(&key, message, length, signature));
        assert_memory_equal(signature, expected, 64);
        assert_true(balint_verify(public_half, message, length, signature, 64));
        for (size_t bit = 0; bit < 64 * 8; bit++) {
            signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_false(balint_verify(public_half, message, length, signature, 64));
            signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        assert_false(balint_verify(public_half, message, length, signature, 63));
        assert_false(balint_verify(public_half, message, length, signature, 0));
        message[length] = 0;
        assert_false(balint_verify(public_half, message, length + 1, signature, 64));
    }
}

/* RFC 4231, cases 1, 2, 3, 6 and 7. */
static void test_hmac(void **state)
{
    static const char long_key[] = "Test Using Larger Than Block-Size Key - Hash Key First";
    static const char long_both[] = "This is a test using a larger than block-size key and a larger than "
                                    "block-size data. The key needs to be "
                                    "hashed before being used by the HMAC algorithm.";
    uint8_t b[20], aa[131], dd[50];
    memset(b, 0x0b, sizeof b);
    memset(aa, 0xaa, sizeof aa);
    memset(dd, 0xdd, sizeof dd);
    const struct {
        const void *key;
        size_t key_length;
        const void *data;
        size_t length;
        const char *mac;
    } vectors[] = {
        {b, 20, "Hi There", 8, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", 4, "what do ya want for nothing?", 28,
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {aa, 20, dd, 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {aa, 131, long_key, sizeof long_key - 1,
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {aa, 131, long_both, sizeof long_both - 1,
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        uint8_t mac[32], expected[32];
        balint_unhex(vectors[i].mac, expected);
        assert_true(
            balint_hmac(vectors[i].key, vectors[i].key_length, vectors[i].data, vectors[i].length, mac));
        assert_memory_equal(mac, expected, 32);
    }
}

/* RFC 5869 appendix A, tests 1 to 3. */
static void test_hkdf(void **state)
{
    uint8_t b[22], salt[80], info[80], ikm[80], out[82], expected[82];
    (void)state;
    memset(b, 0x0b, sizeof b);
    for (int i = 0; i < 80; i++) {
        ikm[i] = (uint8_t)i;
        salt[i] = (uint8_t)(0x60 + i);
        info[i] = (uint8_t)(0xb0 + i);
    }
    balint_unhex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
                 expected);
    uint8_t short_info[10];
    for (int i = 0; i < 10; i++)
        short_info[i] = (uint8_t)(0xf0 + i);
    assert_true(balint_hkdf(b, 22, ikm, 13, short_info, 10, out, 42));
    assert_memory_equal(out, expected, 42);
    balint_unhex(
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da"
        "3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        expected);
    assert_true(balint_hkdf(ikm, 80, salt, 80, info, 80, out, 82));
    assert_memory_equal(out, expected, 82);
    balint_unhex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
                 expected);
    assert_true(balint_hkdf(b, 22, NULL, 0, NULL, 0, out, 42));
    assert_memory_equal(out, expected, 42);
}

/* FIPS 180-4: "abc" and the empty message. */
static void test_sha256(void **state)
{
    uint8_t hash[32], expected[32];
    (void)state;
    balint_unhex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", expected);
    assert_true(balint_hash((const uint8_t *)"abc", 3, hash));
    assert_memory_equal(hash, expected, 32);
    balint_unhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", expected);
    assert_true(balint_hash((const uint8_t *)"", 0, hash));
    assert_memory_equal(hash, expected, 32);
}

/* RFC 4648 §10, in the alphabet and without the padding of §5. */
static void test_base64(void **state)
{
    static const char *const vectors[][2] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
    static const char *const refused[] = {"Z",     "Zg==",   "Zm8=",  "Zh",    "Zm9",     "+_8",    "-/8",
                                          "Zm 9v", "Zm9v\n", "Zm9v.", "ZmZmZ", "Zm9vYmG", "\x80m9v"};
    char text[32];
    uint8_t bytes[16];
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        size_t length = strlen(vectors[i][0]);
        balint_base64((const uint8_t *)vectors[i][0], length, text);
        assert_string_equal(text, vectors[i][1]);
        assert_true(strlen(text) < BALINT_BASE64_SIZE(length));
        assert_int_equal(balint_unbase64(text, strlen(text), bytes, length), (int)length);
        assert_memory_equal(bytes, vectors[i][0], length);
        if (length > 0)
            assert_int_equal(balint_unbase64(text, strlen(text), bytes, length - 1), -1);
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_int_equal(balint_unbase64(refused[i], strlen(refused[i]), bytes, sizeof bytes), -1);
    assert_int_equal(balint_unbase64("Zm\0v", 4, bytes, sizeof bytes), -1);
}

/* Of all two- and three-letter texts over a sample of the alphabet, each that is read is written back. */
static void test_base64_canonical(void **state)
{
    char text[4], back[8];
    uint8_t bytes[4];
    int read = 0;
    (void)state;
    for (int length = 2; length <= 3; length++)
        for (int i = 1; i < 256; i++)
            for (int j = 1; j < 256; j++) {
                memset(text, 'A', sizeof text);
                text[length - 2] = (char)i;
                text[length - 1] = (char)j;
                int made = balint_unbase64(text, (size_t)length, bytes, sizeof bytes);
                if (made < 0)
                    continue;
                read++;
                balint_base64(bytes, (size_t)made, back);
                assert_int_equal(strlen(back), length);
                assert_memory_equal(back, text, (size_t)length);
            }
    /* 8 bits in two letters; in three letters the last two carry 6 + 4. */
    assert_int_equal(read, 256 + 1024);
}

static void test_keys(void **state)
{
    struct balint_key one, two;
    uint8_t seed[32] = {1}, root[32] = {2}, other[32] = {3};
    (void)state;
    assert_true(balint_key_make(&one));
    assert_true(balint_key_make(&two));
    assert_memory_not_equal(one.seed, two.seed, 32);
    assert_true(balint_key_from_seed(&two, one.seed));
    assert_memory_equal(&one, &two, sizeof one);
    assert_true(balint_key_of_person(&one, seed, root));
    assert_true(balint_key_of_person(&two, seed, other));
    assert_memory_not_equal(one.public_half, two.public_half, 32); /* a key for each ROOT */
    balint_wipe(&one, sizeof one);
    static const struct balint_key none;
    assert_true(balint_same(&one, &none, sizeof one));
    assert_false(balint_same("abc", "abd", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ed25519), cmocka_unit_test(test_hmac),
        cmocka_unit_test(test_hkdf),    cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_base64),  cmocka_unit_test(test_base64_canonical),
        cmocka_unit_test(test_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
