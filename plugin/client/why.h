/* why.h - one line that says what is wrong and what to do: how leader's tools pass a failure up. */
#ifndef BALINT_CLIENT_WHY_H
#define BALINT_CLIENT_WHY_H

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#define BALINT_WHY (PATH_MAX + 512)

/* Writes the line; always false, so that it can be returned. */
__attribute__((format(printf, 2, 3))) static inline bool balint_why(char why[BALINT_WHY], const char *format,
                                                                    ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, BALINT_WHY, format, args);
    va_end(args);
    return false;
}

#endif
