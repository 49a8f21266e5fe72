/* config.c - the server's settings, see config.h.
 *
 * Three passes over the same table, the strongest first; a setting that is already set is left alone. So the
 * precedence is in the order of three calls, not in comparisons.
 */
#include "server/config.h"
#include "protocol/limits.h"
#include "server/frame/keep.h"
#include "server/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_SIZE 64
#define LINE_SIZE (PATH_MAX + NAME_SIZE)

struct setting {
    const char *name;
    size_t offset, size; /* of a text; size 0: a number */
    long min, max, initial;
    const char *value; /* of --help */
    const char *about;
};
#define TEXT(member)                                                                                         \
    offsetof(struct balint_config, member), sizeof(((struct balint_config *)0)->member), 0, 0, 0
#define NUMBER(member, least, most, start) offsetof(struct balint_config, member), 0, least, most, start
static const struct setting settings[] = {
    {"listen", TEXT(listen), "HOST:PORT", "where to listen (127.0.0.1:8470; port 0: any free one)"},
    {"data", TEXT(data), "DIR", "folder for database and keys"},
    {"cert", TEXT(cert), "FILE", "TLS certificate chain, PEM; needed everywhere but on loopback"},
    {"key", TEXT(key), "FILE", "its private key, PEM"},
    {"url", TEXT(url), "URL", "the server's address in invitations (https://host[:port])"},
    {"allow-origin", TEXT(allow_origin), "ORIGINS",
     "further sites whose pages may call (https://a.example ...)"},
    {"rate", NUMBER(rate, 1, 100000, BALINT_RATE_PER_S), "N", "messages a second of one client"},
    {"connections-per-address", NUMBER(connections_per_address, 1, 1000000, BALINT_CONNECTIONS_PER_IP), "N",
     "a district may share one address"},
    {"silent-ms", NUMBER(silent_ms, 1000, 3600000, BALINT_SILENT_MS), "N",
     "after so long without a word a connection is given up"},
    {"queue-bytes", NUMBER(queue_bytes, BALINT_STATE_SIZE, 1 << 30, BALINT_QUEUE_BYTES), "N",
     "what may wait for one client"},
    {"attendance-days", NUMBER(attendance_days, 1, 3650, BALINT_ATTENDANCE_DAYS), "N",
     "how long attendance, dates and follow-ups are kept"},
    {"technical-days", NUMBER(technical_days, 1, 365, BALINT_TECHNICAL_DAYS), "N",
     "how long an invitation that has ended is kept"},
    {"config", TEXT(config), "FILE", "settings as lines `name = value`"},
};
#define SETTINGS       (sizeof settings / sizeof settings[0])
#define DEFAULT_LISTEN "127.0.0.1:8470"

struct reading {
    struct balint_config *config;
    uint32_t set; /* bit i: settings[i] has its value */
    char *why;
};

__attribute__((format(printf, 2, 3))) static bool refuse(const struct reading *reading, const char *format,
                                                         ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(reading->why, BALINT_WHY_SIZE, format, args);
    va_end(args);
    return false;
}

