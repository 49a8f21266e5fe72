/* format.c - a format's file to the struct, every mistake explained: see format.h. */
#include "protocol/format.h"

#include "protocol/fields.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct reader {
    struct balint_format *format;
    balint_format_told told;
    void *context;
    int mistakes;
    bool doubtful; /* of some phase it is not known where the presenter is, or which part it is */
    char path[BALINT_FORMAT_PATH];
};

/* ---- telling */
__attribute__((format(printf, 2, 3))) static void say(struct reader *r, const char *text, ...)
{
    char said[BALINT_FORMAT_SAID];
    va_list args;
    va_start(args, text);
    vsnprintf(said, sizeof said, text, args);
    va_end(args);
    r->mistakes++;
    r->told(r->path, said, r->context);
}

/* The path of what is spoken of next. */
__attribute__((format(printf, 2, 3))) static void at(struct reader *r, const char *path, ...)
{
    va_list args;
    va_start(args, path);
    vsnprintf(r->path, sizeof r->path, path, args);
    va_end(args);
}

/* A text out of the file as it may be shown again: its beginning, plain. */
struct shown {
    char text[48];
};
static struct shown show(const char *text)
{
    struct shown shown;
    size_t i = 0;
    for (; text[i] != '\0' && i + 1 < sizeof shown.text; i++)
        shown.text[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    shown.text[i] = '\0';
    return shown;
}

/* The names of an enum's values, or of a table's keys: "a, b, c". */
static void list_words(const struct balint_field *field, char *list, size_t size)
{
    size_t used = 0;
    list[0] = '\0';
    for (int64_t value = field->min; value <= field->max && used < size; value++)
        used += (size_t)snprintf(list + used, size - used, "%s\"%s\"", value == field->min ? "" : ", ",
                                 field->word((int)value));
}

static void list_keys(const struct balint_field *fields, char *list, size_t size)
{
    size_t used = 0;
    list[0] = '\0';
    for (const struct balint_field *field = fields; field->key != NULL && used < size; field++)
        used += (size_t)snprintf(list + used, size - used, "%s%s", field == fields ? "" : ", ", field->key);
}

/* What a field wants, as the end of a sentence. */
static void list_wants(const struct balint_field *field, char *list, size_t size)
{
    switch (field->kind) {
    case BALINT_KIND_TEXT:
        snprintf(list, size, "a text in quotes, %lld to %lld bytes of %s", (long long)field->min,
                 (long long)field->max, balint_chars_about(field->chars));
        break;
    case BALINT_KIND_INT:
        snprintf(list, size, "a whole number, %lld to %lld", (long long)field->min, (long long)field->max);
        break;
    case BALINT_KIND_ENUM:
        snprintf(list, size, "one of ");
        list_words(field, list + 7, size - 7);
        break;
    default:
        snprintf(list, size,
                 field->kind == BALINT_KIND_BITS ? "a list of ids of phases" : "a list of phases");
    }
}

/* ---- one value */
static void read_text(struct reader *r, const json_t *json, const struct balint_field *field, void *base)
{
    const char *text = json_string_value(json);
    size_t length = json_string_length(json);
    if (length > (size_t)field->max)
        say(r, "This is %zu bytes long. Write at most %lld.", length, (long long)field->max);
    else if (length < (size_t)field->min)
        say(r, "This is empty. Write at least %lld %s.", (long long)field->min,
            field->min == 1 ? "byte" : "bytes");
    else if (!balint_chars_fit(field->chars, text, length))
        say(r, "\"%s\" has a character that cannot stand here. Write %s.", show(text).text,
            balint_chars_about(field->chars));
    else
        memcpy((char *)base + field->offset, text, length);
}

static void read_number(struct reader *r, const json_t *json, const struct balint_field *field, void *base)
{
    long long value = json_integer_value(json), least = field->min, most = field->max;
    if (value > most)
        say(r, "%lld is more than %lld. Write %lld to %lld.", value, most, least, most);
    else if (value < least)
        say(r, "%lld is less than %lld. Write %lld to %lld.", value, least, least, most);
    else
        balint_field_set(field, base, value);
}

static bool read_word(struct reader *r, const json_t *json, const struct balint_field *field, void *base)
{
    char words[160];
    for (int64_t value = field->min; value <= field->max; value++)
        if (strcmp(field->word((int)value), json_string_value(json)) == 0) {
            balint_field_set(field, base, value);
            return true;
        }
    list_words(field, words, sizeof words);
    say(r, "There is no \"%s\" here. Write one of %s.", show(json_string_value(json)).text, words);
    return false;
}

static void read_value(struct reader *r, const json_t *json, const struct balint_field *field, void *base)
{
    char wants[200];
    bool fits = field->kind == BALINT_KIND_INT    ? json_is_integer(json)
                : field->kind == BALINT_KIND_TEXT ? json_is_string(json)
                : field->kind == BALINT_KIND_ENUM ? json_is_string(json)
                                                  : json_is_array(json);
    if (!fits) {
        list_wants(field, wants, sizeof wants);
        say(r, "This value does not fit here. Write %s.", wants);
    } else if (field->kind == BALINT_KIND_TEXT) {
        read_text(r, json, field, base);
    } else if (field->kind == BALINT_KIND_INT) {
        read_number(r, json, field, base);
    }
    if (field->kind == BALINT_KIND_ENUM && !(fits && read_word(r, json, field, base)))
        r->doubtful = true;
}

/* The keys of an object: those that are there and unknown, those that are missing, and the values of the
 * others. Lists of phases and of loops are judged by the callers. `where` is the path of the object, ending
 * in a dot. */
static void read_object(struct reader *r, const json_t *json, const struct balint_field *fields,
                        const char *where, void *base)
{
    char list[200];
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)json, key, value)
    {
        const struct balint_field *field = fields;
        while (field->key != NULL && strcmp(field->key, key) != 0)
            field++;
        struct shown plain = show(key);
        for (char *c = plain.text; *c != '\0'; c++)
            *c = balint_chars_fit(BALINT_CHARS_CODE, c, 1) ? *c : '?';
        at(r, "%s%s", where, plain.text);
        if (field->key == NULL) {
            list_keys(fields, list, sizeof list);
            say(r, "There is no such key. Take it out, or write one of: %s.", list);
        } else {
            read_value(r, value, field, base);
        }
    }
    for (const struct balint_field *field = fields; field->key != NULL; field++)
        if (field->required && json_object_get(json, field->key) == NULL) {
            at(r, "%s%s", where, field->key);
            list_wants(field, list, sizeof list);
            say(r, "This is missing. Write %s.", list);
        }
}

