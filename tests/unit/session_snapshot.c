/* session_snapshot.c - a saved session comes back whole or not at all. */
#include "session_support.h"

static char text[BALINT_SNAPSHOT_SIZE], broken[3 * BALINT_SNAPSHOT_SIZE];

/* An evening in the middle, with something in every field. */
static void full_session(struct balint_session *session)
{
    session_of_six(session);
    for (int i = 0; i < BALINT_SESSION_SIZE; i++)
        session->id[i] = (uint8_t)(i * 17);
    session->format.phases[6].loops = 1u << 2;
    session->freed_epoch = 4294967295u;
    strcpy(session->seats[BERT].name, "Bert\nmember m\\n 0 \xc3\xa4");
    tell_a_case(session, LEADER, ANNA);
    walk_to(session, "discussion");
    ALLOWED(session, ANNA, BALINT_ASK_RETURN, BALINT_NOBODY, 1);
    ALLOWED(session, BERT, BALINT_HAND, BALINT_NOBODY, 1);
    ALLOWED(session, CARL, BALINT_SIT_OUT, BALINT_NOBODY, 1);
    ALLOWED(session, CO_LEADER, BALINT_AWAY, BALINT_NOBODY, 1);
    ALLOWED(session, LEADER, BALINT_MUTE_FOR_CAUSE, BERT, 1);
    ALLOWED(session, LEADER, BALINT_MUTE, BALINT_NOBODY, 1);
    ALLOWED(session, LEADER, BALINT_PRESENT, BERT, 0);
    ALLOWED(session, LEADER, BALINT_VOLUNTEER, BALINT_NOBODY, 1);
    ALLOWED(session, LEADER, BALINT_ROUND, BALINT_NOBODY, BALINT_ROUND_BEGIN);
    ALLOWED(session, ANNA, BALINT_TURN, BALINT_NOBODY, 0);
    ALLOWED(session, BERT, BALINT_SHARED, BALINT_NOBODY, 1);
    ALLOWED(session, LEADER, BALINT_END_AT, BALINT_NOBODY, 40);
    balint_session_disconnect(session, CO_LEADER, 90 * SECOND);
    balint_session_seat(session, "fritz", "Fritz", BALINT_MEMBER);
}

static void after_a_restart(struct balint_session *session, int64_t now_us)
{
    for (int i = 0; i < BALINT_SEATS; i++) {
        if (session->seats[i].taken && session->seats[i].lost_us == 0)
            session->seats[i].lost_us = now_us;
        session->seats[i].connected = false;
    }
}

static void everything_comes_back(void **state)
{
    (void)state;
    struct balint_session session, read;
    full_session(&session);
    size_t length = balint_snapshot_write(&session, text, sizeof text);
    assert_int_equal(length, strlen(text));
    assert_true(length > 0);
    assert_true(balint_snapshot_read(&read, text, 777 * SECOND, NULL));
    after_a_restart(&session, 777 * SECOND);
    assert_memory_equal(&read, &session, sizeof read);
    assert_int_equal(read.seats[CO_LEADER].lost_us, 90 * SECOND); /* an earlier loss keeps its time */
    /* At the very beginning of the clock too, nobody counts as here. */
    assert_true(balint_snapshot_read(&read, text, 0, NULL));
    assert_int_equal(read.seats[ANNA].lost_us, 1);
}

static void an_empty_session_comes_back(void **state)
{
    (void)state;
    struct balint_session session, read;
    balint_session_init(&session, "tuesday", balint_format_find("classic"), 42);
    assert_int_not_equal(balint_snapshot_write(&session, text, sizeof text), 0);
    assert_true(balint_snapshot_read(&read, text, 1, NULL));
    assert_memory_equal(&read, &session, sizeof read);
}

/* CRC-32 (ISO 3309) a second time: a clever forger's checksum. */
static void forge(char *forged)
{
    uint32_t crc = 0xffffffff;
    char *end = strstr(forged, "\nend ");
    assert_non_null(end);
    for (char *at = forged; at <= end; at++)
        for (int bit = 0; bit < 8; bit++) {
            uint32_t low = (crc ^ ((uint32_t)(uint8_t)*at >> bit)) & 1;
            crc = (crc >> 1) ^ (low ? 0xedb88320 : 0);
        }
    snprintf(end + 1, 16, "end %08x\n", (unsigned)~crc);
}

/* Takes a line out of the text. */
static void without(const char *line)
{
    char *at = strstr(text, line);
    assert_non_null(at);
    char *end = strchr(at + 1, '\n');
    memmove(at, end, strlen(end) + 1);
}

