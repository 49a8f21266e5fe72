/* session.c - seats and requests: who comes and goes, and what each person may ask of the session.
 *
 * Every request goes through one table that says who may ask it, so that a right is written down once. A
 * co-leader has every right of a leader. Whatever is refused changes nothing. Pure; one owner.
 */
#include "session/session.h"

#include "session/phase.h"

#include <string.h>

/* "Leads now" moves by itself only when the one who leads has been gone for so long. */
#define LEAD_GRACE_US 10000000

static void copy_text(char *to, size_t size, const char *from)
{
    size_t length = strnlen(from, size - 1);
    memcpy(to, from, length);
    memset(to + length, 0, size - length);
}

/* Times of which 0 means "not". */
static int64_t time_mark(int64_t now_us)
{
    return now_us > 0 ? now_us : 1;
}

bool balint_is_leader(enum balint_role role)
{
    return role == BALINT_LEADER || role == BALINT_CO_LEADER;
}

static struct balint_seat *admitted_seat(struct balint_session *session, int seat)
{
    if (seat < 0 || seat >= BALINT_SEATS || !session->seats[seat].taken || !session->seats[seat].admitted)
        return NULL;
    return &session->seats[seat];
}

static int find_seat(const struct balint_session *session, const char *member, bool admitted)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (session->seats[seat].taken && session->seats[seat].admitted == admitted &&
            strcmp(session->seats[seat].member, member) == 0)
            return seat;
    return BALINT_NOBODY;
}

int balint_session_find(const struct balint_session *session, const char *member)
{
    int seat = find_seat(session, member, true);
    return seat != BALINT_NOBODY ? seat : find_seat(session, member, false);
}

static bool leads_now(const struct balint_seat *person)
{
    return person->taken && person->admitted && person->connected && balint_is_leader(person->role);
}

/* The first leader or co-leader who is here, or BALINT_NOBODY. */
static int leader_here(const struct balint_session *session)
{
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (leads_now(&session->seats[seat]))
            return seat;
    return BALINT_NOBODY;
}

bool balint_session_led(const struct balint_session *session)
{
    return leader_here(session) != BALINT_NOBODY;
}

void balint_session_init(struct balint_session *session, const char *group,
                         const struct balint_format *format, int64_t now_us)
{
    memset(session, 0, sizeof *session);
    copy_text(session->group, sizeof session->group, group);
    memcpy(&session->format, format, sizeof session->format);
    if (balint_format_find(format->id) == NULL)
        memcpy(&session->own, format, sizeof session->own);
    session->phase_since_us = now_us;
    session->leads = BALINT_NOBODY;
    session->presenter = BALINT_NOBODY;
    session->proposed = BALINT_NOBODY;
}

/* ---- coming and going */

int balint_session_seat(struct balint_session *session, const char *member, const char *name,
                        enum balint_role role)
{
    /* Who was admitted keeps name and role all evening. */
    int own = find_seat(session, member, true);
    return own != BALINT_NOBODY ? own : balint_session_wait(session, member, name, role);
}

int balint_session_wait(struct balint_session *session, const char *member, const char *name,
                        enum balint_role role)
{
    int own = find_seat(session, member, false);
    for (int seat = 0; own == BALINT_NOBODY && seat < BALINT_SEATS; seat++) {
        struct balint_seat *person = &session->seats[seat];
        if (person->taken)
            continue;
        memset(person, 0, sizeof *person);
        person->taken = true;
        person->epoch = session->freed_epoch;
        copy_text(person->member, sizeof person->member, member);
        own = seat;
    }
    if (own == BALINT_NOBODY)
        return BALINT_NOBODY;
    /* At the door a renewed invitation counts. */
    copy_text(session->seats[own].name, sizeof session->seats[own].name, name);
    session->seats[own].role = role;
    return own;
}

static void lead_if_nobody(struct balint_session *session, int seat)
{
    if (session->leads == BALINT_NOBODY && session->seats[seat].admitted &&
        balint_is_leader(session->seats[seat].role))
        session->leads = seat;
}

void balint_session_connect(struct balint_session *session, int seat, bool fresh, int64_t now_us)
{
    struct balint_seat *person = &session->seats[seat];
    person->connected = true;
    person->lost_us = 0;
    if (fresh)
        person->epoch++;
    lead_if_nobody(session, seat);
    balint_round_update(session, now_us);
}

