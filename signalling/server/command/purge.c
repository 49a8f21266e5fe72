/* purge.c - `purge`: what has been kept long enough goes now; the running server does the same once a day. */
#include "server/command/commands.h"
#include "server/frame/keep.h"
#include "server/frame/sql.h"

bool balint_purge_now(struct balint_call *call)
{
    const struct balint_keep keep = {call->config->attendance_days, call->config->technical_days};
    sqlite3 *db = balint_store_db(call->store);
    int deleted = 0;
    if (!balint_sql_begin(call->store, call->why))
        return false;
    bool ok = balint_purge(db, call->now_s, &keep, &deleted) || balint_store_cannot(call->store, call->why);
    if (!balint_sql_end(call->store, ok, call->why) ||
        (!balint_scrub(db) && !balint_store_cannot(call->store, call->why)))
        return false;
    if (call->json)
        return balint_call_print(call, json_pack("{si}", "deleted", deleted));
    printf("deleted: %d\n", deleted);
    return true;
}
