/* identity_links.c - invitation links: what is read, and every way to damage one with the sentence it earns.
 */
#include "identity/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 32 bytes 00…00 and 01 00…: 43 letters. */
#define SEED "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ROOT "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define TAIL "#1.Zm9v." SEED "." ROOT
#define GOOD "https://balint.example.org/join/Tuesday" TAIL

static void test_reads(void **state)
{
    static const struct {
        const char *text, *server, *group;
        bool tls;
    } rows[] = {
        {GOOD, "balint.example.org", "Tuesday", true},
        {"HTTPS://Balint.example.org:65535/join/Tuesday" TAIL, "Balint.example.org:65535", "Tuesday", true},
        {"https://[2001:db8::1]:8443/join/a" TAIL, "[2001:db8::1]:8443", "a", true},
        {"https://192.0.2.7/join/a" TAIL, "192.0.2.7", "a", true},
        {"http://127.0.0.1:4000/join/a" TAIL, "127.0.0.1:4000", "a", false},
        {"http://127.255.0.9/join/a" TAIL, "127.255.0.9", "a", false},
        {"http://localhost:1/join/a" TAIL, "localhost:1", "a", false},
        {"http://[::1]:1/join/a" TAIL, "[::1]:1", "a", false},
        {"https://h/join/Gr%C3%B6%c3%9fe%207%2FNord" TAIL, "h", "Größe 7/Nord", true},
        {"https://h/join/Größe" TAIL, "h", "Größe", true},
        {"https://h/join/..." TAIL, "h", "...", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct balint_link link;
        const char *why = "?";
        if (!balint_link_parse(&link, rows[i].text, &why))
            fail_msg("%s: %s", rows[i].text, why);
        assert_string_equal(link.server, rows[i].server);
        assert_string_equal(link.group, rows[i].group);
        assert_int_equal(link.tls, rows[i].tls);
        assert_int_equal(link.token_length, 3);
        assert_memory_equal(link.token, "foo", 3);
        assert_int_equal(link.root[0], 1);
    }
}

/* What is wrong, and a word of the sentence that says so. */
static const struct {
    const char *text, *word;
} malformed[] = {
    {NULL, "no invitation link"},
    {"", "no invitation link"},
    {"https://h/join/a" TAIL " ", "blank"},
    {" https://h/join/a" TAIL, "blank"},
    {"https://h/join/a" TAIL "\n", "blank"},
    {"https://h/join/a\tb" TAIL, "blank"},
    {"https://h/join/a\x7f" TAIL, "blank"},
    {"balint.example.org/join/a" TAIL, "https://"},
    {"wss://h/join/a" TAIL, "https://"},
    {"https:/h/join/a" TAIL, "https://"},
    {"http://balint.example.org/join/a" TAIL, "not encrypted"},
    {"http://127.example.org/join/a" TAIL, "not encrypted"},
    {"http://127.0.0.1.example.org/join/a" TAIL, "not encrypted"},
    {"http://127.0.0/join/a" TAIL, "not encrypted"},
    {"http://127.0.0.256/join/a" TAIL, "not encrypted"},
    {"http://127.0.0.1./join/a" TAIL, "not encrypted"},
    {"http://128.0.0.1/join/a" TAIL, "not encrypted"},
    {"http://localhost.example/join/a" TAIL, "not encrypted"},
    {"http://[::2]/join/a" TAIL, "not encrypted"},
    {"https:///join/a" TAIL, "name a server"},
    {"https://user@h/join/a" TAIL, "name a server"},
    {"https://h:/join/a" TAIL, "name a server"},
    {"https://h:0/join/a" TAIL, "name a server"},
    {"https://h:65536/join/a" TAIL, "name a server"},
    {"https://h:123456/join/a" TAIL, "name a server"},
    {"https://h:8x/join/a" TAIL, "name a server"},
    {"https://h:-1/join/a" TAIL, "name a server"},
    {"https://-h/join/a" TAIL, "name a server"},
    {"https://.h/join/a" TAIL, "name a server"},
    {"https://h_1/join/a" TAIL, "name a server"},
    {"https://b\xc3\xbcro/join/a" TAIL, "name a server"},
    {"https://[::1/join/a" TAIL, "name a server"},
    {"https://[]/join/a" TAIL, "name a server"},
    {"https://[::g]/join/a" TAIL, "name a server"},
    {"https://[::1]x/join/a" TAIL, "name a server"},
    {"https://h" TAIL, "/join/"},
    {"https://h/" TAIL, "/join/"},
    {"https://h/enter/a" TAIL, "/join/"},
    {"https://h/Join/a" TAIL, "/join/"},
    {"https://h/join/a", "after # is missing"},
    {"https://h/join/", "after # is missing"},
    {"https://h/join/a/" TAIL, "between"},
    {"https://h/join/a?x=1" TAIL, "between"},
    {"https://h/join/a/b" TAIL, "between"},
    {"https://h/join/" TAIL, "group's name"},
    {"https://h/join/." TAIL, "group's name"},
    {"https://h/join/%2e%2E" TAIL, "group's name"},
    {"https://h/join/a%" TAIL, "group's name"},
    {"https://h/join/a%2" TAIL, "group's name"},
    {"https://h/join/a%2g" TAIL, "group's name"},
    {"https://h/join/a%g2" TAIL, "group's name"},
    {"https://h/join/a%00b" TAIL, "group's name"},
    {"https://h/join/a%0Ab" TAIL, "group's name"},
    {"https://h/join/a%C2%85" TAIL, "group's name"},
    {"https://h/join/%C3" TAIL, "group's name"},
    {"https://h/join/%C0%AF" TAIL, "group's name"},
    {"https://h/join/%ED%A0%80" TAIL, "group's name"},
    {"https://h/join/%E2%80%AEa" TAIL, "group's name"},
    {"https://h/join/a#", "not an invitation"},
    {"https://h/join/a#x", "not an invitation"},
    {"https://h/join/a#1", "newer"},
    {"https://h/join/a#2.Zm9v." SEED "." ROOT, "newer"},
    {"https://h/join/a#11.Zm9v." SEED "." ROOT, "newer"},
    {"https://h/join/a#1.", "first part"},
    {"https://h/join/a#1.." SEED "." ROOT, "first part"},
    {"https://h/join/a#1.Zm9v", "first part"},
    {"https://h/join/a#1.Zm9." SEED "." ROOT, "first part"},
    {"https://h/join/a#1.Zm=v." SEED "." ROOT, "first part"},
    {"https://h/join/a#1.Zm9v." SEED, "second part"},
    {"https://h/join/a#1.Zm9v..", "second part"},
    {"https://h/join/a#1.Zm9v.A" SEED "." ROOT, "second part"},
    {"https://h/join/a#1.Zm9v.AA" SEED "." ROOT, "second part"},
    {"https://h/join/a#1.Zm9v.Zm9v." ROOT, "second part"},
    {"https://h/join/a#1.Zm9v." SEED ".", "end of the link"},
    {"https://h/join/a#1.Zm9v." SEED ".AQ", "end of the link"},
    {"https://h/join/a#1.Zm9v." SEED "." ROOT "A", "end of the link"},
    {"https://h/join/a#1.Zm9v." SEED "." ROOT ".", "end of the link"},
    {"https://h/join/a#1.Zm9v." SEED "." ROOT ".Zm9v", "end of the link"},
    {"https://h/join/a#1.Zm9v." SEED "." ROOT "#", "end of the link"},
};

static void test_malformed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct balint_link link, before;
        const char *why = NULL;
        memset(&link, 0x55, sizeof link);
        before = link;
        if (balint_link_parse(&link, malformed[i].text, &why))
            fail_msg("was read: %s", malformed[i].text);
        assert_non_null(why);
        if (strstr(why, malformed[i].word) == NULL)
            fail_msg("%s: said \"%s\"", malformed[i].text, why);
        assert_null(strchr(why, '\n'));
        assert_int_equal(why[strlen(why) - 1], '.');
        assert_memory_equal(&link, &before, sizeof link); /* nothing half-done */
        assert_false(balint_link_parse(&link, malformed[i].text, NULL));
    }
}

