/* voice_circle.h - circles whose truth is known, for measuring detectors of speech.
 *
 * Speech is made by espeak-ng, or read from a folder of recordings (one sub-folder of WAV files a voice). Who
 * speaks when is decided here, from a seed; the truth is taken per 10 ms from the clean voice before anything
 * is added to it. All sound is float, ±1, mono, 16 kHz.
 */
#ifndef BALINT_BENCH_VOICE_CIRCLE_H
#define BALINT_BENCH_VOICE_CIRCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CIRCLE_PEOPLE 8
#define CIRCLE_RATE   16000
#define CIRCLE_FRAME  160

struct clip {
    float *samples;
    size_t length;
};
struct voice {
    char name[64];
    int clip_count;
    struct clip *clips;
};

struct circle {
    int frames; /* of 10 ms */
    struct {
        float *clean; /* own speech alone */
        bool *truth;  /* per frame; gaps under 300 ms joined, spans under 60 ms dropped */
    } people[CIRCLE_PEOPLE];
};

/* Noises and other sounds that are no speech of this person. */
enum sound {
    SOUND_NONE,
    SOUND_WHITE,
    SOUND_PINK,
    SOUND_HUM,
    SOUND_FAN,
    SOUND_TYPING, /* keys, thumps and coughs */
    SOUND_CHORDS, /* music, to … */
    SOUND_MELODY,
    SOUND_DRUMS,
    SOUND_ARPEGGIO,
    SOUND_SUNG,
    SOUND_RECORDED, /* … this; see sounds_use_music */
    SOUNDS,
};
const char *sound_name(enum sound sound);

/* A random number in [0, 1), the same everywhere for the same seed; one that is nearly normal, of variance 1.
 */
double dice(uint32_t *seed);
double dice_noise(uint32_t *seed);

/* Voices by espeak-ng: `tuning` those on which the meter was tuned, else the others. Returns how many. */
int voices_synthetic(struct voice *voices, int max, bool tuning);
/* Voices of a folder. */
int voices_of_folder(struct voice *voices, int max, const char *folder);
/* Brings a voice to the usual level: 0.05 RMS where there is speech. */
void voice_level(struct voice *voice);
void voices_free(struct voice *voices, int count);

/* A circle of `seconds`: all levels as people have them, one of whom talks most and one of whom is silent.
 */
bool circle_make(struct circle *circle, const struct voice *voices, int voice_count, int seconds,
                 uint32_t seed);
void circle_free(struct circle *circle);

/* The truth about a clean voice: where it is less than 30 dB below its usual level; tidied. */
void circle_truth(const float *clean, bool *truth, int frames);

/* The sum of everybody but `person`: what that person's loudspeaker plays. */
void circle_others(const struct circle *circle, int person, float *far);

/* Two people each in one room, with two laptops: adds to `mic` what person `p` hears of the other through the
 * air, `db` softer, and fills `far` with what comes through the network `delay_ms` later: everybody, and of
 * oneself what the other's laptop heard. */
void circle_laptops(const struct circle *circle, int person, double db, int delay_ms, float *mic, float *far);

/* Adds a sound whose level is `snr_db` below a voice's usual level (0.05 RMS, -26 dBov). */
void sound_add(float *mic, size_t length, enum sound sound, double snr_db, uint32_t seed);
/* Where recorded music comes from; kept by the caller. Without it that sound is silence. */
void sounds_use_music(const struct clip *clips, int count);
/* Adds a room's reverberation of so many seconds. */
void reverb_add(float *mic, size_t length, double seconds, uint32_t seed);
/* Adds `far` as a room gives it back: delayed, with two echoes, `db` below. */
void leak_add(float *mic, const float *far, size_t length, double db, int delay_ms);

/* Joins gaps under 300 ms and drops spans under 60 ms, in place. */
void tidy(bool *frames, int count);

#endif
