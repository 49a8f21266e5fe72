/* session.h - one Balint session as data: who is here, in which phase, who presents, who has stepped back.
 *
 * Why a plain struct: a group is small (at most 16 seats), so fixed arrays need no allocator, can be copied
 * to compare before and after, and a whole session is one snapshot. No clock, socket or thread is known here:
 * every function that needs the time takes `now_us`, the session's clock in microseconds, and is called from
 * the one loop that owns the session.
 *
 * The rules come from BALINT.md's tables ("The evening", "Who may be heard and seen", "Step back").
 */
#ifndef BALINT_SESSION_H
#define BALINT_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BALINT_SEATS     16 /* seats of a group, lobby included */
#define BALINT_PHASES    16 /* phases of a format */
#define BALINT_NAME_SIZE 65 /* bytes of a person's or group's name, UTF-8, with the final NUL */
#define BALINT_ID_SIZE                                                                                       \
    33 /* bytes of a member's, format's or phase's id (a-z 0-9 - _), with the final NUL                      \
        */
#define BALINT_TEXT_SIZE    121 /* bytes of a line of guidance, UTF-8, with the final NUL */
#define BALINT_SESSION_SIZE 16  /* bytes of a session's random id */
#define BALINT_MINUTES_MAX  600 /* the longest soft length of a phase */
#define BALINT_END_MINUTES  600 /* the latest end of an evening that can be said, in minutes from now */
#define BALINT_NOBODY       (-1)

/* A person's role for the evening. It comes from the certificate and the roster, never from a state message.
 * "Presenter" is no role of this kind: it belongs to one case (struct balint_session.presenter). */
enum balint_role {
    BALINT_LEADER,
    BALINT_CO_LEADER,
    BALINT_MEMBER,
    BALINT_OBSERVER,
    BALINT_ROLES,
};

/* Where the presenter sits during a phase, as the group agreed. */
enum balint_place {
    BALINT_IN_CIRCLE,    /* in the circle: heard and seen by all */
    BALINT_ASIDE,        /* stepped back, dimmed for members */
    BALINT_LEADERS_ONLY, /* stepped back, seen by leaders alone */
    BALINT_PLACES,
};

/* Whose turn a phase is. Guidance to be shown, never enforced. */
enum balint_turn {
    BALINT_TURN_ALL,
    BALINT_TURN_ONE_BY_ONE,
    BALINT_TURN_PRESENTER,
    BALINT_TURN_ALL_BUT_PRESENTER,
    BALINT_TURNS,
};

/* What the program has to know of a phase, whatever it is called. */
enum balint_phase_part {
    BALINT_PART_PLAIN,      /* nothing */
    BALINT_PART_CASE,       /* a case begins: entered after another case, it ends that one */
    BALINT_PART_DISCUSSION, /* the group's work on the case, also where the presenter stays in the circle */
    BALINT_PART_CORRIDOR, /* the evening's work is over: nobody tells a case, steps back, begins to sit out */
    BALINT_PARTS,
};

/* One phase of a format. */
struct balint_phase {
    char id[BALINT_ID_SIZE];         /* "discussion": unique within the format */
    char title[BALINT_NAME_SIZE];    /* "Discussion": shown */
    char guidance[BALINT_TEXT_SIZE]; /* one line: whose turn it is and what it is for */
    int minutes;                     /* soft length, 0 = none */
    enum balint_turn turn;
    enum balint_place presenter; /* anything but BALINT_IN_CIRCLE steps the presenter back on entry */
    enum balint_phase_part part;
    uint32_t loops; /* bit i: phase i may follow directly (besides the next and the previous) */
};

/* A format: the order of an evening. Data, no code: shipped formats are the files of formats/, see
 * FORMATS.md. The last phase can be entered from any other. */
struct balint_format {
    char id[BALINT_ID_SIZE];
    char title[BALINT_NAME_SIZE];
    int count;
    struct balint_phase phases[BALINT_PHASES];
};

/* One seat. A seat is taken at the first knock of a member and kept all evening, through any outage. */
struct balint_seat {
    bool taken;
    bool admitted;               /* false: in the lobby */
    bool connected;              /* a socket of this person is open */
    char member[BALINT_ID_SIZE]; /* the certificate's member id: the same person on any device */
    char name[BALINT_NAME_SIZE];
    enum balint_role role;
    uint32_t epoch;       /* counts this person's client processes, from 1: a new one means new links */
    bool muted;           /* own mute */
    bool muted_for_cause; /* by a leader */
    bool away;
    bool sitting_out;
    bool after_room; /* a leader or an observer who goes on about the leading, apart from the others */
    bool shared;     /* several people at this microphone */
    bool volunteers; /* has a case for this group, and said so; not while away or sitting out */
    int64_t hand_us; /* since when the hand is up, 0 = down */
    int64_t lost_us; /* since when not connected, 0 = connected */
};

