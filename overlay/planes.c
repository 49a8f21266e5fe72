/* planes.c - ARGB once to premultiplied planes and runs; runs into frames. */
#include "planes.h"

#include <stdlib.h>
#include <string.h>

#define CELL  16 /* samples that are looked at together when a row is cut into runs */
#define SHORT 64 /* a run of one colour below this length is not worth a call of its own */

void balint_matrix_init(struct balint_matrix *matrix, double kr, double kb, bool full)
{
    double luma = full ? 65536.0 : 65536.0 * 219 / 255, chroma = full ? 65536.0 : 65536.0 * 224 / 255;
    double kg = 1 - kr - kb, weights[3] = {kr, kg, kb};
    for (int i = 0; i < 3; i++) {
        /* Y' = Kr R + Kg G + Kb B; Cb = (B − Y') / (2 (1 − Kb)); Cr = (R − Y') / (2 (1 − Kr)) */
        double u = ((i == 2) - weights[i]) / (2 * (1 - kb)), v = ((i == 0) - weights[i]) / (2 * (1 - kr));
        matrix->y[i] = (int)(weights[i] * luma + 0.5);
        matrix->u[i] = (int)(u * chroma + (u < 0 ? -0.5 : 0.5));
        matrix->v[i] = (int)(v * chroma + (v < 0 ? -0.5 : 0.5));
    }
    matrix->y_offset = full ? 0 : 16;
    matrix->c_offset = 128;
}

/* -- memory ---------------------------------------------------------------------------------------------- */

static size_t plane_bytes(int width, int height, int most)
{
    size_t samples = (size_t)width * (size_t)height;
    return 2 * samples + (size_t)height * (size_t)most * sizeof(struct balint_run) +
           (size_t)height * sizeof(uint16_t) + 32;
}

static uint8_t *plane_place(struct balint_plane *plane, uint8_t *at, int width, int height, int most)
{
    size_t samples = (size_t)width * (size_t)height;
    plane->width = width;
    plane->height = height;
    plane->most = most;
    plane->runs = (struct balint_run *)at; /* multiples of two bytes first, so that both arrays are aligned */
    plane->counts = (uint16_t *)(plane->runs + (size_t)height * (size_t)most);
    plane->samples = (uint8_t *)(plane->counts + height);
    plane->inverse = plane->samples + samples;
    memset(plane->inverse, 255, samples);
    at = plane->inverse + samples;
    return at + ((16 - ((uintptr_t)at & 15)) & 15);
}

bool balint_planes_init(struct balint_planes *planes, int width, int height)
{
    *planes = (struct balint_planes){.width = width, .height = height};
    if (width < 2 || height < 2 || width > 16384 || height > 16384 || (width & 1) || (height & 1))
        return false;
    int w = width / 2, h = height / 2, most = width / CELL + 1, half = w / CELL + 1;
    planes->memory = calloc(1, plane_bytes(width, height, most) + 2 * plane_bytes(w, h, half) + 64);
    if (planes->memory == NULL)
        return false;
    uint8_t *at = plane_place(&planes->y, planes->memory, width, height, most);
    at = plane_place(&planes->u, at, w, h, half);
    plane_place(&planes->v, at, w, h, half);
    return true;
}

void balint_planes_finish(struct balint_planes *planes)
{
    free(planes->memory);
    *planes = (struct balint_planes){0};
}

/* -- conversion ------------------------------------------------------------------------------------------ */

/* value + frame × inverse / 255 may not pass 255: the value stays within its alpha. */
static uint8_t within(int value, int alpha)
{
    return (uint8_t)(value < 0 ? 0 : value > alpha ? alpha : value);
}

static int channel(uint32_t pixel, int shift)
{
    return (int)(pixel >> shift & 0xff);
}

/* `count` pixels make the sums of alpha, R, G, B; the weights' 16 bits of fraction are rounded off. */
static uint8_t sample_of(const int sums[4], int count, const int weights[3], int offset, int alpha)
{
    int64_t sum = (int64_t)weights[0] * sums[1] + (int64_t)weights[1] * sums[2] +
                  (int64_t)weights[2] * sums[3] + (int64_t)offset * 65536 * sums[0] / 255;
    int64_t half = (int64_t)count * 32768;
    sum = (sum + half) / ((int64_t)count * 65536); /* negative only by rounding: within() lifts it */
    return within((int)sum, alpha);
}

