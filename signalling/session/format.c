/* format.c - the shipped formats: the order of an evening, as data.
 *
 * Titles and guidance are what people read on the ribbon; they describe and never command. Lengths are those
 * of BALINT.md's table ("The evening"), which fit a case of 45 minutes. Pure; any thread.
 */
#include "session/session.h"

#include <string.h>

static const struct balint_format formats[] = {
    {
        .id = "classic",
        .title = "Classic",
        .count = 9,
        .phases =
            {
                {
                    .id = "gathering",
                    .title = "Gathering",
                    .guidance =
                        "People arrive. Talk as you like; the evening begins when the leader opens it.",
                },
                {
                    .id = "check-in",
                    .title = "Check-in",
                    .guidance =
                        "One after the other: a few words on how you come here today. Passing is fine.",
                    .minutes = 5,
                    .turn = BALINT_TURN_ONE_BY_ONE,
                },
                {
                    .id = "case",
                    .title = "Who has a case?",
                    .guidance =
                        "A case that stays with you, or a follow-up of an earlier one. There is time.",
                    .minutes = 3,
                },
                {
                    .id = "presentation",
                    .title = "Presentation",
                    .guidance =
                        "The presenter tells the story of patient and doctor, briefly, without notes.",
                    .minutes = 8,
                    .turn = BALINT_TURN_PRESENTER,
                },
                {
                    .id = "questions",
                    .title = "Questions",
                    .guidance = "Questions of fact. What they may mean can wait for the discussion.",
                    .minutes = 4,
                },
                {
                    .id = "discussion",
                    .title = "Discussion",
                    .guidance = "The presenter listens. The group imagines being this patient, this doctor.",
                    .minutes = 25,
                    .turn = BALINT_TURN_ALL_BUT_PRESENTER,
                    .presenter = BALINT_ASIDE,
                },
                {
                    .id = "return",
                    .title = "Return",
                    .guidance = "The presenter is invited back and says what was heard, or nothing.",
                    .minutes = 5,
                },
                {
                    .id = "closing",
                    .title = "Closing",
                    .guidance = "A word about the work. Things may stay unfinished.",
                    .minutes = 3,
                },
                {
                    .id = "corridor",
                    .title = "Corridor",
                    .guidance = "The evening's work is done. Stay and talk as long as you like.",
                },
            },
    },
};

const struct balint_format *balint_format_find(const char *id)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].id, id) == 0)
            return &formats[i];
    return NULL;
}
