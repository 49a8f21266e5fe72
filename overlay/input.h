/* input.h - what the element is given as text: balance and tiles as JSON, a state as the wire has it.
 *
 * Balance is struct balint_balance (session/ledger.h) word for word; its fields, units and ranges are there:
 *
 *   {"discussion_ms": 303000, "leaders_share": 0.18,
 *    "rows": [{"seat": 3, "name": "Béla", "role": "member", "reading": "reading", "presenter": false,
 *              "shared": false, "heard_yet": true, "spoken_ms": 102000, "spoken_all_ms": 130000,
 *              "recent_ms": 102000, "turns": 10, "share": 0.34, "recent_share": 0.34, "since_heard_ms":
 * 4000}, …]}
 *
 * "role" is leader, co-leader, member or observer; "reading" is reading, none or away. Only "name" and "role"
 * are required, what is absent is 0 or false ("reading": reading, "since_heard_ms": -1). "member_count",
 * "leader_count" and "other_count" may stand there and are reckoned from the rows: members that are not the
 * presenter, then leaders, then the others, each in the order given.
 *
 * Tiles: [{"seat": 3, "x": 8, "y": 92, "w": 282, "h": 158, "line": "sound"}, …]; "line" (unknown, none,
 * sound, lost) may be absent.
 *
 * Door: [{"seat": 5, "standing": "new"}, …]; standing is known, new, other-device, later (can wait) or
 * unproven.
 *
 * Said: {"quiet": [3], "own": "taken", "answer": {"name": "Anna", "text": "…"},
 *        "line": [{"name": "Gábor", "text": "…"}, …]}; all may be absent, and
 * "over" be true: this person was removed. "own" is none, on-its-way or taken;
 * of the line the last three are kept.
 * Sheet: [{"kind": "head", "column": 0, "fill": 0, "left": "Phases", "right": ""}, …]; kind is title, head,
 * line, soft, bar or foot (sheet.h); only it is required.
 *
 * Every reader returns true, or false with one sentence in `why` that names the field; `out` is then as it
 * was. Pure; any thread.
 */
#ifndef BALINT_INPUT_H
#define BALINT_INPUT_H

#include "sheet.h"

#define BALINT_INPUT_WHY  320
#define BALINT_INPUT_SIZE 65536 /* bytes of a text that is read */

bool balint_input_state(const char *text, size_t length, struct balint_state *out,
                        char why[BALINT_INPUT_WHY]);
bool balint_input_balance(const char *text, size_t length, struct balint_balance *out,
                          char why[BALINT_INPUT_WHY]);
bool balint_input_tiles(const char *text, size_t length, struct balint_tile out[BALINT_SEATS], int *count,
                        char why[BALINT_INPUT_WHY]);

bool balint_input_sheet(const char *text, size_t length, struct balint_sheet *out,
                        char why[BALINT_INPUT_WHY]);

bool balint_input_door(const char *text, size_t length, struct balint_doorway *out,
                       char why[BALINT_INPUT_WHY]);

bool balint_input_said(const char *text, size_t length, struct balint_said *out, char why[BALINT_INPUT_WHY]);

/* The other way, for who sets the properties. To be freed with free(); NULL without memory. */
char *balint_balance_json(const struct balint_balance *balance);
char *balint_said_json(const struct balint_said *said);
char *balint_sheet_json(const struct balint_sheet *sheet);
char *balint_tiles_json(const struct balint_tile *tiles, int count);

#endif
