/* log.c - one line per event on stderr, see log.h. Any thread. */
#include "server/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define LINE_SIZE 512

void balint_log(const char *format, ...)
{
    char line[LINE_SIZE];
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t length = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &utc);
    length += (size_t)snprintf(line + length, sizeof line - length, ".%03ldZ ", now.tv_nsec / 1000000);
    va_list args;
    va_start(args, format);
    int made = vsnprintf(line + length, sizeof line - length, format, args);
    va_end(args);
    if (made < 0)
        return;
    length += (size_t)made;
    if (length > sizeof line - 2)
        length = sizeof line - 2; /* a line too long is cut, never split */
    line[length++] = '\n';
    /* Nobody can be told when this fails: the log is where one would be told. */
    ssize_t ignored = write(STDERR_FILENO, line, length);
    (void)ignored;
}
