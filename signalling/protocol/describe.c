/* describe.c - PROTOCOL.md's tables and the fuzz dictionary, written from the table itself.
 *
 * What a stranger reads about a field and what the decoder does with it come from the same row, so neither
 * can fall behind the other; a test compares the document with this. Writes to a FILE and nothing else; any
 * thread.
 */
#include "protocol/fields.h"

#include <string.h>

/* ---- messages */
static const char *way_of(unsigned from)
{
    bool server = from & BALINT_FROM_SERVER;
    bool client = from & ~(unsigned)BALINT_FROM_SERVER;
    return server && client ? "both" : server ? "to client" : "to server";
}

static void describe_who(FILE *out, unsigned from)
{
    static const struct {
        unsigned bits;
        const char *name;
    } names[] = {
        {BALINT_FROM_SEATED, "anybody with a seat"}, {BALINT_FROM_ADMITTED, "anybody admitted"},
        {BALINT_FROM_STRANGER, "no seat yet"},       {BALINT_FROM_LOBBY, "lobby"},
        {BALINT_FROM_OBSERVER, "observer"},          {BALINT_FROM_MEMBER, "member"},
        {BALINT_FROM_LEADER, "leader, co-leader"},   {BALINT_FROM_SERVER, "server"},
    };
    const char *comma = "";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((from & names[i].bits) == names[i].bits) {
            fprintf(out, "%s%s", comma, names[i].name);
            comma = ", ";
            from &= ~names[i].bits;
        }
    }
}

static void describe_words(FILE *out, const struct balint_field *field)
{
    const char *comma = "";
    if (field->kind == BALINT_KIND_WORD) {
        for (const char *const *word = field->words; *word; word++, comma = ", ") {
            fprintf(out, "%s`%s`", comma, *word);
        }
        return;
    }
    for (int64_t value = field->min; value <= field->max; value++, comma = ", ") {
        fprintf(out, "%s`%s`", comma, field->word((int)value));
    }
}

static void describe_range(FILE *out, const struct balint_field *field, const char *unit)
{
    fprintf(out, "%lld", (long long)field->min);
    if (field->max != field->min) {
        fprintf(out, "–%lld", (long long)field->max);
    }
    fprintf(out, "%s", unit);
}

/* Two cells: the type, and its limits. */
static void describe_type(FILE *out, const struct balint_field *field)
{
    switch (field->kind) {
    case BALINT_KIND_TEXT:
        fputs("string | ", out);
        describe_range(out, field, " bytes: ");
        fputs(balint_chars_about(field->chars), out);
        break;
    case BALINT_KIND_WORD:
    case BALINT_KIND_ENUM:
        fputs("string | ", out);
        describe_words(out, field);
        break;
    case BALINT_KIND_BYTES:
        fputs("base64url | ", out);
        describe_range(out, field, " bytes");
        break;
    case BALINT_KIND_INT:
        fputs("integer | ", out);
        describe_range(out, field, "");
        break;
    case BALINT_KIND_BOOL:
        fputs("boolean | ", out);
        break;
    case BALINT_KIND_BITS:
        fprintf(out, "list of integers | rising, 0–%lld", (long long)field->max);
        break;
    case BALINT_KIND_OBJECT:
        fputs("object | ", out);
        break;
    case BALINT_KIND_LIST:
        fputs(field->sub->kind == BALINT_KIND_OBJECT ? "list of objects | " : "list of base64url | ", out);
        describe_range(out, field, " elements");
        if (field->sub->kind == BALINT_KIND_BYTES) {
            fputs(" of ", out);
            describe_range(out, field->sub, " bytes");
        }
    }
}

static void describe_presence(FILE *out, const struct balint_field *field)
{
    const char *when = field->ways == 1 << BALINT_TO_SERVER   ? " to server"
                       : field->ways == 1 << BALINT_TO_CLIENT ? " to client"
                                                              : "";
    if (field->required) {
        fprintf(out, "yes%s", when);
    } else if (field->kind == BALINT_KIND_BOOL) {
        fprintf(out, "else `false`%s", when);
    } else if (field->kind == BALINT_KIND_ENUM && field->min == field->absent) {
        fprintf(out, "else `%s`%s", field->word((int)field->min), when);
    } else if (field->kind == BALINT_KIND_INT && field->min == 0 && field->absent == 0) {
        fprintf(out, "else 0%s", when);
    } else {
        fprintf(out, "no%s", when);
    }
}

