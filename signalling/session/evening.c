/* evening.c - the shipped cards: questions in plain words that leaders may ask aloud, none of which judges or
 * solves. Pure; any thread.
 */
#include "session/evening.h"

static const struct balint_evening shipped = {
    .card_count = 10,
    .cards =
        {
            {"What is the atmosphere in the room just now?"},
            {"What is it like to be this patient?"},
            {"What is it like to be this doctor, with this patient?"},
            {"How would each of us feel with this patient?"},
            {"What do our own feelings say about the patient's?"},
            {"What does the patient hope for from this doctor?"},
            {"Who else is in this story, and what do they feel?"},
            {"What has not been said yet?"},
            {"What do we do here that the two of them do in the consulting room?"},
            {"What can stay open?"},
        },
};

const struct balint_evening *balint_evening_shipped(void)
{
    return &shipped;
}