static void convert_luma(struct balint_plane *plane, const uint32_t *argb, int stride,
                         struct balint_rect part, const struct balint_matrix *matrix)
{
    for (int y = part.y; y < part.y + part.h; y++) {
        const uint32_t *from = argb + (size_t)y * (size_t)stride;
        uint8_t *samples = plane->samples + (size_t)y * (size_t)plane->width;
        uint8_t *inverse = plane->inverse + (size_t)y * (size_t)plane->width;
        for (int x = part.x; x < part.x + part.w; x++) {
            int alpha = channel(from[x], 24);
            int sums[4] = {alpha, channel(from[x], 16), channel(from[x], 8), channel(from[x], 0)};
            if (x > part.x && from[x] == from[x - 1]) { /* most pixels are as their neighbour */
                samples[x] = samples[x - 1];
                inverse[x] = inverse[x - 1];
                continue;
            }
            samples[x] = sample_of(sums, 1, matrix->y, matrix->y_offset, alpha);
            inverse[x] = (uint8_t)(255 - alpha);
        }
    }
}

static void convert_chroma(struct balint_planes *planes, const uint32_t *argb, int stride,
                           struct balint_rect part, const struct balint_matrix *matrix)
{
    for (int y = part.y / 2; y < (part.y + part.h) / 2; y++) {
        const uint32_t *above = argb + (size_t)y * 2 * (size_t)stride, *below = above + stride;
        size_t row = (size_t)y * (size_t)planes->u.width;
        for (int x = part.x / 2; x < (part.x + part.w) / 2; x++) {
            const uint32_t four[4] = {above[2 * x], above[2 * x + 1], below[2 * x], below[2 * x + 1]};
            size_t at = row + (size_t)x;
            if (x > part.x / 2 && four[0] == four[1] && four[2] == four[3] && four[0] == above[2 * x - 1] &&
                four[2] == below[2 * x - 1] && above[2 * x - 1] == above[2 * x - 2] &&
                below[2 * x - 1] == below[2 * x - 2]) {
                planes->u.samples[at] = planes->u.samples[at - 1];
                planes->v.samples[at] = planes->v.samples[at - 1];
                planes->u.inverse[at] = planes->v.inverse[at] = planes->u.inverse[at - 1];
                continue;
            }
            int sums[4] = {0, 0, 0, 0};
            for (int i = 0; i < 4; i++)
                for (int c = 0; c < 4; c++)
                    sums[c] += channel(four[i], 24 - 8 * c);
            int alpha = (sums[0] + 2) / 4;
            planes->u.samples[at] = sample_of(sums, 4, matrix->u, matrix->c_offset, alpha);
            planes->v.samples[at] = sample_of(sums, 4, matrix->v, matrix->c_offset, alpha);
            planes->u.inverse[at] = planes->v.inverse[at] = (uint8_t)(255 - alpha);
        }
    }
}

/* -- runs ------------------------------------------------------------------------------------------------ */

static bool same_all(const uint8_t *bytes, int count)
{
    return count <= 1 || memcmp(bytes, bytes + 1, (size_t)count - 1) == 0;
}

/* What a cell is, or false when nothing of it is to be seen. */
static bool cell_of(const struct balint_plane *plane, int y, int x, struct balint_run *run)
{
    size_t at = (size_t)y * (size_t)plane->width + (size_t)x;
    const uint8_t *samples = plane->samples + at, *inverse = plane->inverse + at;
    int length = plane->width - x < CELL ? plane->width - x : CELL;
    bool flat = same_all(inverse, length), even = flat && same_all(samples, length);
    *run = (struct balint_run){.x = (uint16_t)x, .length = (uint16_t)length, .kind = BALINT_RUN_BLEND};
    if (even) {
        run->kind = inverse[0] == 0 ? BALINT_RUN_FILL : BALINT_RUN_TINT;
        run->value = samples[0];
        run->inverse = inverse[0];
        return inverse[0] != 255 || samples[0] != 0;
    }
    if (flat && inverse[0] == 0)
        run->kind = BALINT_RUN_COPY;
    return true;
}

/* Adds a run to those of a row, to the last one where it continues it. Returns the new count. */
static int append(struct balint_run *runs, int count, struct balint_run run)
{
    struct balint_run *last = count > 0 ? &runs[count - 1] : NULL;
    if (last != NULL && last->x + last->length == run.x && last->kind == run.kind &&
        last->value == run.value && last->inverse == run.inverse) {
        last->length = (uint16_t)(last->length + run.length);
        return count;
    }
    runs[count] = run;
    return count + 1;
}

