/* options.c - fuzz target: the command lines of `balint invite`, `revoke`, `renew` and `join`, a word a line.
 */
#include "client/options.h"
#include "client/invite_options.h"
#include "fuzz/require.h"

#define WORDS 40
#define NOW_S 1790000000

static void invite(int argc, char **argv, enum balint_invite_verb verb)
{
    struct balint_invite_options options;
    static char why[BALINT_WHY];
    why[0] = '\0';
    if (!balint_invite_options_read(argc, argv, verb, NOW_S, &options, why)) {
        REQUIRE(why[0]);
        return;
    }
    if (options.help)
        return;
    REQUIRE(options.group && balint_group_ok(options.group));
    REQUIRE(options.name || options.member);
    REQUIRE(verb == BALINT_VERB_REVOKE || options.until_s > options.from_s);
    REQUIRE(verb != BALINT_VERB_INVITE || balint_name_ok(options.name));
    REQUIRE(options.count >= 0 && options.count <= BALINT_INVITE_MAX && options.role < BALINT_ROLES);
}

static void join(int argc, char **argv)
{
    struct balint_options options;
    char why[BALINT_OPTION_WHY] = "";
    if (balint_options_read(argc, argv, true, &options, why))
        REQUIRE(options.help || ((options.link || options.link_file) && options.seconds >= 0));
    else
        REQUIRE(why[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = fuzz_text(data, size), *words[WORDS + 1];
    int count = 0;
    for (char *word = text; word && count < WORDS;) {
        words[count++] = word;
        word = strchr(word, '\n');
        if (word)
            *word++ = '\0';
    }
    words[count] = NULL;
    for (int verb = BALINT_VERB_INVITE; verb <= BALINT_VERB_RENEW; verb++)
        invite(count, words, (enum balint_invite_verb)verb);
    join(count - 1, words + 1);
    free(text);
    return 0;
}