static int find(const char *name)
{
    for (size_t i = 0; i < SETTINGS; i++)
        if (strcmp(settings[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* Sets settings[index] to `value`; `where` is how a person would find it ("--rate", "server.conf:3: rate").
 */
static bool set(struct reading *reading, int index, const char *value, const char *where)
{
    const struct setting *setting = &settings[index];
    char *at = (char *)reading->config + setting->offset;
    if (setting->size > 0) {
        if (value[0] == '\0')
            return refuse(reading, "%s has no value. Write %s %s, or leave it out.", where, setting->name,
                          setting->value);
        if (strlen(value) >= setting->size)
            return refuse(reading, "%s is too long (at most %zu characters).", where, setting->size - 1);
        memcpy(at, value, strlen(value) + 1);
    } else {
        char *end;
        errno = 0;
        long number = strtol(value, &end, 10);
        if (errno != 0 || end == value || *end != '\0' || number < setting->min || number > setting->max)
            return refuse(reading, "%s must be a whole number from %ld to %ld, not \"%.40s\".", where,
                          setting->min, setting->max, value);
        *(int *)(void *)at = (int)number;
    }
    reading->set |= 1u << index;
    return true;
}

/* An option of a subcommand; which command takes it is judged there. */
static bool read_option(struct reading *reading, const struct balint_option_about *about, const char *value,
                        int argc, const char *const *argv, int *at)
{
    struct balint_config *config = reading->config;
    for (int i = 0; i < config->option_count; i++)
        if (strcmp(config->options[i].name, about->name) == 0)
            return refuse(reading, "--%s is there twice. Leave one out.", about->name);
    if (config->option_count == BALINT_OPTIONS)
        return refuse(reading, "There are too many options. See balint-server --help.");
    if (about->value == NULL && value != NULL)
        return refuse(reading, "--%s takes no value. Write it alone.", about->name);
    if (about->value != NULL && value == NULL && ++*at == argc)
        return refuse(reading, "--%s needs a value: --%s %s.", about->name, about->name, about->value);
    if (about->value != NULL && value == NULL)
        value = argv[*at];
    config->options[config->option_count++] = (struct balint_option){about->name, value};
    return true;
}

static bool read_flag(struct reading *reading, int argc, const char *const *argv, int *at)
{
    const char *flag = argv[*at] + 2, *equals = strchr(flag, '=');
    char name[NAME_SIZE], where[NAME_SIZE + 2];
    size_t length = equals != NULL ? (size_t)(equals - flag) : strlen(flag);
    if (length >= sizeof name)
        return refuse(reading, "There is no option of that name. See balint-server --help.");
    memcpy(name, flag, length);
    name[length] = '\0';
    snprintf(where, sizeof where, "--%s", name);
    int index = find(name);
    const struct balint_option_about *about = balint_option_find(name);
    if (index < 0 && about != NULL)
        return read_option(reading, about, equals != NULL ? equals + 1 : NULL, argc, argv, at);
    if (index < 0)
        return refuse(reading, "There is no option %s. See balint-server --help.", where);
    if ((reading->set & 1u << index) != 0)
        return refuse(reading, "%s is there twice. Leave one out.", where);
    if (equals != NULL)
        return set(reading, index, equals + 1, where);
    if (++*at == argc)
        return refuse(reading, "%s needs a value: %s %s.", where, where, settings[index].value);
    return set(reading, index, argv[*at], where);
}

static bool read_flags(struct reading *reading, int argc, const char *const *argv)
{
    struct balint_config *config = reading->config;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            config->help = true;
        } else if (strcmp(argv[i], "--version") == 0) {
            config->version = true;
        } else if (strncmp(argv[i], "--", 2) == 0 && argv[i][2] != '\0') {
            if (!read_flag(reading, argc, argv, &i))
                return false;
        } else if (argv[i][0] == '-') {
            return refuse(reading, "There is no option %s. See balint-server --help.", argv[i]);
        } else if (config->word_count == BALINT_WORDS) {
            return refuse(reading, "There are too many words. See balint-server --help.");
        } else {
            config->words[config->word_count++] = argv[i];
        }
    }
    if (config->option_count > 0 && config->word_count == 0 && !config->help)
        return refuse(reading, "There is no option --%s of the server itself. See balint-server --help.",
                      config->options[0].name);
    return true;
}

/* BALINT_SILENT_MS for silent-ms. */
static void variable_of(const char *name, char variable[NAME_SIZE])
{
    int length = snprintf(variable, NAME_SIZE, "BALINT_%s", name);
    for (int i = 0; i < length; i++)
        variable[i] = variable[i] == '-' ? '_' : (char)toupper((unsigned char)variable[i]);
}

static bool read_environment(struct reading *reading, balint_env_fn env)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        char variable[NAME_SIZE];
        variable_of(settings[i].name, variable);
        const char *value = env(variable);
        /* An empty variable is an unset one, as shells have it. */
        if (value != NULL && value[0] != '\0' && (reading->set & 1u << i) == 0 &&
            !set(reading, (int)i, value, variable))
            return false;
    }
    return true;
}

static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        text[--length] = '\0';
    return text;
}

static bool read_line(struct reading *reading, char *line, const char *file, int number, uint32_t *seen)
{
    char where[PATH_MAX + 2 * NAME_SIZE];
    char *name = trim(line);
    if (name[0] == '\0' || name[0] == '#')
        return true;
    char *equals = strchr(name, '=');
    if (equals == NULL)
        return refuse(reading, "%s:%d: this is not a line `name = value`.", file, number);
    *equals = '\0';
    char *value = trim(equals + 1);
    name = trim(name);
    int index = find(name);
    if (index < 0 || strcmp(name, "config") == 0)
        return refuse(reading,
                      "%s:%d: there is no setting \"%.*s\". See balint-server --help for their names.", file,
                      number, NAME_SIZE, name);
    snprintf(where, sizeof where, "%s:%d: %s", file, number, name);
    if ((*seen & 1u << index) != 0)
        return refuse(reading, "%s is there twice. Leave one out.", where);
    *seen |= 1u << index;
    if ((reading->set & 1u << index) != 0)
        return true; /* a flag or a variable said it */
    return set(reading, index, value, where);
}

