/* voice_circle.c - see voice_circle.h. */
#include "bench/voice_circle.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "voice/resample.h"

#define SPEECH_LEVEL 0.05 /* RMS where there is speech: -26 dBov, ITU-T P.56's usual level */

double dice(uint32_t *seed)
{
    *seed ^= *seed << 13; /* Marsaglia's xorshift */
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return (double)*seed / 4294967296.0;
}

/* ---- voices */

static const char *const tuning_voices[] = {"en-us+m3", "nl+f2", "pt+m1",    "da+f4",
                                            "ro+m5",    "fi+f3", "en-gb+m7", "ca+f1"};
static const char *const other_voices[] = {"en-gb+f3", "de+m4", "fr-fr+f2", "es+m2",
                                           "it+f4",    "pl+m6", "sv+f5",    "hu+m1"};

/* Read by every voice in the manner of its own language: sounds, not sense, are what is measured. */
static const char *const sentences[] = {
    "I keep thinking about the husband, sitting there in the corner.",
    "Nobody has said how angry she must be.",
    "Why did you give her your own telephone number?",
    "When I imagine being this patient, I feel very small, and a little ashamed.",
    "Mhm. Yes.",
    "It was the third visit in one week, and I still did not know what she wanted from me.",
    "Perhaps he only wanted somebody to be silent with.",
    "I would have sent him home, to be honest.",
    "So, what does that do to us, here, now?",
    "She brought a cake. The others in the practice laughed about it for days.",
    "No, I do not think so; it was fear.",
    "There is a doctor in this story who cannot say no.",
};

static uint32_t word(const uint8_t *at, int bytes)
{
    uint32_t value = 0;
    for (int i = bytes - 1; i >= 0; i--)
        value = value << 8 | at[i];
    return value;
}

/* A WAV file of 16-bit samples, or one written to a pipe (whose lengths are not filled in). */
static bool read_wav(FILE *file, struct clip *clip)
{
    uint8_t head[44];
    size_t size = 1 << 16, length = 0;

    *clip = (struct clip){NULL, 0};
    if (fread(head, 1, sizeof head, file) != sizeof head || memcmp(head, "RIFF", 4) != 0 ||
        memcmp(head + 8, "WAVEfmt ", 8) != 0 || word(head + 16, 4) != 16 || word(head + 34, 2) != 16)
        return false;
    uint32_t chunk = word(head + 40, 4);
    while (memcmp(head + 36, "data", 4) != 0) { /* other chunks come first */
        if (fseek(file, (long)(chunk + (chunk & 1)), SEEK_CUR) != 0 || fread(head + 36, 1, 8, file) != 8)
            return false;
        chunk = word(head + 40, 4);
    }
    struct balint_resample *resample = malloc(sizeof *resample);
    if (!balint_resample_init(resample, (int)word(head + 24, 4), (int)word(head + 22, 2))) {
        free(resample);
        return false;
    }
    clip->samples = malloc(size * sizeof(float));
    int16_t block[2048];
    size_t got;
    bool more = true;
    while (more) {
        got = fread(block, sizeof *block * (size_t)resample->channels, 1024, file);
        for (size_t at = 0;;) {
            bool ready;
            if (got > 0)
                at += balint_resample_take(resample, block + at * (size_t)resample->channels, got - at, false,
                                           &ready);
            else
                more = ready = balint_resample_drain(resample);
            if (!ready)
                break;
            if (length + BALINT_METER_FRAME > size)
                clip->samples = realloc(clip->samples, (size *= 2) * sizeof(float));
            memcpy(clip->samples + length, resample->frame, sizeof resample->frame);
            length += BALINT_METER_FRAME;
        }
    }
    clip->length = length;
    free(resample);
    return length > 0;
}

