/* command.c - fuzz target: the lines of a script or of standard input, and the words in them. */
#include "client/commands.h"
#include "fuzz/require.h"
#include "session/state.h"

static void meant(const struct balint_command *command)
{
    static const char *const names[] = {"Anna", "Annabel", "3", "\xc3\x89mile"};
    struct balint_state_seat seats[4];
    char why[BALINT_WHY_SIZE] = "";
    memset(seats, 0, sizeof seats);
    for (int i = 0; i < 4; i++) {
        seats[i].seat = 2 * i;
        snprintf(seats[i].name, sizeof seats[i].name, "%s", names[i]);
    }
    int person = balint_person_find(seats, 4, command->text, why);
    REQUIRE((person >= 0 && person < 4) || (person == -1 && why[0]));
    const struct balint_format *format = balint_format_find("classic");
    int phase = balint_phase_find(format, format->count - 1, command->text, why);
    REQUIRE((phase >= 0 && phase < format->count) || (phase == -1 && why[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size), *next = NULL;
    int number = 0;
    for (char *line = text; line; line = next) {
        struct balint_script_line read;
        char why[BALINT_WHY_SIZE] = "";
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        number++;
        switch (balint_script_read(line, number, number % 2 != 0, &read, why)) {
        case BALINT_SCRIPT_COMMAND:
            REQUIRE((unsigned)read.command.verb < BALINT_VERBS);
            REQUIRE(read.seconds >= 0 && read.seconds <= 12 * 3600 && read.number == number);
            meant(&read.command);
            break;
        case BALINT_SCRIPT_WRONG:
            REQUIRE(why[0]);
            break;
        case BALINT_SCRIPT_EMPTY:
            break;
        }
    }
    free(text);
    return 0;
}
