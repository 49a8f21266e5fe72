/* source.c - texts and files to one consistent copy. */
#include "source.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "words.h"

/* A file that is watched by its size and times. */
struct watched {
    char *path;
    gint64 size, modified_ns, changed_ns;
    guint64 inode;
    gboolean read; /* this version was */
};

struct balint_source {
    GMutex lock; /* everything below */
    struct watched files[BALINT_SOURCE_TEXTS];
    struct balint_source_now now;
};

static const char *const names[BALINT_SOURCE_TEXTS] = {"state", "balance", "tiles", "door", "said", "sheet"};

struct balint_source *balint_source_create(void)
{
    struct balint_source *source = g_new0(struct balint_source, 1);
    g_mutex_init(&source->lock);
    source->now.change = 1;
    source->now.seat = BALINT_NOBODY;
    source->now.now_us = -1;
    source->now.tile_count = -1;
    return source;
}

void balint_source_destroy(struct balint_source *source)
{
    if (source == NULL)
        return;
    for (int i = 0; i < BALINT_SOURCE_TEXTS; i++)
        g_free(source->files[i].path);
    g_mutex_clear(&source->lock);
    g_free(source);
}

/* What a text says is read before the lock is taken, and then put into its place. */
struct reading {
    struct balint_state state;
    struct balint_balance balance;
    struct balint_tile tiles[BALINT_SEATS];
    int tile_count;
    struct balint_doorway door;
    struct balint_said said;
    struct balint_sheet sheet;
};

static gboolean read_text(enum balint_source_text which, const char *text, size_t length,
                          struct reading *reading, char why[BALINT_INPUT_WHY])
{
    if (which == BALINT_SOURCE_STATE)
        return balint_input_state(text, length, &reading->state, why);
    if (which == BALINT_SOURCE_BALANCE)
        return balint_input_balance(text, length, &reading->balance, why);
    if (which == BALINT_SOURCE_DOOR)
        return balint_input_door(text, length, &reading->door, why);
    if (which == BALINT_SOURCE_SAID)
        return balint_input_said(text, length, &reading->said, why);
    if (which == BALINT_SOURCE_SHEET)
        return balint_input_sheet(text, length, &reading->sheet, why);
    return balint_input_tiles(text, length, reading->tiles, &reading->tile_count, why);
}

static void put(struct balint_source_now *now, enum balint_source_text which, const struct reading *reading)
{
    now->change++;
    if (which == BALINT_SOURCE_STATE) {
        now->has_state = reading != NULL;
        now->states++;
        if (reading != NULL && !reading->state.admitted)
            now->came_ms = 0;
        else if (reading != NULL && now->came_ms == 0)
            now->came_ms = reading->state.clock_ms;
        if (reading != NULL)
            now->state = reading->state;
    } else if (which == BALINT_SOURCE_BALANCE) {
        now->has_balance = reading != NULL;
        if (reading != NULL)
            now->balance = reading->balance;
    } else if (which == BALINT_SOURCE_DOOR) {
        now->door = reading != NULL ? reading->door : (struct balint_doorway){0};
    } else if (which == BALINT_SOURCE_SAID) {
        now->said = reading != NULL ? reading->said : (struct balint_said){0};
    } else if (which == BALINT_SOURCE_SHEET) {
        now->has_sheet = reading != NULL;
        if (reading != NULL)
            now->sheet = reading->sheet;
    } else {
        now->tile_count = reading != NULL ? reading->tile_count : -1;
        if (reading != NULL)
            memcpy(now->tiles, reading->tiles, sizeof now->tiles);
    }
}

gboolean balint_source_set(struct balint_source *source, enum balint_source_text which, const char *text,
                           char why[BALINT_INPUT_WHY])
{
    char inner[BALINT_INPUT_WHY];
    gboolean empty = text == NULL || text[0] == '\0';
    struct reading *reading = empty ? NULL : g_new0(struct reading, 1);
    if (reading != NULL && !read_text(which, text, strlen(text), reading, inner)) {
        g_snprintf(why, BALINT_INPUT_WHY, "The property \"%s\" was not taken: %.200s", names[which], inner);
        g_free(reading);
        return FALSE;
    }
    g_mutex_lock(&source->lock);
    put(&source->now, which, reading);
    g_mutex_unlock(&source->lock);
    g_free(reading);
    return TRUE;
}

/* -- files -------------------------------------------------------------------------------------------------
 */

void balint_source_set_file(struct balint_source *source, enum balint_source_text which, const char *path)
{
    g_mutex_lock(&source->lock);
    struct watched *file = &source->files[which];
    g_free(file->path);
    *file = (struct watched){.path = path != NULL && path[0] != '\0' ? g_strdup(path) : NULL};
    g_mutex_unlock(&source->lock);
}

char *balint_source_dup_file(struct balint_source *source, enum balint_source_text which)
{
    g_mutex_lock(&source->lock);
    char *path = g_strdup(source->files[which].path);
    g_mutex_unlock(&source->lock);
    return path;
}

