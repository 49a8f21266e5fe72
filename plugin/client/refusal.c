/* refusal.c - see refusal.h. */
#include "client/refusal.h"

#include <string.h>

/* What in a state a refusal can speak of, a bit each. */
enum {
    DOOR = 1,
    ROLE = 2,
    PRESENTER = 4,
    STEP_BACK = 8,
    CAUSE = 16,
    AWAY = 32,
    PHASE = 64,
    ROUND = 128,
    ASKED = 256,
};

static const unsigned spoken_of[BALINT_RESULTS] = {
    [BALINT_NOT_ADMITTED] = DOOR,
    [BALINT_NOT_YOURS] = ROLE | PRESENTER,
    [BALINT_NO_SUCH_PHASE] = PHASE,
    [BALINT_ILLEGAL_EDGE] = PHASE,
    [BALINT_NO_PRESENTER] = PRESENTER,
    [BALINT_NO_STEP_BACK] = PRESENTER | STEP_BACK,
    [BALINT_HOLD_TO_RETURN] = STEP_BACK,
    [BALINT_STILL_MUTED] = CAUSE,
    [BALINT_NOT_YET] = PHASE,
    [BALINT_NO_ROUND] = ROUND,
    [BALINT_NOT_ASKED] = ASKED,
    [BALINT_NO_SUCH_FORMAT] = PHASE,
    [BALINT_TOO_LATE] = PHASE,
    [BALINT_COME_BACK] = AWAY,
    [BALINT_WORK_DONE] = PHASE,
};

static struct balint_state_seat own_of(const struct balint_state *state)
{
    const struct balint_state_seat *own = balint_state_seat_of(state, state->you);
    return own != NULL ? *own : (struct balint_state_seat){0};
}

static unsigned changed(const struct balint_state *before, const struct balint_state *now)
{
    struct balint_state_seat was = own_of(before), is = own_of(now);
    unsigned what = 0;
    what |= before->admitted != now->admitted ? DOOR : 0;
    what |= was.role != is.role ? ROLE : 0;
    what |= before->presenter != now->presenter ? PRESENTER : 0;
    /* with no leader here the plain key is enough */
    what |= before->stepped_back != now->stepped_back || before->invited != now->invited ||
                    before->led != now->led
                ? STEP_BACK
                : 0;
    what |= was.muted_for_cause != is.muted_for_cause ? CAUSE : 0;
    what |= was.away != is.away || was.sitting_out != is.sitting_out ? AWAY : 0;
    what |= before->phase != now->phase || strcmp(before->format.id, now->format.id) != 0 ? PHASE : 0;
    what |= before->round != now->round || was.turn != is.turn ? ROUND : 0;
    what |= before->proposed != now->proposed ? ASKED : 0;
    return what;
}

bool balint_refusal_over(const char *code, const struct balint_state *before, const struct balint_state *now)
{
    for (int i = 0; i < BALINT_RESULTS; i++)
        if (strcmp(balint_result_name((enum balint_result)i), code) == 0)
            return (spoken_of[i] & changed(before, now)) != 0;
    return false;
}
