/* server.c - one running server: the loop, its watchers, start and end, see server.h. */
#include "server/server.h"
#include "server/folder.h"
#include "server/groups.h"
#include "server/http.h"
#include "server/listen.h"
#include "server/log.h"
#include "server/ws.h"

#include <inttypes.h>
#include <libwebsockets.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TICK_S        0.25
#define STOPPING_US   3000000 /* for the last words */
#define TIDY_FIRST_US (INT64_C(3600) * 1000000)
#define TIDY_EVERY_US (24 * TIDY_FIRST_US)
#define DESCRIPTORS   65536 /* libwebsockets allocates tables of that size: not without end */

static int64_t clock_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t balint_server_now(const struct balint_server *server)
{
    /* BOOTTIME goes on while the machine sleeps, as the evening does. */
    return server->boot_us + clock_us(CLOCK_BOOTTIME) - server->boot_monotonic_us;
}

int64_t balint_server_now_s(const struct balint_server *server)
{
    (void)server;
    return time(NULL);
}

/* ---- watchers */
static void finish_jobs(struct balint_server *server, struct balint_job *jobs)
{
    while (jobs != NULL) {
        struct balint_job *job = jobs;
        jobs = job->next;
        bool failed = job->result == BALINT_WRITE_FAILED;
        if (job->commit_us > 0) {
            server->metrics.value[BALINT_METRIC_COMMITS]++;
            server->metrics.value[BALINT_METRIC_COMMITS_FAILED] += failed;
            server->metrics.value[BALINT_METRIC_COMMIT_US] += (uint64_t)job->commit_us;
        }
        if (failed != server->store_failed)
            balint_log(failed ? "commit-failed: the database cannot be written, sessions go on without it"
                              : "commit-works: the database can be written again");
        server->store_failed = failed;
        if (job->finish != NULL)
            job->finish(job, server);
        balint_job_free(job);
    }
}

static void on_written(struct ev_loop *loop, ev_async *watcher, int events)
{
    struct balint_server *server = watcher->data;
    (void)loop, (void)events;
    finish_jobs(server, balint_writer_done(server->writer));
}

/* Called on the writer's thread. */
static void wake(void *context)
{
    struct balint_server *server = context;
    ev_async_send(server->loop, &server->written);
}

/* Not at the start: a machine that has just been switched on may not know the date yet, and what is deleted
 * is gone. */
static void tidy(struct balint_server *server)
{
    int64_t now_us = balint_server_now(server);
    if (now_us < server->tidy_us)
        return;
    struct balint_job *job = balint_job_new(BALINT_JOB_TIDY, "");
    server->tidy_us = now_us + TIDY_EVERY_US;
    if (job == NULL)
        return;
    job->now_s = balint_server_now_s(server);
    job->keep = (struct balint_keep){server->config.attendance_days, server->config.technical_days};
    balint_writer_submit(server->writer, job);
}

static void on_tick(struct ev_loop *loop, ev_timer *watcher, int events)
{
    struct balint_server *server = watcher->data;
    (void)events;
    balint_peers_tick(server);
    balint_groups_tick(server);
    tidy(server);
    if (!server->stopping)
        balint_listen_start(server); /* it may have paused */
    else if (balint_server_now(server) - server->stopping_us > STOPPING_US)
        ev_break(loop, EVBREAK_ALL);
}

static void on_settle(struct ev_loop *loop, ev_prepare *watcher, int events)
{
    struct balint_server *server = watcher->data;
    (void)events;
    balint_groups_settle(server);
    if (server->stopping && server->peer_count == 0)
        ev_break(loop, EVBREAK_ALL);
}

static void on_stop(struct ev_loop *loop, ev_signal *watcher, int events)
{
    struct balint_server *server = watcher->data;
    (void)events;
    if (server->stopping) { /* asked twice */
        ev_break(loop, EVBREAK_ALL);
        return;
    }
    balint_log("stopping connections=%d", server->peer_count);
    server->stopping = true;
    server->stopping_us = balint_server_now(server);
    balint_listen_stop(server);
    for (struct balint_peer *peer = server->peers; peer != NULL; peer = peer->next) {
        if (!peer->websocket)
            balint_peer_kill(peer);
        else if (!peer->closing)
            balint_peer_bye(peer, "shutdown", "The server is being restarted. Try again in a minute.");
    }
}

static void on_reload(struct ev_loop *loop, ev_signal *watcher, int events)
{
    struct balint_server *server = watcher->data;
    char why[BALINT_WHY_SIZE];
    (void)loop, (void)events;
    if (server->tls == NULL)
        balint_log("reload: there is no certificate to read");
    else if (balint_tls_read(server->tls, why))
        balint_log("reload: the certificate was read again");
    else
        balint_log("reload: the old certificate stays: %s", why);
}

static void watch(struct balint_server *server)
{
    struct ev_loop *loop = server->loop;
    ev_signal_init(&server->terminate, on_stop, SIGTERM);
    ev_signal_init(&server->interrupt, on_stop, SIGINT);
    ev_signal_init(&server->reload, on_reload, SIGHUP);
    ev_timer_init(&server->tick, on_tick, TICK_S, TICK_S);
    ev_prepare_init(&server->settle, on_settle);
    server->terminate.data = server->interrupt.data = server->reload.data = server;
    server->tick.data = server->settle.data = server;
    ev_signal_start(loop, &server->terminate);
    ev_signal_start(loop, &server->interrupt);
    ev_signal_start(loop, &server->reload);
    ev_timer_start(loop, &server->tick);
    ev_prepare_start(loop, &server->settle);
}

