/* evening.c - what an evening begins with, see evening.h. */
#include "server/frame/evening.h"
#include "server/frame/people.h"
#include "server/frame/zone.h"

#include <stdlib.h>
#include <string.h>

#define SOON_S (INT64_C(12) * 3600) /* a session lasts no longer: what begins later is another one's */
#define DAY_S  INT64_C(86400)

int64_t balint_date_instant(const struct balint_series *series, const struct balint_date *date)
{
    struct balint_local local = {0};
    int64_t instant_s = 0;
    if (balint_local_read(&local, date->begins, false))
        balint_zone_instant(series->zone, &local, &instant_s);
    return instant_s;
}

bool balint_date_near(const struct balint_series *series, const struct balint_date *date, int64_t now_s,
                      int64_t *begins_s)
{
    struct balint_local local = {0};
    if (date->cancelled || !balint_local_read(&local, date->begins, false))
        return false;
    /* No zone is a day off: the others need not be looked up. */
    if (llabs(balint_local_minutes(&local) * 60 - now_s) > 2 * DAY_S)
        return false;
    balint_zone_instant(series->zone, &local, begins_s);
    return true;
}

int64_t balint_planned_end(const struct balint_series *series, int count, int64_t now_s)
{
    int64_t first = 0;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < series[i].count; j++) {
            int64_t begins_s = 0;
            if (!balint_date_near(&series[i], &series[i].dates[j], now_s, &begins_s))
                continue;
            int64_t ends_s = begins_s + series[i].minutes * INT64_C(60);
            if (begins_s - now_s <= SOON_S && ends_s > now_s && (first == 0 || ends_s < first))
                first = ends_s;
        }
    return first;
}

void balint_planned_day(const struct balint_series *series, int count, int64_t now_s,
                        char day[BALINT_DAY_SIZE])
{
    char utc[BALINT_LOCAL_SIZE];
    const char *found = utc;
    int64_t nearest = SOON_S + 1;
    struct balint_local today = balint_local_of_minutes(now_s / 60);
    balint_local_write(&today, utc);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < series[i].count; j++) {
            int64_t begins_s = 0;
            if (!balint_date_near(&series[i], &series[i].dates[j], now_s, &begins_s) ||
                llabs(begins_s - now_s) >= nearest)
                continue;
            nearest = llabs(begins_s - now_s);
            found = series[i].dates[j].begins;
        }
    memcpy(day, found, BALINT_DAY_SIZE - 1);
    day[BALINT_DAY_SIZE - 1] = '\0';
}

const char *balint_planned_zone(const struct balint_series *series, int count, int64_t now_s)
{
    const char *zone = count > 0 ? series[0].zone : "";
    int64_t nearest = INT64_MAX - DAY_S;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < series[i].count; j++) {
            const struct balint_date *date = &series[i].dates[j];
            struct balint_local local = {0};
            if (date->cancelled || !balint_local_read(&local, date->begins, false) ||
                llabs(balint_local_minutes(&local) * 60 - now_s) > nearest + DAY_S) /* no zone is a day off */
                continue;
            int64_t away = llabs(balint_date_instant(&series[i], date) - now_s);
            if (away >= nearest)
                continue;
            nearest = away;
            zone = series[i].zone;
        }
    return zone;
}

/* ---- follow-ups */
struct gathering {
    struct balint_store *store;
    const char *group;
    char day[BALINT_DAY_SIZE];
    struct balint_evening *evening;
    bool ok;
};

/* They come by the day on which they fall due. */
static void take_follow_up(int64_t number, const char *member, const char *due, void *context)
{
    struct gathering *gathering = context;
    struct balint_evening *evening = gathering->evening;
    char why[BALINT_WHY_SIZE];
    (void)number;
    if (strcmp(due, gathering->day) > 0 || evening->follow_up_count == BALINT_FOLLOW_UPS)
        return;
    struct balint_follow_up *follow_up = &evening->follow_ups[evening->follow_up_count++];
    memset(follow_up, 0, sizeof *follow_up);
    snprintf(follow_up->due, sizeof follow_up->due, "%s", due);
    gathering->ok =
        balint_member_name(gathering->store, gathering->group, member, follow_up->name, why) && gathering->ok;
}

/* ---- the whole */

/* Lines, each ended by \n, as cards. */
static void take_cards(struct balint_evening *evening, const char *lines)
{
    evening->card_count = 0;
    while (*lines != '\0' && evening->card_count < BALINT_CARDS) {
        size_t length = strcspn(lines, "\n");
        struct balint_card *card = &evening->cards[evening->card_count++];
        memset(card, 0, sizeof *card);
        memcpy(card->text, lines, length < sizeof card->text ? length : sizeof card->text - 1);
        lines += length + (lines[length] == '\n');
    }
}

enum balint_stored balint_evening_load(struct balint_store *store, const char *group, int64_t now_s,
                                       struct balint_evening *evening)
{
    char why[BALINT_WHY_SIZE], *help = NULL, *crib = NULL;
    struct balint_series *series = NULL;
    int count = 0;
    *evening = *balint_evening_shipped();
    bool ok = balint_setting(store, group, BALINT_SETTING_HELP_LINE, &help) != BALINT_STORE_FAILED &&
              balint_setting(store, group, BALINT_SETTING_CRIB, &crib) != BALINT_STORE_FAILED &&
              balint_dates_list(store, group, &series, &count, why);
    if (ok) {
        struct gathering gathering = {.store = store, .group = group, .evening = evening, .ok = true};
        balint_planned_day(series, count, now_s, gathering.day);
        ok = balint_follow_ups(store, group, NULL, take_follow_up, &gathering, why) && gathering.ok;
    }
    if (ok) {
        snprintf(evening->help, sizeof evening->help, "%s", help != NULL ? help : "");
        if (crib != NULL)
            take_cards(evening, crib);
        evening->ends_us = balint_planned_end(series, count, now_s) * 1000000;
    }
    free(help);
    free(crib);
    free(series);
    if (!ok)
        *evening = *balint_evening_shipped();
    return ok ? BALINT_STORED : BALINT_STORE_FAILED;
}
