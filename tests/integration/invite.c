/* invite.c - `balint invite` and `balint revoke` as processes against a real balint-server, and against what
 * only looks like one.
 *
 * This program is both: run with a verb as its first word it is the tool (the same functions that the balint
 * program calls), else the test. Every child dies by an alarm at the latest.
 */
#include "client/invite.h"
#include "client/handover.h"
#include "fakes/serverproc.h"
#include "identity/identity.h"
#include "integration/odd_server.h"
#include "integration/self_signed.h"
#include "protocol/messages.h"

#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define WORDS   24
#define WAIT_MS 10000

static struct balint_serverproc server;
static char home[96], out[65536], err[8192];
static rlim_t disk; /* a child may write files of so many bytes; 0: any */

/* Reads a file that a child wrote. */
static void slurp(FILE *in, char *text, size_t size)
{
    rewind(in);
    size_t length = fread(text, 1, size - 1, in);
    text[length] = '\0';
    fclose(in);
}

/* Runs the tool with words up to a NULL; fills out and err, returns the exit status. */
static int balint(const char *verb, ...)
{
    const char *argv[WORDS] = {"balint", verb};
    va_list words;
    int count = 2, status = 0;
    va_start(words, verb);
    while (count < WORDS - 1 && (argv[count] = va_arg(words, const char *)) != NULL)
        count++;
    va_end(words);
    FILE *out_file = tmpfile(), *err_file = tmpfile();
    assert_non_null(out_file);
    assert_non_null(err_file);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(fileno(out_file), STDOUT_FILENO);
        dup2(fileno(err_file), STDERR_FILENO);
        setenv("BALINT_HOME", home, 1);
        /* The thread sanitizer does not understand GLib's and GnuTLS' locks; it goes on watching the server.
         */
        setenv("TSAN_OPTIONS", "report_bugs=0", 1);
        struct rlimit room = {.rlim_cur = disk, .rlim_max = RLIM_INFINITY};
        signal(SIGXFSZ, SIG_IGN); /* EFBIG instead */
        if (disk != 0)
            setrlimit(RLIMIT_FSIZE, &room);
        alarm(60);
        execv("/proc/self/exe", (char *const *)argv);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    slurp(out_file, out, sizeof out);
    slurp(err_file, err, sizeof err);
    if (!WIFEXITED(status))
        fail_msg("ended by signal %d: %s", WTERMSIG(status), err);
    return WEXITSTATUS(status);
}

/* It failed with one line in which `word` stands, and printed no link. */
static void said(int status, const char *word)
{
    if (status == 0 || strstr(err, word) == NULL)
        fail_msg("status %d, said: %s", status, err);
    assert_string_equal(out, "");
    assert_ptr_equal(strchr(err, '\n'), err + strlen(err) - 1);
}

static bool kept(const char *path)
{
    char whole[256];
    struct stat info;
    snprintf(whole, sizeof whole, "%s/groups/%s", home, path);
    return stat(whole, &info) == 0;
}

static void group_add(const char *group, char code[BALINT_ID_SIZE])
{
    const char *const words[] = {"group", "add", group, "--data", server.data, NULL};
    char text[512];
    assert_int_equal(balint_serverproc_run(words, text, sizeof text), 0);
    text[strcspn(text, "\n")] = '\0';
    assert_true(strlen(text) > 0 && strlen(text) < BALINT_ID_SIZE);
    strcpy(code, text);
}

static struct balint_link parsed(const char *text)
{
    struct balint_link link;
    char line[BALINT_LINK_SIZE + 1];
    const char *why = NULL;
    snprintf(line, sizeof line, "%s", text);
    line[strcspn(line, "\n")] = '\0';
    if (!balint_link_parse(&link, line, &why))
        fail_msg("%s", why);
    return link;
}

/* Knocks with a link; fills the answer. */
static void knock(const struct balint_link *link, struct balint_message *answer)
{
    struct balint_message message = {.type = BALINT_MSG_KNOCK, .id = 7};
    struct balint_error error;
    strcpy(message.knock.group, link->group);
    message.knock.token.length = link->token_length;
    memcpy(message.knock.token.data, link->token, link->token_length);
    char *text = balint_encode(&message, BALINT_TO_SERVER, NULL);
    struct balint_ws *ws = balint_ws_open(&server.to, NULL);
    assert_non_null(ws);
    assert_true(balint_ws_send(ws, text));
    free(text);
    text = balint_ws_next(ws, WAIT_MS);
    assert_non_null(text);
    assert_true(balint_decode(text, strlen(text), BALINT_TO_CLIENT, answer, &error));
    assert_int_equal(answer->re, 7);
    free(text);
    balint_ws_close(ws);
}

