/* self_signed.h - a certificate and key for 127.0.0.1, made on the spot, for tests of TLS. */
#ifndef BALINT_INTEGRATION_SELF_SIGNED_H
#define BALINT_INTEGRATION_SELF_SIGNED_H

#include <stdbool.h>

/* Writes PEM files; the certificate is its own authority and valid for an hour. */
bool balint_self_signed(const char *cert_file, const char *key_file);

#endif
