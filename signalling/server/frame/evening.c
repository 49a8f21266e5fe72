/* evening.c - what an evening begins with, see evening.h. */
#include "server/frame/evening.h"
#include "server/frame/zone.h"

#include <stdlib.h>
#include <string.h>

#define SOON_S (INT64_C(12) * 3600) /* a session lasts no longer: what begins later is another one's */

int64_t balint_planned_end(const struct balint_series *series, int count, int64_t now_s)
{
    int64_t first = 0;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < series[i].count; j++) {
            const struct balint_date *date = &series[i].dates[j];
            struct balint_local local = {0};
            int64_t begins_s = 0;
            if (date->cancelled || !balint_local_read(&local, date->begins, false))
                continue;
            /* No zone is a day off: the others need not be looked up. */
            if (llabs(balint_local_minutes(&local) * 60 - now_s) > 2 * INT64_C(86400))
                continue;
            balint_zone_instant(series[i].zone, &local, &begins_s);
            int64_t ends_s = begins_s + series[i].minutes * INT64_C(60);
            if (begins_s - now_s <= SOON_S && ends_s > now_s && (first == 0 || ends_s < first))
                first = ends_s;
        }
    return first;
}

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
        snprintf(evening->help, sizeof evening->help, "%s", help != NULL ? help : "");
        if (crib != NULL)
            take_cards(evening, crib);
        evening->ends_us = balint_planned_end(series, count, now_s) * 1000000;
    }
    free(help);
    free(crib);
    free(series);
    return ok ? BALINT_STORED : BALINT_STORE_FAILED;
}
