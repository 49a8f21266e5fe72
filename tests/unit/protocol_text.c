/* protocol_text.c - texts that are no messages: broken JSON, broken UTF-8, too large, too deep. */
#include "unit/protocol_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct balint_message message;
static struct balint_error error;

static void refused_bytes(const char *text, size_t length, const char *code, const char *field)
{
    if (balint_decode(text, length, BALINT_TO_SERVER, &message, &error)) {
        fail_msg("accepted: %.200s", text);
    }
    if (strcmp(error.code, code) != 0 || strcmp(error.field, field) != 0) {
        fail_msg("wanted %s at '%s', got %s at '%s': %.200s", code, field, error.code, error.field, text);
    }
    /* The error itself has to be sendable. */
    struct balint_message answer = {.type = BALINT_MSG_ERROR, .error = error};
    char *sent = balint_encode(&answer, BALINT_TO_CLIENT, NULL);
    assert_non_null(sent);
    free(sent);
}

static void refused(const char *text, const char *code, const char *field)
{
    refused_bytes(text, strlen(text), code, field);
}

static void broken_json(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "",
        " ",
        "{",
        "}",
        "]",
        "nonsense",
        "null",
        "1",
        "\"ping\"",
        "[]",
        "[{\"type\":\"leave\"}]",
        "{\"type\":\"leave\"}}",
        "{\"type\":\"leave\"} {\"type\":\"leave\"}",
        "{\"type\":\"leave\",}",
        "{type:\"leave\"}",
        "{'type':'leave'}",
        "\xef\xbb\xbf{\"type\":\"leave\"}",
        "{\"type\":\"leave\"}//",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        refused(broken[i], "malformed", "");
    }
    refused("[", "malformed", "[0]");
    refused("{\"type\":\"leave\"", "malformed", "type");
    refused("{\"type\":\"leave", "malformed", "type");
    refused("{\"type\":\"leave\",\"id\":01}", "malformed", "id");
    refused("{\"type\":\"leave\",\"id\":NaN}", "malformed", "id");
    refused("{\"type\":\"leave\",\"id\":+1}", "malformed", "id");
    refused("{\"type\":\"knock\",\"group\":\"a\tb\",\"token\":\"AA\"}", "malformed", "group");
    refused("{\"type\":\"knock\",\"group\":\"a\\xb\",\"token\":\"AA\"}", "malformed", "group");
}

static void types(void **state)
{
    (void)state;
    refused("{}", "missing-field", "type");
    refused("{\"type\":1}", "wrong-type", "type");
    refused("{\"type\":\"\"}", "unknown-type", "type");
    refused("{\"type\":\"Leave\"}", "unknown-type", "type");
    refused("{\"type\":\"step_back\"}", "unknown-type", "type");
    refused("{\"type\":\"?\"}", "unknown-type", "type");
    refused("{\"type\":\"leave\",\"type\":\"leave\"}", "duplicate-field", "type");
    refused("{\"type\":\"state\"}", "wrong-direction", "type");
}

/* The id comes back even of a message that is refused, so that the error can carry it. */
static void ids(void **state)
{
    (void)state;
    refused("{\"type\":\"nothing\",\"id\":7}", "unknown-type", "type");
    assert_int_equal(message.id, 7);
    assert_int_equal(message.type, BALINT_MSGS);
    refused("{\"type\":\"phase\",\"phase\":\"x\",\"id\":2147483647}", "wrong-type", "phase");
    assert_int_equal(message.id, 2147483647);
    assert_int_equal(message.type, BALINT_MSG_PHASE);
    refused("{\"type\":\"leave\",\"id\":0}", "out-of-range", "id");
    assert_int_equal(message.id, 0);
    refused("{\"type\":\"leave\",\"id\":2147483648}", "out-of-range", "id");
    assert_int_equal(message.id, 0);
    refused("{\"type\":\"leave\",\"id\":\"7\"}", "wrong-type", "id");
    refused("{\"type\":\"leave\",\"re\":7}", "unknown-field", "re"); /* the server's alone */
    refused("{\"id\":7,", "malformed", "id");
    assert_int_equal(message.id, 0);
    assert_true(balint_decode("{\"id\":3,\"type\":\"leave\"}", 23, BALINT_TO_SERVER, &message, &error));
    assert_int_equal(message.id, 3);
}

