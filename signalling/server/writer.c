/* writer.c - the one thread that writes to the database, see writer.h. */
#include "server/writer.h"

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum statement {
    SAVE,
    FORGET,
    FOUND,
    END_INVITATIONS,
    END_REVOCATIONS,
    MINT,
    MINTED,
    REVOKE,
    ATTEND,
    STATEMENTS
};
static const char *const statements[STATEMENTS] = {
    [SAVE] = "INSERT INTO snapshots (grp, text, saved_s) SELECT name, ?2, ?3 FROM groups WHERE name = ?1"
             " ON CONFLICT (grp) DO UPDATE SET text = ?2, saved_s = ?3",
    [FORGET] = "DELETE FROM snapshots WHERE grp = ?1",
    /* A group that has a ROOT has a code only after `group renew`. */
    [FOUND] = "UPDATE groups SET root = ?3, code_hash = NULL WHERE name = ?1 AND code_hash = ?2",
    [END_INVITATIONS] = "DELETE FROM invitations WHERE grp = ?1",
    [END_REVOCATIONS] = "DELETE FROM revocations WHERE grp = ?1",
    /* The same certificate once more is no mistake: its token is lost, say. Another one of that serial is. */
    [MINT] = "INSERT INTO invitations (grp, member, serial, certificate, from_s, until_s)"
             " SELECT name, ?2, ?3, ?4, ?5, ?6 FROM groups WHERE name = ?1 ON CONFLICT DO NOTHING",
    [MINTED] =
        "SELECT 1 FROM invitations WHERE grp = ?1 AND member = ?2 AND serial = ?3 AND certificate = ?4",
    [REVOKE] = "INSERT INTO revocations (grp, member, below) SELECT name, ?2, ?3 FROM groups WHERE name = ?1"
               " ON CONFLICT (grp, member) DO UPDATE SET below = max(below, ?3)",
    /* A total only rises, whatever is written twice. Nothing of who was erased or removed comes back. */
    [ATTEND] =
        "INSERT INTO attendance (grp, session, member, name, role, came_s, ms)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE EXISTS"
        " (SELECT 1 FROM invitations WHERE grp = ?1 AND member = ?3) ON CONFLICT (grp, session, member)"
        " DO UPDATE SET name = ?4, role = ?5, ms = max(ms, ?7)",
};

struct balint_writer {
    sqlite3 *db; /* the thread's */
    sqlite3_stmt *made[STATEMENTS];
    void (*wake)(void *context);
    void *context;
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t work;
    struct balint_job *waiting, **waiting_end;
    struct balint_job *done, **done_end;
    bool stop;
};

struct balint_job *balint_job_new(enum balint_job_kind kind, const char *group)
{
    struct balint_job *job = calloc(1, sizeof *job);
    if (job == NULL)
        return NULL;
    job->kind = kind;
    snprintf(job->group, sizeof job->group, "%s", group);
    return job;
}

void balint_job_free(struct balint_job *job)
{
    if (job == NULL)
        return;
    free(job->text);
    free(job->invitations);
    free(job->attended);
    free(job);
}

/* Runs one prepared statement to its end. SQLITE_ROW when it found a row, SQLITE_DONE, or an error. */
static int run(struct balint_writer *writer, enum statement which)
{
    int result = sqlite3_step(writer->made[which]);
    sqlite3_reset(writer->made[which]);
    sqlite3_clear_bindings(writer->made[which]);
    return result;
}

static sqlite3_stmt *bind(struct balint_writer *writer, enum statement which, const char *group)
{
    sqlite3_bind_text(writer->made[which], 1, group, -1, SQLITE_STATIC);
    return writer->made[which];
}

/* Refused when the statement changed nothing. */
static enum balint_written verdict(struct balint_writer *writer, int result)
{
    if (result != SQLITE_DONE)
        return BALINT_WRITE_FAILED;
    return sqlite3_changes(writer->db) > 0 ? BALINT_WRITTEN : BALINT_WRITE_REFUSED;
}