/* ---- phases */
static int phase_of(const struct balint_format *format, const char *id)
{
    for (int i = 0; i < format->count; i++)
        if (format->phases[i].id[0] != '\0' && strcmp(format->phases[i].id, id) == 0)
            return i;
    return -1;
}

static void read_loop(struct reader *r, int from, const char *id)
{
    struct balint_phase *phase = &r->format->phases[from];
    int to = phase_of(r->format, id);
    const char *edge = to >= 0 ? balint_format_edge_name(r->format, from, to) : NULL;
    if (to < 0)
        say(r, "No phase has the id \"%s\". Write the id of a phase of this format.", show(id).text);
    else if (to == from)
        say(r, "A phase does not follow itself. Take it out.");
    else if (phase->loops >> to & 1)
        say(r, "\"%s\" is there twice. Take one out.", id);
    else if (edge != NULL)
        say(r, "\"%s\" may follow anyway (%s). Take it out.", id,
            strcmp(edge, "end") == 0 ? "it is the last phase" : edge);
    else
        phase->loops |= UINT32_C(1) << to;
}

/* Once all ids are known. */
static void read_loops(struct reader *r, const json_t *phases)
{
    for (int i = 0; i < r->format->count; i++) {
        const json_t *loops = json_object_get(json_array_get(phases, (size_t)i), "loops");
        for (size_t j = 0; j < json_array_size(loops); j++) {
            const json_t *id = json_array_get(loops, j);
            at(r, "phases[%d].loops[%zu]", i, j);
            if (json_is_string(id))
                read_loop(r, i, json_string_value(id));
            else
                say(r, "This is no id. Write the id of a phase in quotes.");
        }
    }
}

