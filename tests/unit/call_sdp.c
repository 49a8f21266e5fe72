/* call_sdp.c - descriptions written from fields and fields read from descriptions, with texts of the RFCs. */
#include "call/sdp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* RFC 8839 §5.4 for ufrag and pwd, RFC 8122 §5 for the fingerprint. */
#define FINGERPRINT                                                                                          \
    "12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB:4A:AD"

static struct balint_sdp good(enum balint_side side)
{
    struct balint_sdp sdp = {.generation = 7, .opus = {111, BALINT_OPUS_PARAMS}, .vp8 = {96, ""}};
    strcpy(sdp.ufrag, "8hhY");
    strcpy(sdp.pwd, "asd88fgpdd777uzjYhagZg");
    strcpy(sdp.fingerprint, FINGERPRINT);
    strcpy(sdp.setup, side == BALINT_OFFER ? "actpass" : "active");
    return sdp;
}

static void writes_every_line(void **state)
{
    struct balint_sdp sdp = good(BALINT_OFFER);
    char text[BALINT_SDP_TEXT];
    (void)state;
    assert_true(balint_sdp_write(&sdp, BALINT_OFFER, text, sizeof text));
#define MEDIA(kind, payload, mid)                                                                            \
    "m=" kind " 9 UDP/TLS/RTP/SAVPF " payload "\r\nc=IN IP4 0.0.0.0\r\na=mid:" mid "\r\na=sendrecv\r\n"      \
    "a=rtcp-mux\r\na=rtcp-rsize\r\na=ice-ufrag:8hhY\r\na=ice-pwd:asd88fgpdd777uzjYhagZg\r\n"                 \
    "a=fingerprint:sha-256 " FINGERPRINT "\r\na=setup:actpass\r\n"
    assert_string_equal(
        text, "v=0\r\no=- 7 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-options:trickle\r\n"
              "a=group:BUNDLE audio0 video1\r\n" MEDIA(
                  "audio", "111", "audio0") "a=rtpmap:111 OPUS/48000/2\r\na=fmtp:111 " BALINT_OPUS_PARAMS
                                            "\r\n" MEDIA("video", "96",
                                                         "video1") "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 "
                                                                   "nack pli\r\na=rtcp-fb:96 ccm fir\r\n");
    for (size_t size = 0; size <= strlen(text); size += 97)
        assert_false(balint_sdp_write(&sdp, BALINT_OFFER, text, size));
}

static void reads_back_what_it_wrote(void **state)
{
    (void)state;
    for (enum balint_side side = BALINT_OFFER; side <= BALINT_ANSWER; side++) {
        struct balint_sdp sdp = good(side), back = {.seat = 3, .generation = 9};
        char text[BALINT_SDP_TEXT];
        sdp.opus.payload = 120;
        sdp.vp8.payload = 121;
        assert_true(balint_sdp_write(&sdp, side, text, sizeof text));
        assert_true(balint_sdp_read(&back, side, text));
        assert_int_equal(back.seat, 3);
        assert_int_equal(back.generation, 9);
        assert_string_equal(back.ufrag, sdp.ufrag);
        assert_string_equal(back.pwd, sdp.pwd);
        assert_string_equal(back.fingerprint, sdp.fingerprint);
        assert_string_equal(back.setup, sdp.setup);
        assert_int_equal(back.opus.payload, 120);
        assert_int_equal(back.vp8.payload, 121);
        assert_false(balint_sdp_read(&back, side == BALINT_OFFER ? BALINT_ANSWER : BALINT_OFFER, text));
    }
}