static void describe_fields(FILE *out, const struct balint_field *fields, const char *prefix)
{
    for (const struct balint_field *field = fields; field->key; field++) {
        char path[64];
        fprintf(out, "| `%s%s` | ", prefix, field->key);
        describe_type(out, field);
        fputs(" | ", out);
        describe_presence(out, field);
        fprintf(out, " | %s |\n", field->about ? field->about : "");
        bool list = field->kind == BALINT_KIND_LIST;
        const struct balint_field *inner = list ? field->sub : field;
        if (inner->kind == BALINT_KIND_OBJECT) {
            snprintf(path, sizeof path, "%s%s%s.", prefix, field->key, list ? "[]" : "");
            describe_fields(out, inner->sub, path);
        }
    }
}

void balint_describe_messages(FILE *out)
{
    static const char head[] =
        "| field | type | limits | required | meaning |\n| --- | --- | --- | --- | --- |\n";
    fputs("| message | direction | who sends it | what it is |\n| --- | --- | --- | --- |\n", out);
    for (int i = 0; i < BALINT_MSGS; i++) {
        const struct balint_row *row = balint_row_of((enum balint_type)i);
        fprintf(out, "| `%s` | %s | ", row->name, way_of(row->from));
        describe_who(out, row->from);
        fprintf(out, " | %s |\n", row->about);
    }
    fprintf(out, "\nEvery message:\n\n%s", head);
    fputs("| `type` | string |  | yes | the message's name |\n", out);
    describe_fields(out, balint_head_fields, "");
    for (int i = 0; i < BALINT_MSGS; i++) {
        const struct balint_row *row = balint_row_of((enum balint_type)i);
        if (row->fields->key) {
            fprintf(out, "\n`%s`\n\n%s", row->name, head);
            describe_fields(out, row->fields, "");
        }
    }
}

/* ---- limits */
#define LIMIT(name, about)                                                                                   \
    {                                                                                                        \
#name, name, about                                                                                   \
    }
static const struct {
    const char *name;
    long long value;
    const char *about;
} limits[] = {
    LIMIT(BALINT_MESSAGE_SIZE, "bytes of one message to the server"),
    LIMIT(BALINT_STATE_SIZE, "bytes of one message to a client"),
    LIMIT(BALINT_HELLO_MS, "from the open socket to a complete `hello`, `resume` or founder's request"),
    LIMIT(BALINT_PING_MS, "a client's ping period; after two misses it opens a second socket"),
    LIMIT(BALINT_SILENT_MS, "\\* the server gives up a socket that has said nothing for so long"),
    LIMIT(BALINT_RATE_PER_S, "\\* messages a second of one client …"),
    LIMIT(BALINT_RATE_BURST, "\\* … after a burst of so many"),
    LIMIT(BALINT_ABUSE, "errors of the sender's own making within the next line's time close the socket"),
    LIMIT(BALINT_ABUSE_MS, "the time for it"),
    LIMIT(BALINT_QUEUE_BYTES, "\\* queued to one client; one that does not drain is dropped and may resume"),
    LIMIT(BALINT_CONNECTIONS_PER_IP, "\\* connections of one address"),
    LIMIT(BALINT_CANDIDATES, "candidates per link, generation and side; the next one is refused"),
    LIMIT(BALINT_CERTIFICATE_SIZE, "bytes of a certificate record, before base64url"),
    LIMIT(BALINT_DEVICE_SIZE, "bytes of a device record"),
    LIMIT(BALINT_JOIN_SIZE, "bytes of a join record"),
    LIMIT(BALINT_TOKEN_SIZE, "bytes of a token"),
    LIMIT(BALINT_ROSTER_SIZE, "bytes of a roster record"),
    LIMIT(BALINT_GRANTING_SIZE, "bytes of a deputy's grant with the records of who granted it"),
    LIMIT(BALINT_SIGNATURE_SIZE, "bytes of a signature (Ed25519)"),
    LIMIT(BALINT_RESUME_SIZE, "bytes of a resume secret"),
    LIMIT(BALINT_ENVELOPE_SIZE, "bytes of an envelope, always"),
    LIMIT(BALINT_KEY_SIZE, "bytes of a public key (Ed25519, X25519)"),
    LIMIT(BALINT_HASH_SIZE, "bytes of a hash (SHA-256)"),
    LIMIT(BALINT_PASS_SIZE, "bytes of a pass record"),
    LIMIT(BALINT_LOOK_S, "seconds that a look at who is at the door lasts"),
    LIMIT(BALINT_NONCE_SIZE, "bytes of a nonce"),
    LIMIT(BALINT_MINT_MAX, "certificates in one `mint`"),
    LIMIT(BALINT_SEATS, "seats of a group, lobby included"),
    LIMIT(BALINT_PHASES, "phases of a format"),
};

