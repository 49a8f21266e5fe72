/* call_hostile_words.c - words in sealed envelopes, over a server that looks at all of it: who they are for
 * hears them, nobody else does, and what the server saw is the same with them and without.
 *
 * Ann and Ben lead, Cleo and Dora are members. The test's own clock makes the slots, quicker than real ones.
 */
#include "fakes/hostile.h"
#include "protocol/word.h"
#include "session/ledger.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, DORA, PEOPLE };
#define SLOT_PASS_MS 150
#define SEEN         512
#define ANSWER       "Ich achte darauf, dass wir weitergehen."
#define LINE_WORD    "Machen wir nach Cleo weiter?"
#define LAST_WORD    "Wir sprechen morgen am Telefon."

/* What one person's program told. */
struct told {
    int quiet[BALINT_SEATS], unquiet[BALINT_SEATS]; /* quiet-changed, by seat */
    int own;                                        /* quiet-told */
    int answers, lines, reached, talks;
    char answer[BALINT_WORD_TEXT], line[BALINT_WORD_TEXT];
    bool answered_when_closed;
};

struct sight {
    enum balint_type type;
    size_t size;
    int to;
};

struct world {
    struct balint_hostile hostile;
    struct told told[PEOPLE]; /* under the lock */
    bool kept;                /* sights are */
    struct sight sights[PEOPLE][SEEN];
    int counts[PEOPLE];
};

/* Signals know their person by this. */
struct who {
    struct world *world;
    int who;
};

static enum balint_lie look(struct balint_hostile *hostile, int who, bool from_client,
                            struct balint_message *message)
{
    struct world *world = hostile->user;
    size_t size = 0;
    if (!from_client || !world->kept || world->counts[who] == SEEN || message->type == BALINT_MSG_PING)
        return BALINT_PASS;
    free(balint_encode(message, BALINT_TO_SERVER, &size));
    world->sights[who][world->counts[who]++] = (struct sight){
        message->type, size, message->type == BALINT_MSG_REPORT ? message->report.seat : BALINT_NOBODY};
    return BALINT_PASS;
}

static struct told *lock(struct who *who)
{
    g_mutex_lock(&who->world->hostile.lock);
    return &who->world->told[who->who];
}

static void unlock(struct who *who)
{
    g_mutex_unlock(&who->world->hostile.lock);
}

static void on_quiet(GstElement *call, int seat, gboolean on, struct who *who)
{
    struct told *told = lock(who);
    (void)call;
    ++*(on ? &told->quiet[seat] : &told->unquiet[seat]);
    unlock(who);
}

static void on_quiet_told(GstElement *call, int state, struct who *who)
{
    (void)call;
    lock(who)->own = state;
    unlock(who);
}

static void on_answered(GstElement *call, int seat, const char *text, struct who *who)
{
    struct told *told = lock(who);
    (void)call;
    (void)seat;
    told->answers++;
    g_strlcpy(told->answer, text, sizeof told->answer);
    unlock(who);
}

static void on_line(GstElement *call, int seat, const char *text, struct who *who)
{
    struct told *told = lock(who);
    (void)call;
    (void)seat;
    told->lines++;
    g_strlcpy(told->line, text, sizeof told->line);
    unlock(who);
}

static void on_word_told(GstElement *call, int seat, gboolean reached, struct who *who)
{
    (void)call;
    (void)seat;
    lock(who)->reached += reached;
    unlock(who);
}

static void on_talk(GstElement *call, const char *member, guint epoch, GBytes *body, struct who *who)
{
    struct told *told = lock(who);
    (void)call;
    (void)epoch;
    (void)body;
    told->talks += strcmp(member, who->world->hostile.circle.invitations[BEN].member) == 0;
    unlock(who);
}

static void on_closed(GstElement *call, const char *code, const char *text, struct who *who)
{
    struct told *told = lock(who);
    (void)call;
    (void)code;
    (void)text;
    told->answered_when_closed = told->answers > 0;
    unlock(who);
}

static struct world *begin(void)
{
    struct world *world = g_new0(struct world, 1);
    static struct who whos[PEOPLE];
    balint_hostile_begin(&world->hostile, PEOPLE, 2, look, world);
    balint_hostile_gather(&world->hostile);
    balint_circle_complete(world->hostile.callers, PEOPLE);
    for (int i = 0; i < PEOPLE; i++) {
        GstElement *call = world->hostile.callers[i]->call;
        whos[i] = (struct who){world, i};
        g_signal_connect(call, "quiet-changed", G_CALLBACK(on_quiet), &whos[i]);
        g_signal_connect(call, "quiet-told", G_CALLBACK(on_quiet_told), &whos[i]);
        g_signal_connect(call, "answered", G_CALLBACK(on_answered), &whos[i]);
        g_signal_connect(call, "line-word", G_CALLBACK(on_line), &whos[i]);
        g_signal_connect(call, "word-told", G_CALLBACK(on_word_told), &whos[i]);
        g_signal_connect(call, "talk", G_CALLBACK(on_talk), &whos[i]);
        g_signal_connect(call, "closed", G_CALLBACK(on_closed), &whos[i]);
    }
    return world;
}

