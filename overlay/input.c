/* input.c - JSON to balance and tiles and back; states go through the wire's own decoder. */
#include "input.h"

#include <jansson.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/messages.h"

#define MS_MAX ((json_int_t)1 << 53) /* what every JSON reader keeps exactly */

static const char *const readings[] = {"reading", "none", "away"};
static const char *const lines[BALINT_LINES] = {"unknown", "none", "sound", "lost", "closed"};
static const char *const standings[BALINT_DOOR_STANDINGS] = {"unknown",      "known",    "new",
                                                             "other-device", "unproven", "later"};
static const char *const roles[BALINT_ROLES] = {"leader", "co-leader", "member", "observer"};

static bool wrong(char why[BALINT_INPUT_WHY], const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool wrong(char why[BALINT_INPUT_WHY], const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, BALINT_INPUT_WHY, format, args);
    va_end(args);
    return false;
}

/* -- fields as data ----------------------------------------------------------------------------------------
 */

enum field_kind { INTEGER, LONG, SHARE, FLAG, NAME, WORD };
struct field {
    const char *name;
    size_t offset;
    json_int_t least, most;   /* integers */
    const char *const *words; /* words: `most` of them, an int is their index */
    enum field_kind kind;
    bool required;
};

#define ROW(field) offsetof(struct balint_balance_row, field)
static const struct field row_fields[] = {
    {"seat", ROW(seat), 0, BALINT_SEATS - 1, NULL, INTEGER, false},
    {"name", ROW(name), 0, 0, NULL, NAME, true},
    {"role", ROW(role), 0, BALINT_ROLES, roles, WORD, true},
    {"reading", ROW(reading), 0, 3, readings, WORD, false},
    {"presenter", ROW(presenter), 0, 0, NULL, FLAG, false},
    {"shared", ROW(shared), 0, 0, NULL, FLAG, false},
    {"heard_yet", ROW(heard_yet), 0, 0, NULL, FLAG, false},
    {"spoken_ms", ROW(spoken_ms), 0, MS_MAX, NULL, LONG, false},
    {"spoken_all_ms", ROW(spoken_all_ms), 0, MS_MAX, NULL, LONG, false},
    {"recent_ms", ROW(recent_ms), 0, MS_MAX, NULL, LONG, false},
    {"turns", ROW(turns), 0, 1000000, NULL, INTEGER, false},
    {"share", ROW(share), 0, 0, NULL, SHARE, false},
    {"recent_share", ROW(recent_share), 0, 0, NULL, SHARE, false},
    {"since_heard_ms", ROW(since_heard_ms), -1, MS_MAX, NULL, LONG, false},
    {0},
};
#define TILE(field) offsetof(struct balint_tile, field)
static const struct field tile_fields[] = {
    {"seat", TILE(seat), 0, BALINT_SEATS - 1, NULL, INTEGER, true},
    {"x", TILE(rect.x), 0, 16384, NULL, INTEGER, true},
    {"y", TILE(rect.y), 0, 16384, NULL, INTEGER, true},
    {"w", TILE(rect.w), 0, 16384, NULL, INTEGER, true},
    {"h", TILE(rect.h), 0, 16384, NULL, INTEGER, true},
    {"line", TILE(line), 0, BALINT_LINES, lines, WORD, false},
    {"no_camera", TILE(no_camera), 0, 0, NULL, FLAG, false},
    {0},
};
/* One person at the door. */
struct row {
    int seat, standing;
};
static const struct field door_fields[] = {
    {"seat", offsetof(struct row, seat), 0, BALINT_SEATS - 1, NULL, INTEGER, true},
    {"standing", offsetof(struct row, standing), 0, BALINT_DOOR_STANDINGS, standings, WORD, true},
    {0},
};
#define WHOLE(field) offsetof(struct balint_balance, field)
static const struct field balance_fields[] = {
    {"discussion_ms", WHOLE(discussion_ms), 0, MS_MAX, NULL, LONG, true},
    {"leaders_share", WHOLE(leaders_share), 0, 0, NULL, SHARE, false},
    {"member_count", WHOLE(member_count), 0, BALINT_SEATS, NULL, INTEGER, false},
    {"leader_count", WHOLE(leader_count), 0, BALINT_SEATS, NULL, INTEGER, false},
    {"other_count", WHOLE(other_count), 0, BALINT_SEATS, NULL, INTEGER, false},
    {0},
};

