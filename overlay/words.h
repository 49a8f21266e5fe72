/* words.h - every word on the screen.
 *
 * One place, the files words*.c, so that the words stay BALINT.md's ("Words"), so that time stays soft
 * (minutes in words, never seconds, never a countdown), and so that a translation knows what to replace. No
 * sentence blames, hurries or prompts; silence has no word of its own here.
 *
 * Every function writes whole UTF-8 characters and the final NUL into `size` bytes at `text`. Pure; any
 * thread.
 */
#ifndef BALINT_WORDS_H
#define BALINT_WORDS_H

#include "layout.h"

/* Fixed words. */
extern const char balint_words_hint[];          /* the quiet hint to the keys */
extern const char balint_words_listen[];        /* to the presenter who stepped back */
extern const char balint_words_measured[];      /* to everybody at the start: who sees the balance */
extern const char balint_words_no_leader[];     /* nobody leads: what is possible */
extern const char balint_words_balance[];       /* heading of the leaders' panel */
extern const char balint_words_balance_short[]; /* … folded to a strip */
extern const char balint_words_before[];        /* … before there is a discussion */
extern const char balint_words_columns[];       /* … what the two lines of a row are */
extern const char balint_words_leaders[];       /* … the leaders' own line */
extern const char balint_words_no_reading[];
extern const char balint_words_away[];
extern const char balint_words_shared[];
extern const char balint_words_answer_hint[]; /* to leaders, below quiet signals */

/* Soft time of a phase that has lasted `elapsed_ms`: "about 5 of 25 minutes"; empty for a phase without a
 * length. It changes at most once a minute. */
void balint_words_time(int minutes, int64_t elapsed_ms, char *text, size_t size);

/* The present phase: its title, and while leaders may choose another format the one that is chosen:
 * "Gathering · Two cases". `state->phase` is one of the format's. */
void balint_words_phase(const struct balint_state *state, char *text, size_t size);

/* The line below it: whose turn it is in a round, else the phase's guidance; before that, in the first phase
 * and for a while after somebody came in, who sees the balance (BALINT.md: "The group is told so at the
 * start"). */
void balint_words_guidance(const struct balint_view *view, char *text, size_t size);

/* How long somebody spoke: "4 min", "<1 min", "nothing yet". */
void balint_words_spoken(int64_t ms, char *text, size_t size);
/* How long since heard: "just now", "3 min ago"; -1 ms: "not heard yet". */
void balint_words_since(int64_t ms, char *text, size_t size);
/* "6 turns" */
void balint_words_turns(int turns, char *text, size_t size);
/* "34 %" of 0..1. */
void balint_words_share(double share, char *text, size_t size);

/* Who leads and who presents or is asked to, for the ribbon; or that no leader is here. */
void balint_words_roles(const struct balint_view *view, char *text, size_t size);

/* State of one person for the plate under the tile: "muted", "stepped back, line lost" … `line` as the caller
 * knows it. What only leaders may know (sitting out, muted for cause) is said to leaders and to that person.
 */
void balint_words_seat(const struct balint_view *view, const struct balint_state_seat *seat,
                       enum balint_line line, char *text, size_t size);

/* Adds to the words under the own tile which device is missing. */
void balint_words_own_devices(const struct balint_tile *tile, char *text, size_t size);

/* What a person's own screen says to that person. */
enum balint_self {
    BALINT_SELF_PLAIN,       /* nothing */
    BALINT_SELF_LOBBY,       /* a card instead of everything */
    BALINT_SELF_SITTING_OUT, /* a card */
    BALINT_SELF_ASKED,       /* leaders ask this person to present */
    BALINT_SELF_LISTENING,   /* the listening band */
    BALINT_SELF_INVITED,     /* the listening band, invited back */
    BALINT_SELF_MUTED_FOR_CAUSE,
    BALINT_SELF_AFTER_ROOM,
    BALINT_SELF_AWAY,
    BALINT_SELF_MUTED,
    BALINT_SELF_OBSERVER,
};
enum balint_self balint_words_self(const struct balint_view *view, char *headline, size_t headline_size,
                                   char *detail, size_t detail_size);