/* A round: who has still to come, in that order; the first one's turn it is. Guidance, never enforced. */
struct balint_round {
    bool on;
    int count;
    int row[BALINT_SEATS]; /* seats; zeros behind `count` */
    uint32_t had;          /* seats that have had their turn in this round, a bit each */
};

#define BALINT_STAYS 32 /* of an evening, remembered; the oldest give way */

/* A stay in a phase that is over, so that a leader's program which was started again knows the evening. */
struct balint_stay {
    int phase;
    int presenter; /* seat that presented when it ended, or BALINT_NOBODY */
    int64_t since_us;
};

/* The whole session: what the server is the authority over, what the snapshot holds. */
struct balint_session {
    uint8_t id[BALINT_SESSION_SIZE]; /* random, chosen by the first leader's program; zeros until then */
    char group[BALINT_NAME_SIZE];
    struct balint_format format;
    struct balint_format own; /* the group's own, which may be chosen again; count 0: it has none */
    int phase;                /* index into format.phases */
    int64_t phase_since_us;   /* when it was entered */
    int leads;                /* seat that leads now, or BALINT_NOBODY */
    int presenter;            /* seat, or BALINT_NOBODY */
    int proposed;      /* seat that leaders ask to present and that has not answered, or BALINT_NOBODY */
    bool stepped_back; /* the presenter has stepped back; false without a presenter */
    bool invited;      /* and has been invited back: opens nothing by itself */
    bool asked;        /* and has asked to return: leaders alone see it */
    enum balint_place place; /* where the presenter is while stepped back, else BALINT_IN_CIRCLE */
    uint32_t freed_epoch;    /* highest epoch of a seat that was freed: no (seat, epoch) is ever used twice */
    int64_t ends_us;         /* when the evening ends, on the session's clock; 0: nobody said */
    struct balint_round round;
    int past_count;
    struct balint_stay
        past[BALINT_STAYS]; /* before the present one, oldest first; zeros behind `past_count` */
    struct balint_seat seats[BALINT_SEATS];
};

/* What a person may ask of the session. `seat` and `value` as each line says. */
enum balint_action {
    BALINT_PRESENT,   /* leader: seat = who presents: at once who volunteered, and the leader who asks; others
                         are asked. BALINT_NOBODY = takes that back, or else ends the case */
    BALINT_VOLUNTEER, /* own: value = 1 I have a case, 0 take it back; not observers, nor who is away */
    BALINT_AGREE,     /* own, who is asked to present: value = 1 agree, 0 decline */
    BALINT_PHASE,     /* leader: value = index of the phase to enter */
    BALINT_FORMAT,    /* leader, in the first phase: value = place in balint_session_choice() */
    BALINT_STEP_BACK, /* leader: the presenter steps back now; value = enum balint_place (aside/leaders), or
                         0:   as the format has it. Stepped back already: takes an invitation back. */
    BALINT_INVITE_BACK,    /* leader */
    BALINT_RETURN,         /* presenter: value = 1 when the key was held for two seconds */
    BALINT_ASK_RETURN,     /* presenter: value = 1 ask, 0 take it back */
    BALINT_HAND,           /* own: value = 1 up, 0 down, not observers; a leader may lower another's (seat) */
    BALINT_MUTE,           /* own: value = 1 mute, 0 unmute */
    BALINT_MUTE_FOR_CAUSE, /* leader: seat, value = 1 mute, 0 lift (their own mute then stays, for their own
                              key) */
    BALINT_AWAY,           /* own: value; 1 takes back a case that was offered */
    BALINT_SIT_OUT,        /* own: value; 1 as well. When the case ends it becomes `away` by itself */
    BALINT_SHARED,         /* own: value = 1 several people at this microphone, 0 one; not observers */
    BALINT_END_AT,         /* leader: value = minutes from now until the evening ends, 0 = nobody says */
    BALINT_AFTER_ROOM,     /* own, leaders and observers: value = 1 in, in the last phase; 0 out */
    BALINT_TURN,           /* own: the own turn of a round is over, or passed by, also before it came */
    BALINT_ROUND,          /* leader: value = enum balint_round_word */
    BALINT_LEAD,           /* leader: seat = the leader or co-leader who leads now */
    BALINT_ACTIONS,
};

/* What a leader says of a round. */
enum balint_round_word {
    BALINT_ROUND_END,
    BALINT_ROUND_BEGIN, /* while one is on: nothing */
    BALINT_ROUND_NEXT,
    BALINT_ROUND_WORDS,
};

