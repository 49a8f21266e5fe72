/* client_resend_evening.c - an evening with lost and late envelopes, in which a leader's program is killed
 * and started again: four minutes later it knows when everybody spoke as well as one that was there all the
 * time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "integration/resend_people.h"
#include "session/after.h"

#define MINUTES    32
#define SPANS      4000
#define FLIGHTS    4096
#define RESTART    20 /* of Dora's program, minutes after the beginning */
#define LOSS       10 /* per cent */
#define DELAYS     3  /* slots that an envelope may take */
#define KIND_TALK  0
#define KIND_SPANS 1
#define KIND_PIECE 2

struct person {
    uint32_t epoch;
    bool here;
    struct balint_talkbook book;
    struct balint_resender resender;
    struct balint_ledger *ledger;
    bool untold[PEOPLE];
    int piece;
    int span_count, told; /* all that was spoken in the evening; told to the present process */
    struct balint_talk_span spans[SPANS];
};
struct flight {
    int due, from, to, kind;
    uint32_t epoch;
    uint8_t body[BALINT_RESEND_SIZE];
};
struct evening {
    struct person people[PEOPLE];
    struct flight flights[FLIGHTS];
    int flight_count, resent;
    bool deaf; /* nobody answers */
    bool cut;  /* Cleo's line */
    int slot;
};

static int64_t now_of(const struct evening *evening)
{
    return (int64_t)evening->slot * BALINT_SLOT_MS;
}

/* Short turns and long ones, in all of the evening. */
static void invent_speech(struct person *person)
{
    int64_t at = 5000 + rand() % 20000;
    while (at < MINUTES * MINUTE && person->span_count < SPANS) {
        int64_t length = 300 + rand() % (rand() % 4 == 0 ? 9000 : 1500);
        person->spans[person->span_count++] = (struct balint_talk_span){at, at + length};
        at += length + 400 + rand() % (rand() % 3 == 0 ? 15000 : 3000);
    }
}

/* A process of that person begins, now. */
static void start(struct evening *evening, int i)
{
    struct person *person = &evening->people[i];
    person->epoch++;
    person->here = true;
    balint_talkbook_init(&person->book);
    balint_resender_init(&person->resender);
    balint_talkbook_open(&person->book, now_of(evening), true);
    memset(person->untold, 0, sizeof person->untold);
    while (person->told < person->span_count && person->spans[person->told].start_ms < now_of(evening))
        person->told++;
    if (i > DORA)
        return;
    balint_ledger_free(person->ledger);
    person->ledger = balint_ledger_new();
}

static void tell_states(struct evening *evening)
{
    uint32_t epochs[PEOPLE];
    bool here[PEOPLE];
    for (int i = 0; i < PEOPLE; i++) {
        epochs[i] = evening->people[i].epoch;
        here[i] = evening->people[i].here && !(evening->cut && i == CLEO);
    }
    for (int i = 0; i < PEOPLE; i++) {
        struct person *person = &evening->people[i];
        struct balint_state state = state_for(i, epochs, here);
        state.clock_ms = now_of(evening);
        if (!here[i])
            continue;
        balint_talkbook_phase(&person->book, state.phase_since_ms, state.phase);
        balint_resender_state(&person->resender, &state);
        if (person->ledger != NULL)
            balint_ledger_state(person->ledger, &state);
    }
}

static void fly(struct evening *evening, int from, int to, int kind, const uint8_t *body)
{
    if (rand() % 100 < LOSS || evening->flight_count == FLIGHTS || (evening->deaf && kind == KIND_SPANS))
        return;
    struct flight *flight = &evening->flights[evening->flight_count++];
    *flight =
        (struct flight){evening->slot + rand() % DELAYS, from, to, kind, evening->people[from].epoch, {0}};
    memcpy(flight->body, body, kind == KIND_TALK ? BALINT_TALK_SIZE : BALINT_RESEND_SIZE);
}

/* As the call does it: a leader gets a talk record at least in every second slot. */
static void send(struct evening *evening, int from, int to, const uint8_t *record, const uint8_t *piece)
{
    struct person *person = &evening->people[from];
    const uint8_t *body = NULL;
    bool leader = to <= DORA;
    if (!leader || !person->untold[to])
        body = balint_resender_next(&person->resender, person->ledger, &person->book, to, now_of(evening));
    person->untold[to] = body != NULL || (leader && piece != NULL && !person->untold[to]);
    if (body != NULL) {
        fly(evening, from, to, KIND_SPANS, body);
        balint_resender_sent(&person->resender, to);
        evening->resent++;
    } else if (person->untold[to]) {
        fly(evening, from, to, KIND_PIECE, piece);
    } else if (leader) {
        fly(evening, from, to, KIND_TALK, record);
    }
}

