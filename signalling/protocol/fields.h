/* fields.h - how a field of a message is described: its key, kind, place in the struct and limits.
 *
 * Why data and not code: one description gives decoder, encoder, documentation and fuzz dictionary, so that
 * no two of them can disagree about a limit. Private to protocol/ and to its tests. Everything here is
 * constant; any thread.
 */
#ifndef BALINT_FIELDS_H
#define BALINT_FIELDS_H

#include "protocol/messages.h"

/* How a value looks on the wire, and what the struct holds for it. */
enum balint_kind {
    BALINT_KIND_TEXT,   /* string → char[]: `min`..`max` bytes of UTF-8, characters as `chars` says */
    BALINT_KIND_WORD,   /* string → char[]: one of `words` */
    BALINT_KIND_ENUM,   /* string → enum or int: the names `word` gives to `min`..`max` */
    BALINT_KIND_BYTES,  /* base64url string → BALINT_BYTES struct: `min`..`max` bytes */
    BALINT_KIND_INT,    /* whole number → int, uint32_t or int64_t: `min`..`max` */
    BALINT_KIND_BOOL,   /* true, false → bool, or int 1, 0 */
    BALINT_KIND_BITS,   /* list of rising numbers 0..`max` → bits of a uint32_t */
    BALINT_KIND_OBJECT, /* object → struct: fields `sub`, offsets from its start */
    BALINT_KIND_LIST,   /* list → array: `min`..`max` elements as `sub` says, `stride` bytes apart */
};

/* Which characters a text may have. */
enum balint_chars {
    BALINT_CHARS_TEXT,        /* anything but control, line- and direction-changing characters */
    BALINT_CHARS_ID,          /* a-z 0-9 - _ */
    BALINT_CHARS_CODE,        /* A-Z a-z 0-9 - _ */
    BALINT_CHARS_HEX,         /* 0-9 a-f */
    BALINT_CHARS_ICE,         /* ice-char of RFC 8839 5.3: A-Z a-z 0-9 + / */
    BALINT_CHARS_FINGERPRINT, /* upper-case hex pairs with colons between them (RFC 8122 5) */
    BALINT_CHARS_PARAMS,      /* A-Z a-z 0-9 = ; - */
    BALINT_CHARS_ADDRESS,     /* A-Z a-z 0-9 . : - */
    BALINT_CHARSETS,
};

struct balint_field {
    const char *key; /* NULL ends a table; "" in the description of a list's element */
    enum balint_kind kind;
    bool required;
    uint8_t ways; /* bits 1 << enum balint_way; 0 = both */
    size_t offset, size;
    int64_t min, max;
    int64_t absent; /* numbers and enums: the value that stands for "not there" */
    enum balint_chars chars;
    const char *const *words;       /* NULL ends it */
    const char *(*word)(int value); /* NULL or "?" outside the enum */
    const struct balint_field *sub; /* object: its table; list: one field, the element */
    size_t count_offset, stride;    /* list: where the int count is */
    const char *about;
};

struct balint_row {
    const char *name;
    unsigned from;
    bool act; /* carried by struct balint_act: what the row does not have is BALINT_NOBODY / 0 */
    const struct balint_field *fields;
    /* Rules between fields. Returns the path of the field that does not fit, or NULL when all do. */
    const char *(*check)(const struct balint_message *message);
    const char *about;
};

/* The row of a message; NULL outside the enum. */
const struct balint_row *balint_row_of(enum balint_type type);
/* A format on the wire, and in a file, where loops are ids. */
extern const struct balint_field balint_format_fields[];
/* `id` and `re`, which every message may have. */
extern const struct balint_field balint_head_fields[];
/* Bytes of a message that travels this way. */
static inline size_t balint_message_limit(enum balint_way way)
{
    return way == BALINT_TO_SERVER ? BALINT_MESSAGE_SIZE : BALINT_STATE_SIZE;
}
/* Does the field travel this way? */
bool balint_field_travels(const struct balint_field *field, enum balint_way way);

/* A charset in words ("a-z 0-9 - _"), for documentation and errors. */
const char *balint_chars_about(enum balint_chars chars);
/* Are `length` bytes valid UTF-8 (RFC 3629) made of such characters only? */
bool balint_chars_fit(enum balint_chars chars, const char *text, size_t length);

/* base64url without padding (RFC 4648 5), strict and canonical. `text` gets no final NUL. */
size_t balint_wire_base64(const uint8_t *bytes, size_t length, char *text); /* returns the characters */
/* Returns the bytes the text stands for, written as far as `cap`; -1 when it is not canonical base64url. */
int64_t balint_wire_unbase64(const char *text, size_t length, uint8_t *bytes, size_t cap);

/* Numbers and flags by the size of their place: `signed` numbers have a negative `min`. */
int64_t balint_field_get(const struct balint_field *field, const void *base);
void balint_field_set(const struct balint_field *field, void *base, int64_t value);
/* Is an optional field at the value that stands for "not there"? */
bool balint_field_absent(const struct balint_field *field, const void *base);

/* Walks `length` bytes of JSON text and writes the path of the value that stands at its end ("opus.payload",
 * at most `size` - 1 bytes) to `path` (may be NULL). Returns the greatest nesting seen, or -1 when it is more
 * than BALINT_DEPTH. Needs no valid JSON: on anything else the path is a guess. */
#define BALINT_DEPTH 8
int balint_scan(const char *text, size_t length, char *path, size_t size);

/* Index of the closing quote of the string that opens at `at`, or `length`. */
size_t balint_scan_string(const char *text, size_t length, size_t at);
/* Tells the path of every key that its object has already, in valid JSON that balint_scan() does not find too
 * deep. Keys count as they are written: an escaped letter makes another one. False without memory. */
bool balint_scan_twice(const char *text, size_t length, void (*told)(const char *path, void *context),
                       void *context);
/* Is there memory to parse the worst text of this length? To be asked before the JSON library is. */
bool balint_json_fits(size_t length);

/* What a decoder may find wrong: codes of the wire with their meaning. NULL ends it. */
struct balint_wire_error {
    const char *code;
    const char *about;
};
extern const struct balint_wire_error balint_wire_errors[];

#endif
