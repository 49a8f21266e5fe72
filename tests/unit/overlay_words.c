/* overlay_words.c - the words on the screen are BALINT.md's, time is soft, and who may know what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "unit/overlay_view.h"

static struct evening evening;

#define MINUTE 60000

static const char *time_of(int minutes, int64_t ms)
{
    static char text[80];
    balint_words_time(minutes, ms, text, sizeof text);
    return text;
}

/* "A phase that runs over shows it calmly." */
static void test_time(void **unused)
{
    (void)unused;
    assert_string_equal(time_of(25, 0), "just begun, about 25 minutes");
    assert_string_equal(time_of(25, 5 * MINUTE), "about 5 of 25 minutes");
    assert_string_equal(time_of(25, 5 * MINUTE + 59999), "about 5 of 25 minutes");
    assert_string_equal(time_of(25, 25 * MINUTE), "about 25 minutes");
    assert_string_equal(time_of(25, 27 * MINUTE), "a little over 25 minutes, that is fine");
    assert_string_equal(time_of(25, 90 * MINUTE), "over 25 minutes, that is fine");
    assert_string_equal(time_of(1, 10), "just begun, about 1 minute");
    assert_string_equal(time_of(0, 10 * MINUTE), "");
    assert_string_equal(time_of(25, -5), "just begun, about 25 minutes");
}

/* "No countdown in seconds": whatever the time, it changes once a minute at most, never falls, and speaks of
 * minutes alone. */
static void test_time_is_soft(void **unused)
{
    (void)unused;
    for (int minutes = 1; minutes <= 60; minutes++) {
        int last = 0;
        for (int64_t minute = 0; minute < 150; minute++) {
            char begin[80];
            snprintf(begin, sizeof begin, "%s", time_of(minutes, minute * MINUTE));
            for (int64_t ms = 0; ms < MINUTE; ms += 7001)
                assert_string_equal(time_of(minutes, minute * MINUTE + ms), begin);
            assert_null(strstr(begin, "sec"));
            assert_null(strchr(begin, ':'));
            assert_null(strchr(begin, '-'));
            assert_null(strchr(begin, '!'));
            assert_null(strstr(begin, "left"));
            assert_non_null(strstr(begin, "minute"));
            if (strncmp(begin, "about ", 6) == 0 && strstr(begin, " of ") != NULL) {
                int shown = (int)strtol(begin + 6, NULL, 10);
                assert_true(shown > last);
                last = shown;
            }
        }
    }
}

static void test_counts(void **unused)
{
    (void)unused;
    char text[48];
    balint_words_spoken(0, text, sizeof text);
    assert_string_equal(text, "nothing yet");
    balint_words_spoken(59999, text, sizeof text);
    assert_string_equal(text, "<1 min");
    balint_words_spoken(4 * MINUTE, text, sizeof text);
    assert_string_equal(text, "4 min");
    balint_words_since(-1, text, sizeof text);
    assert_string_equal(text, "not heard yet");
    balint_words_since(59000, text, sizeof text);
    assert_string_equal(text, "just now");
    balint_words_since(3 * MINUTE + 5, text, sizeof text);
    assert_string_equal(text, "3 min ago");
    balint_words_turns(1, text, sizeof text);
    assert_string_equal(text, "1 turn");
    balint_words_turns(6, text, sizeof text);
    assert_string_equal(text, "6 turns");
    balint_words_share(0.344, text, sizeof text);
    assert_string_equal(text, "34 %");
    balint_words_share(7, text, sizeof text);
    assert_string_equal(text, "100 %");
    balint_words_share(0.0 / 0.0, text, sizeof text);
    assert_string_equal(text, "0 %");
}

static const char *plate(int looks, int seat, enum balint_line line)
{
    static char text[160];
    evening.view.state = &evening.state;
    evening.view.seat = looks;
    balint_words_seat(&evening.view, &evening.state.seats[seat], line, text, sizeof text);
    return text;
}

