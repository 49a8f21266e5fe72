/* words.c - the words themselves; see words.h for what they may not say. */
#include "words_parts.h"

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

void balint_words_join(char *text, size_t size, const char *between, const char *from)
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

const char *balint_words_minutes(int64_t minutes)
{
    return minutes == 1 ? "minute" : "minutes";
}

void balint_words_time(int minutes, int64_t elapsed_ms, char *text, size_t size)
{
    text[0] = '\0';
    if (minutes <= 0)
        return;
    int64_t elapsed = elapsed_ms < 0 ? 0 : elapsed_ms / BALINT_MINUTE_MS;
    if (elapsed < 1)
        snprintf(text, size, "just begun, about %d %s", minutes, balint_words_minutes(minutes));
    else if (elapsed < minutes)
        snprintf(text, size, "about %d of %d minutes", (int)elapsed, minutes);
    else if (elapsed == minutes)
        snprintf(text, size, "about %d %s", minutes, balint_words_minutes(minutes));
    else
        snprintf(text, size, "%s %d %s, that is fine",
                 elapsed <= minutes + minutes / 2 + 1 ? "a little over" : "over", minutes,
                 balint_words_minutes(minutes));
}

void balint_words_phase(const struct balint_state *state, char *text, size_t size)
{
    balint_words_copy(text, size, state->format.phases[state->phase].title);
    if (state->choice_count > 0)
        balint_words_join(text, size, " · ", state->format.title);
}

void balint_words_spoken(int64_t ms, char *text, size_t size)
{
    if (ms <= 0)
        snprintf(text, size, "nothing yet");
    else if (ms < BALINT_MINUTE_MS)
        snprintf(text, size, "<1 min");
    else
        snprintf(text, size, "%d min", (int)((ms + BALINT_MINUTE_MS / 2) / BALINT_MINUTE_MS));
}

void balint_words_since(int64_t ms, char *text, size_t size)
{
    if (ms < 0)
        snprintf(text, size, "not heard yet");
    else if (ms < BALINT_MINUTE_MS)
        snprintf(text, size, "just now");
    else
        snprintf(text, size, "%d min ago", (int)(ms / BALINT_MINUTE_MS));
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

bool balint_words_over(const struct balint_state *state)
{
    return state->phase >= 0 && state->phase < state->format.count &&
           state->format.phases[state->phase].part == BALINT_PART_CORRIDOR;
}

bool balint_words_case_told(const struct balint_state *state)
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
    if (presents != NULL && !balint_words_over(state)) {
        bool self = presents->seat == view->seat, told = balint_words_case_told(state);
        balint_words_join(text, size, "  ·  ", self ? "you" : presents->name);
        balint_words_add(text, size, told ? " presented" : self ? " present" : " presents");
    }
    /* Only leaders and who is asked are told; that person's own screen says it elsewhere. */
    const struct balint_state_seat *asked = balint_view_seat(state, state->proposed);
    if (asked != NULL && asked->seat != view->seat) {
        balint_words_join(text, size, "  ·  ", asked->name);
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
        balint_words_join(text, size, ", ", "has a case");
}

/* Leaders see for how long. */
static const char *lost_words(const struct balint_view *view, const struct balint_state_seat *seat,
                              char *text, size_t size)
{
    int64_t minutes = seat->lost_ms > 0 ? (view->now_ms - seat->lost_ms) / BALINT_MINUTE_MS : 0;
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
        balint_words_join(text, size, ", ", "observer");
    if (back)
        balint_words_join(text, size, ", ", "stepped back");
    if (line == BALINT_LINE_CLOSED && !own)
        balint_words_join(text, size, ", ", "link not proven, closed");
    else if (lost && !own && !apart)
        balint_words_join(text, size, ", ", lost_words(view, seat, since, sizeof since));
    else if (apart && seat->after_room)
        balint_words_join(text, size, ", ", "in the after-room");
    else if (seat->sitting_out && tell)
        balint_words_join(text, size, ", ", "sitting out");
    else if (seat->away || seat->sitting_out)
        balint_words_join(text, size, ", ", balint_words_away);
    else if (seat->muted_for_cause)
        balint_words_join(text, size, ", ", tell ? "muted by a leader" : "muted");
    else if (seat->muted)
        balint_words_join(text, size, ", ", "muted");
    else if (text[0] != '\0')
        return; /* observers and a stepped-back presenter are silent: nothing is said of their sound */
    else if (own)
        balint_words_join(text, size, ", ", "you, microphone open");
    else
        balint_words_join(text, size, ", ",
                          apart                       ? "in the circle"
                          : line == BALINT_LINE_SOUND ? "sound arriving"
                          : line == BALINT_LINE_NONE  ? "no sound yet"
                                                      : "connected");
}
