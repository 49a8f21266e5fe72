/* handover.c - a group's key from a leader to a co-leader, and the passphrase that it travels under: by file,
 * and typed at a terminal.
 */
#include "fakes/leak.h"
#include "integration/leader.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define WAIT_MS 10000

/* A file in the test's folder, 0600. */
static const char *file_of(const char *name, const char *text)
{
    static char paths[4][160];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", leader_server.folder, name);
    if (text == NULL)
        return path;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
    return path;
}

/* ---- a terminal */

struct terminal {
    int master, slave; /* the slave stays open here: how the tool leaves it can be looked at afterwards */
    pid_t child;
    FILE *out, *err;
    char shown[4096]; /* on it */
    size_t length;
};

/* Starts the tool with a terminal of its own. */
static void sit_down(struct terminal *terminal, const char *const argv[])
{
    memset(terminal, 0, sizeof *terminal);
    assert_int_equal(openpty(&terminal->master, &terminal->slave, NULL, NULL, NULL), 0);
    terminal->out = tmpfile();
    terminal->err = tmpfile();
    terminal->child = fork();
    assert_true(terminal->child >= 0);
    if (terminal->child == 0) {
        setsid();
        ioctl(terminal->slave, TIOCSCTTY, 0);
        close(terminal->master);
        leader_exec(argv, terminal->out, terminal->err);
    }
}

static bool echoes(const struct terminal *terminal)
{
    struct termios now;
    assert_int_equal(tcgetattr(terminal->slave, &now), 0);
    return (now.c_lflag & ECHO) != 0;
}

/* Waits until the question stands there for the `times`th time. */
static void asked(struct terminal *terminal, const char *question, int times)
{
    for (;;) {
        int count = 0;
        for (const char *at = terminal->shown; (at = strstr(at, question)) != NULL; at++)
            count++;
        if (count >= times)
            return;
        struct pollfd in = {.fd = terminal->master, .events = POLLIN};
        if (poll(&in, 1, WAIT_MS) <= 0)
            fail_msg("not asked \"%s\" in: %s", question, terminal->shown);
        ssize_t got = read(terminal->master, terminal->shown + terminal->length,
                           sizeof terminal->shown - 1 - terminal->length);
        assert_true(got > 0);
        terminal->length += (size_t)got;
        terminal->shown[terminal->length] = '\0';
    }
}

static void type(struct terminal *terminal, const char *keys)
{
    assert_int_equal(write(terminal->master, keys, strlen(keys)), strlen(keys));
}

/* Waits for the end; the wait status. */
static int stand_up(struct terminal *terminal)
{
    int status;
    assert_int_equal(waitpid(terminal->child, &status, 0), terminal->child);
    leader_slurp(terminal->out, leader_out, sizeof leader_out);
    leader_slurp(terminal->err, leader_err, sizeof leader_err);
    assert_true(echoes(terminal));
    struct pollfd in = {.fd = terminal->master, .events = POLLIN};
    while (poll(&in, 1, 0) > 0 && (in.revents & POLLIN) != 0) {
        ssize_t got = read(terminal->master, terminal->shown + terminal->length,
                           sizeof terminal->shown - 1 - terminal->length);
        if (got <= 0)
            break;
        terminal->length += (size_t)got;
    }
    assert_null(strstr(terminal->shown, "bottle")); /* nothing typed was shown */
    close(terminal->master);
    close(terminal->slave);
    return status;
}

#define FIRST "Passphrase for the file: "
#define AGAIN "The same once more: "

static void test_typed(void **state)
{
    struct terminal terminal;
    struct stat info;
    const char *sealed = file_of("sealed", NULL);
    const char *const out[] = {"balint", "export", "--group", "G", "--to", sealed, NULL};
    const char *const in[] = {"balint", "import", sealed, NULL};
    (void)state;
    leader_founds("G");
    sit_down(&terminal, out); /* a slip */
    asked(&terminal, FIRST, 1);
    assert_false(echoes(&terminal));
    type(&terminal, "eight green bottles\n");
    asked(&terminal, AGAIN, 1);
    assert_false(echoes(&terminal));
    type(&terminal, "eight green bottle\n");
    int status = stand_up(&terminal);
    leader_said(WEXITSTATUS(status), "not the same");
    assert_int_not_equal(stat(sealed, &info), 0);
    sit_down(&terminal, out);
    asked(&terminal, FIRST, 1);
    /* Nothing is locked while a person thinks. */
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "member", "--name", "Ada", NULL), 0);
    type(&terminal, "eight green bottles\n");
    asked(&terminal, AGAIN, 1);
    type(&terminal, "eight green bottles\n");
    assert_int_equal(stand_up(&terminal), 0);
    assert_int_equal(stat(sealed, &info), 0);
    snprintf(leader_home, sizeof leader_home, "%s/co", leader_server.folder);
    sit_down(&terminal, in); /* asked once: a slip is seen at once */
    asked(&terminal, "Passphrase of the file: ", 1);
    assert_false(echoes(&terminal));
    type(&terminal, "eight green bottles\n");
    assert_int_equal(stand_up(&terminal), 0);
    assert_null(strstr(terminal.shown, AGAIN));
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "member", "--name", "Ben", NULL), 0);
    leader_opens(leader_out);
}

