/* input_said.c - words that travelled sealed, from JSON and back; see input.h. */
#include "input.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char *const owns[BALINT_QUIETS] = {"none", "on-its-way", "taken"};

static bool wrong(char why[BALINT_INPUT_WHY], const char *what)
{
    snprintf(why, BALINT_INPUT_WHY, "%s", what);
    return false;
}

static bool read_text(const json_t *value, char *out, size_t size)
{
    const char *text = json_string_value(value);
    if (text == NULL || json_string_length(value) != strlen(text) || strlen(text) >= size)
        return false;
    strcpy(out, text);
    return true;
}

static bool read_word(const json_t *value, struct balint_said_word *out)
{
    return json_object_size(value) == 2 &&
           read_text(json_object_get(value, "name"), out->name, sizeof out->name) &&
           read_text(json_object_get(value, "text"), out->text, sizeof out->text);
}

static bool read_quiet(const json_t *list, struct balint_said *said)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_int_t seat = json_integer_value(json_array_get(list, i));
        if (!json_is_integer(json_array_get(list, i)) || seat < 0 || seat >= BALINT_SEATS)
            return false;
        said->quiet |= 1u << seat;
    }
    return json_is_array(list);
}

static bool read_own(const json_t *value, struct balint_said *said)
{
    const char *word = json_string_value(value);
    for (int i = 0; word != NULL && i < BALINT_QUIETS; i++) {
        said->own = (enum balint_own_quiet)i;
        if (strcmp(owns[i], word) == 0)
            return true;
    }
    return false;
}

static bool read_line(const json_t *list, struct balint_said *said)
{
    size_t size = json_array_size(list), first = size > BALINT_SAID_LINE ? size - BALINT_SAID_LINE : 0;
    for (size_t i = first; i < size; i++)
        if (!read_word(json_array_get(list, i), &said->line[said->line_count++]))
            return false;
    return json_is_array(list);
}

static bool read_said(const json_t *root, struct balint_said *said, char why[BALINT_INPUT_WHY])
{
    const char *name;
    json_t *value;
    if (!json_is_object(root))
        return wrong(why, "it is no object");
    json_object_foreach((json_t *)root, name, value)
    {
        bool done = strcmp(name, "quiet") == 0    ? read_quiet(value, said)
                    : strcmp(name, "own") == 0    ? read_own(value, said)
                    : strcmp(name, "answer") == 0 ? read_word(value, &said->answer)
                    : strcmp(name, "line") == 0   ? read_line(value, said)
                    : strcmp(name, "over") == 0   ? json_is_boolean(value)
                                                  : false;
        if (!done) {
            snprintf(why, BALINT_INPUT_WHY, "\"%.40s\" is unknown or not as it is to be", name);
            return false;
        }
    }
    return true;
}

bool balint_input_said(const char *text, size_t length, struct balint_said *out, char why[BALINT_INPUT_WHY])
{
    struct balint_said said = {0};
    json_t *root =
        length <= BALINT_INPUT_SIZE ? json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL) : NULL;
    bool done = root != NULL ? read_said(root, &said, why) : wrong(why, "it is no JSON, or too long");
    said.over = json_is_true(json_object_get(root, "over"));
    json_decref(root);
    if (done)
        *out = said;
    return done;
}

char *balint_said_json(const struct balint_said *said)
{
    json_t *root = json_pack("{s:b, s:s, s:{s:s, s:s}}", "over", (int)said->over, "own", owns[said->own],
                             "answer", "name", said->answer.name, "text", said->answer.text);
    json_t *quiet = json_array(), *line = json_array();
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (said->quiet >> seat & 1)
            json_array_append_new(quiet, json_integer(seat));
    for (int i = 0; i < said->line_count && i < BALINT_SAID_LINE; i++)
        json_array_append_new(
            line, json_pack("{s:s, s:s}", "name", said->line[i].name, "text", said->line[i].text));
    json_object_set_new(root, "quiet", quiet);
    json_object_set_new(root, "line", line);
    char *text = root != NULL ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    return text;
}
