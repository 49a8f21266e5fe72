/* invite_options.c - the command lines of `balint invite`, `revoke` and `renew`, see invite_options.h. */
#include "client/invite_options.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { INVITE = 1, REVOKE = 2, RENEW = 4, ALL = 7 };
enum kind { TEXT, ROLE, FROM, UNTIL, COUNT, FLAG };

#define AT(field) offsetof(struct balint_invite_options, field)
static const struct row {
    const char *name, *value, *about;
    int verbs;
    enum kind kind;
    size_t at; /* of TEXT and FLAG */
} rows[] = {
    {"--group", "G", "the group", ALL, TEXT, AT(group)},
    {"--role", "ROLE", "leader, co-leader, member or observer", INVITE, ROLE, 0},
    {"--name", "N", "the person's name, as all will see it", ALL, TEXT, AT(name)},
    {"--member", "M", "the person's id, when two have the same name", REVOKE | RENEW, TEXT, AT(member)},
    {"--from", "DATE", "from when the link opens (now): YYYY-MM-DD or YYYY-MM-DDTHH:MM", INVITE | RENEW, FROM,
     0},
    {"--until", "DATE", "until when (400 days from now); a day counts to its end", INVITE | RENEW, UNTIL, 0},
    {"--count", "N", "so many links; the names are numbered", INVITE, COUNT, 0},
    {"--json", NULL, "print an array of name, role, member, link, from, until", INVITE | RENEW, FLAG,
     AT(json)},
    {"--server", "URL|HOST:PORT", "the group's server; remembered for the next time", ALL, TEXT, AT(server)},
    {"--data", "DIR", "the data folder of a server on this machine", ALL, TEXT, AT(data)},
    {"--found", "CODE", "found the group with the code of `balint-server group add`", INVITE, TEXT,
     AT(found)},
    {"--new-root", NULL,
     "give the group a new key (with the code of `balint-server group renew`): all older links end", INVITE,
     FLAG, AT(new_root)},
    {"--ca", "FILE", "trust this certificate authority (PEM) for the server", ALL, TEXT, AT(ca)},
    {"--passphrase-file", "F|-", "the first line is the passphrase of the group's key, if it has one", ALL,
     TEXT, AT(passphrase_file)},
    {"--help", NULL, "this text", ALL, FLAG, AT(help)},
};
#define ROWS (sizeof rows / sizeof *rows)

static const char *const verb_names[] = {"invite", "revoke", "renew"};

/* Two digits at `text`, or -1. */
static int two(const char *text)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return -1;
    return (text[0] - '0') * 10 + text[1] - '0';
}

/* Reads HH:MM[:SS] into `when`, moving `*at` behind it. */
static bool read_clock(const char **at, struct tm *when)
{
    const char *text = *at;
    when->tm_hour = two(text);
    if (when->tm_hour < 0 || text[2] != ':')
        return false;
    when->tm_min = two(text + 3);
    if (when->tm_min < 0)
        return false;
    *at = text + 5;
    if ((*at)[0] == ':') {
        when->tm_sec = two(*at + 1);
        if (when->tm_sec < 0)
            return false;
        *at += 3;
    }
    return when->tm_hour < 24 && when->tm_min < 60 && when->tm_sec < 60;
}

/* Z, +HH:MM or -HH:MM as seconds east of Greenwich. */
static bool read_zone(const char *text, long *east_s)
{
    *east_s = 0;
    if (strcmp(text, "Z") == 0)
        return true;
    if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return false;
    int hours = two(text + 1), minutes = two(text + 4);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
        return false;
    *east_s = (hours * 60L + minutes) * 60 * (text[0] == '-' ? -1 : 1);
    return true;
}

