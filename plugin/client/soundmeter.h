/* soundmeter.h - how much sound a piece of PCM holds: milliseconds over -60 dBFS, counted in blocks of 10 ms.
 *
 * Used to say from outside the call what a person's program really let through from another: after the gate,
 * before anything is mixed. Signed 16 bit, interleaved. Pure; one owner.
 */
#ifndef BALINT_CLIENT_SOUNDMETER_H
#define BALINT_CLIENT_SOUNDMETER_H

#include <stddef.h>
#include <stdint.h>

#define BALINT_SOUND_BLOCK_MS 10
#define BALINT_SOUND_DBFS     (-60.0) /* RMS of a block, 0 dBFS = full scale */

struct balint_soundmeter {
    int rate, channels; /* Hz, 1.. */
    double sum;         /* of squares in the block so far, full scale = 1 */
    int filled;         /* frames in the block so far */
};
void balint_soundmeter_init(struct balint_soundmeter *meter, int rate, int channels);
/* Feeds `frames` frames (one sample of each channel); returns the milliseconds of sound in the blocks they
 * completed. */
int balint_soundmeter_feed(struct balint_soundmeter *meter, const int16_t *samples, size_t frames);

#endif
