/* voice_table.h - circles of eight people in many conditions, and how well a detector tells who speaks.
 *
 * Who is heard comes from the caller; noises, rooms and music are made here. A cell is the frame F1 over all
 * people and the largest error of a person's share, in percentage points.
 */
#ifndef BALINT_BENCH_VOICE_TABLE_H
#define BALINT_BENCH_VOICE_TABLE_H

#include "bench/voice_circle.h"
#include "bench/voice_detectors.h"

enum table_column {
    COLUMN_CLEAN,
    COLUMN_20DB,
    COLUMN_10DB,
    COLUMN_5DB,
    COLUMN_QUIET,
    COLUMN_TYPING,
    COLUMN_LEAKAGE,
    COLUMN_ECHO,    /* louder, and later */
    COLUMN_LAPTOPS, /* two in each room */
    COLUMN_ROOM,
    COLUMN_MUSIC, /* without the sung one */
    COLUMNS
};

struct table_cell {
    double f1, share_error; /* the worst of a column's conditions */
    int fills;              /* in how many of them who talks most was named … */
    int conditions;         /* … of so many */
};

struct table {
    struct table_cell cell[DETECTORS][COLUMNS];
    double false_speech[DETECTORS][SOUNDS]; /* of a sound alone, % of the time */
    double soon;                            /* of all onsets, %: announced within 200 ms */
    double percent_of_a_core[DETECTORS];
};

/* Measures; `most`: as many detectors, the meter is the first. Each condition by itself goes to `lines`
 * unless that is NULL. */
void table_measure(struct table *table, const struct circle *circle, int most, uint32_t seed, bool lines);

void table_print(const struct table *table, int most);

#endif
