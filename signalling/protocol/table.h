/* table.h - the vocabulary in which messages.c and state_table.c write the table down.
 *
 * One macro a kind of field, so that a row says what it is and the place, size and cap come from the struct
 * itself: a limit cannot differ from the array it fills. Included by those two files alone.
 */
#ifndef BALINT_TABLE_H
#define BALINT_TABLE_H

#include "protocol/fields.h"

#define MSG struct balint_message
/* The largest whole number that every JSON reader keeps exactly (RFC 8259 6: 2^53 - 1). */
#define SAFE   INT64_C(9007199254740991)
#define MAX_31 INT64_C(2147483647)
#define MAX_32 INT64_C(4294967295)

#define SIZE(type, member) sizeof(((type *)0)->member)
#define AT(type, member)   .offset = offsetof(type, member), .size = SIZE(type, member)
#define FIELD(name, needed, ...)                                                                             \
    {                                                                                                        \
        .key = name, .required = needed, __VA_ARGS__                                                         \
    }
#define END                                                                                                  \
    {                                                                                                        \
        .key = NULL                                                                                          \
    }
#define NEEDED true
#define MAYBE  false
#define UP     .ways = 1 << BALINT_TO_SERVER
#define DOWN   .ways = 1 << BALINT_TO_CLIENT

#define TEXT(type, member, least, set)                                                                       \
    .kind = BALINT_KIND_TEXT, AT(type, member), .min = least, .max = SIZE(type, member) - 1, .chars = set
#define NAME(type, member) TEXT(type, member, 1, BALINT_CHARS_TEXT)
#define ID(type, member)   TEXT(type, member, 1, BALINT_CHARS_ID)
#define HEX(type, member)  TEXT(type, member, SIZE(type, member) - 1, BALINT_CHARS_HEX)
#define CHOICE(type, member, list)                                                                           \
    .kind = BALINT_KIND_WORD, AT(type, member), .max = SIZE(type, member) - 1, .words = list
#define ENUM(type, member, first, last, names)                                                               \
    .kind = BALINT_KIND_ENUM, AT(type, member), .min = first, .max = last, .word = names
#define BYTES(type, member)                                                                                  \
    .kind = BALINT_KIND_BYTES, AT(type, member), .min = 1, .max = SIZE(type, member.data)
#define EXACT(type, member)                                                                                  \
    .kind = BALINT_KIND_BYTES, AT(type, member), .min = SIZE(type, member.data),                             \
    .max = SIZE(type, member.data)
#define INT(type, member, least, most) .kind = BALINT_KIND_INT, AT(type, member), .min = least, .max = most
#define FLAG(type, member)             .kind = BALINT_KIND_BOOL, AT(type, member), .max = 1
#define SEAT(type, member)             INT(type, member, 0, BALINT_SEATS - 1), .absent = BALINT_NOBODY
#define SEAT_OR_NONE(type, member)     INT(type, member, BALINT_NOBODY, BALINT_SEATS - 1)
#define OBJECT(type, member, table)    .kind = BALINT_KIND_OBJECT, AT(type, member), .sub = table
#define LIST(type, member, count, least, element)                                                            \
    .kind = BALINT_KIND_LIST, AT(type, member), .min = least,                                                \
    .max = SIZE(type, member) / SIZE(type, member[0]), .sub = element,                                       \
    .count_offset = offsetof(type, count), .stride = SIZE(type, member[0])

/* Defined in state_table.c. */
extern const struct balint_field balint_state_fields[];
const char *balint_state_check(const struct balint_message *message);

#endif
