/* call_hostile_reports.c - a server that keeps a roster from somebody is noticed; forged reports are not
 * opened.
 *
 * Ann leads, Ben is co-leader. Everybody's program reports once in a slot of two seconds, as `balint join`
 * does, here by the test's own clock.
 */
#include "fakes/hostile.h"
#include "session/ledger.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ANN, BEN, CLEO, DORA, EMIL, PEOPLE };
/* Two reports in a row that name another roster, and the slot in which nobody can tell. */
#define ALARM_MS (3 * BALINT_SLOT_MS)
#define SLACK_MS 500

struct world {
    struct balint_hostile hostile;
    int people;                               /* who is there so far */
    int kept_from;                            /* rosters are kept from this person; BALINT_NOBODY */
    bool forges;                              /* Ben's reports to Ann are kept, and others come in his name */
    bool renumbers;                           /* Ann is shown another epoch of Ben than it is */
    struct balint_message roster, state, ben; /* the last to Ann */
    struct balint_message cleos_state, cleos_people[PEOPLE]; /* the last to Cleo */
    struct balint_message kept, other, own;                  /* Ben's to Ann, Cleo's to Ann, Ann's to Ben */
    gint opened[PEOPLE];                                     /* atomic: of each, by Ann's program */
};

static void renumber(struct balint_state *state)
{
    for (int i = 0; i < state->seat_count; i++)
        if (state->seats[i].seat == BEN)
            state->seats[i].epoch++;
}

static enum balint_lie lie(struct balint_hostile *hostile, int who, bool from_client,
                           struct balint_message *message)
{
    struct world *world = hostile->user;
    if (!from_client && message->type == BALINT_MSG_ROSTER) {
        if (who == world->kept_from)
            return BALINT_DROP;
        world->roster = *message;
    }
    if (!from_client && who == CLEO && message->type == BALINT_MSG_STATE)
        world->cleos_state = *message;
    if (!from_client && who == CLEO && message->type == BALINT_MSG_PERSON)
        world->cleos_people[message->person.seat] = *message;
    if (!from_client && who == ANN && message->type == BALINT_MSG_STATE) {
        world->state = *message;
        if (world->renumbers)
            renumber(&message->state);
        return world->renumbers ? BALINT_CHANGED : BALINT_PASS;
    }
    if (!from_client && who == ANN && message->type == BALINT_MSG_PERSON && message->person.seat == BEN)
        world->ben = *message;
    if (!from_client || message->type != BALINT_MSG_REPORT)
        return BALINT_PASS;
    if (who == CLEO && message->report.seat == ANN)
        world->other = *message;
    if (who == ANN && message->report.seat == BEN)
        world->own = *message;
    if (who == BEN && message->report.seat == ANN)
        world->kept = *message;
    return world->forges && who == BEN && message->report.seat == ANN ? BALINT_DROP : BALINT_PASS;
}

static void on_talk(GstElement *call, const char *member, guint epoch, GBytes *body, struct world *world)
{
    (void)call;
    (void)epoch;
    (void)body;
    for (int i = 0; i < PEOPLE; i++)
        if (strcmp(member, world->hostile.circle.invitations[i].member) == 0)
            g_atomic_int_inc(&world->opened[i]);
}

static struct world *begin(int people)
{
    struct world *world = g_new0(struct world, 1); /* after a failed assertion the proxies live on */
    world->kept_from = BALINT_NOBODY;
    balint_hostile_begin(&world->hostile, people, 2, lie, world);
    for (int i = 0; i < people && i <= CLEO; i++)
        balint_hostile_join(&world->hostile, i, i == ANN, true);
    world->people = CLEO + 1;
    g_signal_connect(world->hostile.callers[ANN]->call, "talk", G_CALLBACK(on_talk), world);
    return world;
}

static void end(struct world *world)
{
    assert_int_equal(world->hostile.unreadable, 0);
    balint_hostile_end(&world->hostile);
    g_free(world);
}