/* The link opens the server's door, and what is behind it fits what it was made for. */
static struct balint_certificate opens(const char *text)
{
    struct balint_link link = parsed(text);
    struct balint_certificate certificate;
    struct balint_message answer;
    struct balint_key person;
    knock(&link, &answer);
    assert_int_equal(answer.type, BALINT_MSG_DOOR);
    assert_true(balint_certificate_read(&certificate, answer.door.certificate.data,
                                        answer.door.certificate.length, link.root));
    assert_memory_equal(answer.door.root.data, link.root, BALINT_KEY_SIZE);
    assert_true(balint_key_of_person(&person, link.seed, link.root));
    assert_memory_equal(certificate.key, person.public_half, BALINT_KEY_SIZE);
    assert_string_equal(certificate.group, link.group);
    return certificate;
}

static int set_up(void **state)
{
    (void)state;
    balint_serverproc_init(&server);
    snprintf(home, sizeof home, "%s/leader", server.folder);
    setenv("XDG_DATA_HOME", server.folder, 1); /* no server of this machine's own is found by itself */
    setenv("BALINT_DATA", "/nonexistent", 1);
    return balint_serverproc_start(&server, NULL, NULL) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    balint_serverproc_finish(&server);
    return 0;
}

/* Founds a group of this server by the leader of `home`. */
static void found(const char *group)
{
    char code[BALINT_ID_SIZE];
    group_add(group, code);
    if (balint("invite", "--group", group, "--role", "leader", "--name", "Lea", "--server", server.address,
               "--found", code, NULL) != 0)
        fail_msg("%s", err);
}

static void test_every_role(void **state)
{
    static const char *const roles[] = {"leader", "co-leader", "member", "observer"};
    time_t now = time(NULL);
    (void)state;
    found("Größe 7/Nord");
    struct balint_certificate first = opens(out);
    assert_int_equal(first.role, BALINT_LEADER);
    assert_string_equal(first.group, "Größe 7/Nord");
    assert_true(first.from_s <= now);
    assert_in_range(first.until_s, now + 399 * 86400, now + 401 * 86400);
    struct balint_link link = parsed(out);
    assert_string_equal(link.server, server.address);
    assert_false(link.tls);
    for (int i = 0; i < BALINT_ROLES; i++) {
        /* The server is remembered. */
        assert_int_equal(
            balint("invite", "--group", "Größe 7/Nord", "--role", roles[i], "--name", "Zoë", NULL), 0);
        assert_string_equal(err, "");
        struct balint_certificate certificate = opens(out);
        assert_int_equal(certificate.role, i);
        assert_string_equal(certificate.name, "Zoë");
        assert_string_not_equal(certificate.member, first.member);
        assert_int_equal(strlen(certificate.member), 12);
        assert_memory_equal(parsed(out).root, link.root, BALINT_KEY_SIZE); /* one ROOT */
        assert_memory_not_equal(parsed(out).seed, link.seed, BALINT_SEED_SIZE);
    }
    assert_true(kept("Gr%C3%B6%C3%9Fe%207%2FNord/root"));
}

