/* candidate.c - fuzz target: a line with an ICE candidate. */
#include "call/candidate.h"
#include "fuzz/require.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct balint_candidate candidate, again;
    char line[BALINT_CANDIDATE_LINE], twice[BALINT_CANDIDATE_LINE];
    char *text = fuzz_text(data, size);
    if (balint_candidate_read(&candidate, text, 1) && balint_candidate_usable(&candidate)) {
        REQUIRE(balint_candidate_write(&candidate, line, sizeof line));
        REQUIRE(strpbrk(line, "\r\n") == NULL);
        REQUIRE(balint_candidate_read(&again, line, 1) && balint_candidate_usable(&again));
        REQUIRE(strcmp(again.address, candidate.address) == 0 && again.port == candidate.port);
        REQUIRE(balint_candidate_write(&again, twice, sizeof twice) && strcmp(line, twice) == 0);
    }
    free(text);
    return 0;
}