/* Each entry breaks one field; `why` must name it. */
static void names_the_wrong_field(void **state)
{
    static const struct {
        size_t offset;
        const char *value, *why;
    } breaks[] = {
#define AT(field) offsetof(struct balint_sdp, field)
        {AT(ufrag), "abc", "ufrag"},
        {AT(ufrag), "ab\r\na=x", "ufrag"},
        {AT(ufrag), "ab d", "ufrag"},
        {AT(pwd), "asd88fgpdd777uzjYhagZ", "pwd"},
        {AT(pwd), "asd88fgpdd777uzjYhagZ\n", "pwd"},
        {AT(fingerprint), "", "fingerprint"},
        {AT(fingerprint), "12:df:3e:5d", "fingerprint"},
        {AT(setup), "holdconn", "setup"},
        {AT(setup), "active", "setup"}, /* of an offer: RFC 8842 §5.2 wants actpass */
        {AT(opus.params), "a=b\r\na=c", "opus.params"},
        {AT(opus.params), "a b", "opus.params"},
        {AT(vp8.params), "a:b", "vp8.params"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++) {
        struct balint_sdp sdp = good(BALINT_OFFER);
        char text[BALINT_SDP_TEXT];
        const char *why = NULL;
        strcpy((char *)&sdp + breaks[i].offset, breaks[i].value);
        assert_false(balint_sdp_valid(&sdp, BALINT_OFFER, &why));
        assert_string_equal(why, breaks[i].why);
        assert_false(balint_sdp_write(&sdp, BALINT_OFFER, text, sizeof text));
    }
    for (int payload = -1; payload < 200; payload++) {
        struct balint_sdp sdp = good(BALINT_OFFER);
        sdp.opus.payload = payload;
        assert_int_equal(balint_sdp_valid(&sdp, BALINT_OFFER, NULL),
                         payload >= 96 && payload <= 127 && payload != sdp.vp8.payload);
    }
    struct balint_sdp answer = good(BALINT_ANSWER);
    assert_true(balint_sdp_valid(&answer, BALINT_ANSWER, NULL));
    strcpy(answer.setup, "actpass");
    assert_false(balint_sdp_valid(&answer, BALINT_ANSWER, NULL));
}

static void fingerprints(void **state)
{
    uint8_t bytes[BALINT_HASH_SIZE];
    char text[sizeof FINGERPRINT];
    (void)state;
    assert_true(balint_fingerprint_read(FINGERPRINT, bytes));
    assert_int_equal(bytes[0], 0x12);
    assert_int_equal(bytes[1], 0xdf);
    assert_int_equal(bytes[31], 0xad);
    for (size_t i = 0; i < strlen(FINGERPRINT); i++) { /* each character matters */
        strcpy(text, FINGERPRINT);
        text[i] = text[i] == ':' ? '-' : 'g';
        assert_false(balint_fingerprint_read(text, bytes));
    }
    assert_false(balint_fingerprint_read(FINGERPRINT ":", bytes));
    assert_false(balint_fingerprint_read("", bytes));
}

/* What webrtcbin 1.22 writes (bundle-only second line, rtcp-fb, extra attributes). */
static const char own[] =
    "v=0\r\no=- 4163372117243062434 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-options:trickle\r\n"
    "a=group:BUNDLE audio0 video1\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=setup:actpass\r\n"
    "a=ice-ufrag:G/"
    "0yRVv7l+dv2Q2A0iFKzAUNkE1V8dcS\r\na=ice-pwd:6g1kk1yh2jXfL5j7K0o1g6pVNGdHnQ8z\r\na=rtcp-mux\r\n"
    "a=rtcp-rsize\r\na=sendrecv\r\na=rtpmap:111 OPUS/48000/2\r\na=rtcp-fb:111 "
    "transport-cc\r\na=mid:audio0\r\n"
    "a=fingerprint:sha-256 " FINGERPRINT "\r\na=rtcp-mux-only\r\n"
    "m=video 0 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=setup:actpass\r\n"
    "a=ice-ufrag:G/"
    "0yRVv7l+dv2Q2A0iFKzAUNkE1V8dcS\r\na=ice-pwd:6g1kk1yh2jXfL5j7K0o1g6pVNGdHnQ8z\r\na=bundle-only\r\n"
    "a=rtcp-mux\r\na=rtcp-rsize\r\na=sendrecv\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack "
    "pli\r\na=mid:video1\r\n"
    "a=fingerprint:sha-256 " FINGERPRINT "\r\na=rtcp-mux-only\r\n";

static void reads_webrtcbin(void **state)
{
    struct balint_sdp sdp = {0};
    (void)state;
    assert_true(balint_sdp_read(&sdp, BALINT_OFFER, own));
    assert_string_equal(sdp.ufrag, "G/0yRVv7l+dv2Q2A0iFKzAUNkE1V8dcS");
    assert_string_equal(sdp.pwd, "6g1kk1yh2jXfL5j7K0o1g6pVNGdHnQ8z");
    assert_string_equal(sdp.fingerprint, FINGERPRINT);
    assert_string_equal(sdp.opus.params, BALINT_OPUS_PARAMS);
    assert_int_equal(sdp.opus.payload, 111);
    assert_int_equal(sdp.vp8.payload, 96);
}

/* Without any one line of these it is not our two m-lines. */
static void needs_its_lines(void **state)
{
    static const char *const lines[] = {"m=audio 9", "m=video 0", "a=rtpmap:111 OPUS", "a=rtpmap:96 VP8",
                                        "a=mid:audio0"};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct balint_sdp sdp = {0};
        char text[sizeof own];
        memcpy(text, own, sizeof own);
        strstr(text, lines[i])[2] = '?';
        assert_false(balint_sdp_read(&sdp, BALINT_OFFER, text));
    }
    struct balint_sdp sdp = {0};
    assert_false(balint_sdp_read(&sdp, BALINT_OFFER, ""));
    assert_false(balint_sdp_read(&sdp, BALINT_OFFER, "m=audio\r\nm=video\r\nm=audio\r\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_every_line),     cmocka_unit_test(reads_back_what_it_wrote),
        cmocka_unit_test(names_the_wrong_field), cmocka_unit_test(fingerprints),
        cmocka_unit_test(reads_webrtcbin),       cmocka_unit_test(needs_its_lines),
    };
    return cmocka_run_group_tests_name("call_sdp", tests, NULL, NULL);
}
