/* saved.h - lets a fuzzer get past the checksums of saved texts (session/saved.h).
 *
 * No fuzzer finds a CRC. So every line that begins with "end " gets the right one of the lines before it.
 */
#ifndef BALINT_FUZZ_SAVED_H
#define BALINT_FUZZ_SAVED_H

#include "session/saved.h"

#include "fuzz/require.h"

/* The same text with right checksums, to be freed. */
static inline char *fuzz_checksums(const uint8_t *data, size_t size)
{
    char *from = fuzz_text(data, size);
    size_t room = 4 * strlen(from) + 64; /* "end \n" grows by 8 bytes */
    struct balint_saved_writer writer = {.text = malloc(room), .size = room};
    char *part = writer.text, *whole = writer.text;
    REQUIRE(whole);
    for (char *line = from; *line;) {
        size_t length = strcspn(line, "\n");
        length += line[length] == '\n';
        if (length > 4 && strncmp(line, "end ", 4) == 0) {
            size_t made = balint_saved_write_end(&writer);
            REQUIRE(made > 0);
            part = writer.text + made;
            writer = (struct balint_saved_writer){.text = part, .size = room - (size_t)(part - whole)};
        } else {
            memcpy(writer.text + writer.length, line, length);
            writer.length += length;
        }
        line += length;
    }
    writer.text[writer.length] = '\0';
    free(from);
    return whole;
}

#endif
