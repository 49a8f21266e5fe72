/* evening_reports.h - what the reports of a whole evening's programs say, read for a judgement. */
#ifndef BALINT_TEST_EVENING_REPORTS_H
#define BALINT_TEST_EVENING_REPORTS_H

#include <jansson.h>
#include <stdint.h>

/* Phases by their ids, NULL behind the last one. */
typedef const char *const *evening_phases;

/* What this program let through of that person in these phases, all visits together: `what` is "sound_ms" or
 * "frames". Fails the test when the person is not in the report. */
int64_t evening_sum(const json_t *report, const char *name, const char *what, evening_phases phases);
/* When something happened to that seat for the nth time, from 0; -1: it did not. */
int64_t evening_event(const json_t *report, const char *what, int seat, int nth);
/* The seat of the last event of that kind, whosever; -1: there was none. */
int evening_last(const json_t *report, const char *what);
/* How long the program was in that phase, all visits together. */
int64_t evening_length(const json_t *report, const char *phase);
/* A field of `self`. */
const char *evening_self(const json_t *report, const char *field);

#endif