/* What a server before this one wrote: of the phases before the present one it knew nothing. */
static void a_session_of_the_version_before_is_read(void **state)
{
    (void)state;
    struct balint_session session, read;
    full_session(&session);
    session.past_count = 0;
    memset(session.past, 0, sizeof session.past);
    balint_snapshot_write(&session, text, sizeof text);
    memcpy(text, "balint-session 2", 16);
    without("\npast ");
    forge(text);
    assert_true(balint_snapshot_read(&read, text, 777 * SECOND, NULL));
    after_a_restart(&session, 777 * SECOND);
    assert_memory_equal(&read, &session, sizeof read);
}

/* And the one before that: it knew of nobody who volunteers or is asked, and the corridor by its id. */
static void a_session_of_the_first_version_is_read(void **state)
{
    (void)state;
    struct balint_session session, read;
    full_session(&session);
    session.proposed = BALINT_NOBODY;
    session.seats[LEADER].volunteers = session.seats[BERT].shared = false;
    session.ends_us = 0;
    memset(&session.round, 0, sizeof session.round);
    session.past_count = 0;
    memset(session.past, 0, sizeof session.past);
    balint_snapshot_write(&session, text, sizeof text);
    memcpy(text, "balint-session 1", 16);
    without("\npast ");
    without("\nproposed ");
    without("\nends_us ");
    without("\nown ");
    without("\nround.on ");
    without("\nround.count ");
    without("\nround.had ");
    for (int i = 0; i < session.format.count; i++)
        without("\npart ");
    for (int i = 0; i < PEOPLE + 1; i++) {
        without("\nvolunteers ");
        without("\nafter_room ");
        without("\nshared ");
    }
    forge(text);
    assert_true(balint_snapshot_read(&read, text, 777 * SECOND, NULL));
    after_a_restart(&session, 777 * SECOND);
    assert_memory_equal(&read, &session, sizeof read);
}

static void what_does_not_fit_is_not_written(void **state)
{
    (void)state;
    struct balint_session session;
    full_session(&session);
    size_t length = balint_snapshot_write(&session, text, sizeof text);
    for (size_t size = 0; size <= length; size += size < 40 || size > length - 40 ? 1 : 37)
        assert_int_equal(balint_snapshot_write(&session, broken, size), 0);
    assert_int_equal(balint_snapshot_write(&session, broken, length + 1), length);
    assert_string_equal(broken, text);
}

static void large_format(struct balint_format *format)
{
    memset(format->id, '\\', BALINT_ID_SIZE - 1);
    memset(format->title, '\\', BALINT_NAME_SIZE - 1);
    format->count = BALINT_PHASES;
    for (int i = 0; i < BALINT_PHASES; i++) {
        struct balint_phase *phase = &format->phases[i];
        memset(phase->id, '\n', BALINT_ID_SIZE - 1);
        phase->id[0] = (char)('a' + i);
        memset(phase->title, '\n', BALINT_NAME_SIZE - 1);
        memset(phase->guidance, '\n', BALINT_TEXT_SIZE - 1);
        phase->minutes = 600;
        phase->loops = 0xffff;
    }
}

/* The largest session there can be, and every character of every text needs two. */
static void the_given_size_always_suffices(void **state)
{
    (void)state;
    struct balint_session session;
    balint_session_init(&session, "", balint_format_find("classic"), INT64_MAX);
    memset(session.group, '\n', BALINT_NAME_SIZE - 1);
    memset(session.id, 0xff, sizeof session.id);
    session.freed_epoch = UINT32_MAX;
    large_format(&session.format);
    large_format(&session.own);
    session.past_count = BALINT_STAYS;
    for (int i = 0; i < BALINT_STAYS; i++) {
        session.past[i].phase = session.past[i].presenter = 15;
        session.past[i].since_us = INT64_MAX;
    }
    for (int i = 0; i < BALINT_SEATS; i++) {
        struct balint_seat *person = &session.seats[i];
        person->taken = person->admitted = person->muted = true;
        memset(person->member, '\\', BALINT_ID_SIZE - 1);
        person->member[0] = (char)('a' + i);
        memset(person->name, '\n', BALINT_NAME_SIZE - 1);
        person->epoch = UINT32_MAX;
        person->hand_us = person->lost_us = INT64_MAX;
    }
    struct balint_session read;
    assert_int_not_equal(balint_snapshot_write(&session, text, sizeof text), 0);
    assert_true(balint_snapshot_read(&read, text, 1, NULL));
    assert_memory_equal(&read, &session, sizeof read);
}

