/* leak.h - does a text show what is secret in a link, whole or in part, as it is written or in another way?
 *
 * Looked for is every piece of TOKEN and SEED of 12 characters (9 bytes) as base64url, and of SEED every
 * piece of 8 bytes as they are, in hexadecimal, and in the other base64. ROOT and the rest of a link are
 * public.
 */
#ifndef BALINT_FAKE_LEAK_H
#define BALINT_FAKE_LEAK_H

#include "identity/identity.h"

#include <stddef.h>

/* Takes `length` bytes and a link; NULL when nothing of it is in them, else what is. A link that is none is
 * found everywhere. */
const char *balint_leak(const char *bytes, size_t length, const char *link);
/* The same for 32 secret bytes in base64url. */
const char *balint_leak_secret(const char *bytes, size_t length, const char *secret);

#endif
