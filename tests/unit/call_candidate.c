/* call_candidate.c - candidate lines: the examples of RFC 8839, and what must not reach an ICE agent. */
#include "call/candidate.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void reads_the_rfc(void **state)
{
    struct balint_candidate c;
    (void)state;
    /* RFC 8839 §5.1 */
    assert_true(balint_candidate_read(
        &c, "a=candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998", 0));
    assert_string_equal(c.foundation, "2");
    assert_int_equal(c.component, 1);
    assert_string_equal(c.protocol, "udp");
    assert_true(c.priority == 1694498815);
    assert_string_equal(c.address, "192.0.2.3");
    assert_int_equal(c.port, 45664);
    assert_string_equal(c.kind, "srflx");
    assert_string_equal(c.related_address, "203.0.113.141");
    assert_int_equal(c.related_port, 8998);
    assert_true(balint_candidate_usable(&c));
    /* RFC 8839 appendix A, and a browser's extensions */
    assert_true(balint_candidate_read(&c, "candidate:1 1 udp 2130706431 2001:db8::203:141 8998 typ host", 1));
    assert_int_equal(c.mline, 1);
    assert_true(balint_candidate_usable(&c));
    assert_true(
        balint_candidate_read(&c,
                              "candidate:842163049 1 udp 1677729535 198.51.100.7 46154 typ srflx raddr "
                              "0.0.0.0 rport 0 generation 0 ufrag EsAw network-cost 999\r\n",
                              0));
    assert_true(balint_candidate_usable(&c));
}

static void writes_what_it_read(void **state)
{
    static const char *const lines[] = {
        "candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998",
        "candidate:1 1 UDP 2130706431 2001:db8::203:141 8998 typ host",
        "candidate:aA+/9 1 UDP 4294967295 10.0.0.1 65535 typ relay raddr 10.0.0.2 rport 1",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct balint_candidate c;
        char line[BALINT_CANDIDATE_LINE];
        assert_true(balint_candidate_read(&c, lines[i], 0));
        assert_true(balint_candidate_write(&c, line, sizeof line));
        assert_string_equal(line, lines[i]);
        for (size_t size = 0; size <= strlen(line); size++)
            assert_false(balint_candidate_write(&c, line, size));
    }
}

static void rejects_what_is_none(void **state)
{
    static const char *const lines[] = {
        "",
        "candidate:",
        "a=candidate",
        "candidate:1 1 UDP 2130706431 203.0.113.141 8998",           /* no kind */
        "candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ",       /* likewise */
        "candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ other", /* unknown kind */
        "candidate:1 3 UDP 2130706431 203.0.113.141 8998 typ host",  /* component */
        "candidate:1 0 UDP 2130706431 203.0.113.141 8998 typ host",
        "candidate:1 1 UDP 0 203.0.113.141 8998 typ host",          /* priority 0 */
        "candidate:1 1 UDP 4294967296 203.0.113.141 8998 typ host", /* over 32 bits */
        "candidate:1 1 UDP -1 203.0.113.141 8998 typ host",
        "candidate:1 1 UDP 2130706431 203.0.113.141 65536 typ host",
        "candidate:1 1 UDP 2130706431 203.0.113.141 8998x typ host",
        "candidate:1 1 SCTP 2130706431 203.0.113.141 8998 typ host",
        "candidate:! 1 UDP 2130706431 203.0.113.141 8998 typ host",
        "candidate:123456789012345678901234567890123 1 UDP 2130706431 203.0.113.141 8998 typ host",
        "candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ host raddr",
        "candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ host raddr 1.2.3.4 rport 70000",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct balint_candidate c;
        assert_false(balint_candidate_read(&c, lines[i], 0));
    }
}

static void ignores_what_is_of_no_use(void **state)
{
    static const char *const lines[] = {
        "candidate:1 1 TCP 2105458943 203.0.113.141 9 typ host tcptype active",
        "candidate:1 1 udp 2113937151 7e0e5b6c-9b3f-4c7a.local 51460 typ host",
        "candidate:1 2 udp 2113937151 203.0.113.141 51460 typ host", /* RTCP is muxed */
        "candidate:1 1 udp 2113937151 203.0.113.141 0 typ host",
        "candidate:1 1 udp 2113937151 0.0.0.0 51460 typ host",
        "candidate:1 1 udp 2113937151 224.0.0.1 51460 typ host",
        "candidate:1 1 udp 2113937151 255.255.255.255 51460 typ host",
        "candidate:1 1 udp 2113937151 :: 51460 typ host",
        "candidate:1 1 udp 2113937151 ff02::1 51460 typ host",
        "candidate:1 1 udp 2113937151 example.org 51460 typ host",
        "candidate:1 1 udp 2113937151 203.0.113.141%eth0 51460 typ host",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct balint_candidate c;
        char line[BALINT_CANDIDATE_LINE];
        assert_true(balint_candidate_read(&c, lines[i], 0));
        assert_false(balint_candidate_usable(&c));
        assert_false(balint_candidate_write(&c, line, sizeof line));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_rfc),
        cmocka_unit_test(writes_what_it_read),
        cmocka_unit_test(rejects_what_is_none),
        cmocka_unit_test(ignores_what_is_of_no_use),
    };
    return cmocka_run_group_tests_name("call_candidate", tests, NULL, NULL);
}
