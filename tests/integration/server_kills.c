/* An evening in which the server is killed with -9 at 20 random moments, most of them while it is at a
 * request: nobody loses phase, role, seat, step-back or anything else that was told, nor more than ten
 * seconds of attendance.
 *
 * What an undisturbed evening is like after each step is written down first; it is the truth for the second
 * one, in which a request that was under way at the kill was either done, for everybody, or not at all. The
 * moments come from a seed, which is printed: BALINT_SEED=N tries others.
 */
#include "integration/attended.h"
#include "integration/server_step.h"
#include <time.h>

#define KILLS       20
#define WITHIN_BITS 13 /* after 1 to 2^12 µs of a request: before it is read, committed, told, and after */
#define LOSS_MS     10000 /* what a kill may cost a person */
#define TOLERANCE   100   /* ms: the server's clock and ours */

static const struct step steps[] = {
    ARRIVES(ANNA),
    ARRIVES(BEN),
    ARRIVES(CLARA),
    ARRIVES(DORA),
    ARRIVES(FRED),
    CHOOSES(ANNA, "two-cases"),
    CHOOSES(BEN, "classic"),
    DOES(ANNA, END_AT, 90),
    DOES(DORA, SHARED, 1),
    DOES(CLARA, HAND, 1),
    DOES(ANNA, LOCK, 1),
    LEADS_TO(ANNA, "check-in"),
    DOES(BEN, TURN, 0),
    DOES(DORA, TURN, 0),
    LEADS_TO(ANNA, "case"),
    DOES(CLARA, HAND, 0),
    DOES(CLARA, VOLUNTEER, 1),
    ABOUT(ANNA, PRESENT, CLARA, 0),
    LEADS_TO(ANNA, "presentation"),
    DOES(DORA, AWAY, 1),
    DOES(ANNA, STEP_BACK, BALINT_ASIDE),
    DOES(CLARA, ASK_RETURN, 1),
    DOES(ANNA, INVITE_BACK, 0),
    DOES(CLARA, RETURN, 0),
    LEADS_TO(ANNA, "questions"),
    DOES(ANNA, LOCK, 0),
    {EMIL, COME, 0, NONE, 0, NULL},
    DOES(DORA, AWAY, 0),
    {ANNA, ADMIT, 0, NONE, 0, NULL},
    DOES(EMIL, SIT_OUT, 1),
    LEADS_TO(ANNA, "discussion"),
    ABOUT(BEN, MUTE_FOR_CAUSE, DORA, 1),
    DOES(FRED, MUTE, 1),
    DOES(DORA, SHARED, 0),
    ABOUT(ANNA, LEAD, BEN, 0),
    {ANNA, DEPUTY, 0, DORA, 1, NULL},
    DOES(CLARA, ASK_RETURN, 1),
    DOES(BEN, ROUND, BALINT_ROUND_BEGIN),
    ABOUT(ANNA, MUTE_FOR_CAUSE, DORA, 0),
    DOES(CLARA, RETURN, 1),
    DOES(BEN, STEP_BACK, BALINT_LEADERS_ONLY),
    DOES(DORA, INVITE_BACK, 0), /* the deputy */
    DOES(CLARA, RETURN, 0),
    LEADS_TO(BEN, "return"),
    ABOUT(BEN, PRESENT, DORA, 0), /* asked; when she agrees, the case ends, and sitting out with it */
    DOES(DORA, AGREE, 1),
    DOES(EMIL, AWAY, 0),
    LEADS_TO(BEN, "discussion"),
    {ANNA, DEPUTY, 0, DORA, 0, NULL},
    DOES(DORA, RETURN, 1),
    LEADS_TO(BEN, "return"),
    LEADS_TO(ANNA, "closing"),
    DOES(BEN, END_AT, 0),
    LEADS_TO(ANNA, "corridor"),
    DOES(ANNA, AFTER_ROOM, 1),
    DOES(FRED, AFTER_ROOM, 1),
    DOES(ANNA, AFTER_ROOM, 0),
};
#define STEPS ((int)(sizeof steps / sizeof *steps))

static struct balint_state truth[STEPS][INVITED]; /* after each step; zeros: has none */
static const struct balint_state nothing;