static void compare_ids(struct reader *r)
{
    const struct balint_format *format = r->format;
    for (int i = 1; i < format->count; i++) {
        int first = phase_of(format, format->phases[i].id);
        if (first >= 0 && first < i) {
            at(r, "phases[%d].id", i);
            say(r, "phases[%d] has the id \"%s\" already. Write another one.", first, format->phases[i].id);
        }
    }
}

/* What a format has: FORMATS.md. */
static void judge_ends(struct reader *r)
{
    const struct balint_format *format = r->format;
    int last = format->count - 1;
    const struct balint_phase *first = &format->phases[0];
    if (first->part != BALINT_PART_PLAIN) {
        at(r, "phases[0].part");
        say(r, "People arrive in the first phase, and no case has begun. Leave this out, or put a phase "
               "before it.");
    }
    for (int i = 0; i < last; i++)
        if (format->phases[i].part == BALINT_PART_CORRIDOR) {
            at(r, "phases[%d].part", i);
            say(r, "Only the last phase is the corridor. Leave this out, or put the phase last.");
        }
    if (format->phases[last].part != BALINT_PART_CORRIDOR) {
        at(r, "phases[%d].part", last);
        say(r, "The last phase is the corridor, where nobody is cut off. Write \"corridor\", or add such a "
               "phase.");
    }
    if (format->phases[last].presenter != BALINT_IN_CIRCLE) {
        at(r, "phases[%d].presenter", last);
        say(r, "Nobody is stepped back in the corridor. Leave this out.");
    }
}

static void judge_case(struct reader *r)
{
    const struct balint_format *format = r->format;
    bool begun = false, discussed = false;
    for (int i = 0; i < format->count; i++) {
        const struct balint_phase *phase = &format->phases[i];
        begun = begun || phase->part == BALINT_PART_CASE;
        discussed = discussed || balint_format_discussion(format, i);
        if (!begun && phase->presenter != BALINT_IN_CIRCLE) {
            at(r, "phases[%d].presenter", i);
            say(r, "No case has begun here, so nobody can step back. Leave this out, or say before which "
                   "phase a "
                   "case begins with \"part\": \"case\".");
        }
    }
    at(r, "phases");
    if (!begun)
        say(r, "No case begins in any phase. Write \"part\": \"case\" in the one where it does.");
    if (!discussed)
        say(r, "None of them is the group's discussion. Write \"presenter\": \"aside\" where the presenter "
               "steps "
               "back, or \"part\": \"discussion\" where the presenter stays in the circle.");
}

static void read_phases(struct reader *r, const json_t *phases, const struct balint_field *fields)
{
    size_t count = json_array_size(phases);
    at(r, "phases");
    if (count < 3)
        say(r, "A format has at least 3 phases: where people arrive, the case, and the corridor. Add some.");
    if (count > BALINT_PHASES)
        say(r, "%zu phases are more than %d. Leave some out; those from phases[%d] on were not looked at.",
            count, BALINT_PHASES, BALINT_PHASES);
    r->format->count = (int)(count < BALINT_PHASES ? count : BALINT_PHASES);
    for (int i = 0; i < r->format->count; i++) {
        const json_t *phase = json_array_get(phases, (size_t)i);
        char where[32];
        snprintf(where, sizeof where, "phases[%d].", i);
        if (json_is_object(phase)) {
            read_object(r, phase, fields, where, &r->format->phases[i]);
            continue;
        }
        at(r, "phases[%d]", i);
        say(r, "This is no phase. Write an object: {\"id\": …, \"title\": …}.");
        r->doubtful = true;
    }
    compare_ids(r);
    read_loops(r, phases);
    if (!r->doubtful && count >= 3 && count <= BALINT_PHASES) {
        judge_ends(r);
        judge_case(r);
    }
}

