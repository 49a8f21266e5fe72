/* voice_music.h - music of several kinds, made from a seed. Each fills `out` with sound of any level. */
#ifndef BALINT_BENCH_VOICE_MUSIC_H
#define BALINT_BENCH_VOICE_MUSIC_H

#include <stddef.h>
#include <stdint.h>

void music_chords(float *out, size_t length, uint32_t *seed); /* plucked, with a melody over them */
void music_melody(float *out, size_t length,
                  uint32_t *seed); /* one instrument, bowed or blown, with vibrato */
void music_drums(float *out, size_t length, uint32_t *seed);    /* drums, and a bass */
void music_arpeggio(float *out, size_t length, uint32_t *seed); /* quick broken chords over held ones */
void music_sung(float *out, size_t length, uint32_t *seed);     /* vowels on notes: nobody has to tell that */

#endif