/* Whatever ends the asking, the terminal shows again what is typed, and nothing was written. */
static void test_ended_while_asking(void **state)
{
    static const struct {
        const char *keys; /* or NULL: the signal is sent */
        int number;
    } rows[] = {{"eight green b\003", SIGINT}, {"\034", SIGQUIT}, {NULL, SIGTERM}, {NULL, SIGHUP}};
    struct terminal terminal;
    struct stat info;
    const char *sealed = file_of("sealed", NULL);
    const char *const out[] = {"balint", "export", "--group", "G", "--to", sealed, NULL};
    (void)state;
    leader_founds("G");
    for (int second = 0; second < 2; second++)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            sit_down(&terminal, out);
            asked(&terminal, FIRST, 1);
            if (second)
                type(&terminal, "eight green bottles\n");
            if (second)
                asked(&terminal, AGAIN, 1);
            assert_false(echoes(&terminal));
            if (rows[i].keys != NULL)
                type(&terminal, rows[i].keys);
            else
                kill(terminal.child, rows[i].number);
            int status = stand_up(&terminal); /* which looks at the echo */
            assert_true(WIFSIGNALED(status));
            assert_int_equal(WTERMSIG(status), rows[i].number);
            assert_int_not_equal(stat(sealed, &info), 0);
        }
    /* Ctrl-Z: a process that nobody could wake goes on at once, and asks again. */
    sit_down(&terminal, out);
    asked(&terminal, FIRST, 1);
    type(&terminal, "eight green b\032");
    asked(&terminal, FIRST, 2);
    assert_false(echoes(&terminal));
    type(&terminal, "\004"); /* Ctrl-D: nothing was said */
    int status = stand_up(&terminal);
    leader_said(WEXITSTATUS(status), "cannot be read");
}

/* What can be judged is judged before a person is asked. */
static void test_judged_before_asking(void **state)
{
    struct terminal terminal;
    const char *const out[] = {"balint", "export", "--group", "H", "--to", file_of("sealed", NULL), NULL};
    const char *const in[] = {"balint", "import", file_of("other", "text\n"), NULL};
    (void)state;
    leader_founds("G");
    sit_down(&terminal, out);
    int status = stand_up(&terminal);
    leader_said(WEXITSTATUS(status), "not founded from");
    assert_null(strstr(terminal.shown, "Passphrase"));
    sit_down(&terminal, in);
    status = stand_up(&terminal);
    leader_said(WEXITSTATUS(status), "no whole file");
    assert_null(strstr(terminal.shown, "Passphrase"));
}

static void test_passphrase_files(void **state)
{
    static const mode_t wide[] = {0640, 0604, 0644, 0602, 0666};
    const char *sealed = file_of("sealed", NULL), *right = file_of("right", "eight green bottles\n");
    char text[400];
    (void)state;
    leader_founds("G");
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        assert_int_equal(chmod(right, wide[i]), 0);
        leader_said(leader_run("export", "--group", "G", "--to", sealed, "--passphrase-file", right, NULL),
                    "chmod 600");
    }
    assert_int_equal(chmod(right, 0600), 0);
    leader_said(leader_run("export", "--group", "G", "--to", sealed, "--passphrase-file",
                           file_of("short", "sieben7\n"), NULL),
                "too short");
    memset(text, 'a', 300);
    strcpy(text + 300, "\n");
    leader_said(leader_run("export", "--group", "G", "--to", sealed, "--passphrase-file",
                           file_of("long", text), NULL),
                "at most");
    assert_int_equal(leader_run("export", "--group", "G", "--to", sealed, "--passphrase-file", right, NULL),
                     0);
    assert_string_equal(leader_err, "");
}

