/* tls.c - the server's certificate and key, see tls.h.
 *
 * Why a callback a handshake and not SSL_CTX_use_certificate(): a context keeps one pair for each type of
 * key, so that after a change from RSA to ECDSA it would go on showing the old certificate to some clients.
 */
#include "server/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

struct balint_tls {
    char cert_path[PATH_MAX], key_path[PATH_MAX];
    X509 *cert;
    STACK_OF(X509) * chain;
    EVP_PKEY *key;
};

/* Never asks at a terminal for a passphrase: a server has none. */
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return 0;
}

static X509 *read_certificates(const char *path, STACK_OF(X509) * chain)
{
    BIO *in = BIO_new_file(path, "r");
    X509 *first = in != NULL ? PEM_read_bio_X509_AUX(in, NULL, no_passphrase, NULL) : NULL, *next;
    while (first != NULL && (next = PEM_read_bio_X509(in, NULL, no_passphrase, NULL)) != NULL)
        if (!sk_X509_push(chain, next))
            X509_free(next);
    BIO_free(in);
    ERR_clear_error(); /* the end of the file is an error to PEM */
    return first;
}

static EVP_PKEY *read_key(const char *path)
{
    BIO *in = BIO_new_file(path, "r");
    EVP_PKEY *key = in != NULL ? PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL) : NULL;
    BIO_free(in);
    ERR_clear_error();
    return key;
}

static void forget(struct balint_tls *tls)
{
    X509_free(tls->cert);
    sk_X509_pop_free(tls->chain, X509_free);
    EVP_PKEY_free(tls->key);
}

bool balint_tls_read(struct balint_tls *tls, char why[BALINT_WHY_SIZE])
{
    struct balint_tls fresh = *tls;
    fresh.chain = sk_X509_new_null();
    fresh.cert = fresh.chain != NULL ? read_certificates(tls->cert_path, fresh.chain) : NULL;
    fresh.key = read_key(tls->key_path);
    bool ok = false;
    if (fresh.cert == NULL)
        snprintf(why, BALINT_WHY_SIZE, "%s is not a certificate in PEM that can be read. Check --cert.",
                 tls->cert_path);
    else if (fresh.key == NULL)
        snprintf(why, BALINT_WHY_SIZE,
                 "%s is not a private key in PEM, without a passphrase, that can be read. Check --key.",
                 tls->key_path);
    else if (X509_check_private_key(fresh.cert, fresh.key) != 1)
        snprintf(why, BALINT_WHY_SIZE,
                 "The key %s does not belong to the certificate %s. Check --cert and --key.", tls->key_path,
                 tls->cert_path);
    else
        ok = true;
    ERR_clear_error();
    if (!ok) {
        forget(&fresh);
        return false;
    }
    forget(tls);
    *tls = fresh;
    return true;
}

struct balint_tls *balint_tls_new(const char *cert, const char *key, char why[BALINT_WHY_SIZE])
{
    struct balint_tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL) {
        snprintf(why, BALINT_WHY_SIZE, "There is no memory left.");
        return NULL;
    }
    snprintf(tls->cert_path, sizeof tls->cert_path, "%s", cert);
    snprintf(tls->key_path, sizeof tls->key_path, "%s", key);
    if (balint_tls_read(tls, why))
        return tls;
    free(tls);
    return NULL;
}

void balint_tls_free(struct balint_tls *tls)
{
    if (tls == NULL)
        return;
    forget(tls);
    free(tls);
}

static int choose(SSL *ssl, void *context)
{
    struct balint_tls *tls = context;
    SSL_certs_clear(ssl);
    return SSL_use_cert_and_key(ssl, tls->cert, tls->key, tls->chain, 1);
}

/* For TLS 1.2: a key that nobody can find afterwards with the server's own (ECDHE) and encryption that is
 * authenticated (AEAD). All of TLS 1.3 is such already. RFC 9325 4.2. */
static const char ciphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";

bool balint_tls_apply(struct balint_tls *tls, struct ssl_ctx_st *context)
{
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_cert_cb(context, choose, tls);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(context, ciphers) == 1;
}
