/* debrief.c - what the debrief's sheet says. Pure. */
#include "client/debrief.h"

#include <stdio.h>
#include <string.h>

#include "words.h" /* overlay/ */

#define MINUTE_MS 60000
#define UNREAD_MS 30000 /* less than this without a reading is no sentence worth */

bool balint_debrief_time(const struct balint_state *state)
{
    return state->admitted && state->phase >= state->format.count - 2 && state->phase < state->format.count;
}

/* "1 min 10 s", "40 s": afterwards seconds hurry nobody. */
static void length_text(int64_t ms, char *text, size_t size)
{
    int seconds = (int)((ms + 500) / 1000);
    if (seconds < 60)
        snprintf(text, size, "%d s", seconds);
    else
        snprintf(text, size, "%d min %d s", seconds / 60, seconds % 60);
}

static const char *title_of(const struct balint_debrief *debrief, int phase)
{
    return phase >= 0 && phase < debrief->format.count ? debrief->format.phases[phase].title : "";
}

/* Did this phase of this case stand in an earlier line? */
static bool told_before(const struct balint_after *after, int at)
{
    for (int i = 0; i < at; i++)
        if (after->visits[i].phase == after->visits[at].phase &&
            after->visits[i].case_number == after->visits[at].case_number)
            return true;
    return false;
}

static void add_phases(const struct balint_debrief *debrief, struct balint_sheet *sheet)
{
    const struct balint_after *after = &debrief->after;
    int64_t all_ms = 0;
    char left[120], right[48];
    balint_sheet_add(sheet, BALINT_SHEET_HEAD, 0, "Phases", "", 0);
    for (int i = 0; i < after->visit_count; i++) {
        const struct balint_after_visit *visit = &after->visits[i];
        int64_t ms = 0;
        int times = 0;
        all_ms += visit->end_ms - visit->start_ms;
        if (told_before(after, i))
            continue;
        for (int j = i; j < after->visit_count; j++)
            if (after->visits[j].phase == visit->phase &&
                after->visits[j].case_number == visit->case_number) {
                ms += after->visits[j].end_ms - after->visits[j].start_ms;
                times++;
            }
        snprintf(left, sizeof left, times > 1 ? "%.80s, %d times" : "%.80s", title_of(debrief, visit->phase),
                 times);
        balint_words_spoken(ms, right, sizeof right);
        balint_sheet_add(sheet, BALINT_SHEET_LINE, 0, left, right, 0);
    }
    balint_words_spoken(all_ms, right, sizeof right);
    balint_sheet_add(sheet, BALINT_SHEET_SOFT, 0, "together", right, 0);
}

/* What was measured where everybody's reading is there; else that it is not. */
static void add_silence(const struct balint_after_case *of, int column, struct balint_sheet *sheet)
{
    char right[48];
    if (of->measured_ms <= 0) {
        balint_sheet_add(sheet, BALINT_SHEET_LINE, column, "Silence, overlap", balint_words_no_reading, 0);
        return;
    }
    double measured_ms = (double)of->measured_ms;
    balint_words_share((double)of->silence_ms / measured_ms, right, sizeof right);
    balint_sheet_add(sheet, BALINT_SHEET_LINE, column, "Silence", right, 0);
    length_text(of->longest_ms, right, sizeof right);
    balint_sheet_add(sheet, BALINT_SHEET_SOFT, column, "the longest", right, 0);
    balint_words_share((double)of->overlap_ms / measured_ms, right, sizeof right);
    balint_sheet_add(sheet, BALINT_SHEET_LINE, column, "Two or more at once", right, 0);
    if (of->discussion_ms - of->measured_ms >= UNREAD_MS) {
        balint_words_spoken(of->discussion_ms - of->measured_ms, right, sizeof right);
        balint_sheet_add(sheet, BALINT_SHEET_SOFT, column, "not measured: no reading", right, 0);
    }
}

static void count_line(struct balint_sheet *sheet, int column, const char *words, int count)
{
    char right[48];
    snprintf(right, sizeof right, "%d", count);
    if (count > 0)
        balint_sheet_add(sheet, BALINT_SHEET_SOFT, column, words, right, 0);
}

/* Cases stand beside each other, and from the third on below. */
static void add_case(const struct balint_debrief *debrief, int number, struct balint_sheet *sheet)
{
    const struct balint_after_case *of = &debrief->after.cases[number];
    int column = 1 + number % (BALINT_SHEET_COLUMNS - 1);
    char left[120], right[48], minutes[24];
    snprintf(left, sizeof left, debrief->after.case_count > 1 ? "Discussion of case %d" : "Discussion",
             number + 1);
    balint_words_spoken(of->discussion_ms, right, sizeof right);
    balint_sheet_add(sheet, BALINT_SHEET_HEAD, column, left, of->discussion_ms > 0 ? right : "", 0);
    if (of->discussion_ms > 0)
        add_silence(of, column, sheet);
    balint_words_share(of->leaders_share, right, sizeof right);
    balint_sheet_add(sheet, BALINT_SHEET_LINE, column, "Leaders, of all talk", right, 0);
    if (of->member_count == 0)
        return;
    balint_words_turns(of->turns, right, sizeof right);
    balint_sheet_add(sheet, BALINT_SHEET_LINE, column, "Members, by share", right, 0);
    for (int i = 0; i < of->member_count; i++) {
        balint_words_share(of->shares[i], right, sizeof right);
        balint_words_spoken(of->spoken_ms[i], minutes, sizeof minutes);
        if (of->spoken_ms[i] <= 0)
            strcpy(minutes, "nothing");
        balint_words_add(right, sizeof right, "  ");
        balint_words_add(right, sizeof right, minutes);
        balint_sheet_add(sheet, BALINT_SHEET_BAR, column, "", right, of->shares[i]);
    }
    count_line(sheet, column, "not heard", of->unheard);
    count_line(sheet, column, balint_words_no_reading, of->unread);
    count_line(sheet, column, "several people at one microphone", of->shared);
}

void balint_debrief_sheet(const struct balint_debrief *debrief, const char *foot, struct balint_sheet *sheet)
{
    const struct balint_after *after = &debrief->after;
    memset(sheet, 0, sizeof *sheet);
    balint_sheet_add(sheet, BALINT_SHEET_TITLE, 0, "The evening, for the leaders", debrief->date, 0);
    add_phases(debrief, sheet);
    for (int i = 0; i < after->case_count; i++)
        if (after->cases[i].discussion_ms > 0 || after->cases[i].members_ms > 0)
            add_case(debrief, i, sheet);
    if (foot != NULL && foot[0] != '\0')
        balint_sheet_add(sheet, BALINT_SHEET_FOOT, 0, foot, "", 0);
}
