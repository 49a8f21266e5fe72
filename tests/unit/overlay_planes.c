/* overlay_planes.c - planes and runs against a straightforward reference, at any size and offset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "planes.h"

static struct balint_matrix matrix;

static uint32_t premultiplied(uint32_t alpha, uint32_t rgb)
{
    uint32_t pixel = alpha << 24;
    for (int shift = 0; shift < 24; shift += 8)
        pixel |= ((rgb >> shift & 0xff) * alpha + 127) / 255 << shift;
    return pixel;
}

/* A drawing as overlays are: clear, flat boxes, opaque or not, and noise as of letters. */
static uint32_t *draw(int width, int height)
{
    uint32_t *argb = calloc((size_t)width * (size_t)height, sizeof *argb);
    for (int box = 0; box < 6; box++) {
        int x = rand() % width, y = rand() % height, w = 1 + rand() % width, h = 1 + rand() % height;
        int alpha = box % 2 == 0 ? 255 : rand() % 256, noise = rand() % 3 == 0;
        static const uint32_t extremes[] = {0xffffff, 0x0000ff, 0xff0000, 0x00ffff, 0xffff00, 0};
        uint32_t colour = box % 2 ? (uint32_t)rand() & 0xffffff : extremes[rand() % 6];
        for (int i = y; i < y + h && i < height; i++)
            for (int j = x; j < x + w && j < width; j++)
                argb[i * width + j] =
                    noise ? premultiplied(box % 4 == 0 ? 255 : (uint32_t)rand() % 256, (uint32_t)rand())
                          : premultiplied((uint32_t)alpha, colour);
    }
    return argb;
}

struct frame {
    struct balint_picture picture;
    uint8_t *memory;
    size_t size;
};

static void frame_init(struct frame *frame, int width, int height, int pad)
{
    int cw = (width + 1) / 2, ch = (height + 1) / 2;
    struct balint_picture *picture = &frame->picture;
    *picture = (struct balint_picture){
        .width = width, .height = height, .stride = {width + pad, cw + pad, cw + pad}};
    size_t luma = (size_t)(width + pad) * (size_t)height, chroma = (size_t)(cw + pad) * (size_t)ch;
    frame->size = luma + 2 * chroma;
    frame->memory = malloc(frame->size);
    for (size_t i = 0; i < frame->size; i++)
        frame->memory[i] = (uint8_t)rand();
    picture->data[0] = frame->memory;
    picture->data[1] = frame->memory + luma;
    picture->data[2] = frame->memory + luma + chroma;
}

/* The definition: what is drawn plus what was there times the inverse alpha over 255, rounded. */
static void reference(const struct balint_planes *planes, const struct balint_picture *picture, int x, int y)
{
    const struct balint_plane *plane[3] = {&planes->y, &planes->u, &planes->v};
    for (int p = 0; p < 3; p++) {
        int half = p > 0, width = half ? (picture->width + 1) / 2 : picture->width;
        int height = half ? (picture->height + 1) / 2 : picture->height;
        for (int i = 0; i < plane[p]->height; i++) {
            for (int j = 0; j < plane[p]->width; j++) {
                int to_x = (half ? x / 2 : x) + j, to_y = (half ? y / 2 : y) + i;
                if (to_x >= width || to_y >= height)
                    continue;
                uint8_t *at = picture->data[p] + to_y * picture->stride[p] + to_x;
                int from = i * plane[p]->width + j;
                *at = (uint8_t)(plane[p]->samples[from] + lround(*at * plane[p]->inverse[from] / 255.0));
            }
        }
    }
}

static void test_blend_is_exact(void **unused)
{
    (void)unused;
    srand(2);
    for (int round = 0; round < 600; round++) {
        int width = 2 * (1 + rand() % 90), height = 2 * (1 + rand() % 40);
        struct balint_planes planes;
        struct frame frame, expected;
        uint32_t *argb = draw(width, height);
        assert_true(balint_planes_init(&planes, width, height));
        balint_planes_convert(&planes, argb, width, (struct balint_rect){0, 0, width, height}, &matrix);
        frame_init(&frame, 1 + rand() % 200, 1 + rand() % 100, rand() % 5);
        expected = frame;
        expected.memory = malloc(frame.size);
        memcpy(expected.memory, frame.memory, frame.size);
        for (int p = 0; p < 3; p++)
            expected.picture.data[p] = expected.memory + (frame.picture.data[p] - frame.memory);
        int x = 2 * (rand() % 110), y = 2 * (rand() % 60); /* some of them outside */
        balint_planes_blend(&planes, &frame.picture, x, y);
        reference(&planes, &expected.picture, x, y);
        assert_memory_equal(frame.memory, expected.memory, frame.size); /* padding included */
        balint_planes_finish(&planes);
        free(argb);
        free(frame.memory);
        free(expected.memory);
    }
}

