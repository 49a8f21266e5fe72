/* hold.h - was the return key pressed, or held for two seconds?
 *
 * A held key repeats: windows send press, release, press, release…, so a release only counts when no press
 * follows it soon. Times are milliseconds of any rising clock. Pure; one owner.
 */
#ifndef BALINT_CLIENT_HOLD_H
#define BALINT_CLIENT_HOLD_H

#include <stdbool.h>
#include <stdint.h>

#define BALINT_HOLD_REPEAT_MS 120 /* a press so soon after a release is the same key still held */

struct balint_hold {
    bool down, done;
    int64_t since_ms, released_ms; /* released_ms -1: not released */
};
enum balint_held { BALINT_HELD_NOTHING, BALINT_HELD_SHORT, BALINT_HELD_LONG };

void balint_hold_press(struct balint_hold *hold, int64_t now_ms);
void balint_hold_release(struct balint_hold *hold, int64_t now_ms);
/* Call a few times a second while `down`: says once what the press was. */
enum balint_held balint_hold_tick(struct balint_hold *hold, int64_t now_ms);

#endif