/* ---- chance */
static uint32_t chance;
static uint32_t draw(uint32_t below)
{
    chance ^= chance << 13;
    chance ^= chance >> 17;
    chance ^= chance << 5;
    return chance % below;
}

/* Which steps are disturbed. */
static void draw_moments(bool disturbed[STEPS])
{
    int left = KILLS;
    for (int i = 0; i < STEPS; i++) {
        disturbed[i] = (int)draw((uint32_t)(STEPS - i)) < left;
        left -= disturbed[i];
    }
}

/* ---- what two evenings have in common */
static void forget_times(struct balint_state_seat *seat)
{
    seat->hand_ms = seat->hand_ms != 0;
    seat->lost_ms = 0;
    seat->connected = true;
    seat->epoch = 0;
}

/* Without what differs from evening to evening: clocks, numbers, random ids. */
static struct balint_state comparable(const struct balint_test_person *person)
{
    struct balint_state state = person->has_state ? person->state : nothing;
    memset(state.boot, 0, sizeof state.boot);
    memset(state.session, 0, sizeof state.session);
    state.number = 0;
    state.clock_ms = state.phase_since_ms = 0;
    state.ends_ms = state.ends_ms != 0;
    for (int i = 0; i < state.past_count; i++)
        state.past[i].since_ms = 0;
    for (int i = 0; i < BALINT_SEATS; i++) {
        if (i < state.seat_count)
            forget_times(&state.seats[i]);
        if (i < state.lobby_count)
            forget_times(&state.lobby[i]);
    }
    return state;
}

