/* element.h - balintoverlay, a video filter that draws one person's screen over I420 frames. */
#ifndef BALINT_OVERLAY_ELEMENT_H
#define BALINT_OVERLAY_ELEMENT_H

#include <gst/video/gstvideofilter.h>

G_BEGIN_DECLS

#define BALINT_TYPE_OVERLAY (balint_overlay_get_type())
G_DECLARE_FINAL_TYPE(BalintOverlay, balint_overlay, BALINT, OVERLAY, GstVideoFilter)

G_END_DECLS

#endif
