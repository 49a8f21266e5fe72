/* session.c - fuzz target: the saved text of a session.
 *
 * What is read writes itself again, and is a session that every request can be made of.
 */
#include "session/session.h"
#include "fuzz/saved.h"
#include "session/state.h"

#define NOW_US INT64_C(5000000)

static void ask_for_everything(const struct balint_session *session)
{
    static struct balint_session tried;
    struct balint_state state;
    for (int by = 0; by < BALINT_SEATS; by++)
        for (int action = 0; action < BALINT_ACTIONS; action++)
            for (int value = -1; value <= 2; value++) {
                struct balint_request request = {(enum balint_action)action, value, value};
                tried = *session;
                enum balint_result result = balint_session_request(&tried, by, &request, NOW_US);
                REQUIRE((unsigned)result < BALINT_RESULTS && balint_result_text(result)[0]);
                REQUIRE(tried.phase >= 0 && tried.phase < tried.format.count);
            }
    tried = *session;
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        balint_state_of(&tried, seat, &state);
        REQUIRE(state.seat_count >= 0 && state.seat_count <= BALINT_SEATS);
        if (tried.seats[seat].taken)
            balint_session_connect(&tried, seat, true, NOW_US);
    }
    balint_session_tick(&tried, NOW_US);
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        if (tried.seats[seat].taken)
            balint_session_free(&tried, seat, NOW_US);
    REQUIRE(tried.presenter == BALINT_NOBODY && tried.leads == BALINT_NOBODY && !tried.stepped_back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct balint_session session, again;
    static char written[BALINT_SNAPSHOT_SIZE];
    const char *why = NULL;
    char *text = fuzz_checksums(data, size);
    if (balint_snapshot_read(&session, text, NOW_US, &why)) {
        REQUIRE(balint_snapshot_write(&session, written, sizeof written) > 0);
        REQUIRE(balint_snapshot_read(&again, written, NOW_US + 1, &why));
        REQUIRE(memcmp(&session, &again, sizeof session) == 0);
        ask_for_everything(&session);
    } else {
        REQUIRE(why && why[0]);
    }
    free(text);
    return 0;
}
