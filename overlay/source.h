/* source.h - what a balintoverlay was told: texts from properties and files, read, checked and kept.
 *
 * Why apart from the element: properties are set by any thread and files change at any time, while frames
 * come on the streaming thread. All of that meets here, under one lock that is never held while drawing.
 *
 * A text that is wrong changes nothing; `why` says what is wrong and what to do, in one line. Any thread.
 */
#ifndef BALINT_OVERLAY_SOURCE_H
#define BALINT_OVERLAY_SOURCE_H

#include <glib.h>

#include "input.h"

enum balint_source_text {
    BALINT_SOURCE_STATE,
    BALINT_SOURCE_BALANCE,
    BALINT_SOURCE_TILES,
    BALINT_SOURCE_DOOR,
    BALINT_SOURCE_SAID,
    BALINT_SOURCE_SHEET,
    BALINT_SOURCE_TEXTS
};

/* A copy of everything, for one drawing. */
struct balint_source_now {
    guint change; /* rises with every change */
    guint states; /* rises with every state */
    gboolean has_state, has_balance, has_sheet;
    struct balint_sheet sheet;
    struct balint_doorway door; /* nothing said of anybody: zeros */
    struct balint_said said;
    struct balint_state state;
    struct balint_balance balance;
    int tile_count; /* -1: places of the overlay's own */
    struct balint_tile tiles[BALINT_SEATS];
    int seat;       /* BALINT_NOBODY: the state's `you` */
    gint64 now_us;  /* -1: goes on from the state's clock */
    gint64 came_ms; /* clock of the first state that said admitted; 0: none did */
    char note[4096];
    gboolean folded; /* the leaders' panel */
};

struct balint_source; /* opaque */
struct balint_source *balint_source_create(void);
void balint_source_destroy(struct balint_source *source); /* NULL is legal */

/* A text; NULL or "" takes back what was said before. */
gboolean balint_source_set(struct balint_source *source, enum balint_source_text which, const char *text,
                           char why[BALINT_INPUT_WHY]);
/* The file a state or a balance is read from, NULL: none. It is read by balint_source_poll(). */
void balint_source_set_file(struct balint_source *source, enum balint_source_text which, const char *path);
char *balint_source_dup_file(struct balint_source *source, enum balint_source_text which);
void balint_source_set_seat(struct balint_source *source, int seat);
int balint_source_seat(struct balint_source *source);
void balint_source_set_now(struct balint_source *source, gint64 now_us);
gint64 balint_source_now_us(struct balint_source *source);
void balint_source_set_note(struct balint_source *source, const char *note);
void balint_source_set_folded(struct balint_source *source, gboolean folded);
gboolean balint_source_folded(struct balint_source *source);

/* Reads the files that are new or have changed. FALSE when one is wrong; each wrong version is told once. */
gboolean balint_source_poll(struct balint_source *source, char why[BALINT_INPUT_WHY]);

/* Is somebody on the chosen seat in the state, or none chosen, or no state known? */
gboolean balint_source_check(struct balint_source *source, char why[BALINT_INPUT_WHY]);

/* Copies into `now` when `now->change` is not the newest; TRUE when it was copied. */
gboolean balint_source_take(struct balint_source *source, struct balint_source_now *now);

#endif
