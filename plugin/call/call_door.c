/* call_door.c - a leader's program: who stands at the door, and with which device.
 *
 * The server says who waits on which seat; who that is say certificate, device and join, and whether this
 * device was here before says the memory of this program. What it finds is told as text (`door`), before the
 * state that it belongs to. The call's thread.
 */
#include "call/call.h"
#include "call/look.h"

#include <string.h>

static bool leads(const struct balint_call *call)
{
    return balint_book_leads(&call->book);
}

const struct balint_known *balint_call_at_door(const struct balint_call *call, int seat)
{
    return balint_look_at_door(&call->book, &call->state, seat);
}

/* Whoever was taken out this evening is nobody's acquaintance: a leader lets that person in by name. */
static enum balint_acquaintance acquaintance(const struct balint_call *call, const struct balint_known *known)
{
    if (balint_book_removed(&call->book, known->who.certificate.member))
        return BALINT_NEVER_MET;
    return balint_devices_find(call->devices, known->who.certificate.member, known->who.device);
}

uint32_t balint_call_acquainted(const struct balint_call *call)
{
    uint32_t seats = 0;
    for (int seat = 0; seat < BALINT_SEATS; seat++) {
        const struct balint_known *known = balint_call_at_door(call, seat);
        if (known && acquaintance(call, known) == BALINT_ACQUAINTED)
            seats |= 1u << seat;
    }
    return seats;
}

static const char *standing(const struct balint_call *call, int seat)
{
    const struct balint_known *known = balint_call_at_door(call, seat);
    if (!known)
        return "unproven";
    switch (acquaintance(call, known)) {
    case BALINT_ACQUAINTED:
        return "known";
    case BALINT_OTHER_DEVICE:
        return "other-device";
    default:
        return "new";
    }
}

void balint_call_show_door(struct balint_call *call)
{
    g_autoptr(GString) text = g_string_new("[");
    for (int i = 0; leads(call) && call->state.admitted && i < call->state.lobby_count; i++) {
        int seat = call->state.lobby[i].seat;
        g_string_append_printf(text, "%s{\"seat\":%d,\"standing\":\"%s\"}", i ? "," : "", seat,
                               standing(call, seat));
    }
    g_string_append_c(text, ']');
    g_mutex_lock(&call->lock);
    bool same = g_strcmp0(call->shown.door, text->str) == 0;
    if (!same) {
        g_free(call->shown.door);
        call->shown.door = g_strdup(text->str);
    }
    g_mutex_unlock(&call->lock);
    if (!same)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_DOOR], 0, text->str);
}

void balint_call_remember(struct balint_call *call)
{
    const struct balint_self *self = &call->own->self;
    const struct balint_roster_entry *own =
        leads(call) ? balint_roster_find(&call->book.roster, self->certificate.member) : NULL;
    if (!own || !balint_same(own->device, self->device.public_half, BALINT_KEY_SIZE))
        return;
    g_autoptr(GString) lines = g_string_new(NULL);
    for (int i = 0; i < call->book.roster.count; i++) {
        const struct balint_roster_entry *entry = &call->book.roster.entries[i];
        char line[BALINT_DEVICE_LINE + 1];
        struct balint_met met = {0};
        if (!balint_devices_add(call->devices, entry->member, entry->device))
            continue;
        g_strlcpy(met.member, entry->member, sizeof met.member);
        memcpy(met.device, entry->device, sizeof met.device);
        balint_devices_line(&met, line);
        g_string_append(lines, line);
    }
    if (lines->len > 0)
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_DEVICES], 0, lines->str);
}
