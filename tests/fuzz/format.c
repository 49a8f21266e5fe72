/* format.c - fuzz target: the file of a group's own format, any bytes at all.
 *
 * What is right can be written and comes back the same, fits a state of the wire, and can be walked from its
 * first phase to its last; of what is wrong every mistake is told in plain characters.
 */
#include "protocol/format.h"
#include "protocol/messages.h"

#include "fuzz/require.h"

#include <stdlib.h>
#include <string.h>

static int told;

static void take(const char *path, const char *said, void *context)
{
    (void)context;
    REQUIRE(strlen(path) < BALINT_FORMAT_PATH && said[0] != '\0' && strlen(said) < BALINT_FORMAT_SAID);
    for (const char *at = path; *at != '\0'; at++)
        REQUIRE(*at > ' ' && *at <= '~');
    for (const char *at = said; *at != '\0'; at++)
        REQUIRE((unsigned char)*at >= ' ' && *at != 0x7f);
    told++;
}

static void there_and_back(const struct balint_format *format)
{
    struct balint_format again;
    memset(&again, 0, sizeof again);
    char *text = balint_format_write(format);
    REQUIRE(text != NULL && balint_format_read(text, strlen(text), &again, take, NULL) == 0);
    REQUIRE(memcmp(&again, format, sizeof again) == 0);
    free(text);
}

static void shown(const struct balint_format *format)
{
    static struct balint_message message;
    memset(&message, 0, sizeof message);
    message.type = BALINT_MSG_STATE;
    strcpy(message.state.boot, "0123456789abcdef");
    strcpy(message.state.session, "0123456789abcdef0123456789abcdef");
    strcpy(message.state.group, "g");
    message.state.format = *format;
    char *text = balint_encode(&message, BALINT_TO_CLIENT, NULL);
    REQUIRE(text != NULL);
    free(text);
}

static void walked(const struct balint_format *format)
{
    int last = format->count - 1;
    REQUIRE(last >= 2 && format->phases[last].part == BALINT_PART_CORRIDOR);
    for (int i = 0; i < last; i++)
        REQUIRE(balint_format_edge(format, i, i + 1) && balint_format_edge(format, i, last));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct balint_format format;
    memset(&format, 0, sizeof format);
    told = 0;
    int mistakes = balint_format_read((const char *)data, size, &format, take, NULL);
    REQUIRE(mistakes == told);
    if (mistakes == 0) {
        there_and_back(&format);
        shown(&format);
        walked(&format);
    }
    return 0;
}