void balint_session_rename(struct balint_session *session, int seat, const char *name, enum balint_role role)
{
    struct balint_seat *person = &session->seats[seat];
    copy_text(person->name, sizeof person->name, name);
    person->role = role;
    if (!balint_after_room_for(role))
        balint_after_room_end(person);
    if (role == BALINT_OBSERVER) {
        balint_case_forget(session, seat);
        balint_round_forget(session, seat);
    }
    if (session->presenter == seat && role == BALINT_OBSERVER)
        balint_case_present(session, BALINT_NOBODY);
    if (session->leads == seat && !balint_is_leader(role))
        session->leads = leader_here(session);
}

void balint_session_disconnect(struct balint_session *session, int seat, int64_t now_us)
{
    struct balint_seat *person = &session->seats[seat];
    if (!person->taken || !person->connected)
        return;
    person->connected = false;
    person->lost_us = time_mark(now_us);
}

void balint_session_leave(struct balint_session *session, int seat, int64_t now_us)
{
    balint_session_disconnect(session, seat, now_us);
    balint_case_forget(session, seat);
    balint_round_leave(session, seat);
}

void balint_session_admit(struct balint_session *session, int seat, int64_t now_us)
{
    session->seats[seat].admitted = true;
    lead_if_nobody(session, seat);
    balint_round_update(session, now_us);
}

void balint_session_free(struct balint_session *session, int seat, int64_t now_us)
{
    struct balint_seat *person = &session->seats[seat];
    if (!person->taken)
        return;
    balint_case_forget(session, seat);
    if (session->presenter == seat)
        balint_case_present(session, BALINT_NOBODY);
    balint_round_forget(session, seat);
    if (person->epoch > session->freed_epoch)
        session->freed_epoch = person->epoch;
    memset(person, 0, sizeof *person);
    for (int i = 0; i < session->past_count; i++)
        if (session->past[i].presenter == seat)
            session->past[i].presenter = BALINT_NOBODY;
    if (session->leads == seat)
        session->leads = leader_here(session);
    balint_round_update(session, now_us);
}

static bool lead_moves(struct balint_session *session, int64_t now_us)
{
    if (session->leads != BALINT_NOBODY) {
        const struct balint_seat *leads = &session->seats[session->leads];
        if (leads->connected || now_us - leads->lost_us < LEAD_GRACE_US)
            return false;
    }
    int here = leader_here(session);
    if (here == BALINT_NOBODY)
        return false;
    session->leads = here;
    return true;
}

bool balint_session_tick(struct balint_session *session, int64_t now_us)
{
    bool moved = lead_moves(session, now_us);
    return balint_round_update(session, now_us) || moved;
}

/* ---- requests */

typedef enum balint_result (*handler)(struct balint_session *session, int by,
                                      const struct balint_request *request, int64_t now_us);

static enum balint_result do_present(struct balint_session *session, int by,
                                     const struct balint_request *request, int64_t now_us)
{
    (void)now_us;
    if (request->seat != BALINT_NOBODY) {
        /* A case is told by somebody who is heard, and by nobody who asked not to hear it. */
        const struct balint_seat *person = admitted_seat(session, request->seat);
        if (person == NULL || person->role == BALINT_OBSERVER || person->sitting_out)
            return BALINT_NO_SUCH_SEAT;
    }
    balint_case_name(session, by, request->seat);
    return BALINT_OK;
}

static enum balint_result do_volunteer(struct balint_session *session, int by,
                                       const struct balint_request *request, int64_t now_us)
{
    (void)now_us;
    return balint_case_volunteer(session, by, request->value == 1);
}

static enum balint_result do_agree(struct balint_session *session, int by,
                                   const struct balint_request *request, int64_t now_us)
{
    (void)now_us;
    return balint_case_agree(session, by, request->value == 1);
}

static enum balint_result do_phase(struct balint_session *session, int by,
                                   const struct balint_request *request, int64_t now_us)
{
    (void)by;
    return balint_phase_enter(session, request->value, now_us);
}

static enum balint_result do_format(struct balint_session *session, int by,
                                    const struct balint_request *request, int64_t now_us)
{
    (void)by;
    (void)now_us;
    const struct balint_format *choice = balint_session_choice(session, request->value);
    if (choice == NULL)
        return BALINT_NO_SUCH_FORMAT;
    /* Later it would pull the phase away from under people. */
    if (session->phase != 0)
        return BALINT_TOO_LATE;
    memcpy(&session->format, choice, sizeof session->format);
    balint_stays_forget(session);
    return BALINT_OK;
}