static bool same(const struct balint_state *a, const struct balint_state *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static const struct balint_state *truth_of(int step, int who)
{
    return step >= 0 ? &truth[step][who] : &nothing;
}

/* Everybody has what was told until now: a pong comes behind it. */
static void settle(struct evening *evening)
{
    for (int i = 0; i < INVITED; i++) {
        struct balint_message ping = {.type = BALINT_MSG_PING};
        if (evening->people[i].ws != NULL)
            assert_true(balint_person_ask(&evening->people[i], &ping));
    }
}

static bool here_are_all(const struct balint_test_person *person, int64_t unused)
{
    (void)unused;
    for (int i = 0; i < person->state.seat_count; i++)
        if (!person->state.seats[i].connected)
            return false;
    return true;
}

/* ---- steps */
static void take_step(struct evening *evening, int number)
{
    const struct step *step = &steps[number];
    struct balint_test_person *by = &evening->people[step->who];
    struct balint_message request;
    if (step->kind == COME) {
        assert_true(balint_person_join(by));
    } else {
        make_request(evening, step, &request);
        if (!balint_person_ask(by, &request))
            fail_msg("step %d of %s: %s %s", number, by->invitation->name, by->error.code, by->error.text);
    }
    settle(evening);
}

/* Asks, and does not wait for the answer. */
static void begin_step(struct evening *evening, int number)
{
    const struct step *step = &steps[number];
    struct balint_test_person *by = &evening->people[step->who];
    struct balint_message request;
    if (step->kind == COME) {
        assert_true(balint_person_open(by) && balint_person_knock(by) && balint_person_send_hello(by));
        return;
    }
    make_request(evening, step, &request);
    request.id = ++by->last_id;
    assert_true(balint_test_send(by->ws, &request));
}

static void expect(const struct evening *evening, int number)
{
    for (int i = 0; i < INVITED; i++) {
        struct balint_state state = comparable(&evening->people[i]);
        if (!same(&state, truth_of(number, i)))
            fail_msg("after step %d %s is told something else than in the undisturbed evening", number,
                     evening->invitations[i].name);
    }
}

/* ---- attendance */
struct presence {
    int64_t in_ms, asked_ms; /* surely counted since; perhaps since (0: not here) */
    int64_t counted, lost, most_lost;
};

/* The server ended, at most `may_lose` ms of what went before may be lost; it ended within these times. */
static void account(struct evening *evening, struct presence presences[INVITED], int64_t from, int64_t to,
                    int64_t may_lose)
{
    for (int i = 0; i < INVITED; i++) {
        struct presence *presence = &presences[i];
        int64_t total = attended_ms(evening, i), counted = (total > 0 ? total : 0) - presence->counted;
        int64_t surely = presence->in_ms > 0 ? from - presence->in_ms : 0;
        int64_t perhaps = presence->asked_ms > 0 ? to - presence->asked_ms : 0;
        int64_t lost = surely > counted ? surely - counted : 0;
        if (counted < 0 || counted > perhaps + TOLERANCE || lost > may_lose)
            fail_msg("%s was here between %lld and %lld ms, and %lld are counted",
                     evening->invitations[i].name, (long long)surely, (long long)perhaps, (long long)counted);
        presence->counted += counted;
        presence->lost += lost;
        if (lost > presence->most_lost)
            presence->most_lost = lost;
        presence->in_ms = presence->asked_ms = 0;
    }
}

/* Who is in by now. `before`: perhaps since then. */
static void note_presence(const struct evening *evening, struct presence presences[INVITED], int64_t before)
{
    for (int i = 0; i < INVITED; i++) {
        const struct balint_test_person *person = &evening->people[i];
        if (presences[i].in_ms > 0 || person->ws == NULL || !balint_person_is_admitted(person, 0))
            continue;
        presences[i].in_ms = balint_test_ms();
        presences[i].asked_ms = before;
    }
}

/* ---- kills */
static void check_told(const struct balint_test_person *now, const struct balint_test_person *before)
{
    const struct balint_state *is = &now->state, *was = &before->state;
    assert_int_equal(now->seat, before->seat);
    assert_string_not_equal(is->boot, was->boot);
    if (!was->admitted)
        return;
    assert_int_equal(now->epoch, before->epoch);
    assert_true(is->clock_ms >= was->clock_ms);
    assert_true(is->admitted);
    if (is->phase == was->phase)
        assert_int_equal(is->phase_since_ms, was->phase_since_ms);
    for (int i = 0; i < was->past_count && is->past_count >= was->past_count; i++)
        assert_int_equal(is->past[i].since_ms, was->past[i].since_ms);
    if (is->ends_ms > 0 && was->ends_ms > 0)
        assert_int_equal(is->ends_ms, was->ends_ms);
    for (int i = 0; i < was->seat_count; i++) {
        const struct balint_state_seat *then = &was->seats[i], *seat = balint_state_seat_of(is, then->seat);
        assert_non_null(seat);
        assert_int_equal(seat->epoch, then->epoch);
        if (seat->hand_ms > 0 && then->hand_ms > 0)
            assert_int_equal(seat->hand_ms, then->hand_ms);
    }
}

/* With the secret; as long as nobody was let in there is no session to lose, and who waits knocks again. */
static bool returns(struct balint_test_person *person, const struct balint_test_person *anna)
{
    if (balint_person_resume(person))
        return true;
    return !anna->state.admitted && strcmp(person->error.code, "unknown-secret") == 0 &&
           balint_person_join(person);
}

/* The server comes again, and everybody who had a seat. `before`: what they were told last. */
static void come_back(struct evening *evening, struct balint_test_person before[INVITED])
{
    for (int i = 0; i < INVITED; i++) {
        struct balint_test_person *person = &evening->people[i];
        if (person->ws != NULL)
            balint_person_ended(person); /* takes in what was told */
        before[i] = *person;
        balint_person_drop(person);
        before[i].ws = NULL;
    }
    assert_true(balint_serverproc_start(&evening->server, NULL, NULL));
    for (int i = 0; i < INVITED; i++)
        if (before[i].secret.length > 0 && !returns(&evening->people[i], &before[ANNA]))
            fail_msg("%s does not come back: %s", evening->invitations[i].name,
                     evening->people[i].error.code);
    for (int i = 0; i < INVITED; i++)
        if (before[i].secret.length > 0)
            assert_true(balint_person_until(&evening->people[i], here_are_all, 0));
    settle(evening);
}

/* Is the session as after the step (or else as before it), for everybody alike? Who was told stays told. */
static bool is_done(const struct evening *evening, int number,
                    const struct balint_test_person before[INVITED])
{
    bool after = true, ahead = true, told = false;
    for (int i = 0; i < INVITED; i++) {
        struct balint_state now = comparable(&evening->people[i]), then = comparable(&before[i]);
        const struct balint_state *old = truth_of(number - 1, i), *new = truth_of(number, i);
        if (before[i].secret.length == 0)
            continue; /* not here yet, or at the very step of coming */
        told = told || (!same(old, new) && same(&then, new));
        after = after && same(&now, new);
        ahead = ahead && same(&now, old);
        if (before[i].has_state)
            check_told(&evening->people[i], &before[i]);
    }
    if (!after && !ahead)
        fail_msg("killed at step %d: the session is neither as before it nor as after it", number);
    if (told && !after)
        fail_msg("killed at step %d: it was told and is lost", number);
    return after;
}

/* Takes in what comes until then; nobody is silent for too long. */
static void stay(struct evening *evening, int64_t ms)
{
    int64_t deadline = balint_test_ms() + ms;
    struct balint_message message;
    while (balint_test_ms() < deadline) {
        settle(evening);
        balint_person_listen(&evening->people[ANNA], &message,
                             (int)(deadline - balint_test_ms() < 2000 ? deadline - balint_test_ms() : 2000));
    }
}

struct tally {
    int kills, done, undone;
};

static void disturbed_step(struct evening *evening, int number, struct presence presences[INVITED],
                           struct tally *tally)
{
    static struct balint_test_person before[INVITED];
    struct timespec within = {.tv_nsec = 1000L << draw(WITHIN_BITS)};
    tally->kills++;
    /* Twice so long that more than what may be lost lies behind it. */
    if (tally->kills == KILLS / 3 || tally->kills == KILLS * 3 / 4)
        stay(evening, LOSS_MS + 200 + draw(1000));
    int64_t asked = balint_test_ms();
    begin_step(evening, number);
    nanosleep(&within, NULL);
    int64_t from = balint_test_ms();
    balint_serverproc_kill(&evening->server);
    int64_t to = balint_test_ms();
    for (int i = 0; i < INVITED; i++) /* who was let in just now is perhaps counted since */
        if (presences[i].asked_ms == 0)
            presences[i].asked_ms = asked;
    account(evening, presences, from, to, LOSS_MS);
    int64_t again = balint_test_ms();
    come_back(evening, before);
    bool done = is_done(evening, number, before);
    tally->done += done;
    tally->undone += !done;
    note_presence(evening, presences, again);
    if (!done || evening->people[steps[number].who].ws == NULL)
        take_step(evening, number);
    note_presence(evening, presences, again);
}

static void nothing_is_lost_by_a_killed_server(void **state)
{
    (void)state;
    static struct evening evening;
    const char *said = getenv("BALINT_SEED");
    bool disturbed[STEPS];
    struct presence presences[INVITED] = {0};
    struct tally tally = {0};
    int64_t begun = balint_test_ms(), most = 0, all = 0;
    chance = said != NULL ? (uint32_t)strtoul(said, NULL, 10) : 1957;
    print_message("BALINT_SEED=%u\n", chance);
    if (chance == 0)
        chance = 1; /* of zeros come zeros */
    draw_moments(disturbed);

    evening_begin(&evening, NULL);
    for (int i = 0; i < STEPS; i++) {
        take_step(&evening, i);
        for (int who = 0; who < INVITED; who++)
            truth[i][who] = comparable(&evening.people[who]);
    }
    evening_end(&evening);

    evening_begin(&evening, NULL);
    for (int i = 0; i < STEPS; i++) {
        int64_t before = balint_test_ms();
        if (disturbed[i])
            disturbed_step(&evening, i, presences, &tally);
        else
            take_step(&evening, i);
        note_presence(&evening, presences, before);
        expect(&evening, i);
    }
    int64_t from = balint_test_ms();
    assert_int_equal(balint_serverproc_stop(&evening.server), 0);
    account(&evening, presences, from, balint_test_ms(), TOLERANCE); /* in order: nothing is lost */
    for (int i = 0; i < INVITED; i++) {
        most = presences[i].most_lost > most ? presences[i].most_lost : most;
        all = presences[i].lost > all ? presences[i].lost : all;
    }
    print_message("%d kills in %d steps: %d requests were done, %d not; at most %lld ms of attendance were "
                  "lost at once, %lld by one person in all; %lld ms\n",
                  tally.kills, STEPS, tally.done, tally.undone, (long long)most, (long long)all,
                  (long long)(balint_test_ms() - begun));
    assert_int_equal(tally.kills, KILLS);
    assert_true(balint_serverproc_start(&evening.server, NULL, NULL));
    evening_end(&evening);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_lost_by_a_killed_server)};
    alarm(240);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
