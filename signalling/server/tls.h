/* tls.h - the server's certificate and key, read from PEM files and read again while it runs.
 *
 * Every handshake takes the pair that is newest then. A pair that cannot be read, or does not belong
 * together, is refused as a whole and the old one goes on. The loop's thread.
 */
#ifndef BALINT_TLS_H
#define BALINT_TLS_H

#include "server/config.h"

struct ssl_ctx_st;
struct balint_tls; /* opaque */

/* NULL with `why`. */
struct balint_tls *balint_tls_new(const char *cert, const char *key, char why[BALINT_WHY_SIZE]);
void balint_tls_free(struct balint_tls *tls); /* NULL is legal */
/* Reads both files again. False with `why`: the old pair stays. */
bool balint_tls_read(struct balint_tls *tls, char why[BALINT_WHY_SIZE]);
/* Makes a context of OpenSSL use the pair, TLS 1.2 or newer, with forward secrecy and AEAD only, whatever the
 * system's settings allow. False: OpenSSL has none of that. `tls` must outlive it. */
bool balint_tls_apply(struct balint_tls *tls, struct ssl_ctx_st *context);

#endif
