/* words.c - the words themselves; see words.h for what they may not say. */
#include "words.h"

#include <stdio.h>
#include <string.h>

const char balint_words_hint[] = "h  shows the keys";
const char balint_words_listen[] = "This is time to listen. Nobody hears you.";
const char balint_words_measured[] = "Leaders see how long each has spoken; nobody else does.";
const char balint_words_no_leader[] = "No leader is here; you can go on talking";
const char balint_words_balance[] = "Balance of the discussion";
const char balint_words_balance_short[] = "Balance";
const char balint_words_before[] = "There has been no discussion yet.";
const char balint_words_columns[] = "thin bar: the last ten minutes";
const char balint_words_leaders[] = "Leaders";
const char balint_words_no_reading[] = "no reading";
const char balint_words_away[] = "away";
const char balint_words_shared[] = "shared";
const char balint_words_answer_hint[] = "e: a private word to that person";

/* -- text ------------------------------------------------------------------------------------------------ */

void balint_words_add(char *text, size_t size, const char *from)
{
    size_t used = strlen(text), length = strlen(from);
    if (used + length >= size) {
        length = size - 1 - used;
        while (length > 0 && ((unsigned char)from[length] & 0xc0) == 0x80)
            length--; /* a character is not cut in two */
    }
    memcpy(text + used, from, length);
    text[used + length] = '\0';
}

void balint_words_copy(char *text, size_t size, const char *from)
{
    text[0] = '\0';
    balint_words_add(text, size, from);
}

/* Adds `from`, and before it `between` when something stands there already. */
static void join(char *text, size_t size, const char *between, const char *from)
{
    if (text[0] != '\0')
        balint_words_add(text, size, between);
    balint_words_add(text, size, from);
}

/* Hundredths of an em, from the space to '~': DejaVu Sans 2.37, and its bold. */
static const uint8_t advances[2][95] = {
    {32, 40, 46, 84, 64, 95, 78, 27, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
     64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
     60, 79, 69, 63, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
     63, 28, 28, 58, 28, 97, 63, 61, 63,  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84},
    {35, 46, 52, 84, 70, 100, 87, 31,  46,  46, 52, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70,  70, 70,
     70, 70, 40, 40, 84, 84,  84, 58,  100, 77, 76, 73, 83, 68, 68, 82, 84, 37, 37, 77, 64, 100, 84, 85,
     73, 85, 77, 72, 68, 81,  77, 110, 77,  72, 73, 46, 37, 46, 84, 50, 50, 67, 72, 59, 72, 68,  44, 72,
     71, 34, 34, 67, 34, 104, 71, 69,  72,  72, 49, 60, 48, 71, 65, 92, 65, 65, 58, 71, 37, 71,  84},
};

int balint_words_width(const char *text, int size, bool bold)
{
    long sum = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at >= 0x20 && *at < 0x7f)
            sum += advances[bold][*at - 0x20];
        else if (*at >= 0xe1)
            sum += 100; /* from U+1000 on: wide scripts, symbols */
        else if (*at == 0xcc || (*at == 0xcd && (at[1] & 0xff) < 0xb0))
            sum += 0; /* U+0300 to U+036F stand on the letter before */
        else if (*at == 0xc3 && at[1] >= 0xa0)
            sum += bold ? 74 : 65; /* U+00E0 to U+00FF: à to ÿ */
        else if (*at >= 0xc0)
            sum += bold ? 90 : 80; /* other accented Latin, Greek, Cyrillic: generous */
    }
    return (int)((sum * size + 99) / 100) + 1;
}

/* -- time and counts ------------------------------------------------------------------------------------- */

#define MINUTE_MS 60000

static const char *minutes_word(int64_t minutes)
{
    return minutes == 1 ? "minute" : "minutes";
}

void balint_words_time(int minutes, int64_t elapsed_ms, char *text, size_t size)
{
    text[0] = '\0';
    if (minutes <= 0)
        return;
    int64_t elapsed = elapsed_ms < 0 ? 0 : elapsed_ms / MINUTE_MS;
    if (elapsed < 1)
        snprintf(text, size, "just begun, about %d %s", minutes, minutes_word(minutes));
    else if (elapsed < minutes)
        snprintf(text, size, "about %d of %d minutes", (int)elapsed, minutes);
    else if (elapsed == minutes)
        snprintf(text, size, "about %d %s", minutes, minutes_word(minutes));
    else
        snprintf(text, size, "%s %d %s, that is fine",
                 elapsed <= minutes + minutes / 2 + 1 ? "a little over" : "over", minutes,
                 minutes_word(minutes));
}

