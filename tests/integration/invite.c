/* invite.c - `balint invite` and `balint revoke` as processes against a real balint-server, and against what
 * only looks like one.
 */
#include "integration/leader.h"
#include "integration/odd_server.h"
#include "integration/self_signed.h"

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

static void test_every_role(void **state)
{
    static const char *const roles[] = {"leader", "co-leader", "member", "observer"};
    time_t now = time(NULL);
    (void)state;
    leader_founds("Größe 7/Nord");
    struct balint_certificate first = leader_opens(leader_out);
    assert_int_equal(first.role, BALINT_LEADER);
    assert_string_equal(first.group, "Größe 7/Nord");
    assert_true(first.from_s <= now);
    assert_in_range(first.until_s, now + 399 * 86400, now + 401 * 86400);
    struct balint_link link = leader_parsed(leader_out);
    assert_string_equal(link.server, leader_server.address);
    assert_false(link.tls);
    for (int i = 0; i < BALINT_ROLES; i++) {
        /* The server is remembered. */
        assert_int_equal(
            leader_run("invite", "--group", "Größe 7/Nord", "--role", roles[i], "--name", "Zoë", NULL), 0);
        assert_string_equal(leader_err, "");
        struct balint_certificate certificate = leader_opens(leader_out);
        assert_int_equal(certificate.role, i);
        assert_string_equal(certificate.name, "Zoë");
        assert_string_not_equal(certificate.member, first.member);
        assert_int_equal(strlen(certificate.member), 12);
        assert_memory_equal(leader_parsed(leader_out).root, link.root, BALINT_KEY_SIZE); /* one ROOT */
        assert_memory_not_equal(leader_parsed(leader_out).seed, link.seed, BALINT_SEED_SIZE);
    }
    assert_true(leader_kept("Gr%C3%B6%C3%9Fe%207%2FNord/root"));
}

static void test_count_json(void **state)
{
    (void)state;
    leader_founds("G");
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "member", "--name", "Guest", "--count",
                                "3", "--json", "--from", "2026-01-01T00:00:00Z", "--until",
                                "2099-01-01T00:00Z", NULL),
                     0);
    json_t *list = json_loads(leader_out, 0, NULL), *row;
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
        struct balint_certificate certificate = leader_opens(link);
        assert_string_equal(certificate.name, name);
        assert_string_equal(certificate.member, json_string_value(json_object_get(row, "member")));
    }
    json_decref(list);
    /* More than one request of the protocol holds. */
    assert_int_equal(
        leader_run("invite", "--group", "G", "--role", "member", "--name", "N", "--count", "35", NULL), 0);
    int lines = 0;
    for (char *rest = NULL, *line = strtok_r(leader_out, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest))
        if (++lines == 1 || lines == 35)
            leader_opens(line);
    assert_int_equal(lines, 35);
}

/* On the server's own machine its folder is enough. */
static void test_own_server(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(leader_run("invite", "--group", "Own", "--role", "leader", "--name", "Lea", "--data",
                                    leader_server.data, NULL),
                         0);
        leader_opens(leader_out);
    }
    setenv("BALINT_DATA", leader_server.data, 1); /* the same as a default */
    assert_int_equal(leader_run("invite", "--group", "Other", "--role", "leader", "--name", "Lea", NULL), 0);
    leader_opens(leader_out);
    setenv("BALINT_DATA", "/nonexistent", 1);
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "Lea", "--data",
                           "/nonexistent", NULL),
                "no folder");
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "Lea", "--data",
                           leader_server.folder, NULL),
                "No balint-server runs");
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "Lea", NULL), "--server");
    assert_false(leader_kept("G"));
}

static void test_refused_leaves_nothing(void **state)
{
    char code[BALINT_ID_SIZE];
    (void)state;
    leader_group_add("G", code);
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server",
                           leader_server.address, "--found", "wrong", NULL),
                "code");
    assert_false(leader_kept("G"));
    leader_said(leader_run("invite", "--group", "Other", "--role", "leader", "--name", "L", "--server",
                           leader_server.address, "--found", code, NULL),
                "code");
    assert_false(leader_kept("Other"));
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server",
                           leader_server.address, NULL),
                "--found");
    assert_false(leader_kept("G"));
    leader_founds("G"); /* a refused code was not used up */
    /* A second ROOT, from another leader's machine: with the used code, a new one, by the folder. */
    snprintf(leader_home, sizeof leader_home, "%s/intruder", leader_server.folder);
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server",
                           leader_server.address, "--found", code, NULL),
                "code");
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--data",
                           leader_server.data, NULL),
                "founded already");
    assert_false(leader_kept("G"));
    snprintf(leader_home, sizeof leader_home, "%s/leader", leader_server.folder);
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "member", "--name", "M", NULL), 0);
    leader_opens(leader_out);
}