/* Everybody reports. */
static void report(struct world *world)
{
    static const uint8_t record[BALINT_TALK_SIZE] = {1};
    GBytes *body = g_bytes_new(record, sizeof record);
    for (int i = 0; i < world->people; i++)
        g_signal_emit_by_name(world->hostile.callers[i]->call, "send-talk", body);
    g_bytes_unref(body);
}

static bool alarmed(struct world *world, int who)
{
    struct balint_caller *caller = world->hostile.callers[who];
    g_mutex_lock(&caller->lock);
    bool alarm = strcmp(caller->refused, "roster-alarm") == 0;
    g_mutex_unlock(&caller->lock);
    return alarm;
}

/* Slots go by until Ann's and Ben's programs raise the alarm. Returns how long that took, or -1. */
static int alarm_after_ms(struct world *world)
{
    int64_t begun = balint_test_ms();
    for (int slot = 0; balint_test_ms() < begun + ALARM_MS + SLACK_MS;
         balint_hostile_pass(&world->hostile, 10)) {
        if (alarmed(world, ANN) && alarmed(world, BEN))
            return (int)(balint_test_ms() - begun);
        if (balint_test_ms() - begun >= slot * BALINT_SLOT_MS) {
            report(world);
            slot++;
        }
    }
    return -1;
}

static void calm(struct world *world)
{
    for (int i = 0; i < world->people; i++) {
        g_mutex_lock(&world->hostile.callers[i]->lock);
        world->hostile.callers[i]->refused[0] = '\0';
        g_mutex_unlock(&world->hostile.callers[i]->lock);
    }
}

static void keep_from(struct world *world, int who)
{
    g_mutex_lock(&world->hostile.lock);
    world->kept_from = who;
    g_mutex_unlock(&world->hostile.lock);
}

static gboolean link_gone(struct balint_caller *caller, int seat)
{
    return balint_caller_link_is(caller, seat, "none");
}

/* Ann's program removes Dora; Cleo is not told. */
static void remove_dora(struct world *world)
{
    struct balint_roster roster;
    struct balint_key ann;
    uint8_t seed[BALINT_SEED_SIZE];
    struct balint_message message = {.type = BALINT_MSG_ROSTER};
    const struct balint_circle *circle = &world->hostile.circle;
    g_mutex_lock(&world->hostile.lock);
    struct balint_roster_bytes newest = world->roster.roster.roster;
    g_mutex_unlock(&world->hostile.lock);
    assert_int_equal(balint_unbase64(circle->devices[ANN], strlen(circle->devices[ANN]), seed, sizeof seed),
                     sizeof seed);
    assert_true(balint_key_from_seed(&ann, seed) && balint_roster_read(&roster, newest.data, newest.length) &&
                balint_hash(newest.data, newest.length, roster.previous));
    roster.epoch++;
    memset(roster.signer, 0, sizeof roster.signer);
    strcpy(roster.signer, circle->invitations[ANN].member);
    for (int i = 0; i < roster.count; i++)
        if (strcmp(roster.entries[i].member, circle->invitations[DORA].member) == 0)
            roster.entries[i] = roster.entries[--roster.count];
    message.roster.roster.length = (uint16_t)balint_roster_make(&roster, &ann, message.roster.roster.data);
    assert_true(message.roster.roster.length > 0);
    for (int i = ANN; i <= BEN; i++)
        balint_hostile_tell(&world->hostile, i, &message);
}

