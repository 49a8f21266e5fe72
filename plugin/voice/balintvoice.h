/* balintvoice.h - the element `balintvoice`: passes sound through and says who speaks when. */
#ifndef BALINT_VOICE_H
#define BALINT_VOICE_H

#include <gst/gst.h>

G_BEGIN_DECLS

#define BALINT_TYPE_VOICE (balint_voice_get_type())
G_DECLARE_FINAL_TYPE(BalintVoice, balint_voice, BALINT, VOICE, GstElement)

G_END_DECLS

#endif