static void speak_and_send(struct evening *evening, int i)
{
    struct person *person = &evening->people[i];
    uint8_t record[BALINT_TALK_SIZE], piece[BALINT_LEDGER_PIECE];
    int64_t now = now_of(evening);
    while (person->told < person->span_count && person->spans[person->told].end_ms + 300 <= now) {
        struct balint_talk_span span = person->spans[person->told++];
        balint_talkbook_span(&person->book, span.start_ms, span.end_ms);
    }
    bool speaking = person->told < person->span_count && person->spans[person->told].start_ms <= now;
    if (speaking)
        balint_talkbook_speaking(&person->book, person->spans[person->told].start_ms, now);
    const struct balint_talk *talk = balint_talkbook_record(&person->book, now, speaking);
    balint_talk_write(talk, record);
    bool tells = i <= DORA && evening->slot % 2 && balint_ledger_piece(person->ledger, &person->piece, piece);
    if (i <= DORA)
        balint_ledger_take(person->ledger, members[i], person->epoch, talk);
    for (int to = 0; to < PEOPLE; to++)
        if (to != i && evening->people[to].here && (to <= DORA || i <= DORA))
            send(evening, i, to, record, tells ? piece : NULL);
}

static void arrive(struct evening *evening, const struct flight *flight)
{
    struct person *to = &evening->people[flight->to];
    struct balint_talk talk;
    char member[BALINT_ID_SIZE];
    uint32_t epoch;
    if (!to->here || !evening->people[flight->from].here ||
        flight->epoch != evening->people[flight->from].epoch ||
        (evening->cut && (flight->to == CLEO || flight->from == CLEO)))
        return;
    if (flight->kind == KIND_SPANS) {
        balint_resender_take(&to->resender, to->ledger, flight->from, flight->body, BALINT_RESEND_SIZE,
                             now_of(evening));
    } else if (flight->kind == KIND_TALK && balint_talk_read(&talk, flight->body, BALINT_TALK_SIZE)) {
        balint_ledger_take(to->ledger, members[flight->from], flight->epoch, &talk);
        balint_recall_record(&to->resender.recall, members[flight->from], flight->epoch, &talk, false);
    } else if (flight->kind == KIND_PIECE &&
               balint_ledger_read_piece(flight->body, BALINT_LEDGER_PIECE, member, &epoch, &talk)) {
        balint_ledger_take(to->ledger, member, epoch, &talk);
        balint_recall_record(&to->resender.recall, member, epoch, &talk, true);
    }
}

static void pass_slot(struct evening *evening)
{
    int kept = 0;
    evening->slot++;
    tell_states(evening);
    for (int i = 0; i < PEOPLE; i++)
        if (evening->people[i].here)
            speak_and_send(evening, i);
    int count = evening->flight_count;
    for (int i = 0; i < count; i++) {
        struct flight flight = evening->flights[i];
        if (flight.due > evening->slot)
            evening->flights[kept++] = flight;
        else
            arrive(evening, &flight);
    }
    evening->flight_count = kept;
}

static void pass_minutes(struct evening *evening, double minutes)
{
    for (int i = 0; i < (int)(minutes * MINUTE / BALINT_SLOT_MS); i++)
        pass_slot(evening);
}

/* Silence and overlap of the whole discussion, as the two leaders know them. */
static void compare_after(struct evening *evening)
{
    static struct balint_after anna, dora;
    balint_ledger_after(evening->people[ANNA].ledger, now_of(evening), &anna);
    balint_ledger_after(evening->people[DORA].ledger, now_of(evening), &dora);
    const struct balint_after_case *one = &anna.cases[0], *two = &dora.cases[0];
    print_message("of %d ms read %d and %d, silence %d and %d, overlap %d and %d\n", (int)one->discussion_ms,
                  (int)one->measured_ms, (int)two->measured_ms, (int)one->silence_ms, (int)two->silence_ms,
                  (int)one->overlap_ms, (int)two->overlap_ms);
    assert_true(one->silence_ms > 0 && one->overlap_ms > 0);
    assert_in_range(llabs(one->measured_ms - two->measured_ms), 0, 2 * BALINT_SLOT_MS);
    assert_in_range(llabs(one->silence_ms - two->silence_ms), 0, BALINT_SLOT_MS);
    assert_in_range(llabs(one->overlap_ms - two->overlap_ms), 0, BALINT_SLOT_MS);
}

