/* operator.h - balint-server's subcommands as an operator writes them, for the tests of one data folder. */
#ifndef BALINT_TEST_OPERATOR_H
#define BALINT_TEST_OPERATOR_H

#include "integration/server_evening.h"

#include <jansson.h>

static const char *operator_data; /* the data folder: to be set first */
static char out[65536];           /* what the last one said, on stdout and stderr */

/* Runs balint-server with arguments and --data. Returns its exit status. */
static inline int run(const char *const *arguments)
{
    const char *argv[32];
    int count = 0;
    for (; arguments[count] != NULL; count++)
        argv[count] = arguments[count];
    argv[count++] = "--data";
    argv[count++] = operator_data;
    argv[count] = NULL;
    return balint_serverproc_run(argv, out, sizeof out);
}
#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

/* It ended so, and said that in its one line. */
static inline void expect_refused(int status, int expected, const char *piece)
{
    assert_int_equal(status, expected);
    if (strstr(out, piece) == NULL)
        fail_msg("\"%s\" is not in: %s", piece, out);
    assert_ptr_equal(strchr(out, '\n') + 1, out + strlen(out));
}

/* What it said as JSON; the caller's. */
static inline json_t *answer(void)
{
    json_error_t error;
    json_t *document = json_loads(out, 0, &error);
    if (document == NULL)
        fail_msg("no JSON (%s): %s", error.text, out);
    return document;
}

/* ---- a folder with the group G and no server that runs: a test's setup and teardown */
static struct balint_serverproc operator_server;

static inline int operator_begin(void **state)
{
    (void)state;
    balint_serverproc_init(&operator_server);
    operator_data = operator_server.data;
    return RUN("group", "add", "G");
}

static inline int operator_end(void **state)
{
    (void)state;
    balint_serverproc_finish(&operator_server);
    return 0;
}

#endif
