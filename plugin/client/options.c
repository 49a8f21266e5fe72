/* options.c - reads the command line of `balint join` from one table. Pure. */
#include "client/options.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, FLAG, SIZE, FPS, SECONDS };

struct option_row {
    const char *name;
    enum kind kind;
    size_t at; /* offset in struct balint_options, for TEXT and FLAG */
    const char *value;
    const char *text;
    bool testing;
};

#define AT(field) offsetof(struct balint_options, field)
static const struct option_row rows[] = {
    {"--link-file", TEXT, AT(link_file), "FILE",
     "read the link from the first line of FILE, which others must not be able to read", false},
    {"--server", TEXT, AT(server), "HOST:PORT", "connect there instead of to the link's server", false},
    {"--ca", TEXT, AT(ca), "FILE", "trust this certificate authority (PEM) for the server", false},
    {"--audio-file", TEXT, AT(audio_file), "F.wav", "speak this file, from admission on, not a microphone",
     false},
    {"--audio-source", TEXT, AT(audio_source), "FRAGMENT", "GStreamer source instead of the microphone",
     false},
    {"--audio-sink", TEXT, AT(audio_sink), "FRAGMENT", "GStreamer sink instead of the loudspeaker", false},
    {"--no-audio-out", FLAG, AT(no_audio_out), NULL, "play nothing", false},
    {"--video-source", TEXT, AT(video_source), "FRAGMENT", "GStreamer source instead of the camera", false},
    {"--video-test", FLAG, AT(video_test), NULL, "send a moving test picture, not a camera's", false},
    {"--video-size", SIZE, 0, "WxH", "size of the picture that is sent (320x180)", false},
    {"--fps", FPS, 0, "N", "pictures a second that are sent (15)", false},
    {"--window", TEXT, AT(window), "FRAGMENT|none", "GStreamer sink instead of a window, or no window",
     false},
    {"--hide-self", FLAG, AT(hide_self), NULL, "begin with your own picture hidden from yourself", false},
    {"--do", TEXT, AT(script), "FILE|-",
     "run commands: lines SECONDS COMMAND, counted from admission; -: commands from the standard input, at "
     "once",
     false},
    {"--seconds", SECONDS, 0, "N", "leave after so many seconds (status 1 if nobody let you in)", false},
    {"--snapshot", TEXT, AT(snapshot), "DIR", "write a PNG of the window of each phase and of the end", true},
    {"--report", TEXT, AT(report), "F.json", "write what was sent, heard and seen, when leaving", true},
    {"--admit-everyone", FLAG, AT(admit_everyone), NULL, "as a leader, admit who knocks", true},
    {"--help", FLAG, AT(help), NULL, "this text", false},
};
#define ROWS (sizeof rows / sizeof *rows)

static bool fail(char why[BALINT_OPTION_WHY], const char *option, const char *text)
{
    snprintf(why, BALINT_OPTION_WHY, "%.80s: %s", option, text);
    return false;
}

static bool read_size(const char *value, struct balint_options *options)
{
    char end;
    int width, height;
    if (sscanf(value, "%5dx%5d%c", &width, &height, &end) != 2)
        return false;
    if (width < 16 || height < 16 || width > 1920 || height > 1080 || width % 2 != 0 || height % 2 != 0)
        return false;
    options->width = width;
    options->height = height;
    return true;
}

static bool read_number(const char *value, double least, double most, double *number)
{
    char *end;
    errno = 0;
    double n = strtod(value, &end);
    if (errno != 0 || end == value || *end != '\0' || !isfinite(n) || n < least || n > most)
        return false;
    *number = n;
    return true;
}

static bool set(const struct option_row *row, const char *value, struct balint_options *options,
                char why[BALINT_OPTION_WHY])
{
    double number;
    switch (row->kind) {
    case FLAG:
        *(bool *)((char *)options + row->at) = true;
        return true;
    case TEXT:
        if (*value == '\0')
            return fail(why, row->name, "nothing follows it; write a value");
        *(const char **)((char *)options + row->at) = value;
        return true;
    case SIZE:
        return read_size(value, options) ||
               fail(why, row->name, "write WIDTHxHEIGHT, even numbers from 16 to 1920x1080");
    case FPS:
        if (!read_number(value, 1, 30, &number) || number != floor(number))
            return fail(why, row->name, "write a whole number from 1 to 30");
        options->fps = (int)number;
        return true;
    case SECONDS:
        return read_number(value, 0.1, 86400, &options->seconds) ||
               fail(why, row->name, "write a number of seconds from 0.1 to 86400");
    }
    return false;
}

static bool agree(const struct balint_options *options, char why[BALINT_OPTION_WHY])
{
    if (options->help)
        return true;
    if (options->link != NULL && options->link_file != NULL)
        return fail(why, "a link and --link-file", "choose one of them");
    if (options->link == NULL && options->link_file == NULL)
        return fail(why, "no link",
                    "give the invitation link; or - and write it as the first line; or --link-file");
    if (options->audio_file != NULL && options->audio_source != NULL)
        return fail(why, "--audio-file and --audio-source", "choose one of them");
    if (options->video_test && options->video_source != NULL)
        return fail(why, "--video-test and --video-source", "choose one of them");
    if (options->no_audio_out && options->audio_sink != NULL)
        return fail(why, "--no-audio-out and --audio-sink", "choose one of them");
    return true;
}

bool balint_options_read(int argc, char **argv, bool testing, struct balint_options *options,
                         char why[BALINT_OPTION_WHY])
{
    *options = (struct balint_options){.width = 320, .height = 180, .fps = 15};
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i], *equals = strchr(word, '=');
        if (word[0] != '-' || word[1] == '\0') {
            if (options->link != NULL)
                return fail(why, "a second word without an option",
                            "one link is enough; put options' values behind their options");
            options->link = word;
            continue;
        }
        size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
        const struct option_row *row = NULL;
        for (size_t r = 0; r < ROWS && row == NULL; r++)
            if ((testing || !rows[r].testing) && strlen(rows[r].name) == length &&
                strncmp(rows[r].name, word, length) == 0)
                row = &rows[r];
        if (row == NULL)
            return fail(why, word, "unknown option; \"balint join --help\" shows those there are");
        const char *value = equals != NULL ? equals + 1 : NULL;
        if (row->kind == FLAG && value != NULL)
            return fail(why, row->name, "it takes no value; leave it out");
        if (row->kind != FLAG && value == NULL && ++i >= argc)
            return fail(why, row->name, "nothing follows it; write a value");
        if (!set(row, value != NULL ? value : argv[i], options, why))
            return false;
    }
    return agree(options, why);
}

void balint_options_help(FILE *out, bool testing)
{
    fputs(
        "Usage: balint join LINK|-|--link-file FILE [OPTION]...\n\n"
        "Joins a Balint group's session. LINK is your own invitation; with - it is read as the first line\n"
        "of the standard input. Who has no camera is heard, and the others see a plain picture; an observer\n"
        "needs no microphone either. Press h in the window, or here, for the keys.\n\n",
        out);
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].testing && !testing)
            continue;
        char head[48];
        snprintf(head, sizeof head, "%s%s%s", rows[i].name, rows[i].value != NULL ? " " : "",
                 rows[i].value != NULL ? rows[i].value : "");
        fprintf(out, "  %-28s %s\n", head, rows[i].text);
    }
}
