/* require.h - what every fuzz target has: its entry, and REQUIRE, which stops where something is not so. */
#ifndef BALINT_FUZZ_REQUIRE_H
#define BALINT_FUZZ_REQUIRE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                                   \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "fuzz: not so: %s\n", #condition);                                               \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

/* The bytes as a text with a final NUL, to be freed. What follows a NUL in them is not seen. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    REQUIRE(text);
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

#endif
