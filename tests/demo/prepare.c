/* prepare.c - everybody's sound, and the truth about it. */
#include <glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "demo/demo.h"

#define AFTER_S                                                                                              \
    30.0 /* sound beyond the evening's end: a client that starts early or a machine that is slow must        \
            not fall silent */
#define SHIFT_S 7.3 /* two people with the same file do not speak in step */

#ifndef BALINT_DEMO_CONVERSATION
#define BALINT_DEMO_CONVERSATION "tests/demo/conversation.txt"
#endif

/* Writes one person's sound and keeps only its spans. */
static bool keep(struct demo *demo, struct demo_person *person, const struct demo_sound *sound)
{
    snprintf(person->sound, sizeof person->sound, "%.400s/%s.wav", demo->folder, person->id);
    person->spans = calloc(DEMO_SPANS, sizeof *person->spans);
    if (person->spans == NULL)
        return false;
    person->span_count = demo_truth_spans(sound->samples, sound->count, person->spans, DEMO_SPANS);
    return demo_sound_write(sound, person->sound, demo->why);
}

static bool speak_lines(struct demo *demo, struct demo_conversation *conversation, struct demo_sound *lines)
{
    for (int i = 0; i < conversation->count; i++) {
        struct demo_line *line = &conversation->lines[i];
        if (!demo_speak(&lines[i], line->person, line->text, demo->folder, demo->why))
            return false;
        line->length = (double)lines[i].count / DEMO_RATE;
    }
    return true;
}

static bool render(struct demo *demo, const struct demo_conversation *conversation,
                   const struct demo_timeline *timeline, const struct demo_sound *lines)
{
    for (int i = 0; i < demo->options.people; i++) {
        struct demo_sound sound;
        if (!demo_sound_silence(&sound, demo->options.seconds + AFTER_S)) {
            snprintf(demo->why, sizeof demo->why, "not enough memory: give fewer --seconds");
            return false;
        }
        for (int s = 0; s < timeline->count; s++) {
            const struct demo_said *said = &timeline->said[s];
            if (said->line->person == i)
                demo_sound_mix(&sound, &lines[said->line - conversation->lines], said->start,
                               said->end - said->start);
        }
        bool ok = keep(demo, &demo->people[i], &sound);
        demo_sound_clear(&sound);
        if (!ok)
            return false;
    }
    return true;
}

static bool from_conversation(struct demo *demo)
{
    static struct demo_conversation conversation;
    static struct demo_timeline timeline;
    static struct demo_sound lines[DEMO_LINES];
    char *text = NULL;
    if (!g_file_get_contents(BALINT_DEMO_CONVERSATION, &text, NULL, NULL)) {
        snprintf(demo->why, sizeof demo->why, "%s: cannot be read: run the demo from its source tree",
                 BALINT_DEMO_CONVERSATION);
        return false;
    }
    bool ok =
        demo_conversation_read(&conversation, text, demo->options.people, demo->why, sizeof demo->why) &&
        speak_lines(demo, &conversation, lines);
    g_free(text);
    if (ok) {
        demo_timeline_make(&timeline, &conversation, demo->starts);
        ok = render(demo, &conversation, &timeline, lines);
    }
    for (int i = 0; i < DEMO_LINES; i++)
        demo_sound_clear(&lines[i]);
    return ok;
}

static bool from_files(struct demo *demo)
{
    char **files = demo_voice_files(demo->options.voices, demo->why);
    bool ok = files != NULL;
    int count = ok ? (int)g_strv_length(files) : 0;
    for (int i = 0; i < demo->options.people && ok; i++) {
        struct demo_sound file, sound;
        if (!demo_sound_read(&file, files[i % count], demo->why)) {
            ok = false;
            break;
        }
        ok = demo_sound_loop(&sound, &file, SHIFT_S * (i / count), demo->options.seconds + AFTER_S);
        if (ok)
            ok = keep(demo, &demo->people[i], &sound);
        else
            snprintf(demo->why, sizeof demo->why, "not enough memory: give fewer --seconds");
        demo_sound_clear(&file);
        demo_sound_clear(&sound);
    }
    g_strfreev(files);
    return ok;
}

bool demo_prepare_voices(struct demo *demo)
{
    return demo->options.voices != NULL ? from_files(demo) : from_conversation(demo);
}
