/* call.h - the engine inside balintcall: what the call's own thread owns, and what others may read of it.
 *
 * One thread owns signalling, negotiation and links: it runs a main context of its own, and everything else
 * is posted there. Streaming threads see atomics only; readers of properties take `lock`. Signals of the
 * element are emitted on the call's thread without `lock`.
 */
#ifndef BALINT_CALL_ENGINE_H
#define BALINT_CALL_ENGINE_H

#include "call/book.h"
#include "call/devices.h"
#include "call/link.h"
#include "call/microphone.h"
#include "call/negotiation.h"
#include "call/post.h"
#include "call/retreat.h"
#include "call/self.h"
#include "call/signaller.h"
#include "call/watch.h"
#include "call/wishes.h"

/* The element's signals, in the order of its table. */
enum balint_call_signal {
    BALINT_SIGNAL_STATE_CHANGED,
    BALINT_SIGNAL_PHASE_CHANGED,
    BALINT_SIGNAL_STEPPED_BACK,
    BALINT_SIGNAL_INVITED_BACK,
    BALINT_SIGNAL_DISPLACED,
    BALINT_SIGNAL_REFUSED,
    BALINT_SIGNAL_CLOSED,
    BALINT_SIGNAL_READY,
    BALINT_SIGNAL_LINK_CHANGED,
    BALINT_SIGNAL_TALK,
    BALINT_SIGNAL_LEDGER,
    BALINT_SIGNAL_SPANS,
    BALINT_SIGNAL_QUIET,
    BALINT_SIGNAL_QUIET_TOLD,
    BALINT_SIGNAL_ANSWERED,
    BALINT_SIGNAL_LINE,
    BALINT_SIGNAL_WORD_TOLD,
    BALINT_SIGNAL_DOOR,
    BALINT_SIGNAL_DEVICES,
    BALINT_SIGNAL_LOOKED_AT,
    BALINT_SIGNAL_LINE_CHANGED,
    BALINT_SIGNAL_KEPT,
    BALINT_CALL_SIGNALS,
};
extern guint balint_call_signals[BALINT_CALL_SIGNALS];
void balint_call_add_signals(gpointer class); /* signals.c; of the element's class */

/* What was set from outside; under `lock`. */
struct balint_call_settings {
    char *invitation, *server, *ca_file, *known_devices;
    bool no_microphone;
    bool has_device;
    uint8_t device[BALINT_SEED_SIZE];
    guint latency_ms, audio_bitrate, video_bitrate;
    bool admit_everyone, ungated_send, ungated_receive; /* testing builds alone */
};

/* One other person, for `link-report`; under `lock`. */
struct balint_call_remote {
    bool here;
    char member[BALINT_ID_SIZE], name[BALINT_NAME_SIZE];
    enum balint_link_state link;
    int64_t generation;
};

/* What properties show; under `lock`. */
struct balint_call_shown {
    char *state; /* text of the last `state`, as this program follows it */
    char *crib;  /* leaders: the cards, a line each */
    char *door;  /* who is at the door, as balint_call_show_door wrote it */
    int seat;
    char phase[BALINT_ID_SIZE];
    bool stepped_back, invited, admitted;
    bool line_up; /* the server is heard */
    struct balint_format format;
    int choice_count; /* formats that may be chosen */
    struct balint_state_choice choices[BALINT_CHOICES];
    struct balint_call_remote remotes[BALINT_SEATS];
};

/* A look at the door, at somebody or by somebody: between two processes, for a while. */
struct balint_call_look {
    gint64 until_us;                     /* 0: none */
    enum balint_look_side side;          /* ours */
    int64_t expires_s;                   /* of the newest pass from there: an older one is a replay */
    uint8_t join_hash[BALINT_HASH_SIZE]; /* of the other */
};

/* Somebody whom this leader's program is to remove, once a word to them has had its slot. */
struct balint_call_removal {
    char member[BALINT_ID_SIZE]; /* empty: nobody */
    uint32_t word_id;            /* 0: without a word */
    gint64 since_us;
};

