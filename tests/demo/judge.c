/* judge.c - compares. Pure. */
#include "demo/judge.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define HEARD_PART 0.5  /* of what somebody said, at least so much must have arrived */
#define HEARD_MS   1000 /* who said less is asked for any sound at all … */
#define SAID_MS    300  /* … and who said less than this, for nothing */

static void fault(struct demo_result *result, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fault(struct demo_result *result, const char *format, ...)
{
    va_list list;
    if (result->fault_count == 64)
        return;
    va_start(list, format);
    vsnprintf(result->faults[result->fault_count++], sizeof result->faults[0], format, list);
    va_end(list);
}

static int64_t number(const json_t *object, const char *key, int64_t otherwise)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

static const json_t *named(const json_t *list, const char *key, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *text = json_string_value(json_object_get(item, key));
        if (text != NULL && strcmp(text, name) == 0)
            return item;
    }
    return NULL;
}

/* Of one remote, over all phases, or over one. */
static int64_t counted(const json_t *remote, const char *phase, const char *what)
{
    const char *id;
    json_t *value;
    int64_t sum = 0;
    json_object_foreach(json_object_get(remote, "by_phase"), id, value)
    {
        if (phase == NULL || strcmp(phase, id) == 0)
            sum += number(value, what, 0);
    }
    return sum;
}

static int64_t started(const struct demo_witness *person)
{
    return number(json_object_get(person->report, "self"), "source_start_ms", -1);
}

/* What is true of one person. */
static void find_truth(const struct demo_witness *person, struct demo_row *row,
                       const struct demo_result *result)
{
    int64_t start_ms = started(person);
    const json_t *self = json_object_get(person->report, "self");
    int64_t left_ms = number(self, "left_ms", INT64_MAX / 4);
    if (start_ms < 0)
        return;
    row->true_ms = demo_truth_within(person->spans, person->span_count, start_ms, result->discussion_start_ms,
                                     result->discussion_end_ms);
    row->all_ms = demo_truth_within(person->spans, person->span_count, start_ms, start_ms, left_ms);
    if (row->presenter)
        row->all_ms -= row->true_ms;
}

/* Shares are of the members; the leader's is of all talk that could be heard. */
static void find_shares(struct demo_result *result, const json_t *balance)
{
    int64_t members_ms = 0, leaders_ms = 0;
    for (int i = 0; i < result->count; i++) {
        if (result->rows[i].leader)
            leaders_ms += result->rows[i].true_ms;
        else if (!result->rows[i].presenter)
            members_ms += result->rows[i].true_ms;
    }
    for (int i = 0; i < result->count; i++) {
        struct demo_row *row = &result->rows[i];
        int64_t whole_ms = row->leader ? members_ms + leaders_ms : members_ms;
        row->true_share = row->presenter || whole_ms == 0 ? 0.0 : (double)row->true_ms / (double)whole_ms;
        if (row->leader)
            row->measured_share = json_number_value(json_object_get(balance, "leaders_share"));
    }
}

static void find_measured(struct demo_row *row, const json_t *balance, const char *name)
{
    const json_t *measured = named(json_object_get(balance, "rows"), "name", name);
    row->measured = measured != NULL;
    row->measured_ms = number(measured, "spoken_ms", 0);
    row->measured_share = json_number_value(json_object_get(measured, "share"));
}

static void judge_pair(const struct demo_witness people[], int who, int other, double seconds,
                       struct demo_result *result)
{
    struct demo_row *row = &result->rows[who];
    const json_t *remote = named(json_object_get(people[who].report, "remotes"), "name", people[other].name);
    if (remote == NULL) {
        row->heard[other] = row->seen[other] = -1;
        fault(result, "%s never met %s", people[who].name, people[other].name);
        return;
    }
    row->heard[other] = (int)counted(remote, NULL, "sound_ms");
    row->seen[other] = (int)counted(remote, NULL, "frames");
    int64_t sound = number(remote, "first_sound_ms", -1), picture = number(remote, "first_picture_ms", -1);
    row->first_sound_ms = sound > row->first_sound_ms ? sound : row->first_sound_ms;
    row->first_picture_ms = picture > row->first_picture_ms ? picture : row->first_picture_ms;
    int64_t said = result->rows[other].all_ms;
    double least = said >= HEARD_MS ? (double)said * HEARD_PART : said >= SAID_MS ? 1.0 : 0.0;
    if (row->heard[other] < least)
        fault(result, "%s heard %d ms of the %lld ms that %s said", people[who].name, row->heard[other],
              (long long)said, people[other].name);
    if (row->seen[other] < seconds) /* on average a picture a second: a slow machine may drop most of them */
        fault(result, "%s saw %d pictures of %s", people[who].name, row->seen[other], people[other].name);
}

static void judge_presenter(const struct demo_witness people[], int who, struct demo_result *result)
{
    const json_t *remote =
        named(json_object_get(people[who].report, "remotes"), "name", people[DEMO_PRESENTER].name);
    struct demo_row *row = &result->rows[who];
    row->let_through_ms = remote != NULL ? counted(remote, "discussion", "sound_ms") : 0;
    if (row->let_through_ms > 0)
        fault(result, "%s heard %lld ms of the presenter who had stepped back", people[who].name,
              (long long)row->let_through_ms);
}

static void judge_share(const char *name, const struct demo_row *row, struct demo_result *result)
{
    if (row->presenter)
        return;
    if (!row->measured)
        fault(result, "the leader's balance does not know %s", name);
    else if (fabs(row->true_share - row->measured_share) > DEMO_SHARE_OFF)
        fault(result, "the share of %s was %.1f %%, measured %.1f %%", name, 100 * row->true_share,
              100 * row->measured_share);
}

void demo_judge(const struct demo_witness people[], int count, double seconds, struct demo_result *result)
{
    memset(result, 0, sizeof *result);
    result->count = count;
    const json_t *leader = people[DEMO_LEADER].report, *balance = json_object_get(leader, "balance");
    const json_t *discussion = named(json_object_get(leader, "phases"), "id", "discussion");
    result->discussion_start_ms = number(discussion, "start_ms", 0);
    result->discussion_end_ms = number(discussion, "end_ms", 0);
    if (result->discussion_end_ms - result->discussion_start_ms < seconds * 400 - 500)
        fault(result, "the discussion lasted %lld ms, less than two fifths of the session",
              (long long)(result->discussion_end_ms - result->discussion_start_ms));
    for (int i = 0; i < count; i++) {
        struct demo_row *row = &result->rows[i];
        row->leader = i == DEMO_LEADER;
        row->presenter = i == DEMO_PRESENTER;
        row->first_sound_ms = row->first_picture_ms = -1;
        if (started(&people[i]) < 0)
            fault(result, "%s wrote no report of when its sound began", people[i].name);
        find_truth(&people[i], row, result);
        find_measured(row, balance, people[i].name);
    }
    find_shares(result, balance);
    if (result->rows[DEMO_PRESENTER].true_ms < 500)
        fault(result, "the presenter's file did not talk on in the step-back, so nothing was tried");
    for (int i = 0; i < count; i++) {
        for (int other = 0; other < count; other++)
            if (other != i)
                judge_pair(people, i, other, seconds, result);
        if (i != DEMO_PRESENTER)
            judge_presenter(people, i, result);
        judge_share(people[i].name, &result->rows[i], result);
    }
}