/* A key that is not the group's makes no token: ROOT of another group put in its place. */
static void test_wrong_root(void **state)
{
    char command[512];
    (void)state;
    leader_founds("G");
    leader_founds("H");
    snprintf(command, sizeof command, "cp %s/groups/H/root %s/groups/G/root", leader_home, leader_home);
    assert_int_equal(system(command), 0);
    leader_said(leader_run("invite", "--group", "G", "--role", "member", "--name", "M", NULL),
                "with this key");
    leader_said(leader_run("revoke", "--group", "G", "--name", "Lea", NULL), "has this key");
}

static void test_revoke(void **state)
{
    struct balint_message answer;
    char member[BALINT_ID_SIZE];
    (void)state;
    leader_founds("G");
    struct balint_link leader = leader_parsed(leader_out);
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "member", "--name", "Anna", NULL), 0);
    struct balint_link anna = leader_parsed(leader_out);
    leader_opens(leader_out);
    leader_said(leader_run("revoke", "--group", "G", "--name", "Ben", NULL), "Nobody of that name");
    leader_said(leader_run("revoke", "--group", "G", "--member", "ben", NULL), "Nobody of that id");
    leader_said(leader_run("revoke", "--group", "H", "--name", "Anna", NULL),
                "not founded from this machine");
    assert_int_equal(leader_run("revoke", "--group", "G", "--name", "Anna", NULL), 0);
    leader_knock(&anna, &answer);
    assert_int_equal(answer.type, BALINT_MSG_ERROR);
    assert_string_equal(answer.error.code, "revoked-link");
    leader_knock(&leader, &answer);
    assert_int_equal(answer.type, BALINT_MSG_DOOR); /* she alone */
    leader_said(leader_run("revoke", "--group", "G", "--name", "Anna", NULL), "revoked before");
    /* Two of one name need the id. */
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "member", "--name", "Anna", NULL), 0);
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "member", "--name", "Anna", NULL), 0);
    anna = leader_parsed(leader_out);
    strcpy(member, leader_opens(leader_out).member);
    leader_said(leader_run("revoke", "--group", "G", "--name", "Anna", NULL), "2 people");
    assert_int_equal(leader_run("revoke", "--group", "G", "--member", member, NULL), 0);
    leader_knock(&anna, &answer);
    assert_int_equal(answer.type, BALINT_MSG_ERROR);
    balint_serverproc_kill(&leader_server); /* -9: it stays revoked */
    assert_true(balint_serverproc_start(&leader_server, NULL, NULL));
    leader_knock(&anna, &answer);
    assert_string_equal(answer.error.code, "revoked-link");
    assert_int_equal(leader_run("revoke", "--group", "G", "--name", "Anna", NULL), 0); /* the other one */
}

static void test_renew(void **state)
{
    struct balint_message answer;
    (void)state;
    leader_founds("G");
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "observer", "--name", "Anna", NULL), 0);
    struct balint_link old = leader_parsed(leader_out);
    struct balint_certificate first = leader_opens(leader_out);
    assert_int_equal(first.serial, 1);
    leader_said(leader_run("renew", "--group", "G", "--name", "Ben", NULL), "Nobody of that name");
    leader_said(leader_run("renew", "--group", "H", "--name", "Anna", NULL), "not founded from this machine");
    leader_said(leader_run("renew", "--group", "G", "--name", "Anna", "--until", "2026-01-01", NULL),
                "over already");
    for (int i = 0; i < 2; i++) { /* a renewed one is renewed again, even within the same second */
        assert_int_equal(
            leader_run("renew", "--group", "G", "--name", "Anna", "--until", "2099-12-31T00:00Z", NULL), 0);
        struct balint_certificate next = leader_opens(leader_out);
        assert_true(next.serial > first.serial);
        assert_string_equal(next.member, first.member);
        assert_string_equal(next.name, "Anna");
        assert_int_equal(next.role, BALINT_OBSERVER);
        assert_int_equal(next.until_s, INT64_C(4102358400)); /* date -u -d 2099-12-31 +%s */
        assert_memory_not_equal(next.key, first.key, BALINT_KEY_SIZE);
        leader_knock(&old, &answer);
        assert_int_equal(answer.type, BALINT_MSG_ERROR);
        assert_string_equal(answer.error.code, "revoked-link");
        assert_non_null(strstr(answer.error.text, "ask the leader"));
        old = leader_parsed(leader_out);
        first = next;
    }
    assert_int_equal(leader_run("revoke", "--group", "G", "--name", "Anna", NULL), 0);
    leader_knock(&old, &answer);
    assert_string_equal(answer.error.code, "revoked-link");
    leader_said(leader_run("renew", "--group", "G", "--name", "Anna", NULL), first.member);
    assert_int_equal(leader_run("renew", "--group", "G", "--member", first.member, NULL), 0);
    assert_true(leader_opens(leader_out).serial > first.serial);
    balint_serverproc_stop(&leader_server);
    leader_said(leader_run("renew", "--group", "G", "--name", "Anna", NULL), "Nothing listens");
}

