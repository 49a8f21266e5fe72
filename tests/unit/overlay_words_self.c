/* overlay_words_self.c - what a person's own screen says to that person, and the words that are not said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "unit/overlay_view.h"

static struct evening evening;

static char headline[240], detail[320];
static enum balint_self self(int seat)
{
    evening.view.state = &evening.state;
    evening.view.seat = seat;
    return balint_words_self(&evening.view, headline, sizeof headline, detail, sizeof detail);
}

static void test_listening(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    assert_int_equal(self(DORA), BALINT_SELF_LISTENING);
    assert_string_equal(headline, "This is time to listen. Nobody hears you.");
    assert_non_null(strstr(detail, "hold r for two seconds"));
    assert_non_null(strstr(detail, "The group sees you dimmed. "));
    evening.state.place = BALINT_LEADERS_ONLY;
    self(DORA);
    assert_non_null(strstr(detail, "Only the leaders see you. "));
    assert_null(strstr(detail, "dimmed"));
    evening.state.seats[DORA].away = true;
    self(DORA);
    assert_non_null(strstr(detail, "nobody sees you. "));
    evening.state.seats[DORA].away = false;
    evening.state.asked = true;
    assert_int_equal(self(DORA), BALINT_SELF_LISTENING);
    assert_string_equal(headline, "This is time to listen. Nobody hears you.");
    assert_non_null(strstr(detail, "The leaders see that you ask to return"));
    evening.state.led = false; /* "With no leader connected a plain key is enough" */
    assert_int_equal(self(DORA), BALINT_SELF_LISTENING);
    assert_non_null(strstr(detail, "press r"));
    assert_null(strstr(detail, "hold"));
    evening.state.led = evening.state.invited = true;
    assert_int_equal(self(DORA), BALINT_SELF_INVITED);
    assert_string_equal(headline, "You are invited back.");
    assert_non_null(strstr(detail, "Press r when you are ready; your microphone opens with your key"));
    assert_non_null(strstr(detail, "nobody hears you")); /* an invitation opens nothing */
    assert_int_equal(self(BELA), BALINT_SELF_PLAIN);
    /* back in the circle */
    evening.state.stepped_back = evening.state.invited = false;
    assert_int_equal(self(DORA), BALINT_SELF_PLAIN);
    assert_string_equal(headline, "");
}

static void test_self(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    evening.state.seats[BELA].muted = true;
    assert_int_equal(self(BELA), BALINT_SELF_MUTED);
    assert_string_equal(headline, "You are muted.");
    evening.state.seats[BELA].away = true;
    assert_int_equal(self(BELA), BALINT_SELF_AWAY);
    evening.state.seats[BELA].muted_for_cause = true;
    assert_int_equal(self(BELA), BALINT_SELF_MUTED_FOR_CAUSE);
    evening.state.seats[BELA].sitting_out = true;
    assert_int_equal(self(BELA), BALINT_SELF_SITTING_OUT);
    assert_non_null(strstr(detail, "hear and see nothing"));
    assert_null(strstr(detail, "work is done"));
    int phase = evening.state.phase; /* in the corridor it is told that one key is needed */
    evening.state.phase = evening.state.format.count - 1;
    assert_int_equal(self(BELA), BALINT_SELF_SITTING_OUT);
    assert_non_null(strstr(detail, "work is done"));
    assert_non_null(strstr(detail, "until o brings you back"));
    evening.state.phase = phase;
    evening.state.seats[BELA].sitting_out = false;
    evening.state.seats[BELA].muted_for_cause = evening.state.seats[BELA].away = false;
    evening.state.proposed = BELA;
    assert_int_equal(self(BELA), BALINT_SELF_ASKED);
    assert_string_equal(headline, "The leaders ask you to present.");
    assert_string_equal(detail, "y agrees, N declines: both are fine.");
    assert_int_not_equal(self(CSILLA), BALINT_SELF_ASKED);
    evening.state.proposed = BALINT_NOBODY;
    evening.state.seats[BELA].sitting_out = true;
    assert_int_equal(self(OLGA), BALINT_SELF_OBSERVER);
    assert_non_null(strstr(detail, "nobody hears you"));
    evening.state.admitted = false;
    assert_int_equal(self(BELA), BALINT_SELF_LOBBY);
    assert_string_equal(headline, "You are at the door of Monday group");
    assert_non_null(strstr(detail, "A leader will let you in"));
    evening.state.led = false;
    assert_int_equal(self(BELA), BALINT_SELF_LOBBY);
    assert_non_null(strstr(detail, "No leader is here yet"));
}