static void test_too_long(void **state)
{
    struct balint_link link;
    const char *why;
    char text[BALINT_LINK_SIZE + 256];
    (void)state;
    memset(text, 'h', sizeof text);
    text[sizeof text - 1] = '\0';
    memcpy(text, "https://", 8);
    assert_false(balint_link_parse(&link, text, &why));
    assert_non_null(strstr(why, "too long"));
    strcpy(text + 8 + 256, "/join/a" TAIL); /* a host of 256 letters */
    assert_false(balint_link_parse(&link, text, &why));
    assert_non_null(strstr(why, "too long"));
    strcpy(text + 8 + 255, "/join/a" TAIL);
    assert_true(balint_link_parse(&link, text, &why));
    /* A token of 97 bytes, a group of 65. */
    strcpy(text, "https://h/join/a#1.");
    memset(text + strlen(text), 'A', 130);
    strcpy(text + 19 + 130, "." SEED "." ROOT);
    assert_false(balint_link_parse(&link, text, &why));
    assert_non_null(strstr(why, "first part"));
    strcpy(text + 19 + 128, "." SEED "." ROOT);
    assert_true(balint_link_parse(&link, text, &why));
    assert_int_equal(link.token_length, BALINT_TOKEN_SIZE);
    snprintf(text, sizeof text, "https://h/join/%065d%s", 0, TAIL);
    assert_false(balint_link_parse(&link, text, &why));
    snprintf(text, sizeof text, "https://h/join/%064d%s", 0, TAIL);
    assert_true(balint_link_parse(&link, text, &why));
}

