/* The server's settings: precedence, names, ranges, and errors that say where. */
#include "protocol/limits.h"
#include "server/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct balint_config config;
static char why[BALINT_WHY_SIZE];
static char file[64];

/* The environment of a test: pairs, NULL at the end. */
static const char *const *variables;
static const char *environment(const char *name)
{
    for (const char *const *at = variables; at != NULL && *at != NULL; at += 2)
        if (strcmp(*at, name) == 0)
            return at[1];
    return strcmp(name, "HOME") == 0 ? "/home/anna" : NULL;
}

static bool read_with(const char *const *pairs, const char *first, ...)
{
    const char *argv[16] = {"balint-server"};
    int argc = 1;
    va_list args;
    va_start(args, first);
    for (const char *at = first; at != NULL; at = va_arg(args, const char *))
        argv[argc++] = at;
    va_end(args);
    variables = pairs;
    why[0] = '\0';
    return balint_config_read(&config, argc, argv, environment, why);
}

static void write_file(const char *text)
{
    strcpy(file, "/tmp/balint-config-XXXXXX");
    int out = mkstemp(file);
    assert_true(out >= 0);
    assert_int_equal(write(out, text, strlen(text)), strlen(text));
    close(out);
}

static void without_settings_there_are_defaults(void **state)
{
    (void)state;
    assert_true(read_with(NULL, NULL));
    assert_string_equal(config.listen, "127.0.0.1:8470"); /* this machine alone */
    assert_string_equal(config.data,
                        geteuid() == 0 ? "/var/lib/balint" : "/home/anna/.local/share/balint-server");
    assert_string_equal(config.cert, "");
    assert_int_equal(config.rate, 60);
    assert_int_equal(config.connections_per_address, 200);
    assert_int_equal(config.silent_ms, 20000);
    assert_int_equal(config.queue_bytes, 262144);
    assert_int_equal(config.word_count, 0);
}

static void flags_beat_the_environment_beats_the_file(void **state)
{
    (void)state;
    write_file("# a comment\n\n  listen =  [::1]:1  \nrate=7\ndata = /srv/one two\r\nsilent-ms = 5000\n");
    const char *const pairs[] = {"BALINT_RATE", "8", "BALINT_SILENT_MS", "6000", "BALINT_CERT", "", NULL};
    assert_true(read_with(pairs, "--config", file, "--rate", "9", NULL));
    assert_int_equal(config.rate, 9);
    assert_int_equal(config.silent_ms, 6000);
    assert_string_equal(config.listen, "[::1]:1");
    assert_string_equal(config.data, "/srv/one two");
    const char *const named[] = {"BALINT_CONFIG", file, NULL};
    assert_true(read_with(named, "--listen=127.0.0.1:0", NULL));
    assert_int_equal(config.rate, 7);
    assert_string_equal(config.listen, "127.0.0.1:0");
    unlink(file);
}

static void words_are_kept_in_order(void **state)
{
    (void)state;
    assert_true(read_with(NULL, "group", "--data", "/d", "add", "G", NULL));
    assert_int_equal(config.word_count, 3);
    assert_string_equal(config.words[0], "group");
    assert_string_equal(config.words[2], "G");
    assert_true(read_with(NULL, "--help", NULL));
    assert_true(config.help);
    assert_true(read_with(NULL, "--version", "--rate", "1", NULL));
    assert_true(config.version);
}

