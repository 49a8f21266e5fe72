/* protocol_encode.c - what is encoded comes back the same, and what is outside its limits is not encoded. */
#include "unit/protocol_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void decode_whole(const json_t *json, enum balint_way way, struct balint_message *message)
{
    struct balint_error error;
    if (!sample_decode(json, way, message, &error)) {
        fail_msg("%s at %s", error.code, error.field);
    }
}

/* JSON → struct → text → JSON and struct again: nothing lost, nothing added. */
static void there_and_back(const json_t *json, enum balint_type type, enum balint_way way)
{
    static struct balint_message message, again;
    struct balint_error error;
    size_t length = 0;
    decode_whole(json, way, &message);
    assert_int_equal(message.type, type);
    char *text = balint_encode(&message, way, &length);
    assert_non_null(text);
    assert_int_equal(length, strlen(text));
    assert_null(strchr(text, '\n'));
    json_t *written = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    if (!json_equal(json, written)) {
        fail_msg("not what was read: %s", text);
    }
    assert_true(balint_decode(text, length, way, &again, &error));
    assert_memory_equal(&message, &again, sizeof message);
    json_decref(written);
    free(text);
}

static void every_message_comes_back(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * BALINT_MSGS; i++) {
        enum balint_type type = (enum balint_type)(i / 2);
        enum balint_way way = (enum balint_way)(i % 2);
        if (!sample_travels(type, way)) {
            continue;
        }
        json_t *small = sample_small(type, way), *large = sample_large(type, way);
        there_and_back(small, type, way);
        there_and_back(large, type, way);
        json_decref(small);
        json_decref(large);
    }
}

/* ---- refusals: one field of a whole message is spoiled in the struct */
struct spoil {
    enum balint_way way;
    struct balint_message *message;
    int tried;
};

/* Runs with `count` bytes at `at` replaced; they come back afterwards. */
static void try_bytes(struct spoil *s, const struct balint_field *field, void *at, const void *bytes,
                      size_t count)
{
    char kept[BALINT_TEXT_SIZE * 4];
    assert_true(count <= sizeof kept);
    memcpy(kept, at, count);
    memcpy(at, bytes, count);
    char *text = balint_encode(s->message, s->way, NULL);
    if (text) {
        fail_msg("%s.%s was encoded: %.300s", balint_message_name(s->message->type), field->key, text);
    }
    memcpy(at, kept, count);
    s->tried++;
}

static void spoil_text(struct spoil *s, const struct balint_field *field, char *at)
{
    char full[BALINT_TEXT_SIZE * 4];
    memset(full, 'a', sizeof full);
    try_bytes(s, field, at, full, field->size); /* no NUL within the field */
    try_bytes(s, field, at, "\x01", 1);
    try_bytes(s, field, at, "\xff", 1);
    try_bytes(s, field, at, "\xc3", 1); /* half a character */
    if (field->required && field->min > 0) {
        try_bytes(s, field, at, "", 1);
    }
}

static void spoil_number(struct spoil *s, const struct balint_field *field, void *base)
{
    int64_t kept = balint_field_get(field, base);
    const int64_t wrong[] = {field->max + 1, field->min - 1};
    for (size_t i = 0; i < 2; i++) {
        balint_field_set(field, base, wrong[i]);
        int64_t is = balint_field_get(field, base);
        bool fits = is >= field->min && is <= field->max; /* 2^32 in a uint32_t is 0 again */
        if (!fits && (field->required || is != field->absent)) {
            char *text = balint_encode(s->message, s->way, NULL);
            if (text) {
                fail_msg("%s = %lld was encoded", field->key, (long long)wrong[i]);
            }
            s->tried++;
        }
    }
    balint_field_set(field, base, kept);
}

static void spoil_bytes(struct spoil *s, const struct balint_field *field, void *at)
{
    uint16_t more = (uint16_t)(field->max + 1), less = (uint16_t)(field->min - 1), most = UINT16_MAX;
    try_bytes(s, field, at, &more, sizeof more);
    try_bytes(s, field, at, &most, sizeof most);
    if (less > 0 || field->required) {
        try_bytes(s, field, at, &less, sizeof less);
    }
}

static void spoil_fields(struct spoil *s, const struct balint_field *fields, char *base);

static void spoil_list(struct spoil *s, const struct balint_field *field, char *base)
{
    int wrong[] = {(int)field->max + 1, -1, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        try_bytes(s, field, base + field->count_offset, &wrong[i], sizeof wrong[i]);
    }
    if (field->sub->kind == BALINT_KIND_OBJECT) {
        spoil_fields(s, field->sub->sub, base + field->offset);
    } else {
        spoil_bytes(s, field->sub, base + field->offset);
    }
}

