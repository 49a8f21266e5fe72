/* What the server answers to browsers and monitors, who may open a WebSocket, and TLS. */
#include "integration/server_evening.h"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>

static struct balint_serverproc server;

static int begin(void **state)
{
    (void)state;
    balint_serverproc_init(&server);
    assert_true(balint_serverproc_start(&server, NULL, NULL));
    return 0;
}

static int end(void **state)
{
    (void)state;
    balint_serverproc_finish(&server);
    return 0;
}

static void expect_headers(const char *answer, bool tls)
{
    static const char *const headers[] = {"\r\nContent-Security-Policy: default-src 'none';",
                                          "\r\nX-Content-Type-Options: nosniff\r\n",
                                          "\r\nReferrer-Policy: no-referrer\r\n",
                                          "\r\nCache-Control: no-store\r\n",
                                          "frame-ancestors 'none'",
                                          "\r\nX-Frame-Options: DENY\r\n",
                                          "\r\nPermissions-Policy: camera=(), microphone=(),",
                                          "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
                                          "\r\nCross-Origin-Embedder-Policy: require-corp\r\n",
                                          "\r\nCross-Origin-Resource-Policy: same-origin\r\n"};
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        assert_non_null(strstr(answer, headers[i]));
    assert_int_equal(strstr(answer, "\r\nStrict-Transport-Security: max-age=") != NULL, tls);
}

/* GET; expects status and a piece of the answer. */
static void expect_answer(const char *path, const char *status, const char *piece)
{
    char *answer = balint_http_get(&server.to, path);
    assert_non_null(answer);
    assert_memory_equal(answer, "HTTP/1.1 ", 9);
    assert_memory_equal(answer + 9, status, strlen(status));
    assert_non_null(strstr(answer, piece));
    expect_headers(answer, server.to.tls);
    /* As long as it says: nothing is cut, nothing follows. */
    const char *body = strstr(answer, "\r\n\r\n"), *length = strstr(answer, "\r\nContent-Length: ");
    assert_true(body != NULL && length != NULL &&
                (long)strlen(body + 4) == strtol(length + strlen("\r\nContent-Length: "), NULL, 10));
    free(answer);
}

static void pages_and_monitors_are_answered(void **state)
{
    (void)state;
    expect_answer("/", "200", "<h1>Balint Circle</h1>");
    expect_answer("/", "200", "<code>balint join -</code>"); /* never the link on the command line */
    expect_answer("/join/Mittwochskreis", "200", "balint join");
    expect_answer("/join/%3Cscript%3E", "200", "<h1>Balint Circle</h1>");
    expect_answer("/style.css", "200", "text/css");
    expect_answer("/healthz", "200", "\r\n\r\nok\n");
    expect_answer("/metrics", "200", "\n# TYPE balint_connections gauge\nbalint_connections ");
    expect_answer("/metrics", "200", "\n# TYPE balint_commits_total counter\nbalint_commits_total 0\n");
    expect_answer("/ws", "426", "Upgrade: websocket");
    expect_answer("/balint.db", "404", "");
    expect_answer("/../../etc/passwd", "404", "");
    expect_answer("/favicon.ico", "404", "");
}

/* A request of `head`, `fill` repeated, `tail`; what is answered at all has the headers. Returns its status.
 */
static int status_of(const char *head, const char *fill, int times, const char *tail)
{
    char *request = malloc(strlen(head) + strlen(fill) * (size_t)times + strlen(tail) + 1), *end;
    assert_non_null(request);
    end = stpcpy(request, head);
    for (int i = 0; i < times; i++)
        end = stpcpy(end, fill);
    strcpy(end, tail);
    char *answer = balint_http(&server.to, request);
    int status = answer != NULL ? (int)strtol(answer + strcspn(answer, " "), NULL, 10) : 0;
    if (answer != NULL) {
        assert_memory_equal(answer, "HTTP/1.", 7);
        expect_headers(answer, false);
    }
    free(answer);
    free(request);
    return status;
}

