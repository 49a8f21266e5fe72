/* warm.h - what the first link of a process would otherwise wait for, made while devices open.
 *
 * The DTLS certificate of a process is an RSA key, which GStreamer makes with its first dtlsdec: 50 to 500
 * ms, longer than all the rest of joining. The plugins a link is built from are loaded on the way (20 ms).
 */
#ifndef BALINT_CALL_WARM_H
#define BALINT_CALL_WARM_H

/* Begins, in a thread of its own; once a process, further calls do nothing. Any thread. */
void balint_warm_up(void);

/* Waits until that is done, if it was begun. Whoever is let into a room answers offers at once, and a process
 * must not end in the middle of it. Any thread but a streaming one. */
void balint_warm_up_finish(void);

#endif