struct balint_request {
    enum balint_action action;
    int seat;
    int value;
};

/* Why a request was refused. BALINT_OK: done (or nothing had to change). */
enum balint_result {
    BALINT_OK,
    BALINT_NOT_ADMITTED,   /* only who is admitted may ask this */
    BALINT_NOT_YOURS,      /* the role does not allow it */
    BALINT_NO_SUCH_SEAT,   /* nobody sits there, or not somebody it can be asked of */
    BALINT_NO_SUCH_PHASE,  /* outside the format */
    BALINT_ILLEGAL_EDGE,   /* no edge of the format leads there from here */
    BALINT_NO_PRESENTER,   /* nobody presents */
    BALINT_NO_STEP_BACK,   /* the presenter, if there is one, is in the circle */
    BALINT_HOLD_TO_RETURN, /* not invited while a leader is here: hold the key for two seconds */
    BALINT_BAD_VALUE,      /* value outside its range */
    BALINT_STILL_MUTED,    /* muted for cause: a leader lifts it, then the own key */
    BALINT_NOT_YET,        /* the after-room is there in the last phase alone */
    BALINT_NO_ROUND,       /* there is no round, or this person has had the turn */
    BALINT_NOT_ASKED,      /* nobody asks this person to present */
    BALINT_NO_SUCH_FORMAT, /* neither shipped nor the group's own */
    BALINT_TOO_LATE,       /* the evening has begun */
    BALINT_COME_BACK,      /* not while away or sitting out */
    BALINT_WORK_DONE,      /* in the corridor there is no case to tell, step back in, or sit out */
    BALINT_RESULTS,
};

/* What limits one person, in one place. Everything else about a person changes nothing about the floor. */
struct balint_standing {
    bool admitted, observer, muted, muted_for_cause, away, sitting_out;
    bool after_room;
    bool stepped_back;
    enum balint_place place; /* read only while stepped_back */
};

enum balint_seen {
    BALINT_SEEN_BY_NOBODY,
    BALINT_SEEN_BY_LEADERS,
    BALINT_SEEN_BY_ALL,
    BALINT_SEENS,
};

/* The floor of one person. */
struct balint_floor {
    bool heard;            /* by everybody who hears */
    enum balint_seen seen; /* by whom */
    bool dimmed;           /* members see this picture dimmed (aside); leaders never do */
    bool hears;            /* hears and sees the others */
    bool apart;            /* in the after-room: all of this is among those who are there, and nothing else */
};

/* BALINT.md's table "Who may be heard and seen", complete: the only place it is written down in code.
 * Pure; any thread. */
struct balint_floor balint_floor_of(struct balint_standing standing);

/* Are these two on the same side of the after-room's door? If not, neither hears or sees the other. */
bool balint_floors_meet(struct balint_floor a, struct balint_floor b);
/* May somebody of that role go into the after-room at all? */
bool balint_after_room_for(enum balint_role role);

/* The standing of a seat of a session. `seat` 0..BALINT_SEATS-1; a free seat is as one not admitted. */
struct balint_standing balint_standing_of(const struct balint_session *session, int seat);

/* May `to` hear / see `from`? False for from == to and for free seats. Lobby previews are not the floor's. */
bool balint_may_hear(const struct balint_session *session, int from, int to);
bool balint_may_see(const struct balint_session *session, int from, int to);

/* The shipped format of that id ("classic"), or NULL. Valid for ever. */
const struct balint_format *balint_format_find(const char *id);
/* The shipped formats one by one, from 0; NULL after the last. */
#define BALINT_SHIPPED 5
const struct balint_format *balint_format_shipped(int index);

/* May the phase `to` follow `from`? Legal: the next, the previous, the format's loops, and the last one. */
bool balint_format_edge(const struct balint_format *format, int from, int to);
/* Which edge that is: "next", "previous", "loop", "end"; NULL: none. */
const char *balint_format_edge_name(const struct balint_format *format, int from, int to);
/* Is this the group's work on a case: where the presenter is out of the circle, or what the format calls so?
 */
bool balint_format_discussion(const struct balint_format *format, int phase);

/* The formats that leaders choose from in the first phase: the shipped ones, then the group's own if there is
 * one. From 0; NULL outside. */
#define BALINT_CHOICES (BALINT_SHIPPED + 1)
const struct balint_format *balint_session_choice(const struct balint_session *session, int index);

/* A new session in its format's first phase, with no seat taken. A format that is not shipped is the group's
 * own. */
