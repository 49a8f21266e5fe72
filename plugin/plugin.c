/* plugin.c - registers every element of libgstbalint.so, and does nothing else. */
#include "call/balintcall.h"
#include "element.h" /* overlay/ */
#include "voice/balintvoice.h"

#ifndef PACKAGE
#define PACKAGE "balint-circle"
#endif

static gboolean plugin_init(GstPlugin *plugin)
{
    return gst_element_register(plugin, "balintcall", GST_RANK_NONE, BALINT_TYPE_CALL) &&
           gst_element_register(plugin, "balintvoice", GST_RANK_NONE, BALINT_TYPE_VOICE) &&
           gst_element_register(plugin, "balintoverlay", GST_RANK_NONE, BALINT_TYPE_OVERLAY);
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, balint, "The call of an online Balint group",
                  plugin_init, PACKAGE_VERSION, "LGPL", "Balint Circle", "https://balint-circle.invalid/")
