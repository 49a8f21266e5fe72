/* bytes.h - numbers in the records of this folder: big-endian. Not for others. */
#ifndef BALINT_SESSION_BYTES_H
#define BALINT_SESSION_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline void balint_put(uint8_t *at, uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--, value >>= 8)
        at[i] = (uint8_t)value;
}

static inline uint64_t balint_get(const uint8_t *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

static inline bool balint_is_zero(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

#endif
