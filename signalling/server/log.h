/* log.h - one line per event on stderr: when, what, and numbers.
 *
 * What may stand in a line: events, numbers of connections and rooms, counts, codes of errors. Never a name,
 * a group, a link, a token or an address: who reads a server's log must not learn who meets whom. Any thread;
 * a line is one write(2), so lines do not mix.
 */
#ifndef BALINT_LOG_H
#define BALINT_LOG_H

/* printf-like; `format` begins with the event's word and has no line break ("open conn=%" PRIu64). */
void balint_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