/* Clear drawings change nothing; new planes are clear. */
static void test_clear(void **unused)
{
    (void)unused;
    struct balint_planes planes;
    struct frame frame;
    uint32_t argb[64] = {0};
    uint8_t before[512];
    assert_true(balint_planes_init(&planes, 8, 8));
    frame_init(&frame, 9, 9, 0);
    memcpy(before, frame.memory, frame.size);
    balint_planes_blend(&planes, &frame.picture, 0, 0);
    assert_memory_equal(before, frame.memory, frame.size);
    balint_planes_convert(&planes, argb, 8, (struct balint_rect){0, 0, 8, 8}, &matrix);
    balint_planes_blend(&planes, &frame.picture, 0, 0);
    assert_memory_equal(before, frame.memory, frame.size);
    assert_int_equal(planes.y.counts[0], 0); /* and cost nothing */
    balint_planes_finish(&planes);
    free(frame.memory);
}

/* What a frame looks like, against the arithmetic of the standards in floating point, to one step of 255. */
static void check_colours(double kr, double kb, bool full)
{
    int width = 60, height = 30;
    uint32_t *argb = draw(width, height);
    struct balint_planes planes;
    struct balint_matrix m;
    double scale = full ? 1 : 219.0 / 255, chroma = full ? 1 : 224.0 / 255, black = full ? 0 : 16;
    balint_matrix_init(&m, kr, kb, full);
    assert_true(balint_planes_init(&planes, width, height));
    balint_planes_convert(&planes, argb, width, (struct balint_rect){0, 0, width, height}, &m);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            uint32_t pixel = argb[y * width + x];
            double a = pixel >> 24,
                   luma = kr * (pixel >> 16 & 255) + kb * (pixel & 255) + (1 - kr - kb) * (pixel >> 8 & 255);
            assert_int_equal(planes.y.inverse[y * width + x], 255 - (int)a);
            assert_true(fabs(planes.y.samples[y * width + x] - (luma * scale + black * a / 255)) <= 1);
        }
    }
    for (int y = 0; y < height / 2; y++) {
        for (int x = 0; x < width / 2; x++) {
            double a = 0, r = 0, g = 0, b = 0;
            for (int i = 0; i < 4; i++) {
                uint32_t pixel = argb[(2 * y + i / 2) * width + 2 * x + i % 2];
                a += (pixel >> 24) / 4.0;
                r += (pixel >> 16 & 255) / 4.0;
                g += (pixel >> 8 & 255) / 4.0;
                b += (pixel & 255) / 4.0;
            }
            double luma = kr * r + kb * b + (1 - kr - kb) * g;
            double u = (b - luma) / (2 * (1 - kb)) * chroma + 128 * a / 255;
            double v = (r - luma) / (2 * (1 - kr)) * chroma + 128 * a / 255;
            int at = y * width / 2 + x;
            assert_true(fabs(planes.u.samples[at] - u) <= 1);
            assert_true(fabs(planes.v.samples[at] - v) <= 1);
            assert_true(abs(planes.u.inverse[at] - (int)lround(255 - a)) <= 1);
            assert_int_equal(planes.u.inverse[at], planes.v.inverse[at]);
            /* so that blending cannot pass 255 */
            assert_true(planes.u.samples[at] + planes.u.inverse[at] <= 255);
            assert_true(planes.v.samples[at] + planes.v.inverse[at] <= 255);
        }
    }
    balint_planes_finish(&planes);
    free(argb);
}

static void test_conversion(void **unused)
{
    (void)unused;
    srand(3);
    for (int round = 0; round < 60; round++) {
        check_colours(0.299, 0.114, false);
        check_colours(0.2126, 0.0722, false);
        check_colours(0.299, 0.114, true);
    }
}