void voice_level(struct voice *voice)
{
    double sum = 0, peak = 0;
    size_t count = 0;

    for (int pass = 0; pass < 2; pass++) /* the loudest frame, then the mean of what is near it */
        for (int c = 0; c < voice->clip_count; c++)
            for (size_t at = 0; at + CIRCLE_FRAME <= voice->clips[c].length; at += CIRCLE_FRAME) {
                double energy = 0;
                for (int i = 0; i < CIRCLE_FRAME; i++)
                    energy += voice->clips[c].samples[at + i] * voice->clips[c].samples[at + i];
                energy /= CIRCLE_FRAME;
                if (pass == 0) {
                    peak = fmax(peak, energy);
                } else if (energy > peak * 1e-3) {
                    sum += energy;
                    count++;
                }
            }
    double gain = count > 0 ? SPEECH_LEVEL / sqrt(sum / (double)count) : 0;
    for (int c = 0; c < voice->clip_count; c++)
        for (size_t i = 0; i < voice->clips[c].length; i++)
            voice->clips[c].samples[i] *= (float)gain;
}

int voices_synthetic(struct voice *voices, int max, bool tuning)
{
    const char *const *names = tuning ? tuning_voices : other_voices;
    int count = 0;

    for (int v = 0; v < max && v < (int)(sizeof other_voices / sizeof *other_voices); v++) {
        struct voice *voice = &voices[count];
        memset(voice, 0, sizeof *voice);
        snprintf(voice->name, sizeof voice->name, "%s", names[v]);
        voice->clips = calloc(sizeof sentences / sizeof *sentences, sizeof *voice->clips);
        for (size_t s = 0; s < sizeof sentences / sizeof *sentences; s++) {
            char command[512];
            snprintf(command, sizeof command, "espeak-ng --stdout -v '%s' -s %d -p %d '%s'", names[v],
                     130 + 9 * v, 35 + 5 * v, sentences[s]);
            FILE *pipe = popen(command, "r");
            if (pipe != NULL && read_wav(pipe, &voice->clips[voice->clip_count]))
                voice->clip_count++;
            if (pipe != NULL)
                pclose(pipe);
        }
        if (voice->clip_count == 0) {
            free(voice->clips);
            continue;
        }
        voice_level(voice);
        count++;
    }
    return count;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int voices_of_folder(struct voice *voices, int max, const char *folder)
{
    struct dirent **entries, **files;
    int entry_count = scandir(folder, &entries, NULL, by_name), count = 0;

    for (int e = 0; e < entry_count; e++) {
        char path[1024];
        struct voice *voice = &voices[count];
        snprintf(path, sizeof path, "%s/%s", folder, entries[e]->d_name);
        int file_count =
            count < max && entries[e]->d_name[0] != '.' ? scandir(path, &files, NULL, by_name) : -1;
        if (file_count > 0) {
            memset(voice, 0, sizeof *voice);
            snprintf(voice->name, sizeof voice->name, "%.60s", entries[e]->d_name);
            voice->clips = calloc((size_t)file_count, sizeof *voice->clips);
            for (int f = 0; f < file_count; f++) {
                snprintf(path, sizeof path, "%s/%s/%s", folder, entries[e]->d_name, files[f]->d_name);
                FILE *file = fopen(path, "rb");
                if (file != NULL && read_wav(file, &voice->clips[voice->clip_count]))
                    voice->clip_count++;
                if (file != NULL)
                    fclose(file);
                free(files[f]);
            }
            free(files);
            voice_level(voice);
            count += voice->clip_count > 0;
        }
        free(entries[e]);
    }
    if (entry_count >= 0)
        free(entries);
    return count;
}

void voices_free(struct voice *voices, int count)
{
    for (int v = 0; v < count; v++) {
        for (int c = 0; c < voices[v].clip_count; c++)
            free(voices[v].clips[c].samples);
        free(voices[v].clips);
    }
}

/* ---- the circle */

void tidy(bool *frames, int count)
{
    int end = -1; /* of the last span */
    for (int i = 0; i < count; i++) {
        if (!frames[i])
            continue;
        if (end >= 0 && i - end < 30)
            for (int j = end; j < i; j++)
                frames[j] = true;
        end = i + 1;
    }
    for (int i = 0; i < count;) {
        int j = i;
        while (j < count && frames[j] == frames[i])
            j++;
        if (frames[i] && j - i < 6)
            memset(frames + i, 0, (size_t)(j - i) * sizeof *frames);
        i = j;
    }
}

void circle_truth(const float *clean, bool *truth, int frames)
{
    for (int f = 0; f < frames; f++) {
        double energy = 0;
        for (int i = 0; i < CIRCLE_FRAME; i++)
            energy += (double)clean[f * CIRCLE_FRAME + i] * clean[f * CIRCLE_FRAME + i];
        truth[f] = energy / CIRCLE_FRAME > SPEECH_LEVEL * SPEECH_LEVEL * 1e-3;
    }
    tidy(truth, frames);
}

/* One contribution of a person from `at` on; returns where it ends. */
static size_t speak(float *clean, size_t length, size_t at, const struct voice *voice, int clips,
                    uint32_t *seed)
{
    for (int c = 0; c < clips && at < length; c++) {
        const struct clip *clip = &voice->clips[(int)(dice(seed) * voice->clip_count)];
        for (size_t i = 0; i < clip->length && at < length; i++)
            clean[at++] += clip->samples[i];
        at += (size_t)(dice(seed) * 0.6 * CIRCLE_RATE);
    }
    return at;
}

bool circle_make(struct circle *circle, const struct voice *voices, int voice_count, int seconds,
                 uint32_t seed)
{
    /* How much each of them likes to talk; the last one says nothing. */
    static const double weights[CIRCLE_PEOPLE] = {0.34, 0.18, 0.14, 0.11, 0.09, 0.08, 0.06, 0};
    size_t length = (size_t)seconds * CIRCLE_RATE, ends[CIRCLE_PEOPLE] = {0};

    memset(circle, 0, sizeof *circle);
    if (voice_count == 0)
        return false;
    seed = seed * 2654435761u + 1;
    circle->frames = seconds * 100;
    for (int p = 0; p < CIRCLE_PEOPLE; p++) {
        circle->people[p].clean = calloc(length, sizeof(float));
        circle->people[p].truth = calloc((size_t)circle->frames, sizeof(bool));
    }
    for (size_t at = (size_t)(0.4 * CIRCLE_RATE); at < length;) {
        int person = 0;
        double pick = dice(&seed);
        while (person < CIRCLE_PEOPLE - 1 && pick >= weights[person])
            pick -= weights[person++];
        if (person == CIRCLE_PEOPLE - 1 || ends[person] > at) {
            at += CIRCLE_RATE / 10;
            continue;
        }
        ends[person] = speak(circle->people[person].clean, length, at, &voices[person % voice_count],
                             1 + (int)(dice(&seed) * 3), &seed);
        /* The next one waits a little, or speaks into it. */
        at = ends[person] + (size_t)(dice(&seed) * 1.4 * CIRCLE_RATE);
        if (dice(&seed) < 0.25 && at > 2 * CIRCLE_RATE)
            at -= 2 * CIRCLE_RATE;
    }
    for (int p = 0; p < CIRCLE_PEOPLE; p++)
        circle_truth(circle->people[p].clean, circle->people[p].truth, circle->frames);
    return true;
}

void circle_free(struct circle *circle)
{
    for (int p = 0; p < CIRCLE_PEOPLE; p++) {
        free(circle->people[p].clean);
        free(circle->people[p].truth);
    }
}

void circle_others(const struct circle *circle, int person, float *far)
{
    size_t length = (size_t)circle->frames * CIRCLE_FRAME;
    memset(far, 0, length * sizeof *far);
    for (int p = 0; p < CIRCLE_PEOPLE; p++)
        for (size_t i = 0; p != person && i < length; i++)
            far[i] += circle->people[p].clean[i];
}

void circle_laptops(const struct circle *circle, int person, double db, int delay_ms, float *mic, float *far)
{
    size_t length = (size_t)circle->frames * CIRCLE_FRAME, delay = (size_t)delay_ms * CIRCLE_RATE / 1000;

    leak_add(mic, circle->people[person ^ 1].clean, length, db, 5);
    memset(far, 0, length * sizeof *far);
    for (int p = 0; p < CIRCLE_PEOPLE; p++) {
        if (p == person)
            continue;
        for (size_t i = delay; i < length; i++)
            far[i] += circle->people[p].clean[i - delay];
        leak_add(far, circle->people[p ^ 1].clean, length, db, delay_ms + 5);
    }
}