/* Sets the serial of everybody in the list of people, as another machine would have left it. */
static void set_serials(const char *path, json_int_t serial)
{
    size_t index;
    json_t *list = json_load_file(path, 0, NULL), *row;
    json_array_foreach(json_object_get(list, "people"), index, row)
        assert_int_equal(json_object_set_new(row, "serial", json_integer(serial)), 0);
    assert_int_equal(json_dump_file(list, path, 0), 0);
    json_decref(list);
}

/* Who has an older list of the people, as a co-leader may, yet ends what came later: also what a machine
 * whose clock is nine minutes ahead renewed. */
static void test_older_list(void **state)
{
    char path[256];
    struct balint_message answer;
    (void)state;
    leader_founds("G");
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "member", "--name", "Anna", NULL), 0);
    snprintf(path, sizeof path, "%s/groups/G/group.json", leader_home);
    set_serials(path, (json_int_t)time(NULL) + 540);
    assert_int_equal(leader_run("renew", "--group", "G", "--name", "Anna", NULL), 0);
    struct balint_link renewed = leader_parsed(leader_out);
    assert_true(leader_opens(leader_out).serial > (uint64_t)time(NULL) + 500);
    set_serials(path, 1);
    assert_int_equal(leader_run("revoke", "--group", "G", "--name", "Anna", NULL), 0);
    leader_knock(&renewed, &answer);
    assert_int_equal(answer.type, BALINT_MSG_ERROR);
    assert_string_equal(answer.error.code, "revoked-link");
}

/* No room for the list: no link is shown, the old one goes on, and later it can be done again. */
static void test_renew_disk_full(void **state)
{
    struct balint_message answer;
    (void)state;
    leader_founds("G");
    assert_int_equal(
        leader_run("invite", "--group", "G", "--role", "member", "--name", "Anna", "--count", "9", NULL), 0);
    struct balint_link anna = leader_parsed(leader_out);
    leader_disk = 600; /* less than a list of ten, more than a line of words */
    leader_said(leader_run("renew", "--group", "G", "--name", "Anna 1", NULL), "cannot be written");
    leader_disk = 0;
    leader_knock(&anna, &answer);
    assert_int_equal(answer.type, BALINT_MSG_DOOR);
    assert_int_equal(leader_run("renew", "--group", "G", "--name", "Anna 1", NULL), 0);
    assert_true(leader_opens(leader_out).serial > 1);
    leader_knock(&anna, &answer);
    assert_string_equal(answer.error.code, "revoked-link");
}

static void test_no_server(void **state)
{
    (void)state;
    leader_founds("G");
    balint_serverproc_stop(&leader_server);
    leader_said(leader_run("invite", "--group", "G", "--role", "member", "--name", "M", NULL),
                "Nothing listens");
    leader_said(leader_run("revoke", "--group", "G", "--name", "Lea", NULL), "Nothing listens");
    leader_said(leader_run("invite", "--group", "H", "--role", "member", "--name", "M", "--server",
                           leader_server.address, "--found", "c", NULL),
                "Nothing listens");
    assert_false(leader_kept("H"));
    assert_true(balint_serverproc_start(&leader_server, NULL, NULL));
    assert_int_equal(leader_run("revoke", "--group", "G", "--name", "Lea", NULL),
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
        leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server",
                               odd.address, "--found", "c", NULL),
                    rows[i].word);
        balint_odd_stop(&odd);
        assert_false(leader_kept("G"));
    }
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server",
                           leader_server.address, "--found", "c", "--ca", "/nonexistent", NULL),
                "--ca");
    char https[128];
    snprintf(https, sizeof https, "https://%s", leader_server.address);
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", https,
                           "--found", "c", NULL),
                "TLS");
    assert_false(leader_kept("G"));
}

