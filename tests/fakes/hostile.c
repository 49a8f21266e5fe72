/* hostile.c - see hostile.h. */
#include "fakes/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *encode(const struct balint_message *message, enum balint_way way)
{
    char *text = balint_encode(message, way, NULL);
    if (!text) {
        fprintf(stderr, "hostile: a %s that cannot be written\n", balint_message_name(message->type));
        abort();
    }
    char *copy = g_strdup(text);
    free(text);
    return copy;
}

static char *on_text(const char *text, gboolean from_client, void *user)
{
    struct balint_hostile_proxy *side = user;
    struct balint_hostile *hostile = side->hostile;
    struct balint_message *message = g_new0(struct balint_message, 1);
    struct balint_error error;
    enum balint_way way = from_client ? BALINT_TO_SERVER : BALINT_TO_CLIENT;
    enum balint_lie lie = BALINT_PASS;
    char *other = NULL;
    g_mutex_lock(&hostile->lock);
    if (hostile->carried)
        g_byte_array_append(hostile->carried, (const guint8 *)text, (guint)strlen(text) + 1);
    if (!balint_decode(text, strlen(text), way, message, &error)) {
        hostile->unreadable++;
    } else {
        hostile->seen[side->who][message->type] += from_client ? 1 : 0;
        if (hostile->hook)
            lie = hostile->hook(hostile, side->who, from_client, message);
    }
    g_mutex_unlock(&hostile->lock);
    if (lie != BALINT_PASS)
        other = lie == BALINT_DROP ? g_strdup("") : encode(message, way);
    g_free(message);
    return other;
}

void balint_hostile_begin(struct balint_hostile *hostile, int count, int leaders, balint_hostile_fn hook,
                          void *user)
{
    memset(hostile, 0, sizeof *hostile);
    g_mutex_init(&hostile->lock);
    hostile->hook = hook;
    hostile->user = user;
    balint_caller_picture(64, 48);
    balint_circle_begin_led(&hostile->circle, count, leaders);
    for (int i = 0; i < count; i++) {
        struct balint_hostile_proxy *side = &hostile->proxies[i];
        side->hostile = hostile;
        side->who = i;
        side->proxy = balint_wsproxy_new(hostile->circle.server.address, on_text, side);
    }
}

void balint_hostile_join(struct balint_hostile *hostile, int who, bool admits, bool ready)
{
    struct balint_circle *circle = &hostile->circle;
    struct balint_caller *caller =
        balint_caller_new(circle->links[who], balint_wsproxy_address(hostile->proxies[who].proxy),
                          300 + 100 * who, circle->devices[who]);
    hostile->callers[who] = caller;
    g_object_set(caller->call, "admit-everyone", (gboolean)admits, "ungated-receive",
                 (gboolean)(hostile->ungated >> who & 1), NULL);
    balint_caller_start(caller);
    if (ready && !balint_caller_until(caller, balint_caller_is_ready, 0, BALINT_CIRCLE_MS)) {
        fprintf(stderr, "hostile: person %d is not admitted\n", who);
        abort();
    }
}

void balint_hostile_gather(struct balint_hostile *hostile)
{
    for (int i = 0; i < hostile->circle.count; i++)
        balint_hostile_join(hostile, i, i == 0, true);
}

void balint_hostile_end(struct balint_hostile *hostile)
{
    for (int i = 0; i < hostile->circle.count; i++)
        balint_caller_free(hostile->callers[i]);
    for (int i = 0; i < hostile->circle.count; i++)
        balint_wsproxy_free(hostile->proxies[i].proxy);
    balint_circle_end(&hostile->circle);
    if (hostile->carried)
        g_byte_array_unref(hostile->carried);
    g_mutex_clear(&hostile->lock);
}

static void inject(struct balint_hostile *hostile, int who, const struct balint_message *message,
                   gboolean to_client)
{
    g_autofree char *text = encode(message, to_client ? BALINT_TO_CLIENT : BALINT_TO_SERVER);
    balint_wsproxy_inject(hostile->proxies[who].proxy, text, to_client);
}

void balint_hostile_tell(struct balint_hostile *hostile, int who, const struct balint_message *message)
{
    inject(hostile, who, message, TRUE);
}

void balint_hostile_say(struct balint_hostile *hostile, int who, const struct balint_message *message)
{
    inject(hostile, who, message, FALSE);
}

static gboolean never(struct balint_caller *caller, int unused)
{
    (void)caller;
    (void)unused;
    return FALSE;
}

void balint_hostile_pass(struct balint_hostile *hostile, int ms)
{
    balint_caller_until(hostile->callers[0], never, 0, ms);
}

int balint_hostile_seen(struct balint_hostile *hostile, int who, enum balint_type type)
{
    g_mutex_lock(&hostile->lock);
    int seen = hostile->seen[who][type];
    g_mutex_unlock(&hostile->lock);
    return seen;
}

static bool is_apart(struct balint_hostile *hostile, int a, int b, const char *state)
{
    struct balint_caller *caller = hostile->callers[a];
    struct balint_caller_wire wire = balint_caller_wire_of(caller, b);
    struct balint_caller_ear ear = balint_caller_ear(caller, b);
    bool apart = wire.sent_srtp == 0 && wire.received_srtp == 0 && ear.samples == 0 && ear.pictures == 0 &&
                 ear.pads_ever == 0 && balint_caller_link_is(caller, b, state ? state : "");
    if (!apart)
        fprintf(stderr,
                "person %d: to %d %lld and from there %lld packets of SRTP, %lld samples, %d pads, link %s\n",
                a, b, (long long)wire.sent_srtp, (long long)wire.received_srtp, (long long)ear.samples,
                ear.pads_ever, caller->links[b]);
    return apart;
}

bool balint_hostile_kept_apart(struct balint_hostile *hostile, int a, int b, const char *state)
{
    bool first = is_apart(hostile, a, b, state), second = is_apart(hostile, b, a, state);
    return first && second;
}

static bool goes_on(struct balint_hostile *hostile, int a, int b)
{
    struct balint_caller *caller = hostile->callers[a];
    bool good = balint_caller_until(caller, balint_caller_hears, b, BALINT_CIRCLE_MS) &&
                balint_caller_until(caller, balint_caller_sees, b, BALINT_CIRCLE_MS) &&
                caller->links_lost[b] == 0 && balint_caller_link_is(caller, b, "open");
    if (!good)
        fprintf(stderr, "person %d: the link to %d is %s, %d times lost, %lld samples\n", a, b,
                caller->links[b], caller->links_lost[b], (long long)balint_caller_ear(caller, b).samples);
    return good;
}

bool balint_hostile_untouched(struct balint_hostile *hostile, int a, int b)
{
    return goes_on(hostile, a, b) && goes_on(hostile, b, a);
}