/* No beginning of a link is a link, and a changed letter never brings the reader down. */
static void test_truncated_and_changed(void **state)
{
    char text[] = GOOD;
    struct balint_link link;
    const char *why;
    (void)state;
    for (size_t length = 0; length < sizeof text - 1; length++) {
        char part[sizeof text];
        memcpy(part, text, length);
        part[length] = '\0';
        assert_false(balint_link_parse(&link, part, &why));
    }
    for (size_t i = 0; i < sizeof text - 1; i++)
        for (int c = 1; c < 256; c++) {
            char kept = text[i], back[BALINT_LINK_SIZE];
            text[i] = (char)c;
            if (balint_link_parse(&link, text, &why))
                assert_true(balint_link_write(&link, back, sizeof back));
            text[i] = kept;
        }
}

static void test_write_refuses(void **state)
{
    struct balint_link good, link;
    char text[BALINT_LINK_SIZE];
    const char *why;
    (void)state;
    assert_true(balint_link_parse(&good, GOOD, &why));
    assert_true(balint_link_write(&good, text, sizeof text));
    assert_string_equal(text, GOOD);
    link = good;
    link.tls = false;
    assert_false(balint_link_write(&link, text, sizeof text));
    link = good;
    link.token_length = 0;
    assert_false(balint_link_write(&link, text, sizeof text));
    link.token_length = BALINT_TOKEN_SIZE + 1;
    assert_false(balint_link_write(&link, text, sizeof text));
    link = good;
    strcpy(link.server, "h/x");
    assert_false(balint_link_write(&link, text, sizeof text));
    link = good;
    strcpy(link.group, "..");
    assert_false(balint_link_write(&link, text, sizeof text));
    link = good; /* the longest that there is fits BALINT_LINK_SIZE */
    memset(link.server, 'h', sizeof link.server - 1);
    for (int i = 0; i < 32; i++)
        memcpy(link.group + 2 * i, "\xc3\xb6", 2);
    link.token_length = BALINT_TOKEN_SIZE;
    assert_true(balint_link_write(&link, text, sizeof text));
    assert_true(balint_link_parse(&good, text, &why));
    assert_memory_equal(&good, &link, sizeof link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads),         cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_too_long),      cmocka_unit_test(test_truncated_and_changed),
        cmocka_unit_test(test_write_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