/* "At the door: Réka, Tamás"; empty when nobody is. With `door` (may be NULL) without those of whom a line of
 * their own is told. */
void balint_words_door(const struct balint_state *state, const struct balint_doorway *door, char *text,
                       size_t size);
/* The `n`th of those lines, "New device, look first (w): Tamás"; false when there are no more. */
bool balint_words_door_line(const struct balint_state *state, const struct balint_doorway *door, int n,
                            char *text, size_t size);
/* "Not heard yet: Béla, Csilla": members who have a reading and have not spoken in the discussion. */
void balint_words_unheard(const struct balint_balance *balance, char *text, size_t size);
/* The leaders one by one: "Anna 3 min, Gábor <1 min". */
void balint_words_each_leader(const struct balint_balance *balance, char *text, size_t size);
/* Who presents, or presented what was discussed last: "Dóra presents, and listens" while stepped back; empty
 * without one, and when the evening's work is over. */
void balint_words_presenter(const struct balint_state *state, const struct balint_balance *balance,
                            char *text, size_t size);
/* Whose turn it is in a round, and who comes next; to who is one of them, that. Empty: no round. */
void balint_words_round(const struct balint_view *view, char *text, size_t size);
/* What somebody has to say by a chip: "hand up", "has a case"; empty: nothing. */
void balint_words_chip(const struct balint_state_seat *seat, char *text, size_t size);
/* Adds to what a person's own screen says that their quiet signal stands; nothing on a card. */
void balint_words_own_quiet(const struct balint_view *view, enum balint_self self, char *headline,
                            size_t headline_size, char *detail, size_t detail_size);
/* The `n`th of "Clara: this is too close", to leaders; false when there are no more. */
bool balint_words_quiet(const struct balint_view *view, int n, char *text, size_t size);
/* The `n`th word of the leaders' line, oldest first: "Gábor to the leaders: Shall we go on?" */
bool balint_words_line(const struct balint_view *view, int n, char *text, size_t size);
/* "Anna, to you alone: …"; false: nothing was said. */
bool balint_words_answer(const struct balint_view *view, char *text, size_t size);
/* "About 35 minutes left" of the evening, to leaders; empty when nobody said when it ends. */
void balint_words_left(const struct balint_state *state, int64_t now_ms, char *text, size_t size);
/* The line to the server is lost: whether the talk goes on, and the help line of the last state. `others`:
 * how many people had a line of their own then; `heard`: of how many of them sound arrives still. */
void balint_words_lost(const struct balint_state *state, int others, int heard, char *text, size_t size);
/* "Follow-ups are due: Clara (3 Dec), Dóra (17 Dec)", to leaders while a case is looked for; else empty. */
void balint_words_follow_ups(const struct balint_state *state, char *text, size_t size);
/* That the server cannot write its records, to leaders; else empty. */
void balint_words_unsaved(const struct balint_state *state, char *text, size_t size);
/* "Dóra asks to return" */
void balint_words_asked(const struct balint_state *state, char *text, size_t size);

/* Who waits at the door on that seat, as leaders are told; NULL. */
const struct balint_state_seat *balint_view_door(const struct balint_state *state, int seat);
/* The seat in the state, or NULL. */
const struct balint_state_seat *balint_view_seat(const struct balint_state *state, int seat);
/* Does the person who looks hold a leader's powers, as the state shows them? False in the lobby. */
bool balint_view_leads(const struct balint_view *view);

/* Copies `from`, cut between characters so that it fits. */
void balint_words_copy(char *text, size_t size, const char *from);
/* Adds `from` in the same way. */
void balint_words_add(char *text, size_t size, const char *from);
/* Width of a text in pixels at a letter size, on the generous side: advances of DejaVu Sans (bold: its bold),
 * one em for wide characters. A layout must not ask a font, which differs from machine to machine. */
int balint_words_width(const char *text, int size, bool bold);

#endif
