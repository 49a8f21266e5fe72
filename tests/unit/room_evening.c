/* room_evening.c - evenings of chance through the wire: people, devices, leaders and servers come and go, and
 * after every event each of them has been told exactly what they may know.
 */
#include "room_support.h"
#include "session_support.h"

#define EVENTS  30000
#define MEMBERS 19
#define DEVICES 2

struct evening {
    struct room room;
    struct chance chance;
    struct program *programs[MEMBERS * DEVICES];
    uint32_t numbers[MEMBERS * DEVICES]; /* of the last state of this process */
    bool inside[MEMBERS * DEVICES], leads[MEMBERS * DEVICES];
    int64_t asked; /* id of the request of this event, 0: none */
    struct program *asker;
    long answers, states, restarts, rosters, forwarded;
};

static bool chance_random(uint8_t *bytes, size_t length)
{
    static struct chance chance = {.state = 4711};
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)chance_next(&chance, 256);
    return true;
}

static const struct balint_session *session_of(const struct evening *e)
{
    return balint_room_session(e->room.room);
}

static bool is_inside(const struct evening *e, const struct program *p)
{
    return p->conn != 0 && p->welcome.secret.length != 0 && session_of(e)->seats[p->welcome.seat].admitted;
}

static bool is_leader(const struct evening *e, const struct program *p)
{
    return is_inside(e, p) && balint_is_leader(session_of(e)->seats[p->welcome.seat].role);
}

/* ---- what happens */

static struct program *somebody(struct evening *e)
{
    struct program *p = NULL;
    for (int i = 0; i < 20 && (p == NULL || p->conn == 0); i++)
        p = e->programs[chance_next(&e->chance, MEMBERS * DEVICES)];
    return p;
}

static void comes(struct evening *e, struct program *p)
{
    uint8_t session[BALINT_SESSION_SIZE];
    if (p->conn != 0)
        return;
    memset(session, 1 + (int)chance_next(&e->chance, 3), sizeof session);
    bool chooses = balint_is_leader(p->certificate.role) && chance_next(&e->chance, 2);
    if (p->welcome.secret.length != 0 && chance_next(&e->chance, 2)) {
        if (say_resume(p, &p->welcome.secret))
            return;
        p->conn = 0;
    }
    if (!say_hello(p, chooses ? session : NULL)) {
        p->conn = 0;
        p->welcome.secret.length = 0;
        return;
    }
    for (int i = 0; i < MEMBERS * DEVICES; i++)
        if (e->programs[i] == p)
            e->numbers[i] = 0;
}

static void admits(struct evening *e, struct program *p)
{
    struct program *who[3];
    struct balint_roster roster, newest;
    if (p->conn == 0)
        return;
    for (int i = 0; i < 3; i++)
        who[i] = e->programs[chance_next(&e->chance, MEMBERS * DEVICES)];
    make_roster(&e->room, &roster, &p, 1);
    if (p->roster.roster.length != 0 &&
        balint_roster_read(&newest, p->roster.roster.data, p->roster.roster.length)) {
        for (int i = 0; i < newest.count; i++)
            if (strcmp(newest.entries[i].member, p->certificate.member) != 0 &&
                chance_next(&e->chance, 30) != 0) /* the others are removed */
                roster.entries[roster.count++] = newest.entries[i];
    }
    for (int i = 0; i < 3; i++) {
        bool known = false;
        for (int k = 0; k < roster.count; k++)
            known = known || strcmp(roster.entries[k].member, who[i]->certificate.member) == 0;
        if (known || who[i]->conn == 0 || roster.count == BALINT_SEATS)
            continue;
        struct balint_roster_entry *entry = &roster.entries[roster.count++];
        memset(entry, 0, sizeof *entry);
        memcpy(entry->member, who[i]->certificate.member, sizeof entry->member);
        memcpy(entry->device, who[i]->device.key, sizeof entry->device);
        entry->role = who[i]->certificate.role;
        entry->serial = 5;
    }
    uint32_t epoch = p->state.roster;
    send_roster(p, &roster, e->asked);
    e->rosters += p->state.roster > epoch;
}

static void requests(struct evening *e, struct program *p)
{
    enum balint_type type = (enum balint_type)(
        BALINT_MSG_PRESENT + (int)chance_next(&e->chance, BALINT_MSG_LOCK - BALINT_MSG_PRESENT));
    int value = (int)chance_next(&e->chance, 3), seat = (int)chance_next(&e->chance, 17) - 1;
    if (p->conn == 0)
        return;
    if (type == BALINT_MSG_PHASE)
        value = session_of(e)->phase + (int)chance_next(&e->chance, 3) - 1;
    act(p, type, seat, value, e->asked);
}

