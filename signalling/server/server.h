/* server.h - one running server: what its parts share, all of it owned by the loop's thread.
 *
 * listen.c accepts sockets and gives them to libwebsockets; http.c and ws.c are its two protocols; a message
 * goes from ws.c to door.c (who may come in), founder.c (who founds and invites) or groups.c (the rooms);
 * what rooms have to say comes back through peer.c. The writer's thread touches nothing of this: it hands its
 * jobs back through an ev_async.
 */
#ifndef BALINT_SERVER_H
#define BALINT_SERVER_H

#include "server/config.h"
#include "server/metrics.h"
#include "server/tls.h"
#include "server/tries.h"
#include "server/writer.h"

#include <ev.h>
#include <sys/types.h>

struct lws_context;
struct lws_vhost;
struct balint_peer;
struct balint_group;

#define BALINT_PEER_BUCKETS  4096
#define BALINT_GROUP_BUCKETS 256

struct balint_server {
    struct balint_config config;
    struct ev_loop *loop;
    ev_signal terminate, interrupt, reload;
    ev_async written;  /* the writer has done jobs */
    ev_timer tick;     /* time passes */
    ev_prepare settle; /* the end of one turn of the loop: commits and publishes what it changed */
    ev_io accept;
    struct lws_context *lws;
    struct lws_vhost *vhost;
    struct balint_tls *tls; /* NULL: plain, on loopback */
    struct balint_store *store;
    struct balint_writer *writer;
    struct balint_metrics metrics;
    struct balint_tries tries; /* at the door */
    int hold, listener;        /* descriptors: DATA/lock, the listening socket */
    char address[128];         /* HOST:PORT as listened on */
    uint8_t door_key[BALINT_KEY_SIZE];
    char boot[17];
    int64_t boot_us, boot_monotonic_us; /* when this process began, on both clocks */
    int64_t changes;                    /* balint_store_changes, as last seen */
    bool store_failed;                  /* the last commit did not succeed */
    int64_t tidy_us;                    /* when the database is tidied next */
    bool stopping;
    int64_t stopping_us;
    uint64_t last_conn;
    unsigned last_room;
    int peer_count;
    struct balint_peer *peers; /* all, newest first */
    struct balint_peer *peer_buckets[BALINT_PEER_BUCKETS];
    struct balint_group *group_buckets[BALINT_GROUP_BUCKETS];
    struct balint_group *touched; /* groups of this turn of the loop */
};

/* Runs until a signal ends it. Returns the exit status; says itself what was wrong. */
int balint_server_run(const struct balint_config *config);

/* The server's clock: Unix time in microseconds, which never jumps within a boot. */
int64_t balint_server_now(const struct balint_server *server);
int64_t
balint_server_now_s(const struct balint_server *server); /* today's time, for links and certificates */

#endif