static void numbers(void **state)
{
    (void)state;
    refused("{\"type\":\"ping\",\"sent\":1.0}", "wrong-type", "sent");
    refused("{\"type\":\"ping\",\"sent\":1e3}", "wrong-type", "sent");
    refused("{\"type\":\"ping\",\"sent\":-1}", "out-of-range", "sent");
    refused("{\"type\":\"ping\",\"sent\":9007199254740992}", "out-of-range", "sent"); /* 2^53 */
    refused("{\"type\":\"ping\",\"sent\":99999999999999999999}", "out-of-range", "sent");
    refused("{\"type\":\"ping\",\"sent\":1e999}", "out-of-range", "sent");
}

/* RFC 3629: overlong forms, surrogates, more than U+10FFFF, cut characters, stray bytes. */
static void broken_utf8(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "\x80",
        "\xbf",
        "\xff",
        "\xfe",
        "\xc3",
        "\xc3(",
        "\xc0\x80",
        "\xc1\xbf",
        "\xe2\x82",
        "\xe2(\xa1",
        "\xe0\x80\xaf",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xf0\x9f\x98",
        "\xf0\x80\x80\xaf",
        "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80\x80",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"type\":\"knock\",\"group\":\"a%s\",\"token\":\"AA\"}", broken[i]);
        if (balint_decode(text, strlen(text), BALINT_TO_SERVER, &message, &error)) {
            fail_msg("broken text %zu accepted", i);
        }
        assert_string_equal(error.code, "bad-characters");
        assert_false(balint_chars_fit(BALINT_CHARS_TEXT, broken[i], strlen(broken[i])));
    }
    static const char *const whole[] = {
        "Łódź", "陳", "😀", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf", "\xc2\xa0"};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        assert_true(balint_chars_fit(BALINT_CHARS_TEXT, whole[i], strlen(whole[i])));
        assert_false(balint_chars_fit(BALINT_CHARS_TEXT, whole[i], strlen(whole[i]) - 1));
    }
    refused("{\"type\":\"lea\xffve\"}", "bad-characters", "type");
    refused("{\"type\":\"leave\",\"key\xff\":1}", "bad-characters", "key");
}

/* No NUL, no control character, in whatever way it is written: names reach terminals and windows. */
static void control_characters(void **state)
{
    (void)state;
    static const char *const escapes[] = {
        "\\u0001", "\\n",     "\\t",     "\\u001b[2J", "\\u007f", "\\u0080", "\\u009f",
        "\\u2028", "\\u202e", "\\u2066", "\\u2069",    "\\u200b", "\\u200c", "\\u200d",
        "\\u200f", "\\u2060", "\\ufeff", "\\u00ad",    "\\u061c", "\\u3164", "\\udb40\\udc61"};
    char text[128];
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        snprintf(text, sizeof text, "{\"type\":\"knock\",\"group\":\"a%sb\",\"token\":\"AA\"}", escapes[i]);
        refused(text, "bad-characters", "group");
    }
    refused("{\"type\":\"knock\",\"group\":\"a\\u0000b\",\"token\":\"AA\"}", "bad-characters", "group");
    refused("{\"type\":\"leave\",\"a\\u0000b\":1}", "bad-characters", "a?u0000b");
    refused("{\"type\":\"knock\",\"group\":\"\\ud800\",\"token\":\"AA\"}", "malformed", "group");
    static const char nul[] = "{\"type\":\"leave\"}\0";
    refused_bytes(nul, sizeof nul - 1, "malformed", "");
    refused_bytes("\0", 1, "malformed", "");
}

