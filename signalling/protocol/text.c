/* text.c - what a string of the wire may consist of: UTF-8, charsets, base64url.
 *
 * Both ways pass here, so that nothing leaves this program that another one would refuse. Pure; any thread.
 */
#include "protocol/fields.h"

#include <string.h>

static const struct {
    const char *about;
    const char *extra; /* beside the ranges below */
    bool lower, upper, digits;
} charsets[BALINT_CHARSETS] = {
    [BALINT_CHARS_TEXT] = {"UTF-8 without control, line- and direction-changing and invisible characters", "",
                           false, false, false},
    [BALINT_CHARS_ID] = {"a-z 0-9 - _", "-_", true, false, true},
    [BALINT_CHARS_CODE] = {"A-Z a-z 0-9 - _", "-_", true, true, true},
    [BALINT_CHARS_HEX] = {"0-9 a-f", "abcdef", false, false, true},
    [BALINT_CHARS_ICE] = {"A-Z a-z 0-9 + /", "+/", true, true, true},
    [BALINT_CHARS_FINGERPRINT] = {"32 upper-case hex pairs joined by colons", "", false, false, false},
    [BALINT_CHARS_PARAMS] = {"A-Z a-z 0-9 = ; -", "=;-", true, true, true},
    [BALINT_CHARS_ADDRESS] = {"A-Z a-z 0-9 . : -", ".:-", true, true, true},
};

const char *balint_chars_about(enum balint_chars chars)
{
    return (int)chars >= 0 && chars < BALINT_CHARSETS ? charsets[chars].about : "?";
}

/* Length of the character at `at`, 1..4, its code point in `point`; 0 when it is no UTF-8 (RFC 3629 3:
 * overlong forms, surrogates and everything above U+10FFFF are none). */
static size_t utf8_next(const unsigned char *at, size_t left, uint32_t *point)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
    if (length == 0 || length > left) {
        return 0;
    }
    *point = length == 1 ? at[0] : at[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (at[i] >> 6 != 2) {
            return 0;
        }
        *point = *point << 6 | (at[i] & 0x3f);
    }
    bool surrogate = *point >= 0xd800 && *point <= 0xdfff;
    return *point < least[length] || surrogate || *point > 0x10ffff ? 0 : length;
}

static bool is_text(const unsigned char *text, size_t length)
{
    uint32_t point = 0;
    for (size_t i = 0, step; i < length; i += step) {
        step = utf8_next(text + i, length - i, &point);
        if (step == 0 || !balint_character_ok(point)) {
            return false;
        }
    }
    return true;
}

/* "AB:CD:…": two upper-case hex digits, then a colon, and so on, ending in digits. */
static bool is_fingerprint(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool colon = i % 3 == 2;
        bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'A' && text[i] <= 'F');
        if (colon ? text[i] != ':' : !hex) {
            return false;
        }
    }
    return length % 3 == 2;
}

bool balint_chars_fit(enum balint_chars chars, const char *text, size_t length)
{
    if (chars == BALINT_CHARS_TEXT) {
        return is_text((const unsigned char *)text, length);
    }
    if (chars == BALINT_CHARS_FINGERPRINT) {
        return is_fingerprint(text, length);
    }
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool fits = (charsets[chars].lower && c >= 'a' && c <= 'z') ||
                    (charsets[chars].upper && c >= 'A' && c <= 'Z') ||
                    (charsets[chars].digits && c >= '0' && c <= '9') ||
                    (c != '\0' && strchr(charsets[chars].extra, c));
        if (!fits) {
            return false;
        }
    }
    return true;
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t balint_wire_base64(const uint8_t *bytes, size_t length, char *text)
{
    size_t out = 0;
    uint32_t held = 0;
    int bits = 0;
    for (size_t i = 0; i < length; i++) {
        held = (held << 8 | bytes[i]) & 0xffff;
        for (bits += 8; bits >= 6;) {
            bits -= 6;
            text[out++] = alphabet[held >> bits & 63];
        }
    }
    if (bits > 0) {
        text[out++] = alphabet[held << (6 - bits) & 63];
    }
    return out;
}

int64_t balint_wire_unbase64(const char *text, size_t length, uint8_t *bytes, size_t cap)
{
    size_t out = 0;
    uint32_t held = 0;
    int bits = 0;
    for (size_t i = 0; i < length; i++) {
        const char *found = text[i] ? strchr(alphabet, text[i]) : NULL;
        if (!found) {
            return -1;
        }
        held = (held << 6 | (uint32_t)(found - alphabet)) & 0xffff;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            if (out < cap) {
                bytes[out] = (uint8_t)(held >> bits);
            }
            out++;
        }
    }
    /* A lone last character stands for no byte, and left-over bits that are not zero are a second way to
     * write the same bytes. */
    bool canonical = length % 4 != 1 && (held & ((1u << bits) - 1)) == 0;
    return canonical ? (int64_t)out : -1;
}