void balint_words_phase(const struct balint_state *state, char *text, size_t size)
{
    balint_words_copy(text, size, state->format.phases[state->phase].title);
    if (state->choice_count > 0)
        join(text, size, " · ", state->format.title);
}

void balint_words_spoken(int64_t ms, char *text, size_t size)
{
    if (ms <= 0)
        snprintf(text, size, "nothing yet");
    else if (ms < MINUTE_MS)
        snprintf(text, size, "<1 min");
    else
        snprintf(text, size, "%d min", (int)((ms + MINUTE_MS / 2) / MINUTE_MS));
}

void balint_words_since(int64_t ms, char *text, size_t size)
{
    if (ms < 0)
        snprintf(text, size, "not heard yet");
    else if (ms < MINUTE_MS)
        snprintf(text, size, "just now");
    else
        snprintf(text, size, "%d min ago", (int)(ms / MINUTE_MS));
}

void balint_words_turns(int turns, char *text, size_t size)
{
    snprintf(text, size, turns == 1 ? "%d turn" : "%d turns", turns);
}

void balint_words_share(double share, char *text, size_t size)
{
    double whole = share > 0 ? (share < 1 ? share : 1) : 0; /* also for what is no number */
    snprintf(text, size, "%d %%", (int)(whole * 100 + 0.5));
}

/* -- people ---------------------------------------------------------------------------------------------- */

const struct balint_state_seat *balint_view_seat(const struct balint_state *state, int seat)
{
    for (int i = 0; i < state->seat_count && i < BALINT_SEATS; i++)
        if (state->seats[i].seat == seat)
            return &state->seats[i];
    return NULL;
}

const struct balint_state_seat *balint_view_door(const struct balint_state *state, int seat)
{
    for (int i = 0; i < state->lobby_count && i < BALINT_SEATS; i++)
        if (state->lobby[i].seat == seat)
            return &state->lobby[i];
    return NULL;
}

static bool leading_role(enum balint_role role)
{
    return role == BALINT_LEADER || role == BALINT_CO_LEADER;
}

bool balint_view_leads(const struct balint_view *view)
{
    const struct balint_state_seat *own = balint_view_seat(view->state, view->seat);
    return view->state->admitted && own != NULL && leading_role(own->role);
}

/* Is the work done, and with it every case? */
static bool evening_over(const struct balint_state *state)
{
    return state->phase >= 0 && state->phase < state->format.count &&
           state->format.phases[state->phase].part == BALINT_PART_CORRIDOR;
}

/* Was the case discussed, and is it neither told again nor listened to? */
static bool case_told(const struct balint_state *state)
{
    const struct balint_format *format = &state->format;
    if (state->stepped_back || state->phase < 0 || state->phase >= format->count ||
        balint_format_discussion(format, state->phase) ||
        format->phases[state->phase].turn == BALINT_TURN_PRESENTER)
        return false;
    for (int i = state->phase; i >= 0 && format->phases[i].part != BALINT_PART_CASE; i--)
        if (balint_format_discussion(format, i))
            return true;
    return false;
}

void balint_words_roles(const struct balint_view *view, char *text, size_t size)
{
    const struct balint_state *state = view->state;
    const struct balint_state_seat *leads = balint_view_seat(state, state->leads);
    const struct balint_state_seat *presents = balint_view_seat(state, state->presenter);
    text[0] = '\0';
    if (!state->led) {
        balint_words_add(text, size, balint_words_no_leader);
    } else if (leads != NULL) {
        balint_words_add(text, size, leads->seat == view->seat ? "You lead" : leads->name);
        balint_words_add(text, size, leads->seat == view->seat ? "" : " leads");
    }
    if (presents != NULL && !evening_over(state)) {
        bool self = presents->seat == view->seat, told = case_told(state);
        join(text, size, "  ·  ", self ? "you" : presents->name);
        balint_words_add(text, size, told ? " presented" : self ? " present" : " presents");
    }
    /* Only leaders and who is asked are told; that person's own screen says it elsewhere. */
    const struct balint_state_seat *asked = balint_view_seat(state, state->proposed);
    if (asked != NULL && asked->seat != view->seat) {
        join(text, size, "  ·  ", asked->name);
        balint_words_add(text, size, " is asked to present");
    }
}