static void test_count_json(void **state)
{
    (void)state;
    found("G");
    assert_int_equal(balint("invite", "--group", "G", "--role", "member", "--name", "Guest", "--count", "3",
                            "--json", "--from", "2026-01-01T00:00:00Z", "--until", "2099-01-01T00:00Z", NULL),
                     0);
    json_t *list = json_loads(out, 0, NULL), *row;
    size_t index;
    assert_int_equal(json_array_size(list), 3);
    json_array_foreach(list, index, row)
    {
        char name[32];
        const char *link = json_string_value(json_object_get(row, "link"));
        snprintf(name, sizeof name, "Guest %zu", index + 1);
        assert_int_equal(json_object_size(row), 6);
        assert_string_equal(json_string_value(json_object_get(row, "name")), name);
        assert_string_equal(json_string_value(json_object_get(row, "role")), "member");
        assert_string_equal(json_string_value(json_object_get(row, "from")), "2026-01-01T00:00:00Z");
        assert_string_equal(json_string_value(json_object_get(row, "until")), "2099-01-01T00:00:00Z");
        struct balint_certificate certificate = opens(link);
        assert_string_equal(certificate.name, name);
        assert_string_equal(certificate.member, json_string_value(json_object_get(row, "member")));
    }
    json_decref(list);
    /* More than one request of the protocol holds. */
    assert_int_equal(
        balint("invite", "--group", "G", "--role", "member", "--name", "N", "--count", "35", NULL), 0);
    int lines = 0;
    for (char *rest = NULL, *line = strtok_r(out, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        if (++lines == 1 || lines == 35)
            opens(line);
    assert_int_equal(lines, 35);
}

/* On the server's own machine its folder is enough. */
static void test_own_server(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(balint("invite", "--group", "Own", "--role", "leader", "--name", "Lea", "--data",
                                server.data, NULL),
                         0);
        opens(out);
    }
    setenv("BALINT_DATA", server.data, 1); /* the same as a default */
    assert_int_equal(balint("invite", "--group", "Other", "--role", "leader", "--name", "Lea", NULL), 0);
    opens(out);
    setenv("BALINT_DATA", "/nonexistent", 1);
    said(
        balint("invite", "--group", "G", "--role", "leader", "--name", "Lea", "--data", "/nonexistent", NULL),
        "no folder");
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "Lea", "--data", server.folder, NULL),
         "No balint-server runs");
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "Lea", NULL), "--server");
    assert_false(kept("G"));
}

static void test_refused_leaves_nothing(void **state)
{
    char code[BALINT_ID_SIZE];
    (void)state;
    group_add("G", code);
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", server.address,
                "--found", "wrong", NULL),
         "code");
    assert_false(kept("G"));
    said(balint("invite", "--group", "Other", "--role", "leader", "--name", "L", "--server", server.address,
                "--found", code, NULL),
         "code");
    assert_false(kept("Other"));
    said(
        balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", server.address, NULL),
        "--found");
    assert_false(kept("G"));
    found("G"); /* a refused code was not used up */
    /* A second ROOT, from another leader's machine: with the used code, a new one, by the folder. */
    snprintf(home, sizeof home, "%s/intruder", server.folder);
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", server.address,
                "--found", code, NULL),
         "code");
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--data", server.data, NULL),
         "founded already");
    assert_false(kept("G"));
    snprintf(home, sizeof home, "%s/leader", server.folder);
    assert_int_equal(balint("invite", "--group", "G", "--role", "member", "--name", "M", NULL), 0);
    opens(out);
}

/* A key that is not the group's makes no token: ROOT of another group put in its place. */
static void test_wrong_root(void **state)
{
    char command[512];
    (void)state;
    found("G");
    found("H");
    snprintf(command, sizeof command, "cp %s/groups/H/root %s/groups/G/root", home, home);
    assert_int_equal(system(command), 0);
    said(balint("invite", "--group", "G", "--role", "member", "--name", "M", NULL),
         "not signed with the key");
    said(balint("revoke", "--group", "G", "--name", "Lea", NULL), "not signed with the key");
}

static void test_revoke(void **state)
{
    struct balint_message answer;
    char member[BALINT_ID_SIZE];
    (void)state;
    found("G");
    struct balint_link leader = parsed(out);
    assert_int_equal(balint("invite", "--group", "G", "--role", "member", "--name", "Anna", NULL), 0);
    struct balint_link anna = parsed(out);
    opens(out);
    said(balint("revoke", "--group", "G", "--name", "Ben", NULL), "Nobody of that name");
    said(balint("revoke", "--group", "G", "--member", "ben", NULL), "Nobody of that id");
    said(balint("revoke", "--group", "H", "--name", "Anna", NULL), "not founded from this machine");
    assert_int_equal(balint("revoke", "--group", "G", "--name", "Anna", NULL), 0);
    knock(&anna, &answer);
    assert_int_equal(answer.type, BALINT_MSG_ERROR);
    assert_string_equal(answer.error.code, "revoked-link");
    knock(&leader, &answer);
    assert_int_equal(answer.type, BALINT_MSG_DOOR); /* she alone */
    said(balint("revoke", "--group", "G", "--name", "Anna", NULL), "revoked before");
    /* Two of one name need the id. */
    assert_int_equal(balint("invite", "--group", "G", "--role", "member", "--name", "Anna", NULL), 0);
    assert_int_equal(balint("invite", "--group", "G", "--role", "member", "--name", "Anna", NULL), 0);
    anna = parsed(out);
    strcpy(member, opens(out).member);
    said(balint("revoke", "--group", "G", "--name", "Anna", NULL), "2 people");
    assert_int_equal(balint("revoke", "--group", "G", "--member", member, NULL), 0);
    knock(&anna, &answer);
    assert_int_equal(answer.type, BALINT_MSG_ERROR);
    balint_serverproc_kill(&server); /* -9: it stays revoked */
    assert_true(balint_serverproc_start(&server, NULL, NULL));
    knock(&anna, &answer);
    assert_string_equal(answer.error.code, "revoked-link");
    assert_int_equal(balint("revoke", "--group", "G", "--name", "Anna", NULL), 0); /* the other one */
}