bool balint_date_read(const char *text, bool end, int64_t *time_s)
{
    struct tm when = {0}, day;
    long east_s = 0;
    bool zoned = false;
    int century = strlen(text) < 10 ? -1 : two(text), year = century < 0 ? -1 : two(text + 2);
    int month = year < 0 || text[4] != '-' ? -1 : two(text + 5);
    when.tm_mday = month < 0 || text[7] != '-' ? -1 : two(text + 8);
    if (when.tm_mday < 1 || month < 1 || month > 12)
        return false;
    when.tm_year = century * 100 + year - 1900;
    when.tm_mon = month - 1;
    day = when;
    time_t noon = timegm(&day); /* normalises: the 31st of February becomes another day */
    if (noon < 0 || day.tm_mday != when.tm_mday || day.tm_mon != when.tm_mon)
        return false;
    const char *rest = text + 10;
    if (*rest == '\0') {
        when.tm_mday += end;
    } else {
        if (*rest != 'T' && *rest != 't' && *rest != ' ')
            return false;
        rest++;
        if (!read_clock(&rest, &when))
            return false;
        zoned = *rest != '\0';
        if (zoned && !read_zone(rest, &east_s))
            return false;
    }
    when.tm_isdst = -1;
    time_t made = zoned ? timegm(&when) - east_s : mktime(&when);
    if (made < 0)
        return false;
    *time_s = made;
    return true;
}

static bool read_role(const char *text, enum balint_role *role)
{
    for (int i = 0; i < BALINT_ROLES; i++)
        if (strcmp(text, balint_role_name((enum balint_role)i)) == 0) {
            *role = (enum balint_role)i;
            return true;
        }
    return false;
}

static bool read_value(const struct row *row, const char *value, struct balint_invite_options *options,
                       char why[BALINT_WHY])
{
    char *end;
    long count;
    switch (row->kind) {
    case ROLE:
        return read_role(value, &options->role) ||
               balint_why(why, "--role must be leader, co-leader, member or observer.");
    case FROM:
        return balint_date_read(value, false, &options->from_s) ||
               balint_why(why, "--from is no date. Write YYYY-MM-DD or YYYY-MM-DDTHH:MM.");
    case UNTIL:
        return balint_date_read(value, true, &options->until_s) ||
               balint_why(why, "--until is no date. Write YYYY-MM-DD or YYYY-MM-DDTHH:MM.");
    case COUNT:
        count = strtol(value, &end, 10);
        if (end == value || *end != '\0' || count < 1 || count > BALINT_INVITE_MAX)
            return balint_why(why, "--count must be a whole number from 1 to %d.", BALINT_INVITE_MAX);
        options->count = (int)count;
        return true;
    case TEXT:
        if (value[0] == '\0')
            return balint_why(why, "%s is empty. Write %s %s, or leave it out.", row->name, row->name,
                              row->value);
        memcpy((char *)options + row->at, &value, sizeof value);
        return true;
    case FLAG:
        break;
    }
    *(bool *)(void *)((char *)options + row->at) = true;
    return true;
}

static bool read_words(int argc, char **argv, enum balint_invite_verb verb,
                       struct balint_invite_options *options, unsigned *seen, char why[BALINT_WHY])
{
    for (int i = 1; i < argc; i++) {
        size_t index = 0;
        const char *equals = strchr(argv[i], '=');
        size_t length = equals != NULL ? (size_t)(equals - argv[i]) : strlen(argv[i]);
        while (index < ROWS && ((rows[index].verbs & 1 << verb) == 0 || strlen(rows[index].name) != length ||
                                strncmp(argv[i], rows[index].name, length) != 0))
            index++;
        if (index == ROWS)
            return balint_why(why, "\"%.60s\" is not known here. balint %s --help says what is.", argv[i],
                              verb_names[verb]);
        const struct row *row = &rows[index];
        if ((*seen & 1u << index) != 0)
            return balint_why(why, "%s is there twice. Leave one out.", row->name);
        *seen |= 1u << index;
        if ((row->kind == FLAG && equals != NULL) || (row->kind != FLAG && equals == NULL && i + 1 == argc))
            return row->kind == FLAG
                       ? balint_why(why, "%s takes no value. Write it alone.", row->name)
                       : balint_why(why, "%s needs a value: %s %s.", row->name, row->name, row->value);
        const char *value = equals != NULL ? equals + 1 : row->kind == FLAG ? "" : argv[++i];
        if (!read_value(row, value, options, why))
            return false;
    }
    return true;
}

