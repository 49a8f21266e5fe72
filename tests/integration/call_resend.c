/* call_resend.c - a leader's program is killed in the discussion and started again: it asks the others when
 * they spoke, and knows the last ten minutes as well as the leader who stayed.
 *
 * Everybody is a process of their own that reports as `balint join` does (client/reporter.h); what they say
 * is invented, a short span in every second, so that a record's ten spans do not reach back far.
 */
#include "client/reporter.h"
#include "fakes/callerproc.h"
#include "protocol/messages.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, DORA, PEOPLE };                                   /* Ann and Ben lead */
enum { CHECK_IN = 1, DISCUSSION = 5 };                                   /* of the format classic */
static const char *const names[PEOPLE] = {"Ann", "Ben", "Cleo", "Dora"}; /* as the circle calls them */
#define SPAN_MS   400
#define BEFORE_MS 18000 /* of discussion, before the kill */

/* ---- inside a process */

struct talker {
    struct balint_caller *caller;
    struct balint_reporter *reporter;
    struct balint_clock clock;
    bool hushed;
    int64_t talk_us[BALINT_SEATS], longest_us; /* between two talk records of one person */
};

/* What the call tells on its own thread, for the main one. */
struct telling {
    struct talker *talker;
    char *text;
    GBytes *body;
    int seat, kind;
    guint epoch;
};
enum { STATE, TALK, LEDGER, SPANS };

static void free_telling(gpointer data)
{
    struct telling *telling = data;
    g_free(telling->text);
    g_clear_pointer(&telling->body, g_bytes_unref);
    g_free(telling);
}

static void take_state(struct talker *talker, const char *text)
{
    static struct balint_message message;
    struct balint_error error;
    int64_t now_us = g_get_monotonic_time();
    if (!balint_decode(text, strlen(text), BALINT_TO_CLIENT, &message, &error))
        return;
    balint_clock_note(&talker->clock, message.state.clock_ms, now_us);
    balint_reporter_state(talker->reporter, &message.state);
    balint_reporter_microphone(talker->reporter, message.state.admitted, now_us);
}

static void take_talk(struct talker *talker, const struct telling *telling)
{
    int64_t now_us = g_get_monotonic_time(), *last_us = &talker->talk_us[telling->text[0] % BALINT_SEATS];
    if (*last_us > 0 && now_us - *last_us > talker->longest_us)
        talker->longest_us = now_us - *last_us;
    *last_us = now_us;
    balint_reporter_take(talker->reporter, telling->text, telling->epoch, telling->body);
}

static gboolean on_telling(gpointer data)
{
    struct telling *telling = data;
    struct talker *talker = telling->talker;
    switch (telling->kind) {
    case STATE:
        take_state(talker, telling->text);
        break;
    case TALK:
        take_talk(talker, telling);
        break;
    case LEDGER:
        balint_reporter_take_ledger(talker->reporter, telling->body);
        break;
    default:
        balint_reporter_take_spans(talker->reporter, telling->seat, telling->body);
        break;
    }
    return G_SOURCE_REMOVE;
}

static void post(struct talker *talker, int kind, const char *text, guint epoch, int seat, GBytes *body)
{
    struct telling *telling = g_new0(struct telling, 1);
    *telling = (struct telling){talker, g_strdup(text), body ? g_bytes_ref(body) : NULL, seat, kind, epoch};
    g_idle_add_full(G_PRIORITY_DEFAULT, on_telling, telling, free_telling);
}

static void on_state(GstElement *call, const char *text, struct talker *talker)
{
    (void)call;
    post(talker, STATE, text, 0, 0, NULL);
}

static void on_talk(GstElement *call, const char *member, guint epoch, GBytes *body, struct talker *talker)
{
    (void)call;
    post(talker, TALK, member, epoch, 0, body);
}

static void on_ledger(GstElement *call, GBytes *piece, struct talker *talker)
{
    (void)call;
    post(talker, LEDGER, NULL, 0, 0, piece);
}

