/* writer.h - the one thread that writes to the database while the server runs.
 *
 * The loop hands it jobs and goes on; the writer takes all that wait, commits them as one transaction and
 * hands them back with their result, in the order in which they came. So a slow disk delays answers, never
 * the loop. submit, done and stop: the loop's thread. `wake` is called on the writer's thread.
 */
#ifndef BALINT_WRITER_H
#define BALINT_WRITER_H

#include "server/frame/attendance.h"
#include "server/frame/keep.h"
#include "server/store.h"

struct balint_writer; /* opaque */

enum balint_job_kind {
    BALINT_JOB_SNAPSHOT, /* text: the room's snapshot; NULL: forget it */
    BALINT_JOB_FOUND,    /* hash: of the code; root */
    BALINT_JOB_MINT,     /* invitations */
    BALINT_JOB_REVOKE,   /* member, below */
    BALINT_JOB_ATTEND,   /* session, attended (count) */
    BALINT_JOB_TIDY,     /* of no group: keep; deletes what has been kept long enough */
};

enum balint_written {
    BALINT_WRITTEN,
    BALINT_WRITE_REFUSED, /* the database says no: the code is used, the serial taken, the group gone */
    BALINT_WRITE_FAILED,  /* the disk says no */
};

struct balint_invitation {
    char member[BALINT_ID_SIZE];
    uint64_t serial; /* up to INT64_MAX */
    int64_t from_s, until_s;
    struct balint_certificate_bytes certificate;
};
struct balint_job {
    enum balint_job_kind kind;
    char group[BALINT_NAME_SIZE];
    char *text; /* owned */
    int64_t now_s;
    uint8_t hash[BALINT_HASH_SIZE], root[BALINT_KEY_SIZE];
    int count;
    struct balint_invitation *invitations; /* owned */
    struct balint_attendant *attended;     /* owned */
    uint8_t session[BALINT_SESSION_SIZE];
    struct balint_keep keep;
    char member[BALINT_ID_SIZE];
    uint64_t below;

    enum balint_written result;
    int64_t commit_us; /* of the first job of a transaction: how long it took; 0 for the others */

    void (*finish)(struct balint_job *job, void *context); /* called by who takes the done jobs */
    uint64_t conn;                                         /* for `finish`: whom to answer */
    int64_t re;
    struct balint_job *next;
};
struct balint_job *balint_job_new(enum balint_job_kind kind, const char *group); /* NULL without memory */
void balint_job_free(struct balint_job *job);                                    /* NULL is legal */

/* Starts the thread. NULL with `why`. `wake(context)` says that jobs are done. */
struct balint_writer *balint_writer_start(const char *data, void (*wake)(void *context), void *context,
                                          char why[BALINT_WHY_SIZE]);
/* Hands a job over; the writer owns it until it is done. */
void balint_writer_submit(struct balint_writer *writer, struct balint_job *job);
/* Takes the done jobs: the caller's list, in order, to be freed one by one. */
struct balint_job *balint_writer_done(struct balint_writer *writer);
/* Writes what still waits, ends the thread, frees the writer. Returns the last done jobs. NULL is legal. */
struct balint_job *balint_writer_stop(struct balint_writer *writer);

#endif