/* A key from outside comes back in the error, but only as plain characters, and cut. */
static void strange_keys(void **state)
{
    (void)state;
    char text[BALINT_MESSAGE_SIZE + 1], path[65];
    refused("{\"type\":\"leave\",\"a b\\u001b\xc3\xa4\":1}", "unknown-field", "a?b???");
    refused("{\"type\":\"leave\",\"\":1}", "unknown-field", "");
    memset(path, 'k', 64);
    path[64] = '\0';
    memset(text, 'k', sizeof text);
    memcpy(text, "{\"type\":\"leave\",\"", 17);
    memcpy(text + 1000, "\":1}", 5);
    refused(text, "unknown-field", path);
    refused("{\"type\":\"offer\",\"opus\":{\"payload\":96,\"payload\":96}}", "duplicate-field",
            "opus.payload");
    refused("{\"type\":\"mint\",\"certificates\":[\"AA\",{\"a\":1,\"a\":1}]}", "duplicate-field",
            "certificates[1].a");
}

/* Exactly the limit of its way is legal: blanks between the tokens count too. */
static void a_size(const char *start, size_t most, enum balint_way way)
{
    char *text = malloc(most + 1);
    memset(text, ' ', most + 1);
    memcpy(text, start, strlen(start));
    assert_true(balint_decode(text, most, way, &message, &error));
    assert_false(balint_decode(text, most + 1, way, &message, &error));
    assert_string_equal(error.code, "too-large");
    free(text);
}

static void sizes(void **state)
{
    (void)state;
    a_size("{\"type\":\"leave\"}", 16384, BALINT_TO_SERVER);
    a_size("{\"type\":\"done\"}", 32768, BALINT_TO_CLIENT);
}

static void nest(char open, char close, int depth, const char *code)
{
    char text[4096] = "{\"type\":\"leave\",\"x\":";
    size_t used = strlen(text);
    for (int i = 1; i < depth; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, open == '{' ? "{\"x\":" : "[");
    }
    text[used++] = '1';
    memset(text + used, close, (size_t)depth - 1);
    memcpy(text + used + depth - 1, "}", 2);
    refused(text, code, strcmp(code, "too-deep") == 0 ? "" : "x");
}

static void nesting(void **state)
{
    (void)state;
    nest('[', ']', 8, "unknown-field");
    nest('{', '}', 8, "unknown-field");
    nest('[', ']', 9, "too-deep");
    nest('{', '}', 9, "too-deep");
    nest('[', ']', 400, "too-deep");
    char *text = malloc(BALINT_MESSAGE_SIZE + 1);
    memset(text, '[', BALINT_MESSAGE_SIZE);
    text[BALINT_MESSAGE_SIZE] = '\0';
    refused(text, "too-deep", "");
    free(text);
    /* Brackets inside a string are no nesting, an escaped quote ends none. */
    const char *brackets = "{\"type\":\"knock\",\"group\":\"[[[[[[[[[[\\\"[[[{{{\\\\\",\"token\":\"AA\"}";
    assert_true(balint_decode(brackets, strlen(brackets), BALINT_TO_SERVER, &message, &error));
    assert_string_equal(message.knock.group, "[[[[[[[[[[\"[[[{{{\\");
}

/* RFC 4648 10's vectors, in the alphabet of 5 and without padding. */
static void base64url(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } vectors[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"}};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        char text[16] = "";
        uint8_t bytes[16];
        size_t length = strlen(vectors[i].bytes);
        assert_int_equal(balint_wire_base64((const uint8_t *)vectors[i].bytes, length, text),
                         strlen(vectors[i].text));
        assert_string_equal(text, vectors[i].text);
        assert_int_equal(balint_wire_unbase64(text, strlen(text), bytes, sizeof bytes), length);
        assert_memory_equal(bytes, vectors[i].bytes, length);
    }
    uint8_t one[2] = {0, 0x55};
    assert_int_equal(balint_wire_unbase64("Zm9v", 4, one, 1), 3); /* says how long it is, writes what fits */
    assert_int_equal(one[0], 'f');
    assert_int_equal(one[1], 0x55);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_json), cmocka_unit_test(types),        cmocka_unit_test(ids),
        cmocka_unit_test(numbers),     cmocka_unit_test(broken_utf8),  cmocka_unit_test(control_characters),
        cmocka_unit_test(sizes),       cmocka_unit_test(strange_keys), cmocka_unit_test(nesting),
        cmocka_unit_test(base64url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