static void test_renew(void **state)
{
    struct balint_message answer;
    (void)state;
    found("G");
    assert_int_equal(balint("invite", "--group", "G", "--role", "observer", "--name", "Anna", NULL), 0);
    struct balint_link old = parsed(out);
    struct balint_certificate first = opens(out);
    assert_int_equal(first.serial, 1);
    said(balint("renew", "--group", "G", "--name", "Ben", NULL), "Nobody of that name");
    said(balint("renew", "--group", "H", "--name", "Anna", NULL), "not founded from this machine");
    said(balint("renew", "--group", "G", "--name", "Anna", "--until", "2026-01-01", NULL), "over already");
    for (int i = 0; i < 2; i++) { /* a renewed one is renewed again, even within the same second */
        assert_int_equal(
            balint("renew", "--group", "G", "--name", "Anna", "--until", "2099-12-31T00:00Z", NULL), 0);
        struct balint_certificate next = opens(out);
        assert_true(next.serial > first.serial);
        assert_string_equal(next.member, first.member);
        assert_string_equal(next.name, "Anna");
        assert_int_equal(next.role, BALINT_OBSERVER);
        assert_int_equal(next.until_s, INT64_C(4102358400)); /* date -u -d 2099-12-31 +%s */
        assert_memory_not_equal(next.key, first.key, BALINT_KEY_SIZE);
        knock(&old, &answer);
        assert_int_equal(answer.type, BALINT_MSG_ERROR);
        assert_string_equal(answer.error.code, "revoked-link");
        assert_non_null(strstr(answer.error.text, "ask the leader"));
        old = parsed(out);
        first = next;
    }
    assert_int_equal(balint("revoke", "--group", "G", "--name", "Anna", NULL), 0);
    knock(&old, &answer);
    assert_string_equal(answer.error.code, "revoked-link");
    said(balint("renew", "--group", "G", "--name", "Anna", NULL), first.member);
    assert_int_equal(balint("renew", "--group", "G", "--member", first.member, NULL), 0);
    assert_true(opens(out).serial > first.serial);
    balint_serverproc_stop(&server);
    said(balint("renew", "--group", "G", "--name", "Anna", NULL), "Nothing listens");
}

/* Who has an older list of the people, as a co-leader may, yet ends what came later. */
static void test_older_list(void **state)
{
    char now[256], before[256];
    struct balint_message answer;
    (void)state;
    found("G");
    assert_int_equal(balint("invite", "--group", "G", "--role", "member", "--name", "Anna", NULL), 0);
    snprintf(now, sizeof now, "%s/groups/G/group.json", home);
    snprintf(before, sizeof before, "%s/groups/G/before", home);
    FILE *from = fopen(now, "r"), *to = fopen(before, "w");
    for (int c; (c = fgetc(from)) != EOF;)
        fputc(c, to);
    fclose(from);
    fclose(to);
    chmod(before, 0600);
    assert_int_equal(balint("renew", "--group", "G", "--name", "Anna", NULL), 0);
    assert_int_equal(balint("renew", "--group", "G", "--name", "Anna", NULL), 0);
    struct balint_link renewed = parsed(out);
    opens(out);
    assert_int_equal(rename(before, now), 0);
    assert_int_equal(balint("revoke", "--group", "G", "--name", "Anna", NULL), 0);
    knock(&renewed, &answer);
    assert_int_equal(answer.type, BALINT_MSG_ERROR);
    assert_string_equal(answer.error.code, "revoked-link");
}