static void test_left_lost_and_apart(void **unused)
{
    (void)unused;
    char text[200];
    evening_begin(&evening);
    balint_words_left(&evening.state, 1000, text, sizeof text);
    assert_string_equal(text, ""); /* nobody said when it ends */
    evening.state.ends_ms = 40 * 60000;
    balint_words_left(&evening.state, 5 * 60000, text, sizeof text);
    assert_string_equal(text, "About 35 minutes left of the evening");
    balint_words_left(&evening.state, 39 * 60000, text, sizeof text);
    assert_string_equal(text, "About 1 minute left of the evening");
    balint_words_left(&evening.state, 70 * 60000, text, sizeof text);
    assert_string_equal(text, "The evening's time is over");

    balint_words_unsaved(&evening.state, text, sizeof text);
    assert_string_equal(text, "");
    evening.state.unsaved = true;
    balint_words_unsaved(&evening.state, text, sizeof text);
    assert_string_equal(
        text, "The server cannot write to its disk. The session goes on; tell who runs the server.");
    balint_words_follow_ups(&evening.state, text, sizeof text);
    assert_string_equal(text, "");
    evening.state.follow_up_count = 1;
    evening.state.follow_ups[0] = (struct balint_follow_up){"Béla", "2026-12-03"};
    balint_words_follow_ups(&evening.state, text, sizeof text);
    assert_string_equal(text, "A follow-up is due: Béla (3 Dec)");
    evening.state.follow_up_count = 3;
    evening.state.follow_ups[1] = (struct balint_follow_up){"Csilla", "2026-12-17"};
    evening.state.follow_ups[2] = (struct balint_follow_up){"Dóra", "soon"};
    balint_words_follow_ups(&evening.state, text, sizeof text);
    assert_string_equal(text, "Follow-ups are due: Béla (3 Dec), Csilla (17 Dec), Dóra (soon)");

    evening.view.state = &evening.state;
    evening.view.now_ms = 1000000;
    evening.state.seats[BELA].connected = false;
    evening.state.seats[BELA].lost_ms = 1000000 - 150000;
    evening.view.seat = ANNA; /* leaders see for how long */
    balint_words_seat(&evening.view, &evening.state.seats[BELA], BALINT_LINE_LOST, text, sizeof text);
    assert_string_equal(text, "line lost, 2 min");
    evening.view.seat = CSILLA;
    balint_words_seat(&evening.view, &evening.state.seats[BELA], BALINT_LINE_LOST, text, sizeof text);
    assert_string_equal(text, "line lost");

    evening.state.seats[OLGA].after_room = true;
    balint_words_seat(&evening.view, &evening.state.seats[OLGA], BALINT_LINE_LOST, text, sizeof text);
    assert_string_equal(text, "observer, in the after-room");
    assert_int_equal(self(OLGA), BALINT_SELF_AFTER_ROOM);
    assert_string_equal(headline, "You are in the after-room.");
    for (enum balint_line line = BALINT_LINE_SOUND; line <= BALINT_LINE_LOST; line++) {
        balint_words_seat(&evening.view, &evening.state.seats[CSILLA], line, text, sizeof text);
        assert_string_equal(text, "in the circle"); /* no sound comes from there, and none is missing */
    }
    evening.state.seats[OLGA].muted = true;
    assert_int_equal(self(OLGA), BALINT_SELF_AFTER_ROOM);
    assert_non_null(strstr(detail, "you are muted"));

    struct balint_doorway door = {{BALINT_DOOR_UNSAID}};
    evening.state.lobby_count = 1;
    evening.state.lobby[0].seat = 8;
    strcpy(evening.state.lobby[0].name, "Réka");
    door.standing[8] = BALINT_DOOR_LATER;
    balint_words_door(&evening.state, &door, text, sizeof text);
    assert_string_equal(text, "Somebody at the door can wait until this phase ends; W shows who.");
    assert_false(balint_words_door_line(&evening.state, &door, 0, text, sizeof text));
    evening.state.admitted = false;
    strcpy(evening.state.help, "Maria, +36 1 234 5678");
    assert_int_equal(self(OLGA), BALINT_SELF_LOBBY);
    assert_non_null(strstr(detail, "Help: Maria, +36 1 234 5678"));
}

/* BALINT.md, "Words": what is not said. */
static void test_no_other_words(void **unused)
{
    (void)unused;
    static const char *const never[] = {"host",    "moderator", "meeting", "kick",
                                        "speaker", "!",         "warning", "late"};
    evening_begin(&evening);
    for (int flags = 0; flags < 256; flags++) {
        evening.state.admitted = !(flags & 1);
        evening.state.led = !(flags & 2);
        evening.state.invited = flags & 4;
        evening.state.asked = flags & 8;
        evening.state.seats[BELA].muted = flags & 16;
        evening.state.seats[BELA].muted_for_cause = flags & 32;
        evening.state.seats[BELA].away = flags & 64;
        evening.state.seats[BELA].sitting_out = flags & 128;
        for (int seat = 0; seat < PEOPLE; seat++) {
            self(seat);
            for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
                assert_null(strcasestr(headline, never[i]));
                assert_null(strcasestr(detail, never[i]));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listening),
        cmocka_unit_test(test_self),
        cmocka_unit_test(test_left_lost_and_apart),
        cmocka_unit_test(test_no_other_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
