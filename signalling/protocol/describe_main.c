/* describe_main.c - balint-describe: keeps the generated parts of PROTOCOL.md equal to the code.
 *
 *   balint-describe --write FILE   replaces what stands between the markers
 *   balint-describe --check FILE   exit status 1, and a hint, when that would change anything
 *   balint-describe --dictionary   the fuzzer's dictionary on stdout
 *
 * A generated part stands between the lines `<!-- generated: NAME -->` and `<!-- /generated -->`. Built with
 * the tests, not installed. One thread.
 */
#include "protocol/messages.h"

#include <stdlib.h>
#include <string.h>

static const char close_mark[] = "<!-- /generated -->\n";

static const struct {
    const char *open_mark;
    void (*write)(FILE *out);
} parts[] = {
    {"<!-- generated: messages -->\n", balint_describe_messages},
    {"<!-- generated: limits -->\n", balint_describe_limits},
    {"<!-- generated: floor -->\n", balint_describe_floor},
    {"<!-- generated: phases -->\n", balint_describe_phases},
    {"<!-- generated: results -->\n", balint_describe_results},
};
#define PARTS (sizeof parts / sizeof *parts)

/* The whole file as a string, or NULL. */
static char *read_file(const char *path)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = fopen(path, "r");
    if (!file) {
        return NULL;
    }
    if (getdelim(&text, &length, '\0', file) < 0) {
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

/* Copies `text` to `out` with every generated part made anew. Returns how many there were, -1 when a part has
 * no end. */
static int renew(const char *text, FILE *out)
{
    int found = 0;
    while (*text) {
        size_t line = strcspn(text, "\n");
        line += text[line] == '\n';
        fwrite(text, 1, line, out);
        for (size_t i = 0; i < PARTS; i++) {
            if (line != strlen(parts[i].open_mark) || strncmp(text, parts[i].open_mark, line) != 0) {
                continue;
            }
            const char *end = strstr(text, close_mark);
            if (!end) {
                return -1;
            }
            fputc('\n', out);
            parts[i].write(out);
            fprintf(out, "\n%s", close_mark);
            line = (size_t)(end - text) + strlen(close_mark);
            found++;
            break;
        }
        text += line;
    }
    return found;
}

static int keep(const char *path, bool write)
{
    char *text = read_file(path), *fresh = NULL;
    size_t length = 0;
    FILE *out = text ? open_memstream(&fresh, &length) : NULL;
    int found = out ? renew(text, out) : 0;
    bool whole = out && fclose(out) == 0 && found == (int)PARTS;
    int status = 1;
    if (!text) {
        fprintf(stderr, "balint-describe: cannot read %s; give the path of PROTOCOL.md\n", path);
    } else if (!whole) {
        fprintf(stderr,
                "balint-describe: %s has to have each of its %zu generated parts once, with its end\n", path,
                PARTS);
    } else if (strcmp(text, fresh) == 0) {
        status = 0;
    } else if (!write) {
        fprintf(stderr, "balint-describe: %s differs from the code; run: balint-describe --write %s\n", path,
                path);
    } else {
        FILE *file = fopen(path, "w");
        bool written = file && fwrite(fresh, 1, length, file) == length;
        written = file && fclose(file) == 0 && written;
        status = written ? 0 : 1;
        if (!written) {
            fprintf(stderr, "balint-describe: cannot write %s; check its permissions\n", path);
        }
    }
    free(text);
    free(fresh);
    return status;
}

int main(int argc, char **argv)
{
    if (argc == 3 && (strcmp(argv[1], "--write") == 0 || strcmp(argv[1], "--check") == 0)) {
        return keep(argv[2], strcmp(argv[1], "--write") == 0);
    }
    if (argc == 2 && strcmp(argv[1], "--dictionary") == 0) {
        balint_describe_dictionary(stdout);
        return 0;
    }
    fprintf(stderr, "usage: balint-describe --write FILE | --check FILE | --dictionary\n");
    return 2;
}
