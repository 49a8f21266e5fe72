/* circle.c - see circle.h. */
#include "fakes/circle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "circle: %s\n", what);
    abort();
}

void balint_circle_begin_led(struct balint_circle *circle, int count, int leaders)
{
    static const char *const names[BALINT_CIRCLE_PEOPLE] = {"Ann",  "Ben", "Cleo", "Dora", "Emil",
                                                            "Finn", "Gil", "Hana", "Ivo",  "Jona"};
    memset(circle, 0, sizeof *circle);
    circle->count = count;
    balint_serverproc_init(&circle->server);
    must(balint_serverproc_start(&circle->server, NULL, NULL), "the server does not start");
    must(balint_test_found(&circle->server, &circle->group, "circle"), "the group is not founded");
    for (int i = 0; i < count; i++) {
        struct balint_key device;
        circle->invitations[i] = (struct balint_test_invitation){.name = names[i],
                                                                 .role = i == 0        ? BALINT_LEADER
                                                                         : i < leaders ? BALINT_CO_LEADER
                                                                                       : BALINT_MEMBER};
        must(balint_key_make(&device), "no key");
        balint_base64(device.seed, sizeof device.seed, circle->devices[i]);
    }
    must(balint_test_mint(&circle->server, &circle->group, circle->invitations, count), "nothing was minted");
    for (int i = 0; i < count; i++)
        must(balint_test_link(&circle->server, &circle->group, &circle->invitations[i], circle->links[i]),
             "no link");
}

void balint_circle_begin(struct balint_circle *circle, int count)
{
    balint_circle_begin_led(circle, count, 1);
}

void balint_circle_end(struct balint_circle *circle)
{
    balint_serverproc_finish(&circle->server);
}

struct balint_caller *balint_circle_caller(struct balint_circle *circle, int i, const char *server)
{
    struct balint_caller *caller =
        balint_caller_new(circle->links[i], server, 300 + 100 * i, circle->devices[i]);
    if (i == 0)
        g_object_set(caller->call, "admit-everyone", TRUE, NULL);
    balint_caller_start(caller);
    return caller;
}

/* What there is to know about a call in which something is missing. */
static void print_all(struct balint_caller **callers, int count)
{
    for (int i = 0; i < count; i++) {
        gboolean open = FALSE;
        g_object_get(callers[i]->call, "microphone-open", &open, NULL);
        for (int j = 0; j < BALINT_SEATS; j++) {
            struct balint_caller_ear ear = balint_caller_ear(callers[i], j);
            if (callers[i]->links[j][0])
                fprintf(stderr, "seat %d to %d: %s, %lld samples, %lld loud, %lld pictures, microphone %s\n",
                        callers[i]->seat, j, callers[i]->links[j], (long long)ear.samples,
                        (long long)ear.loud_samples, (long long)ear.pictures, open ? "open" : "closed");
        }
    }
}

void balint_circle_complete(struct balint_caller **callers, int count)
{
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            if (i == j)
                continue;
            bool complete =
                balint_caller_until(callers[i], balint_caller_hears, callers[j]->seat, BALINT_CIRCLE_MS) &&
                balint_caller_until(callers[i], balint_caller_sees, callers[j]->seat, BALINT_CIRCLE_MS);
            if (!complete)
                print_all(callers, count);
            must(complete, "somebody does not hear or see somebody");
        }
}

void balint_circle_gather(struct balint_circle *circle, struct balint_caller **callers, int count)
{
    for (int i = 0; i < count; i++) {
        callers[i] = balint_circle_caller(circle, i, NULL);
        must(balint_caller_until(callers[i], balint_caller_is_ready, 0, BALINT_CIRCLE_MS),
             "somebody is not admitted");
    }
    balint_circle_complete(callers, count);
}