static bool read_word(const struct field *field, const char *word, int *out)
{
    for (int i = 0; word != NULL && i < (int)field->most; i++) {
        if (strcmp(field->words[i], word) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* One value into its place; false when it is of another kind or outside its range. */
static bool read_value(const struct field *field, const json_t *value, char *at)
{
    json_int_t number = json_integer_value(value);
    int word;
    switch (field->kind) {
    case INTEGER:
    case LONG:
        if (!json_is_integer(value) || number < field->least || number > field->most)
            return false;
        if (field->kind == LONG)
            *(int64_t *)(void *)at = number;
        else
            *(int *)(void *)at = (int)number;
        return true;
    case SHARE:
        *(double *)(void *)at = json_number_value(value);
        return json_is_number(value) && json_number_value(value) >= 0 && json_number_value(value) <= 1;
    case FLAG:
        *(bool *)at = json_is_true(value);
        return json_is_boolean(value);
    case NAME:
        if (!json_is_string(value) || json_string_length(value) >= BALINT_NAME_SIZE)
            return false;
        memcpy(at, json_string_value(value), json_string_length(value) + 1);
        return true;
    case WORD:
        if (!read_word(field, json_string_value(value), &word))
            return false;
        *(int *)(void *)at = word; /* enumerations without negative values are as wide as an int */
        return true;
    }
    return false;
}

static const struct field *field_find(const struct field *fields, const char *name)
{
    for (; fields->name != NULL; fields++)
        if (strcmp(fields->name, name) == 0)
            return fields;
    return NULL;
}

/* Every key of `object` into `out`, but `apart`, which the caller reads. `where` names the object. */
static bool read_fields(const json_t *object, const struct field *fields, const char *apart, void *out,
                        const char *where, char why[BALINT_INPUT_WHY])
{
    const char *name;
    json_t *value;
    if (!json_is_object(object))
        return wrong(why, "%s is no object", where);
    json_object_foreach((json_t *)object, name, value)
    {
        const struct field *field = field_find(fields, name);
        if (apart != NULL && strcmp(name, apart) == 0)
            continue;
        if (field == NULL)
            return wrong(why, "%s has an unknown field, \"%.40s\"", where, name);
        if (!read_value(field, value, (char *)out + field->offset))
            return wrong(why, "\"%s\" of %s is of another kind or outside its range", name, where);
    }
    for (; fields->name != NULL; fields++)
        if (fields->required && json_object_get(object, fields->name) == NULL)
            return wrong(why, "%s lacks \"%s\"", where, fields->name);
    return true;
}

static json_t *load(const char *text, size_t length, char why[BALINT_INPUT_WHY])
{
    json_error_t error;
    json_t *root = NULL;
    if (length > BALINT_INPUT_SIZE)
        wrong(why, "it is longer than %d bytes", BALINT_INPUT_SIZE);
    else if ((root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error)) == NULL)
        wrong(why, "it is no JSON: line %d, %.120s", error.line, error.text);
    return root;
}

/* -- balance -----------------------------------------------------------------------------------------------
 */

/* Where a row stands: members, leaders, others. */
static int part_of(const struct balint_balance_row *row)
{
    if (row->role == BALINT_LEADER || row->role == BALINT_CO_LEADER)
        return 1;
    return row->role == BALINT_MEMBER && !row->presenter ? 0 : 2;
}

static bool read_balance(const json_t *root, struct balint_balance *out, char why[BALINT_INPUT_WHY])
{
    struct balint_balance_row read[BALINT_SEATS];
    struct balint_balance balance = {0};
    char where[32];
    const json_t *rows = json_object_get(root, "rows");
    if (!read_fields(root, balance_fields, "rows", &balance, "the balance", why))
        return false;
    if (!json_is_array(rows) || json_array_size(rows) > BALINT_SEATS)
        return wrong(why, "\"rows\" of the balance is no list of at most %d", BALINT_SEATS);
    int count = (int)json_array_size(rows), counts[3] = {0, 0, 0}, next = 0;
    for (int i = 0; i < count; i++) {
        read[i] = (struct balint_balance_row){.since_heard_ms = -1};
        snprintf(where, sizeof where, "row %d", i);
        if (!read_fields(json_array_get(rows, (size_t)i), row_fields, NULL, &read[i], where, why))
            return false;
    }
    for (int part = 0; part < 3; part++) {
        for (int i = 0; i < count; i++) {
            if (part_of(&read[i]) != part)
                continue;
            balance.rows[next++] = read[i];
            counts[part]++;
        }
    }
    balance.member_count = counts[0];
    balance.leader_count = counts[1];
    balance.other_count = counts[2];
    *out = balance;
    return true;
}

bool balint_input_balance(const char *text, size_t length, struct balint_balance *out,
                          char why[BALINT_INPUT_WHY])
{
    json_t *root = load(text, length, why);
    bool done = root != NULL && read_balance(root, out, why);
    json_decref(root);
    return done;
}

/* -- tiles
 * --------------------------------------------------------------------------------------------------- */

bool balint_input_tiles(const char *text, size_t length, struct balint_tile out[BALINT_SEATS], int *count,
                        char why[BALINT_INPUT_WHY])
{
    struct balint_tile tiles[BALINT_SEATS] = {0};
    char where[32];
    json_t *root = load(text, length, why);
    bool done = root != NULL;
    if (done && (!json_is_array(root) || json_array_size(root) > BALINT_SEATS))
        done = wrong(why, "it is no list of at most %d tiles", BALINT_SEATS);
    for (size_t i = 0; done && i < json_array_size(root); i++) {
        snprintf(where, sizeof where, "tile %d", (int)i);
        done = read_fields(json_array_get(root, i), tile_fields, NULL, &tiles[i], where, why);
    }
    if (done) {
        *count = (int)json_array_size(root);
        memcpy(out, tiles, sizeof tiles);
    }
    json_decref(root);
    return done;
}

/* -- the door
 * --------------------------------------------------------------------------------------------------- */

bool balint_input_door(const char *text, size_t length, struct balint_doorway *out,
                       char why[BALINT_INPUT_WHY])
{
    struct balint_doorway door = {0};
    char where[32];
    json_t *root = load(text, length, why);
    bool done = root != NULL;
    if (done && (!json_is_array(root) || json_array_size(root) > BALINT_SEATS))
        done = wrong(why, "it is no list of at most %d people at the door", BALINT_SEATS);
    for (size_t i = 0; done && i < json_array_size(root); i++) {
        struct row row = {0};
        snprintf(where, sizeof where, "row %d", (int)i);
        done = read_fields(json_array_get(root, i), door_fields, NULL, &row, where, why);
        if (done)
            door.standing[row.seat] = (enum balint_door_standing)row.standing;
    }
    if (done)
        *out = door;
    json_decref(root);
    return done;
}

/* -- state
 * --------------------------------------------------------------------------------------------------- */

bool balint_input_state(const char *text, size_t length, struct balint_state *out, char why[BALINT_INPUT_WHY])
{
    struct balint_message *message = malloc(sizeof *message);
    struct balint_error error;
    if (message == NULL)
        return wrong(why, "there is no memory");
    bool done = balint_decode(text, length, BALINT_TO_CLIENT, message, &error);
    if (!done)
        wrong(why, "%s%s%s", error.field, error.field[0] != '\0' ? ": " : "", error.text);
    else if (message->type != BALINT_MSG_STATE)
        done = wrong(why, "it is a message \"%s\", not \"state\"", balint_message_name(message->type));
    if (done)
        *out = message->state;
    free(message);
    return done;
}

/* -- the other way
 * --------------------------------------------------------------------------------------------- */

static json_t *write_value(const struct field *field, const char *at)
{
    switch (field->kind) {
    case INTEGER:
        return json_integer(*(const int *)(const void *)at);
    case LONG:
        return json_integer(*(const int64_t *)(const void *)at);
    case SHARE:
        return json_real(*(const double *)(const void *)at);
    case FLAG:
        return json_boolean(*(const bool *)at);
    case NAME:
        return json_string(at);
    case WORD:
        return json_string(field->words[*(const int *)(const void *)at]);
    }
    return NULL;
}

static json_t *write_fields(const struct field *fields, const void *from)
{
    json_t *object = json_object();
    for (; fields->name != NULL; fields++)
        json_object_set_new(object, fields->name, write_value(fields, (const char *)from + fields->offset));
    return object;
}

static char *dump(json_t *root)
{
    char *text = root != NULL ? json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    json_decref(root);
    return text;
}

char *balint_balance_json(const struct balint_balance *balance)
{
    json_t *root = write_fields(balance_fields, balance), *rows = json_array();
    for (int i = 0;
         i < balance->member_count + balance->leader_count + balance->other_count && i < BALINT_SEATS; i++)
        json_array_append_new(rows, write_fields(row_fields, &balance->rows[i]));
    json_object_set_new(root, "rows", rows);
    return dump(root);
}

char *balint_tiles_json(const struct balint_tile *tiles, int count)
{
    json_t *root = json_array();
    for (int i = 0; i < count && i < BALINT_SEATS; i++)
        json_array_append_new(root, write_fields(tile_fields, &tiles[i]));
    return dump(root);
}