static void spoil_fields(struct spoil *s, const struct balint_field *fields, char *base)
{
    uint32_t bits = UINT32_C(1) << BALINT_PHASES;
    for (const struct balint_field *field = fields; field->key; field++) {
        char *at = base + field->offset;
        if (!balint_field_travels(field, s->way)) {
            continue;
        }
        switch (field->kind) {
        case BALINT_KIND_TEXT:
            spoil_text(s, field, at);
            break;
        case BALINT_KIND_WORD:
            try_bytes(s, field, at, "zz", 3);
            break;
        case BALINT_KIND_BYTES:
            spoil_bytes(s, field, at);
            break;
        case BALINT_KIND_OBJECT:
            spoil_fields(s, field->sub, at);
            break;
        case BALINT_KIND_LIST:
            if (*(int *)(base + field->count_offset) > 0) {
                spoil_list(s, field, base);
            }
            break;
        case BALINT_KIND_BITS:
            try_bytes(s, field, at, &bits, sizeof bits);
            break;
        default:
            spoil_number(s, field, base);
        }
    }
}

static void a_spoiled_field_is_not_encoded(void **state)
{
    (void)state;
    static struct balint_message message;
    struct spoil s = {.message = &message};
    for (int i = 0; i < 2 * BALINT_MSGS; i++) {
        enum balint_type type = (enum balint_type)(i / 2);
        s.way = (enum balint_way)(i % 2);
        if (!sample_travels(type, s.way)) {
            continue;
        }
        json_t *json = sample_large(type, s.way);
        decode_whole(json, s.way, &message);
        spoil_fields(&s, balint_row_of(type)->fields, (char *)&message);
        spoil_fields(&s, balint_head_fields, (char *)&message);
        json_decref(json);
    }
    print_message("%d spoiled messages refused\n", s.tried);
    assert_true(s.tried > 400);
}

static void the_wrong_way_is_not_encoded(void **state)
{
    (void)state;
    static struct balint_message message;
    for (int i = 0; i < BALINT_MSGS; i++) {
        for (int way = 0; way < 2; way++) {
            if (!sample_travels((enum balint_type)i, (enum balint_way)way)) {
                json_t *json = sample_small((enum balint_type)i, (enum balint_way) !way);
                decode_whole(json, (enum balint_way) !way, &message);
                assert_null(balint_encode(&message, (enum balint_way)way, NULL));
                json_decref(json);
            }
        }
    }
    message.type = BALINT_MSGS;
    assert_null(balint_encode(&message, BALINT_TO_SERVER, NULL));
    message.type = (enum balint_type) - 1;
    assert_null(balint_encode(&message, BALINT_TO_CLIENT, NULL));
}

/* ---- rules between fields */
static void spoil_rule(enum balint_type type, enum balint_way way, const char *json_text, const char *path)
{
    static struct balint_message message;
    struct balint_error error;
    json_t *json = sample_large(type, way), *patch = json_loads(json_text, 0, NULL);
    assert_non_null(patch);
    json_object_update(json, patch);
    assert_false(sample_decode(json, way, &message, &error));
    assert_string_equal(error.code, "inconsistent");
    assert_string_equal(error.field, path);
    /* What the decoder filled before it noticed is what the encoder is asked to send: refused as well. */
    assert_null(balint_encode(&message, way, NULL));
    json_decref(json);
    json_decref(patch);
}

#define SOMEBODY(seat)                                                                                       \
    "{\"seat\":" #seat ",\"member\":\"a\",\"name\":\"A\",\"role\":\"member\",\"connected\":true,"            \
    "\"epoch\":1,\"heard\":true,\"seen\":\"all\"}"