/* The file gets its name when it is whole, and what could not be written leaves nothing. */
static void test_export_is_whole(void **state)
{
    _Alignas(struct inotify_event) char events[4096];
    const char *right = file_of("right", "eight green bottles\n"), *sealed = file_of("sealed", NULL);
    int named = 0;
    (void)state;
    leader_founds("G");
    int watch = inotify_init1(IN_NONBLOCK);
    assert_true(inotify_add_watch(watch, leader_server.folder, IN_CREATE | IN_MOVED_TO | IN_MODIFY) >= 0);
    for (int full = 1; full >= 0; full--) {
        leader_disk = full ? 300 : 0;
        int status = leader_run("export", "--group", "G", "--to", sealed, "--passphrase-file", right, NULL);
        assert_int_equal(status, full);
        leader_disk = 0;
        ssize_t length = read(watch, events, sizeof events);
        for (ssize_t at = 0; at < length;) {
            const struct inotify_event *event = (const void *)(events + at);
            at += (ssize_t)(sizeof *event + event->len);
            if (strcmp(event->name, "sealed") != 0)
                continue;
            assert_int_equal(event->mask, IN_MOVED_TO);
            named++;
        }
        DIR *folder = opendir(leader_server.folder);
        for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
            if (strncmp(entry->d_name, "sealed", 6) == 0)
                assert_true(!full && strcmp(entry->d_name, "sealed") == 0);
        closedir(folder);
        assert_int_equal(named, !full);
    }
    close(watch);
}

static void test_hand_over(void **state)
{
    char other[160];
    const char *right = file_of("right", "eight green bottles\n"), *sealed = file_of("sealed", NULL);
    const char *wrong = file_of("wrong", "eight green bottle\n");
    FILE *file;
    struct stat info;
    (void)state;
    leader_founds("G");
    leader_said(leader_run("export", "--group", "H", "--to", sealed, "--passphrase-file", right, NULL),
                "not founded from");
    leader_said(leader_run("export", "--group", "G", "--to", sealed, "--passphrase-file", "/none", NULL),
                "/none cannot be read");
    leader_disk = 300;
    leader_said(leader_run("export", "--group", "G", "--to", sealed, "--passphrase-file", right, NULL),
                "cannot be written");
    leader_disk = 0;
    assert_int_not_equal(stat(sealed, &info), 0);
    assert_int_equal(leader_run("export", "--group", "G", "--to", sealed, "--passphrase-file", right, NULL),
                     0);
    assert_int_equal(stat(sealed, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    leader_said(leader_run("export", "--group", "G", "--to", sealed, "--passphrase-file", right, NULL),
                "there already");
    snprintf(leader_home, sizeof leader_home, "%s/co", leader_server.folder);
    leader_said(leader_run("import", sealed, "--passphrase-file", wrong, NULL), "not the passphrase");
    leader_said(leader_run("import", right, "--passphrase-file", right, NULL), "no whole file");
    leader_said(leader_run("import", "/none", "--passphrase-file", right, NULL), "/none cannot be read");
    assert_false(leader_kept("G"));
    assert_int_equal(leader_run("import", sealed, "--passphrase-file", right, NULL), 0);
    assert_int_equal(leader_run("import", sealed, "--passphrase-file", right, NULL),
                     0); /* once more is no harm */
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "member", "--name", "Ben", NULL), 0);
    leader_opens(leader_out);
    assert_int_equal(leader_run("renew", "--group", "G", "--name", "Lea", NULL),
                     0); /* whom the leader invited */
    leader_opens(leader_out);
    /* Another key of that group is not written over. */
    snprintf(other, sizeof other, "%s/groups/G/root", leader_home);
    file = fopen(other, "w");
    fputs("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", file);
    fclose(file);
    leader_said(leader_run("import", sealed, "--passphrase-file", right, NULL), "Another key");
    assert_true(leader_kept("G/root"));
}

/* ---- the key at rest */

/* The whole of ROOT's file. */
static void read_root(char text[512])
{
    char path[160];
    struct stat info;
    snprintf(path, sizeof path, "%s/groups/G/root", leader_home);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    size_t length = fread(text, 1, 511, file);
    text[length] = '\0';
    fclose(file);
}

#define PROTECT(...) leader_run("protect", "--group", "G", __VA_ARGS__, NULL)

