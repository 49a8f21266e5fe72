/* entry.h - a word that is being typed: one line of UTF-8, with backspace, enter and escape.
 *
 * Bytes come one at a time, as a terminal gives them; a window's keys come by their names (X keysyms), which
 * are turned into characters here. Pure; one owner.
 */
#ifndef BALINT_CLIENT_ENTRY_H
#define BALINT_CLIENT_ENTRY_H

#include <stdbool.h>
#include <stddef.h>

#include "protocol/word.h"

struct balint_entry {
    char text[BALINT_WORD_TEXT]; /* whole characters */
    size_t length;
    char partly[4]; /* the beginning of a character */
    int got, wanted;
    bool shift; /* a window's shift key is down */
};
enum balint_typed { BALINT_TYPED_MORE, BALINT_TYPED_FULL, BALINT_TYPED_ENTER, BALINT_TYPED_ESCAPE };

void balint_entry_begin(struct balint_entry *entry);
/* FULL: it has no room for more, and is as it was. Bytes that are no text are left out. */
enum balint_typed balint_entry_byte(struct balint_entry *entry, char byte);
/* A key by its name: "a", "space", "Return", "udiaeresis"; unknown ones do nothing. A window tells letters
 * without their shift, so shift is followed here: `pressed` false for a key that is let go. */
enum balint_typed balint_entry_key(struct balint_entry *entry, const char *name, bool pressed);

#endif