/* ITU-R BT.601 and BT.709: the eight-bit values of white, black and the primaries. */
static void test_known_colours(void **unused)
{
    (void)unused;
    static const struct {
        uint32_t argb;
        uint8_t bt601[3], bt709[3];
    } known[] = {
        {0xffffffff, {235, 128, 128}, {235, 128, 128}}, {0xff000000, {16, 128, 128}, {16, 128, 128}},
        {0xffff0000, {81, 90, 240}, {63, 102, 240}},    {0xff00ff00, {145, 54, 34}, {173, 42, 26}},
        {0xff0000ff, {41, 240, 110}, {32, 240, 118}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        for (int standard = 0; standard < 2; standard++) {
            const uint8_t *expected = standard == 0 ? known[i].bt601 : known[i].bt709;
            struct balint_planes planes;
            struct balint_matrix m;
            uint32_t argb[4] = {known[i].argb, known[i].argb, known[i].argb, known[i].argb};
            balint_matrix_init(&m, standard == 0 ? 0.299 : 0.2126, standard == 0 ? 0.114 : 0.0722, false);
            assert_true(balint_planes_init(&planes, 2, 2));
            balint_planes_convert(&planes, argb, 2, (struct balint_rect){0, 0, 2, 2}, &m);
            assert_int_equal(planes.y.samples[0], expected[0]);
            assert_int_equal(planes.u.samples[0], expected[1]);
            assert_int_equal(planes.v.samples[0], expected[2]);
            assert_int_equal(planes.y.inverse[0], 0);
            balint_planes_finish(&planes);
        }
    }
}

/* Converting the parts that changed comes to the same as converting all. */
static void test_parts(void **unused)
{
    (void)unused;
    srand(4);
    for (int round = 0; round < 200; round++) {
        int width = 2 * (10 + rand() % 60), height = 2 * (5 + rand() % 20);
        uint32_t *argb = draw(width, height), *changed = draw(width, height);
        struct balint_planes part, whole;
        struct balint_rect dirty = {rand() % width - 5, rand() % height - 5, 1 + rand() % width,
                                    1 + rand() % height};
        assert_true(balint_planes_init(&part, width, height));
        assert_true(balint_planes_init(&whole, width, height));
        balint_planes_convert(&part, argb, width, (struct balint_rect){0, 0, width, height}, &matrix);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                if (x >= dirty.x && y >= dirty.y && x < dirty.x + dirty.w && y < dirty.y + dirty.h)
                    argb[y * width + x] = changed[y * width + x];
        balint_planes_convert(&part, argb, width, dirty, &matrix);
        balint_planes_convert(&whole, argb, width, (struct balint_rect){0, 0, width, height}, &matrix);
        size_t luma = (size_t)width * (size_t)height;
        assert_memory_equal(part.y.samples, whole.y.samples, luma);
        assert_memory_equal(part.y.inverse, whole.y.inverse, luma);
        assert_memory_equal(part.u.samples, whole.u.samples, luma / 4);
        assert_memory_equal(part.v.samples, whole.v.samples, luma / 4);
        assert_memory_equal(part.y.counts, whole.y.counts, (size_t)height * sizeof *part.y.counts);
        balint_planes_finish(&part);
        balint_planes_finish(&whole);
        free(argb);
        free(changed);
    }
}

/* A ribbon is filled, not multiplied: that is what it costs little by. */
static void test_runs(void **unused)
{
    (void)unused;
    enum { WIDTH = 1280, HEIGHT = 2 };
    uint32_t *argb = malloc(WIDTH * HEIGHT * sizeof *argb);
    struct balint_planes planes;
    for (int i = 0; i < WIDTH * HEIGHT; i++)
        argb[i] = i % WIDTH < 640 ? 0xff1d2b33 : 0x80102030;
    assert_true(balint_planes_init(&planes, WIDTH, HEIGHT));
    balint_planes_convert(&planes, argb, WIDTH, (struct balint_rect){0, 0, WIDTH, HEIGHT}, &matrix);
    assert_int_equal(planes.y.counts[0], 2);
    assert_int_equal(planes.y.runs[0].kind, BALINT_RUN_FILL);
    assert_int_equal(planes.y.runs[1].kind, BALINT_RUN_TINT);
    assert_int_equal(planes.y.runs[1].x, 640);
    assert_int_equal(planes.y.runs[1].length, 640);
    balint_planes_finish(&planes);
    free(argb);
}

static void test_limits(void **unused)
{
    (void)unused;
    struct balint_planes planes;
    assert_false(balint_planes_init(&planes, 3, 2));
    assert_false(balint_planes_init(&planes, 2, 3));
    assert_false(balint_planes_init(&planes, 0, 2));
    assert_false(balint_planes_init(&planes, 16386, 2));
    balint_planes_finish(&planes); /* legal */
    assert_true(balint_planes_init(&planes, 16384, 2));
    balint_planes_finish(&planes);
    balint_planes_finish(&planes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blend_is_exact), cmocka_unit_test(test_clear),
        cmocka_unit_test(test_conversion),     cmocka_unit_test(test_known_colours),
        cmocka_unit_test(test_parts),          cmocka_unit_test(test_runs),
        cmocka_unit_test(test_limits),
    };
    balint_matrix_init(&matrix, 0.2126, 0.0722, false);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