static void cut_row(struct balint_plane *plane, int y)
{
    struct balint_run *runs = plane->runs + (size_t)y * (size_t)plane->most, run;
    int cells = 0, count = 0;
    for (int x = 0; x < plane->width; x += CELL)
        if (cell_of(plane, y, x, &run))
            cells = append(runs, cells, run);
    for (int i = 0; i < cells; i++) { /* short ones are cheaper as part of their neighbours */
        run = runs[i];
        if (run.length < SHORT && (run.kind == BALINT_RUN_FILL || run.kind == BALINT_RUN_TINT)) {
            run.kind = run.kind == BALINT_RUN_FILL ? BALINT_RUN_COPY : BALINT_RUN_BLEND;
            run.value = run.inverse = 0;
        }
        count = append(runs, count, run);
    }
    plane->counts[y] = (uint16_t)count;
}

void balint_planes_convert(struct balint_planes *planes, const uint32_t *argb, int stride,
                           struct balint_rect dirty, const struct balint_matrix *matrix)
{
    int right = dirty.x + dirty.w, bottom = dirty.y + dirty.h;
    struct balint_rect part = {dirty.x < 0 ? 0 : dirty.x & ~1, dirty.y < 0 ? 0 : dirty.y & ~1, 0, 0};
    right = right > planes->width ? planes->width : (right + 1) & ~1;
    bottom = bottom > planes->height ? planes->height : (bottom + 1) & ~1;
    part.w = right - part.x;
    part.h = bottom - part.y;
    if (part.w <= 0 || part.h <= 0)
        return;
    convert_luma(&planes->y, argb, stride, part, matrix);
    convert_chroma(planes, argb, stride, part, matrix);
    for (int y = part.y; y < bottom; y++)
        cut_row(&planes->y, y);
    for (int y = part.y / 2; y < bottom / 2; y++) {
        cut_row(&planes->u, y);
        cut_row(&planes->v, y);
    }
}

/* -- blending -------------------------------------------------------------------------------------------- */

/* x / 255, rounded, for 0 ≤ x ≤ 65025: (x + 128 + (x + 128) / 256) / 256. */
static uint8_t times(uint8_t frame, uint8_t inverse)
{
    uint16_t product = (uint16_t)(frame * inverse + 128);
    return (uint8_t)((uint16_t)(product + (product >> 8)) >> 8);
}

static void blend_run(uint8_t *restrict frame, const uint8_t *restrict samples,
                      const uint8_t *restrict inverse, int length)
{
    for (int i = 0; i < length; i++)
        frame[i] = (uint8_t)(samples[i] + times(frame[i], inverse[i]));
}

static void tint_run(uint8_t *frame, uint8_t value, uint8_t inverse, int length)
{
    for (int i = 0; i < length; i++)
        frame[i] = (uint8_t)(value + times(frame[i], inverse));
}

/* `width` × `height` samples of the plane are inside the picture. */
static void blend_plane(const struct balint_plane *plane, uint8_t *frame, int stride, int width, int height)
{
    for (int y = 0; y < height; y++, frame += stride) {
        const struct balint_run *run = plane->runs + (size_t)y * (size_t)plane->most;
        const struct balint_run *end = run + plane->counts[y];
        size_t row = (size_t)y * (size_t)plane->width;
        for (; run < end && run->x < width; run++) {
            int length = run->x + run->length > width ? width - run->x : run->length;
            const uint8_t *samples = plane->samples + row + run->x;
            if (run->kind == BALINT_RUN_FILL)
                memset(frame + run->x, run->value, (size_t)length);
            else if (run->kind == BALINT_RUN_COPY)
                memcpy(frame + run->x, samples, (size_t)length);
            else if (run->kind == BALINT_RUN_TINT)
                tint_run(frame + run->x, run->value, run->inverse, length);
            else
                blend_run(frame + run->x, samples, plane->inverse + row + run->x, length);
        }
    }
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

void balint_planes_blend(const struct balint_planes *planes, const struct balint_picture *picture, int x,
                         int y)
{
    int width = least(planes->width, picture->width - x), height = least(planes->height, picture->height - y);
    if (x < 0 || y < 0 || width <= 0 || height <= 0)
        return;
    blend_plane(&planes->y, picture->data[0] + (ptrdiff_t)y * picture->stride[0] + x, picture->stride[0],
                width, height);
    int cx = x / 2, cy = y / 2, cw = (width + 1) / 2, ch = (height + 1) / 2;
    blend_plane(&planes->u, picture->data[1] + (ptrdiff_t)cy * picture->stride[1] + cx, picture->stride[1],
                cw, ch);
    blend_plane(&planes->v, picture->data[2] + (ptrdiff_t)cy * picture->stride[2] + cx, picture->stride[2],
                cw, ch);
}