/* Errors too, also those that libwebsockets finds before it asks us. Not answered is an answer as well. */
static void errors_have_the_headers_too(void **state)
{
    (void)state;
    static const char end[] = " HTTP/1.1\r\nHost: x\r\n\r\n";
    static const char *const paths[] = {"/%2e%2e/%2e%2e/etc/passwd",
                                        "/..%2fdoor.key",
                                        "/style.css%2f..%2fdoor.key",
                                        "/%zz",
                                        "//etc/passwd",
                                        "/style.css/../../balint.db",
                                        "/join",
                                        "/JOIN/x",
                                        "/\\..\\door.key",
                                        "*"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        int status = status_of("GET ", paths[i], 1, end);
        assert_true(status == 404 || status == 400 || status == 403 || status == 0);
    }
    status_of("GET ", "/%00", 1, end); /* libwebsockets drops a NUL: the page, or nothing */
    status_of("GET ", "/style.css%00x", 1, end);
    static const char *const methods[] = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        int status = status_of(methods[i], " /", 1, " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        assert_true(status == 405 || status == 403 || status == 400 || status == 0);
    }
    /* Floods: a path, one header, many headers, a name without an end, a body. */
    assert_true(status_of("GET /", "aaaaaaaaaaaaaaaa", 4096, end) != 200);
    assert_true(status_of("GET / HTTP/1.1\r\nHost: ", "aaaaaaaaaaaaaaaa", 4096, "\r\n\r\n") != 200);
    assert_true(status_of("GET / HTTP/1.1\r\nHost: x\r\nCookie: ", "aaaaaaaaaaaaaaaa", 16384, "\r\n\r\n") !=
                200);
    status_of("GET / HTTP/1.1\r\nHost: x\r\n", "X-Nothing: nothing at all\r\n", 20000, "\r\n");
    status_of("GET / HTTP/1.1\r\nHost: x\r\n", "aaaaaaaaaaaaaaaa", 16384, "");
    status_of("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", "aaaaaaaaaaaaaaaa", 62500, "");
    status_of("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n", 10000,
              "0\r\n\r\n");
    /* An Origin that would fit a Host that is not there. */
    assert_true(
        status_of(
            "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: balint.1\r\n",
            "Origin: http://\r\n", 1, "\r\n") != 101);
    expect_answer("/healthz", "200", "ok"); /* it lives */
}

static void what_a_visitor_wrote_is_not_echoed(void **state)
{
    (void)state;
    char *answer = balint_http_get(&server.to, "/join/xyzzy-42");
    assert_non_null(answer);
    assert_null(strstr(answer, "xyzzy"));
    free(answer);
}

