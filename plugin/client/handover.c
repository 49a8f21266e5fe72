/* handover.c - a group's key in a sealed file, see handover.h.
 *
 * The file: HEAD, then base64url of salt (16), nonce (12), ciphertext, tag (16). The key is scrypt (RFC 7914,
 * N 2^16, r 8, p 1: 64 MB a guess) of the passphrase; AES-256-GCM with HEAD as associated data. Inside: JSON
 * with group, server, root (the seed) and people.
 */
#include "client/handover.h"
#include "client/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#define HEAD       "balint1 handover\n"
#define HEAD_SIZE  (sizeof HEAD - 1)
#define SALT       16
#define NONCE      12
#define TAG        16
#define FRAME      (SALT + NONCE + TAG)
#define PASSPHRASE 256
#define LEAST      8         /* bytes of a passphrase */
#define FILE_CAP   (6 << 20) /* bytes; a list of keys.c's size, in base64 */

static int usage(const char *verb, FILE *out, int status)
{
    fprintf(
        out,
        strcmp(verb, "export") == 0
            ? "balint export --group G --to FILE [--passphrase-file F|-]\n"
              "Writes the group's key into a sealed file for a co-leader. Tell the passphrase another way.\n"
            : "balint import FILE [--passphrase-file F|-]\n"
              "Takes over a group's key from a leader's sealed file.\n");
    return status;
}

/* One line from a file descriptor, without its end. */
static bool read_line(int fd, char text[PASSPHRASE])
{
    size_t length = 0;
    while (length < PASSPHRASE - 1 && read(fd, text + length, 1) == 1 && text[length] != '\n')
        length++;
    bool whole = length < PASSPHRASE - 1;
    text[length] = '\0';
    return whole;
}

/* From the terminal, unseen. */
static bool read_terminal(char text[PASSPHRASE], char why[BALINT_WHY])
{
    struct termios old, quiet;
    int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (tty < 0 || tcgetattr(tty, &old) != 0) {
        if (tty >= 0)
            close(tty);
        return balint_why(why,
                          "There is no terminal to ask for the passphrase. Say --passphrase-file F, or -.");
    }
    quiet = old;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    bool ok = tcsetattr(tty, TCSAFLUSH, &quiet) == 0 && write(tty, "Passphrase: ", 12) == 12 &&
              read_line(tty, text);
    tcsetattr(tty, TCSAFLUSH, &old);
    ok = write(tty, "\n", 1) == 1 && ok;
    close(tty);
    return ok || balint_why(why, "The passphrase cannot be read. Use at most %d bytes.", PASSPHRASE - 2);
}

static bool read_passphrase(const char *file, char text[PASSPHRASE], char why[BALINT_WHY])
{
    if (file == NULL) {
        if (!read_terminal(text, why))
            return false;
    } else {
        int fd = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return balint_why(why, "%s cannot be read (%s). Correct --passphrase-file.", file,
                              strerror(errno));
        bool ok = read_line(fd, text);
        if (fd != STDIN_FILENO)
            close(fd);
        if (!ok)
            return balint_why(why, "The passphrase is too long. Use at most %d bytes.", PASSPHRASE - 2);
    }
    return strlen(text) >= LEAST ||
           balint_why(why, "The passphrase is too short. Use at least %d bytes.", LEAST);
}

static bool derive(const char *passphrase, const uint8_t salt[SALT], uint8_t key[32])
{
    uint64_t n = 1 << 16, most = 128 << 20;
    uint32_t r = 8, p = 1;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, (void *)(uintptr_t)passphrase,
                                          strlen(passphrase)),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)(uintptr_t)salt, SALT),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &most),
        OSSL_PARAM_construct_end()};
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SCRYPT", NULL);
    EVP_KDF_CTX *context = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    bool ok = context != NULL && EVP_KDF_derive(context, key, 32, params) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return ok;
}

/* `frame`: salt, nonce, `length` bytes, tag; seals or opens those bytes in place. */
static bool crypt_frame(const char *passphrase, uint8_t *frame, int length, bool seal)
{
    uint8_t key[32], *text = frame + SALT + NONCE, *tag = text + length;
    int done = 0;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool ok = context != NULL && derive(passphrase, frame, key) &&
              EVP_CipherInit_ex(context, EVP_aes_256_gcm(), NULL, key, frame + SALT, seal) == 1 &&
              EVP_CipherUpdate(context, NULL, &done, (const uint8_t *)HEAD, HEAD_SIZE) == 1 &&
              EVP_CipherUpdate(context, text, &done, text, length) == 1 &&
              (seal || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1) &&
              EVP_CipherFinal_ex(context, text + done, &done) == 1 &&
              (!seal || EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG, tag) == 1);
    EVP_CIPHER_CTX_free(context);
    balint_wipe(key, sizeof key);
    return ok;
}

