/* word.c - fuzz target: words of others, as their envelopes bring them to the post. */
#include "call/post.h"
#include "fuzz/require.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum balint_envelope_kind kinds[] = {BALINT_ENVELOPE_QUIET, BALINT_ENVELOPE_WORD,
                                                      BALINT_ENVELOPE_ANSWER};
    struct balint_post post = {0};
    struct balint_state state = {.admitted = true, .you = 0, .seat_count = 3};
    struct balint_news news;
    struct balint_word word;
    for (int i = 0; i < 3; i++) { /* a leader, who looks, another one, and a member */
        state.seats[i].seat = i;
        state.seats[i].connected = true;
        state.seats[i].role = i < 2 ? BALINT_LEADER : BALINT_MEMBER;
        state.seats[i].member[0] = (char)('a' + i);
    }
    for (; size > BALINT_WORD_SIZE; data += 1 + BALINT_WORD_SIZE, size -= 1 + BALINT_WORD_SIZE) {
        uint8_t again[BALINT_WORD_SIZE];
        if (balint_word_read(&word, data + 1, BALINT_WORD_SIZE)) {
            balint_word_write(&word, again);
            REQUIRE(memcmp(again, data + 1, sizeof again) == 0); /* one encoding of each word */
            REQUIRE(word.text[0] == '\0' || !balint_word_wrong(word.text));
        }
        balint_post_take(&post, &state, 1 + data[0] % 2, kinds[data[0] / 2 % 3], data + 1, BALINT_WORD_SIZE,
                         &news);
        REQUIRE(news.kind != BALINT_NEWS_LINE || news.seat == 1); /* no member's word is the leaders' */
        REQUIRE(news.kind != BALINT_NEWS_QUIET || news.seat == 2);
    }
    return 0;
}
