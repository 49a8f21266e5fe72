/* call_devices.c - what a leader's program remembers of devices: text in and out, whom it knows, its limits.
 */
#include "call/devices.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Keys of one byte value each; their base64url by RFC 4648: 32 bytes are 42 full letters and one of 4 bits.
 */
#define ZEROS "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ONES  "__________________________________________8"

static struct balint_devices devices;

static const uint8_t *key(uint8_t byte)
{
    static uint8_t keys[256][BALINT_KEY_SIZE];
    memset(keys[byte], byte, BALINT_KEY_SIZE);
    return keys[byte];
}

static void text_is_read(void **state)
{
    (void)state;
    assert_int_equal(balint_devices_read(&devices, NULL), 0);
    assert_int_equal(devices.count, 0);
    assert_int_equal(balint_devices_read(&devices, "anna " ZEROS "\n# a note\n\nbela-2 " ONES), 0);
    assert_int_equal(devices.count, 2);
    assert_int_equal(balint_devices_find(&devices, "anna", key(0)), BALINT_ACQUAINTED);
    assert_int_equal(balint_devices_find(&devices, "bela-2", key(0xff)), BALINT_ACQUAINTED);
}

static void another_device_or_person_is_not_known(void **state)
{
    (void)state;
    assert_int_equal(balint_devices_read(&devices, "anna " ZEROS "\nbela " ONES "\n"), 0);
    assert_int_equal(balint_devices_find(&devices, "anna", key(0xff)), BALINT_OTHER_DEVICE); /* Béla's */
    assert_int_equal(balint_devices_find(&devices, "anna", key(7)), BALINT_OTHER_DEVICE);
    assert_int_equal(balint_devices_find(&devices, "cora", key(0)), BALINT_NEVER_MET); /* Anna's */
    assert_int_equal(balint_devices_find(&devices, "ann", key(0)), BALINT_NEVER_MET);
    assert_true(balint_devices_add(&devices, "anna", key(7)));
    assert_false(balint_devices_add(&devices, "anna", key(7)));
    assert_int_equal(balint_devices_find(&devices, "anna", key(7)), BALINT_ACQUAINTED);
    assert_int_equal(balint_devices_find(&devices, "anna", key(0)), BALINT_ACQUAINTED);
    uint8_t nearly[BALINT_KEY_SIZE];
    memcpy(nearly, key(7), sizeof nearly);
    nearly[BALINT_KEY_SIZE - 1] ^= 1;
    assert_int_equal(balint_devices_find(&devices, "anna", nearly), BALINT_OTHER_DEVICE);
}

static void damaged_lines_are_named_and_the_others_stay(void **state)
{
    static const char *const damaged[] = {
        "anna",
        "anna ",
        " " ZEROS,
        "anna " ZEROS "A",
        "anna " ZEROS " ",
        "Anna " ZEROS,
        "anna  " ZEROS,
        ZEROS,
        "anna\t" ZEROS,
        "anna AAAA",
        "\xff\xfe " ZEROS,
        "an!na " ZEROS,
        "anna " ONES "=",
        "anna __________________________________________9", /* bits beyond the last byte */
        "a23456789012345678901234567890123 " ZEROS,
    };
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        snprintf(text, sizeof text, "bela " ONES "\n%s\ncora " ZEROS "\nx\n", damaged[i]);
        assert_int_equal(balint_devices_read(&devices, text), 2);
        assert_int_equal(devices.count, 2);
        assert_int_equal(balint_devices_find(&devices, "bela", key(0xff)), BALINT_ACQUAINTED);
        assert_int_equal(balint_devices_find(&devices, "cora", key(0)), BALINT_ACQUAINTED);
        assert_int_equal(balint_devices_find(&devices, "anna", key(0)), BALINT_NEVER_MET);
    }
}

static void what_was_written_is_read(void **state)
{
    static char text[BALINT_DEVICES * BALINT_DEVICE_LINE + 1];
    static struct balint_devices again;
    char member[BALINT_ID_SIZE], line[BALINT_DEVICE_LINE + 1];
    size_t length = 0;
    (void)state;
    balint_devices_read(&devices, "");
    for (int i = 0; i < BALINT_DEVICES; i++) {
        snprintf(member, sizeof member, "m%031d", i); /* as long as they may be */
        assert_true(balint_devices_add(&devices, member, key((uint8_t)i)));
        balint_devices_line(&devices.met[i], line);
        memcpy(text + length, line, strlen(line));
        length += strlen(line);
    }
    assert_int_equal(balint_devices_read(&again, text), 0);
    assert_memory_equal(&again, &devices, sizeof devices);
}

static void the_oldest_makes_room(void **state)
{
    char member[BALINT_ID_SIZE];
    (void)state;
    balint_devices_read(&devices, NULL);
    for (int i = 0; i < BALINT_DEVICES + 2; i++) {
        snprintf(member, sizeof member, "m%d", i);
        assert_true(balint_devices_add(&devices, member, key(1)));
    }
    assert_int_equal(devices.count, BALINT_DEVICES);
    assert_int_equal(balint_devices_find(&devices, "m0", key(1)), BALINT_NEVER_MET);
    assert_int_equal(balint_devices_find(&devices, "m1", key(1)), BALINT_NEVER_MET);
    for (int i = 2; i < BALINT_DEVICES + 2; i++) {
        snprintf(member, sizeof member, "m%d", i);
        assert_int_equal(balint_devices_find(&devices, member, key(1)), BALINT_ACQUAINTED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_read),
        cmocka_unit_test(another_device_or_person_is_not_known),
        cmocka_unit_test(damaged_lines_are_named_and_the_others_stay),
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(the_oldest_makes_room),
    };
    return cmocka_run_group_tests_name("call_devices", tests, NULL, NULL);
}