/* A new file, 0600, whole or not there. */
static bool write_new(const char *path, const char *text, char why[BALINT_WHY])
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return balint_why(why, "%s cannot be made (%s). Choose another file with --to.", path,
                          strerror(errno));
    size_t length = strlen(text);
    bool ok = fchmod(fd, 0600) == 0 && write(fd, text, length) == (ssize_t)length && fsync(fd) == 0;
    int error = errno;
    ok = close(fd) == 0 && ok;
    if (!ok)
        unlink(path);
    return ok ||
           balint_why(why, "%s cannot be written (%s). Make room, or choose another.", path, strerror(error));
}

static bool export_to(const char *group, const char *path, const char *passphrase, char why[BALINT_WHY])
{
    struct balint_keys keys;
    if (!balint_keys_open(&keys, group, false, why))
        return false;
    char *plain = balint_keys_text(&keys, group);
    size_t length = plain == NULL ? 0 : strlen(plain);
    uint8_t *frame = malloc(FRAME + length);
    char *text = malloc(HEAD_SIZE + BALINT_BASE64_SIZE(FRAME + length) + 1);
    bool ok = plain != NULL && frame != NULL && text != NULL && balint_random(frame, SALT + NONCE);
    if (ok) {
        memcpy(frame + SALT + NONCE, plain, length);
        ok = crypt_frame(passphrase, frame, (int)length, true);
    }
    if (ok) {
        strcpy(text, HEAD);
        balint_base64(frame, FRAME + length, text + HEAD_SIZE);
        ok = write_new(path, strcat(text, "\n"), why);
    } else {
        balint_why(why, "The key cannot be sealed: no memory, or no random numbers. Try again later.");
    }
    if (plain != NULL)
        balint_wipe(plain, length);
    free(plain);
    free(frame);
    free(text);
    balint_keys_close(&keys);
    return ok;
}

static bool import_from(const char *path, const char *passphrase, char why[BALINT_WHY])
{
    char *text = malloc(FILE_CAP);
    uint8_t *frame = malloc(FILE_CAP);
    FILE *in = fopen(path, "rbe");
    size_t length = in != NULL && text != NULL ? fread(text, 1, FILE_CAP, in) : 0;
    bool ok = in != NULL || balint_why(why, "%s cannot be read (%s). Name the file that the leader made.",
                                       path, strerror(errno));
    if (in != NULL)
        fclose(in);
    int size = -1;
    if (ok && frame != NULL && length > HEAD_SIZE && length < FILE_CAP && text[length - 1] == '\n' &&
        memcmp(text, HEAD, HEAD_SIZE) == 0)
        size = balint_unbase64(text + HEAD_SIZE, length - HEAD_SIZE - 1, frame, FILE_CAP);
    if (ok && size < FRAME)
        ok = balint_why(why, "%s is no whole file of `balint export`. Ask the leader for it again.", path);
    if (ok && !crypt_frame(passphrase, frame, size - FRAME, false))
        ok = balint_why(why, "That is not the passphrase of %s, or the file was changed. Try again.", path);
    ok = ok && balint_keys_take((const char *)frame + SALT + NONCE, (size_t)(size - FRAME), why);
    if (frame != NULL)
        balint_wipe(frame, size > 0 ? (size_t)size : 0);
    free(frame);
    free(text);
    return ok;
}

static int run(int argc, char **argv, bool out)
{
    const char *group = NULL, *path = NULL, *file = NULL;
    char why[BALINT_WHY] = "", passphrase[PASSPHRASE] = "";
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return usage(argv[0], stdout, 0);
        const char **value = strcmp(argv[i], "--passphrase-file") == 0   ? &file
                             : out && strcmp(argv[i], "--group") == 0    ? &group
                             : out && strcmp(argv[i], "--to") == 0       ? &path
                             : !out && path == NULL && argv[i][0] != '-' ? &path
                                                                         : NULL;
        if (value == NULL || *value != NULL || (argv[i][0] == '-' && ++i == argc))
            return usage(argv[0], stderr, 2);
        *value = argv[i];
    }
    if (path == NULL ||
        (out && (group == NULL || strlen(group) >= BALINT_NAME_SIZE || !balint_group_ok(group))))
        return usage(argv[0], stderr, 2);
    bool ok = read_passphrase(file, passphrase, why) &&
              (out ? export_to(group, path, passphrase, why) : import_from(path, passphrase, why));
    balint_wipe(passphrase, sizeof passphrase);
    if (!ok)
        fprintf(stderr, "balint %s: %s\n", argv[0], why);
    return ok ? 0 : 1;
}

int balint_export_main(int argc, char **argv)
{
    return run(argc, argv, true);
}

int balint_import_main(int argc, char **argv)
{
    return run(argc, argv, false);
}