/* Who has that place in the round; NULL. */
static const struct balint_state_seat *turn_of(const struct balint_state *state, int place)
{
    for (int i = 0; i < state->seat_count && i < BALINT_SEATS; i++)
        if (state->seats[i].turn == place)
            return &state->seats[i];
    return NULL;
}

void balint_words_round(const struct balint_view *view, char *text, size_t size)
{
    const struct balint_state_seat *now = turn_of(view->state, 1), *next = turn_of(view->state, 2);
    const struct balint_state_seat *own = balint_view_seat(view->state, view->seat);
    text[0] = '\0';
    if (!view->state->round)
        return;
    if (now == NULL) {
        balint_words_copy(text, size, "The round is complete.");
        return;
    }
    if (now == own) {
        balint_words_copy(text, size, "It is your turn: half a minute or so, or pass; T when you are done.");
    } else {
        balint_words_copy(text, size, now->name);
        balint_words_add(text, size, "'s turn");
    }
    if (next != NULL) {
        balint_words_add(text, size, now == own ? " Then " : next == own ? "; you are next" : ", then ");
        balint_words_add(text, size, next == own ? "" : next->name);
        balint_words_add(text, size, now == own || next == own ? "." : "");
    }
    if (now != own && next != own) /* ends what is still open */
        balint_words_add(text, size, ". Half a minute or so each; passing is fine.");
}

void balint_words_chip(const struct balint_state_seat *seat, char *text, size_t size)
{
    balint_words_copy(text, size, seat->hand_ms > 0 ? "hand up" : "");
    if (seat->volunteers)
        join(text, size, ", ", "has a case");
}

/* Leaders see for how long. */
static const char *lost_words(const struct balint_view *view, const struct balint_state_seat *seat,
                              char *text, size_t size)
{
    int64_t minutes = seat->lost_ms > 0 ? (view->now_ms - seat->lost_ms) / MINUTE_MS : 0;
    if (minutes < 1 || !balint_view_leads(view))
        return "line lost";
    snprintf(text, size, "line lost, %d min", (int)minutes);
    return text;
}

void balint_words_seat(const struct balint_view *view, const struct balint_state_seat *seat,
                       enum balint_line line, char *text, size_t size)
{
    if (seat == balint_view_door(view->state, seat->seat)) {
        balint_words_copy(text, size, "at the door, hears and sees nobody");
        return;
    }
    char since[32];
    bool own = seat->seat == view->seat;
    bool tell = own || balint_view_leads(view);
    const struct balint_state_seat *looks = balint_view_seat(view->state, view->seat);
    /* through the after-room's door no sound comes */
    bool apart = looks != NULL && looks->after_room != seat->after_room && seat->connected;
    bool lost = line == BALINT_LINE_LOST || (line == BALINT_LINE_UNKNOWN && !seat->connected) ||
                (line == BALINT_LINE_NONE && !seat->connected);
    bool back = view->state->stepped_back && view->state->presenter == seat->seat;
    text[0] = '\0';
    if (seat->role == BALINT_OBSERVER)
        join(text, size, ", ", "observer");
    if (back)
        join(text, size, ", ", "stepped back");
    if (line == BALINT_LINE_CLOSED && !own)
        join(text, size, ", ", "link not proven, closed");
    else if (lost && !own && !apart)
        join(text, size, ", ", lost_words(view, seat, since, sizeof since));
    else if (apart && seat->after_room)
        join(text, size, ", ", "in the after-room");
    else if (seat->sitting_out && tell)
        join(text, size, ", ", "sitting out");
    else if (seat->away || seat->sitting_out)
        join(text, size, ", ", balint_words_away);
    else if (seat->muted_for_cause)
        join(text, size, ", ", tell ? "muted by a leader" : "muted");
    else if (seat->muted)
        join(text, size, ", ", "muted");
    else if (text[0] != '\0')
        return; /* observers and a stepped-back presenter are silent: nothing is said of their sound */
    else if (own)
        join(text, size, ", ", "you, microphone open");
    else
        join(text, size, ", ",
             apart                       ? "in the circle"
             : line == BALINT_LINE_SOUND ? "sound arriving"
             : line == BALINT_LINE_NONE  ? "no sound yet"
                                         : "connected");
}