/* "Every tile says whether sound is arriving", and silence is told apart from a lost sound. */
static void test_plates(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_SOUND), "sound arriving");
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_NONE), "no sound yet");
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_LOST), "line lost");
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_CLOSED), "link not proven, closed");
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_UNKNOWN), "connected");
    assert_string_equal(plate(BELA, BELA, BALINT_LINE_UNKNOWN), "you, microphone open");
    char own[64] = "you, microphone open";
    balint_words_own_devices(&(struct balint_tile){.no_camera = true}, own, sizeof own);
    assert_string_equal(own, "you, microphone open, no camera");
    own[0] = '\0';
    balint_words_own_devices(&(struct balint_tile){.no_camera = true}, own, sizeof own);
    balint_words_own_devices(&(struct balint_tile){.no_camera = false}, own, sizeof own);
    assert_string_equal(own, "no camera");
    assert_string_equal(plate(BELA, DORA, BALINT_LINE_SOUND), "stepped back");
    assert_string_equal(plate(BELA, DORA, BALINT_LINE_LOST), "stepped back, line lost");
    assert_string_equal(plate(BELA, OLGA, BALINT_LINE_SOUND), "observer");
    evening.state.seats[CSILLA].connected = false;
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_UNKNOWN), "line lost");
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_NONE), "line lost");
    /* media outlives the signalling */
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_SOUND), "sound arriving");
    evening.state.seats[CSILLA].connected = true;
    evening.state.seats[CSILLA].muted = true;
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_SOUND), "muted");
    assert_string_equal(plate(CSILLA, CSILLA, BALINT_LINE_SOUND), "muted");
    evening.state.seats[CSILLA].away = true;
    assert_string_equal(plate(BELA, CSILLA, BALINT_LINE_SOUND), "away");
}

/* Sitting out is told to "leaders alone, others see away"; muted by a leader to them and to that person.
 * Whatever else is set. */
static void test_plates_keep_what_leaders_know(void **unused)
{
    (void)unused;
    for (int flags = 0; flags < 64; flags++) {
        for (int line = 0; line < BALINT_LINES; line++) {
            evening_begin(&evening);
            struct balint_state_seat *seat = &evening.state.seats[CSILLA];
            seat->muted = flags & 1;
            seat->muted_for_cause = flags & 2;
            seat->away = flags & 4;
            seat->sitting_out = flags & 8;
            seat->connected = !(flags & 16);
            seat->hand_ms = flags & 32;
            const int others[] = {DORA, BELA, OLGA};
            for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
                const char *text = plate(others[i], CSILLA, (enum balint_line)line);
                assert_null(strstr(text, "sitting"));
                assert_null(strstr(text, "leader"));
                assert_true(text[0] != '\0');
            }
            if (seat->sitting_out && seat->connected && line != BALINT_LINE_LOST &&
                line != BALINT_LINE_CLOSED) {
                assert_string_equal(plate(BELA, CSILLA, (enum balint_line)line), "away");
                assert_string_equal(plate(GABOR, CSILLA, (enum balint_line)line), "sitting out");
                assert_string_equal(plate(CSILLA, CSILLA, (enum balint_line)line), "sitting out");
            }
            if ((flags & 0x1e) == 2 && line != BALINT_LINE_LOST && line != BALINT_LINE_CLOSED) {
                assert_string_equal(plate(BELA, CSILLA, (enum balint_line)line), "muted");
                assert_string_equal(plate(ANNA, CSILLA, (enum balint_line)line), "muted by a leader");
                assert_string_equal(plate(CSILLA, CSILLA, (enum balint_line)line), "muted by a leader");
            }
        }
    }
}

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

static const char *roles(int seat)
{
    static char text[240];
    evening.view.state = &evening.state;
    evening.view.seat = seat;
    balint_words_roles(&evening.view, text, sizeof text);
    return text;
}

