/* planes.h - a drawn rectangle as Y, U, V and inverse-alpha planes, and its blend into I420 frames.
 *
 * Why: a drawing changes once a second at most, a frame comes thirty times. So the conversion from ARGB is
 * done once, into planes that are premultiplied already, and a frame costs one multiplication a sample: frame
 * = plane + frame × inverse / 255 What is more, each row is cut once into stretches that need less: clear
 * ones are skipped, opaque ones are copied, opaque ones of one colour are filled without reading anything,
 * and tinted ones of one colour read the frame alone. A calm screen is mostly these. (Measured beside
 * GStreamer's composition in tests/bench/overlay.c.)
 *
 * Plain C that the compiler turns into vector code. Samples are 8 bits. Pure; one owner.
 */
#ifndef BALINT_PLANES_H
#define BALINT_PLANES_H

#include "layout.h"

/* How R, G, B become Y, U, V: rows of weights in 1/65536, and offsets in 1/255 of the alpha. */
struct balint_matrix {
    int y[3], u[3], v[3];
    int y_offset, c_offset; /* 16 and 128 for the limited range, 0 and 128 for the full one */
};
/* From the standard's Kr and Kb (ITU-R BT.601: 0.299, 0.114; BT.709: 0.2126, 0.0722) and the range. */
void balint_matrix_init(struct balint_matrix *matrix, double kr, double kb, bool full);

/* A stretch of one row of one plane. */
enum balint_run_kind { BALINT_RUN_FILL, BALINT_RUN_COPY, BALINT_RUN_TINT, BALINT_RUN_BLEND };
struct balint_run {
    uint16_t x, length; /* samples */
    uint8_t kind;
    uint8_t value, inverse; /* of fill and tint */
};

/* One plane of the drawing: samples premultiplied by alpha, 255 − alpha, and the runs of each row. */
struct balint_plane {
    int width, height;
    uint8_t *samples, *inverse;
    struct balint_run *runs; /* `most` a row */
    uint16_t *counts;        /* runs of each row */
    int most;
};
struct balint_planes {
    int width, height; /* even */
    struct balint_plane y, u, v;
    uint8_t *memory;
};
/* Planes for a drawing of width × height pixels, both even and 2..16384; everything clear. Returns false when
 * there is no memory. */
bool balint_planes_init(struct balint_planes *planes, int width, int height);
void balint_planes_finish(struct balint_planes *planes); /* zeroed planes are legal */

/* Converts the part `dirty` (widened to even corners, cut to the drawing) of premultiplied ARGB pixels in
 * native byte order, `stride` pixels a row. */
void balint_planes_convert(struct balint_planes *planes, const uint32_t *argb, int stride,
                           struct balint_rect dirty, const struct balint_matrix *matrix);

/* A frame in I420; odd sizes have the last chroma sample of a row or column for one pixel. */
struct balint_picture {
    int width, height;
    uint8_t *data[3];
    int stride[3]; /* bytes */
};
/* Blends the drawing with its left upper corner at (x, y), both even and not negative, cut to the picture. */
void balint_planes_blend(const struct balint_planes *planes, const struct balint_picture *picture, int x,
                         int y);

#endif
