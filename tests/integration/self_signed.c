/* self_signed.c - a certificate and key for 127.0.0.1, see self_signed.h. */
#include "integration/self_signed.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <sys/stat.h>

static bool extend(X509 *cert, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool ok = extension != NULL && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return ok;
}

static bool fill(X509 *cert, EVP_PKEY *key)
{
    X509_NAME *name = X509_get_subject_name(cert);
    return X509_set_version(cert, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(cert), -3600) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(cert), 3600) != NULL && X509_set_pubkey(cert, key) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"balint test", -1, -1,
                                      0) == 1 &&
           X509_set_issuer_name(cert, name) == 1 && extend(cert, NID_basic_constraints, "critical,CA:TRUE") &&
           extend(cert, NID_subject_alt_name, "IP:127.0.0.1") && X509_sign(cert, key, EVP_sha256()) > 0;
}

bool balint_self_signed(const char *cert_file, const char *key_file)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    bool ok = key != NULL && cert != NULL && fill(cert, key);
    FILE *out = ok ? fopen(cert_file, "we") : NULL;
    ok = out != NULL && PEM_write_X509(out, cert) == 1;
    ok = out != NULL && fclose(out) == 0 && ok;
    out = ok ? fopen(key_file, "we") : NULL;
    ok = out != NULL && fchmod(fileno(out), 0600) == 0 &&
         PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) == 1;
    ok = out != NULL && fclose(out) == 0 && ok;
    X509_free(cert);
    EVP_PKEY_free(key);
    return ok;
}
