/* join.h - `balint join`: one person's seat, from the link to the leaving.
 *
 * Everything here runs on the main thread. The call emits its signals on a thread of its own; they are copied
 * and posted (join_call.c), so that the rest reads like one story: state in (join.c), screen out
 * (join_show.c), commands back to the call (actions.c), and at the end the report (join_leave.c).
 */
#ifndef BALINT_CLIENT_JOIN_H
#define BALINT_CLIENT_JOIN_H

#include "client/account.h"
#include "client/asks.h"
#include "client/clock.h"
#include "client/commands.h"
#include "client/known.h"
#include "client/look.h"
#include "client/pipeline.h"
#include "client/remotes.h"
#include "client/reporter.h"
#include "client/script.h"
#include "client/snapshot.h"
#include "client/window.h"

struct balint_joined {
    struct balint_options options;
    char why[BALINT_OPTION_WHY];
    GMainLoop *loop;
    int status; /* of the program */

    struct balint_wavfile *file; /* NULL: a real microphone */
    struct balint_pipeline pipeline;
    struct balint_remotes *remotes;
    struct balint_reporter *reporter;
    struct balint_script *script;       /* NULL: none */
    struct balint_snapshots *snapshots; /* NULL: none */
    struct balint_window *window;       /* keys */
    struct balint_account *account;
    guint bus_watch, tick, seconds, trying, lobby, goodbye; /* sources */

    struct balint_clock clock;
    struct balint_state state;   /* the newest; `known` says whether there is one */
    bool unproven[BALINT_SEATS]; /* links that stay closed because nobody proved who answers */
    bool known, ready, hide_self, folded, debrief, debrief_shown, help, leaving;
    bool crib;                           /* leaders: the cards are shown */
    bool case_over;                      /* the case that this person sits out, as the server says */
    bool later;                          /* leaders: who is at the door can wait until the phase ends */
    struct balint_known_file known_file; /* leaders: devices let in before */
    struct balint_doorway door;          /* leaders: who stands there */
    struct balint_look look;
    uint32_t announced;        /* seats at the door that were said on the terminal, a bit each */
    const char *ended;         /* why it ended, for the report */
    char asking[2048];         /* people or phases and their keys, while a key waits; a word being typed */
    struct balint_asked asked; /* what these were shown for */
    struct balint_said said;   /* words that travelled sealed, for the screen … */
    int64_t answer_until_us, line_until_us; /* … until then */
    guint farewell;                         /* removed: the last word stays for a while */
    char notice[BALINT_WHY_SIZE];           /* a sentence for the person … */
    int64_t notice_until_us;                /* … until then */
    const char *refused;                    /* the code of a refusal that it is; NULL: it is none */
    int64_t lost_us;                        /* since when there is no line to the server, 0: there is; … */
    char lost[512];                         /* … what is said of it; empty: nothing yet */
    char *help_path;                        /* where the help line is remembered, and what stands there */
    char help_line[BALINT_TEXT_SIZE];
    int64_t admitted_us, playing_us;
    bool microphone_gone;  /* pulled out; tried again … */
    int microphone_tries;  /* … so often … */
    guint microphone_try;  /* … by this source */
    guint loudspeaker_try; /* the same of the loudspeaker; 0: there is one */
    int loudspeaker_tries;
    bool loudspeaker_going; /* it is being taken out */
};

/* What the call told, copied from its thread. */
enum balint_told {
    BALINT_TOLD_STATE,   /* text; open */
    BALINT_TOLD_REFUSED, /* code, text: a request; the session goes on */
    BALINT_TOLD_CLOSED,  /* code, text: it is over */
    BALINT_TOLD_DISPLACED,
    BALINT_TOLD_LINK,      /* seat, text */
    BALINT_TOLD_TALK,      /* text = member, epoch, body */
    BALINT_TOLD_LEDGER,    /* body */
    BALINT_TOLD_SPANS,     /* seat, body */
    BALINT_TOLD_QUIET,     /* seat, open: that person's quiet signal stands */
    BALINT_TOLD_OWN_QUIET, /* seat: 0 over, 1 on its way, 2 taken */
    BALINT_TOLD_ANSWERED,  /* seat, text */
    BALINT_TOLD_LINE,      /* seat, text */
    BALINT_TOLD_REACHED,   /* seat, open: an answer was taken there, or not */
    BALINT_TOLD_DOOR,      /* text */
    BALINT_TOLD_DEVICES,   /* text */
    BALINT_TOLD_LOOKED_AT, /* text */
    BALINT_TOLD_SERVER,    /* open: the line to the server */
    BALINT_TOLD_KEPT,      /* text: what the own key alone ends */
};
struct balint_telling {
    struct balint_joined *join;
    enum balint_told told;
    int seat;
    guint epoch;
    char *code, *text;
    GBytes *body;
    gboolean open;  /* the microphone, as it is sent; or as the kind says */
    int64_t own_us; /* when it was told */
};

