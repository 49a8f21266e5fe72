/* client_entry.c - a word that is typed, byte by byte and key by key. */
#include "client/entry.h"

#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static enum balint_typed type(struct balint_entry *entry, const char *bytes)
{
    enum balint_typed typed = BALINT_TYPED_MORE;
    for (; *bytes != '\0'; bytes++)
        typed = balint_entry_byte(entry, *bytes);
    return typed;
}

static void letters_and_backspace(void **unused)
{
    (void)unused;
    struct balint_entry entry = {0};
    balint_entry_begin(&entry);
    assert_int_equal(type(&entry, "Zu nähe – ё"), BALINT_TYPED_MORE);
    assert_string_equal(entry.text, "Zu nähe – ё");
    type(&entry, "\x7f");
    assert_string_equal(entry.text, "Zu nähe – "); /* a whole character, not a byte */
    type(&entry, "\x08\x7f\x7f\x7f\x7f");
    assert_string_equal(entry.text, "Zu nä");
    type(&entry, "\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f");
    assert_string_equal(entry.text, "");
    assert_int_equal(type(&entry, "ja\n"), BALINT_TYPED_ENTER);
    assert_string_equal(entry.text, "ja");
    assert_int_equal(type(&entry, "\x1b"), BALINT_TYPED_ESCAPE);
    balint_entry_begin(&entry);
    assert_string_equal(entry.text, "");
}

static void it_is_never_too_long(void **unused)
{
    (void)unused;
    struct balint_entry entry = {0};
    for (int i = 0; i < 60; i++)
        assert_int_equal(type(&entry, "é"), BALINT_TYPED_MORE);
    assert_int_equal(strlen(entry.text), 120);
    assert_int_equal(type(&entry, "é"), BALINT_TYPED_FULL);
    assert_int_equal(type(&entry, "x"), BALINT_TYPED_FULL);
    assert_int_equal(strlen(entry.text), 120);
    assert_null(balint_word_wrong(entry.text));
    type(&entry, "\x7f");
    assert_int_equal(type(&entry, "xy"), BALINT_TYPED_MORE);
}

/* Whatever a terminal sends, what stands there can be said. */
static void strange_bytes_are_left_out(void **unused)
{
    (void)unused;
    struct balint_entry entry = {0};
    type(&entry, "a\xff\xc3(\xa9\x01\tb\xe2\x80\xae" /* turns the direction */
                 "\xed\xa0\x80"                      /* a surrogate */
                 "c");
    assert_string_equal(entry.text, "a(bc");
    for (int i = 0; i < 200000; i++) {
        if (i % 100 == 0)
            balint_entry_begin(&entry);
        balint_entry_byte(&entry, (char)rand());
        assert_true(entry.length < sizeof entry.text && strlen(entry.text) == entry.length);
        if (entry.length > strspn(entry.text, " "))
            assert_null(balint_word_wrong(entry.text));
    }
}

static enum balint_typed press(struct balint_entry *entry, const char *name)
{
    enum balint_typed typed = balint_entry_key(entry, name, true);
    assert_int_equal(balint_entry_key(entry, name, false), BALINT_TYPED_MORE);
    return typed;
}

static void keys_of_a_window_have_names(void **unused)
{
    (void)unused;
    struct balint_entry entry = {0};
    balint_entry_key(&entry, "Shift_L", true);
    press(&entry, "z");
    balint_entry_key(&entry, "Shift_L", false);
    press(&entry, "u");
    press(&entry, "space");
    press(&entry, "n");
    press(&entry, "adiaeresis");
    press(&entry, "F5"); /* writes nothing */
    press(&entry, "h");
    press(&entry, "question");
    press(&entry, "odoubleacute");
    assert_string_equal(entry.text, "Zu näh?ő");
    press(&entry, "BackSpace");
    assert_string_equal(entry.text, "Zu näh?");
    assert_int_equal(press(&entry, "Return"), BALINT_TYPED_ENTER);
    assert_int_equal(press(&entry, "Escape"), BALINT_TYPED_ESCAPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_and_backspace),
        cmocka_unit_test(it_is_never_too_long),
        cmocka_unit_test(strange_bytes_are_left_out),
        cmocka_unit_test(keys_of_a_window_have_names),
    };
    return cmocka_run_group_tests_name("client_entry", tests, NULL, NULL);
}