static void a_roster_that_is_kept_back_is_noticed(void **state)
{
    struct world *world = begin(PEOPLE);
    (void)state;
    /* Where nothing is kept back nobody is alarmed. */
    balint_hostile_join(&world->hostile, DORA, false, true);
    world->people++;
    assert_int_equal(alarm_after_ms(world), -1);
    assert_false(alarmed(world, ANN) || alarmed(world, BEN) || alarmed(world, CLEO));
    assert_true(g_atomic_int_get(&world->opened[BEN]) >= 3 && g_atomic_int_get(&world->opened[CLEO]) >= 3);
    /* An admission. */
    keep_from(world, CLEO);
    balint_hostile_join(&world->hostile, EMIL, false, true);
    int after_ms = alarm_after_ms(world);
    print_message("an admission kept back: alarm after %d ms\n", after_ms);
    assert_true(after_ms >= 0);
    /* A removal: all of whom it names nothing know that, but Cleo. */
    keep_from(world, BALINT_NOBODY);
    calm(world);
    remove_dora(world);
    after_ms = alarm_after_ms(world);
    print_message("a removal kept back: alarm after %d ms\n", after_ms);
    assert_true(after_ms >= 0);
    assert_true(balint_caller_until(world->hostile.callers[ANN], link_gone, DORA, BALINT_CIRCLE_MS));
    assert_true(balint_caller_until(world->hostile.callers[BEN], link_gone, DORA, BALINT_CIRCLE_MS));
    world->people = PEOPLE;
    end(world);
}

/* ---- forged reports */

static void in_bens_name(struct world *world, const struct balint_message *report, int flipped)
{
    struct balint_message forged = *report;
    forged.id = 0;
    forged.report.seat = BEN;
    if (flipped >= 0)
        forged.report.envelope.data[flipped] ^= 1;
    balint_hostile_tell(&world->hostile, ANN, &forged);
}

static bool wait_opened(struct world *world, int who, int count)
{
    int64_t until = balint_test_ms() + BALINT_CIRCLE_MS;
    while (g_atomic_int_get(&world->opened[who]) < count && balint_test_ms() < until)
        balint_hostile_pass(&world->hostile, 10);
    return g_atomic_int_get(&world->opened[who]) == count;
}

static void a_forged_report_is_not_opened(void **state)
{
    /* Epoch, sequence, kind, body, tag. */
    static const int places[] = {7, 15, 16, 24, 24 + BALINT_TALK_SIZE, 239, 240, 255};
    struct balint_message noise = {.type = BALINT_MSG_REPORT};
    struct world *world = begin(CLEO + 1);
    (void)state;
    report(world);
    assert_true(wait_opened(world, BEN, 1) && wait_opened(world, CLEO, 1));
    g_mutex_lock(&world->hostile.lock);
    struct balint_message first = world->kept;
    world->forges = true;
    g_mutex_unlock(&world->hostile.lock);
    report(world);
    assert_true(wait_opened(world, CLEO, 2)); /* everybody's have come by now */
    balint_hostile_pass(&world->hostile, 300);
    g_mutex_lock(&world->hostile.lock);
    struct balint_message kept = world->kept, other = world->other, own = world->own;
    g_mutex_unlock(&world->hostile.lock);
    assert_memory_not_equal(&first.report, &kept.report, sizeof kept.report);
    in_bens_name(world, &first, -1); /* again */
    in_bens_name(world, &other, -1); /* a member's */
    in_bens_name(world, &own, -1);   /* Ann's own, back */
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        in_bens_name(world, &kept, places[i]);
    noise.report.envelope.length = BALINT_ENVELOPE_SIZE;
    assert_true(balint_random(noise.report.envelope.data, BALINT_ENVELOPE_SIZE));
    in_bens_name(world, &noise, -1);
    /* The one that is Ben's comes after all of them: it is opened, once, and it is the only one. */
    in_bens_name(world, &kept, -1);
    in_bens_name(world, &kept, -1);
    report(world);
    assert_true(wait_opened(world, CLEO, 3));
    assert_true(wait_opened(world, BEN, 2));
    end(world);
}

static gboolean shows_number(struct balint_caller *caller, int number)
{
    g_autofree char *text = NULL, *wanted = g_strdup_printf("\"number\":%d,", number);
    g_object_get(caller->call, "state", &text, NULL);
    return text && strstr(text, wanted);
}