/* A name, and with --count the longest numbered one. */
static bool judge_name(const struct balint_invite_options *options, char why[BALINT_WHY])
{
    char last[BALINT_NAME_SIZE];
    int made = options->count == 0 ? snprintf(last, sizeof last, "%s", options->name)
                                   : snprintf(last, sizeof last, "%s %d", options->name, options->count);
    if (made < 0 || (size_t)made >= sizeof last)
        return balint_why(why, "The name is too long. Use at most %d bytes.",
                          BALINT_NAME_SIZE - 1 - (options->count == 0 ? 0 : 4));
    if (!balint_name_ok(last))
        return balint_why(
            why, "The name must be plain text (UTF-8) without control characters or invisible ones.");
    if (!balint_name_trim(options->name))
        return balint_why(
            why, "The name begins or ends with a blank, which nobody sees. Write it without outer blanks.");
    return true;
}

static bool judge_times(const struct balint_invite_options *options, int64_t now_s, char why[BALINT_WHY])
{
    if (options->until_s <= now_s)
        return balint_why(why, "--until is over already. Choose a later one.");
    if (options->until_s <= options->from_s)
        return balint_why(why, "--until lies before --from. Exchange or correct them.");
    return true;
}

static bool judge_invite(const struct balint_invite_options *options, unsigned seen, int64_t now_s,
                         char why[BALINT_WHY])
{
    if (options->name == NULL)
        return balint_why(why, "Whom is it for? Say --name N.");
    if ((seen & 1u << 1) == 0) /* the row of --role */
        return balint_why(why, "In which role? Say --role leader, co-leader, member or observer.");
    if (!judge_name(options, why) || !judge_times(options, now_s, why))
        return false;
    if (options->found != NULL && (strlen(options->found) >= BALINT_ID_SIZE ||
                                   options->found[strspn(options->found, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                                         "abcdefghijklmnopqrstuvwxyz"
                                                                         "0123456789-_")] != '\0'))
        return balint_why(why, "--found is no code of `balint-server group add`. Copy it again.");
    if (options->new_root && options->found == NULL)
        return balint_why(
            why, "A new key needs a code: run `balint-server group renew` for the group on its server, "
                 "and say --found CODE.");
    if (options->new_root && options->role != BALINT_LEADER)
        return balint_why(why, "The first link of a new key is the leader's own. Say --role leader.");
    return true;
}

bool balint_invite_options_read(int argc, char **argv, enum balint_invite_verb verb, int64_t now_s,
                                struct balint_invite_options *options, char why[BALINT_WHY])
{
    unsigned seen = 0;
    *options = (struct balint_invite_options){.from_s = now_s - BALINT_INVITE_SKEW,
                                              .until_s = now_s + BALINT_INVITE_DAYS * INT64_C(86400)};
    if (!read_words(argc, argv, verb, options, &seen, why))
        return false;
    if (options->help)
        return true;
    if (options->group == NULL)
        return balint_why(why, "Which group? Say --group G.");
    if (strlen(options->group) >= BALINT_NAME_SIZE)
        return balint_why(why, "The group's name is too long. Use at most %d bytes.", BALINT_NAME_SIZE - 1);
    if (!balint_group_ok(options->group))
        return balint_why(why, "The group's name must be plain text (UTF-8), not just dots.");
    if (verb == BALINT_VERB_INVITE)
        return judge_invite(options, seen, now_s, why);
    if ((options->name == NULL) == (options->member == NULL))
        return balint_why(why, "Whose invitation? Say --name N, or --member M when two have the same name.");
    return verb != BALINT_VERB_RENEW || judge_times(options, now_s, why);
}

void balint_invite_options_help(FILE *out, enum balint_invite_verb verb)
{
    static const char *const heads[] = {
        "balint invite --group G --role ROLE --name N [OPTION…]\n"
        "Makes an invitation link for one person; the leader runs it.\n\n",
        "balint revoke --group G --name N|--member M [OPTION…]\n"
        "Ends a person's invitation.\n\n",
        "balint renew --group G --name N|--member M [OPTION…]\n"
        "Makes a new link for a person who was invited; the older ones end.\n\n",
    };
    fputs(heads[verb], out);
    for (size_t i = 0; i < ROWS; i++)
        if ((rows[i].verbs & 1 << verb) != 0) {
            char option[48];
            snprintf(option, sizeof option, "%s%s%s", rows[i].name, rows[i].value != NULL ? " " : "",
                     rows[i].value != NULL ? rows[i].value : "");
            fprintf(out, "  %-24s %s\n", option, rows[i].about);
        }
}