static void only_get_and_head_are_answered(void **state)
{
    (void)state;
    char *answer = balint_http(&server.to, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    assert_non_null(answer);
    assert_memory_equal(answer, "HTTP/1.1 405", 12);
    assert_non_null(strstr(answer, "\r\nAllow: GET, HEAD\r\n"));
    free(answer);
    answer = balint_http(&server.to, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_non_null(answer);
    assert_memory_equal(answer, "HTTP/1.1 200", 12);
    assert_int_equal(strlen(strstr(answer, "\r\n\r\n")), 4);
    free(answer);
    free(balint_http(&server.to, "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"));
    free(balint_http(&server.to, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
                                 "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n"));
    free(balint_http(&server.to, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    free(balint_http(&server.to, "\x16\x03\x01\x02nonsense that is no HTTP\r\n\r\n"));
    expect_answer("/healthz", "200", "ok"); /* it lives */
}

/* Opens with options; expects that HTTP status. */
static void expect_status(struct balint_ws_options options, int expected)
{
    int status;
    struct balint_ws *ws;
    options.port = server.port;
    ws = balint_ws_open(&options, &status);
    assert_int_equal(status, expected);
    assert_int_equal(ws != NULL, expected == 101);
    if (ws != NULL) {
        expect_headers(balint_ws_head(ws), options.tls);
        assert_non_null(strstr(balint_ws_head(ws), "Sec-WebSocket-Protocol: balint.1\r\n"));
        balint_ws_close(ws);
    }
}

static void only_programs_and_own_pages_open_a_websocket(void **state)
{
    (void)state;
    char own[64], other_port[64], longer[64], https[64];
    snprintf(own, sizeof own, "http://127.0.0.1:%d", server.port);
    snprintf(other_port, sizeof other_port, "http://127.0.0.1:%d", server.port ^ 1);
    snprintf(longer, sizeof longer, "http://127.0.0.1:%d.evil.example", server.port);
    snprintf(https, sizeof https, "https://127.0.0.1:%d", server.port);
    expect_status((struct balint_ws_options){0}, 101);
    expect_status((struct balint_ws_options){.origin = own}, 101);
    expect_status((struct balint_ws_options){.origin = other_port}, 403);
    expect_status((struct balint_ws_options){.origin = longer}, 403);
    expect_status((struct balint_ws_options){.origin = https}, 403);
    expect_status((struct balint_ws_options){.origin = "http://evil.example"}, 403);
    expect_status((struct balint_ws_options){.origin = "null"}, 403);
    /* Two Origins, one too long to be looked at, one that only fits a Host that is not there. */
    char two[128], *huge = malloc(1024);
    snprintf(two, sizeof two, "%s\r\nOrigin: http://evil.example", own);
    expect_status((struct balint_ws_options){.origin = two}, 403);
    memset(huge, 'a', 1023);
    huge[1023] = '\0';
    expect_status((struct balint_ws_options){.origin = huge}, 403);
    free(huge);
    expect_status((struct balint_ws_options){.origin = "http://"}, 403);
    expect_status((struct balint_ws_options){.protocol = ""}, 400);
    expect_status((struct balint_ws_options){.protocol = "balint.2"}, 400);
    expect_status((struct balint_ws_options){.protocol = "http"}, 400);
    expect_status((struct balint_ws_options){.protocol = "balint.2, balint.1"}, 101);
    expect_status((struct balint_ws_options){.path = "/"}, 404);
    expect_status((struct balint_ws_options){.path = "/ws/"}, 404);
    char *log = balint_serverproc_read_log(&server);
    assert_null(strstr(log, "evil"));
    free(log);
}

static void other_sites_are_allowed_by_name(void **state)
{
    (void)state;
    const char *bad[] = {"--allow-origin", "https://a.example/page", NULL};
    const char *arguments[] = {"--allow-origin", "https://a.example http://b.example:8080", NULL};
    int status = 0;
    balint_serverproc_stop(&server);
    assert_false(balint_serverproc_start(&server, bad, &status));
    assert_int_equal(status, 2);
    assert_true(balint_serverproc_start(&server, arguments, NULL));
    expect_status((struct balint_ws_options){.origin = "https://a.example"}, 101);
    expect_status((struct balint_ws_options){.origin = "http://b.example:8080"}, 101);
    expect_status((struct balint_ws_options){.origin = "http://a.example"}, 403);
    expect_status((struct balint_ws_options){.origin = "https://a.example:444"}, 403);
    expect_status((struct balint_ws_options){.origin = "http://b.example"}, 403);
    expect_status((struct balint_ws_options){.origin = "https://a.example http://b.example:8080"}, 403);
    expect_status((struct balint_ws_options){.origin = "https://c.example"}, 403);
    expect_status((struct balint_ws_options){0}, 101);
    balint_serverproc_stop(&server);
    assert_true(balint_serverproc_start(&server, NULL, NULL));
    expect_status((struct balint_ws_options){.origin = "https://a.example"}, 403);
}

/* ---- TLS */
static void write_pair(const char *folder, EVP_PKEY *key, const char *name)
{
    char path[128];
    X509 *cert = X509_new();
    assert_true(cert != NULL && key != NULL);
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), 86400);
    X509_set_pubkey(cert, key);
    X509_NAME *subject = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(cert, subject);
    X509_EXTENSION *constraints = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "critical,CA:TRUE");
    X509_add_ext(cert, constraints, -1);
    X509_EXTENSION_free(constraints);
    assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
    snprintf(path, sizeof path, "%s/cert.pem", folder);
    FILE *out = fopen(path, "w");
    assert_true(out != NULL && PEM_write_X509(out, cert) == 1);
    fclose(out);
    snprintf(path, sizeof path, "%s/key.pem", folder);
    out = fopen(path, "w");
    assert_true(out != NULL && PEM_write_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) == 1);
    fclose(out);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static void only_tls_listens_outside_loopback(void **state)
{
    (void)state;
    struct balint_serverproc own;
    char cert[128], key[128];
    int status = 0;
    balint_serverproc_init(&own);
    const char *plain[] = {"--listen", "0.0.0.0:0", NULL};
    assert_false(balint_serverproc_start(&own, plain, &status));
    assert_int_equal(status, 1);
    char *log = balint_serverproc_read_log(&own);
    assert_non_null(strstr(log, "needs encryption: give --cert and --key"));
    free(log);
    const char *six[] = {"--listen", "[::]:0", NULL};
    assert_false(balint_serverproc_start(&own, six, &status));

    snprintf(cert, sizeof cert, "%s/cert.pem", own.folder);
    snprintf(key, sizeof key, "%s/key.pem", own.folder);
    write_pair(own.folder, EVP_EC_gen("P-256"), "one");
    const char *tls[] = {
        "--listen", "0.0.0.0:0", "--cert", cert, "--key", key, "--url", "https://balint.example", NULL};
    assert_true(balint_serverproc_start(&own, tls, NULL));
    assert_memory_equal(own.address, "0.0.0.0:", 8);
    char path[128], url[64] = "";
    snprintf(path, sizeof path, "%s/address", own.data);
    FILE *in = fopen(path, "r");
    assert_true(in != NULL && fgets(url, sizeof url, in) != NULL);
    fclose(in);
    assert_string_equal(url, "https://balint.example\n");
    assert_int_equal(balint_serverproc_stop(&own), 0);
    balint_serverproc_finish(&own);
}

static void certificates_are_read_again(void **state)
{
    (void)state;
    struct balint_serverproc own;
    char cert[128], key[128], old[128];
    balint_serverproc_init(&own);
    snprintf(cert, sizeof cert, "%s/cert.pem", own.folder);
    snprintf(key, sizeof key, "%s/key.pem", own.folder);
    snprintf(old, sizeof old, "%s/old.pem", own.folder);
    write_pair(own.folder, EVP_RSA_gen(2048), "first");
    const char *tls[] = {"--cert", cert, "--key", key, NULL};
    assert_true(balint_serverproc_start(&own, tls, NULL));
    own.to.tls = true;
    own.to.ca_file = cert;
    struct balint_ws *ws = balint_ws_open(&own.to, NULL);
    assert_non_null(ws); /* the WebSocket is encrypted, by that certificate */
    expect_headers(balint_ws_head(ws), true);
    assert_null(balint_ws_open(&(struct balint_ws_options){.port = own.port}, NULL)); /* nothing plain */
    char *answer = balint_http_get(&own.to, "/healthz");
    assert_non_null(answer);
    expect_headers(answer, true);
    free(answer);

    /* Another type of key: only the new one is shown from now on. */
    assert_int_equal(rename(cert, old), 0);
    write_pair(own.folder, EVP_EC_gen("P-256"), "second");
    kill(own.pid, SIGHUP);
    assert_true(balint_serverproc_wait_log(&own, "reload: the certificate was read again", BALINT_TEST_MS));
    answer = balint_http_get(&own.to, "/healthz");
    assert_non_null(answer);
    free(answer);
    own.to.ca_file = old;
    assert_null(balint_http_get(&own.to, "/healthz"));
    own.to.ca_file = cert;
    /* The connection that was there goes on. */
    struct balint_message message = {.type = BALINT_MSG_NONCE, .id = 1}, got;
    assert_true(balint_test_ask(ws, &message, &got));
    balint_ws_close(ws);

    /* A pair that does not belong together is refused; the one before stays. */
    EVP_PKEY *other = EVP_EC_gen("P-256");
    FILE *out = fopen(key, "w");
    assert_true(out != NULL && PEM_write_PrivateKey(out, other, NULL, NULL, 0, NULL, NULL) == 1);
    fclose(out);
    EVP_PKEY_free(other);
    kill(own.pid, SIGHUP);
    assert_true(balint_serverproc_wait_log(&own, "reload: the old certificate stays", BALINT_TEST_MS));
    answer = balint_http_get(&own.to, "/healthz");
    assert_non_null(answer);
    free(answer);
    /* A start with such a pair is refused, with one line. */
    balint_serverproc_stop(&own);
    assert_false(balint_serverproc_start(&own, tls, NULL));
    char *log = balint_serverproc_read_log(&own);
    assert_non_null(strstr(log, "does not belong to the certificate"));
    free(log);
    balint_serverproc_finish(&own);
}

static void http2_is_not_spoken(void **state)
{
    (void)state;
    struct balint_serverproc own;
    char cert[128], key[128];
    static const unsigned char both[] = "\x02h2\x08http/1.1";
    balint_serverproc_init(&own);
    snprintf(cert, sizeof cert, "%s/cert.pem", own.folder);
    snprintf(key, sizeof key, "%s/key.pem", own.folder);
    write_pair(own.folder, EVP_EC_gen("P-256"), "one");
    const char *tls[] = {"--cert", cert, "--key", key, NULL};
    assert_true(balint_serverproc_start(&own, tls, NULL));
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    BIO *bio = BIO_new_ssl_connect(context);
    SSL *ssl;
    BIO_get_ssl(bio, &ssl);
    SSL_set_alpn_protos(ssl, both, sizeof both - 1);
    BIO_set_conn_hostname(bio, own.address);
    assert_int_equal(BIO_do_connect(bio), 1);
    const unsigned char *chosen;
    unsigned length;
    SSL_get0_alpn_selected(ssl, &chosen, &length);
    assert_int_equal(length, 8);
    assert_memory_equal(chosen, "http/1.1", 8);
    BIO_free_all(bio);
    SSL_CTX_free(context);
    balint_serverproc_finish(&own);
}

/* Does a client with these settings come through the handshake? `version` 0: any; `cipher` NULL: any. */
static bool handshake(const struct balint_serverproc *own, int version, const char *cipher)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    assert_true(cipher == NULL || SSL_CTX_set_cipher_list(context, cipher) == 1);
    BIO *bio = BIO_new_ssl_connect(context);
    BIO_set_conn_hostname(bio, own->address);
    bool ok = BIO_do_connect(bio) == 1;
    BIO_free_all(bio);
    SSL_CTX_free(context);
    return ok;
}

