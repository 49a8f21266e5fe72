/* voice_scenes.h - what the meter learns from: scenes at one microphone, with the truth about each frame.
 *
 * Voices speak now and then, softer and louder, faster and slower, near and in a reverberant room; in noise,
 * beside music, keys and coughs, with others leaking in from the loudspeaker, or not at all. Everything is
 * drawn from a seed.
 */
#ifndef BALINT_BENCH_VOICE_SCENES_H
#define BALINT_BENCH_VOICE_SCENES_H

#include "bench/voice_circle.h"

#define SCENE_FRAMES 3000
#define SCENE_LENGTH ((size_t)SCENE_FRAMES * CIRCLE_FRAME)

struct scene {
    float near[SCENE_LENGTH], far[SCENE_LENGTH];
    bool has_far;
    bool truth[SCENE_FRAMES];
};

/* What there is to draw from. */
struct scene_sources {
    const struct voice *voices;
    int voice_count;
    const struct clip *music;
    int music_count;
};

void scene_make(struct scene *scene, const struct scene_sources *from, uint32_t seed);

#endif
