/* voice_scenes.c - see voice_scenes.h. */
#include "bench/voice_scenes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/voice_recordings.h"

static double between(uint32_t *seed, double least, double most)
{
    return least + (most - least) * dice(seed);
}

static double decibels(double db)
{
    return pow(10, db / 20);
}

/* Somebody speaks now and then, between `from` and the end. */
static void speak(float *sound, const struct scene_sources *from, double pause, uint32_t *seed)
{
    const struct voice *voice = &from->voices[(int)(dice(seed) * from->voice_count)];
    double speed = dice(seed) < 0.5 ? 1 : between(seed, 0.78, 1.22);

    for (size_t at = (size_t)(between(seed, 0.02, pause) * CIRCLE_RATE); at < SCENE_LENGTH;) {
        double gain = decibels(between(seed, -6, 3));
        for (int clips = 1 + (int)(dice(seed) * 3); clips > 0 && at < SCENE_LENGTH; clips--) {
            struct clip clip;
            clip_at_speed(&clip, &voice->clips[(int)(dice(seed) * voice->clip_count)], speed);
            for (size_t i = 0; i < clip.length && at < SCENE_LENGTH; i++)
                sound[at++] += (float)(clip.samples[i] * gain);
            free(clip.samples);
            at += (size_t)(dice(seed) * 0.6 * CIRCLE_RATE);
        }
        at += (size_t)(between(seed, 0.3, pause) * CIRCLE_RATE);
    }
}

/* A microphone's colour: one pole and one zero, at random. */
static void colour(float *sound, uint32_t *seed)
{
    double pole = between(seed, -0.3, 0.6), zero = between(seed, -0.6, 0.6), x1 = 0, y = 0;
    double before = 1e-9, after = 1e-9;
    for (size_t i = 0; i < SCENE_LENGTH; i++) {
        double x = sound[i];
        before += x * x;
        y = x - zero * x1 + pole * y;
        x1 = x;
        after += y * y;
        sound[i] = (float)y;
    }
    for (size_t i = 0; i < SCENE_LENGTH; i++)
        sound[i] *= (float)sqrt(before / after);
}

/* From where to where a sound is there: mostly always; or it begins, or ends. */
static size_t part_of_scene(size_t *from, uint32_t *seed)
{
    size_t until = SCENE_LENGTH;

    *from = 0;
    if (dice(seed) < 0.2)
        *from = (size_t)(dice(seed) * (double)SCENE_LENGTH * 0.8);
    else if (dice(seed) < 0.15)
        until = (size_t)((0.2 + 0.8 * dice(seed)) * (double)SCENE_LENGTH);
    return until - *from;
}

static void add(float *near, enum sound sound, double snr_db, uint32_t *seed)
{
    size_t from, length = part_of_scene(&from, seed);
    sound_add(near + from, length, sound, snr_db, (uint32_t)(dice(seed) * 1e9));
}

/* A piece of recorded music, faster or slower. */
static void add_piece(float *near, const struct scene_sources *from, double snr_db, uint32_t *seed)
{
    struct clip piece;
    size_t at, length = part_of_scene(&at, seed);
    double energy = 1e-9;

    clip_at_speed(&piece, &from->music[(int)(dice(seed) * from->music_count)],
                  dice(seed) < 0.4 ? 1 : between(seed, 0.8, 1.25));
    size_t begins = (size_t)(dice(seed) * (double)piece.length);
    for (size_t i = 0; i < length; i++) {
        float x = piece.samples[(begins + i) % piece.length];
        energy += (double)x * x;
    }
    double gain = 0.05 * decibels(-snr_db) / sqrt(energy / (double)length);
    for (size_t i = 0; i < length; i++)
        near[at + i] += (float)(gain * piece.samples[(begins + i) % piece.length]);
    free(piece.samples);
}