static void test_roles(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    assert_string_equal(roles(BELA), "Anna leads  ·  Dóra presents");
    assert_string_equal(roles(ANNA), "You lead  ·  Dóra presents");
    assert_string_equal(roles(DORA), "Anna leads  ·  you present");
    evening.state.proposed = BELA; /* the server tells it to leaders and to who is asked alone */
    assert_string_equal(roles(ANNA), "You lead  ·  Dóra presents  ·  Béla is asked to present");
    assert_string_equal(roles(BELA), "Anna leads  ·  Dóra presents"); /* it is said below, to oneself */
    evening.state.proposed = BALINT_NOBODY;
    evening.state.presenter = BALINT_NOBODY;
    assert_string_equal(roles(BELA), "Anna leads");
    evening.state.leads = BALINT_NOBODY;
    assert_string_equal(roles(BELA), "");
    evening.state.led = false;
    assert_string_equal(roles(BELA), "No leader is here; you can go on talking");
}

/* "the presenter is invited back": nobody is said to listen, or to present, who has done so. */
static void test_who_presented(void **unused)
{
    (void)unused;
    static const struct {
        const char *phase;
        bool stepped_back;
        const char *ribbon, *panel;
    } cases[] = {
        {"presentation", false, "You lead  ·  Dóra presents", "Dóra presents"},
        {"presentation", true, "You lead  ·  Dóra presents", "Dóra presents, and listens"},
        {"questions", false, "You lead  ·  Dóra presents", "Dóra presents"},
        {"discussion", true, "You lead  ·  Dóra presents", "Dóra presents, and listens"},
        {"discussion", false, "You lead  ·  Dóra presents", "Dóra presents"},         /* has returned early */
        {"return", true, "You lead  ·  Dóra presents", "Dóra presents, and listens"}, /* own key to come */
        {"return", false, "You lead  ·  Dóra presented", "Dóra presented"},
        {"closing", false, "You lead  ·  Dóra presented", "Dóra presented"},
        {"corridor", false, "You lead", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[120];
        evening_begin(&evening);
        struct balint_state *state = &evening.state;
        for (state->phase = 0; strcmp(state->format.phases[state->phase].id, cases[i].phase) != 0;
             state->phase++)
            ;
        state->stepped_back = cases[i].stepped_back;
        assert_string_equal(roles(ANNA), cases[i].ribbon);
        balint_words_presenter(state, &evening.balance, text, sizeof text);
        assert_string_equal(text, cases[i].panel);
    }
    char text[120]; /* of an earlier case, whose discussion is still shown */
    evening_begin(&evening);
    evening.state.stepped_back = false;
    evening.state.presenter = BELA;
    balint_words_presenter(&evening.state, &evening.balance, text, sizeof text);
    assert_string_equal(text, "Dóra presented");
}

static const char *round_words(int seat)
{
    static char text[240];
    evening.view.state = &evening.state;
    evening.view.seat = seat;
    balint_words_round(&evening.view, text, sizeof text);
    return text;
}

static void test_round(void **unused)
{
    (void)unused;
    evening_begin(&evening);
    assert_string_equal(round_words(BELA), "");
    evening.state.round = true;
    evening.state.seats[BELA].turn = 1;
    evening.state.seats[CSILLA].turn = 2;
    evening.state.seats[ANNA].turn = 3;
    assert_string_equal(round_words(ANNA),
                        "Béla's turn, then Csilla. Half a minute or so each; passing is fine.");
    assert_string_equal(round_words(CSILLA), "Béla's turn; you are next.");
    assert_string_equal(round_words(BELA),
                        "It is your turn: half a minute or so, or pass; T when you are done. Then Csilla.");
    evening.state.seats[CSILLA].turn = evening.state.seats[ANNA].turn = 0;
    assert_string_equal(round_words(ANNA), "Béla's turn. Half a minute or so each; passing is fine.");
    evening.state.seats[BELA].turn = 0;
    assert_string_equal(round_words(ANNA), "The round is complete.");
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

/* BALINT.md: "the group's help line is on the lobby and the lost-line screens"; media outlives signalling, so
 * nothing says that the talk is over while it goes on. */
static void test_lost_words(void **unused)
{
    (void)unused;
    char text[400];
    evening_begin(&evening);
    balint_words_lost(&evening.state, 5, 1, text, sizeof text);
    assert_string_equal(text, "Your line to the server is lost; the talk may go on. Trying again.");
    strcpy(evening.state.help, "Maria, +36 1 234 5678");
    balint_words_lost(&evening.state, 5, 5, text, sizeof text);
    assert_string_equal(text, "Your line to the server is lost; the talk may go on. Trying again.\n"
                              "Help: Maria, +36 1 234 5678");
    balint_words_lost(&evening.state, 5, 0, text, sizeof text);
    assert_string_equal(text, "You are not connected: nobody's sound arrives. Trying again.\n"
                              "Help: Maria, +36 1 234 5678");
    /* Who is alone, who sits out and who waits at the door hear nobody anyway. */
    balint_words_lost(&evening.state, 0, 0, text, sizeof text);
    assert_string_equal(text, "Your line to the server is lost. Trying again.\nHelp: Maria, +36 1 234 5678");
    evening.state.hears = false;
    balint_words_lost(&evening.state, 5, 0, text, sizeof text);
    assert_string_equal(text, "Your line to the server is lost. Trying again.\nHelp: Maria, +36 1 234 5678");
    evening.state.hears = true;
    evening.state.admitted = false;
    balint_words_lost(&evening.state, 0, 0, text, sizeof text);
    assert_string_equal(text, "Your line to the server is lost. Trying again.\nHelp: Maria, +36 1 234 5678");
}

static void test_door_words(void **unused)
{
    (void)unused;
    char text[400];
    struct balint_doorway door = {{BALINT_DOOR_UNSAID}};
    evening_begin(&evening);
    evening.state.lobby_count = 3;
    for (int i = 0; i < 3; i++)
        evening.state.lobby[i].seat = 8 + i;
    strcpy(evening.state.lobby[0].name, "Réka");
    strcpy(evening.state.lobby[1].name, "Tamás");
    strcpy(evening.state.lobby[2].name, "Zoé");
    balint_words_door(&evening.state, &door, text, sizeof text);
    assert_string_equal(text, "At the door, 3: Réka, Tamás, Zoé");
    assert_false(balint_words_door_line(&evening.state, &door, 0, text, sizeof text));
    door.standing[8] = BALINT_DOOR_NEW;
    door.standing[9] = BALINT_DOOR_KNOWN;
    door.standing[10] = BALINT_DOOR_OTHER_DEVICE;
    balint_words_door(&evening.state, &door, text, sizeof text);
    assert_string_equal(text, "At the door, 3: Tamás");
    evening.state.locked = true;
    balint_words_door(&evening.state, &door, text, sizeof text);
    assert_string_equal(text, "The door is locked. At the door, 3: Tamás");
    evening.state.lobby_count = 0;
    balint_words_door(&evening.state, &door, text, sizeof text);
    assert_string_equal(text, "The door is locked.");
    evening.state.lobby_count = 3;
    evening.state.locked = false;
    assert_true(balint_words_door_line(&evening.state, &door, 0, text, sizeof text));
    assert_string_equal(text, "New device, look first (w): Réka");
    assert_true(balint_words_door_line(&evening.state, &door, 1, text, sizeof text));
    assert_string_equal(text, "Other device, look first (w): Zoé");
    assert_false(balint_words_door_line(&evening.state, &door, 2, text, sizeof text));
    door.standing[9] = BALINT_DOOR_UNPROVEN;
    balint_words_door(&evening.state, &door, text, sizeof text);
    assert_string_equal(text, ""); /* each has a line, so there is nobody to name here */
    assert_true(balint_words_door_line(&evening.state, &door, 1, text, sizeof text));
    assert_string_equal(text, "Not proven: Tamás");
}

static void test_panel_words(void **unused)
{
    (void)unused;
    char text[400];
    evening_begin(&evening);
    balint_words_door(&evening.state, NULL, text, sizeof text);
    assert_string_equal(text, "");
    evening.state.lobby_count = 1;
    strcpy(evening.state.lobby[0].name, "Réka");
    balint_words_door(&evening.state, NULL, text, sizeof text);
    assert_string_equal(text, "At the door: Réka");
    evening.state.lobby_count = 2;
    strcpy(evening.state.lobby[1].name, "Tamás");
    balint_words_door(&evening.state, NULL, text, sizeof text);
    assert_string_equal(text, "At the door, 2: Réka, Tamás");
    balint_words_unheard(&evening.balance, text, sizeof text);
    assert_string_equal(text, "");
    evening.balance.rows[0].heard_yet = evening.balance.rows[1].heard_yet = false;
    balint_words_unheard(&evening.balance, text, sizeof text);
    assert_string_equal(text, "Not heard yet: Béla, Csilla");
    evening.balance.rows[0].reading = BALINT_NO_READING; /* not known is not unheard */
    balint_words_unheard(&evening.balance, text, sizeof text);
    assert_string_equal(text, "Not heard yet: Csilla");
    balint_words_each_leader(&evening.balance, text, sizeof text);
    assert_string_equal(text, "Anna 2 min, Gábor <1 min");
    balint_words_presenter(&evening.state, &evening.balance, text, sizeof text);
    assert_string_equal(text, "Dóra presents, and listens");
    balint_words_asked(&evening.state, text, sizeof text);
    assert_string_equal(text, "");
    evening.state.asked = true;
    balint_words_asked(&evening.state, text, sizeof text);
    assert_string_equal(text, "Dóra asks to return");
}

/* Characters are not cut in two, whatever the room. */
static void test_cutting(void **unused)
{
    (void)unused;
    const char whole[] = "aé€😀z";
    const size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
    for (size_t size = 1; size <= sizeof whole; size++) {
        char text[16];
        memset(text, 'x', sizeof text);
        balint_words_copy(text, size, whole);
        assert_int_equal(strlen(text), ends[size - 1]);
        assert_memory_equal(text, whole, ends[size - 1]);
        assert_int_equal(text[size], 'x');
    }
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

/* While a format may be chosen the leader sees which one it is; nobody else is told of formats. */
static void the_phase_says_which_format_is_chosen(void **state)
{
    (void)state;
    static struct balint_state seen;
    char text[2 * BALINT_NAME_SIZE];
    seen.format = *balint_format_find("two-cases");
    balint_words_phase(&seen, text, sizeof text);
    assert_string_equal(text, "Gathering");
    seen.choice_count = 5;
    balint_words_phase(&seen, text, sizeof text);
    assert_string_equal(text, "Gathering · Two cases");
    seen.phase = 10;
    seen.choice_count = 0;
    balint_words_phase(&seen, text, sizeof text);
    assert_string_equal(text, "Second case: discussion");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_phase_says_which_format_is_chosen),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_time_is_soft),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_plates),
        cmocka_unit_test(test_plates_keep_what_leaders_know),
        cmocka_unit_test(test_listening),
        cmocka_unit_test(test_self),
        cmocka_unit_test(test_roles),
        cmocka_unit_test(test_who_presented),
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_left_lost_and_apart),
        cmocka_unit_test(test_door_words),
        cmocka_unit_test(test_lost_words),
        cmocka_unit_test(test_panel_words),
        cmocka_unit_test(test_cutting),
        cmocka_unit_test(test_no_other_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
