/* metrics.c - the table of what is counted, and its text, see metrics.h. */
#include "server/metrics.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

static const struct {
    const char *name;
    bool now; /* a gauge; otherwise a counter since the start */
    const char *about;
} table[BALINT_METRICS] = {
    [BALINT_METRIC_CONNECTIONS] = {"balint_connections", true, "Open connections."},
    [BALINT_METRIC_ROOMS] = {"balint_rooms", true, "Sessions held in memory."},
    [BALINT_METRIC_ADMITTED] = {"balint_people_admitted", true, "People admitted and connected."},
    [BALINT_METRIC_LOBBY] = {"balint_people_lobby", true, "People connected and waiting to be admitted."},
    [BALINT_METRIC_QUEUED_BYTES] = {"balint_queued_bytes", true, "Bytes waiting for clients to read them."},
    [BALINT_METRIC_UPTIME] = {"balint_uptime_seconds", true, "Seconds since the start."},
    [BALINT_METRIC_ACCEPTED] = {"balint_accepted_total", false, "Connections accepted."},
    [BALINT_METRIC_CROWDED] = {"balint_crowded_total", false, "Connections over the limit of one address."},
    [BALINT_METRIC_REQUESTS] = {"balint_http_requests_total", false, "HTTP requests answered."},
    [BALINT_METRIC_UPGRADES] = {"balint_websockets_total", false, "WebSockets opened."},
    [BALINT_METRIC_UPGRADES_REFUSED] = {"balint_websockets_refused_total", false,
                                        "WebSockets refused: origin, subprotocol, path."},
    [BALINT_METRIC_MESSAGES_IN] = {"balint_messages_received_total", false, "Messages received."},
    [BALINT_METRIC_BYTES_IN] = {"balint_received_bytes_total", false, "Bytes of messages received."},
    [BALINT_METRIC_MESSAGES_OUT] = {"balint_messages_sent_total", false, "Messages sent."},
    [BALINT_METRIC_BYTES_OUT] = {"balint_sent_bytes_total", false, "Bytes of messages sent."},
    [BALINT_METRIC_ERRORS] = {"balint_message_errors_total", false,
                              "Messages refused as the sender's mistake."},
    [BALINT_METRIC_TOO_FAST] = {"balint_too_fast_total", false, "Messages over a client's rate."},
    [BALINT_METRIC_KNOCKS] = {"balint_knocks_total", false, "Knocks."},
    [BALINT_METRIC_KNOCKS_REFUSED] = {"balint_knocks_refused_total", false,
                                      "Knocks with a link that opens nothing."},
    [BALINT_METRIC_KNOCKS_SLOWED] = {"balint_knocks_slowed_total", false,
                                     "Wrong tries whose answer had to wait."},
    [BALINT_METRIC_HELLOS] = {"balint_hellos_total", false, "Seats taken by a new client process."},
    [BALINT_METRIC_RESUMES] = {"balint_resumes_total", false, "Seats taken back after a lost connection."},
    [BALINT_METRIC_FOUNDER] = {"balint_founder_requests_total", false, "Requests of founders granted."},
    [BALINT_METRIC_CLOSED_LATE] = {"balint_closed_late_total", false, "Closed: no first message in time."},
    [BALINT_METRIC_CLOSED_SILENT] = {"balint_closed_silent_total", false, "Closed: silent for too long."},
    [BALINT_METRIC_CLOSED_SLOW] = {"balint_closed_slow_total", false, "Closed: did not read what was sent."},
    [BALINT_METRIC_CLOSED_ABUSE] = {"balint_closed_abuse_total", false, "Closed: too many wrong messages."},
    [BALINT_METRIC_COMMITS] = {"balint_commits_total", false, "Commits to the database."},
    [BALINT_METRIC_COMMITS_FAILED] = {"balint_commits_failed_total", false, "Commits that failed."},
    [BALINT_METRIC_COMMIT_US] = {"balint_commit_microseconds_total", false, "Time spent in commits."},
};

size_t balint_metrics_write(const struct balint_metrics *metrics, char text[BALINT_METRICS_SIZE])
{
    size_t length = 0;
    for (int i = 0; i < BALINT_METRICS && length < BALINT_METRICS_SIZE; i++)
        length += (size_t)snprintf(text + length, BALINT_METRICS_SIZE - length,
                                   "# HELP %s %s\n# TYPE %s %s\n%s %" PRIu64 "\n", table[i].name,
                                   table[i].about, table[i].name, table[i].now ? "gauge" : "counter",
                                   table[i].name, metrics->value[i]);
    return length < BALINT_METRICS_SIZE ? length : BALINT_METRICS_SIZE - 1;
}
