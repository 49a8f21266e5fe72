/* voices.h - sound for the demo's people: espeak-ng's speech, or files that somebody brings.
 *
 * Everything becomes mono, 48 kHz, signed 16 bit in memory, because the truth is measured from it before it
 * is written as the WAV file that a client speaks. One thread.
 */
#ifndef BALINT_DEMO_VOICES_H
#define BALINT_DEMO_VOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DEMO_WHY 512

struct demo_sound {
    int16_t *samples;
    size_t count;
};
void demo_sound_clear(struct demo_sound *sound);
/* Decodes a file of any format GStreamer knows. False with `why`. */
bool demo_sound_read(struct demo_sound *sound, const char *path, char why[DEMO_WHY]);
bool demo_sound_write(const struct demo_sound *sound, const char *path, char why[DEMO_WHY]);
/* Adds `from`, cut to `seconds`, at `at` seconds; what lies outside is left out. */
void demo_sound_mix(struct demo_sound *sound, const struct demo_sound *from, double at, double seconds);
/* Repeats `from`, beginning at `offset` seconds of it, until `seconds` are full. False without memory or when
 * it is empty. */
bool demo_sound_loop(struct demo_sound *sound, const struct demo_sound *from, double offset, double seconds);
/* Silence. */
bool demo_sound_silence(struct demo_sound *sound, double seconds);

/* Speaks a text with the voice of person 0..15, using files in `folder`. False with `why`: espeak-ng is
 * missing, or failed. */
bool demo_speak(struct demo_sound *sound, int person, const char *text, const char *folder,
                char why[DEMO_WHY]);

/* The WAV files of a folder, sorted by name. Returns a NULL-terminated list, freed with g_strfreev(), or NULL
 * with `why` when there is none. */
char **demo_voice_files(const char *folder, char why[DEMO_WHY]);

#endif
