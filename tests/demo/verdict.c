/* verdict.c - reads the reports, judges, prints and writes report.json. */
#include <stdlib.h>
#include <string.h>

#include "demo/demo.h"
#include "demo/judge.h"

static double cpu_s(const struct demo_process *process)
{
    const struct rusage *usage = &process->usage;
    return (double)usage->ru_utime.tv_sec + (double)usage->ru_stime.tv_sec +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static void minutes(char text[32], int64_t ms)
{
    snprintf(text, 32, "%lld:%04.1f", (long long)(ms / 60000), (double)(int)(ms % 60000) / 1000.0);
}

/* How wide a column must be, in bytes, to be `columns` characters wide with this text (UTF-8) in it. */
static int width(const char *text, int columns)
{
    for (; *text != '\0'; text++)
        columns += ((unsigned char)*text & 0xc0) == 0x80;
    return columns;
}

static void print_table(const struct demo *demo, const struct demo_result *result)
{
    printf("\nThe discussion, %.1f s: who spoke how long, as the sound files say and as the leader's program "
           "measured"
           "\n\n%-22s %9s %9s %9s %9s   %s\n",
           (double)(result->discussion_end_ms - result->discussion_start_ms) / 1000.0, "", "spoken",
           "measured", "share", "measured", "let through of the presenter");
    for (int i = 0; i < result->count; i++) {
        const struct demo_row *row = &result->rows[i];
        char who[64], truth[32], measured[32];
        snprintf(who, sizeof who, "%s%s", demo->people[i].name,
                 row->leader      ? " (leader)"
                 : row->presenter ? " (presenter)"
                                  : "");
        minutes(truth, row->true_ms);
        minutes(measured, row->measured_ms);
        if (row->presenter)
            printf("%-*s %9s %9s %9s %9s   %s\n", width(who, 22), who, truth, measured, "-", "-",
                   "stepped back, talked on");
        else
            printf("%-*s %9s %9s %7.1f %% %7.1f %%   %lld ms\n", width(who, 22), who, truth, measured,
                   100 * row->true_share, 100 * row->measured_share, (long long)row->let_through_ms);
    }
    printf("\nMembers' shares are of the members' talk; the leader's is of all talk.\n");
}

static void print_programs(const struct demo *demo, const struct demo_result *result)
{
    printf("\n%-22s %13s %13s %10s %9s\n", "each client", "first sound", "first picture", "CPU", "memory");
    for (int i = 0; i < result->count; i++) {
        const struct demo_person *person = &demo->people[i];
        printf("%-*s %10lld ms %10lld ms %5.2f core %6ld MB\n", width(person->name, 22), person->name,
               (long long)result->rows[i].first_sound_ms, (long long)result->rows[i].first_picture_ms,
               cpu_s(&person->client) / demo->options.seconds, person->client.usage.ru_maxrss / 1024);
    }
    printf("First sound and picture of the last of the others since the own admission; CPU with joining.\n");
}

/* The truth of one person in session-clock ms. */
static json_t *truth_of(const struct demo_person *person, const struct demo_row *row)
{
    int64_t start_ms =
        json_integer_value(json_object_get(json_object_get(person->told, "self"), "source_start_ms"));
    json_t *spans = json_array();
    for (int i = 0; i < person->span_count; i++)
        json_array_append_new(spans, json_pack("[I, I]", (json_int_t)(person->spans[i].start_ms + start_ms),
                                               (json_int_t)(person->spans[i].end_ms + start_ms)));
    return json_pack("{s:s, s:I, s:f, s:o}", "name", person->name, "discussion_ms", (json_int_t)row->true_ms,
                     "share", row->true_share, "spans", spans);
}

static bool write_report(struct demo *demo, const struct demo_result *result)
{
    json_t *reports = json_object(), *truth = json_array(), *faults = json_array();
    for (int i = 0; i < result->count; i++) {
        json_object_set(reports, demo->people[i].id, demo->people[i].told);
        json_array_append_new(truth, truth_of(&demo->people[i], &result->rows[i]));
    }
    for (int i = 0; i < result->fault_count; i++)
        json_array_append_new(faults, json_string(result->faults[i]));
    json_t *root = json_pack("{s:i, s:f, s:i, s:o, s:o, s:o}", "schema", 1, "seconds", demo->options.seconds,
                             "people", result->count, "reports", reports, "truth", truth, "faults", faults);
    char path[600];
    snprintf(path, sizeof path, "%s/report.json", demo->options.out);
    bool ok = root != NULL && json_dump_file(root, path, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) == 0;
    json_decref(root);
    if (ok)
        printf("\nReports and truth: %s; the windows: %s/*/*.png\n", path, demo->options.out);
    else
        fprintf(stderr, "balint-demo: %s could not be written: give --out DIR\n", path);
    return ok;
}

bool demo_verdict(struct demo *demo)
{
    static struct demo_result result;
    struct demo_witness witnesses[DEMO_PEOPLE];
    for (int i = 0; i < demo->options.people; i++) {
        struct demo_person *person = &demo->people[i];
        person->told = json_load_file(person->report, 0, NULL);
        if (person->told == NULL)
            person->told = json_object();
        witnesses[i] = (struct demo_witness){person->name, person->told, person->spans, person->span_count};
    }
    demo_judge(witnesses, demo->options.people, demo->options.seconds, &result);
    print_table(demo, &result);
    print_programs(demo, &result);
    bool written = write_report(demo, &result);
    for (int i = 0; i < result.fault_count; i++)
        printf("WRONG: %s\n", result.faults[i]);
    if (result.fault_count == 0)
        printf("Everybody heard and saw everybody; nobody heard the presenter; every share is within %d "
               "points.\n",
               (int)(100 * DEMO_SHARE_OFF));
    return written && result.fault_count == 0;
}
