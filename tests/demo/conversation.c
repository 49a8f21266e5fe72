/* conversation.c - reads the conversation and lays it on the timeline. Pure. */
#include "demo/conversation.h"

#include <stdio.h>
#include <string.h>

const char *const demo_phases[DEMO_PHASES] = {
    "gathering",  "check-in", "case",    "presentation", "questions",
    "discussion", "return",   "closing", "corridor",
};

/* Parts of the whole; the discussion takes what is left. */
static const double parts[DEMO_PHASES] = {0.05, 0.10, 0.05, 0.12, 0.07, 0.0, 0.07, 0.05, 0.04};
#define GATHERING_S 3.2  /* at least: the links open, everybody says good evening */
#define LEAD_IN_S   0.8  /* no line begins so soon after a phase began, … */
#define LEAD_OUT_S  0.4  /* … or ends so late before it ends: the phase reaches everybody first */
#define GAP_S       0.6  /* between two lines: over the 0.3 s that would make them one span */
#define TALK_ON_S   0.2  /* the presenter, after the return was called and before the key was pressed */
#define STAGGER_S   0.25 /* between the greetings of the gathering */

static int find_phase(const char *id)
{
    for (int i = 0; i < DEMO_PHASES; i++)
        if (strcmp(demo_phases[i], id) == 0)
            return i;
    return -1;
}

/* A smaller group shares the members' lines out; who is not in the file says nothing. */
static int person_of(int who, int people)
{
    if (who < 2 || who < people)
        return who;
    return people > 2 ? 2 + (who - 2) % (people - 2) : -1;
}

static bool read_line(struct demo_line *line, const char *text, int people)
{
    int member, after = 0;
    if (sscanf(text, "member %d: %n", &member, &after) == 1 && after > 0 && member >= 1 &&
        member + 2 <= DEMO_PEOPLE)
        line->who = member + 1;
    else if (strncmp(text, "leader: ", 8) == 0)
        line->who = DEMO_LEADER, after = 8;
    else if (strncmp(text, "presenter: ", 11) == 0)
        line->who = DEMO_PRESENTER, after = 11;
    else
        return false;
    line->person = person_of(line->who, people);
    size_t length = strlen(text + after);
    if (length == 0 || length >= sizeof line->text)
        return false;
    memcpy(line->text, text + after, length + 1);
    return true;
}

bool demo_conversation_read(struct demo_conversation *conversation, const char *text, int people, char *why,
                            size_t size)
{
    int phase = -1, number = 0;
    bool aside = false;
    conversation->count = 0;
    while (*text != '\0') {
        char line[512], id[64];
        size_t length = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        text += length + (text[length] == '\n');
        number++;
        if (line[0] == '#' || line[0] == '\0')
            continue;
        if (sscanf(line, "[%63[^]]]", id) == 1) {
            aside = strcmp(id, "aside") == 0;
            phase = aside ? DEMO_DISCUSSION : find_phase(id);
            if (phase >= 0)
                continue;
        }
        struct demo_line *next = &conversation->lines[conversation->count];
        if (phase < 0 || conversation->count == DEMO_LINES || !read_line(next, line, people)) {
            snprintf(why, size, "line %d of the conversation is none: write [PHASE] or PERSON: TEXT", number);
            return false;
        }
        next->phase = phase;
        next->aside = aside;
        next->length = 0;
        conversation->count += next->person >= 0;
    }
    return true;
}

void demo_phases_place(double seconds, double starts[DEMO_PHASES + 1])
{
    double length[DEMO_PHASES], rest = seconds, at = 0;
    for (int i = 0; i < DEMO_PHASES; i++) {
        length[i] = parts[i] * seconds;
        if (i == DEMO_GATHERING && length[i] < GATHERING_S)
            length[i] = GATHERING_S;
        rest -= length[i];
    }
    length[DEMO_DISCUSSION] = rest;
    for (int i = 0; i < DEMO_PHASES; i++) {
        starts[i] = at;
        at += length[i];
    }
    starts[DEMO_PHASES] = seconds;
}

static void say(struct demo_timeline *timeline, const struct demo_line *line, double start)
{
    if (timeline->count < DEMO_SAID)
        timeline->said[timeline->count++] = (struct demo_said){line, start, start + line->length};
}

/* Everybody at once, a little apart. */
static void place_greetings(struct demo_timeline *timeline, const struct demo_conversation *conversation,
                            double start)
{
    double at = start + LEAD_IN_S;
    bool greeted[DEMO_PEOPLE] = {false};
    for (int i = 0; i < conversation->count; i++) {
        const struct demo_line *line = &conversation->lines[i];
        if (line->phase != DEMO_GATHERING || greeted[line->person])
            continue;
        greeted[line->person] = true;
        say(timeline, line, at);
        at += STAGGER_S;
    }
}

/* One behind the other between `start` and `end`. What does not fit any more is left out; when all were said
 * and there is room for one of them, they are said again. */
static void place_lines(struct demo_timeline *timeline, const struct demo_conversation *conversation,
                        int phase, bool aside, double start, double end)
{
    double at = start;
    bool placed = true;
    while (placed) {
        placed = false;
        for (int i = 0; i < conversation->count && timeline->count < DEMO_SAID; i++) {
            const struct demo_line *line = &conversation->lines[i];
            if (line->phase != phase || line->aside != aside || line->length <= 0)
                continue;
            if (at + line->length > end)
                continue;
            say(timeline, line, at);
            at += line->length + GAP_S;
            placed = true;
        }
        placed = placed && timeline->count < DEMO_SAID;
    }
}

/* The presenter talks on without a pause from before the step-back is over the wire until after the return is
 * called: nothing else than the step-back may keep it from being heard. */
static void place_aside(struct demo_timeline *timeline, const struct demo_conversation *conversation,
                        double start, double end)
{
    double at = start;
    bool any = true;
    while (any && at < end) {
        any = false;
        for (int i = 0; i < conversation->count && at < end; i++) {
            const struct demo_line *line = &conversation->lines[i];
            if (!line->aside || line->length <= 0)
                continue;
            say(timeline, line, at);
            at += line->length;
            any = true;
        }
    }
    if (timeline->count > 0 && timeline->said[timeline->count - 1].end > end)
        timeline->said[timeline->count - 1].end = end;
}

void demo_timeline_make(struct demo_timeline *timeline, const struct demo_conversation *conversation,
                        const double starts[DEMO_PHASES + 1])
{
    timeline->count = 0;
    place_greetings(timeline, conversation, starts[DEMO_GATHERING]);
    for (int phase = DEMO_GATHERING + 1; phase < DEMO_PHASES; phase++)
        place_lines(timeline, conversation, phase, false, starts[phase] + LEAD_IN_S,
                    starts[phase + 1] - LEAD_OUT_S);
    place_aside(timeline, conversation, starts[DEMO_DISCUSSION], starts[DEMO_RETURN] + TALK_ON_S);
}
