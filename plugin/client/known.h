/* known.h - the devices that a leader's program has let in, kept from evening to evening.
 *
 * One file for each group's key: $BALINT_HOME (else $XDG_DATA_HOME/balint, ~/.local/share/balint)/known/ID,
 * mode 0600, lines as in call/devices.h; ID comes from the group's public key. It is never written in place:
 * a new one takes its place, or the old one stays. A file that is damaged is not written at all, so that what
 * can be mended is still there. Main thread.
 */
#ifndef BALINT_CLIENT_KNOWN_H
#define BALINT_CLIENT_KNOWN_H

#include <gst/gst.h>
#include <stdbool.h>

struct balint_known_file {
    char *path; /* NULL: the link is none */
    bool told;  /* that it cannot be kept */
};

/* Gives the call what is known in this link's group. */
void balint_known_give(struct balint_known_file *file, GstElement *call, const char *link);
/* Adds lines that the call gave. What cannot be done is said once, in one line, in `why` (else ""). */
void balint_known_add(struct balint_known_file *file, const char *lines, char *why, size_t size);
void balint_known_close(struct balint_known_file *file);

#endif
