/* call_churn.c - people come and go beside a call that goes on: nothing stops, nothing is left over. */
#include "fakes/circle.h"

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CYCLES 100
#define SLACK  3   /* threads of pools, and what they hold */
#define KEPT   100 /* kB of the heap a cycle, at most: caches fill up once; a link holds megabytes */

static int entries(const char *folder)
{
    DIR *dir = opendir(folder);
    int count = 0;
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count - 2;
}

static long resident_kb(void)
{
    char line[128];
    long kb = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kb) == 1)
            break;
    if (file)
        fclose(file);
    return kb;
}

struct level {
    int threads, descriptors;
    long in_use_kb;   /* of the heap: what somebody holds */
    long resident_kb; /* with what the allocator keeps for each thread, which grows for a while */
};

static struct level measure(void)
{
    struct mallinfo2 heap = mallinfo2();
    return (struct level){
        .threads = entries("/proc/self/task"),
        .descriptors = entries("/proc/self/fd"),
        .in_use_kb = (long)((heap.uordblks + heap.hblkhd) / 1024),
        .resident_kb = resident_kb(),
    };
}

/* Links to who has gone are kept for a while, should they come back; then everything is as it was. */
static gboolean level_is_back(struct balint_caller *caller, int unused)
{
    const struct level *before = g_object_get_data(G_OBJECT(caller->pipeline), "level");
    struct level now = measure();
    (void)unused;
    return now.threads <= before->threads + SLACK && now.descriptors <= before->descriptors + SLACK;
}

/* One cycle: comes, sometimes before the last link is up, and leaves as a process does that is ended. */
static void come_and_go(struct balint_circle *circle, struct balint_caller **stay, int cycle)
{
    struct balint_caller *guest = balint_circle_caller(circle, 2, NULL);
    assert_true(balint_caller_until(guest, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    if (cycle % 3 == 0) {
        for (int i = 0; i < 2; i++) {
            assert_true(balint_caller_until(guest, balint_caller_sees, i, BALINT_CIRCLE_MS));
            assert_true(balint_caller_until(stay[i], balint_caller_sees, 2, BALINT_CIRCLE_MS));
        }
        for (int i = 0; i < 2; i++) { /* the first link made is the one that works */
            assert_int_equal(guest->links_lost[i], 0);
            assert_int_equal(balint_caller_generation(stay[i], 2), 1);
        }
    } else if (cycle % 3 == 1) {
        g_usleep((gulong)(cycle * 7 % 50) * 1000); /* in the middle of negotiating, each time elsewhere */
    }
    balint_caller_free(guest);
}

static void a_hundred_cycles(void **state)
{
    struct balint_circle circle;
    struct balint_caller *stay[2];
    struct level before, first = {0}, after;
    (void)state;
    balint_circle_begin(&circle, 3);
    balint_circle_gather(&circle, stay, 2);
    before = measure();
    for (int i = 0; i < 2; i++)
        g_object_set_data(G_OBJECT(stay[i]->pipeline), "level", &before);
    balint_caller_clear(stay[0]);
    balint_caller_clear(stay[1]);
    for (int cycle = 0; cycle < CYCLES; cycle++) {
        come_and_go(&circle, stay, cycle);
        if (cycle == 5)
            first = measure(); /* pools and caches are filled by then */
    }
    for (int i = 1; i >= 0; i--) /* messages on a bus that is not read hold what sent them */
        balint_caller_until(stay[i], level_is_back, 0, i ? 25000 : BALINT_CIRCLE_MS);
    after = measure();
    print_message(
        "threads %d, then %d; descriptors %d, then %d; %ld kB after the first, %ld kB after the last\n",
        before.threads, after.threads, before.descriptors, after.descriptors, first.resident_kb,
        after.resident_kb);
    print_message("%ld kB of the heap in use before, %ld kB after\n", before.in_use_kb, after.in_use_kb);
    assert_true(level_is_back(stay[0], 0));
    assert_true(after.in_use_kb - before.in_use_kb < CYCLES * KEPT);
    for (int i = 0; i < 2; i++) {
        struct balint_caller_ear ear = balint_caller_ear(stay[i], 1 - i);
        print_message("longest time without a buffer of the one who stays: %d ms\n",
                      (int)(ear.longest_us / 1000));
        assert_true(ear.longest_us < 2000000); /* a machine under load */
        assert_int_equal(balint_caller_generation(stay[i], 1 - i), 1);
        assert_int_equal(stay[i]->bus_errors, 0);
    }
    for (int i = 0; i < 2; i++)
        balint_caller_free(stay[i]);
    balint_circle_end(&circle);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_cycles),
    };
    mallopt(M_ARENA_MAX, 2); /* as `balint join` does */
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_churn", tests, NULL, NULL);
}
