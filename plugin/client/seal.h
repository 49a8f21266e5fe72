/* seal.h - text under a passphrase: what a group's key lies in when it travels, or rests.
 *
 * HEAD, then base64url of salt (16), nonce (12), ciphertext, tag (16), and a line's end. The key is scrypt
 * (RFC 7914, N 2^16, r 8, p 1: 64 MB a guess) of the passphrase; AES-256-GCM with HEAD as associated data, so
 * that one kind of text cannot be put in another's place. Pure but for random numbers; any thread.
 */
#ifndef BALINT_CLIENT_SEAL_H
#define BALINT_CLIENT_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns the sealed text, to be freed; NULL without memory or random numbers. `head` ends in a newline. */
char *balint_seal(const char *head, const char *passphrase, const void *plain, size_t length);

/* Does a text begin as one sealed with `head`? */
bool balint_sealed(const char *head, const char *text, size_t length);

enum balint_unsealed {
    BALINT_UNSEALED,
    BALINT_UNSEAL_FORM, /* not whole, or not sealed with this head */
    BALINT_UNSEAL_WRONG /* another passphrase, or changed; or no memory for scrypt */
};
/* Fills `plain` (to be wiped and freed; NULL unless BALINT_UNSEALED) and `size`. A NUL follows the bytes. */
enum balint_unsealed balint_unseal(const char *head, const char *passphrase, const char *text, size_t length,
                                   char **plain, size_t *size);

#endif
