/* leak.c - see leak.h. */
#include "fakes/leak.h"

#include <stdio.h>
#include <string.h>

#define PIECE 12 /* characters */
#define BYTES 8

static bool shows(const char *bytes, size_t length, const char *secret, size_t size, size_t piece)
{
    for (size_t at = 0; at + piece <= size; at++)
        if (memmem(bytes, length, secret + at, piece) != NULL)
            return true;
    return false;
}

static const char *leak_seed(const char *bytes, size_t length, const char *text, size_t size)
{
    uint8_t seed[BALINT_SEED_SIZE];
    char other[64], lower[2 * sizeof seed + 1], upper[2 * sizeof seed + 1];
    if (size >= sizeof other || balint_unbase64(text, size, seed, sizeof seed) != sizeof seed)
        return "no secret was given";
    for (size_t i = 0; i < size; i++)
        other[i] = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
    for (size_t i = 0; i < sizeof seed; i++) {
        snprintf(lower + 2 * i, 3, "%02x", seed[i]);
        snprintf(upper + 2 * i, 3, "%02X", seed[i]);
    }
    if (shows(bytes, length, text, size, PIECE) || shows(bytes, length, other, size, PIECE))
        return "a secret in base64";
    if (shows(bytes, length, lower, 2 * sizeof seed, (size_t)2 * BYTES) ||
        shows(bytes, length, upper, 2 * sizeof seed, (size_t)2 * BYTES))
        return "a secret in hexadecimal";
    return shows(bytes, length, (const char *)seed, sizeof seed, BYTES) ? "a secret's bytes" : NULL;
}

const char *balint_leak_secret(const char *bytes, size_t length, const char *secret)
{
    return leak_seed(bytes, length, secret, strlen(secret));
}

const char *balint_leak(const char *bytes, size_t length, const char *link)
{
    const char *token = strstr(link, "#1."), *seed = token != NULL ? strchr(token + 3, '.') : NULL;
    const char *end = seed != NULL ? strchr(seed + 1, '.') : NULL;
    if (end == NULL)
        return "no link was given";
    token += 3;
    if (shows(bytes, length, token, (size_t)(seed - token), PIECE))
        return "a TOKEN";
    return leak_seed(bytes, length, seed + 1, (size_t)(end - seed - 1));
}