static void links(struct evening *e, struct program *p)
{
    struct balint_message message = {.type = BALINT_MSG_REPORT, .id = e->asked};
    int to = session_of(e)->leads;
    if (to == BALINT_NOBODY || chance_next(&e->chance, 2))
        to = (int)chance_next(&e->chance, BALINT_SEATS);
    message.report.seat = to;
    message.report.envelope.length = BALINT_ENVELOPE_SIZE;
    if (chance_next(&e->chance, 2)) {
        message.type = BALINT_MSG_LINK;
        message.link = (struct balint_link_message){.seat = to, .generation = 1, .event = BALINT_LINK_REMAKE};
    }
    if (p->conn != 0)
        say(p, &message);
}

static void restart(struct evening *e)
{
    const char *why = NULL;
    bool had_socket[MEMBERS * DEVICES];
    char *text = balint_room_save(e->room.room);
    assert_non_null(text);
    balint_room_free(e->room.room);
    e->room.now_us += 3 * SECOND;
    e->room.room = balint_room_load(text, ROOM_BOOT, chance_random, e->room.now_us, &why);
    if (e->room.room == NULL)
        fail_msg("%s", why);
    free(text);
    for (int i = 0; i < MEMBERS * DEVICES; i++) {
        had_socket[i] = e->programs[i]->conn != 0;
        e->programs[i]->conn = 0;
        e->numbers[i] = 0;
    }
    e->restarts++;
    /* Most come back. */
    for (int i = 0; i < MEMBERS * DEVICES; i++)
        if (had_socket[i] && chance_next(&e->chance, 8) != 0)
            comes(e, e->programs[i]);
}

static void something_happens(struct evening *e, long event)
{
    struct program *p = somebody(e);
    struct balint_message leave = {.type = BALINT_MSG_LEAVE, .id = e->asked};
    e->asker = p;
    e->room.now_us += chance_next(&e->chance, 2000000);
    switch (chance_next(&e->chance, 24)) {
    case 0:
    case 1:
    case 2:
    case 3:
        e->asked = 0;
        comes(e, e->programs[chance_next(&e->chance, MEMBERS * DEVICES)]);
        break;
    case 4:
        e->asked = 0;
        if (p->conn != 0)
            lose(p);
        break;
    case 5:
    case 6:
        if (p->conn != 0)
            admits(e, p);
        break;
    case 7:
        if (p->conn != 0 && chance_next(&e->chance, 8) == 0)
            say(p, &leave);
        else
            e->asked = 0;
        break;
    case 8:
    case 9:
        links(e, p);
        break;
    case 10:
        e->asked = 0;
        balint_room_tick(e->room.room, e->room.now_us);
        if (chance_next(&e->chance, 40) == 0)
            balint_room_revoke(e->room.room, p->certificate.member, 5 + chance_next(&e->chance, 2),
                               e->room.now_us);
        deliver(&e->room);
        break;
    default:
        requests(e, p);
    }
    if (event % 500 == 499)
        restart(e);
}

/* ---- what must hold */

static void check_for_who_waits(const struct evening *e, const struct program *p, const struct got *got)
{
    const struct balint_state *state = &got->message.state;
    switch (got->message.type) {
    case BALINT_MSG_STATE:
        assert_false(state->admitted);
        assert_int_equal(state->format.count + state->seat_count + state->lobby_count, 0);
        assert_int_equal(state->presenter, BALINT_NOBODY);
        return;
    case BALINT_MSG_PERSON: /* who signed the roster */
    case BALINT_MSG_ROSTER: /* a leader who may open the evening has to make its successor */
        assert_true(balint_is_leader(p->certificate.role) && !balint_session_led(session_of(e)));
        return;
    case BALINT_MSG_WELCOME:
    case BALINT_MSG_ERROR:
    case BALINT_MSG_DONE:
    case BALINT_MSG_PONG:
    case BALINT_MSG_DISPLACED:
    case BALINT_MSG_BYE:
        return;
    default:
        fail_msg("who waits got: %s", got->text);
    }
}

static void check_for_members(const struct evening *e, const struct program *p, const struct got *got)
{
    const struct balint_state *state = &got->message.state;
    if (got->message.type == BALINT_MSG_STATE) {
        assert_int_equal(state->lobby_count, 0);
        assert_true(!state->asked || state->presenter == state->you);
        for (int i = 0; i < state->seat_count; i++)
            assert_true(!state->seats[i].sitting_out || state->seats[i].seat == state->you);
    }
    if (got->message.type == BALINT_MSG_PERSON)
        assert_true(session_of(e)->seats[got->message.person.seat].admitted);
    if (got->message.type == BALINT_MSG_REPORT) /* leaders' cover */
        assert_true(balint_is_leader(session_of(e)->seats[got->message.report.seat].role));
    (void)p;
}

