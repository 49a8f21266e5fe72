/* identity_signature.c - signed offers and answers: none can be reflected, crossed, replayed or altered.
 */
#include "protocol/messages.h"
#include "unit/identity_evening.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct evening evening;
static struct evening_person *const people = evening.people;

#define FINGERPRINT(x)                                                                                       \
    x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x  \
      ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x ":" x

static struct balint_sdp offer_of(void)
{
    struct balint_sdp sdp = {.seat = 1,
                             .generation = 7,
                             .ufrag = "abcd",
                             .pwd = "0123456789abcdef012345",
                             .fingerprint = FINGERPRINT("0A"),
                             .setup = "actpass",
                             .opus = {96, "cbr=1"},
                             .vp8 = {97, ""}};
    return sdp;
}

static struct balint_link_ends ends_of(int sender, int receiver, const char *offered)
{
    return (struct balint_link_ends){.session = evening.session,
                                     .answer = offered != NULL,
                                     .sender = people[sender].join_hash,
                                     .receiver = people[receiver].join_hash,
                                     .offered = offered};
}

static void test_link_crossed(void **state)
{
    const uint8_t *anna = people[ANNA].device.public_half, *ben = people[BEN].device.public_half;
    struct balint_sdp offer = offer_of(), answer = offer_of(), changed;
    struct balint_link_ends to_ben = ends_of(ANNA, BEN, NULL), ends;
    const char *offered = offer.fingerprint;
    (void)state;
    assert_true(balint_sdp_sign(&offer, &to_ben, &people[ANNA].device));
    assert_true(balint_sdp_verify(&offer, &to_ben, anna));
    /* Reflected: sent back to her, as an offer or as the answer to her own. */
    ends = ends_of(BEN, ANNA, NULL);
    assert_false(balint_sdp_verify(&offer, &ends, ben));
    assert_false(balint_sdp_verify(&offer, &ends, anna));
    ends = ends_of(ANNA, ANNA, NULL);
    assert_false(balint_sdp_verify(&offer, &ends, anna));
    /* Crossed: shown to another, or as another's. */
    ends = ends_of(ANNA, CARLA, NULL);
    assert_false(balint_sdp_verify(&offer, &ends, anna));
    ends = ends_of(CARLA, BEN, NULL);
    assert_false(balint_sdp_verify(&offer, &ends, people[CARLA].device.public_half));
    assert_false(balint_sdp_verify(&offer, &ends, anna));
    /* Another evening, another generation. */
    const uint8_t last_week[BALINT_SESSION_SIZE] = {1};
    ends = to_ben;
    ends.session = last_week;
    assert_false(balint_sdp_verify(&offer, &ends, anna));
    changed = offer;
    changed.generation++;
    assert_false(balint_sdp_verify(&changed, &to_ben, anna));
    /* An answer belongs to the offer that it answers. */
    strcpy(answer.setup, "active");
    strcpy(answer.fingerprint, FINGERPRINT("0B"));
    struct balint_link_ends to_anna = ends_of(BEN, ANNA, offered);
    assert_true(balint_sdp_sign(&answer, &to_anna, &people[BEN].device));
    assert_true(balint_sdp_verify(&answer, &to_anna, ben));
    to_anna.offered = FINGERPRINT("0C");
    assert_false(balint_sdp_verify(&answer, &to_anna, ben));
}

