/* The database and its writer's thread, without a server. */
#include "server/frame/frame.h"
#include "server/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ftw.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

static char data[64], why[BALINT_WHY_SIZE];
static struct balint_store *store;
static const uint8_t code[BALINT_HASH_SIZE] = {1, 2, 3}, root[BALINT_KEY_SIZE] = {4, 5, 6};

static int begin(void **state)
{
    (void)state;
    strcpy(data, "/tmp/balint-store-XXXXXX");
    assert_non_null(mkdtemp(data));
    store = balint_store_open(data, why);
    return store != NULL ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *walk)
{
    (void)about, (void)type, (void)walk;
    return remove(path);
}

static int end(void **state)
{
    (void)state;
    balint_store_close(store);
    return nftw(data, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void ignore(void *context)
{
    (void)context;
}

static struct balint_job *job_of(enum balint_job_kind kind, const char *group)
{
    struct balint_job *job = balint_job_new(kind, group);
    assert_non_null(job);
    return job;
}

static struct balint_job *found_job(const char *group)
{
    struct balint_job *job = job_of(BALINT_JOB_FOUND, group);
    memcpy(job->hash, code, sizeof job->hash);
    memcpy(job->root, root, sizeof job->root);
    return job;
}

static struct balint_job *mint_job(const char *group, uint64_t first_serial, uint8_t mark, int count)
{
    struct balint_job *job = job_of(BALINT_JOB_MINT, group);
    job->invitations = calloc((size_t)count, sizeof *job->invitations);
    assert_non_null(job->invitations);
    job->count = count;
    for (int i = 0; i < count; i++) {
        struct balint_invitation *invitation = &job->invitations[i];
        strcpy(invitation->member, "m");
        invitation->serial = first_serial + (uint64_t)i;
        invitation->until_s = 10;
        invitation->certificate.length = 3;
        memset(invitation->certificate.data, mark, 3);
    }
    return job;
}

static struct balint_job *save_job(const char *group, const char *text)
{
    struct balint_job *job = job_of(BALINT_JOB_SNAPSHOT, group);
    job->text = text != NULL ? strdup(text) : NULL;
    return job;
}

static struct balint_job *revoke_job(const char *group, uint64_t below)
{
    struct balint_job *job = job_of(BALINT_JOB_REVOKE, group);
    strcpy(job->member, "m");
    job->below = below;
    return job;
}

/* Does the jobs and frees them; checks their results and their order. */
static void run(struct balint_job **jobs, const enum balint_written *results, int count)
{
    struct balint_writer *writer = balint_writer_start(data, ignore, NULL, why);
    assert_non_null(writer);
    for (int i = 0; i < count; i++) {
        jobs[i]->conn = (uint64_t)i;
        balint_writer_submit(writer, jobs[i]);
    }
    struct balint_job *done = balint_writer_stop(writer); /* writes what still waits */
    for (int i = 0; i < count; i++) {
        assert_non_null(done);
        assert_int_equal(done->conn, i);
        assert_int_equal(done->result, results[i]);
        struct balint_job *next = done->next;
        balint_job_free(done);
        done = next;
    }
    assert_null(done);
}

static bool has(uint64_t serial, uint8_t mark, bool *revoked)
{
    struct balint_certificate_bytes certificate;
    return balint_store_invitation(store, "G", "m", serial, &certificate, revoked) == BALINT_STORED &&
           certificate.length == 3 && certificate.data[0] == mark;
}

static void a_refused_job_takes_none_with_it(void **state)
{
    (void)state;
    struct balint_store_group group;
    bool revoked;
    char *text;
    assert_true(balint_store_add(store, "G", code, 1, why));
    assert_int_equal(balint_store_group(store, "G", &group), BALINT_STORED);
    assert_false(group.founded);
    struct balint_job *jobs[] = {
        found_job("other"),     found_job("G"),         found_job("G"),
        mint_job("G", 1, 7, 3), mint_job("G", 0, 8, 2), /* serial 1 is taken: 0 is not minted either */
        mint_job("G", 1, 7, 1),                         /* the same again */
        save_job("G", "one"),   save_job("G", "two"),   save_job("other", "x"),
        revoke_job("G", 3),     revoke_job("G", 2), /* a lower one takes nothing back */
        revoke_job("other", 3),
    };
    static const enum balint_written results[] = {
        BALINT_WRITE_REFUSED, BALINT_WRITTEN, BALINT_WRITE_REFUSED, BALINT_WRITTEN,
        BALINT_WRITE_REFUSED, BALINT_WRITTEN, BALINT_WRITTEN,       BALINT_WRITTEN,
        BALINT_WRITE_REFUSED, BALINT_WRITTEN, BALINT_WRITTEN,       BALINT_WRITE_REFUSED,
    };
    run(jobs, results, sizeof jobs / sizeof jobs[0]);
    assert_int_equal(balint_store_group(store, "G", &group), BALINT_STORED);
    assert_true(group.founded);
    assert_memory_equal(group.root, root, sizeof root);
    assert_true(has(1, 7, &revoked) && revoked);
    assert_true(has(2, 7, &revoked) && revoked);
    assert_true(has(3, 7, &revoked) && !revoked);
    assert_false(has(0, 8, &revoked));
    assert_int_equal(balint_store_snapshot(store, "G", &text), BALINT_STORED);
    assert_string_equal(text, "two");
    free(text);
    /* What is minted later below the mark is revoked from the start. */
    struct balint_job *later[] = {mint_job("G", 0, 9, 1), save_job("G", NULL)};
    run(later, (const enum balint_written[]){BALINT_WRITTEN, BALINT_WRITTEN}, 2);
    assert_true(has(0, 9, &revoked) && revoked);
    assert_int_equal(balint_store_snapshot(store, "G", &text), BALINT_NOT_STORED);
}

static void nothing_is_left_of_a_removed_group(void **state)
{
    (void)state;
    bool revoked;
    char *text;
    struct balint_store_group group;
    assert_true(balint_store_add(store, "G", code, 1, why));
    struct balint_job *jobs[] = {found_job("G"), mint_job("G", 1, 7, 2), save_job("G", "one"),
                                 revoke_job("G", 2)};
    static const enum balint_written results[] = {BALINT_WRITTEN, BALINT_WRITTEN, BALINT_WRITTEN,
                                                  BALINT_WRITTEN};
    run(jobs, results, 4);
    int64_t changes = balint_store_changes(store);
    assert_false(balint_store_add(store, "G", code, 1, why)); /* founded */
    struct balint_store *other = balint_store_open(data, why);
    assert_non_null(other);
    assert_true(balint_store_remove(other, "G", why));
    assert_false(balint_store_remove(other, "G", why));
    balint_store_close(other);
    assert_int_not_equal(balint_store_changes(store), changes); /* seen from here */
    assert_int_equal(balint_store_group(store, "G", &group), BALINT_NOT_STORED);
    assert_false(has(1, 7, &revoked));
    assert_int_equal(balint_store_snapshot(store, "G", &text), BALINT_NOT_STORED);
    /* A group of the same name begins with nothing. */
    assert_true(balint_store_add(store, "G", code, 1, why));
    struct balint_job *again[] = {found_job("G"), mint_job("G", 1, 8, 1)};
    run(again, results, 2);
    assert_true(has(1, 8, &revoked) && !revoked);
}

static void count_group(const char *group, bool founded, int invitations, void *context)
{
    char *list = context;
    snprintf(list + strlen(list), 64, "%s %d %d\n", group, founded, invitations);
}

static void groups_are_listed_by_name(void **state)
{
    (void)state;
    char list[256] = "";
    assert_true(balint_store_add(store, "b", code, 1, why));
    assert_true(balint_store_add(store, "a", code, 1, why));
    struct balint_job *jobs[] = {found_job("b"), mint_job("b", 1, 7, 2)};
    run(jobs, (const enum balint_written[]){BALINT_WRITTEN, BALINT_WRITTEN}, 2);
    assert_true(balint_store_list(store, count_group, list, why));
    assert_string_equal(list, "a 0 0\nb 1 2\n");
}

static void a_folder_that_is_none_is_named(void **state)
{
    (void)state;
    assert_null(balint_store_open("/nowhere", why));
    assert_non_null(strstr(why, "/nowhere/balint.db"));
    assert_null(balint_writer_start("/nowhere", ignore, NULL, why));
    balint_store_close(NULL);
    balint_job_free(NULL);
    assert_null(balint_writer_stop(NULL));
}

static struct balint_job *attend_job(const char *group, const char *member, int64_t ms)
{
    struct balint_job *job = job_of(BALINT_JOB_ATTEND, group);
    job->attended = calloc(1, sizeof *job->attended);
    assert_non_null(job->attended);
    job->count = 1;
    strcpy(job->attended->member, member);
    strcpy(job->attended->name, "Name");
    job->attended->counted_us = ms * 1000;
    return job;
}

static void add_up(int64_t began_s, const struct balint_attendant *person, void *context)
{
    (void)began_s;
    snprintf((char *)context + strlen(context), 64, "%s %d\n", person->member,
             (int)(person->counted_us / 1000));
}

/* A total never sinks, whatever is written late or twice; and who was erased meanwhile gets no row again. */
static void attendance_only_rises_and_only_of_who_is_invited(void **state)
{
    (void)state;
    char all[256] = "";
    static const enum balint_written written[] = {BALINT_WRITTEN, BALINT_WRITTEN, BALINT_WRITTEN,
                                                  BALINT_WRITTEN, BALINT_WRITTEN, BALINT_WRITTEN,
                                                  BALINT_WRITTEN};
    assert_true(balint_store_add(store, "G", code, 1, why));
    struct balint_job *jobs[] = {found_job("G"),
                                 mint_job("G", 1, 7, 1),
                                 attend_job("G", "m", 500),
                                 attend_job("G", "m", 900),
                                 attend_job("G", "m", 300),
                                 attend_job("G", "gone", 100),
                                 attend_job("other", "m", 100)};
    run(jobs, written, sizeof jobs / sizeof jobs[0]);
    assert_true(balint_attendance_each(store, "G", NULL, add_up, all, why));
    assert_true(balint_attendance_each(store, "other", NULL, add_up, all, why));
    assert_string_equal(all, "m 900\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_refused_job_takes_none_with_it),
        TEST(nothing_is_left_of_a_removed_group),
        TEST(attendance_only_rises_and_only_of_who_is_invited),
        TEST(groups_are_listed_by_name),
        TEST(a_folder_that_is_none_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
