/* command.c - what is common to the subcommands, see command.h. */
#include "server/command.h"
#include "server/folder.h"
#include "server/options.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* ---- for the commands */
const char *balint_call_option(const struct balint_call *call, const char *name)
{
    for (int i = 0; i < call->config->option_count; i++)
        if (strcmp(call->config->options[i].name, name) == 0)
            return call->config->options[i].value != NULL ? call->config->options[i].value : "";
    return NULL;
}

bool balint_call_number(struct balint_call *call, const char *name, int min, int max, int *number)
{
    const char *text = balint_call_option(call, name);
    char *end;
    if (text == NULL)
        return true;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < min || value > max)
        return balint_call_refuse(call, "--%s must be a whole number from %d to %d, not \"%.40s\".", name,
                                  min, max, text);
    *number = (int)value;
    return true;
}

bool balint_call_refuse(struct balint_call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(call->why, BALINT_WHY_SIZE, format, args);
    va_end(args);
    return false;
}

/* One line; what was typed and is quoted in it cannot break it, nor steer the terminal. */
static void say(const char *text)
{
    fputs("balint-server: ", stderr);
    for (const char *c = text; *c != '\0'; c++)
        fputc((unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c, stderr);
    fputc('\n', stderr);
}

void balint_call_note(const char *format, ...)
{
    char text[BALINT_WHY_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    say(text);
}

bool balint_call_print(struct balint_call *call, json_t *document)
{
    bool ok = document != NULL && json_dumpf(document, stdout, JSON_INDENT(2)) == 0;
    json_decref(document);
    if (!ok)
        return balint_call_refuse(call, "There is no memory left, or nobody takes the answer.");
    putchar('\n');
    return true;
}

/* ---- which command */
/* Is `words` what `list` is, word for word? Returns how many, 0 when it is not. */
static int matches(const char *list, const char *const *words, int count)
{
    int matched = 0;
    while (*list != '\0') {
        size_t length = strcspn(list, " ");
        if (matched == count || strlen(words[matched]) != length ||
            strncmp(list, words[matched], length) != 0)
            return 0;
        matched++;
        list += length + strspn(list + length, " ");
    }
    return matched;
}

static int words_of(const char *list)
{
    int count = 0;
    while (*list != '\0') {
        size_t length = strcspn(list, " ");
        count++;
        list += length + strspn(list + length, " ");
    }
    return count;
}

/* `name_words`: of how many words the name of the command found is. */
static const struct balint_command *find(const struct balint_config *config, int *name_words)
{
    for (int i = 0; i < balint_command_count; i++)
        if ((*name_words = matches(balint_commands[i].name, config->words, config->word_count)) > 0)
            return &balint_commands[i];
    return NULL;
}

static bool lists(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static void print_usage(FILE *out, const struct balint_command *command)
{
    const char *at = command->options;
    fprintf(out, "balint-server %s%s%s", command->name, command->words[0] != '\0' ? " " : "", command->words);
    while (*at != '\0') {
        char name[32];
        size_t length = strcspn(at, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        const struct balint_option_about *about = balint_option_find(name);
        fprintf(out, about != NULL && about->value != NULL ? " [--%s %s]" : " [--%s]", name,
                about != NULL ? about->value : "");
        at += length + strspn(at + length, " ");
    }
    fputs(" [--json] [--data DIR]", out);
}

/* ---- help */
static void help_of(const struct balint_command *command)
{
    const char *at = command->options;
    print_usage(stdout, command);
    printf("\n\n%s%s\n", command->about, command->more != NULL ? "\n" : "");
    if (command->more != NULL)
        puts(command->more);
    while (*at != '\0') {
        char name[32], left[64];
        size_t length = strcspn(at, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        const struct balint_option_about *about = balint_option_find(name);
        snprintf(left, sizeof left, "--%s %s", name,
                 about != NULL && about->value != NULL ? about->value : "");
        printf("  %-24s %s\n", left, about != NULL ? about->about : "");
        at += length + strspn(at + length, " ");
    }
}

void balint_command_help(const struct balint_config *config)
{
    int name_words;
    const struct balint_command *command = find(config, &name_words);
    if (command != NULL) {
        help_of(command);
        return;
    }
    for (int i = 0; i < balint_command_count; i++) {
        char left[96];
        snprintf(left, sizeof left, "%s %s", balint_commands[i].name, balint_commands[i].words);
        printf("  %-32s %s\n", left, balint_commands[i].about);
    }
}

/* ---- running */
static bool takes_its_options(const struct balint_command *command, const struct balint_config *config)
{
    for (int i = 0; i < config->option_count; i++) {
        const char *name = config->options[i].name;
        if (strcmp(name, "json") != 0 && !lists(command->options, name)) {
            fprintf(stderr, "balint-server: %s takes no --%s. See balint-server %s --help.\n", command->name,
                    name, command->name);
            return false;
        }
    }
    return true;
}

/* Is there a group where the command's words say GROUP? */
static bool has_group(struct balint_call *call)
{
    struct balint_store_group group;
    if (call->command->makes || strncmp(call->command->words, "GROUP", 5) != 0)
        return true;
    switch (balint_store_group(call->store, call->words[0], &group)) {
    case BALINT_STORED:
        return true;
    case BALINT_NOT_STORED:
        return balint_call_refuse(call, "There is no group \"%s\". `balint-server group list` shows them.",
                                  call->words[0]);
    default:
        return balint_store_cannot(call->store, call->why);
    }
}

/* Opens the data folder's database, unless the command needs none. */
static bool open_store(struct balint_call *call, bool *fresh)
{
    const char *data = call->config->data;
    if (call->command->bare)
        return true;
    *fresh = !balint_store_is_there(data);
    if (*fresh && !call->command->makes) /* a mistyped --data: not the place to make one */
        return balint_call_refuse(
            call, "No balint-server has kept groups in %s. Check --data, or group add one.", data);
    call->store = balint_folder_make(data, call->why) ? balint_store_open(data, call->why) : NULL;
    return call->store != NULL;
}

int balint_command_run(const struct balint_config *config)
{
    char why[BALINT_WHY_SIZE] = "";
    int name_words;
    bool fresh = false;
    const struct balint_command *command = find(config, &name_words);
    if (command == NULL) {
        balint_call_note("There is no subcommand \"%.40s%s%.40s\". See balint-server --help.",
                         config->words[0], config->word_count > 1 ? " " : "",
                         config->word_count > 1 ? config->words[1] : "");
        return 2;
    }
    if (config->word_count - name_words != words_of(command->words)) {
        fputs("balint-server: Write ", stderr);
        print_usage(stderr, command);
        fputs(".\n", stderr);
        return 2;
    }
    if (!takes_its_options(command, config))
        return 2;
    if (command->makes && !balint_group_ok(config->words[name_words])) { /* before a folder is made for it */
        const char *name = config->words[name_words];
        if (name[0] == '\0')
            balint_call_note("A group needs a name, and \"\" is none. Use letters, digits and spaces.");
        else
            balint_call_note("\"%.70s\" cannot be a group's name. Use up to 64 bytes of letters, digits and "
                             "spaces.",
                             name);
        return 1;
    }
    umask(077);
    struct balint_call call = {.command = command,
                               .config = config,
                               .words = config->words + name_words,
                               .now_s = time(NULL),
                               .why = why};
    call.json = balint_call_option(&call, "json") != NULL;
    bool ok = open_store(&call, &fresh) && has_group(&call) && command->run(&call);
    balint_store_close(call.store);
    if (ok && fflush(stdout) != 0)
        ok = balint_call_refuse(&call, "The answer cannot be written (%s).", strerror(errno));
    if (!ok)
        say(why);
    else if (fresh) /* on stderr: stdout is the code */
        balint_call_note(
            "%s was made just now. If a server runs already, this is not its folder: check --data.",
            config->data);
    return ok ? 0 : 1;
}
