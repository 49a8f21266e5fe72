/* seal.c - see seal.h. */
#include "client/seal.h"

#include "identity/identity.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <stdlib.h>
#include <string.h>

#define SALT  16
#define NONCE 12
#define TAG   16
#define FRAME (SALT + NONCE + TAG)

static bool derive(const char *passphrase, const uint8_t salt[SALT], uint8_t key[32])
{
    uint64_t n = 1 << 16, most = 128 << 20;
    uint32_t r = 8, p = 1;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, (void *)(uintptr_t)passphrase,
                                          strlen(passphrase)),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)(uintptr_t)salt, SALT),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &most),
        OSSL_PARAM_construct_end()};
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SCRYPT", NULL);
    EVP_KDF_CTX *context = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    bool ok = context != NULL && EVP_KDF_derive(context, key, 32, params) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return ok;
}

/* `frame`: salt, nonce, `length` bytes, tag; seals or opens those bytes in place. */
static bool crypt_frame(const char *head, const char *passphrase, uint8_t *frame, int length, bool seal)
{
    uint8_t key[32], *text = frame + SALT + NONCE, *tag = text + length;
    int done = 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool ok = context != NULL && derive(passphrase, frame, key) &&
              EVP_CipherInit_ex(context, EVP_aes_256_gcm(), NULL, key, frame + SALT, seal) == 1 &&
              EVP_CipherUpdate(context, NULL, &done, (const uint8_t *)head, (int)strlen(head)) == 1 &&
              EVP_CipherUpdate(context, text, &done, text, length) == 1 &&
              (seal || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1) &&
              EVP_CipherFinal_ex(context, text + done, &done) == 1 &&
              (!seal || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG, tag) == 1);
    EVP_CIPHER_CTX_free(context);
    balint_wipe(key, sizeof key);
    return ok;
}

char *balint_seal(const char *head, const char *passphrase, const void *plain, size_t length)
{
    uint8_t *frame = malloc(FRAME + length);
    char *text = malloc(strlen(head) + BALINT_BASE64_SIZE(FRAME + length) + 1);
    bool ok = frame != NULL && text != NULL && balint_random(frame, SALT + NONCE);
    if (ok) {
        memcpy(frame + SALT + NONCE, plain, length);
        ok = crypt_frame(head, passphrase, frame, (int)length, true);
    }
    if (ok) {
        strcpy(text, head);
        balint_base64(frame, FRAME + length, text + strlen(head));
        strcat(text, "\n");
    } else {
        free(text);
        text = NULL;
    }
    if (frame != NULL)
        balint_wipe(frame, FRAME + length); /* sealing may have failed half-way */
    free(frame);
    return text;
}

bool balint_sealed(const char *head, const char *text, size_t length)
{
    return length > strlen(head) && memcmp(text, head, strlen(head)) == 0;
}

enum balint_unsealed balint_unseal(const char *head, const char *passphrase, const char *text, size_t length,
                                   char **plain, size_t *size)
{
    size_t before = strlen(head);
    uint8_t *frame = length > before ? malloc(length) : NULL;
    int bytes = -1;
    *plain = NULL;
    *size = 0;
    if (frame != NULL && balint_sealed(head, text, length) && text[length - 1] == '\n')
        bytes = balint_unbase64(text + before, length - before - 1, frame, length);
    if (bytes < FRAME) {
        free(frame);
        return BALINT_UNSEAL_FORM;
    }
    bool ok = crypt_frame(head, passphrase, frame, bytes - FRAME, false);
    *size = ok ? (size_t)(bytes - FRAME) : 0;
    *plain = ok ? malloc(*size + 1) : NULL;
    if (*plain != NULL) {
        memcpy(*plain, frame + SALT + NONCE, *size);
        (*plain)[*size] = '\0';
    }
    balint_wipe(frame, (size_t)bytes);
    free(frame);
    return *plain != NULL ? BALINT_UNSEALED : BALINT_UNSEAL_WRONG;
}
