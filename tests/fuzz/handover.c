/* handover.c - fuzz target: a group's key in a sealed file, its seal and what is in it.
 *
 * No fuzzer opens a seal, and scrypt is slow on purpose. So any bytes are first read as a sealed text, then
 * sealed and unsealed, and then taken as what a seal held; the key derivation is one of this file.
 */
#include "client/keys.h"
#include "client/seal.h"
#include "fuzz/require.h"

#include <dirent.h>
#include <openssl/kdf.h>
#include <unistd.h>

#define HEAD "balint1 handover\n"

int __wrap_EVP_KDF_derive(EVP_KDF_CTX *context, unsigned char *key, size_t length, const OSSL_PARAM *params);
int __wrap_EVP_KDF_derive(EVP_KDF_CTX *context, unsigned char *key, size_t length, const OSSL_PARAM *params)
{
    (void)context, (void)params;
    memset(key, 7, length);
    return 1;
}

static void seal(const uint8_t *data, size_t size)
{
    char *plain = NULL, *text = balint_seal(HEAD, "word", data, size);
    size_t length = 0;
    REQUIRE(text && balint_sealed(HEAD, text, strlen(text)));
    REQUIRE(balint_unseal("balint1 root\n", "word", text, strlen(text), &plain, &length) ==
            BALINT_UNSEAL_FORM);
    REQUIRE(balint_unseal(HEAD, "word", text, strlen(text), &plain, &length) == BALINT_UNSEALED);
    REQUIRE(length == size && memcmp(plain, data, size) == 0);
    free(plain);
    char *last = text + strlen(text) - 3; /* of the tag */
    *last = *last == 'A' ? 'B' : 'A';
    REQUIRE(balint_unseal(HEAD, "word", text, strlen(text), &plain, &length) != BALINT_UNSEALED && !plain);
    free(text);
}

static void unseal(const uint8_t *data, size_t size)
{
    char *plain = NULL;
    size_t length = 1;
    enum balint_unsealed result = balint_unseal(HEAD, "word", (const char *)data, size, &plain, &length);
    REQUIRE((result == BALINT_UNSEALED) == (plain != NULL) && (plain || length == 0));
    free(plain);
}

/* A folder of this run alone. */
static char home[] = "/tmp/balint-fuzz-XXXXXX";

static void leave(void)
{
    char groups[sizeof home + 8];
    snprintf(groups, sizeof groups, "%s/groups", home);
    rmdir(groups);
    rmdir(home);
}

static void enter(void)
{
    static bool made;
    if (!made)
        REQUIRE(mkdtemp(home) && setenv("BALINT_HOME", home, 1) == 0 && atexit(leave) == 0);
    made = true;
}

/* The group that a text holds, if it was taken: what is there is what a co-leader can work with. */
static void use(const char *group)
{
    static char why[BALINT_WHY], path[2 * PATH_MAX];
    struct balint_keys keys;
    REQUIRE(balint_keys_open(&keys, group, false, why));
    char *text = balint_keys_text(&keys, group);
    REQUIRE(text);
    snprintf(path, sizeof path, "%s", keys.folder);
    balint_keys_close(&keys);
    REQUIRE(balint_keys_take(text, strlen(text), why)); /* the same key once more */
    free(text);
    size_t end = strlen(path);
    for (int i = 0; i < 2; i++) {
        strcpy(path + end, i == 0 ? "/root" : "/group.json");
        REQUIRE(unlink(path) == 0);
    }
    path[end] = '\0';
    REQUIRE(rmdir(path) == 0);
}

static void use_groups(void)
{
    char path[sizeof home + 8], group[BALINT_NAME_SIZE];
    int used = 0;
    snprintf(path, sizeof path, "%s/groups", home);
    DIR *groups = opendir(path);
    REQUIRE(groups);
    for (struct dirent *entry = readdir(groups); entry; entry = readdir(groups))
        if (balint_group_decode(entry->d_name, strlen(entry->d_name), group)) {
            use(group);
            used++;
        }
    closedir(groups);
    REQUIRE(used == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char why[BALINT_WHY];
    enter();
    seal(data, size);
    unseal(data, size);
    why[0] = '\0';
    if (!balint_keys_take((const char *)data, size, why)) {
        REQUIRE(why[0]);
        return 0;
    }
    use_groups();
    return 0;
}
