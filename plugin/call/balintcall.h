/* balintcall.h - the element `balintcall`: a bin that joins a Balint group. `gst-inspect-1.0 balintcall` is
 * its manual. */
#ifndef BALINT_CALL_H
#define BALINT_CALL_H

#include <gst/gst.h>

G_BEGIN_DECLS

#define BALINT_TYPE_CALL (balint_call_get_type())
G_DECLARE_FINAL_TYPE(BalintCall, balint_call, BALINT, CALL, GstBin)

G_END_DECLS

#endif