static enum balint_result do_step_back(struct balint_session *session, int by,
                                       const struct balint_request *request, int64_t now_us)
{
    (void)by;
    (void)now_us;
    return balint_step_back(session, (enum balint_place)request->value);
}

static enum balint_result do_invite_back(struct balint_session *session, int by,
                                         const struct balint_request *request, int64_t now_us)
{
    (void)by;
    (void)request;
    (void)now_us;
    return balint_invite_back(session);
}

static enum balint_result do_return(struct balint_session *session, int by,
                                    const struct balint_request *request, int64_t now_us)
{
    (void)now_us;
    return balint_return(session, by, request->value == 1);
}

static enum balint_result do_ask_return(struct balint_session *session, int by,
                                        const struct balint_request *request, int64_t now_us)
{
    (void)now_us;
    return balint_ask_return(session, by, request->value == 1);
}

static enum balint_result do_hand(struct balint_session *session, int by,
                                  const struct balint_request *request, int64_t now_us)
{
    struct balint_seat *person = &session->seats[by];
    if (person->role == BALINT_OBSERVER) /* listens only, and so asks for no turn */
        return BALINT_NOT_YOURS;
    if (request->seat != BALINT_NOBODY && request->seat != by) {
        /* Nobody raises another person's hand. */
        if (!balint_is_leader(person->role) || request->value != 0)
            return BALINT_NOT_YOURS;
        person = admitted_seat(session, request->seat);
        if (person == NULL)
            return BALINT_NO_SUCH_SEAT;
    }
    if (request->value == 0)
        person->hand_us = 0;
    else if (person->hand_us == 0) /* a second press does not lose the place in the row */
        person->hand_us = time_mark(now_us);
    return BALINT_OK;
}

static enum balint_result do_mute(struct balint_session *session, int by,
                                  const struct balint_request *request, int64_t now_us)
{
    (void)now_us;
    struct balint_seat *person = &session->seats[by];
    if (request->value == 0 && person->muted_for_cause)
        return BALINT_STILL_MUTED;
    person->muted = request->value == 1;
    return BALINT_OK;
}

static enum balint_result do_mute_for_cause(struct balint_session *session, int by,
                                            const struct balint_request *request, int64_t now_us)
{
    (void)by;
    (void)now_us;
    struct balint_seat *person = admitted_seat(session, request->seat);
    if (person == NULL)
        return BALINT_NO_SUCH_SEAT;
    /* Lifting it opens nothing: the own key does. */
    if (person->muted_for_cause && request->value == 0)
        person->muted = true;
    person->muted_for_cause = request->value == 1;
    return BALINT_OK;
}

static enum balint_result do_away(struct balint_session *session, int by,
                                  const struct balint_request *request, int64_t now_us)
{
    (void)now_us;
    session->seats[by].away = request->value == 1;
    if (request->value == 1) /* as sitting out does: what else the others see of the two is the same */
        balint_case_forget(session, by);
    return BALINT_OK;
}

static enum balint_result do_sit_out(struct balint_session *session, int by,
                                     const struct balint_request *request, int64_t now_us)
{
    (void)now_us;
    if (request->value == 1 && session->presenter == by) /* it is this person's own patient */
        return BALINT_NOT_YOURS;
    session->seats[by].sitting_out = request->value == 1;
    if (request->value == 1)
        balint_case_forget(session, by);
    return BALINT_OK;
}

static enum balint_result do_shared(struct balint_session *session, int by,
                                    const struct balint_request *request, int64_t now_us)
{
    (void)now_us;
    if (session->seats[by].role == BALINT_OBSERVER) /* is never counted */
        return BALINT_NOT_YOURS;
    session->seats[by].shared = request->value == 1;
    return BALINT_OK;
}

static enum balint_result do_end_at(struct balint_session *session, int by,
                                    const struct balint_request *request, int64_t now_us)
{
    (void)by;
    session->ends_us = request->value == 0 ? 0 : now_us + request->value * INT64_C(60000000);
    return BALINT_OK;
}

static enum balint_result do_after_room(struct balint_session *session, int by,
                                        const struct balint_request *request, int64_t now_us)
{
    (void)now_us;
    struct balint_seat *person = &session->seats[by];
    if (!balint_after_room_for(person->role))
        return BALINT_NOT_YOURS;
    if (request->value == 1 && !balint_after_room_open(session))
        return BALINT_NOT_YET;
    person->after_room = request->value == 1;
    return BALINT_OK;
}

