/* word.c - words as 216 bytes.
 *
 * Layout (bytes): version 1 · what 1 · length of the text 1 · zero 1 · id 4, big-endian · text 120, padded
 * with zeros · zeros. What is unused is checked. Pure; any thread.
 */
#include "protocol/word.h"

#include "protocol/fields.h"

#include <string.h>

enum { VERSION = 1, AT_ID = 4, AT_TEXT = 8 };

void balint_word_write(const struct balint_word *word, uint8_t bytes[BALINT_WORD_SIZE])
{
    size_t length = strnlen(word->text, BALINT_WORD_TEXT - 1);
    memset(bytes, 0, BALINT_WORD_SIZE);
    bytes[0] = VERSION;
    bytes[1] = (uint8_t)word->what;
    bytes[2] = (uint8_t)length;
    for (int i = 0; i < 4; i++)
        bytes[AT_ID + i] = (uint8_t)(word->id >> (24 - 8 * i));
    memcpy(bytes + AT_TEXT, word->text, length);
}

bool balint_word_read(struct balint_word *word, const uint8_t *bytes, size_t length)
{
    struct balint_word read = {0};
    if (length != BALINT_WORD_SIZE || bytes[0] != VERSION || bytes[1] >= BALINT_WORD_WHATS ||
        bytes[2] >= BALINT_WORD_TEXT || bytes[3] != 0)
        return false;
    for (size_t i = AT_TEXT + bytes[2]; i < BALINT_WORD_SIZE; i++)
        if (bytes[i] != 0)
            return false;
    read.what = (enum balint_word_what)bytes[1];
    for (int i = 0; i < 4; i++)
        read.id = read.id << 8 | bytes[AT_ID + i];
    memcpy(read.text, bytes + AT_TEXT, bytes[2]);
    if (read.id == 0 || (bytes[2] > 0 && (read.what != BALINT_WORD_SAY || balint_word_wrong(read.text))) ||
        strlen(read.text) != bytes[2])
        return false;
    *word = read;
    return true;
}

const char *balint_word_wrong(const char *text)
{
    size_t length = strlen(text);
    if (strspn(text, " ") == length)
        return "there is no word to say: write one, or leave it";
    if (length >= BALINT_WORD_TEXT)
        return "this is longer than a short word may be (120 bytes, fewer letters with accents): make it "
               "shorter";
    if (!balint_chars_fit(BALINT_CHARS_TEXT, text, length))
        return "a word is one line of ordinary text: leave out line breaks and special characters";
    return NULL;
}