/* The side alone, where everything else is the same: a message with an answer's `setup` as either. */
static void test_link_sides(void **state)
{
    struct balint_sdp sdp = offer_of();
    struct balint_link_ends offer = ends_of(ANNA, BEN, NULL), answer = ends_of(ANNA, BEN, FINGERPRINT("0C"));
    (void)state;
    assert_false(balint_sdp_sign(&sdp, &answer, &people[ANNA].device)); /* actpass answers nothing */
    strcpy(sdp.setup, "passive");
    assert_false(balint_sdp_sign(&sdp, &offer, &people[ANNA].device));
    assert_true(balint_sdp_sign(&sdp, &answer, &people[ANNA].device));
    answer.offered = NULL;
    assert_false(balint_sdp_sign(&sdp, &answer, &people[ANNA].device));
    answer.offered = "0A:0B";
    assert_false(balint_sdp_sign(&sdp, &answer, &people[ANNA].device));
    sdp = offer_of();
    offer.offered = FINGERPRINT("0C");
    assert_false(balint_sdp_sign(&sdp, &offer, &people[ANNA].device));
    offer.offered = NULL;
    sdp.generation = 0;
    assert_false(balint_sdp_sign(&sdp, &offer, &people[ANNA].device));
    sdp.generation = INT64_C(1) << 32;
    assert_false(balint_sdp_sign(&sdp, &offer, &people[ANNA].device));
    sdp = offer_of();
    memset(sdp.ufrag, 'u', sizeof sdp.ufrag); /* no NUL */
    assert_false(balint_sdp_sign(&sdp, &offer, &people[ANNA].device));
    sdp = offer_of();
    struct balint_link_ends herself = ends_of(ANNA, ANNA, NULL);
    assert_false(balint_sdp_sign(&sdp, &herself, &people[ANNA].device));
    sdp.opus.payload = 256;
    assert_false(balint_sdp_sign(&sdp, &offer, &people[ANNA].device));
}

static void changed_is_refused(const struct balint_sdp *sdp)
{
    const struct balint_link_ends ends = ends_of(ANNA, BEN, NULL);
    assert_false(balint_sdp_verify(sdp, &ends, people[ANNA].device.public_half));
}

static void test_link_every_field(void **state)
{
    const struct balint_link_ends ends = ends_of(ANNA, BEN, NULL);
    struct balint_sdp good = offer_of(), sdp;
    (void)state;
    assert_true(balint_sdp_sign(&good, &ends, &people[ANNA].device));
#define CHANGED(change)                                                                                      \
    sdp = good;                                                                                              \
    change;                                                                                                  \
    changed_is_refused(&sdp)
    CHANGED(sdp.ufrag[0]++);
    CHANGED(sdp.ufrag[4] = 'x'); /* longer */
    CHANGED(sdp.pwd[21]++);
    CHANGED(sdp.fingerprint[94]++);
    CHANGED(sdp.fingerprint[0]++);
    CHANGED(sdp.opus.payload++);
    CHANGED(sdp.opus.params[0]++);
    CHANGED(sdp.opus.params[0] = '\0');
    CHANGED(sdp.vp8.payload++);
    CHANGED(sdp.vp8.params[0] = 'a');
    CHANGED((strcpy(sdp.opus.params, ""), strcpy(sdp.vp8.params, "cbr=1")));
    CHANGED(sdp.generation--);
    CHANGED(sdp.signature.length = 0);
    CHANGED(sdp.signature.length = 63);
    for (int bit = 0; bit < 512; bit++) {
        CHANGED(sdp.signature.data[bit / 8] ^= (uint8_t)(1 << bit % 8));
    }
    /* An answer's setup is the one field an offer cannot vary. */
    struct balint_link_ends answer = ends_of(ANNA, BEN, FINGERPRINT("0C"));
    strcpy(good.setup, "active");
    assert_true(balint_sdp_sign(&good, &answer, &people[ANNA].device));
    strcpy(good.setup, "passive");
    assert_false(balint_sdp_verify(&good, &answer, people[ANNA].device.public_half));
}

static int open_evening(void **state)
{
    (void)state;
    evening_open(&evening);
    return 0;
}

static int close_evening(void **state)
{
    (void)state;
    evening_close(&evening);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link_crossed),
        cmocka_unit_test(test_link_sides),
        cmocka_unit_test(test_link_every_field),
    };
    return cmocka_run_group_tests(tests, open_evening, close_evening);
}
