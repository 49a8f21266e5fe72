/* entry.c - see entry.h. */
#include "client/entry.h"

#include <string.h>

#define ESCAPE    0x1b
#define BACKSPACE 0x08
#define DELETE    0x7f

/* Names of keys (X11 keysymdef.h) and what they write, without and with shift; "" as without. */
static const struct {
    const char *name, *text, *shifted;
} keys[] = {
    {"space", " ", ""},         {"comma", ",", ";"},
    {"period", ".", ":"},       {"minus", "-", "_"},
    {"apostrophe", "'", "\""},  {"quotedbl", "\"", ""},
    {"question", "?", ""},      {"exclam", "!", ""},
    {"colon", ":", ""},         {"semicolon", ";", ":"},
    {"slash", "/", "?"},        {"plus", "+", "*"},
    {"equal", "=", "+"},        {"parenleft", "(", ""},
    {"parenright", ")", ""},    {"at", "@", ""},
    {"ampersand", "&", ""},     {"percent", "%", ""},
    {"asterisk", "*", ""},      {"underscore", "_", ""},
    {"numbersign", "#", "'"},   {"adiaeresis", "ä", "Ä"},
    {"odiaeresis", "ö", "Ö"},   {"udiaeresis", "ü", "Ü"},
    {"ssharp", "ß", "?"},       {"agrave", "à", "À"},
    {"aacute", "á", "Á"},       {"acircumflex", "â", "Â"},
    {"aring", "å", "Å"},        {"ae", "æ", "Æ"},
    {"ccedilla", "ç", "Ç"},     {"egrave", "è", "È"},
    {"eacute", "é", "É"},       {"ecircumflex", "ê", "Ê"},
    {"ediaeresis", "ë", "Ë"},   {"igrave", "ì", "Ì"},
    {"iacute", "í", "Í"},       {"icircumflex", "î", "Î"},
    {"idiaeresis", "ï", "Ï"},   {"ntilde", "ñ", "Ñ"},
    {"ograve", "ò", "Ò"},       {"oacute", "ó", "Ó"},
    {"ocircumflex", "ô", "Ô"},  {"oslash", "ø", "Ø"},
    {"ugrave", "ù", "Ù"},       {"uacute", "ú", "Ú"},
    {"ucircumflex", "û", "Û"},  {"odoubleacute", "ő", "Ő"},
    {"udoubleacute", "ű", "Ű"},
};

void balint_entry_begin(struct balint_entry *entry)
{
    bool shift = entry->shift;
    memset(entry, 0, sizeof *entry);
    entry->shift = shift;
}

static enum balint_typed add(struct balint_entry *entry, const char *bytes, size_t count)
{
    if (entry->length + count >= sizeof entry->text)
        return BALINT_TYPED_FULL;
    memcpy(entry->text + entry->length, bytes, count);
    entry->length += count;
    entry->text[entry->length] = '\0';
    return BALINT_TYPED_MORE;
}

/* One character, which may be several bytes. */
static void take_back(struct balint_entry *entry)
{
    while (entry->length > 0 && ((unsigned char)entry->text[--entry->length] & 0xc0) == 0x80)
        continue;
    entry->text[entry->length] = '\0';
}

enum balint_typed balint_entry_byte(struct balint_entry *entry, char byte)
{
    unsigned char value = (unsigned char)byte;
    if (value < 0x80)
        entry->wanted = 0; /* whatever had begun is none */
    if (value == '\r' || value == '\n')
        return BALINT_TYPED_ENTER;
    if (value == ESCAPE)
        return BALINT_TYPED_ESCAPE;
    if (value == BACKSPACE || value == DELETE)
        take_back(entry);
    if (value < 0x20 || value == DELETE)
        return BALINT_TYPED_MORE;
    if (value < 0x80)
        return add(entry, &byte, 1);
    if (value >= 0xc2 && value <= 0xf4) {
        entry->wanted = value < 0xe0 ? 2 : value < 0xf0 ? 3 : 4;
        entry->got = 0;
    }
    if (entry->wanted == 0 || (entry->got > 0 && value >= 0xc0))
        return BALINT_TYPED_MORE;
    entry->partly[entry->got++] = byte;
    if (entry->got < entry->wanted)
        return BALINT_TYPED_MORE;
    char character[5] = "";
    memcpy(character, entry->partly, (size_t)entry->got);
    entry->wanted = 0;
    return balint_word_wrong(character) == NULL ? add(entry, character, strlen(character))
                                                : BALINT_TYPED_MORE;
}

enum balint_typed balint_entry_key(struct balint_entry *entry, const char *name, bool pressed)
{
    if (strcmp(name, "Shift_L") == 0 || strcmp(name, "Shift_R") == 0)
        entry->shift = pressed;
    if (!pressed)
        return BALINT_TYPED_MORE;
    if (strcmp(name, "Return") == 0 || strcmp(name, "KP_Enter") == 0)
        return BALINT_TYPED_ENTER;
    if (strcmp(name, "Escape") == 0)
        return BALINT_TYPED_ESCAPE;
    if (strcmp(name, "BackSpace") == 0)
        return balint_entry_byte(entry, BACKSPACE);
    if (strlen(name) == 1) {
        bool letter = name[0] >= 'a' && name[0] <= 'z';
        return balint_entry_byte(entry, letter && entry->shift ? (char)(name[0] - 'a' + 'A') : name[0]);
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].name, name) != 0)
            continue;
        const char *text = entry->shift && keys[i].shifted[0] != '\0' ? keys[i].shifted : keys[i].text;
        return add(entry, text, strlen(text));
    }
    return BALINT_TYPED_MORE;
}