/* -- what the own screen says
 * -------------------------------------------------------------------------------- */

static const struct {
    const char *headline, *detail;
} selves[] = {
    [BALINT_SELF_PLAIN] = {"", ""},
    [BALINT_SELF_LOBBY] = {"You are at the door", "A leader will let you in."},
    [BALINT_SELF_SITTING_OUT] = {"You are sitting out this case",
                                 "You hear and see nothing, and nobody hears or sees you.\n"
                                 "When the case ends it is said here; o brings you back earlier."},
    [BALINT_SELF_ASKED] = {"The leaders ask you to present.", "y agrees, N declines: both are fine."},
    [BALINT_SELF_LISTENING] = {balint_words_listen,
                               "To return, hold r for two seconds; k asks the leaders to invite you back."},
    [BALINT_SELF_INVITED] = {"You are invited back.",
                             "Press r when you are ready; your microphone opens with your key. "
                             "Until then nobody hears you."},
    [BALINT_SELF_MUTED_FOR_CAUSE] = {"A leader has muted you.",
                                     "Once a leader lifts it, m opens your microphone."},
    [BALINT_SELF_AWAY] = {"You are away.",
                          "You hear everything; nobody hears or sees you. v brings you back."},
    [BALINT_SELF_AFTER_ROOM] = {"You are in the after-room.",
                                "Only who is here hears and sees you; z brings you back."},
    [BALINT_SELF_MUTED] = {"You are muted.", "Nobody hears you; m opens your microphone."},
    [BALINT_SELF_OBSERVER] = {"You observe.", "You hear and see everything; nobody hears you."},
};

static enum balint_self self_of(const struct balint_view *view)
{
    const struct balint_state *state = view->state;
    const struct balint_state_seat *own = balint_view_seat(state, view->seat);
    if (!state->admitted)
        return BALINT_SELF_LOBBY;
    if (own == NULL)
        return BALINT_SELF_PLAIN;
    if (own->sitting_out)
        return BALINT_SELF_SITTING_OUT;
    if (state->stepped_back && state->presenter == view->seat)
        return state->invited ? BALINT_SELF_INVITED : BALINT_SELF_LISTENING;
    if (state->proposed == view->seat)
        return BALINT_SELF_ASKED;
    if (own->muted_for_cause)
        return BALINT_SELF_MUTED_FOR_CAUSE;
    if (own->away)
        return BALINT_SELF_AWAY;
    if (own->after_room)
        return BALINT_SELF_AFTER_ROOM;
    if (own->role == BALINT_OBSERVER)
        return BALINT_SELF_OBSERVER;
    return own->muted ? BALINT_SELF_MUTED : BALINT_SELF_PLAIN;
}

/* Who sees a presenter who stepped back meanwhile. */
static const char *watched_by(const struct balint_view *view)
{
    if (balint_view_seat(view->state, view->seat)->away)
        return "You are away, so nobody sees you. ";
    return view->state->place == BALINT_LEADERS_ONLY ? "Only the leaders see you. "
                                                     : "The group sees you dimmed. ";
}

enum balint_self balint_words_self(const struct balint_view *view, char *headline, size_t headline_size,
                                   char *detail, size_t detail_size)
{
    const struct balint_state *state = view->state;
    enum balint_self self = self_of(view);
    balint_words_copy(headline, headline_size, selves[self].headline);
    balint_words_copy(detail, detail_size, selves[self].detail);
    if (self == BALINT_SELF_LOBBY) {
        if (state->group[0] != '\0') {
            balint_words_add(headline, headline_size, " of ");
            balint_words_add(headline, headline_size, state->group);
        }
        if (!state->led)
            balint_words_copy(detail, detail_size, "No leader is here yet. A leader will let you in.");
        if (state->help[0] != '\0') {
            balint_words_add(detail, detail_size, "\nHelp: ");
            balint_words_add(detail, detail_size, state->help);
        }
        balint_words_add(detail, detail_size,
                         "\nUntil then you hear and see nobody. A leader who looks who is there sees and "
                         "hears you; it is said here.");
    } else if (self == BALINT_SELF_SITTING_OUT && evening_over(state)) {
        balint_words_copy(detail, detail_size,
                          "The evening's work is done; some may still talk of the case.\n"
                          "You hear and see nothing, and nobody hears or sees you,\n"
                          "until o brings you back.");
    } else if (self == BALINT_SELF_AFTER_ROOM && balint_view_seat(state, view->seat)->muted) {
        balint_words_copy(detail, detail_size,
                          "Here too you are muted; m opens your microphone, z brings you back.");
    } else if (self == BALINT_SELF_LISTENING && !state->led) {
        balint_words_copy(detail, detail_size, "No leader is here: press r to return whenever you wish.");
    } else if (self == BALINT_SELF_LISTENING && state->asked) {
        balint_words_copy(
            detail, detail_size,
            "The leaders see that you ask to return. To return at once, hold r for two seconds.");
    }
    if (self == BALINT_SELF_LISTENING || self == BALINT_SELF_INVITED) {
        char rest[320];
        balint_words_copy(rest, sizeof rest, detail);
        balint_words_copy(detail, detail_size, watched_by(view));
        balint_words_add(detail, detail_size, rest);
    }
    return self;
}

