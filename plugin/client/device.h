/* device.h - this device's own key: who comes back with it need not be admitted again.
 *
 * One for each invitation, so that two groups cannot tell from it that they share a member:
 * $BALINT_HOME (else $XDG_DATA_HOME/balint, ~/.local/share/balint)/devices/ID, mode 0600, made on first use.
 * ID comes from the public half of the invitation's key and tells nothing of the link.
 */
#ifndef BALINT_CLIENT_DEVICE_H
#define BALINT_CLIENT_DEVICE_H

#include <gst/gst.h>

/* Gives the call the key that belongs to this link, made now if there is none. Where nothing can be kept the
 * call makes one for this process alone: then a leader has to admit this person again after a restart. */
void balint_device_give(GstElement *call, const char *link);

/* The file of a link's key, which the caller frees; NULL when the link is none. What else is kept for this
 * link on this device stands beside it. */
char *balint_device_path(const char *link);

#endif
