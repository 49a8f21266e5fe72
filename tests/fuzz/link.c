/* link.c - fuzz target: the text of an invitation link, as somebody pastes it. */
#include "fuzz/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct balint_link link, again;
    char text[BALINT_LINK_SIZE];
    const char *why = NULL;
    char *pasted = malloc(size + 1);
    REQUIRE(pasted);
    memcpy(pasted, data, size);
    pasted[size] = '\0';
    if (balint_link_parse(&link, pasted, &why)) {
        /* One link may be written in more than one way (a host's case, %41); what is read is one. */
        REQUIRE(balint_link_write(&link, text, sizeof text));
        REQUIRE(balint_link_parse(&again, text, &why));
        REQUIRE(memcmp(&link, &again, sizeof link) == 0);
        REQUIRE(link.tls || balint_server_ok(link.server, false, NULL));
    } else {
        REQUIRE(why && why[0] && strlen(why) < 257);
    }
    free(pasted);
    return 0;
}
