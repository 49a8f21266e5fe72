/* call_hostile_scan.c - what is in a server's memory, files, log and on its sockets after an evening: no
 * secret.
 *
 * Looked for are the SEEDs of the invitations, the devices' keys, and what stands in sealed reports: minutes
 * and a word. Cleo's name, which the server has to know, is looked for by the same means and has to be found,
 * or the search would prove nothing.
 */
#include "fakes/hostile.h"
#include "fakes/scan.h"
#include "session/ledger.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, PEOPLE };
#define PLANTED "Kleopatra von der Pflanzung"
#define WORD    "das-Wort-das-niemand-sonst-kennt"
#define SAID    "das-leise-Wort-an-Cleo-und-an-die-Leitung"
#define REPORTS 3
#define MINUTES 60 /* bytes of the record that stand for them */

struct secrets {
    uint8_t record[BALINT_TALK_SIZE];
    uint8_t devices[PEOPLE][BALINT_SEED_SIZE];
};

/* Cleo is invited once more, by another name. */
static void rename_cleo(struct balint_circle *circle)
{
    struct balint_test_invitation *cleo = &circle->invitations[CLEO];
    *cleo = (struct balint_test_invitation){.name = PLANTED, .role = BALINT_MEMBER};
    assert_true(balint_test_mint(&circle->server, &circle->group, cleo, 1));
    assert_true(balint_test_link(&circle->server, &circle->group, cleo, circle->links[CLEO]));
}

static void make_secrets(const struct balint_circle *circle, struct secrets *secrets)
{
    assert_true(balint_random(secrets->record, sizeof secrets->record));
    memcpy(secrets->record + MINUTES, WORD, strlen(WORD));
    for (int i = 0; i < PEOPLE; i++)
        assert_int_equal(balint_unbase64(circle->devices[i], strlen(circle->devices[i]), secrets->devices[i],
                                         BALINT_SEED_SIZE),
                         BALINT_SEED_SIZE);
}

/* An answer and a quiet signal, which leave with the reports. */
static void say_words(struct balint_hostile *hostile)
{
    gboolean asked = FALSE;
    g_signal_emit_by_name(hostile->callers[ANN]->call, "say", "answer", CLEO, SAID, &asked);
    assert_true(asked);
    g_signal_emit_by_name(hostile->callers[BEN]->call, "say", "quiet", BALINT_NOBODY, NULL, &asked);
    assert_true(asked);
}

static void on_answered(GstElement *call, int seat, const char *text, gint *heard)
{
    (void)call;
    (void)seat;
    if (strcmp(text, SAID) == 0)
        g_atomic_int_inc(heard);
}

static void report(struct balint_hostile *hostile, const struct secrets *secrets)
{
    GBytes *body = g_bytes_new(secrets->record, sizeof secrets->record);
    for (int i = 0; i < PEOPLE; i++)
        g_signal_emit_by_name(hostile->callers[i]->call, "send-talk", body);
    g_bytes_unref(body);
}

static void expect_none(const struct balint_scan *scan, const char *where, const struct balint_circle *circle,
                        const struct secrets *secrets)
{
    print_message("%s: %zu bytes\n", where, scan->length);
    assert_true(scan->length > 0);
    assert_false(balint_scan_finds(scan, secrets->record, MINUTES));
    assert_false(balint_scan_finds(scan, WORD, strlen(WORD)));
    assert_false(balint_scan_finds(scan, SAID, strlen(SAID)));
    assert_false(balint_scan_finds(scan, circle->group.root.seed, BALINT_SEED_SIZE));
    for (int i = 0; i < PEOPLE; i++) {
        assert_false(balint_scan_finds(scan, circle->invitations[i].seed, BALINT_SEED_SIZE));
        assert_false(balint_scan_finds(scan, circle->invitations[i].key.seed, BALINT_SEED_SIZE));
        assert_false(balint_scan_finds(scan, secrets->devices[i], BALINT_SEED_SIZE));
    }
}

static void scan_sockets(struct balint_hostile *hostile, struct balint_scan *scan)
{
    g_mutex_lock(&hostile->lock);
    scan->length = hostile->carried->len;
    scan->bytes = g_memdup2(hostile->carried->data, scan->length);
    g_mutex_unlock(&hostile->lock);
}

static void wait_for_reports(struct balint_hostile *hostile, int count)
{
    int64_t until = balint_test_ms() + BALINT_CIRCLE_MS;
    while (balint_hostile_seen(hostile, CLEO, BALINT_MSG_REPORT) < count && balint_test_ms() < until)
        balint_hostile_pass(hostile, 10);
    assert_int_equal(balint_hostile_seen(hostile, CLEO, BALINT_MSG_REPORT), count);
}

static void no_secret_is_found(void **state)
{
    struct balint_hostile *hostile = g_new(struct balint_hostile, 1);
    struct balint_circle *circle = &hostile->circle;
    struct balint_scan memory = {0}, files = {0}, log = {0}, sockets = {0};
    struct secrets secrets;
    gint heard = 0;
    (void)state;
    balint_hostile_begin(hostile, PEOPLE, 1, NULL, NULL);
    hostile->carried = g_byte_array_new();
    rename_cleo(circle);
    make_secrets(circle, &secrets);
    balint_hostile_gather(hostile);
    balint_circle_complete(hostile->callers, PEOPLE);
    g_signal_connect(hostile->callers[CLEO]->call, "answered", G_CALLBACK(on_answered), &heard);
    say_words(hostile);
    for (int i = 1; i <= REPORTS; i++) {
        report(hostile, &secrets);
        wait_for_reports(hostile, i);
        /* While the last ones still lie in the server's buffers. */
        assert_true(balint_scan_memory(&memory, circle->server.pid));
    }
    assert_int_equal(g_atomic_int_get(&heard), 1);
    assert_true(balint_scan_folder(&files, circle->server.data));
    assert_true(balint_scan_folder(&log, circle->server.folder));
    scan_sockets(hostile, &sockets);
    assert_true(balint_scan_finds(&memory, PLANTED, strlen(PLANTED)));
    assert_true(balint_scan_finds(&files, PLANTED, strlen(PLANTED)));
    assert_true(balint_scan_finds(&sockets, PLANTED, strlen(PLANTED)));
    assert_true(balint_scan_finds(&log, " seated conn=", 13));
    expect_none(&memory, "memory", circle, &secrets);
    expect_none(&files, "files", circle, &secrets);
    expect_none(&log, "log", circle, &secrets);
    expect_none(&sockets, "sockets", circle, &secrets);
    assert_false(balint_scan_finds(&log, PLANTED, strlen(PLANTED)));
    balint_scan_free(&memory);
    balint_scan_free(&files);
    balint_scan_free(&log);
    g_free(sockets.bytes);
    balint_hostile_end(hostile);
    g_free(hostile);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_secret_is_found)};
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_hostile_scan", tests, NULL, NULL);
}