/* Ledgers add up over epochs: a server that gave one process two numbers would count its time twice. */
static void an_invented_epoch_counts_nothing_twice(void **state)
{
    struct world *world = begin(CLEO + 1);
    (void)state;
    report(world);
    assert_true(wait_opened(world, BEN, 1) && wait_opened(world, CLEO, 1));
    g_mutex_lock(&world->hostile.lock);
    world->renumbers = true;
    struct balint_message ben = world->ben, shown = world->state;
    g_mutex_unlock(&world->hostile.lock);
    assert_int_equal(ben.type, BALINT_MSG_PERSON);
    ben.person.epoch++;
    shown.re = 0;
    shown.state.number = 70001; /* to be known by */
    renumber(&shown.state);
    balint_hostile_tell(&world->hostile, ANN, &ben);
    balint_hostile_tell(&world->hostile, ANN, &shown);
    assert_true(balint_caller_until(world->hostile.callers[ANN], shows_number, (int)shown.state.number,
                                    BALINT_CIRCLE_MS));
    report(world);
    assert_true(wait_opened(world, CLEO, 2));
    balint_hostile_pass(&world->hostile, 300);
    assert_int_equal(g_atomic_int_get(&world->opened[BEN]), 1);
    end(world);
}

/* Cleo is told that Ben sits where Ann does, or that all is as it was. */
static void seat_ben_there(struct world *world, bool there)
{
    g_mutex_lock(&world->hostile.lock);
    struct balint_message state = world->cleos_state, person = world->cleos_people[there ? BEN : ANN];
    g_mutex_unlock(&world->hostile.lock);
    assert_int_equal(person.type, BALINT_MSG_PERSON);
    person.person.seat = ANN;
    state.re = 0;
    state.state.number = there ? 70001 : 70002; /* to be known by */
    for (int i = 0; there && i < state.state.seat_count; i++)
        if (state.state.seats[i].seat == ANN) { /* as ROOT signed him: by another name nobody is believed */
            const struct balint_state_seat *ben = balint_state_seat_of(&world->cleos_state.state, BEN);
            strcpy(state.state.seats[i].member, ben->member);
            strcpy(state.state.seats[i].name, ben->name);
        }
    balint_hostile_tell(&world->hostile, CLEO, &person);
    balint_hostile_tell(&world->hostile, CLEO, &state);
    assert_true(balint_caller_until(world->hostile.callers[CLEO], shows_number, (int)state.state.number,
                                    BALINT_CIRCLE_MS));
}

/* The number in Cleo's newest envelope for Ann's seat: with it and one key for two joins goes the nonce. */
static uint64_t next_number(struct world *world)
{
    uint64_t number = 0;
    g_mutex_lock(&world->hostile.lock);
    memset(&world->other, 0, sizeof world->other);
    g_mutex_unlock(&world->hostile.lock);
    report(world);
    for (int64_t until = balint_test_ms() + BALINT_CIRCLE_MS; number == 0 && balint_test_ms() < until;) {
        balint_hostile_pass(&world->hostile, 10);
        g_mutex_lock(&world->hostile.lock);
        for (int i = 8; i < 16; i++)
            number = number << 8 | world->other.report.envelope.data[i];
        g_mutex_unlock(&world->hostile.lock);
    }
    return number;
}

/* People who change seats and change back do not make a program count anew: AES-GCM gives everything away
 * when one number is used twice with one key. */
static void no_number_is_used_twice(void **state)
{
    struct world *world = begin(CLEO + 1);
    (void)state;
    uint64_t first = next_number(world), second = next_number(world);
    assert_true(first > 0 && second > first);
    seat_ben_there(world, true);
    uint64_t bens = next_number(world);
    seat_ben_there(world, false);
    uint64_t third = next_number(world);
    print_message("numbers %d, %d, with Ben there %d, then %d\n", (int)first, (int)second, (int)bens,
                  (int)third);
    assert_true(bens > second); /* as many as to Ben himself before */
    assert_true(third > second);
    end(world);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_roster_that_is_kept_back_is_noticed),
        cmocka_unit_test(a_forged_report_is_not_opened),
        cmocka_unit_test(an_invented_epoch_counts_nothing_twice),
        cmocka_unit_test(no_number_is_used_twice),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_hostile_reports", tests, NULL, NULL);
}
