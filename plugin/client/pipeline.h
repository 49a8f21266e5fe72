/* pipeline.h - the whole of `balint join` in GStreamer elements, as a picture:
 *
 *   microphone ! [webrtcdsp] ! balintvoice ! call.audio
 *   camera ! tee ! call.video
 *            tee ! own tile
 *   call.audio_N … ! audiomixer ! tee ! [webrtcechoprobe] ! loudspeaker
 *                                 tee ! voice.far
 *   call.video_N … ! compositor ! balintoverlay ! window
 *
 * The lower two exist only where something is played or shown; without them what arrives is counted and
 * swallowed. Mixer and compositor have one fixed latency: elements that join them later do not stop them, and
 * one poor line delays nobody else. Main thread.
 */
#ifndef BALINT_CLIENT_PIPELINE_H
#define BALINT_CLIENT_PIPELINE_H

#include "client/sources.h"

#define BALINT_WINDOW_WIDTH  1280
#define BALINT_WINDOW_HEIGHT 720
#define BALINT_WINDOW_FPS    15

struct balint_pipeline {
    GstElement *pipeline;
    GstElement *call, *voice;
    GstElement *microphone;  /* source; NULL while there is none */
    GstElement *hears;       /* what it goes into */
    GstElement *picture;     /* source */
    GstElement *plays;       /* what leads to the loudspeaker; NULL: nothing is played */
    GstElement *loudspeaker; /* sink; NULL while there is none */
    GstElement *mixer;       /* NULL: nothing is played */
    GstElement *compositor;  /* NULL: no window; the next three then too */
    GstElement *overlay;
    GstElement *window;
    GstPad *self; /* the compositor's pad of the own picture */
};

/* Makes the elements balintcall, balintvoice and balintoverlay known: those of GStreamer's plugin path, else
 * those beside this program. False with `why`. */
bool balint_plugin_find(char why[BALINT_OPTION_WHY]);
/* Builds it, in state NULL. False with `why`, and then nothing is left. `file` may be NULL. */
bool balint_pipeline_build(struct balint_pipeline *pipeline, const struct balint_options *options,
                           struct balint_wavfile *file, char why[BALINT_OPTION_WHY]);
/* Stops and takes it down. */
void balint_pipeline_finish(struct balint_pipeline *pipeline);

#endif