/* -- the leaders' panel ---------------------------------------------------------------------------------- */

static const char *const standings[BALINT_DOOR_STANDINGS] = {
    [BALINT_DOOR_NEW] = "New device, look first (w): ",
    [BALINT_DOOR_OTHER_DEVICE] = "Other device, look first (w): ",
    [BALINT_DOOR_UNPROVEN] = "Not proven: ",
};

/* What is told of somebody at the door; NULL: nothing but the name. */
static const char *standing_of(const struct balint_doorway *door, int seat)
{
    return door != NULL && seat >= 0 && seat < BALINT_SEATS ? standings[door->standing[seat]] : NULL;
}

static bool can_wait(const struct balint_doorway *door, int seat)
{
    return door != NULL && seat >= 0 && seat < BALINT_SEATS && door->standing[seat] == BALINT_DOOR_LATER;
}

void balint_words_left(const struct balint_state *state, int64_t now_ms, char *text, size_t size)
{
    int64_t minutes = (state->ends_ms - now_ms + MINUTE_MS / 2) / MINUTE_MS;
    text[0] = '\0';
    if (state->ends_ms <= 0)
        return;
    if (minutes >= 1)
        snprintf(text, size, "About %d %s left of the evening", (int)minutes, minutes_word(minutes));
    else
        snprintf(text, size, "The evening's time is over");
}

void balint_words_door(const struct balint_state *state, const struct balint_doorway *door, char *text,
                       size_t size)
{
    char names[BALINT_SEATS * (BALINT_NAME_SIZE + 2)] = "";
    text[0] = '\0';
    if (state->locked)
        balint_words_copy(text, size, "The door is locked.");
    if (state->lobby_count <= 0)
        return;
    int later = 0;
    for (int i = 0; i < state->lobby_count && i < BALINT_SEATS; i++)
        later += can_wait(door, state->lobby[i].seat);
    if (later > 0) {
        join(text, size, " ", "Somebody at the door can wait until this phase ends; W shows who.");
        return;
    }
    for (int i = 0; i < state->lobby_count && i < BALINT_SEATS; i++)
        if (standing_of(door, state->lobby[i].seat) == NULL)
            join(names, sizeof names, names[0] == '\0' ? "" : ", ", state->lobby[i].name);
    if (names[0] == '\0') /* each has a line of their own */
        return;
    char head[32];
    snprintf(head, sizeof head,
             state->lobby_count > 1 ? "At the door, %d:" : "At the door:", state->lobby_count);
    join(text, size, " ", head);
    join(text, size, " ", names);
}

bool balint_words_door_line(const struct balint_state *state, const struct balint_doorway *door, int n,
                            char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; i < state->lobby_count && i < BALINT_SEATS; i++) {
        const char *told = standing_of(door, state->lobby[i].seat);
        if (told == NULL || n-- > 0)
            continue;
        balint_words_copy(text, size, told);
        balint_words_add(text, size, state->lobby[i].name);
        return true;
    }
    return false;
}

void balint_words_unheard(const struct balint_balance *balance, char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; i < balance->member_count && i < BALINT_SEATS; i++) {
        const struct balint_balance_row *row = &balance->rows[i];
        if (row->heard_yet || row->reading != BALINT_READING)
            continue;
        join(text, size, ", ", text[0] == '\0' ? "Not heard yet: " : "");
        balint_words_add(text, size, row->name);
    }
}

