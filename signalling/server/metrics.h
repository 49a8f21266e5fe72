/* metrics.h - what the server counts, as Prometheus text (exposition format 0.0.4).
 *
 * Counts only: no label is made from anything a person or a group said. One table says name, kind and
 * meaning. The loop's thread.
 */
#ifndef BALINT_METRICS_H
#define BALINT_METRICS_H

#include <stddef.h>
#include <stdint.h>

enum balint_metric {
    BALINT_METRIC_CONNECTIONS, /* now */
    BALINT_METRIC_ROOMS,
    BALINT_METRIC_ADMITTED,
    BALINT_METRIC_LOBBY,
    BALINT_METRIC_QUEUED_BYTES,
    BALINT_METRIC_UPTIME,
    BALINT_METRIC_ACCEPTED, /* since the start */
    BALINT_METRIC_CROWDED,
    BALINT_METRIC_REQUESTS,
    BALINT_METRIC_UPGRADES,
    BALINT_METRIC_UPGRADES_REFUSED,
    BALINT_METRIC_MESSAGES_IN,
    BALINT_METRIC_BYTES_IN,
    BALINT_METRIC_MESSAGES_OUT,
    BALINT_METRIC_BYTES_OUT,
    BALINT_METRIC_ERRORS,
    BALINT_METRIC_TOO_FAST,
    BALINT_METRIC_KNOCKS,
    BALINT_METRIC_KNOCKS_REFUSED,
    BALINT_METRIC_KNOCKS_SLOWED,
    BALINT_METRIC_HELLOS,
    BALINT_METRIC_RESUMES,
    BALINT_METRIC_FOUNDER,
    BALINT_METRIC_CLOSED_LATE,
    BALINT_METRIC_CLOSED_SILENT,
    BALINT_METRIC_CLOSED_SLOW,
    BALINT_METRIC_CLOSED_ABUSE,
    BALINT_METRIC_COMMITS,
    BALINT_METRIC_COMMITS_FAILED,
    BALINT_METRIC_COMMIT_US,
    BALINT_METRICS,
};

struct balint_metrics {
    uint64_t value[BALINT_METRICS];
};

/* Writes the text with its final NUL; returns its length without it. BALINT_METRICS_SIZE suffices. */
#define BALINT_METRICS_SIZE 8192
size_t balint_metrics_write(const struct balint_metrics *metrics, char text[BALINT_METRICS_SIZE]);

#endif