static void add_music(float *near, const struct scene_sources *from, double snr_db, uint32_t *seed)
{
    double kind = dice(seed);
    if (kind < 0.5)
        add_piece(near, from, snr_db, seed);
    else if (kind < 0.97)
        add(near, SOUND_CHORDS + (enum sound)(dice(seed) * 4), snr_db, seed);
    else
        add(near, SOUND_SUNG, snr_db, seed);
    if (dice(seed) < 0.3) /* and drums or more to it */
        add(near, SOUND_CHORDS + (enum sound)(dice(seed) * 4), snr_db + 4, seed);
}

static void add_leakage(struct scene *scene, const struct scene_sources *from, uint32_t *seed)
{
    scene->has_far = true;
    speak(scene->far, from, between(seed, 1, 4), seed);
    if (dice(seed) < 0.5)
        speak(scene->far, from, between(seed, 1, 6), seed);
    if (dice(seed) < 0.1)
        add_piece(scene->far, from, 5, seed);
    if (dice(seed) < 0.2)
        return; /* a headset */
    float *back = calloc(SCENE_LENGTH, sizeof *back);
    leak_add(back, scene->far, SCENE_LENGTH, between(seed, 15, 40), 20 + (int)(dice(seed) * 180));
    if (dice(seed) < 0.5)
        colour(back, seed);
    for (size_t i = 0; i < SCENE_LENGTH; i++)
        scene->near[i] += back[i];
    free(back);
}

/* What the microphone hears besides. */
static void add_surroundings(struct scene *scene, const struct scene_sources *from, bool alone,
                             uint32_t *seed)
{
    if (dice(seed) < 0.75)
        add(scene->near, SOUND_WHITE + (enum sound)(dice(seed) * 4),
            dice(seed) < 0.5 ? between(seed, 2, 12) : between(seed, 0, 35), seed);
    if (dice(seed) < 0.25)
        add(scene->near, SOUND_WHITE + (enum sound)(dice(seed) * 4), between(seed, 5, 35), seed);
    if (dice(seed) < (alone ? 0.6 : 0.4))
        add_music(scene->near, from, between(seed, 3, 22), seed);
    if (dice(seed) < 0.3)
        add(scene->near, SOUND_TYPING, between(seed, -6, 12), seed);
}

static void mute(struct scene *scene, uint32_t *seed)
{
    size_t from = (size_t)(dice(seed) * SCENE_FRAMES), length = (size_t)(between(seed, 0.3, 4) * 100);
    for (size_t f = from; f < from + length && f < SCENE_FRAMES; f++) {
        memset(scene->near + f * CIRCLE_FRAME, 0, CIRCLE_FRAME * sizeof(float));
        scene->truth[f] = false;
    }
}

void scene_make(struct scene *scene, const struct scene_sources *from, uint32_t seed)
{
    bool alone;

    memset(scene, 0, sizeof *scene);
    seed = seed * 2654435761u + 777;
    for (int i = 0; i < 4; i++)
        dice(&seed);
    alone = dice(&seed) < 0.22;
    if (!alone)
        speak(scene->near, from, between(&seed, 0.6, 5), &seed);
    circle_truth(scene->near, scene->truth, SCENE_FRAMES);
    if (dice(&seed) < 0.25)
        reverb_add(scene->near, SCENE_LENGTH, between(&seed, 0.2, 0.8), (uint32_t)(dice(&seed) * 1e9));
    if (dice(&seed) < 0.33)
        add_leakage(scene, from, &seed);
    if (dice(&seed) < 0.5)
        colour(scene->near, &seed);
    if (dice(&seed) < 0.9) /* else: clean */
        add_surroundings(scene, from, alone, &seed);
    double gain = decibels(dice(&seed) < 0.5 ? 0 : between(&seed, -34, 14));
    for (size_t i = 0; i < SCENE_LENGTH; i++) {
        scene->near[i] = (float)(lrint(fmax(-32768, fmin(32767, scene->near[i] * gain * 32768))) / 32768.0);
        scene->far[i] = (float)fmax(-1, fmin(1, scene->far[i]));
    }
    if (dice(&seed) < 0.1)
        mute(scene, &seed);
}