void balint_words_each_leader(const struct balint_balance *balance, char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; i < balance->leader_count && balance->member_count + i < BALINT_SEATS; i++) {
        const struct balint_balance_row *row = &balance->rows[balance->member_count + i];
        char spoken[32];
        balint_words_spoken(row->spoken_ms, spoken, sizeof spoken);
        join(text, size, ", ", row->name);
        balint_words_add(text, size, " ");
        balint_words_add(text, size,
                         row->reading == BALINT_READING      ? spoken
                         : row->reading == BALINT_NO_READING ? balint_words_no_reading
                                                             : balint_words_away);
    }
}

void balint_words_presenter(const struct balint_state *state, const struct balint_balance *balance,
                            char *text, size_t size)
{
    int first = balance->member_count + balance->leader_count;
    text[0] = '\0';
    for (int i = first; i < first + balance->other_count && i < BALINT_SEATS && !evening_over(state); i++) {
        const struct balint_balance_row *row = &balance->rows[i];
        if (!row->presenter)
            continue;
        bool now = row->seat == state->presenter && !case_told(state);
        balint_words_copy(text, size, row->name);
        balint_words_add(text, size,
                         !now                  ? " presented"
                         : state->stepped_back ? " presents, and listens"
                                               : " presents");
        return;
    }
}

void balint_words_asked(const struct balint_state *state, char *text, size_t size)
{
    const struct balint_state_seat *presents = balint_view_seat(state, state->presenter);
    text[0] = '\0';
    if (!state->asked || presents == NULL)
        return;
    balint_words_copy(text, size, presents->name);
    balint_words_add(text, size, " asks to return");
}

/* -- words that travelled sealed --------------------------------------------------------------------------
 */

void balint_words_own_quiet(const struct balint_view *view, enum balint_self self, char *headline,
                            size_t headline_size, char *detail, size_t detail_size)
{
    if (view->said == NULL || view->said->own == BALINT_QUIET_NONE || balint_view_leads(view) ||
        self == BALINT_SELF_LOBBY || self == BALINT_SELF_SITTING_OUT)
        return;
    const char *told = view->said->own == BALINT_QUIET_TAKEN
                           ? "The leaders alone know that this is too close."
                       : view->state->led ? "Your quiet signal is on its way to the leaders."
                                          : "No leader is here yet to see your quiet signal.";
    if (headline[0] == '\0') {
        balint_words_copy(headline, headline_size, told);
        balint_words_copy(detail, detail_size, "u takes it back.");
        return;
    }
    /* What a listening presenter may do stays; elsewhere the second sentence can be spared for this one. */
    char rest[480] = "";
    if (self == BALINT_SELF_LISTENING || self == BALINT_SELF_INVITED)
        balint_words_copy(rest, sizeof rest, detail);
    balint_words_copy(detail, detail_size, told);
    join(detail, detail_size, " ", rest);
}

bool balint_words_quiet(const struct balint_view *view, int n, char *text, size_t size)
{
    text[0] = '\0';
    for (int i = 0; view->said != NULL && i < view->state->seat_count && i < BALINT_SEATS; i++) {
        const struct balint_state_seat *seat = &view->state->seats[i];
        if (seat->seat < 0 || seat->seat >= BALINT_SEATS || !(view->said->quiet >> seat->seat & 1) || n-- > 0)
            continue;
        balint_words_copy(text, size, seat->name);
        balint_words_add(text, size, ": this is too close");
        return true;
    }
    return false;
}

bool balint_words_line(const struct balint_view *view, int n, char *text, size_t size)
{
    text[0] = '\0';
    if (view->said == NULL || n < 0 || n >= view->said->line_count || n >= BALINT_SAID_LINE)
        return false;
    balint_words_copy(text, size, view->said->line[n].name);
    balint_words_add(text, size, " to the leaders: ");
    balint_words_add(text, size, view->said->line[n].text);
    return true;
}

bool balint_words_answer(const struct balint_view *view, char *text, size_t size)
{
    text[0] = '\0';
    if (view->said == NULL || view->said->answer.text[0] == '\0')
        return false;
    balint_words_copy(text, size, view->said->answer.name);
    balint_words_add(text, size, ", to you alone: ");
    balint_words_add(text, size, view->said->answer.text);
    return true;
}