static void refused(const char *what)
{
    struct balint_session session, before;
    const char *why = NULL;
    memset(&session, 0x5a, sizeof session);
    before = session;
    if (balint_snapshot_read(&session, what, 1, &why))
        fail_msg("a damaged snapshot was believed");
    assert_memory_equal(&session, &before, sizeof session);
    assert_non_null(why);
    assert_in_range(strlen(why), 10, 200);
    assert_false(balint_snapshot_read(&session, what, 1, NULL));
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    struct balint_session session;
    full_session(&session);
    size_t length = balint_snapshot_write(&session, text, sizeof text);
    for (size_t cut = 0; cut < length; cut++) {
        memcpy(broken, text, cut);
        broken[cut] = 0;
        refused(broken);
        refused(text + cut + 1); /* without its beginning */
    }
    memcpy(broken, text, length + 1);
    strcat(broken, "x");
    refused(broken);
    strcpy(broken, text);
    strcat(broken, text);
    refused(broken);
}

static void every_changed_byte_is_refused(void **state)
{
    (void)state;
    struct balint_session session;
    full_session(&session);
    size_t length = balint_snapshot_write(&session, text, sizeof text);
    for (size_t at = 0; at < length; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(broken, text, length + 1);
            broken[at] = (char)(broken[at] ^ (1u << bit));
            refused(broken);
        }
}

/* Lines left out, doubled or exchanged. */
static void every_misplaced_line_is_refused(void **state)
{
    (void)state;
    struct balint_session session;
    full_session(&session);
    size_t length = balint_snapshot_write(&session, text, sizeof text);
    for (char *line = text; line < text + length; line = strchr(line, '\n') + 1) {
        size_t before = (size_t)(line - text), size = (size_t)(strchr(line, '\n') + 1 - line);
        snprintf(broken, sizeof broken, "%.*s%s", (int)before, text, line + size);
        refused(broken);
        snprintf(broken, sizeof broken, "%.*s%s", (int)(before + size), text, line);
        refused(broken);
    }
}

static void replace(const char *line, const char *with)
{
    char *at = strstr(text, line);
    if (at == NULL)
        fail_msg("no line \"%s\"", line);
    snprintf(broken, sizeof broken, "%.*s%s%s", (int)(at - text), text, with, at + strlen(line));
    forge(broken);
}

