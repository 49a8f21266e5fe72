/* element.h - the instance of `balintcall`, for the two files of the element: element.c and actions.c. */
#ifndef BALINT_CALL_ELEMENT_H
#define BALINT_CALL_ELEMENT_H

#include "call/balintcall.h"
#include "call/call.h"

struct _BalintCall {
    GstBin parent;
    struct balint_call *call; /* apart: an instance of GObject has at most 64 KiB */
    const char *missing;      /* why it cannot run; NULL: it can */
};

/* Registers the action signals, by which an application asks for something; from class_init. */
void balint_call_add_actions(GObjectClass *class);

#endif