void balint_describe_limits(FILE *out)
{
    fputs("| limit | value | of what |\n| --- | --- | --- |\n", out);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        fprintf(out, "| `%s` | %lld | %s |\n", limits[i].name, limits[i].value, limits[i].about);
    }
}

/* ---- phases */
static char edge_mark(const struct balint_format *format, int from, int to)
{
    static const struct {
        const char *name;
        char mark;
    } marks[] = {{"next", '>'}, {"previous", '<'}, {"loop", 'o'}, {"end", 'e'}};
    const char *name = balint_format_edge_name(format, from, to);
    for (size_t i = 0; name && i < sizeof marks / sizeof *marks; i++) {
        if (strcmp(marks[i].name, name) == 0) {
            return marks[i].mark;
        }
    }
    return '.';
}

static void describe_format(FILE *out, const struct balint_format *format)
{
    fprintf(out,
            "Format `%s`:\n\n"
            "| # | id | title | minutes | whose turn | presenter | part | guidance |\n"
            "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
            format->id);
    for (int i = 0; i < format->count; i++) {
        const struct balint_phase *phase = &format->phases[i];
        fprintf(out, "| %d | `%s` | %s | ", i, phase->id, phase->title);
        fprintf(out, phase->minutes ? "%d" : "–", phase->minutes);
        fprintf(out, " | `%s` | `%s` | `%s` | %s |\n", balint_turn_name(phase->turn),
                balint_place_name(phase->presenter), balint_part_name(phase->part), phase->guidance);
    }
    fputs("\n```\n                  to", out);
    for (int to = 0; to < format->count; to++) {
        fprintf(out, "%3d", to);
    }
    for (int from = 0; from < format->count; from++) {
        fprintf(out, "\n%2d %-17s", from, format->phases[from].id);
        for (int to = 0; to < format->count; to++) {
            fprintf(out, "  %c", edge_mark(format, from, to));
        }
    }
    fputs("\n```\n", out);
}

void balint_describe_phases(FILE *out)
{
    fputs("Shipped are", out);
    for (int i = 0; i < BALINT_SHIPPED; i++) {
        fprintf(out, "%s `%s`",
                i == 0                   ? ""
                : i + 1 < BALINT_SHIPPED ? ","
                                         : " and",
                balint_format_shipped(i)->id);
    }
    fputs(". Two of them, with their legal edges, from the row's phase to the column's (`>` next, `<` "
          "previous, `o` a loop of the format, `e` end):\n\n",
          out);
    describe_format(out, balint_format_find("classic"));
    fputs("\n", out);
    describe_format(out, balint_format_find("interrupted-story"));
}

/* ---- the floor */
#define IN     .admitted = true
#define BACK   IN, .stepped_back = true
#define INSIDE IN, .after_room = true

static const struct {
    const char *who;
    struct balint_standing standing;
} standings[] = {
    {"in the lobby", {.admitted = false}},
    {"observer, in the circle", {IN, .observer = true}},
    {"`after_room`: leader, observer", {INSIDE, .observer = true}},
    {"stepped back, `aside`", {BACK, .place = BALINT_ASIDE}},
    {"stepped back, `leaders`", {BACK, .place = BALINT_LEADERS_ONLY}},
    {"`muted`, `muted_for_cause`", {IN, .muted = true}},
    {"`away`", {IN, .away = true}},
    {"`sitting_out`", {IN, .sitting_out = true}},
    {"anybody else", {IN}},
};

