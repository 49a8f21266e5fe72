/* call_forged.c - somebody between client and server changes offers and answers: no media either way.
 *
 * Counted beside nicesink and nicesrc by the first byte of each packet (RFC 7983: 128 to 191 is SRTP or
 * SRTCP): none may leave and none may arrive, at either end, whichever of the two descriptions was changed,
 * and whatever in it. Descriptions are signed, so that it does not even come to a handshake; the
 * certificate's own check behind that has its test in element/call_verify.c.
 */
#include "fakes/circle.h"
#include "fakes/wsproxy.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { CHANGE_OFFERS = 1, CHANGE_ANSWERS = 2 };

/* Another first byte: still a well-formed fingerprint. */
static char *rewrite(const char *text, gboolean from_client, void *user)
{
    int changes = *(const int *)user;
    char *changed = NULL, *at;
    if (!from_client)
        return NULL;
    if ((changes & CHANGE_OFFERS && strstr(text, "\"offer\"")) ||
        (changes & CHANGE_ANSWERS && strstr(text, "\"answer\"")))
        changed = g_strdup(text);
    if (changed && (at = strstr(changed, "\"fingerprint\":")) != NULL) {
        at = strchr(at + strlen("\"fingerprint\":"), '"') + 1;
        at[0] = at[0] == '0' ? '1' : '0';
    }
    return changed;
}

static gboolean both_know(struct balint_caller *caller, int other)
{
    return balint_caller_link_is(caller, other, "not-proven");
}

static gboolean second_passed(struct balint_caller *caller, int until_ms)
{
    (void)caller;
    return (int)balint_test_ms() >= until_ms;
}

static void call_with(int changes)
{
    struct balint_circle circle;
    balint_circle_begin(&circle, 2);
    struct balint_wsproxy *proxy = balint_wsproxy_new(circle.server.address, rewrite, &changes);
    struct balint_caller *ann = balint_circle_caller(&circle, 0, balint_wsproxy_address(proxy));
    assert_true(balint_caller_until(ann, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    struct balint_caller *ben = balint_circle_caller(&circle, 1, balint_wsproxy_address(proxy));
    assert_true(balint_caller_until(ben, balint_caller_is_ready, 0, BALINT_CIRCLE_MS));
    if (changes) {
        assert_true(balint_caller_until(ann, both_know, 1, BALINT_CIRCLE_MS));
        assert_true(balint_caller_until(ben, both_know, 0, BALINT_CIRCLE_MS));
        /* And it stays so, however often it is tried again. */
        assert_true(balint_caller_until(ann, second_passed, (int)balint_test_ms() + 2000, BALINT_CIRCLE_MS));
    } else {
        assert_true(balint_caller_until(ann, balint_caller_hears, 1, BALINT_CIRCLE_MS));
        assert_true(balint_caller_until(ben, balint_caller_hears, 0, BALINT_CIRCLE_MS));
    }
    struct balint_caller *callers[] = {ann, ben};
    for (int i = 0; i < 2; i++) {
        struct balint_caller_wire wire = balint_caller_wire(callers[i]);
        print_message("sent %d, received %d packets of SRTP; %d, %d of DTLS\n", (int)wire.sent_srtp,
                      (int)wire.received_srtp, (int)wire.sent_dtls, (int)wire.received_dtls);
        assert_int_equal(wire.received_dtls > 0, !changes);
        assert_int_equal(wire.sent_srtp > 0, !changes);
        assert_int_equal(wire.received_srtp > 0, !changes);
        assert_int_equal(balint_caller_ear(callers[i], 1 - i).samples > 0, !changes);
        assert_int_equal(callers[i]->bus_errors, 0);
        balint_caller_free(callers[i]);
    }
    balint_wsproxy_free(proxy);
    balint_circle_end(&circle);
}

static void untouched(void **state)
{
    (void)state;
    call_with(0);
}

static void both_changed(void **state)
{
    (void)state;
    call_with(CHANGE_OFFERS | CHANGE_ANSWERS);
}

static void the_offer_changed(void **state)
{
    (void)state;
    call_with(CHANGE_OFFERS);
}

static void the_answer_changed(void **state)
{
    (void)state;
    call_with(CHANGE_ANSWERS);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untouched),
        cmocka_unit_test(both_changed),
        cmocka_unit_test(the_offer_changed),
        cmocka_unit_test(the_answer_changed),
    };
    balint_caller_setup(&argc, &argv);
    return cmocka_run_group_tests_name("call_forged", tests, NULL, NULL);
}