static void fields_fit_each_other(void **state)
{
    (void)state;
    spoil_rule(BALINT_MSG_OFFER, BALINT_TO_SERVER, "{\"vp8\":{\"payload\":127}}", "vp8.payload");
    spoil_rule(BALINT_MSG_ANSWER, BALINT_TO_CLIENT, "{\"opus\":{\"payload\":100}}", "vp8.payload");
    spoil_rule(BALINT_MSG_STATE, BALINT_TO_CLIENT, "{\"seats\":[" SOMEBODY(2) "," SOMEBODY(2) "]}", "seats");
    spoil_rule(BALINT_MSG_STATE, BALINT_TO_CLIENT, "{\"seats\":[" SOMEBODY(2) "," SOMEBODY(1) "]}", "seats");
    spoil_rule(BALINT_MSG_STATE, BALINT_TO_CLIENT,
               "{\"seats\":[" SOMEBODY(2) "],\"lobby\":[" SOMEBODY(2) "]}", "lobby");
    spoil_rule(BALINT_MSG_STATE, BALINT_TO_CLIENT,
               "{\"phase\":1,\"format\":{\"id\":\"f\",\"title\":\"F\",\"phases\":[{\"id\":\"p\",\"title\":"
               "\"P\",\"minutes\":0,\"turn\":\"all\",\"presenter\":\"circle\"}]}}",
               "phase");
    spoil_rule(BALINT_MSG_STATE, BALINT_TO_CLIENT,
               "{\"phase\":0,\"format\":{\"id\":\"f\",\"title\":\"F\",\"phases\":[{\"id\":\"p\",\"title\":"
               "\"P\",\"minutes\":0,\"turn\":\"all\",\"presenter\":\"circle\",\"loops\":[1]}]}}",
               "format.phases");
}

/* ---- sizes */
static size_t size_of(enum balint_type type, enum balint_way way)
{
    static struct balint_message message;
    size_t length = 0;
    json_t *json = sample_large(type, way);
    decode_whole(json, way, &message);
    if (type ==
        BALINT_MSG_STATE) { /* a required flag is longer when it is down, and one waits in the lobby */
        struct balint_state *state = &message.state;
        state->admitted = state->led = state->hears = false;
        for (int i = 0; i < BALINT_SEATS; i++) {
            state->seats[i].connected = state->seats[i].heard = false;
        }
        state->lobby[state->lobby_count++] = state->seats[--state->seat_count];
    }
    char *text = balint_encode(&message, way, &length);
    assert_non_null(text);
    free(text);
    json_decref(json);
    return length;
}

/* The longest message of each kind fits its way: sixteen seats and sixteen phases, whose every text is as
 * long as it may be and made of the character that grows most. */
static void the_longest_messages_fit(void **state)
{
    (void)state;
    size_t longest[2] = {0, 0};
    for (int i = 0; i < 2 * BALINT_MSGS; i++) {
        enum balint_type type = (enum balint_type)(i / 2);
        enum balint_way way = (enum balint_way)(i % 2);
        if (sample_travels(type, way)) {
            size_t length = size_of(type, way);
            longest[way] = length > longest[way] ? length : longest[way];
        }
    }
    print_message("longest to the server %zu of %d bytes, to a client %zu of %d\n", longest[0],
                  BALINT_MESSAGE_SIZE, longest[1], BALINT_STATE_SIZE);
    assert_int_equal(longest[1], size_of(BALINT_MSG_STATE, BALINT_TO_CLIENT));
    assert_true(longest[0] <= BALINT_MESSAGE_SIZE);
    assert_true(longest[1] <= BALINT_STATE_SIZE);
}

/* An ordinary evening's state: ten people, format classic. A change costs this much on a thin line. */
static void an_ordinary_state_is_small(void **state)
{
    (void)state;
    static struct balint_message message = {.type = BALINT_MSG_STATE};
    struct balint_state *s = &message.state;
    size_t length = 0;
    strcpy(s->boot, "0123456789abcdef");
    strcpy(s->session, "0123456789abcdef0123456789abcdef");
    strcpy(s->group, "tuesday");
    s->admitted = s->led = s->hears = true;
    s->format = *balint_format_find("classic");
    s->presenter = s->proposed = BALINT_NOBODY;
    for (s->seat_count = 0; s->seat_count < 10; s->seat_count++) {
        struct balint_state_seat *seat = &s->seats[s->seat_count];
        *seat = (struct balint_state_seat){.seat = s->seat_count, .role = BALINT_MEMBER, .epoch = 1};
        seat->connected = seat->heard = true;
        seat->seen = BALINT_SEEN_BY_ALL;
        strcpy(seat->member, "m0123456789");
        strcpy(seat->name, "Dr. Anna Example");
    }
    char *text = balint_encode(&message, BALINT_TO_CLIENT, &length);
    assert_non_null(text);
    print_message("state of ten people: %zu bytes\n", length);
    assert_true(length < 4096);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_comes_back),     cmocka_unit_test(a_spoiled_field_is_not_encoded),
        cmocka_unit_test(the_wrong_way_is_not_encoded), cmocka_unit_test(fields_fit_each_other),
        cmocka_unit_test(the_longest_messages_fit),     cmocka_unit_test(an_ordinary_state_is_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