/* FOUND is bound. What an older ROOT signed, and the session that went with it, end with that ROOT. */
static enum balint_written found(struct balint_writer *writer, const struct balint_job *job)
{
    static const enum statement ends[] = {END_INVITATIONS, END_REVOCATIONS, FORGET};
    enum balint_written written = verdict(writer, run(writer, FOUND));
    for (size_t i = 0; written == BALINT_WRITTEN && i < sizeof ends / sizeof *ends; i++) {
        (void)bind(writer, ends[i], job->group);
        if (run(writer, ends[i]) != SQLITE_DONE)
            written = BALINT_WRITE_FAILED;
    }
    return written;
}

static enum balint_written mint(struct balint_writer *writer, const struct balint_job *job)
{
    for (int i = 0; i < job->count; i++) {
        const struct balint_invitation *invitation = &job->invitations[i];
        for (enum statement which = MINT; which <= MINTED; which++) {
            sqlite3_stmt *statement = bind(writer, which, job->group);
            sqlite3_bind_text(statement, 2, invitation->member, -1, SQLITE_STATIC);
            sqlite3_bind_int64(statement, 3, (int64_t)invitation->serial);
            sqlite3_bind_blob(statement, 4, invitation->certificate.data, invitation->certificate.length,
                              SQLITE_STATIC);
            if (which == MINT) {
                sqlite3_bind_int64(statement, 5, invitation->from_s);
                sqlite3_bind_int64(statement, 6, invitation->until_s);
            }
            int result = run(writer, which);
            if (result != SQLITE_DONE && result != SQLITE_ROW)
                return BALINT_WRITE_FAILED;
            if (which == MINTED && result != SQLITE_ROW)
                return BALINT_WRITE_REFUSED;
        }
    }
    return BALINT_WRITTEN;
}

static enum balint_written attend(struct balint_writer *writer, const struct balint_job *job)
{
    for (int i = 0; i < job->count; i++) {
        const struct balint_attendant *person = &job->attended[i];
        sqlite3_stmt *statement = bind(writer, ATTEND, job->group);
        sqlite3_bind_blob(statement, 2, job->session, sizeof job->session, SQLITE_STATIC);
        sqlite3_bind_text(statement, 3, person->member, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 4, person->name, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 5, balint_role_name(person->role), -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 6, person->came_s);
        sqlite3_bind_int64(statement, 7, person->counted_us / 1000);
        if (run(writer, ATTEND) != SQLITE_DONE)
            return BALINT_WRITE_FAILED;
    }
    return BALINT_WRITTEN;
}