static void on_spans(GstElement *call, int seat, GBytes *body, struct talker *talker)
{
    (void)call;
    post(talker, SPANS, NULL, 0, seat, body);
}

static gboolean on_second(gpointer data)
{
    struct talker *talker = data;
    int64_t base_us = g_get_monotonic_time() - 800000;
    GstStructure *span = gst_structure_new("balint-voice-span", "start-ns", G_TYPE_UINT64, (guint64)0,
                                           "end-ns", G_TYPE_UINT64, (guint64)SPAN_MS * 1000000, NULL);
    if (!talker->hushed)
        balint_reporter_voice(talker->reporter, span, base_us);
    gst_structure_free(span);
    return G_SOURCE_CONTINUE;
}

static void print_balance(struct talker *talker)
{
    struct balint_balance balance;
    if (!balint_reporter_balance(talker->reporter, &balance))
        return;
    printf("lacks %d\n", (int)balint_reporter_lacks_ms(talker->reporter));
    printf("longest %d\n", (int)(talker->longest_us / 1000));
    for (int i = 0; i < balance.member_count + balance.leader_count; i++)
        printf("recent %s %d\n", balance.rows[i].name, (int)balance.rows[i].recent_ms);
    printf("end\n");
}

static gboolean on_command(GIOChannel *channel, GIOCondition condition, gpointer data)
{
    struct talker *talker = data;
    char line[128], name[33];
    int seat, value;
    (void)channel;
    (void)condition;
    if (!fgets(line, sizeof line, stdin))
        exit(0); /* the test is gone */
    if (strcmp(line, "admit everyone\n") == 0)
        g_object_set(talker->caller->call, "admit-everyone", TRUE, NULL);
    if (strcmp(line, "hush\n") == 0)
        talker->hushed = true;
    if (strcmp(line, "balance\n") == 0)
        print_balance(talker);
    if (sscanf(line, "act %32s %d %d", name, &seat, &value) == 3)
        balint_caller_act(talker->caller, name, seat, value);
    fflush(stdout);
    return G_SOURCE_CONTINUE;
}

static void on_ready(GstElement *call, int seat, gpointer unused)
{
    (void)call;
    (void)unused;
    printf("ready %d\n", seat);
    fflush(stdout);
}

static void talk(int argc, char **argv)
{
    static struct talker talker;
    char link[BALINT_LINK_SIZE], device[64];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setvbuf(stdin, NULL, _IONBF, 0);
    balint_caller_setup(&argc, &argv);
    if (scanf("%767s %63s%*c", link, device) != 2)
        exit(2);
    talker.caller = balint_caller_new(link, NULL, 440, device);
    GstElement *call = talker.caller->call;
    talker.reporter = balint_reporter_new(call, &talker.clock);
    g_signal_connect(call, "ready", G_CALLBACK(on_ready), NULL);
    g_signal_connect(call, "state-changed", G_CALLBACK(on_state), &talker);
    g_signal_connect(call, "talk", G_CALLBACK(on_talk), &talker);
    g_signal_connect(call, "ledger", G_CALLBACK(on_ledger), &talker);
    g_signal_connect(call, "spans", G_CALLBACK(on_spans), &talker);
    g_timeout_add(1000, on_second, &talker);
    g_io_add_watch(g_io_channel_unix_new(0), G_IO_IN | G_IO_HUP, on_command, &talker);
    balint_caller_start(talker.caller);
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}

/* ---- the test */

struct figures {
    int lacks_ms, longest_ms, recent_ms[PEOPLE];
};

static void start(struct balint_callerproc *process, struct balint_circle *circle, int i, int seat)
{
    char line[32];
    balint_callerproc_start(process, circle, i);
    if (i <= BEN)
        balint_callerproc_tell(process, "admit everyone");
    snprintf(line, sizeof line, "ready %d", seat);
    assert_true(balint_callerproc_wait(process, line, BALINT_CIRCLE_MS));
}