static void end(struct world *world)
{
    assert_int_equal(world->hostile.unreadable, 0);
    balint_hostile_end(&world->hostile);
    g_free(world);
}

static void say(struct world *world, int who, const char *name, int seat, const char *text)
{
    gboolean asked = FALSE;
    g_signal_emit_by_name(world->hostile.callers[who]->call, "say", name, seat, text, &asked);
    assert_true(asked);
}

/* Everybody's slot. */
static void pass_slot(struct world *world)
{
    static const uint8_t record[BALINT_TALK_SIZE] = {1};
    GBytes *body = g_bytes_new(record, sizeof record);
    for (int i = 0; i < PEOPLE; i++)
        g_signal_emit_by_name(world->hostile.callers[i]->call, "send-talk", body);
    g_bytes_unref(body);
    balint_hostile_pass(&world->hostile, SLOT_PASS_MS);
}

static void pass_slots(struct world *world, int slots)
{
    for (int i = 0; i < slots; i++)
        pass_slot(world);
}

static struct told told_of(struct world *world, int who)
{
    g_mutex_lock(&world->hostile.lock);
    struct told told = world->told[who];
    g_mutex_unlock(&world->hostile.lock);
    return told;
}

/* Slots go by until it is so, on a busy machine as well. */
static bool until(struct world *world, bool (*is)(struct world *world))
{
    for (int slots = 0; slots < 60 && !is(world); slots++)
        pass_slot(world);
    return is(world);
}

static bool leaders_know(struct world *world)
{
    return told_of(world, ANN).quiet[CLEO] == 1 && told_of(world, BEN).quiet[CLEO] == 1 &&
           told_of(world, CLEO).own == 2; /* and she knows that they do */
}

static bool all_is_said(struct world *world)
{
    return told_of(world, CLEO).answers == 1 && told_of(world, ANN).lines == 1 &&
           told_of(world, ANN).reached == 1 && told_of(world, ANN).unquiet[CLEO] == 1 &&
           told_of(world, BEN).unquiet[CLEO] == 1;
}

static void keep(struct world *world)
{
    g_mutex_lock(&world->hostile.lock);
    world->kept = true;
    g_mutex_unlock(&world->hostile.lock);
}

/* ---- */

static void words_reach_whom_they_are_for(void **state)
{
    struct world *world = begin();
    (void)state;
    say(world, CLEO, "quiet", BALINT_NOBODY, NULL);
    assert_true(until(world, leaders_know));
    assert_int_equal(told_of(world, DORA).quiet[CLEO], 0);
    say(world, ANN, "answer", CLEO, ANSWER);
    say(world, BEN, "line", BALINT_NOBODY, LINE_WORD);
    assert_true(until(world, all_is_said));
    pass_slots(world, 8); /* nothing is heard twice */
    assert_true(all_is_said(world));
    assert_string_equal(told_of(world, CLEO).answer, ANSWER);
    assert_string_equal(told_of(world, ANN).line, LINE_WORD);
    assert_int_equal(told_of(world, CLEO).own, 0); /* answered, and so over */
    struct told dora = told_of(world, DORA);
    assert_int_equal(dora.answers + dora.lines + told_of(world, CLEO).lines + told_of(world, BEN).answers, 0);
    end(world);
}

static gboolean is_refused(struct balint_caller *caller, int unused)
{
    (void)unused;
    g_mutex_lock(&caller->lock);
    gboolean refused = caller->refused[0] != '\0';
    g_mutex_unlock(&caller->lock);
    return refused;
}

/* Members have no line and no answers, and leaders no quiet signal; nothing of it leaves. */
static void who_may_not_is_told_so(void **state)
{
    static const struct {
        int who;
        const char *name, *text, *code;
    } wrong[] = {{CLEO, "line", "hello", "not-yours"},      {CLEO, "answer", "hello", "not-yours"},
                 {CLEO, "remove", "", "not-yours"},         {ANN, "quiet", NULL, "not-yours"},
                 {ANN, "line", "two\nlines", "wrong-word"}, {ANN, "answer", "", "wrong-word"}};
    struct world *world = begin();
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct balint_caller *caller = world->hostile.callers[wrong[i].who];
        g_mutex_lock(&caller->lock);
        caller->refused[0] = '\0';
        g_mutex_unlock(&caller->lock);
        say(world, wrong[i].who, wrong[i].name, DORA, wrong[i].text);
        assert_true(balint_caller_until(caller, is_refused, 0, BALINT_CIRCLE_MS));
        g_mutex_lock(&caller->lock);
        assert_string_equal(caller->refused, wrong[i].code);
        g_mutex_unlock(&caller->lock);
    }
    pass_slots(world, 4);
    for (int i = 0; i < PEOPLE; i++)
        assert_int_equal(told_of(world, i).answers + told_of(world, i).lines, 0);
    end(world);
}

