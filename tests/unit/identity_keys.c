/* identity_keys.c - the leader's directory: ROOT stays the leader's alone, and nothing is ever half-written.
 */
#include "client/keys.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char home[64], why[BALINT_WHY];

static const char *in_group(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/groups/Gr%%C3%%BC%%C3%%9Fe%%2F7/%s", home, name);
    return path;
}
#define GROUP "Grüße/7"

static bool exists(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

static mode_t mode_of(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_mode & 07777;
}

static int set_up(void **state)
{
    (void)state;
    strcpy(home, "/tmp/balint-keys-XXXXXX");
    assert_non_null(mkdtemp(home));
    setenv("BALINT_HOME", home, 1);
    umask(0); /* modes are the program's own doing */
    return 0;
}

static int tear_down(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", home);
    return system(command);
}

static void add(struct balint_keys *keys, const char *member, const char *name)
{
    struct balint_issued issued = {.role = BALINT_MEMBER, .serial = 1, .from_s = 10, .until_s = 20};
    strcpy(issued.member, member);
    strcpy(issued.name, name);
    assert_true(balint_keys_add(keys, &issued));
}

/* Makes a group with ROOT and two people; returns ROOT. */
static struct balint_key make_group(void)
{
    struct balint_keys keys;
    if (!balint_keys_open(&keys, GROUP, true, why))
        fail_msg("%s", why);
    struct balint_key root = keys.root;
    strcpy(keys.server, "https://balint.example.org");
    add(&keys, "one", "Anna");
    add(&keys, "two", "Zoë");
    assert_true(balint_keys_save(&keys, why));
    balint_keys_close(&keys);
    return root;
}

static void test_kept(void **state)
{
    struct balint_keys keys;
    (void)state;
    struct balint_key root = make_group();
    assert_int_equal(mode_of(in_group("root")), 0600);
    assert_int_equal(mode_of(in_group("group.json")), 0600);
    assert_int_equal(mode_of(in_group(".")), 0700);
    assert_false(exists(in_group(".new")));
    assert_true(balint_keys_open(&keys, GROUP, false, why));
    assert_false(keys.made);
    assert_memory_equal(&keys.root, &root, sizeof root);
    assert_string_equal(keys.server, "https://balint.example.org");
    assert_int_equal(keys.count, 2);
    assert_string_equal(keys.issued[1].member, "two");
    assert_string_equal(keys.issued[1].name, "Zoë");
    assert_int_equal(keys.issued[1].role, BALINT_MEMBER);
    assert_false(keys.issued[1].revoked);
    keys.issued[1].revoked = true;
    for (int i = 0; i < 100; i++)
        add(&keys, "more", "More");
    assert_true(balint_keys_save(&keys, why));
    balint_keys_close(&keys);
    assert_true(balint_keys_open(&keys, GROUP, true, why));
    assert_false(keys.made); /* ROOT is never made anew over an old one */
    assert_int_equal(keys.count, 102);
    assert_true(keys.issued[1].revoked);
    balint_keys_close(&keys);
}

static void test_nothing_made(void **state)
{
    struct balint_keys keys;
    (void)state;
    assert_false(balint_keys_open(&keys, GROUP, false, why));
    assert_non_null(strstr(why, "not founded from this machine"));
    assert_false(exists(in_group(".")));
    assert_true(balint_keys_open(&keys, GROUP, true, why));
    assert_true(keys.made);
    assert_true(exists(in_group("root"))); /* before a server hears of it */
    balint_keys_forget(&keys);
    balint_keys_close(&keys);
    assert_false(exists(in_group(".")));
    make_group();
    assert_true(balint_keys_open(&keys, GROUP, true, why));
    balint_keys_forget(&keys); /* takes back only what it made itself */
    balint_keys_close(&keys);
    assert_true(exists(in_group("root")));
}

static void refused(const char *word)
{
    struct balint_keys keys;
    why[0] = '\0';
    assert_false(balint_keys_open(&keys, GROUP, true, why));
    if (strstr(why, word) == NULL)
        fail_msg("said \"%s\"", why);
    assert_null(strchr(why, '\n'));
    assert_true(exists(in_group("root"))); /* and nothing was made anew */
}

static void test_wide_modes(void **state)
{
    static const mode_t wide[] = {0640, 0604, 0620, 0602, 0610, 0601, 0644, 0666, 0777};
    struct balint_keys keys;
    (void)state;
    make_group();
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        assert_int_equal(chmod(in_group("root"), wide[i]), 0);
        refused("chmod 600");
    }
    assert_int_equal(chmod(in_group("root"), 0400), 0);
    assert_true(balint_keys_open(&keys, GROUP, false, why));
    balint_keys_close(&keys);
    assert_int_equal(chmod(in_group("group.json"), 0644), 0);
    refused("chmod 600");
    assert_int_equal(chmod(in_group("group.json"), 0600), 0);
    assert_int_equal(chmod(in_group("."), 0770), 0);
    refused("chmod 700");
    assert_int_equal(chmod(in_group("."), 0700), 0);
    assert_int_equal(chmod(home, 0777), 0);
    refused("chmod 700");
    assert_int_equal(chmod(home, 0755), 0);
    assert_true(balint_keys_open(&keys, GROUP, false, why));
    balint_keys_close(&keys);
}

