/* microphone.c - see microphone.h. */
#include "call/microphone.h"

#include <string.h>

void balint_microphone_join(struct balint_microphone *microphone)
{
    memset(microphone, 0, sizeof *microphone);
    microphone->latched = true;
    microphone->joining = true;
}

void balint_microphone_state(struct balint_microphone *microphone, bool admitted, bool heard, int64_t re,
                             int64_t now_us)
{
    bool answered = re != 0 && re == microphone->asked && now_us <= microphone->until_us;
    if (re == microphone->asked || now_us > microphone->until_us)
        microphone->asked = 0;
    microphone->allowed = admitted && heard;
    if (microphone->joining && !admitted)
        return;
    microphone->joining = false;
    if (!microphone->allowed)
        microphone->latched = false;
    else if (answered)
        microphone->latched = true;
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

bool balint_microphone_joins(const struct balint_microphone *microphone)
{
    return microphone->joining && microphone->latched;
}

bool balint_microphone_is_open(const struct balint_microphone *microphone)
{
    return microphone->allowed && microphone->latched;
}
