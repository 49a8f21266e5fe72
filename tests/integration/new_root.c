/* new_root.c - `balint invite --new-root` as a process against a real balint-server: the old key counts until
 * the new one does, is kept aside, and a run that was cut off can be done again. */
#include "fakes/people.h"
#include "integration/leader.h"
#include "integration/odd_server.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static int new_root(const char *code)
{
    return leader_run("invite", "--group", "G", "--role", "leader", "--name", "Lea", "--new-root", "--found",
                      code, NULL);
}

static int invite_ben(void)
{
    return leader_run("invite", "--group", "G", "--role", "member", "--name", "Ben", NULL);
}

static const char *answer_to(const char *text)
{
    static struct balint_message answer;
    struct balint_link link = leader_parsed(text);
    leader_knock(&link, &answer);
    return answer.type == BALINT_MSG_ERROR ? answer.error.code : "";
}

/* How many old keys are kept; each readable by its owner alone. */
static size_t kept_keys(void)
{
    char pattern[256];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%s/groups/G/root.until-*", leader_home);
    if (glob(pattern, 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct stat info;
        assert_int_equal(stat(found.gl_pathv[i], &info), 0);
        assert_int_equal(info.st_mode & 07777, 0600);
    }
    size_t count = found.gl_pathc;
    globfree(&found);
    return count;
}

static void test_new_root(void **state)
{
    char code[BALINT_ID_SIZE], old[BALINT_LINK_SIZE + 1];
    (void)state;
    leader_founds("G");
    memcpy(old, leader_out, sizeof old - 1);
    old[sizeof old - 1] = '\0';
    leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "Lea", "--new-root", NULL),
                "group renew");
    leader_said(leader_run("invite", "--group", "G", "--role", "member", "--name", "Lea", "--new-root",
                           "--found", "x", NULL),
                "--role leader");
    leader_said(new_root("a-guess"), "code does not fit");
    assert_false(leader_kept("G/root.new"));
    assert_int_equal(kept_keys(), 0);
    assert_int_equal(invite_ben(), 0); /* the key of before is in force */
    leader_opens(leader_out);
    assert_string_equal(answer_to(old), "");

    assert_true(balint_test_code(&leader_server, "renew", "G", code));
    if (new_root(code) != 0)
        fail_msg("%s", leader_err);
    assert_non_null(strstr(leader_err, "make new links for everybody"));
    assert_non_null(strstr(leader_err, "root.until-"));
    leader_opens(leader_out);
    assert_string_equal(answer_to(old), "wrong-link");
    assert_memory_not_equal(leader_parsed(leader_out).root, leader_parsed(old).root, BALINT_KEY_SIZE);
    assert_int_equal(kept_keys(), 1);
    assert_false(leader_kept("G/root.new"));
    assert_int_equal(invite_ben(), 0); /* by the new one, without more words */
    leader_opens(leader_out);
    leader_said(new_root(code), "code does not fit"); /* it was good once */
    assert_int_equal(invite_ben(), 0);
}

/* Puts the group's next ROOT where a run that was cut off left it. */
static void leave_new(const struct balint_key *root)
{
    char path[256], seed[BALINT_BASE64_SIZE(BALINT_SEED_SIZE) + 1];
    balint_base64(root->seed, BALINT_SEED_SIZE, seed);
    strcat(seed, "\n");
    snprintf(path, sizeof path, "%s/groups/G/root.new", leader_home);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(fputs(seed, file) >= 0, 1);
    assert_int_equal(fclose(file), 0);
}

/* A group whose next key the server took, and the answer was lost. */
static void taken_without_an_answer(struct balint_test_group *group, char code[BALINT_ID_SIZE])
{
    leader_founds(group->name);
    assert_true(balint_test_code(&leader_server, "renew", group->name, code));
    assert_true(balint_key_make(&group->root));
    assert_true(balint_test_register(&leader_server, group, code));
    leave_new(&group->root);
}