static struct evening *begin_evening(unsigned seed)
{
    struct evening *evening = calloc(1, sizeof *evening);
    assert_non_null(evening);
    srand(seed);
    for (int i = 0; i < PEOPLE; i++) {
        invent_speech(&evening->people[i]);
        start(evening, i);
    }
    pass_minutes(evening, 15);
    evening->people[EMIL].here = false; /* his program dies */
    pass_slot(evening);
    start(evening, EMIL);
    pass_minutes(evening, RESTART - 15);
    evening->people[DORA].here = false; /* hers is killed, */
    pass_minutes(evening, 0.25);
    start(evening, DORA); /* and started again */
    return evening;
}

static void end_evening(struct evening *evening)
{
    balint_ledger_free(evening->people[ANNA].ledger);
    balint_ledger_free(evening->people[DORA].ledger);
    free(evening);
}

static int64_t recent_of(struct evening *evening, int leader, int of)
{
    struct balint_balance balance;
    balint_ledger_balance(evening->people[leader].ledger, now_of(evening), &balance);
    for (int i = 0; i < balance.member_count + balance.leader_count; i++)
        if (strcmp(balance.rows[i].name, members[of]) == 0)
            return balance.rows[i].recent_ms;
    return -1;
}

/* Nobody speaks for a while, so that what is on its way has come and the last ten minutes are the same. */
static void hush(struct evening *evening)
{
    for (int i = 0; i < PEOPLE; i++)
        evening->people[i].span_count = evening->people[i].told;
    pass_minutes(evening, 0.3);
}

/* The greatest difference between what the two leaders have of the last ten minutes of anybody. */
static int64_t difference(struct evening *evening)
{
    int64_t most = 0;
    for (int i = 0; i < PEOPLE; i++) {
        int64_t by = llabs(recent_of(evening, ANNA, i) - recent_of(evening, DORA, i));
        most = by > most ? by : most;
    }
    return most;
}

static void test_a_leader_who_starts_again_knows_the_last_ten_minutes(void **unused)
{
    (void)unused;
    for (unsigned seed = 1; seed <= 5; seed++) {
        struct evening *evening = begin_evening(seed);
        pass_minutes(evening, 0.1);
        int64_t before = difference(evening);
        pass_minutes(evening, 3.6);
        hush(evening);
        int64_t after = difference(evening);
        print_message("last ten minutes: %d ms apart at the start, %d ms four minutes later; %d resent\n",
                      (int)before, (int)after, evening->resent);
        assert_in_range(after, 0, BALINT_SLOT_MS);
        compare_after(evening);
        assert_int_equal(balint_recall_lacks_ms(&evening->people[DORA].resender.recall,
                                                &evening->people[DORA].resender.state),
                         0);
        end_evening(evening);
    }
}

/* Without answers a leader who starts again is far from it: the test above could fail. */
static void test_without_answers_it_would_not(void **unused)
{
    (void)unused;
    int far = 0;
    for (unsigned seed = 1; seed <= 5; seed++) {
        struct evening *evening = begin_evening(seed);
        evening->deaf = true;
        pass_minutes(evening, 3.7);
        hush(evening);
        far += difference(evening) > 2 * BALINT_SLOT_MS;
        end_evening(evening);
    }
    assert_int_equal(far, 5);
}

/* A line that was cut for two minutes: both leaders miss the same time, and both get it. */
static void test_a_gap_is_filled(void **unused)
{
    (void)unused;
    struct evening *evening = begin_evening(9);
    evening->cut = true;
    pass_minutes(evening, 2);
    evening->cut = false;
    pass_minutes(evening, 2);
    int64_t now = now_of(evening), truth = 0;
    for (int i = 0; i < evening->people[CLEO].span_count; i++) {
        struct balint_talk_span span = evening->people[CLEO].spans[i];
        int64_t start_ms = span.start_ms > now - 10 * MINUTE ? span.start_ms : now - 10 * MINUTE;
        int64_t end_ms = span.end_ms < now ? span.end_ms : now;
        truth += end_ms > start_ms ? end_ms - start_ms : 0;
    }
    print_message("Cleo spoke %d ms, Anna has %d, Dora %d\n", (int)truth, (int)recent_of(evening, ANNA, CLEO),
                  (int)recent_of(evening, DORA, CLEO));
    assert_in_range(llabs(truth - recent_of(evening, ANNA, CLEO)), 0, 2 * BALINT_SLOT_MS);
    assert_in_range(llabs(truth - recent_of(evening, DORA, CLEO)), 0, 2 * BALINT_SLOT_MS);
    end_evening(evening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_leader_who_starts_again_knows_the_last_ten_minutes),
        cmocka_unit_test(test_without_answers_it_would_not),
        cmocka_unit_test(test_a_gap_is_filled),
    };
    return cmocka_run_group_tests_name("client_resend_evening", tests, NULL, NULL);
}