static void test_protect(void **state)
{
    char plain[512], sealed[512], now[512];
    const char *right = file_of("right", "eight green bottles\n"),
               *wrong = file_of("wrong", "none left now\n");
    (void)state;
    leader_said(PROTECT("--passphrase-file", right), "not founded from");
    leader_founds("G");
    read_root(plain);
    leader_said(PROTECT("--off", "--passphrase-file", right), "under no passphrase");
    leader_disk = 20;
    assert_int_equal(PROTECT("--passphrase-file", right), 1); /* even its complaint has no room */
    leader_disk = 0;
    read_root(now);
    assert_string_equal(now, plain);
    assert_int_equal(PROTECT("--passphrase-file", right), 0);
    read_root(sealed);
    assert_int_equal(strncmp(sealed, "balint1 root\n", 13), 0);
    plain[43] = '\0'; /* without its line's end */
    assert_non_null(balint_leak_secret(plain, strlen(plain), plain));
    assert_null(balint_leak_secret(sealed, strlen(sealed), plain));
    leader_said(PROTECT("--passphrase-file", right), "already");
    leader_said(PROTECT("--off", "--passphrase-file", wrong), "not the passphrase");
    read_root(now);
    assert_string_equal(now, sealed);
    assert_int_equal(PROTECT("--off", "--passphrase-file", right), 0);
    read_root(now);
    now[43] = '\0';
    assert_string_equal(now, plain);
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "member", "--name", "Ben", NULL), 0);
}

/* Every verb that needs ROOT needs the passphrase; a changed file is no key. */
static void test_protected(void **state)
{
    const char *right = file_of("right", "eight green bottles\n"),
               *wrong = file_of("wrong", "none left now\n");
    const char *first = file_of("first", NULL), *second = file_of("second", NULL);
    char path[160];
    (void)state;
    leader_founds("G");
    assert_int_equal(leader_run("export", "--group", "G", "--to", first, "--passphrase-file", right, NULL),
                     0);
    assert_int_equal(PROTECT("--passphrase-file", right), 0);
    for (int good = 0; good < 2; good++) {
        const char *file = good ? right : wrong;
        int status[] = {
            leader_run("export", "--group", "G", "--to", second, "--passphrase-file", right,
                       "--key-passphrase-file", file, NULL),
            leader_run("invite", "--group", "G", "--role", "member", "--name", "Ben", "--passphrase-file",
                       file, NULL),
            leader_run("renew", "--group", "G", "--name", good ? "Ben" : "Lea", "--passphrase-file", file,
                       NULL),
            leader_run("revoke", "--group", "G", "--name", good ? "Ben" : "Lea", "--passphrase-file", file,
                       NULL),
        };
        for (size_t i = 0; i < sizeof status / sizeof *status; i++)
            assert_int_equal(status[i], !good);
        if (!good)
            leader_said(status[3], "not the passphrase");
    }
    leader_said(leader_run("import", first, "--passphrase-file", right, NULL), "under a passphrase");
    snprintf(path, sizeof path, "%s/groups/G/root", leader_home);
    FILE *file = fopen(path, "r+");
    fseek(file, 60, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, 60, SEEK_SET);
    fputc(byte == 'A' ? 'B' : 'A', file);
    fclose(file);
    leader_said(PROTECT("--off", "--passphrase-file", right), "was changed");
    snprintf(leader_home, sizeof leader_home, "%s/co", leader_server.folder);
    assert_int_equal(leader_run("import", second, "--passphrase-file", right, NULL), 0);
}

static void test_protect_typed(void **state)
{
    struct terminal terminal;
    const char *const protect[] = {"balint", "protect", "--group", "G", NULL};
    const char *const invite[] = {"balint", "invite", "--group", "G", "--role",
                                  "member", "--name", "Ben",     NULL};
    (void)state;
    leader_founds("G");
    sit_down(&terminal, protect);
    asked(&terminal, "New passphrase of the group's key: ", 1);
    type(&terminal, "eight green bottles\n");
    asked(&terminal, AGAIN, 1);
    type(&terminal, "eight green bottles\n");
    assert_int_equal(stand_up(&terminal), 0);
    sit_down(&terminal, invite);
    asked(&terminal, "Passphrase of the group's key: ", 1);
    /* Nothing is locked while a person thinks. */
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "member", "--name", "Cleo",
                                "--passphrase-file", file_of("right", "eight green bottles\n"), NULL),
                     0);
    type(&terminal, "eight green bottles\n");
    assert_int_equal(stand_up(&terminal), 0);
    leader_opens(leader_out);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_hand_over, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_export_is_whole, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_typed, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_ended_while_asking, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_judged_before_asking, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_passphrase_files, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_protect, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_protected, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_protect_typed, leader_begin, leader_end),
    };
    return leader_main(argc, argv, tests, sizeof tests / sizeof *tests);
}