/* No room for the list: no link is shown, the old one goes on, and later it can be done again. */
static void test_renew_disk_full(void **state)
{
    struct balint_message answer;
    (void)state;
    found("G");
    assert_int_equal(
        balint("invite", "--group", "G", "--role", "member", "--name", "Anna", "--count", "9", NULL), 0);
    struct balint_link anna = parsed(out);
    disk = 600; /* less than a list of ten, more than a line of words */
    said(balint("renew", "--group", "G", "--name", "Anna 1", NULL), "cannot be written");
    disk = 0;
    knock(&anna, &answer);
    assert_int_equal(answer.type, BALINT_MSG_DOOR);
    assert_int_equal(balint("renew", "--group", "G", "--name", "Anna 1", NULL), 0);
    assert_true(opens(out).serial > 1);
    knock(&anna, &answer);
    assert_string_equal(answer.error.code, "revoked-link");
}

static void test_hand_over(void **state)
{
    char right[128], wrong[128], sealed[128], leader[96], other[128];
    struct stat info;
    (void)state;
    found("G");
    snprintf(right, sizeof right, "%s/right", server.folder);
    snprintf(wrong, sizeof wrong, "%s/wrong", server.folder);
    snprintf(sealed, sizeof sealed, "%s/sealed", server.folder);
    snprintf(other, sizeof other, "%s/other", server.folder);
    FILE *file = fopen(right, "w");
    fputs("eight green bottles\n", file);
    fclose(file);
    file = fopen(wrong, "w");
    fputs("eight green bottle\n", file);
    fclose(file);
    said(balint("export", "--group", "H", "--to", sealed, "--passphrase-file", right, NULL),
         "not founded from");
    said(balint("export", "--group", "G", "--to", sealed, "--passphrase-file", "/none", NULL),
         "/none cannot be read");
    disk = 300;
    said(balint("export", "--group", "G", "--to", sealed, "--passphrase-file", right, NULL),
         "cannot be written");
    disk = 0;
    assert_int_not_equal(stat(sealed, &info), 0);
    assert_int_equal(balint("export", "--group", "G", "--to", sealed, "--passphrase-file", right, NULL), 0);
    assert_int_equal(stat(sealed, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    said(balint("export", "--group", "G", "--to", sealed, "--passphrase-file", right, NULL),
         "cannot be made");
    strcpy(leader, home);
    snprintf(home, sizeof home, "%s/co", server.folder);
    said(balint("import", sealed, "--passphrase-file", wrong, NULL), "not the passphrase");
    said(balint("import", right, "--passphrase-file", right, NULL), "no whole file");
    said(balint("import", "/none", "--passphrase-file", right, NULL), "/none cannot be read");
    assert_false(kept("G"));
    assert_int_equal(balint("import", sealed, "--passphrase-file", right, NULL), 0);
    assert_int_equal(balint("import", sealed, "--passphrase-file", right, NULL),
                     0); /* once more is no harm */
    assert_int_equal(balint("invite", "--group", "G", "--role", "member", "--name", "Ben", NULL), 0);
    opens(out);
    assert_int_equal(balint("renew", "--group", "G", "--name", "Lea", NULL), 0); /* whom the leader invited */
    opens(out);
    /* Another key of that group is not written over. */
    snprintf(other, sizeof other, "%s/groups/G/root", home);
    file = fopen(other, "w");
    fputs("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", file);
    fclose(file);
    said(balint("import", sealed, "--passphrase-file", right, NULL), "Another key");
    assert_true(kept("G/root"));
}

static void test_no_server(void **state)
{
    (void)state;
    found("G");
    balint_serverproc_stop(&server);
    said(balint("invite", "--group", "G", "--role", "member", "--name", "M", NULL), "Nothing listens");
    said(balint("revoke", "--group", "G", "--name", "Lea", NULL), "Nothing listens");
    said(balint("invite", "--group", "H", "--role", "member", "--name", "M", "--server", server.address,
                "--found", "c", NULL),
         "Nothing listens");
    assert_false(kept("H"));
    assert_true(balint_serverproc_start(&server, NULL, NULL));
    assert_int_equal(balint("revoke", "--group", "G", "--name", "Lea", NULL),
                     0); /* the record was left as it was */
}

/* What answers at the port is something else. */
static void test_foreign(void **state)
{
    static const struct {
        enum balint_odd odd;
        const char *word;
    } rows[] = {
        {BALINT_ODD_WEB, "is no balint-server"},
        {BALINT_ODD_BANNER, "is no balint-server"},
        {BALINT_ODD_CLOSES, "is no balint-server"},
        {BALINT_ODD_MUTE, "does not answer"},
        {BALINT_ODD_WEBSOCKET, "no balint-server of this version"},
        {BALINT_ODD_GARBLED, "no balint-server of this version"},
        {BALINT_ODD_OTHER, "answered something else"},
        {BALINT_ODD_STALE, "answered something else"},
        {BALINT_ODD_LEAVES, "gave no answer"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct balint_odd_server odd;
        balint_odd_start(&odd, rows[i].odd, 0);
        said(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", odd.address,
                    "--found", "c", NULL),
             rows[i].word);
        balint_odd_stop(&odd);
        assert_false(kept("G"));
    }
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", server.address,
                "--found", "c", "--ca", "/nonexistent", NULL),
         "--ca");
    char https[128];
    snprintf(https, sizeof https, "https://%s", server.address);
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", https, "--found",
                "c", NULL),
         "TLS");
    assert_false(kept("G"));
}