/* Client processes that this one exchanges envelopes with in its life. Further ones get none: a channel that
 * was given up and made anew would count anew. */
#define BALINT_CHANNELS 128

/* Spans to be told again, and questions for them (session/resend.h), each until its slot; under `lock`. */
struct balint_call_spans {
    bool waits[BALINT_SEATS];
    uint8_t bodies[BALINT_SEATS][BALINT_ENVELOPE_BODY];
};

/* What nobody else may read: in memory of its own, wiped at the end. */
struct balint_own {
    struct balint_self self;
    /* For sealed envelopes: one for each two joins, for good. Not one for each seat, since the server says
     * who sits there: whoever it moved away and back would be sealed to under the numbers used before. */
    struct balint_channel channels[BALINT_CHANNELS];
    int channel_count;
    struct balint_post post; /* words under way */
};

#define BALINT_FINGERPRINT sizeof(((struct balint_sdp *)0)->fingerprint)

struct balint_call {
    GstBin *bin; /* the element; it outlives the engine */
    GMutex lock;
    struct balint_call_settings settings;
    struct balint_call_shown shown;
    struct balint_microphone microphone; /* under `lock` */
    struct balint_retreat retreat;       /* under `lock` */
    struct balint_call_spans spans;      /* under `lock` */
    gint next_id;                        /* atomic */
    gint playing;                        /* atomic */
    struct balint_send send;
    struct balint_meters meters;

    GThread *thread; /* NULL: not running */
    GMainContext *context;
    GMainLoop *loop;

    /* the call's thread alone */
    struct balint_secret secrets; /* where `own` lies */
    struct balint_own *own;       /* keys */
    struct balint_book book;
    struct balint_watch watch; /* leaders: do all see this roster? */
    struct balint_negotiation negotiation;
    struct balint_signaller *signaller;
    GQueue arrivals;           /* messages not taken yet */
    struct balint_state state; /* the last one, with the roster's roles and what the own keys closed */
    int64_t answers;           /* the request that it answered, 0 = none */
    struct balint_call_link *links[BALINT_SEATS][2]; /* the present and the previous */
    const struct balint_sdp *described;              /* the offer or answer being taken */
    const struct balint_candidate *candidate;        /* likewise */
    char offered[BALINT_SEATS][BALINT_FINGERPRINT];  /* the fingerprint in the newest offer, ours or theirs */
    struct balint_devices *devices;                  /* met so far: leaders; a large list */
    struct balint_call_look looks[BALINT_SEATS];
    struct balint_wishes wishes; /* who is to be admitted */
    struct balint_call_removal removal;
    struct {
        char member[BALINT_ID_SIZE]; /* who is to be deputy, or no longer; empty: nothing is asked */
        bool on;
    } deputy;
    bool begins;       /* we are to admit ourselves */
    int64_t admitting; /* the `admit` under way, 0 = none */
    guint admit_tries;
    uint8_t piece[BALINT_ENVELOPE_BODY]; /* of the ledger, for the other leaders */
    bool piece_waits;
    bool untold[BALINT_SEATS]; /* the last envelope to that leader was no talk record */
    bool ready;                /* was signalled */
    bool over;
};

/* call.c: running. */
void balint_call_engine_init(struct balint_call *call, GstBin *bin);
void balint_call_engine_finish(struct balint_call *call);
/* Starts to join. FALSE: `why` is one sentence, which the caller frees. */
gboolean balint_call_engine_start(struct balint_call *call, char **why);
void balint_call_engine_stop(struct balint_call *call);
/* Runs `function(call, data)` on the call's thread, and frees `data`; at once when this is that thread. */
void balint_call_post(struct balint_call *call, void (*function)(struct balint_call *, void *), void *data,
                      GDestroyNotify free_data);
/* Only what a person asked for has an id: errors about the rest are for the engine alone. */
bool balint_call_send(struct balint_call *call, const struct balint_message *message);
int64_t balint_call_id(struct balint_call *call); /* any thread */

