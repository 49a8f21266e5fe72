/* decode.c - fuzz target: any bytes at all, both ways.
 *
 * What is refused carries an error that can be sent; what is accepted can be encoded, and comes back the
 * same. Built with libFuzzer by the option FUZZ; in every build its corpus is replayed by replay.c.
 */
#include "protocol/fields.h"

#include "fuzz/require.h"

static void sendable(const struct balint_error *error)
{
    static struct balint_message answer;
    answer = (struct balint_message){.type = BALINT_MSG_ERROR};
    answer.error = *error;
    char *text = balint_encode(&answer, BALINT_TO_CLIENT, NULL);
    REQUIRE(text && error->text[0]);
    free(text);
}

static void there_and_back(const struct balint_message *message, enum balint_way way)
{
    static struct balint_message again;
    struct balint_error error;
    size_t length = 0;
    char *text = balint_encode(message, way, &length);
    REQUIRE(text && length == strlen(text) && length <= balint_message_limit(way));
    REQUIRE(balint_decode(text, length, way, &again, &error));
    /* Both were zeroed before they were filled, padding included. */
    const unsigned char *first = (const unsigned char *)message, *second = (const unsigned char *)&again;
    REQUIRE(memcmp(first, second, sizeof again) == 0);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct balint_message message;
    struct balint_error error;
    for (int way = BALINT_TO_SERVER; way <= BALINT_TO_CLIENT; way++) {
        if (balint_decode((const char *)data, size, (enum balint_way)way, &message, &error)) {
            there_and_back(&message, (enum balint_way)way);
        } else {
            sendable(&error);
        }
    }
    return 0;
}