static void put(const char *path, const char *text, size_t length)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, length, out), length);
    assert_int_equal(fclose(out), 0);
}

static void test_damaged(void **state)
{
    char good[64] = "";
    (void)state;
    make_group();
    FILE *in = fopen(in_group("root"), "r");
    assert_non_null(in);
    assert_int_equal(fread(good, 1, sizeof good, in), 44);
    fclose(in);
    for (size_t length = 0; length < 44; length++) {
        put(in_group("root"), good, length);
        refused("damaged");
    }
    strcat(good, "x");
    put(in_group("root"), good, 45);
    refused("damaged");
    good[0] = '*';
    put(in_group("root"), good, 44);
    refused("damaged");
    unlink(in_group("root"));
    assert_int_equal(symlink("/dev/null", in_group("root")), 0);
    refused("cannot be read");
    unlink(in_group("root"));
    assert_int_equal(mkdir(in_group("root"), 0700), 0);
    refused("not a file");
}

static void test_damaged_list(void **state)
{
    static const char *const lists[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"server\": \"h\"}",
        "{\"server\": 1, \"people\": []}",
        "{\"server\": \"h\", \"people\": {}}",
        "{\"server\": \"h\", \"people\": [1]}",
        "{\"server\": \"h\", \"people\": [{\"member\": \"m\"}]}",
        "{\"server\": \"h\", \"people\": [{\"member\": \"M\", \"name\": \"n\", \"role\": \"member\", "
        "\"serial\": 1, "
        "\"from\": 1, \"until\": 2}]}",
        "{\"server\": \"h\", \"people\": [{\"member\": \"m\", \"name\": \"n\\n\", \"role\": \"member\", "
        "\"serial\": 1, "
        "\"from\": 1, \"until\": 2}]}",
        "{\"server\": \"h\", \"people\": [{\"member\": \"m\", \"name\": \"n\", \"role\": \"host\", "
        "\"serial\": 1, "
        "\"from\": 1, \"until\": 2}]}",
        "{\"server\": \"h\", \"people\": [{\"member\": \"m\", \"name\": \"n\", \"role\": \"member\", "
        "\"serial\": 0, "
        "\"from\": 1, \"until\": 2}]}",
    };
    (void)state;
    make_group();
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        put(in_group("group.json"), lists[i], strlen(lists[i]));
        refused("damaged");
    }
}

/* A full disk leaves the old list. */
static void test_not_written(void **state)
{
    struct balint_keys keys;
    (void)state;
    make_group();
    assert_true(balint_keys_open(&keys, GROUP, false, why));
    add(&keys, "three", "Ben");
    assert_int_equal(mkdir(in_group(".new"), 0700), 0);
    assert_false(balint_keys_save(&keys, why));
    assert_non_null(strstr(why, "cannot be written"));
    balint_keys_close(&keys);
    rmdir(in_group(".new"));
    assert_true(balint_keys_open(&keys, GROUP, false, why));
    assert_int_equal(keys.count, 2);
    balint_keys_close(&keys);
}

/* While one run has the folder, nobody else gets its lock; afterwards they do. */
static void test_lock(void **state)
{
    struct balint_keys keys;
    char groups[128];
    (void)state;
    make_group();
    snprintf(groups, sizeof groups, "%s/groups", home);
    int other = open(groups, O_RDONLY | O_DIRECTORY);
    assert_true(other >= 0);
    assert_true(balint_keys_open(&keys, GROUP, false, why));
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
    balint_keys_close(&keys);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    close(other);
}

static void test_places(void **state)
{
    struct balint_keys keys;
    char path[128];
    (void)state;
    unsetenv("BALINT_HOME");
    setenv("XDG_DATA_HOME", home, 1);
    assert_true(balint_keys_open(&keys, "G", true, why));
    balint_keys_close(&keys);
    snprintf(path, sizeof path, "%s/balint/groups/G/root", home);
    assert_true(exists(path));
    unsetenv("XDG_DATA_HOME");
    setenv("HOME", home, 1);
    assert_true(balint_keys_open(&keys, "G", true, why));
    balint_keys_close(&keys);
    snprintf(path, sizeof path, "%s/.local/share/balint/groups/G/root", home);
    assert_true(exists(path));
    unsetenv("HOME");
    assert_false(balint_keys_open(&keys, "G", true, why));
    assert_non_null(strstr(why, "BALINT_HOME"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_wide_modes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damaged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damaged_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lock, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_places, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