/* ---- libwebsockets */
static const struct lws_protocols protocols[] = {
    {.name = "http", .callback = balint_http_callback},
    {.name = BALINT_SUBPROTOCOL, .callback = balint_ws_callback, .rx_buffer_size = 2048},
    {.name = NULL},
};

static bool start_lws(struct balint_server *server, char why[BALINT_WHY_SIZE])
{
    void *loops[] = {server->loop};
    struct lws_context_creation_info info = {
        .options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS,
        .foreign_loops = loops,
        .gid = (gid_t)-1,
        .uid = (uid_t)-1,
        .user = server,
        .port = CONTEXT_PORT_NO_LISTEN_SERVER, /* listen.c accepts */
        .protocols = protocols,
        .vhost_name = "balint",
        .alpn = "http/1.1", /* it would take HTTP/2 otherwise */
        .headers = balint_http_headers(server->tls != NULL),
        .timeout_secs = 10,
    };
    lws_set_log_level(0, NULL); /* its lines hold addresses */
    if (server->tls != NULL)
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX;
    server->lws = lws_create_context(&info);
    server->vhost = server->lws != NULL ? lws_create_vhost(server->lws, &info) : NULL;
    if (server->vhost != NULL)
        return true;
    snprintf(why, BALINT_WHY_SIZE,
             "libwebsockets does not start. Is its event loop there (Debian: libwebsockets-evlib-ev)?");
    return false;
}

/* ---- start and end */
static bool start(struct balint_server *server, char why[BALINT_WHY_SIZE])
{
    const struct balint_config *config = &server->config;
    uint8_t boot[8];
    if (!balint_listen_url_ok(config, why))
        return false;
    /* Certificate and port before the folder: a start that cannot be leaves nothing behind. */
    if (config->cert[0] != '\0' && (server->tls = balint_tls_new(config->cert, config->key, why)) == NULL)
        return false;
    if (!balint_listen_open(server, why) || !balint_folder_make(config->data, why))
        return false;
    server->hold = balint_folder_hold(config->data, why);
    /* The key after the database, so that an empty file beside a key is never one of a start cut short. */
    if (server->hold < 0 || (server->store = balint_store_open(config->data, why)) == NULL ||
        !balint_store_sound(server->store, why) || !balint_folder_key(config->data, server->door_key, why))
        return false;
    /* Signals come as reads of a descriptor: nothing ever runs inside a signal handler. */
    server->loop = ev_loop_new(EVFLAG_AUTO | EVFLAG_NOENV | EVFLAG_SIGNALFD);
    if (server->loop == NULL || !balint_random(boot, sizeof boot)) {
        snprintf(why, BALINT_WHY_SIZE, "This system gives no event loop or no random numbers.");
        return false;
    }
    for (size_t i = 0; i < sizeof boot; i++)
        snprintf(server->boot + 2 * i, 3, "%02x", boot[i]);
    ev_async_init(&server->written, on_written);
    server->written.data = server;
    ev_async_start(server->loop, &server->written);
    server->writer = balint_writer_start(config->data, wake, server, why);
    if (server->writer == NULL || !start_lws(server, why))
        return false;
    server->changes = balint_store_changes(server->store);
    server->tidy_us = balint_server_now(server) + TIDY_FIRST_US;
    watch(server);
    balint_listen_start(server);
    return true;
}

static bool announce(struct balint_server *server, char why[BALINT_WHY_SIZE])
{
    char url[300];
    balint_listen_url(server, url, sizeof url);
    if (!balint_folder_address(server->config.data, url, why))
        return false;
    printf("listening %s\n", server->address);
    fflush(stdout);
    balint_log("start version=%s tls=%d", PACKAGE_VERSION, server->tls != NULL);
    return true;
}

/* Closes what is still open, commits the last snapshots, gives everything back. */
static void finish(struct balint_server *server)
{
    char why[BALINT_WHY_SIZE];
    balint_listen_stop(server);
    for (struct balint_peer *peer = server->peers; peer != NULL; peer = peer->next)
        peer->closing = peer->doomed = true; /* nothing more is sent */
    if (server->lws != NULL)
        lws_context_destroy(server->lws); /* ends every peer */
    if (server->writer != NULL) {
        balint_groups_save(server);
        finish_jobs(server, balint_writer_stop(server->writer));
        balint_groups_finish(server);
        balint_folder_address(server->config.data, NULL, why);
    }
    if (server->loop != NULL)
        ev_loop_destroy(server->loop);
    balint_store_close(server->store);
    balint_tls_free(server->tls);
    balint_wipe(server->door_key, sizeof server->door_key);
    if (server->hold >= 0)
        close(server->hold);
}

static void prepare_process(void)
{
    struct rlimit limit;
    umask(077);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a full quota is an error of a write, not the end of the evening */
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int balint_server_run(const struct balint_config *config)
{
    char why[BALINT_WHY_SIZE];
    struct balint_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        fputs("balint-server: There is no memory left.\n", stderr);
        return 1;
    }
    prepare_process();
    server->config = *config;
    server->hold = server->listener = -1;
    server->boot_us = clock_us(CLOCK_REALTIME);
    server->boot_monotonic_us = clock_us(CLOCK_BOOTTIME);
    bool ok = start(server, why) && announce(server, why);
    if (ok)
        ev_run(server->loop, 0);
    else
        fprintf(stderr, "balint-server: %s\n", why);
    finish(server);
    if (ok)
        balint_log("stopped");
    free(server);
    return ok ? 0 : 1;
}
