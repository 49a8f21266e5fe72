/* identity_bytes.h - hex for the identity tests. */
#ifndef BALINT_IDENTITY_BYTES_H
#define BALINT_IDENTITY_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Reads hex digits; returns the number of bytes. The caller's buffer must be large enough. */
static inline size_t balint_unhex(const char *hex, uint8_t *bytes)
{
    size_t length = strlen(hex) / 2;
    for (size_t i = 0; i < length; i++) {
        unsigned value = 0;
        if (sscanf(hex + 2 * i, "%2x", &value) != 1)
            return 0;
        bytes[i] = (uint8_t)value;
    }
    return length;
}

#endif