/* With a right checksum the values still count. */
static void impossible_values_are_refused(void **state)
{
    (void)state;
    static const char *const lines[][2] = {
        {"balint-session 3\n", "balint-session 4\n"},
        {"balint-session 3\n", "balint-session 2\n"}, /* which had fewer lines */
        {"balint-session 3\n", "balint-session 1\n"},
        {"balint-session 3\n", "balint-session 0\n"},
        {"balint-session 3\n", "balint-session 03\n"},
        {"\nformat.count 9\n", "\nformat.count 0\n"},
        {"\nformat.count 9\n", "\nformat.count 17\n"},
        {"\nphase 5\n", "\nphase 9\n"},
        {"\nphase 5\n", "\nphase -1\n"},
        {"\nphase 5\n", "\nphase +5\n"},
        {"\nphase 5\n", "\nphase 5 \n"},
        {"\nphase 5\n", "\nphase  5\n"},
        {"\nphase 5\n", "\nphase 18446744073709551621\n"},
        {"\nphase 5\n", "\nphase\n"},
        {"\nphase 5\n", "\nphase \n"},
        {"\nphase 5\n", "\nphase -\n"},
        {"\npresenter 2\n", "\npresenter 16\n"},
        {"\npresenter 2\n", "\npresenter -2\n"},
        {"\npresenter 2\n", "\npresenter -1\n"}, /* stepped back without a presenter */
        {"\npresenter 2\n", "\npresenter 5\n"},  /* an observer */
        {"\npresenter 2\n", "\npresenter 4\n"},  /* who sits out */
        {"\npresenter 2\n", "\npresenter 6\n"},  /* in the lobby */
        {"\npresenter 2\n", "\npresenter 7\n"},  /* a free seat */
        {"\nproposed 3\n", "\nproposed 2\n"},    /* who presents */
        {"\nproposed 3\n", "\nproposed 4\n"},    /* who sits out */
        {"\nproposed 3\n", "\nproposed 5\n"},    /* an observer */
        {"\nproposed 3\n", "\nproposed 6\n"},    /* in the lobby */
        {"\nproposed 3\n", "\nproposed 9\n"},
        {"\nproposed 3\n", "\nproposed 16\n"},
        {"\nafter_room 0\n", "\nafter_room 1\n"}, /* not in this phase */
        {"\nends_us 2500000000\n", "\nends_us -1\n"},
        {"\nround.on 1\n", "\nround.on 0\n"},
        {"\nround.count 2\n", "\nround.count 17\n"},
        {"\nround.count 2\n", "\nround.count 1\n"},
        {"\nround.had 4\n", "\nround.had 12\n"},    /* who waits */
        {"\nround.had 4\n", "\nround.had 516\n"},   /* a free seat */
        {"\nround.had 4\n", "\nround.had 65540\n"}, /* no seat */
        {"\nrow 0\n", "\nrow 3\n"},                 /* twice */
        {"\nrow 0\n", "\nrow 5\n"},                 /* an observer */
        {"\nrow 0\n", "\nrow 6\n"},                 /* in the lobby */
        {"\nrow 0\n", "\nrow 16\n"},
        {"\npast 5\n", "\npast 4\n"},
        {"\npast 5\n", "\npast 6\n"},
        {"\npast 5\n", "\npast 33\n"},
        {"\nphase 0\npresenter 2\n", "\nphase 0\npresenter -2\n"},
        {"\nphase 0\npresenter 2\n", "\nphase 0\npresenter 9\n"}, /* a free seat */
        {"\nphase 0\npresenter 2\n", "\nphase 9\npresenter 2\n"},
        {"\nsince_us 100000000\n", "\nsince_us 100000001\n"}, /* after the next one */
        {"\nleads 0\n", "\nleads 2\n"},
        {"\nleads 0\n", "\nleads 9\n"},
        {"\nstepped_back 1\n", "\nstepped_back 0\n"},
        {"\nstepped_back 1\n", "\nstepped_back 2\n"},
        {"\ninvited 0\n", "\ninvited 1\n"}, /* and asked at once */
        {"\nplace 1\n", "\nplace 0\n"},
        {"\nplace 1\n", "\nplace 3\n"},
        {"\nfreed_epoch 4294967295\n", "\nfreed_epoch 4294967296\n"},
        {"\nid check-in\n", "\nid gathering\n"}, /* twice */
        {"\nid check-in\n", "\nid \n"},
        {"\nid check-in\n", "\nid 012345678901234567890123456789012\n"},
        {"\nid check-in\n", "\nid check\\in\n"},
        {"\nid check-in\n", "\nid check-in\\\n"},
        {"\nloops 4\n", "\nloops 512\n"},
        {"\nturn 3\n", "\nturn 4\n"},
        {"\nminutes 25\n", "\nminutes 601\n"},
        {"\npart 3\n", "\npart 4\n"},
        {"\nseats 7\n", "\nseats 8\n"},
        {"\nseats 7\n", "\nseats 6\n"},
        {"\nseats 7\n", "\nseats 17\n"},
        {"\nseat 3\n", "\nseat 2\n"},
        {"\nseat 6\n", "\nseat 16\n"},
        {"\nmember carl\n", "\nmember bert\n"},
        {"\nmember carl\n", "\nmember \n"},
        {"\nrole 3\n", "\nrole 4\n"},
        {"\nid 0011", "\nid 001g"},
        {"\nid 0011", "\nid 00"},
        {"\nid 0011", "\nid 001A"},
        {"\nhand_us 100000000\n", "\nhand_us -100000000\n"},
    };
    struct balint_session session;
    full_session(&session);
    balint_snapshot_write(&session, text, sizeof text);
    replace("\nminutes 25\n", "\nminutes 26\n"); /* the forger is good enough */
    assert_true(balint_snapshot_read(&session, broken, 1, NULL));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        replace(lines[i][0], lines[i][1]);
        refused(broken);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_comes_back),
        cmocka_unit_test(an_empty_session_comes_back),
        cmocka_unit_test(a_session_of_the_version_before_is_read),
        cmocka_unit_test(a_session_of_the_first_version_is_read),
        cmocka_unit_test(what_does_not_fit_is_not_written),
        cmocka_unit_test(the_given_size_always_suffices),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(every_changed_byte_is_refused),
        cmocka_unit_test(every_misplaced_line_is_refused),
        cmocka_unit_test(impossible_values_are_refused),
    };
    return cmocka_run_group_tests_name("session-snapshot", tests, NULL, NULL);
}
