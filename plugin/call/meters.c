/* meters.c - see meters.h. */
#include "call/meters.h"

#include <string.h>

void balint_meters_init(struct balint_meters *meters)
{
    memset(meters, 0, sizeof *meters);
    g_mutex_init(&meters->lock);
    for (int seat = 0; seat < BALINT_SEATS; seat++)
        balint_meters_reset(meters, seat);
}

void balint_meters_finish(struct balint_meters *meters)
{
    g_mutex_clear(&meters->lock);
}

void balint_meters_reset(struct balint_meters *meters, int seat)
{
    g_mutex_lock(&meters->lock);
    meters->seats[seat] = (struct balint_meter){.first_sound_ms = -1, .first_picture_ms = -1};
    g_mutex_unlock(&meters->lock);
}

void balint_meters_phase(struct balint_meters *meters, int phase)
{
    g_mutex_lock(&meters->lock);
    if (phase >= 0 && phase < BALINT_PHASES)
        meters->phase = phase;
    g_mutex_unlock(&meters->lock);
}

void balint_meters_start(struct balint_meters *meters)
{
    g_mutex_lock(&meters->lock);
    if (meters->zero_us == 0)
        meters->zero_us = g_get_monotonic_time();
    g_mutex_unlock(&meters->lock);
}

gboolean balint_meters_started(struct balint_meters *meters)
{
    g_mutex_lock(&meters->lock);
    gboolean started = meters->zero_us != 0;
    g_mutex_unlock(&meters->lock);
    return started;
}

/* Mean square over (2^15 / 1000)^2: over -60 dBFS. */
static gboolean is_loud(const gint16 *samples, gsize count)
{
    gint64 sum = 0;
    for (gsize i = 0; i < count; i++)
        sum += (gint32)samples[i] * samples[i];
    return count > 0 && (double)sum / (double)count > 32.768 * 32.768;
}

/* Under the lock. */
static void mark_first(struct balint_meters *meters, gint64 *first_ms)
{
    if (*first_ms < 0 && meters->zero_us)
        *first_ms = (g_get_monotonic_time() - meters->zero_us) / 1000;
}

void balint_meters_sound(struct balint_meters *meters, int seat, const gint16 *samples, gsize count,
                         guint rate, gboolean passed)
{
    gboolean loud = is_loud(samples, count);
    gint64 us = (gint64)count * G_USEC_PER_SEC / rate;
    g_mutex_lock(&meters->lock);
    struct balint_meter *meter = &meters->seats[seat];
    struct balint_phase_meter *phase = &meter->phases[meters->phase];
    if (passed)
        mark_first(meters, &meter->first_sound_ms); /* silence that arrives is sound that works */
    if (loud && passed)
        phase->sound_us += us;
    else if (loud)
        phase->dropped_us += us;
    g_mutex_unlock(&meters->lock);
}

void balint_meters_picture(struct balint_meters *meters, int seat)
{
    g_mutex_lock(&meters->lock);
    struct balint_meter *meter = &meters->seats[seat];
    mark_first(meters, &meter->first_picture_ms);
    meter->phases[meters->phase].frames++;
    g_mutex_unlock(&meters->lock);
}

struct balint_meter balint_meters_get(struct balint_meters *meters, int seat)
{
    g_mutex_lock(&meters->lock);
    struct balint_meter meter = meters->seats[seat];
    g_mutex_unlock(&meters->lock);
    return meter;
}