static void expect_wrong(const char *piece)
{
    if (strstr(why, piece) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", piece, why);
    assert_null(strchr(why, '\n'));
}

static void wrong_flags_are_named(void **state)
{
    (void)state;
    assert_false(read_with(NULL, "--sing", "1", NULL));
    expect_wrong("There is no option --sing");
    assert_false(read_with(NULL, "-x", NULL));
    expect_wrong("There is no option -x");
    assert_false(read_with(NULL, "--rate", NULL));
    expect_wrong("--rate needs a value");
    assert_false(read_with(NULL, "--rate", "1", "--rate", "2", NULL));
    expect_wrong("--rate is there twice");
    assert_false(read_with(NULL, "--data", "", NULL));
    expect_wrong("--data has no value");
    static const char *const numbers[] = {"0",   "-1", "100001", "1x", "", " ", "1e3", "99999999999999999999",
                                          "0x10"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        assert_false(read_with(NULL, "--rate", numbers[i], NULL));
        expect_wrong("--rate must be a whole number from 1 to 100000, not \"");
    }
    char text[400];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(read_with(NULL, "--listen", text, NULL));
    expect_wrong("--listen is too long");
    assert_false(read_with(NULL, "--cert", "/c", NULL));
    expect_wrong("--cert FILE and --key FILE");
    assert_false(read_with(NULL, "--key", "/k", NULL));
    expect_wrong("--cert FILE and --key FILE");
    assert_false(read_with(NULL, "--url", "balint.example", NULL));
    expect_wrong("--url must begin with https://");
    assert_false(read_with(NULL, "1", "2", "3", "4", "5", "6", "7", "8", "9", NULL));
    expect_wrong("too many words");
}

static void wrong_variables_are_named(void **state)
{
    (void)state;
    const char *const pairs[] = {"BALINT_QUEUE_BYTES", "1", NULL};
    assert_false(read_with(pairs, NULL));
    expect_wrong("BALINT_QUEUE_BYTES must be a whole number from 32768 to ");
    assert_true(
        read_with(pairs, "--queue-bytes", "65536", NULL)); /* the flag counts, the variable is not read */
}

static void wrong_lines_are_named_with_their_file(void **state)
{
    (void)state;
    static const struct {
        const char *text, *piece;
    } wrong[] = {
        {"listen = 127.0.0.1:0\ncolour = red\n", ":2: there is no setting \"colour\""},
        {"\n# x\nlisten\n", ":3: this is not a line `name = value`"},
        {"rate = many\n", ":1: rate must be a whole number from 1 to 100000, not \"many\"."},
        {"rate = 1\nrate = 2\n", ":2: rate is there twice"},
        {"rate =\n", ":1: rate must be a whole number"},
        {"data =\n", ":1: data has no value"},
        {"config = other.conf\n", ":1: there is no setting \"config\""},
        {" = 3\n", ":1: there is no setting \"\""},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        write_file(wrong[i].text);
        assert_false(read_with(NULL, "--config", file, NULL));
        expect_wrong(wrong[i].piece);
        expect_wrong(file);
        unlink(file);
    }
    assert_false(read_with(NULL, "--config", "/nowhere/server.conf", NULL));
    expect_wrong("/nowhere/server.conf cannot be read");
    assert_false(read_with(NULL, "--config", "/tmp", NULL));
    expect_wrong("/tmp cannot be read");
}

static void a_line_of_any_length_is_survived(void **state)
{
    (void)state;
    char *text = malloc(100001);
    assert_non_null(text);
    memset(text, 'a', 100000);
    text[100000] = '\0';
    write_file(text);
    assert_false(read_with(NULL, "--config", file, NULL));
    expect_wrong(":1: this ");
    unlink(file);
    memcpy(text, "data=", 5);
    text[4090] = '\0';
    write_file(text);
    assert_true(read_with(NULL, "--config", file, NULL));
    assert_int_equal(strlen(config.data), 4085);
    unlink(file);
    free(text);
}

static void allowed_sites_are_origins(void **state)
{
    (void)state;
    static const char *const good[] = {"https://a.example", "http://[::1]:80",
                                       "https://a.example  https://b.example:1",
                                       "https://a.example, https://b.example"};
    static const char *const bad[] = {"a.example",
                                      "https://",
                                      "https://a.example/",
                                      "https://*.example",
                                      "https://a.example null",
                                      "https://u@a.example",
                                      "ftp://a.example",
                                      "*"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(read_with(NULL, "--allow-origin", good[i], NULL));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(read_with(NULL, "--allow-origin", bad[i], NULL));
        assert_non_null(strstr(why, "--allow-origin takes sites as https://a.example"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_settings_there_are_defaults),
        cmocka_unit_test(allowed_sites_are_origins),
        cmocka_unit_test(flags_beat_the_environment_beats_the_file),
        cmocka_unit_test(words_are_kept_in_order),
        cmocka_unit_test(wrong_flags_are_named),
        cmocka_unit_test(wrong_variables_are_named),
        cmocka_unit_test(wrong_lines_are_named_with_their_file),
        cmocka_unit_test(a_line_of_any_length_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
