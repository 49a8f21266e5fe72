/* scan.c - how deep a JSON text nests, and where in it a position stands.
 *
 * The JSON library recurses as deep as a text says and reports positions as bytes. This walk comes before it,
 * so that depth is refused without recursion, and afterwards turns its position into the path that an error
 * names. It judges nothing else. Pure; any thread.
 */
#include "protocol/fields.h"

#include <stdio.h>
#include <string.h>

struct level {
    bool object;
    bool key_next;   /* in an object: the next string is a key */
    const char *key; /* raw text between the quotes */
    size_t key_length;
    int index; /* in a list */
};

struct scan {
    int depth; /* may pass BALINT_DEPTH by one, no more */
    int deepest;
    struct level levels[BALINT_DEPTH];
};

static struct level *top(struct scan *scan)
{
    return scan->depth > 0 ? &scan->levels[scan->depth - 1] : NULL;
}

size_t balint_scan_string(const char *text, size_t length, size_t i)
{
    for (i++; i < length && text[i] != '"'; i++) {
        i += text[i] == '\\';
    }
    return i < length ? i : length;
}

static void take_string(struct scan *scan, const char *text, size_t start, size_t end)
{
    struct level *level = top(scan);
    if (level && level->object && level->key_next) {
        level->key = text + start + 1;
        level->key_length = end - start - 1;
        level->key_next = false;
    }
}

/* One character outside strings. Returns false when it nests too deep. */
static bool take(struct scan *scan, char c)
{
    struct level *level = top(scan);
    if (c == '{' || c == '[') {
        if (scan->depth == BALINT_DEPTH) {
            return false;
        }
        scan->levels[scan->depth++] = (struct level){.object = c == '{', .key_next = c == '{'};
        scan->deepest = scan->depth > scan->deepest ? scan->depth : scan->deepest;
    } else if ((c == '}' || c == ']') && level) {
        scan->depth--;
    } else if (c == ',' && level) {
        level->key_next = level->object;
        level->index++;
    }
    return true;
}

/* Keys come from outside: what is no plain key is written as '?', so that the path can be sent and shown. */
static void write_key(const struct level *level, char *path, size_t size)
{
    size_t used = strlen(path);
    if (used && used + 1 < size) {
        path[used++] = '.';
    }
    for (size_t i = 0; i < level->key_length && used + 1 < size; i++) {
        path[used++] = balint_chars_fit(BALINT_CHARS_CODE, level->key + i, 1) ? level->key[i] : '?';
    }
    path[used] = '\0';
}

static void write_path(const struct scan *scan, char *path, size_t size)
{
    path[0] = '\0';
    for (int i = 0; i < scan->depth; i++) {
        const struct level *level = &scan->levels[i];
        size_t used = strlen(path);
        if (!level->object) {
            snprintf(path + used, size - used, "[%d]", level->index);
        } else if (level->key) {
            write_key(level, path, size);
        }
    }
}

int balint_scan(const char *text, size_t length, char *path, size_t size)
{
    struct scan scan = {0};
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"') {
            size_t end = balint_scan_string(text, length, i);
            take_string(&scan, text, i, end);
            i = end;
        } else if (!take(&scan, text[i])) {
            return -1;
        }
    }
    if (path) {
        write_path(&scan, path, size);
    }
    return scan.deepest;
}
