/* attend.c - attendance of the groups in memory: counted by frame/attendance.c, written by the writer's
 * thread. */
#include "server/group.h"
#include "server/log.h"

#include <stdlib.h>
#include <string.h>

static void written(struct balint_job *job, void *context)
{
    struct balint_group *group = balint_group_find(context, job->group);
    if (group == NULL || group->number != job->conn)
        return;
    group->attending = false;
    if (job->result == BALINT_WRITE_FAILED)
        balint_attendance_again(&group->attendance);
}

static void submit(struct balint_group *group, int64_t now_us)
{
    struct balint_job *job = balint_job_new(BALINT_JOB_ATTEND, group->name);
    struct balint_attendant *attended = calloc(BALINT_ATTENDANTS, sizeof *attended);
    if (job == NULL || attended == NULL) {
        free(attended);
        balint_job_free(job);
        return; /* it is due again in a moment */
    }
    job->attended = attended;
    job->count = balint_attendance_take(&group->attendance, now_us, attended);
    if (job->count == 0) {
        balint_job_free(job);
        return;
    }
    memcpy(job->session, group->attendance.session, sizeof job->session);
    job->conn = group->number;
    job->finish = written;
    group->attending = true;
    balint_writer_submit(group->server->writer, job);
}

void balint_group_attend(struct balint_group *group, bool last)
{
    int64_t now_us = balint_server_now(group->server);
    enum balint_role roles[BALINT_SEATS];
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        roles[seat] = balint_room_invited_as(group->room, seat);
    balint_attendance_see(&group->attendance, balint_room_session(group->room), roles, now_us);
    if (group->gone || (!last && (group->attending || !balint_attendance_due(&group->attendance, now_us))))
        return;
    submit(group, now_us);
}

bool balint_group_attended(struct balint_group *group)
{
    const struct balint_session *session = balint_room_session(group->room);
    memcpy(group->attendance.session, session->id, sizeof group->attendance.session);
    return balint_attendance_load(group->server->store, group->name, &group->attendance) !=
           BALINT_STORE_FAILED;
}