/* ---- the file */
static void tell_twice(const char *path, void *context)
{
    struct reader *r = context;
    at(r, "%s", path);
    say(r, "This key is there twice. Take one out.");
}

/* Keys that are there twice: all that are written alike, and, by the library's own look, one that is written
 * in two ways (\u0069d is id). */
static void tell_keys(struct reader *r, const char *text, size_t length)
{
    json_error_t why = {0};
    if (!balint_scan_twice(text, length, tell_twice, r)) {
        r->path[0] = '\0';
        say(r, "There is no memory left. Try again.");
    }
    if (r->mistakes > 0)
        return;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
    if (json == NULL) {
        char path[BALINT_FORMAT_PATH];
        balint_scan(text, why.position < 0 ? 0 : (size_t)why.position, path, sizeof path);
        tell_twice(path, r);
    }
    json_decref(json);
}

/* What is no JSON at all: the place, and where to look. */
static void tell_json(struct reader *r, const char *text, size_t length, const json_error_t *why)
{
    const char *what =
        "This is no JSON. Look just before it for a comma, quote or bracket that is missing or too many.";
    size_t position = why->position < 0 ? 0 : (size_t)why->position;
    switch (json_error_code(why)) {
    case json_error_invalid_utf8:
        what = "This is not UTF-8. Save the file as UTF-8.";
        break;
    case json_error_null_character:
    case json_error_null_byte_in_key:
        what = "A NUL character stands here. Take it out.";
        break;
    case json_error_numeric_overflow:
        what = "This number is too large. Write a smaller one.";
        break;
    case json_error_premature_end_of_input:
        what = "The file ends too early. Close every quote, bracket and brace.";
        break;
    case json_error_end_of_input_expected:
        what = "The format has ended before this. Take out what follows it.";
        break;
    default:
        break;
    }
    balint_scan(text, position < length ? position : length, r->path, sizeof r->path);
    say(r, "Line %d, column %d: %s", why->line < 1 ? 1 : why->line, why->column < 0 ? 0 : why->column, what);
}

/* A shipped id stands for what is shipped. */
static void judge_id(struct reader *r)
{
    const struct balint_format *shipped = balint_format_find(r->format->id);
    if (r->mistakes > 0 || shipped == NULL || memcmp(shipped, r->format, sizeof *shipped) == 0)
        return;
    at(r, "id");
    say(r, "\"%s\" is a shipped format, and this one differs from it. Write another id.", r->format->id);
}

static void read_file(struct reader *r, const char *text, size_t length)
{
    json_error_t why = {0};
    if (length > BALINT_FORMAT_SIZE) {
        say(r, "The file has %zu bytes, more than %d. A format is much shorter: write it anew.", length,
            BALINT_FORMAT_SIZE);
        return;
    }
    if (balint_scan(text, length, NULL, 0) < 0) {
        say(r, "The file nests more than %d deep. A format needs 5: close what was opened.", BALINT_DEPTH);
        return;
    }
    if (!balint_json_fits(length)) {
        say(r, "There is no memory left. Try again.");
        return;
    }
    json_t *json = json_loadb(text, length, 0, &why);
    if (json == NULL) {
        tell_json(r, text, length, &why);
    } else if (!json_is_object(json)) {
        say(r, "This is no format. Write an object: {\"id\": …, \"title\": …, \"phases\": […]}.");
    } else {
        const struct balint_field *phases = balint_format_fields;
        tell_keys(r, text, length);
        read_object(r, json, balint_format_fields, "", r->format);
        while (phases->kind != BALINT_KIND_LIST)
            phases++;
        if (json_is_array(json_object_get(json, phases->key)))
            read_phases(r, json_object_get(json, phases->key), phases->sub->sub);
        judge_id(r);
    }
    json_decref(json);
}

int balint_format_read(const char *text, size_t length, struct balint_format *format, balint_format_told told,
                       void *context)
{
    struct balint_format read;
    struct reader r = {.format = &read, .told = told, .context = context};
    memset(&read, 0, sizeof read);
    read_file(&r, text, length);
    if (r.mistakes == 0)
        memcpy(format, &read, sizeof read);
    return r.mistakes;
}
