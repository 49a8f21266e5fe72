/* twice.c - which keys of a JSON text its objects have twice.
 *
 * The JSON library says so of the first one alone, or keeps the last value without a word; a person who mends
 * a file by hand wants to know all of them. Pure; any thread.
 */
#include "protocol/fields.h"

#include <stdlib.h>
#include <string.h>

struct key {
    int object; /* counted in the order in which they open */
    const char *text;
    size_t length;
};

struct level {
    int object; /* -1: a list */
    bool key_next;
};

struct walk {
    struct key *keys;
    size_t count;
    struct level levels[BALINT_DEPTH + 1]; /* [0]: outside of everything */
    int depth, objects;
};

/* Remembers a key; was it there? */
static bool take_key(struct walk *walk, const char *text, size_t length)
{
    struct level *level = &walk->levels[walk->depth];
    level->key_next = false;
    for (size_t i = 0; i < walk->count; i++) {
        const struct key *key = &walk->keys[i];
        if (key->object == level->object && key->length == length && memcmp(key->text, text, length) == 0) {
            return true;
        }
    }
    walk->keys[walk->count++] = (struct key){.object = level->object, .text = text, .length = length};
    return false;
}

static void take(struct walk *walk, char c)
{
    if ((c == '{' || c == '[') && walk->depth < BALINT_DEPTH) {
        walk->levels[++walk->depth] =
            (struct level){.object = c == '{' ? walk->objects++ : -1, .key_next = c == '{'};
    } else if ((c == '}' || c == ']') && walk->depth > 0) {
        walk->depth--;
    } else if (c == ',') {
        walk->levels[walk->depth].key_next = walk->levels[walk->depth].object >= 0;
    }
}

bool balint_scan_twice(const char *text, size_t length, void (*told)(const char *path, void *context),
                       void *context)
{
    struct walk walk = {.levels = {{.object = -1}}};
    size_t quotes = 0;
    for (size_t i = 0; i < length; i++) {
        quotes += text[i] == '"';
    }
    walk.keys = malloc((quotes + 1) * sizeof *walk.keys);
    for (size_t i = 0; walk.keys && i < length; i++) {
        if (text[i] != '"') {
            take(&walk, text[i]);
            continue;
        }
        size_t end = balint_scan_string(text, length, i);
        if (walk.levels[walk.depth].key_next && take_key(&walk, text + i + 1, end - i - 1)) {
            char path[128];
            balint_scan(text, end < length ? end + 1 : length, path, sizeof path);
            told(path, context);
        }
        i = end;
    }
    bool whole = walk.keys != NULL;
    free(walk.keys);
    return whole;
}