/* Each client is a function of its last state: that one is what it may see now. */
static void check_last_state(const struct evening *e, const struct program *p)
{
    struct balint_state now, last = p->state;
    balint_state_of(session_of(e), p->welcome.seat, &now);
    memcpy(now.boot, last.boot, sizeof now.boot);
    now.number = last.number;
    now.clock_ms = last.clock_ms;
    now.roster = last.roster;
    assert_memory_equal(&now, &last, sizeof now);
    for (int i = 0; i < last.seat_count; i++)
        assert_int_equal(p->people[last.seats[i].seat].epoch, last.seats[i].epoch);
    for (int i = 0; i < last.lobby_count; i++)
        assert_int_equal(p->people[last.lobby[i].seat].epoch, last.lobby[i].epoch);
    if (last.admitted) {
        struct balint_roster roster;
        assert_true(balint_roster_read(&roster, p->roster.roster.data, p->roster.roster.length));
        assert_int_equal(roster.epoch, last.roster);
        for (int i = 0; i < last.seat_count; i++) {
            const struct balint_roster_entry *entry = balint_roster_find(&roster, last.seats[i].member);
            assert_non_null(entry); /* nobody is in who is not in the roster */
            assert_int_equal(entry->role, last.seats[i].role);
        }
    }
}

static void check_answers(struct evening *e)
{
    int answers = 0;
    for (int i = 0; i < MEMBERS * DEVICES; i++)
        for (const struct got *got = e->programs[i]->inbox; got != NULL; got = got->next)
            if (e->asked != 0 && got->message.re == e->asked) {
                assert_ptr_equal(e->programs[i], e->asker);
                answers++;
            }
    if (e->asked != 0 && e->asker->conn != 0 && e->asker->in != NULL) {
        assert_int_equal(answers, 1);
        e->answers++;
    }
}

static void check(struct evening *e, int i, bool was_inside, bool was_leader)
{
    struct program *p = e->programs[i];
    bool inside = is_inside(e, p), leader = is_leader(e, p);
    for (const struct got *got = p->inbox; got != NULL; got = got->next) {
        if (!was_inside && !inside)
            check_for_who_waits(e, p, got);
        else if (!was_leader && !leader)
            check_for_members(e, p, got);
        if (got->message.type == BALINT_MSG_STATE) {
            assert_int_equal(got->message.state.number, e->numbers[i] + 1);
            e->numbers[i]++;
            e->states++;
        }
        e->forwarded += got->message.type == BALINT_MSG_REPORT || got->message.type == BALINT_MSG_LINK;
    }
    if (p->conn != 0)
        check_last_state(e, p);
}

static void everybody_knows_what_they_may_know(void **state)
{
    (void)state;
    static struct evening e;
    room_open(&e.room);
    e.chance.state = UINT64_C(0xbadc0ffee);
    for (int i = 0; i < MEMBERS; i++)
        for (int device = 0; device < DEVICES; device++) {
            char name[32];
            snprintf(name, sizeof name, "member%d", i);
            enum balint_role role = i < 3    ? BALINT_LEADER
                                    : i < 5  ? BALINT_CO_LEADER
                                    : i < 17 ? BALINT_MEMBER
                                             : BALINT_OBSERVER;
            e.programs[DEVICES * i + device] =
                program_new(&e.room, name, role, (uint8_t)(DEVICES * i + device));
        }
    for (long event = 0; event < EVENTS; event++) {
        for (int i = 0; i < MEMBERS * DEVICES; i++) {
            e.inside[i] = is_inside(&e, e.programs[i]);
            e.leads[i] = is_leader(&e, e.programs[i]);
        }
        e.asked = 1000 + event;
        something_happens(&e, event);
        if (event % 500 == 499) { /* the restart: only what came of it counts */
            for (int i = 0; i < MEMBERS * DEVICES; i++)
                if (e.programs[i]->conn != 0) {
                    e.numbers[i] = e.programs[i]->state.number;
                    check_last_state(&e, e.programs[i]);
                }
            forget_all(&e.room);
            continue;
        }
        check_answers(&e);
        for (int i = 0; i < MEMBERS * DEVICES; i++)
            check(&e, i, e.inside[i], e.leads[i]);
        forget_all(&e.room);
    }
    print_message("%d events: %ld states, %ld rosters, %ld answers, %ld forwarded, %ld restarts\n", EVENTS,
                  e.states, e.rosters, e.answers, e.forwarded, e.restarts);
    assert_true(e.states > 15000 && e.rosters > 250 && e.answers > 10000 && e.forwarded > 200);
    room_close(&e.room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_knows_what_they_may_know),
    };
    return cmocka_run_group_tests_name("room-evening", tests, NULL, NULL);
}
