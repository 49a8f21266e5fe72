/* protocol_memory.c - memory is short: nothing crashes, nothing leaks, and the next message works.
 *
 * The JSON library takes its allocator from us: a purse of so many bytes. It cannot be trusted with a failure
 * in the middle of a text, so the decoder has to see beforehand that the purse suffices; whatever the purse,
 * decoding refuses or succeeds, and never asks for more than there is. The encoder's only allocator is
 * realloc, wrapped by the linker, and its n-th call fails.
 */
#include "unit/protocol_sample.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RICH (INT64_C(1) << 40)
static int64_t purse = RICH; /* bytes that may live at once */
static int64_t living;       /* bytes that do */
static int denied;           /* requests for more than was left */
static long reallocs = -1;   /* until one fails; negative: none does */

static void *purse_malloc(size_t size)
{
    if (living + (int64_t)size > purse) {
        denied++;
        return NULL;
    }
    void *block = malloc(size);
    living += (int64_t)malloc_usable_size(block);
    return block;
}

static void purse_free(void *block)
{
    living -= block ? (int64_t)malloc_usable_size(block) : 0;
    free(block);
}

void *__real_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size)
{
    return reallocs == 0 ? NULL : (reallocs--, __real_realloc(block, size));
}

/* Decodes with purses of rising size: refused for want of memory, or decided as with a full one. */
static void decode_starving(const char *text, enum balint_way way)
{
    static struct balint_message message;
    struct balint_error rich, error;
    bool decoded = balint_decode(text, strlen(text), way, &message, &rich);
    bool whole = false;
    for (purse = 0; !whole; purse += 1 + (int64_t)strlen(text) / 2) {
        denied = 0;
        bool again = balint_decode(text, strlen(text), way, &message, &error);
        whole = denied == 0;
        assert_int_equal(living, 0);
        assert_true(denied < 2); /* nothing goes on after the first */
        assert_int_equal(again, whole && decoded);
        assert_string_equal(error.code, whole ? rich.code : "no-memory");
        assert_true(purse < INT64_C(1) << 24);
    }
    purse = RICH;
}

static void encode_starving(const struct balint_message *message, enum balint_way way)
{
    char *text = NULL;
    for (long n = 0; !text; n++) {
        assert_true(n < 100);
        reallocs = n;
        text = balint_encode(message, way, NULL); /* what it had is freed: the sanitizer's to see */
    }
    reallocs = -1;
    free(text);
}

static void every_message_starving(void **state)
{
    (void)state;
    static struct balint_message message;
    struct balint_error error;
    for (int i = 0; i < 2 * BALINT_MSGS; i++) {
        enum balint_type type = (enum balint_type)(i / 2);
        enum balint_way way = (enum balint_way)(i % 2);
        if (!sample_travels(type, way)) {
            continue;
        }
        json_t *json = sample_large(type, way);
        char *text = json_dumps(json, JSON_COMPACT);
        json_decref(json);
        assert_true(balint_decode(text, strlen(text), way, &message, &error));
        encode_starving(&message, way);
        char *kept = strdup(text);
        purse_free(text);
        decode_starving(kept, way);
        free(kept);
    }
}

/* The texts that make the largest trees, as far as a message may go: what is asked for beforehand suffices.
 */
static void greedy_texts_starving(void **state)
{
    (void)state;
    static const char *const units[] = {"{}",         "[]",           "1",      "\"\"", "{\"\":{}}",
                                        "{\"\":[1]}", "[[[[[{}]]]]]", "[{},{}]"};
    static const size_t sizes[] = {40, 300, 2000, BALINT_STATE_SIZE};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            static char text[BALINT_STATE_SIZE + 1];
            size_t used = 1, step = strlen(units[u]);
            text[0] = '[';
            while (used + step + 2 <= sizes[s]) {
                memcpy(text + used, units[u], step);
                text[used + step] = ',';
                used += step + 1;
            }
            memcpy(text + used - 1, "]", 2);
            decode_starving(text, BALINT_TO_CLIENT);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_starving),
        cmocka_unit_test(greedy_texts_starving),
    };
    json_set_alloc_funcs(purse_malloc, purse_free);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
