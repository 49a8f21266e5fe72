/* base64.c - base64url without padding (RFC 4648 §5), one text for each sequence of bytes.
 *
 * Why strict: padding, other alphabets, line breaks and leftover bits would be second spellings of the same
 * record, and what is compared as text somewhere would differ. Pure; any thread.
 */
#include "identity/identity.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void balint_base64(const uint8_t *bytes, size_t length, char *text)
{
    uint32_t bits = 0;
    int held = 0; /* bits in `bits` not written yet */
    for (size_t i = 0; i < length; i++) {
        bits = bits << 8 | bytes[i];
        for (held += 8; held >= 6; held -= 6)
            *text++ = alphabet[bits >> (held - 6) & 63];
    }
    if (held > 0)
        *text++ = alphabet[bits << (6 - held) & 63];
    *text = '\0';
}

int balint_unbase64(const char *text, size_t length, uint8_t *bytes, size_t cap)
{
    uint32_t bits = 0;
    int held = 0;
    size_t made = 0;
    for (size_t i = 0; i < length; i++) {
        const char *found = text[i] == '\0' ? NULL : strchr(alphabet, text[i]);
        if (found == NULL)
            return -1;
        bits = bits << 6 | (uint32_t)(found - alphabet);
        held += 6;
        if (held >= 8) {
            held -= 8;
            if (made == cap)
                return -1;
            bytes[made++] = (uint8_t)(bits >> held);
        }
    }
    /* Six bits left over belong to no byte; fewer must be zeros, or another text meant the same bytes. */
    if (held == 6 || (bits & ((1u << held) - 1)) != 0)
        return -1;
    return (int)made;
}
