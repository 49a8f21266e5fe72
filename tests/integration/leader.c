/* leader.c - see leader.h. */
#include "integration/leader.h"

#include "client/handover.h"
#include "client/invite.h"
#include "client/protect.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define WORDS   24
#define WAIT_MS 10000

struct balint_serverproc leader_server;
char leader_home[96], leader_out[65536], leader_err[8192];
rlim_t leader_disk;

void leader_slurp(FILE *in, char *text, size_t size)
{
    rewind(in);
    size_t length = fread(text, 1, size - 1, in);
    text[length] = '\0';
    fclose(in);
}

void leader_exec(const char *const argv[], FILE *out, FILE *err)
{
    dup2(fileno(out), STDOUT_FILENO);
    dup2(fileno(err), STDERR_FILENO);
    setenv("BALINT_HOME", leader_home, 1);
    /* The thread sanitizer does not understand GLib's and GnuTLS' locks; it goes on watching the server.
     */
    setenv("TSAN_OPTIONS", "report_bugs=0", 1);
    struct rlimit room = {.rlim_cur = leader_disk, .rlim_max = RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN); /* EFBIG instead */
    if (leader_disk != 0)
        setrlimit(RLIMIT_FSIZE, &room);
    alarm(60);
    execv("/proc/self/exe", (char *const *)(const void *)argv);
    _exit(127);
}

int leader_run(const char *verb, ...)
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
    if (child == 0)
        leader_exec(argv, out_file, err_file);
    assert_int_equal(waitpid(child, &status, 0), child);
    leader_slurp(out_file, leader_out, sizeof leader_out);
    leader_slurp(err_file, leader_err, sizeof leader_err);
    if (!WIFEXITED(status))
        fail_msg("ended by signal %d: %s", WTERMSIG(status), leader_err);
    return WEXITSTATUS(status);
}

void leader_said(int status, const char *word)
{
    if (status == 0 || strstr(leader_err, word) == NULL)
        fail_msg("status %d, said: %s", status, leader_err);
    assert_string_equal(leader_out, "");
    assert_ptr_equal(strchr(leader_err, '\n'), leader_err + strlen(leader_err) - 1);
}

bool leader_kept(const char *path)
{
    char whole[256];
    struct stat info;
    snprintf(whole, sizeof whole, "%s/groups/%s", leader_home, path);
    return stat(whole, &info) == 0;
}

void leader_group_add(const char *group, char code[BALINT_ID_SIZE])
{
    const char *const words[] = {"group", "add", group, "--data", leader_server.data, NULL};
    char text[512];
    assert_int_equal(balint_serverproc_run(words, text, sizeof text), 0);
    text[strcspn(text, "\n")] = '\0';
    assert_true(strlen(text) > 0 && strlen(text) < BALINT_ID_SIZE);
    strcpy(code, text);
}

struct balint_link leader_parsed(const char *text)
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

void leader_knock(const struct balint_link *link, struct balint_message *answer)
{
    struct balint_message message = {.type = BALINT_MSG_KNOCK, .id = 7};
    struct balint_error error;
    strcpy(message.knock.group, link->group);
    message.knock.token.length = link->token_length;
    memcpy(message.knock.token.data, link->token, link->token_length);
    char *text = balint_encode(&message, BALINT_TO_SERVER, NULL);
    struct balint_ws *ws = balint_ws_open(&leader_server.to, NULL);
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

struct balint_certificate leader_opens(const char *text)
{
    struct balint_link link = leader_parsed(text);
    struct balint_certificate certificate;
    struct balint_message answer;
    struct balint_key person;
    leader_knock(&link, &answer);
    assert_int_equal(answer.type, BALINT_MSG_DOOR);
    assert_true(balint_certificate_read(&certificate, answer.door.certificate.data,
                                        answer.door.certificate.length, link.root));
    assert_memory_equal(answer.door.root.data, link.root, BALINT_KEY_SIZE);
    assert_true(balint_key_of_person(&person, link.seed, link.root));
    assert_memory_equal(certificate.key, person.public_half, BALINT_KEY_SIZE);
    assert_string_equal(certificate.group, link.group);
    return certificate;
}

int leader_begin(void **state)
{
    (void)state;
    balint_serverproc_init(&leader_server);
    snprintf(leader_home, sizeof leader_home, "%s/leader", leader_server.folder);
    setenv("XDG_DATA_HOME", leader_server.folder, 1); /* no server of this machine's own is found by itself */
    setenv("BALINT_DATA", "/nonexistent", 1);
    return balint_serverproc_start(&leader_server, NULL, NULL) ? 0 : -1;
}

int leader_end(void **state)
{
    (void)state;
    balint_serverproc_finish(&leader_server);
    return 0;
}

void leader_founds(const char *group)
{
    char code[BALINT_ID_SIZE];
    leader_group_add(group, code);
    if (leader_run("invite", "--group", group, "--role", "leader", "--name", "Lea", "--server",
                   leader_server.address, "--found", code, NULL) != 0)
        fail_msg("%s", leader_err);
}

int leader_main(int argc, char **argv, const struct CMUnitTest *tests, size_t count)
{
    static const struct {
        const char *name;
        int (*main)(int argc, char **argv);
    } verbs[] = {
        {"invite", balint_invite_main}, {"renew", balint_renew_main},   {"revoke", balint_revoke_main},
        {"export", balint_export_main}, {"import", balint_import_main}, {"protect", balint_protect_main},
    };
    for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].main(argc - 1, argv + 1);
    alarm(240);
    return _cmocka_run_group_tests("leader", tests, count, NULL, NULL);
}