/* Notes the version of a file. TRUE when it is one that was not read yet; a missing file is a version too. */
static gboolean is_new(struct watched *file)
{
    GStatBuf info;
    struct watched seen = {.path = file->path, .read = TRUE, .size = -1};
    if (g_stat(file->path, &info) == 0) {
        seen.size = info.st_size;
        seen.inode = info.st_ino;
        seen.modified_ns = info.st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + info.st_mtim.tv_nsec;
        seen.changed_ns = info.st_ctim.tv_sec * G_GINT64_CONSTANT(1000000000) + info.st_ctim.tv_nsec;
    }
    gboolean same = file->read && file->size == seen.size && file->inode == seen.inode &&
                    file->modified_ns == seen.modified_ns && file->changed_ns == seen.changed_ns;
    *file = seen;
    return !same;
}

static gboolean read_file(struct balint_source *source, enum balint_source_text which, const char *path,
                          char why[BALINT_INPUT_WHY])
{
    char *text = NULL, inner[BALINT_INPUT_WHY];
    gsize length = 0;
    GError *error = NULL;
    struct reading *reading = g_new0(struct reading, 1);
    /* the name of the file is for the person who gave it; it is cut so that the reason is always read */
    if (!g_file_get_contents(path, &text, &length, &error))
        g_snprintf(why, BALINT_INPUT_WHY,
                   "The %s-file %.120s cannot be read (%s); give the path of a readable file.", names[which],
                   path, g_strerror(errno));
    else if (!read_text(which, text, length, reading, inner))
        g_snprintf(why, BALINT_INPUT_WHY, "The %s-file %.80s was not taken: %.160s", names[which], path,
                   inner);
    else
        why[0] = '\0';
    if (why[0] == '\0') {
        g_mutex_lock(&source->lock);
        put(&source->now, which, reading);
        g_mutex_unlock(&source->lock);
    }
    g_clear_error(&error);
    g_free(reading);
    g_free(text);
    return why[0] == '\0';
}

gboolean balint_source_poll(struct balint_source *source, char why[BALINT_INPUT_WHY])
{
    gboolean done = TRUE;
    for (int i = 0; i < BALINT_SOURCE_TEXTS; i++) {
        char *path = NULL;
        g_mutex_lock(&source->lock);
        struct watched *file = &source->files[i];
        if (file->path != NULL && is_new(file))
            path = g_strdup(file->path);
        g_mutex_unlock(&source->lock);
        if (path != NULL && done) /* one sentence at a time */
            done = read_file(source, (enum balint_source_text)i, path, why);
        g_free(path);
    }
    return done;
}

/* -- the rest
 * ------------------------------------------------------------------------------------------------ */

void balint_source_set_seat(struct balint_source *source, int seat)
{
    g_mutex_lock(&source->lock);
    source->now.seat = seat;
    source->now.change++;
    g_mutex_unlock(&source->lock);
}

int balint_source_seat(struct balint_source *source)
{
    g_mutex_lock(&source->lock);
    int seat = source->now.seat;
    g_mutex_unlock(&source->lock);
    return seat;
}

void balint_source_set_now(struct balint_source *source, gint64 now_us)
{
    g_mutex_lock(&source->lock);
    source->now.now_us = now_us;
    source->now.change++;
    g_mutex_unlock(&source->lock);
}

gint64 balint_source_now_us(struct balint_source *source)
{
    g_mutex_lock(&source->lock);
    gint64 now_us = source->now.now_us;
    g_mutex_unlock(&source->lock);
    return now_us;
}

void balint_source_set_note(struct balint_source *source, const char *note)
{
    g_mutex_lock(&source->lock);
    balint_words_copy(source->now.note, sizeof source->now.note, note != NULL ? note : "");
    source->now.change++;
    g_mutex_unlock(&source->lock);
}

void balint_source_set_folded(struct balint_source *source, gboolean folded)
{
    g_mutex_lock(&source->lock);
    source->now.folded = folded;
    source->now.change++;
    g_mutex_unlock(&source->lock);
}

gboolean balint_source_folded(struct balint_source *source)
{
    g_mutex_lock(&source->lock);
    gboolean folded = source->now.folded;
    g_mutex_unlock(&source->lock);
    return folded;
}

gboolean balint_source_check(struct balint_source *source, char why[BALINT_INPUT_WHY])
{
    g_mutex_lock(&source->lock);
    const struct balint_source_now *now = &source->now;
    gboolean fits = !now->has_state || now->seat == BALINT_NOBODY || now->seat == now->state.you ||
                    balint_view_seat(&now->state, now->seat) != NULL;
    if (!fits) {
        char seats[80] = "";
        for (int i = 0; i < now->state.seat_count && i < BALINT_SEATS; i++) {
            char one[16];
            g_snprintf(one, sizeof one, "%s%d", i > 0 ? ", " : "", now->state.seats[i].seat);
            g_strlcat(seats, one, sizeof seats);
        }
        g_snprintf(why, BALINT_INPUT_WHY,
                   "Nobody sits on seat %d in this state; give one of its seats (%s) or -1.", now->seat,
                   seats);
    }
    g_mutex_unlock(&source->lock);
    return fits;
}

gboolean balint_source_take(struct balint_source *source, struct balint_source_now *now)
{
    g_mutex_lock(&source->lock);
    gboolean newer = now->change != source->now.change;
    if (newer)
        *now = source->now;
    g_mutex_unlock(&source->lock);
    return newer;
}