/* However much there is to say, a leader gets a talk record at least in every second slot. */
static void counts_still_come(void **state)
{
    struct world *world = begin();
    (void)state;
    for (int i = 0; i < 6; i++)
        say(world, BEN, "line", BALINT_NOBODY, "one after the other");
    pass_slots(world, 6);
    struct told ann = told_of(world, ANN);
    for (int64_t end_ms = balint_test_ms() + BALINT_CIRCLE_MS;
         (ann.talks < 3 || ann.lines == 0) && balint_test_ms() < end_ms; ann = told_of(world, ANN))
        balint_hostile_pass(&world->hostile, 10);
    print_message("six slots: %d records, %d words\n", ann.talks, ann.lines);
    assert_true(ann.talks >= 3); /* the others carry words, some of them perhaps again */
    assert_in_range(ann.lines, 1, 3);
    end(world);
}

static gboolean is_closed(struct balint_caller *caller, int unused)
{
    (void)unused;
    g_mutex_lock(&caller->lock);
    gboolean closed = strcmp(caller->closed, "removed") == 0;
    g_mutex_unlock(&caller->lock);
    return closed;
}

static gboolean link_gone(struct balint_caller *caller, int seat)
{
    return balint_caller_link_is(caller, seat, "none");
}

static void who_is_removed_gets_a_word_first(void **state)
{
    struct world *world = begin();
    struct balint_caller **callers = world->hostile.callers;
    (void)state;
    say(world, ANN, "remove", DORA, LAST_WORD);
    balint_hostile_pass(&world->hostile, 300);
    assert_false(is_closed(callers[DORA], 0)); /* the word waits for its slot, and Dora for the word */
    pass_slots(world, 4);
    assert_true(balint_caller_until(callers[DORA], is_closed, 0, BALINT_CIRCLE_MS));
    assert_string_equal(told_of(world, DORA).answer, LAST_WORD);
    assert_true(told_of(world, DORA).answered_when_closed);
    for (int i = ANN; i <= CLEO; i++)
        assert_true(balint_caller_until(callers[i], link_gone, DORA, BALINT_CIRCLE_MS));
    assert_true(balint_hostile_untouched(&world->hostile, ANN, CLEO));
    /* Without a word it is done at once. */
    say(world, BEN, "remove", CLEO, "");
    assert_true(balint_caller_until(callers[CLEO], is_closed, 0, BALINT_CIRCLE_MS));
    end(world);
}

/* ---- what the server sees */

static struct world *spend(bool words)
{
    struct world *world = begin();
    keep(world);
    for (int slot = 0; slot < 12; slot++) {
        if (words && slot == 1)
            say(world, CLEO, "quiet", BALINT_NOBODY, NULL);
        if (words && slot == 5)
            say(world, ANN, "answer", CLEO, ANSWER);
        if (words && slot == 6)
            say(world, BEN, "line", BALINT_NOBODY, LINE_WORD);
        pass_slot(world);
    }
    balint_hostile_pass(&world->hostile, 200);
    return world;
}

static void with_words_and_without_looks_the_same(void **state)
{
    struct world *with = spend(true), *without = spend(false);
    (void)state;
    assert_int_equal(told_of(with, CLEO).answers, 1);
    assert_int_equal(told_of(without, CLEO).answers, 0);
    for (int i = 0; i < PEOPLE; i++) {
        print_message("from %d the server saw %d and %d messages\n", i, with->counts[i], without->counts[i]);
        assert_int_equal(with->counts[i], without->counts[i]);
        for (int k = 0; k < with->counts[i]; k++) {
            const struct sight *one = &with->sights[i][k], *two = &without->sights[i][k];
            assert_int_equal(one->type, two->type);
            assert_int_equal(one->size, two->size);
            assert_int_equal(one->to, two->to);
        }
    }
    end(with);
    end(without);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_reach_whom_they_are_for),
        cmocka_unit_test(who_may_not_is_told_so),
        cmocka_unit_test(counts_still_come),
        cmocka_unit_test(who_is_removed_gets_a_word_first),
        cmocka_unit_test(with_words_and_without_looks_the_same),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_hostile_words", tests, NULL, NULL);
}
