/* microphone.c - see microphone.h. */
#include "call/microphone.h"

#include <string.h>

void balint_microphone_join(struct balint_microphone *microphone)
{
    memset(microphone, 0, sizeof *microphone);
    microphone->latched = true;
    microphone->joining = true;
}

bool balint_microphone_state(struct balint_microphone *microphone, bool admitted, struct balint_floor floor,
                             int64_t re, int64_t now_us)
{
    bool was_open = balint_microphone_is_open(microphone);
    bool ended = microphone->apart && !floor.apart && now_us > microphone->comes_out_us;
    bool answered = re != 0 && re == microphone->asked && now_us <= microphone->until_us;
    if (re == microphone->asked || now_us > microphone->until_us)
        microphone->asked = 0;
    microphone->allowed = admitted && floor.heard;
    microphone->comes_out_us = floor.apart ? microphone->comes_out_us : 0;
    microphone->apart = floor.apart;
    if (microphone->joining && !admitted)
        return false;
    microphone->joining = false;
    if (!microphone->allowed || ended)
        microphone->latched = false;
    else if (answered)
        microphone->latched = true;
    return ended && was_open;
}

void balint_microphone_open(struct balint_microphone *microphone, int64_t request, int64_t now_us)
{
    microphone->asked = request;
    microphone->until_us = now_us + BALINT_KEY_WAITS_US;
    if (microphone->allowed || microphone->joining)
        microphone->latched = true;
}

void balint_microphone_close(struct balint_microphone *microphone)
{
    microphone->latched = false;
    microphone->asked = 0;
}

void balint_microphone_refused(struct balint_microphone *microphone, int64_t re)
{
    if (re == microphone->asked)
        microphone->asked = 0;
}

void balint_microphone_room(struct balint_microphone *microphone, bool in, int64_t now_us)
{
    microphone->comes_out_us = in ? 0 : now_us + BALINT_KEY_WAITS_US;
}

bool balint_microphone_joins(const struct balint_microphone *microphone)
{
    return microphone->joining && microphone->latched;
}

bool balint_microphone_is_open(const struct balint_microphone *microphone)
{
    return microphone->allowed && microphone->latched;
}

bool balint_microphone_holds(const struct balint_microphone *microphone)
{
    return microphone->allowed && !microphone->latched;
}