static void ask(struct balint_callerproc *process, struct figures *figures)
{
    char name[65];
    int value;
    memset(figures, 0, sizeof *figures);
    process->length = 0;
    balint_callerproc_tell(process, "balance");
    /* The line "end" is taken out; what stands before it stays. */
    assert_true(balint_callerproc_wait(process, "end", BALINT_CIRCLE_MS));
    process->text[process->length] = '\0';
    for (char *at = process->text; at && *at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
        sscanf(at, "lacks %d", &figures->lacks_ms);
        sscanf(at, "longest %d", &figures->longest_ms);
        if (sscanf(at, "recent %64s %d", name, &value) != 2)
            continue;
        for (int i = 0; i < PEOPLE; i++)
            if (strcmp(name, names[i]) == 0)
                figures->recent_ms[i] = value;
    }
}

/* The greatest difference between what two leaders know of the last ten minutes of anybody. */
static int apart_ms(const struct figures *one, const struct figures *two)
{
    int most = 0;
    for (int i = 0; i < PEOPLE; i++) {
        int by = abs(one->recent_ms[i] - two->recent_ms[i]);
        most = by > most ? by : most;
    }
    return most;
}

static void pass_ms(int ms)
{
    g_usleep((gulong)ms * 1000);
}

static void a_leader_killed_and_back_knows_the_last_ten_minutes(void **state)
{
    static struct balint_circle circle;
    static struct balint_callerproc people[PEOPLE];
    struct figures stayed, back;
    char line[32];
    (void)state;
    balint_circle_begin_led(&circle, PEOPLE, 2);
    for (int i = 0; i < PEOPLE; i++)
        start(&people[i], &circle, i, i);
    for (int phase = CHECK_IN; phase <= DISCUSSION; phase++) {
        snprintf(line, sizeof line, "act phase -1 %d", phase);
        balint_callerproc_tell(&people[ANN], line);
    }
    pass_ms(BEFORE_MS);
    balint_callerproc_end(&people[BEN]); /* -9 */
    start(&people[BEN], &circle, BEN, BEN);
    /* First what she has not been told is lacking, then it is there. */
    int most_ms = 0, waited_ms = 0;
    do {
        pass_ms(500);
        waited_ms += 500;
        ask(&people[BEN], &back);
        most_ms = back.lacks_ms > most_ms ? back.lacks_ms : most_ms;
    } while ((most_ms == 0 || back.lacks_ms > 0) && waited_ms < BALINT_CIRCLE_MS);
    print_message("lacked %d ms, after %d ms %d\n", most_ms, waited_ms, back.lacks_ms);
    assert_true(most_ms > 3 * BALINT_SLOT_MS);
    assert_int_equal(back.lacks_ms, 0);
    for (int i = 0; i < PEOPLE; i++)
        balint_callerproc_tell(&people[i], "hush");
    /* Of Ben's own process that was killed, Ann's program tells. */
    do {
        pass_ms(500);
        waited_ms += 500;
        ask(&people[ANN], &stayed);
        ask(&people[BEN], &back);
    } while (apart_ms(&stayed, &back) > BALINT_SLOT_MS && waited_ms < 2 * BALINT_CIRCLE_MS);
    for (int i = 0; i < PEOPLE; i++) {
        print_message("%s: %d ms as Ann knows, %d as Ben, after %d ms\n", names[i], stayed.recent_ms[i],
                      back.recent_ms[i], waited_ms);
        assert_true(stayed.recent_ms[i] > BEFORE_MS / 1000 * SPAN_MS * 3 / 4);
    }
    assert_in_range(apart_ms(&stayed, &back), 0, BALINT_SLOT_MS);
    /* Totals still came at least in every second slot. */
    print_message("longest time between two records of one person: %d ms\n", back.longest_ms);
    assert_in_range(back.longest_ms, BALINT_SLOT_MS / 2, 2 * BALINT_SLOT_MS + 900);
    for (int i = 0; i < PEOPLE; i++)
        balint_callerproc_end(&people[i]);
    balint_circle_end(&circle);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leader_killed_and_back_knows_the_last_ten_minutes),
    };
    if (argc > 1 && strcmp(argv[1], "--caller") == 0)
        talk(argc, argv);
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_resend", tests, NULL, NULL);
}