static void test_cut_off(void **state)
{
    char code[BALINT_ID_SIZE];
    struct balint_test_group group = {.name = "G"};
    (void)state;
    taken_without_an_answer(&group, code);
    assert_int_not_equal(invite_ben(), 0); /* the old one is nobody's any more */
    if (new_root(code) != 0)
        fail_msg("%s", leader_err);
    assert_memory_equal(leader_parsed(leader_out).root, group.root.public_half, BALINT_KEY_SIZE);
    leader_opens(leader_out);
    assert_int_equal(kept_keys(), 1);
    assert_int_equal(invite_ben(), 0);
    leader_opens(leader_out);
}

/* The server took the key, but what came was no word on it: "not now", a goodbye, no answer. The key stays,
 * and the same command goes on with it, also when it is cut off once more. */
static void test_no_word(void **state)
{
    static const enum balint_odd odds[] = {BALINT_ODD_BUSY, BALINT_ODD_ENDS, BALINT_ODD_SWALLOWS};
    static const enum balint_odd again[] = {BALINT_ODD_BUSY, BALINT_ODD_ENDS_2ND};
    (void)state;
    leader_founds("G");
    for (size_t i = 0; i < sizeof odds / sizeof *odds; i++) {
        char code[BALINT_ID_SIZE];
        assert_true(balint_test_code(&leader_server, "renew", "G", code));
        for (size_t j = 0; j < 1 + sizeof again / sizeof *again; j++) {
            struct balint_odd_server odd;
            balint_odd_start(&odd, j == 0 ? odds[i] : again[j - 1], leader_server.port);
            leader_said(leader_run("invite", "--group", "G", "--role", "leader", "--name", "Lea",
                                   "--new-root", "--found", code, "--server", odd.address, NULL),
                        "same command again");
            balint_odd_stop(&odd);
            assert_true(leader_kept("G/root.new"));
            assert_int_equal(kept_keys() > 0, i > 0);
        }
        assert_int_equal(leader_run("invite", "--group", "G", "--role", "leader", "--name", "Lea",
                                    "--new-root", "--found", code, "--server", leader_server.address, NULL),
                         0);
        leader_opens(leader_out);
        assert_false(leader_kept("G/root.new"));
        assert_true(kept_keys() > 0); /* perhaps all of one second */
        assert_int_equal(invite_ben(), 0);
    }
}

/* The server has the key, and this machine's disk takes no list of the people: the old key stays in its place
 * until it does, and the same command once more puts the new one there. */
static void test_own_disk(void **state)
{
    char code[BALINT_ID_SIZE], path[256];
    struct balint_test_group group = {.name = "G"};
    (void)state;
    taken_without_an_answer(&group, code);
    snprintf(path, sizeof path, "%s/groups/G/.new", leader_home); /* where files are written first */
    assert_int_equal(mkdir(path, 0700), 0);
    leader_said(new_root(code), "same command again");
    assert_true(leader_kept("G/root.new"));
    assert_int_equal(kept_keys(), 0);
    assert_int_equal(rmdir(path), 0);
    if (new_root(code) != 0)
        fail_msg("%s", leader_err);
    leader_opens(leader_out);
    assert_memory_equal(leader_parsed(leader_out).root, group.root.public_half, BALINT_KEY_SIZE);
    assert_int_equal(invite_ben(), 0);
}

/* The machine with the key is gone: a new one, with the operator's code. */
static void test_lost(void **state)
{
    char code[BALINT_ID_SIZE], path[256];
    (void)state;
    leader_founds("G");
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/groups/G/%s", leader_home, i == 0 ? "root" : "group.json");
        assert_int_equal(unlink(path), 0);
    }
    assert_true(balint_test_code(&leader_server, "renew", "G", code));
    assert_int_equal(leader_run("invite", "--group", "G", "--role", "leader", "--name", "Lea", "--new-root",
                                "--found", code, "--server", leader_server.address, NULL),
                     0);
    assert_null(strstr(leader_err, "root.until-"));
    leader_opens(leader_out);
    assert_int_equal(kept_keys(), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_new_root, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_cut_off, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_no_word, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_own_disk, leader_begin, leader_end),
        cmocka_unit_test_setup_teardown(test_lost, leader_begin, leader_end),
    };
    return leader_main(argc, argv, tests, sizeof tests / sizeof *tests);
}