/* call_state.c: what a `state`, a `roster`, a `person` change. */
void balint_call_take_state(struct balint_call *call, const struct balint_message *message);
void balint_call_take_person(struct balint_call *call, const struct balint_person *person);
void balint_call_take_roster(struct balint_call *call, const struct balint_roster_message *roster);
void balint_call_meet(struct balint_call *call);       /* who may be linked to, by book and state */
void balint_call_gate(struct balint_call *call);       /* the floor to microphone and links */
void balint_call_follow_own(struct balint_call *call); /* a key of the owner's was pressed */

/* call_admit.c: rosters that this process writes. */
void balint_call_admit(struct balint_call *call, int seat);           /* whoever waits there */
void balint_call_admit_all(struct balint_call *call);                 /* whose device is known */
void balint_call_deputy(struct balint_call *call, int seat, bool on); /* who sits there is deputy, or not */
void balint_call_admit_next(struct balint_call *call);
/* Takes who sits there out of the roster; `text`: a last word to them, or NULL. */
void balint_call_remove(struct balint_call *call, int seat, const char *text);
/* Was it about a roster of ours? `why` it was refused, or NULL. */
bool balint_call_admit_refused(struct balint_call *call, int64_t re, const char *why);

/* call_door.c: who stands at the door. */
/* Who waits on that seat, as proven and as the state names them; NULL. */
const struct balint_known *balint_call_at_door(const struct balint_call *call, int seat);
uint32_t balint_call_acquainted(const struct balint_call *call); /* seats at the door, a bit each */
void balint_call_show_door(struct balint_call *call);
void balint_call_remember(struct balint_call *call); /* the devices in the newest roster */

/* call_look.c: a leader sees who is at the door. */
void balint_call_look(struct balint_call *call, int seat);
void balint_call_take_pass(struct balint_call *call, const struct balint_pass_message *pass);
/* Appends whom a look leads to; returns how many there are then. */
int balint_call_looks(const struct balint_call *call, struct balint_peer_view *people, int count);
bool balint_call_looked_at(const struct balint_call *call);
/* Who a link to that seat leads to: somebody in the newest roster, or the other end of a look; NULL. */
const struct balint_identified *balint_call_who(const struct balint_call *call, int seat);
void balint_call_look_tick(struct balint_call *call); /* ends what is over */

/* call_links.c: does what negotiation decides. */
void balint_call_link_message(struct balint_call *call, const struct balint_message *message);
void balint_call_links_run(struct balint_call *call);  /* after every event */
void balint_call_links_tick(struct balint_call *call); /* a few times a second */
void balint_call_links_gate(struct balint_call *call);
void balint_call_links_end(struct balint_call *call);

/* call_act.c: what is asked of the session. Any thread. */
gboolean balint_call_act(struct balint_call *call, const char *name, int seat, int value);
gboolean balint_call_turn_phase(struct balint_call *call, int by);

/* call_talk.c: sealed envelopes. `body` has BALINT_TALK_SIZE bytes; any thread. */
void balint_call_send_talk(struct balint_call *call, GBytes *body);
/* A piece of this leader's ledger, of BALINT_ENVELOPE_BODY bytes: goes to the other leaders in the next slot.
 * Any thread. */
void balint_call_send_ledger(struct balint_call *call, GBytes *piece);
/* Spans told again, or a question for them, of BALINT_ENVELOPE_BODY bytes: goes to that seat in a slot that
 * is not the talk record's. FALSE: the one before has not left yet. Any thread. */
gboolean balint_call_send_spans(struct balint_call *call, int seat, GBytes *body);
void balint_call_take_report(struct balint_call *call, const struct balint_report *report);

/* call_words.c: words in sealed envelopes. `name`: quiet, quiet-off, answer, line or remove. FALSE: no such
 * name, or not running. Any thread. */
gboolean balint_call_say(struct balint_call *call, const char *name, int seat, const char *text);
void balint_call_take_word(struct balint_call *call, int seat, const struct balint_envelope *envelope);
void balint_call_words_state(struct balint_call *call); /* a state came */
void balint_call_words_tick(struct balint_call *call);  /* gives up what could not be said */

/* call_report.c: any thread. */
GstStructure *balint_call_report(struct balint_call *call);

#endif