/* join_call.c: from the call's thread to balint_join_told(). */
void balint_join_listen(struct balint_joined *join);
/* join.c */
void balint_join_told(struct balint_joined *join, const struct balint_telling *telling);
void balint_join_link(struct balint_joined *join, int seat, const char *state); /* a link's new state */

/* join_keys.c: lines from keys, commands from scripts. */
void balint_join_line(const char *line, void *join);
bool balint_join_asks(const struct balint_key_row *row, void *join);
bool balint_join_answers(const struct balint_key_row *row, char key, char line[BALINT_LINE_SIZE], int *seat,
                         void *join);
void balint_join_do(const struct balint_command *command, void *join);
void balint_join_wrong(const char *why, void *join);
/* A newer state than join->state came: whoever became deputy by it, or is it no longer, has other keys. */
void balint_join_role(struct balint_joined *join, const struct balint_state *newer);

void balint_join_types(const struct balint_key_row *row, int seat, const char *text, void *join);

/* join_notice.c: a sentence for the person, on the terminal, and in the window for a while. */
void balint_join_say(struct balint_joined *join, const char *text);
/* A refusal, which goes before when it is no longer true. */
void balint_join_refused(struct balint_joined *join, const char *code, const char *text);
/* A newer state than join->state came: what is no longer true goes, and what the window says of the own place
 * is said on the terminal. */
void balint_join_notices(struct balint_joined *join, const struct balint_state *newer);

/* join_words.c: words in sealed envelopes. */
void balint_join_word(struct balint_joined *join, const struct balint_telling *telling);
void balint_join_words_tick(struct balint_joined *join); /* forgets what was shown long enough */
void balint_join_words_forget(struct balint_joined *join);
/* A sentence for the person that must not get into a file: on a terminal, and in the window. */
void balint_join_say_private(struct balint_joined *join, const char *text);

bool balint_join_leads(const struct balint_joined *join); /* admitted, and with a leader's powers */

/* join_debrief.c: leaders look back at the end, and keep it if they say so. */
void balint_join_debrief(struct balint_joined *join, const struct balint_command *command);
void balint_join_show_debrief(struct balint_joined *join);

/* join_show.c: brings the window up to date with state, links and balance; a state's change, and every
 * second. */
void balint_join_show(struct balint_joined *join);

/* join_door.c: leaders, and who is at the door. */
void balint_join_door(struct balint_joined *join, const char *json);
void balint_join_door_state(struct balint_joined *join); /* a state came */
void balint_join_devices(struct balint_joined *join, const char *lines);
/* Who is at the door can wait until this phase ends; or not any more. */
void balint_join_later(struct balint_joined *join, bool later);
void balint_join_look(struct balint_joined *join, const struct balint_command *command);
int balint_join_looked(const struct balint_joined *join); /* the seat looked at; BALINT_NOBODY: none */
/* In the lobby: that leader looks at us; "": no more. */
void balint_join_looked_at(struct balint_joined *join, const char *leader);
/* The known ones were let in: says how to go on with the others. */
void balint_join_admitted_all(struct balint_joined *join);

/* join_kept.c: the server says that something is over which the own key alone ends. */
void balint_join_kept(struct balint_joined *join, const char *what);
/* The sentence that stays while who sits out a case that is over has pressed no key; "": none. */
const char *balint_join_case_over(struct balint_joined *join);

/* join_microphone.c: an error of `source` that the session survives, because a microphone is tried again. */
bool balint_join_microphone_error(struct balint_joined *join, GstObject *source);
/* A warning of `source`: one that is only tried is then none. */
void balint_join_microphone_warning(struct balint_joined *join, GstObject *source);

/* join_loudspeaker.c: an error of `source` that the session survives, because a loudspeaker is tried again.
 */
bool balint_join_loudspeaker_error(struct balint_joined *join, GstObject *source);

/* Says which devices are not there, and what stands in for them; nothing when all are. */
void balint_join_missing(struct balint_joined *join);

/* join_help.c: the help line of earlier evenings, which who gets no state needs most. */
void balint_join_help_read(struct balint_joined *join, const char *link);
void balint_join_help_keep(struct balint_joined *join); /* a state came */
/* Says why it is over; with the help line, where no state ever came to show it. */
void balint_join_say_end(struct balint_joined *join, const char *text);
void balint_join_help_forget(struct balint_joined *join);

/* join_leave.c */
/* An error of the pipeline: says what to do about it, and leaves; a window that was closed is no error. */
void balint_join_error(struct balint_joined *join, GstMessage *message);
void balint_join_leave(struct balint_joined *join, const char *ended, int status);

#endif