/* With TLS: a certificate of one's own must be said, and must be this server's. */
static void test_tls(void **state)
{
    char cert[128], key[128], other[128], https[128], code[BALINT_ID_SIZE];
    (void)state;
    snprintf(cert, sizeof cert, "%s/cert.pem", server.folder);
    snprintf(key, sizeof key, "%s/key.pem", server.folder);
    snprintf(other, sizeof other, "%s/other.pem", server.folder);
    assert_true(balint_self_signed(other, key));
    assert_true(balint_self_signed(cert, key));
    balint_serverproc_stop(&server);
    assert_true(
        balint_serverproc_start(&server, (const char *const[]){"--cert", cert, "--key", key, NULL}, NULL));
    group_add("G", code);
    snprintf(https, sizeof https, "https://%s", server.address);
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", https, "--found",
                code, NULL),
         "not trusted");
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", https, "--found",
                code, "--ca", other, NULL),
         "not trusted");
    char by_name[64];
    snprintf(by_name, sizeof by_name, "https://localhost:%d",
             server.port); /* the certificate names no localhost */
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", by_name, "--found",
                code, "--ca", cert, NULL),
         "not trusted");
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", server.address,
                "--found", code, NULL),
         "no balint-server");
    said(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", https, "--found",
                code, "--ca", key, NULL),
         "holds no certificate");
    assert_false(kept("G"));
    assert_int_equal(balint("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", https,
                            "--found", code, "--ca", cert, NULL),
                     0);
    struct balint_link link = parsed(out);
    assert_true(link.tls);
    assert_string_equal(link.server, server.address);
    server.to.tls = true;
    server.to.ca_file = cert;
    opens(out);

    /* By a path from where one stands, without a word of GLib's. */
    char here[4096];
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(server.folder), 0);
    assert_int_equal(
        balint("invite", "--group", "G", "--role", "member", "--name", "M", "--ca", "cert.pem", NULL), 0);
    assert_string_equal(err, "");
    said(balint("invite", "--group", "G", "--role", "member", "--name", "N", "--ca", "key.pem", NULL),
         "holds no certificate");
    assert_int_equal(chdir(here), 0);
}

/* The line breaks while the founding is under way. ROOT stays, so whatever became of it can be gone on with.
 */
static void test_cut_off(void **state)
{
    char code[BALINT_ID_SIZE];
    (void)state;
    for (int answered = 0; answered < 2; answered++) {
        struct balint_odd_server odd;
        const char *group = answered ? "Lost" : "Cut";
        group_add(group, code);
        balint_odd_start(&odd, answered ? BALINT_ODD_SWALLOWS : BALINT_ODD_LOSES, server.port);
        said(balint("invite", "--group", group, "--role", "leader", "--name", "L", "--server", odd.address,
                    "--found", code, NULL),
             "no answer");
        balint_odd_stop(&odd);
        assert_true(kept(answered ? "Lost/root" : "Cut/root"));
        assert_int_equal(balint("invite", "--group", group, "--role", "leader", "--name", "L", "--server",
                                server.address, "--found", code, NULL),
                         0);
        opens(out);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "invite") == 0)
        return balint_invite_main(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "export") == 0)
        return balint_export_main(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "import") == 0)
        return balint_import_main(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "renew") == 0)
        return balint_renew_main(argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "revoke") == 0)
        return balint_revoke_main(argc - 1, argv + 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_role, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_count_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_own_server, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wrong_root, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_revoke, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_renew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_older_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_renew_disk_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hand_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_server, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_foreign, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tls, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cut_off, set_up, tear_down),
    };
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