static enum balint_written write_job(struct balint_writer *writer, const struct balint_job *job)
{
    sqlite3_stmt *statement;
    switch (job->kind) {
    case BALINT_JOB_SNAPSHOT:
        statement = bind(writer, job->text != NULL ? SAVE : FORGET, job->group);
        if (job->text == NULL)
            return run(writer, FORGET) == SQLITE_DONE ? BALINT_WRITTEN : BALINT_WRITE_FAILED;
        sqlite3_bind_text(statement, 2, job->text, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 3, job->now_s);
        return verdict(writer, run(writer, SAVE));
    case BALINT_JOB_FOUND:
        statement = bind(writer, FOUND, job->group);
        sqlite3_bind_blob(statement, 2, job->hash, sizeof job->hash, SQLITE_STATIC);
        sqlite3_bind_blob(statement, 3, job->root, sizeof job->root, SQLITE_STATIC);
        return found(writer, job);
    case BALINT_JOB_MINT:
        return mint(writer, job);
    case BALINT_JOB_REVOKE:
        statement = bind(writer, REVOKE, job->group);
        sqlite3_bind_text(statement, 2, job->member, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 3, (int64_t)job->below);
        return verdict(writer, run(writer, REVOKE));
    case BALINT_JOB_ATTEND:
        return attend(writer, job);
    case BALINT_JOB_TIDY:
        return balint_purge(writer->db, job->now_s, &job->keep, NULL) ? BALINT_WRITTEN : BALINT_WRITE_FAILED;
    }
    return BALINT_WRITE_FAILED;
}

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool execute(struct balint_writer *writer, const char *sql)
{
    return sqlite3_exec(writer->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* A savepoint a job: one that is refused takes nothing of the others with it. */
static void commit(struct balint_writer *writer, struct balint_job *jobs)
{
    int64_t start = monotonic_us();
    bool ok = execute(writer, "BEGIN IMMEDIATE");
    for (struct balint_job *job = jobs; ok && job != NULL; job = job->next) {
        ok = execute(writer, "SAVEPOINT job");
        if (!ok)
            break;
        job->result = write_job(writer, job);
        if (job->result != BALINT_WRITTEN)
            ok = execute(writer, "ROLLBACK TO job");
        ok = ok && execute(writer, "RELEASE job") && job->result != BALINT_WRITE_FAILED;
    }
    ok = ok && execute(writer, "COMMIT");
    if (!ok) {
        if (!sqlite3_get_autocommit(writer->db))
            execute(writer, "ROLLBACK");
        for (struct balint_job *job = jobs; job != NULL; job = job->next)
            job->result = BALINT_WRITE_FAILED;
    }
    jobs->commit_us = monotonic_us() - start + 1;
}

static void *write_all(void *data)
{
    struct balint_writer *writer = data;
    pthread_mutex_lock(&writer->lock);
    for (;;) {
        while (writer->waiting == NULL && !writer->stop)
            pthread_cond_wait(&writer->work, &writer->lock);
        if (writer->waiting == NULL)
            break;
        struct balint_job *jobs = writer->waiting, **end = writer->waiting_end;
        writer->waiting = NULL;
        writer->waiting_end = &writer->waiting;
        pthread_mutex_unlock(&writer->lock);
        commit(writer, jobs);
        pthread_mutex_lock(&writer->lock);
        *writer->done_end = jobs;
        writer->done_end = end;
        writer->wake(writer->context);
    }
    pthread_mutex_unlock(&writer->lock);
    return NULL;
}

static void close_database(struct balint_writer *writer)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(writer->made[i]);
    sqlite3_close(writer->db);
}

/* Signals are the loop's: this thread inherits a mask that blocks them all. */
static bool start_thread(struct balint_writer *writer)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&writer->thread, NULL, write_all, writer) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

struct balint_writer *balint_writer_start(const char *data, void (*wake)(void *context), void *context,
                                          char why[BALINT_WHY_SIZE])
{
    sqlite3 *db = balint_store_connect(data, why);
    struct balint_writer *writer = db != NULL ? calloc(1, sizeof *writer) : NULL;
    if (writer == NULL) {
        if (db != NULL)
            snprintf(why, BALINT_WHY_SIZE, "There is no memory left.");
        sqlite3_close(db);
        return NULL;
    }
    writer->db = db;
    writer->wake = wake;
    writer->context = context;
    writer->waiting_end = &writer->waiting;
    writer->done_end = &writer->done;
    bool ok = true;
    for (int i = 0; i < STATEMENTS; i++)
        ok = ok && sqlite3_prepare_v3(db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &writer->made[i],
                                      NULL) == SQLITE_OK;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->work, NULL);
    if (ok && start_thread(writer))
        return writer;
    snprintf(why, BALINT_WHY_SIZE, "The database's thread cannot be started (%s).",
             ok ? "too many threads" : sqlite3_errmsg(db));
    pthread_cond_destroy(&writer->work);
    pthread_mutex_destroy(&writer->lock);
    close_database(writer);
    free(writer);
    return NULL;
}

void balint_writer_submit(struct balint_writer *writer, struct balint_job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&writer->lock);
    *writer->waiting_end = job;
    writer->waiting_end = &job->next;
    pthread_cond_signal(&writer->work);
    pthread_mutex_unlock(&writer->lock);
}

struct balint_job *balint_writer_done(struct balint_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    struct balint_job *jobs = writer->done;
    writer->done = NULL;
    writer->done_end = &writer->done;
    pthread_mutex_unlock(&writer->lock);
    return jobs;
}

struct balint_job *balint_writer_stop(struct balint_writer *writer)
{
    if (writer == NULL)
        return NULL;
    pthread_mutex_lock(&writer->lock);
    writer->stop = true;
    pthread_cond_signal(&writer->work);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    struct balint_job *jobs = balint_writer_done(writer);
    pthread_cond_destroy(&writer->work);
    pthread_mutex_destroy(&writer->lock);
    close_database(writer);
    free(writer);
    return jobs;
}