static enum balint_result do_turn(struct balint_session *session, int by,
                                  const struct balint_request *request, int64_t now_us)
{
    (void)request;
    (void)now_us;
    return balint_round_over(session, by);
}

static enum balint_result do_round(struct balint_session *session, int by,
                                   const struct balint_request *request, int64_t now_us)
{
    (void)by;
    if (request->value == BALINT_ROUND_NEXT)
        return balint_round_next(session);
    if (request->value == BALINT_ROUND_BEGIN)
        balint_round_begin(session, now_us);
    else
        balint_round_end(session);
    return BALINT_OK;
}

static enum balint_result do_lead(struct balint_session *session, int by,
                                  const struct balint_request *request, int64_t now_us)
{
    (void)by;
    (void)now_us;
    if (request->seat < 0 || request->seat >= BALINT_SEATS || !leads_now(&session->seats[request->seat]))
        return BALINT_NO_SUCH_SEAT;
    session->leads = request->seat;
    return BALINT_OK;
}

/* Who may ask what, and the values it takes. Phases have a range, and an error, of their own. `work`: what
 * there is only with a case, and so not in the corridor; taking it back is there as well. */
static const struct {
    handler handle;
    bool leaders_only;
    bool work;
    int highest; /* value: 0..highest; -1 = not looked at here */
} rights[BALINT_ACTIONS] = {
    [BALINT_PRESENT] = {do_present, true, true, -1},
    [BALINT_VOLUNTEER] = {do_volunteer, false, true, 1},
    [BALINT_AGREE] = {do_agree, false, false, 1},
    [BALINT_PHASE] = {do_phase, true, false, -1},
    [BALINT_FORMAT] = {do_format, true, false, -1},
    [BALINT_STEP_BACK] = {do_step_back, true, true, BALINT_PLACES - 1},
    [BALINT_INVITE_BACK] = {do_invite_back, true, false, -1},
    [BALINT_RETURN] = {do_return, false, false, 1},
    [BALINT_ASK_RETURN] = {do_ask_return, false, false, 1},
    [BALINT_HAND] = {do_hand, false, false, 1},
    [BALINT_MUTE] = {do_mute, false, false, 1},
    [BALINT_MUTE_FOR_CAUSE] = {do_mute_for_cause, true, false, 1},
    [BALINT_AWAY] = {do_away, false, false, 1},
    [BALINT_SIT_OUT] = {do_sit_out, false, true, 1},
    [BALINT_SHARED] = {do_shared, false, false, 1},
    [BALINT_END_AT] = {do_end_at, true, false, BALINT_END_MINUTES},
    [BALINT_AFTER_ROOM] = {do_after_room, false, false, 1},
    [BALINT_TURN] = {do_turn, false, false, -1},
    [BALINT_ROUND] = {do_round, true, false, BALINT_ROUND_WORDS - 1},
    [BALINT_LEAD] = {do_lead, true, false, -1},
};

/* Does it only take back what is there? */
static bool takes_back(const struct balint_request *request)
{
    if (request->action == BALINT_PRESENT)
        return request->seat == BALINT_NOBODY;
    return request->action != BALINT_STEP_BACK && request->value == 0;
}

static bool in_corridor(const struct balint_session *session)
{
    return session->format.phases[session->phase].part == BALINT_PART_CORRIDOR;
}

enum balint_result balint_session_request(struct balint_session *session, int by,
                                          const struct balint_request *request, int64_t now_us)
{
    const struct balint_seat *person = admitted_seat(session, by);
    if (person == NULL)
        return BALINT_NOT_ADMITTED;
    if ((unsigned)request->action >= BALINT_ACTIONS)
        return BALINT_BAD_VALUE;
    if (rights[request->action].leaders_only && !balint_is_leader(person->role))
        return BALINT_NOT_YOURS;
    int highest = rights[request->action].highest;
    if (highest >= 0 && (request->value < 0 || request->value > highest))
        return BALINT_BAD_VALUE;
    if (rights[request->action].work && in_corridor(session) && !takes_back(request))
        return BALINT_WORK_DONE;
    enum balint_result result = rights[request->action].handle(session, by, request, now_us);
    if (result == BALINT_OK)
        balint_round_update(session, now_us);
    return result;
}