/* With TLS: a certificate of one's own must be said, and must be this server's. */
static void test_tls(void **state)
{
    char cert[128], key[128], other[128], https[128], code[BALINT_ID_SIZE];
    (void)state;
    snprintf(cert, sizeof cert, "%s/cert.pem", leader_server.folder);
    snprintf(key, sizeof key, "%s/key.pem", leader_server.folder);
    snprintf(other, sizeof other, "%s/other.pem", leader_server.folder);
    assert_true(balint_self_signed(other, key));
    assert_true(balint_self_signed(cert, key));
    balint_serverproc_stop(&leader_server);
    assert_true(balint_serverproc_start(&leader_server,
                                        (const char *const[]){"--cert", cert, "--key", key, NULL}, NULL));
    leader_group_add("G", code);
    snprintf(https, sizeof https, "https://%s", leader_server.address);
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", https,
                           "--found", code, NULL),
                "not trusted");
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", https,
                           "--found", code, "--ca", other, NULL),
                "not trusted");
    char by_name[64];
    snprintf(by_name, sizeof by_name, "https://localhost:%d",
             leader_server.port); /* the certificate names no localhost */
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", by_name,
                           "--found", code, "--ca", cert, NULL),
                "not trusted");
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server",
                           leader_server.address, "--found", code, NULL),
                "no balint-server");
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server", https,
                           "--found", code, "--ca", key, NULL),
                "holds no certificate");
    assert_false(leader_kept("G"));
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "leader", "--name", "L", "--server",
                                https, "--found", code, "--ca", cert, NULL),
                     0);
    struct balint_link link = leader_parsed(leader_out);
    assert_true(link.tls);
    assert_string_equal(link.server, leader_server.address);
    leader_server.to.tls = true;
    leader_server.to.ca_file = cert;
    leader_opens(leader_out);

    /* By a path from where one stands, without a word of GLib's. */
    char here[4096];
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(leader_server.folder), 0);
    assert_int_equal(
        leader_run("invite", "--group", "G", "--role", "member", "--name", "M", "--ca", "cert.pem", NULL), 0);
    assert_string_equal(leader_err, "");
    leader_said(
        leader_run("invite", "--group", "G", "--role", "member", "--name", "N", "--ca", "key.pem", NULL),
        "holds no certificate");
    assert_int_equal(chdir(here), 0);
}

/* The line breaks while the founding is under way, or what comes is no word on it. ROOT stays, so whatever
 * became of it can be gone on with. */
static void test_cut_off(void **state)
{
    static const struct {
        enum balint_odd odd;
        const char *group, *root, *word;
    } rows[] = {
        {BALINT_ODD_LOSES, "Cut", "Cut/root", "no answer"},
        {BALINT_ODD_SWALLOWS, "Lost", "Lost/root", "no answer"},
        {BALINT_ODD_BUSY, "Busy", "Busy/root", "Not now"},
        {BALINT_ODD_ENDS, "Ends", "Ends/root", "The server ends"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct balint_odd_server odd;
        char code[BALINT_ID_SIZE];
        leader_group_add(rows[i].group, code);
        balint_odd_start(&odd, rows[i].odd, leader_server.port);
        leader_said(leader_run("invite", "--group", rows[i].group, "--role", "leader", "--name", "L",
                               "--server", odd.address, "--found", code, NULL),
                    rows[i].word);
        balint_odd_stop(&odd);
        assert_true(leader_kept(rows[i].root));
        assert_int_equal(leader_run("invite", "--group", rows[i].group, "--role", "leader", "--name", "L",
                                    "--server", leader_server.address, "--found", code, NULL),
                         0);
        leader_opens(leader_out);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_role, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_count_json, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_own_server, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_refused_leaves_nothing, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_wrong_root, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_revoke, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_renew, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_older_list, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_renew_disk_full, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_no_server, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_foreign, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_tls, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_cut_off, leader_begin, leader_end),
    };
    return leader_main(argc, argv, tests, sizeof tests / sizeof *tests);
}
