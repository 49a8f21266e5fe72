/* sdp.c - fuzz target: a description's text as read from webrtcbin, and its fields as they come over the
 * wire, one a line.
 */
#include "call/sdp.h"
#include "fuzz/require.h"

/* What may be written can be written, and says the same when read again. */
static void there_and_back(const struct balint_sdp *sdp, enum balint_side side)
{
    struct balint_sdp again = {.seat = sdp->seat, .generation = sdp->generation}, expected = *sdp;
    char text[BALINT_SDP_TEXT];
    uint8_t fingerprint[BALINT_HASH_SIZE];
    REQUIRE(balint_sdp_write(sdp, side, text, sizeof text));
    REQUIRE(balint_sdp_read(&again, side, text));
    REQUIRE(balint_fingerprint_read(sdp->fingerprint, fingerprint));
    /* Parameters are told, not read back. */
    memcpy(expected.opus.params, again.opus.params, sizeof expected.opus.params);
    memcpy(expected.vp8.params, again.vp8.params, sizeof expected.vp8.params);
    REQUIRE(memcmp(&again, &expected, sizeof again) == 0);
}

static const char *field(const char *line, char *to, size_t size)
{
    size_t length = strcspn(line, "\n");
    if (length < size)
        memcpy(to, line, length);
    return line + length + (line[length] == '\n');
}

static void fields(const char *line)
{
    const char *wrong = NULL;
    struct balint_sdp sdp;
    memset(&sdp, 0, sizeof sdp);
    sdp.generation = 3;
    line = field(line, sdp.ufrag, sizeof sdp.ufrag);
    line = field(line, sdp.pwd, sizeof sdp.pwd);
    line = field(line, sdp.fingerprint, sizeof sdp.fingerprint);
    line = field(line, sdp.setup, sizeof sdp.setup);
    line = field(line, sdp.opus.params, sizeof sdp.opus.params);
    line = field(line, sdp.vp8.params, sizeof sdp.vp8.params);
    sdp.opus.payload = (unsigned char)line[0];
    sdp.vp8.payload = line[0] ? (unsigned char)line[1] : 0;
    for (int side = BALINT_OFFER; side <= BALINT_ANSWER; side++)
        if (balint_sdp_valid(&sdp, (enum balint_side)side, &wrong))
            there_and_back(&sdp, (enum balint_side)side);
        else
            REQUIRE(wrong && wrong[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size);
    for (int side = BALINT_OFFER; side <= BALINT_ANSWER; side++) {
        struct balint_sdp sdp;
        memset(&sdp, 0, sizeof sdp);
        if (balint_sdp_read(&sdp, (enum balint_side)side, text))
            there_and_back(&sdp, (enum balint_side)side);
    }
    fields(text);
    free(text);
    return 0;
}