static bool read_file(struct reading *reading)
{
    const char *file = reading->config->config;
    if (file[0] == '\0')
        return true;
    FILE *in = fopen(file, "re");
    if (in == NULL)
        return refuse(reading, "%s cannot be read (%s). Check the path of --config.", file, strerror(errno));
    char line[LINE_SIZE];
    uint32_t seen = 0;
    bool ok = true;
    for (int number = 1; ok && fgets(line, sizeof line, in) != NULL; number++) {
        if (strchr(line, '\n') == NULL && !feof(in))
            ok = refuse(reading, "%s:%d: this line is too long.", file, number);
        else
            ok = read_line(reading, line, file, number, &seen);
    }
    if (ok && ferror(in))
        ok = refuse(reading, "%s cannot be read (%s). Check the path of --config.", file, strerror(errno));
    fclose(in);
    return ok;
}

static bool choose_data(struct reading *reading, balint_env_fn env)
{
    struct balint_config *config = reading->config;
    const char *xdg = env("XDG_DATA_HOME"), *home = env("HOME");
    if (config->data[0] != '\0')
        return true;
    int made = -1;
    if (geteuid() == 0)
        made = snprintf(config->data, sizeof config->data, "/var/lib/balint");
    else if (xdg != NULL && xdg[0] == '/')
        made = snprintf(config->data, sizeof config->data, "%s/balint-server", xdg);
    else if (home != NULL && home[0] == '/')
        made = snprintf(config->data, sizeof config->data, "%s/.local/share/balint-server", home);
    if (made < 0 || (size_t)made >= sizeof config->data)
        return refuse(reading, "There is no place for the data. Say one with --data DIR.");
    return true;
}

/* Is it a list of origins as browsers write them, RFC 6454 6.2: scheme, host, port, and nothing after? */
static bool are_origins(const char *list)
{
    while (*list != '\0') {
        list += strspn(list, ", \t");
        size_t length = strcspn(list, ", \t");
        size_t scheme = strncmp(list, "https://", 8) == 0 ? 8 : strncmp(list, "http://", 7) == 0 ? 7 : 0;
        if (length > 0 &&
            (scheme == 0 || length == scheme || strcspn(list + scheme, "/*?#@") < length - scheme))
            return false;
        list += length;
    }
    return true;
}

bool balint_config_read(struct balint_config *config, int argc, const char *const *argv, balint_env_fn env,
                        char why[BALINT_WHY_SIZE])
{
    struct reading reading = {.config = config, .why = why};
    memset(config, 0, sizeof *config);
    strcpy(config->listen, DEFAULT_LISTEN);
    for (size_t i = 0; i < SETTINGS; i++)
        if (settings[i].size == 0)
            *(int *)(void *)((char *)config + settings[i].offset) = (int)settings[i].initial;
    if (!read_flags(&reading, argc, argv))
        return false;
    if (config->help || config->version)
        return true;
    if (!read_environment(&reading, env) || !read_file(&reading) || !choose_data(&reading, env))
        return false;
    if ((config->cert[0] == '\0') != (config->key[0] == '\0'))
        return refuse(&reading, "A certificate needs its key: give both --cert FILE and --key FILE.");
    if (!are_origins(config->allow_origin))
        return refuse(&reading,
                      "--allow-origin takes sites as https://a.example, split by blanks, nothing after "
                      "host and port.");
    if (config->url[0] != '\0' && strncmp(config->url, "https://", 8) != 0 &&
        strncmp(config->url, "http://", 7) != 0)
        return refuse(&reading, "--url must begin with https:// (or http:// on this machine alone).");
    return true;
}

void balint_config_help(FILE *out)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        char left[NAME_SIZE];
        snprintf(left, sizeof left, "--%s %s", settings[i].name, settings[i].value);
        fprintf(out, "  %-28s %s\n", left, settings[i].about);
    }
}