void balint_session_init(struct balint_session *session, const char *group,
                         const struct balint_format *format, int64_t now_us);

/* Does a request of a seat, as BALINT.md allows it. `by` is the seat that asks. Changes nothing unless it
 * returns BALINT_OK. This is the only function through which a session's phase, presenter, step-back and
 * flags change (joining and leaving: below). */
enum balint_result balint_session_request(struct balint_session *session, int by,
                                          const struct balint_request *request, int64_t now_us);

/* Somebody's socket opened: `fresh` when it is a new client process (epoch + 1), false when one resumed.
 * `seat` must be taken. Restores nothing and opens nothing: seat, role, flags and step-back are as they were.
 */
void balint_session_connect(struct balint_session *session, int seat, bool fresh, int64_t now_us);

/* Somebody's socket is gone. The seat stays. */
void balint_session_disconnect(struct balint_session *session, int seat, int64_t now_us);

/* Somebody went home: the seat stays, but nothing more is expected of that person. Without a socket then. */
void balint_session_leave(struct balint_session *session, int seat, int64_t now_us);

/* Takes a free seat for a member in the lobby. Returns the seat, the member's own if there is one already, or
 * BALINT_NOBODY when the group is full. */
int balint_session_seat(struct balint_session *session, const char *member, const char *name,
                        enum balint_role role);

/* The member's seat in the lobby, taken if there is none: also beside the seat where the same person is in
 * with another device, so that a leader can look at the newer one before it takes over. BALINT_NOBODY when
 * full. */
int balint_session_wait(struct balint_session *session, const char *member, const char *name,
                        enum balint_role role);

/* Another invitation of the same person took over a seat: name and role are now these. A presenter who became
 * an observer presents no longer, a leader who is none any more leads no longer. */
void balint_session_rename(struct balint_session *session, int seat, const char *name, enum balint_role role);

/* Admits the person on a seat. The first leader admitted leads. */
void balint_session_admit(struct balint_session *session, int seat, int64_t now_us);

/* Frees a seat: the person was removed, or left the lobby. A presenter's case ends with it. */
void balint_session_free(struct balint_session *session, int seat, int64_t now_us);

/* Time passed: what changes by itself (the lead moves 10 s after who leads was lost; nothing else does).
 * Returns true when something changed. */
bool balint_session_tick(struct balint_session *session, int64_t now_us);

bool balint_is_leader(enum balint_role role); /* leader or co-leader */
/* A member's seat: where admitted, else in the lobby, else BALINT_NOBODY. */
/* A seat's place in the round: 1 = it is that person's turn, 2 = next …; 0: does not wait. */
int balint_round_place(const struct balint_session *session, int seat);
int balint_session_find(const struct balint_session *session, const char *member);
/* Is any leader or co-leader admitted and connected? */
bool balint_session_led(const struct balint_session *session);

/* May a character stand in a name or a text that people are shown? Not a control character, one that breaks a
 * line or turns the direction of what follows (UAX #9), nor one that is not seen (Unicode's default ignorable
 * ones): a name stands beside others, must not rearrange them, and two that look alike must be alike. */
bool balint_character_ok(uint32_t point);

/* Words for logs, errors and the wire: "leader", "co-leader"… Never NULL; "?" outside the enum. */
const char *balint_role_name(enum balint_role role);
const char *balint_place_name(enum balint_place place);    /* circle, aside, leaders */
const char *balint_turn_name(enum balint_turn turn);       /* all, one-by-one, presenter, all-but-presenter */
const char *balint_part_name(enum balint_phase_part part); /* plain, case, discussion, corridor */
const char *balint_round_word(enum balint_round_word word); /* end, begin, next */
const char *balint_action_name(enum balint_action action);  /* as the wire's message names */
const char *balint_result_name(enum balint_result result);  /* "not-yours": the wire's error codes */
const char *balint_result_text(enum balint_result result); /* one sentence a person understands, what to do */

/* Snapshot: the whole session as text (lines, versioned), so that a restarted server returns to the same
 * state. Writes at most `size` bytes with the final NUL and returns the length without it, or 0 when it does
 * not fit. BALINT_SNAPSHOT_SIZE always suffices. */
#define BALINT_SNAPSHOT_SIZE 32768
size_t balint_snapshot_write(const struct balint_session *session, char *text, size_t size);
/* Reads one back. Every seat is not connected, lost since `now_us` (earlier losses keep their time). Returns
 * false and leaves `session` as it was when the text is not a whole snapshot of this version; `why` (may be
 * NULL) then points at a static sentence. */
bool balint_snapshot_read(struct balint_session *session, const char *text, int64_t now_us, const char **why);

#endif
