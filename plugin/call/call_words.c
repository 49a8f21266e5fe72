/* call_words.c - quiet signals, private answers, the leaders' line: asked for, and told.
 *
 * What is under way, and who may say what, is post.h; envelopes leave in call_talk.c. No text of a word is
 * logged or put on the bus, and none stands in a property: it is an argument of a signal, and wiped. The
 * call's thread but for balint_call_say.
 */
#include "call/call.h"

#include <string.h>

/* Own quiet signal, as quiet-told says it. */
enum { QUIET_OVER, QUIET_ON_ITS_WAY, QUIET_TAKEN };

enum say { QUIET, QUIET_OFF, ANSWER, LINE, REMOVE, SAYS };
static const char *const says[SAYS] = {"quiet", "quiet-off", "answer", "line", "remove"};

struct wish {
    enum say say;
    int seat;
    char *text; /* NULL: none */
};

static void refuse(struct balint_call *call, const char *code, const char *text)
{
    g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_REFUSED], 0, code, text);
}

static bool leads(const struct balint_call *call)
{
    const struct balint_state_seat *own = balint_state_seat_of(&call->state, call->state.you);
    return own && balint_is_leader(own->role);
}

static void tell(struct balint_call *call, const struct balint_news *news)
{
    const guint *signals = balint_call_signals;
    switch (news->kind) {
    case BALINT_NEWS_QUIET:
        g_signal_emit(call->bin, signals[BALINT_SIGNAL_QUIET], 0, news->seat, (gboolean)news->on);
        break;
    case BALINT_NEWS_ANSWER:
        g_signal_emit(call->bin, signals[BALINT_SIGNAL_ANSWERED], 0, news->seat, news->text);
        g_signal_emit(call->bin, signals[BALINT_SIGNAL_QUIET_TOLD], 0, QUIET_OVER);
        break;
    case BALINT_NEWS_LINE:
        g_signal_emit(call->bin, signals[BALINT_SIGNAL_LINE], 0, news->seat, news->text);
        break;
    case BALINT_NEWS_TOLD:
        g_signal_emit(call->bin, signals[BALINT_SIGNAL_WORD_TOLD], 0, news->seat, (gboolean)news->on);
        break;
    case BALINT_NEWS_HEARD:
        g_signal_emit(call->bin, signals[BALINT_SIGNAL_QUIET_TOLD], 0, QUIET_TAKEN);
        break;
    case BALINT_NEWS_NOTHING:
        break;
    }
}

void balint_call_take_word(struct balint_call *call, int seat, const struct balint_envelope *envelope)
{
    struct balint_news news;
    balint_post_take(&call->own->post, &call->state, seat, envelope->kind, envelope->body,
                     sizeof envelope->body, &news);
    tell(call, &news);
    balint_wipe(&news, sizeof news);
}

static void say_quiet(struct balint_call *call, bool on)
{
    if (on && leads(call)) {
        refuse(call, "not-yours", "A quiet signal goes to the leaders; you have the leaders' line.");
        return;
    }
    balint_post_quiet(&call->own->post, on);
    g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_QUIET_TOLD], 0,
                  on ? QUIET_ON_ITS_WAY : QUIET_OVER);
}

void balint_call_words_state(struct balint_call *call)
{
    struct balint_news news;
    if (leads(call) && call->own->post.quiet) /* deputy now, with a line of the leaders */
        say_quiet(call, false);
    while (call->state.admitted && balint_post_state(&call->own->post, &call->state, &news))
        tell(call, &news);
}

void balint_call_words_tick(struct balint_call *call)
{
    struct balint_news news;
    while (balint_post_given_up(&call->own->post, &call->state, g_get_monotonic_time(), &news))
        tell(call, &news);
}

/* ---- asked for */

static void say_answer(struct balint_call *call, const struct wish *wish)
{
    const struct balint_state_seat *to = balint_state_seat_of(&call->state, wish->seat);
    if (!leads(call))
        refuse(call, "not-yours", "Only leaders answer; members have the quiet signal.");
    else if (!to || wish->seat == call->state.you)
        refuse(call, "no-such-seat", "Nobody else sits there: answer somebody who is shown.");
    else if (balint_is_leader(to->role))
        refuse(call, "not-yours", "Leaders have a line of their own: write it there.");
    else if (!balint_post_answer(&call->own->post, &call->state, wish->seat, wish->text,
                                 g_get_monotonic_time()))
        refuse(call, "too-many-words", "Too many words are under way: try again in a moment.");
}

static void say_line(struct balint_call *call, const struct wish *wish)
{
    if (!leads(call))
        refuse(call, "not-yours", "The line is the leaders'; members have the quiet signal.");
    else if (!balint_post_line(&call->own->post, &call->state, wish->text, g_get_monotonic_time()))
        refuse(call, "too-many-words", "Too many words are under way: try again in a moment.");
    else
        g_signal_emit(call->bin, balint_call_signals[BALINT_SIGNAL_LINE], 0, call->state.you, wish->text);
}

static void on_wish(struct balint_call *call, void *data)
{
    const struct wish *wish = data;
    const char *wrong = wish->text ? balint_word_wrong(wish->text) : NULL;
    if (!call->state.admitted) {
        refuse(call, "not-admitted", "You are in the lobby: a leader will let you in.");
    } else if (wrong) {
        g_autofree char *text = g_strdup(wrong);
        text[0] = g_ascii_toupper(text[0]);
        refuse(call, "wrong-word", text);
    } else {
        switch (wish->say) {
        case QUIET:
        case QUIET_OFF:
            say_quiet(call, wish->say == QUIET);
            break;
        case ANSWER:
            say_answer(call, wish);
            break;
        case LINE:
            say_line(call, wish);
            break;
        case REMOVE:
            balint_call_remove(call, wish->seat, wish->text);
            break;
        case SAYS:
            break;
        }
    }
}

static void wipe_wish(gpointer data)
{
    struct wish *wish = data;
    if (wish->text)
        balint_wipe(wish->text, strlen(wish->text));
    g_free(wish->text);
    g_free(wish);
}

gboolean balint_call_say(struct balint_call *call, const char *name, int seat, const char *text)
{
    enum say say = QUIET;
    while (say < SAYS && g_strcmp0(says[say], name) != 0)
        say++;
    if (say == SAYS)
        return FALSE;
    struct wish *wish = g_new0(struct wish, 1);
    wish->say = say;
    wish->seat = seat;
    if (say == ANSWER || say == LINE)
        wish->text = g_strdup(text ? text : "");
    else if (say == REMOVE && text && text[0])
        wish->text = g_strdup(text);
    g_mutex_lock(&call->lock);
    gboolean running = call->context != NULL;
    g_mutex_unlock(&call->lock);
    balint_call_post(call, on_wish, wish, wipe_wish);
    return running;
}