void balint_describe_floor(FILE *out)
{
    fputs("| who | heard | seen by | hears and sees |\n| --- | --- | --- | --- |\n", out);
    for (size_t i = 0; i < sizeof standings / sizeof *standings; i++) {
        struct balint_floor floor = balint_floor_of(standings[i].standing);
        const char *all = floor.apart ? "who is there" : "all";
        fprintf(out, "| %s | by %s | %s%s | %s |\n", standings[i].who, floor.heard ? all : "nobody",
                floor.seen == BALINT_SEEN_BY_ALL       ? all
                : floor.seen == BALINT_SEEN_BY_LEADERS ? "leaders"
                                                       : "nobody",
                floor.dimmed ? ", `dimmed` for members" : "",
                !floor.hears  ? "nothing"
                : floor.apart ? "what is there"
                              : "everything");
    }
}

/* ---- errors */
const struct balint_wire_error balint_wire_errors[] = {
    {"malformed", "The text is not one JSON object."},
    {"too-large", "The message is longer than its limit."},
    {"too-deep", "The message nests too deep."},
    {"unknown-type", "There is no such message."},
    {"wrong-direction", "This message travels the other way only."},
    {"unknown-field", "The message has no field of this name."},
    {"duplicate-field", "The field is there twice."},
    {"missing-field", "A required field is missing."},
    {"wrong-type", "The field's value is of another JSON type."},
    {"too-long", "The field has more bytes or elements than its limit."},
    {"too-short", "The field has fewer bytes or elements than its limit."},
    {"out-of-range", "The number is outside its range."},
    {"bad-characters", "The text is not UTF-8, or has a character that it may not have."},
    {"bad-encoding", "The text is not canonical base64url without padding."},
    {"unknown-value", "The field's value is none of the few that it may have."},
    {"inconsistent", "The field does not fit the message's other fields."},
    {"no-memory", "The receiver has no memory for the message; try again later."},
    {NULL, NULL},
};

void balint_describe_results(FILE *out)
{
    fputs("Of the message itself:\n\n| code | meaning |\n| --- | --- |\n", out);
    for (const struct balint_wire_error *error = balint_wire_errors; error->code; error++) {
        fprintf(out, "| `%s` | %s |\n", error->code, error->about);
    }
    fputs("\nOf the session, to a request that was well formed:\n\n| code | meaning |\n| --- | --- |\n", out);
    for (int i = BALINT_OK + 1; i < BALINT_RESULTS; i++) {
        fprintf(out, "| `%s` | %s |\n", balint_result_name((enum balint_result)i),
                balint_result_text((enum balint_result)i));
    }
}

/* ---- the fuzzer's dictionary: one quoted token a line (libFuzzer's -dict) */
static void describe_token(FILE *out, const char *word)
{
    fprintf(out, "\"\\\"%s\\\"\"\n", word);
}

static void describe_tokens(FILE *out, const struct balint_field *fields)
{
    for (const struct balint_field *field = fields; field->key; field++) {
        const struct balint_field *inner = field->kind == BALINT_KIND_LIST ? field->sub : field;
        describe_token(out, field->key);
        if (field->kind == BALINT_KIND_WORD) {
            for (const char *const *word = field->words; *word; word++) {
                describe_token(out, *word);
            }
        }
        if (field->kind == BALINT_KIND_ENUM) {
            for (int64_t value = field->min; value <= field->max; value++) {
                describe_token(out, field->word((int)value));
            }
        }
        if (inner->kind == BALINT_KIND_OBJECT) {
            describe_tokens(out, inner->sub);
        }
    }
}

void balint_describe_dictionary(FILE *out)
{
    describe_token(out, "type");
    describe_tokens(out, balint_head_fields);
    for (int i = 0; i < BALINT_MSGS; i++) {
        const struct balint_row *row = balint_row_of((enum balint_type)i);
        describe_token(out, row->name);
        describe_tokens(out, row->fields);
    }
}