/* Also where the machine's own settings would allow more. */
static void old_tls_is_refused(void **state)
{
    (void)state;
    struct balint_serverproc own;
    char cert[128], key[128], lax[128];
    balint_serverproc_init(&own);
    snprintf(cert, sizeof cert, "%s/cert.pem", own.folder);
    snprintf(key, sizeof key, "%s/key.pem", own.folder);
    snprintf(lax, sizeof lax, "%s/openssl.cnf", own.folder);
    write_pair(own.folder, EVP_RSA_gen(2048), "one");
    FILE *out = fopen(lax, "w");
    assert_true(out != NULL &&
                fputs("openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = sd\n[sd]\n"
                      "MinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n",
                      out) > 0);
    fclose(out);
    setenv("OPENSSL_CONF", lax, 1);
    const char *tls[] = {"--cert", cert, "--key", key, NULL};
    assert_true(balint_serverproc_start(&own, tls, NULL));
    unsetenv("OPENSSL_CONF");
    assert_true(handshake(&own, TLS1_3_VERSION, NULL));
    assert_true(handshake(&own, TLS1_2_VERSION, NULL));
    assert_true(handshake(&own, TLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256"));
    assert_true(handshake(&own, TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305"));
    assert_false(handshake(&own, TLS1_1_VERSION, NULL));
    assert_false(handshake(&own, TLS1_VERSION, NULL));
    assert_false(handshake(&own, TLS1_2_VERSION, "AES128-GCM-SHA256"));       /* no forward secrecy */
    assert_false(handshake(&own, TLS1_2_VERSION, "ECDHE-RSA-AES128-SHA256")); /* CBC */
    assert_false(handshake(&own, TLS1_2_VERSION, "AECDH-AES128-SHA"));        /* nobody's */
    balint_serverproc_finish(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_and_monitors_are_answered),
        cmocka_unit_test(errors_have_the_headers_too),
        cmocka_unit_test(what_a_visitor_wrote_is_not_echoed),
        cmocka_unit_test(only_get_and_head_are_answered),
        cmocka_unit_test(only_programs_and_own_pages_open_a_websocket),
        cmocka_unit_test(other_sites_are_allowed_by_name),
        cmocka_unit_test(only_tls_listens_outside_loopback),
        cmocka_unit_test(certificates_are_read_again),
        cmocka_unit_test(http2_is_not_spoken),
        cmocka_unit_test(old_tls_is_refused),
    };
    signal(SIGPIPE, SIG_IGN);
    alarm(240);
    return cmocka_run_group_tests(tests, begin, end);
}
