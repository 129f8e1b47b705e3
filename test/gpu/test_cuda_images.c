/* SPDX-License-Identifier: Apache-2.0
 * The kernels of images of the CUDA port: patches, pools, normalisations and convolutions of each channel by itself
 * have the reference port's bits, other convolutions agree with it to the rounding errors that any order of summation
 * admits. With GPU=1 on a device, else run by the host (test/fake_cuda). */
#include "cuda_case.h"
#include "gpu/cuda_device.h"

/* `rows` images are looked at, with weights of `channels` rows. */
typedef struct view {
  kfix_windows g;
  size_t rows, channels;
} view;

enum { WIDE = 1700 }; /* no row of a view is longer */

/* Strides of their own, padding on one side, gaps between windows, pixels that no window shows, windows of the
 * whole image, windows of a pixel: all of an image, and of some; a row of pixels; no examples. */
static const view views[] = {
    {{8, 8, 2, 8, 8, {3, 3}, {1, 1}, {1, 1}}, 3, 4},
    {{7, 5, 3, 3, 4, {3, 2}, {2, 1}, {0, 0}}, 2, 5},
    {{9, 6, 1, 4, 3, {4, 5}, {3, 2}, {2, 2}}, 3, 1},
    {{10, 11, 2, 3, 3, {2, 3}, {4, 4}, {0, 0}}, 2, 3},
    {{5, 6, 4, 1, 1, {5, 6}, {1, 1}, {0, 0}}, 3, 7},
    {{6, 7, 5, 6, 7, {1, 1}, {1, 1}, {0, 0}}, 3, 4},
    {{6, 7, 5, 3, 4, {1, 1}, {2, 2}, {0, 0}}, 3, 4},
    {{1, 40, 1, 1, 12, {1, 7}, {1, 3}, {0, 0}}, 3, 2},
    {{3, 3, 2, 3, 3, {5, 5}, {1, 1}, {2, 2}}, 1, 2},
    {{8, 8, 2, 4, 4, {2, 2}, {2, 2}, {0, 0}}, 0, 2},
};
enum { VIEWS = sizeof views / sizeof views[0] };

/* What scripts look through. */
static view now;

void setUp(void) {
  cuda_case_begin();
}

void tearDown(void) {
  cuda_case_end();
}

typedef void check(void);

static void look_at_each(script *kernel, int variants, check *checked) {
  for (size_t i = 0; i < VIEWS; i++)
    for (int variant = 0; variant < variants; variant++) {
      now = views[i];
      run_both(kernel, (shape){now.rows, 0}, variant);
      checked();
    }
}

static void same_bits(void) {
  CHECK_MEM(&want, &got, sizeof want);
}

/* From the first window on, and from within an example: there, to within another. */
static void patches(const kfix_device *d, buffers *b, shape s, int variant) {
  const size_t all = s.rows * kfix_positions(&now.g), first = variant && all > 3 ? all / 3 : 0;
  const size_t left = variant && all > 3 ? all / 2 : all, k = kfix_patch_reals(&now.g) + 1;
  const size_t rows = kfix_smaller(left, 2 * N / (k + 2));
  ok(d->port->patches(d, &now.g, first, rows, b->x, WIDE, b->out, k + 2));
}

void test_patches(void) {
  look_at_each(patches, 2, same_bits);
}

/* The tangent's way, where what is read is not where the largest is found; and in place of it. */
static void pools(const kfix_device *d, buffers *b, shape s, int variant) {
  const kfix_real beta = (kfix_real)(variant / 2);
  const kfix_real *t = variant % 2 ? b->x : b->y;
  ok(d->port->max_pool(d, &now.g, s.rows, b->x, WIDE, t, WIDE, b->out, WIDE));
  ok(d->port->mean_pool(d, &now.g, s.rows, b->x, WIDE, b->out + N, WIDE));
  ok(d->port->max_pool_back(d, &now.g, s.rows, b->x, WIDE, b->out, WIDE, beta, b->p, WIDE));
  ok(d->port->mean_pool_back(d, &now.g, s.rows, b->out + N, WIDE, beta, b->y, WIDE));
}

void test_pools(void) {
  look_at_each(pools, 4, same_bits);
}

/* Where all are equal, and where some are NaN or infinite. */
void test_pools_of_equals(void) {
  for (size_t i = 0; i < N; i++) start.x[i] = (kfix_real)(i / 3 % 2);
  look_at_each(pools, 4, same_bits);
}

static void max_pool(const kfix_device *d, buffers *b, shape s, int variant) {
  (void)variant;
  ok(d->port->max_pool(d, &now.g, s.rows, b->x, WIDE, b->y, WIDE, b->out, WIDE));
  ok(d->port->max_pool_back(d, &now.g, s.rows, b->x, WIDE, b->out, WIDE, 0, b->p, WIDE));
}

/* What is moved is of y, which is finite, so the bits say where it came from. */
void test_the_largest_among_what_is_not_finite(void) {
  for (size_t i = 0; i < N; i += 3)
    start.x[i] = (kfix_real)(i % 2 ? NAN : i % 4 ? INFINITY : -INFINITY);
  look_at_each(max_pool, 1, same_bits);
}

/* Sums of `terms` products of numbers below 3 err by terms eps of 9 terms on both sides, and by eps of what is
 * there before, which is less. */
static double product_error(size_t terms) {
  return 2.0 * (double)(terms + 1) * (double)(terms + 1) * 9 * KFIX_REAL_EPS;
}

static void near_each(double tolerance, size_t n, const kfix_real *expected,
                      const kfix_real *actual) {
  for (size_t i = 0; i < n; i++) CHECK_NEAR(tolerance, (double)expected[i], (double)actual[i]);
}

/* Weights with a column for ones and one that nobody reads. */
static void convolve(const kfix_device *d, buffers *b, shape s, int variant) {
  const size_t ldw = kfix_patch_reals(&now.g) + 2, ones = (size_t)variant % 2;
  ok(d->port->convolve(d, &now.g, s.rows, now.channels, ones, b->x, WIDE, b->y, ldw,
                       (kfix_real)(variant / 2), b->out, WIDE));
}

static void check_convolve(void) {
  near_each(product_error(kfix_patch_reals(&now.g) + 1), 2 * N, want.out, got.out);
}

void test_convolutions(void) {
  look_at_each(convolve, 4, check_convolve);
}

static void convolve_back(const kfix_device *d, buffers *b, shape s, int variant) {
  const size_t ldw = kfix_patch_reals(&now.g) + 2;
  ok(d->port->convolve_back(d, &now.g, s.rows, now.channels, b->x, WIDE, b->y, ldw,
                            (kfix_real)variant, b->out, WIDE));
}

static void check_convolve_back(void) {
  near_each(product_error(kfix_window_area(&now.g) * now.channels), 2 * N, want.out, got.out);
}

void test_transposes_of_convolutions(void) {
  look_at_each(convolve_back, 2, check_convolve_back);
}

/* Images WIDE apart, and their gradients, or one behind the other. */
static void convolve_weights(const kfix_device *d, buffers *b, shape s, int variant) {
  const size_t ones = (size_t)variant % 2, k = kfix_patch_reals(&now.g);
  const size_t lds = variant / 4 ? WIDE : kfix_positions(&now.g) * now.channels;
  ok(d->port->convolve_weights(d, &now.g, s.rows, now.channels, ones, KFIX_KC, (kfix_real)0.5, b->x,
                               WIDE, b->y, lds, (kfix_real)(variant / 2 % 2), b->out, k + 2));
}

static void check_convolve_weights(void) {
  near_each(product_error(now.rows * kfix_positions(&now.g)), 2 * N, want.out, got.out);
}

void test_gradients_of_weights(void) {
  look_at_each(convolve_weights, 8, check_convolve_weights);
}

/* Patches of one image are more than there is room for; those of three come two at a time, or one. */
void test_patches_that_come_in_slices(void) {
  static const view large[] = {{{71, 36, 1, 71, 36, {21, 21}, {1, 1}, {10, 10}}, 1, 2},
                               {{41, 41, 1, 41, 41, {15, 15}, {1, 1}, {7, 7}}, 3, 1}};
  for (size_t i = 0; i < 2; i++)
    for (int variant = 0; variant < 4; variant++) {
      now = large[i];
      CHECK(now.rows * kfix_positions(&now.g) * (kfix_patch_reals(&now.g) + 1) * KFIX_REAL_BYTES >
            kfix_cuda_wide_bytes(&cuda.scratch));
      run_both(convolve, (shape){now.rows, 0}, variant);
      check_convolve();
      run_both(convolve_back, (shape){now.rows, 0}, variant / 2);
      check_convolve_back();
      run_both(convolve_weights, (shape){now.rows, 0}, 2 * variant);
      check_convolve_weights();
    }
}

/* ---- normalisations: rows of `rows` positions of `channels`, each WIDE apart, or all the same ---- */

static size_t apart = WIDE;

static void norms(const kfix_device *d, buffers *b, shape s, int variant) {
  const kfix_real beta = (kfix_real)variant;
  const size_t positions = now.g.rows, c = now.channels;
  kfix_real *moments = b->v, *sums = b->v + 2 * c, *each = b->out + N;
  ok(d->port->norm_moments(d, s.rows, positions, c, b->x, apart, moments));
  ok(d->port->norm(d, s.rows, positions, c, b->x, WIDE, moments, b->p, beta, b->out, WIDE));
  ok(d->port->norm_sums(d, s.rows, positions, c, b->x, WIDE, moments, b->y, WIDE, each, WIDE));
  ok(d->port->norm_sums(d, 1, positions, c, b->x, WIDE, moments, b->y, WIDE, sums, 2 * c));
  ok(d->port->norm_back(d, s.rows, positions, c, b->x, WIDE, moments, b->p, sums, 3 * positions,
                        b->y, WIDE, beta, b->y, WIDE));
}

void test_norms(void) {
  static const view normed[] = {
      {{.rows = 1}, 1, 1},  {{.rows = 1}, 3, 70},  {{.rows = 35}, 3, 31}, {{.rows = 16}, 2, 33},
      {{.rows = 17}, 3, 3}, {{.rows = 50}, 3, 33}, {{.rows = 20}, 1, 64}, {{.rows = 1700}, 2, 1},
  };
  for (size_t i = 0; i < sizeof normed / sizeof normed[0]; i++)
    for (int beta = 0; beta < 2; beta++) {
      now = normed[i];
      run_both(norms, (shape){now.rows, 0}, beta);
      same_bits();
    }
}

static void moments(const kfix_device *d, buffers *b, shape s, int variant) {
  (void)variant;
  ok(d->port->norm_moments(d, s.rows, now.g.rows, now.channels, b->x, apart, b->out));
}

/* Of many rows, and of more rows than there is room for sums of, which lie on one another. */
void test_moments_of_many_rows(void) {
  static const view normed[] = {{{.rows = 1}, 5000, 7}, {{.rows = 3}, 9000, 300}};
  for (size_t i = 0; i < 2; i++) {
    now = normed[i];
    apart = i == 0;
    run_both(moments, (shape){now.rows, 0}, 0);
    same_bits();
  }
  CHECK(now.rows * now.channels * KFIX_REAL_BYTES > 2 * kfix_cuda_wide_bytes(&cuda.scratch));
  apart = WIDE;
}

/* ---- convolutions of each channel by itself ---- */

/* With a number for a one behind the area, and without. */
static void depthwise(const kfix_device *d, buffers *b, shape s, int variant) {
  const kfix_real beta = (kfix_real)(variant / 2);
  const size_t ones = (size_t)variant % 2, each = kfix_window_area(&now.g) + ones;
  CHECK(now.g.channels * each <= WIDE);
  ok(d->port->depthwise(d, &now.g, s.rows, each, (int)ones, b->x, WIDE, b->v, beta, b->out, WIDE));
  ok(d->port->depthwise_sums(d, &now.g, s.rows, each, b->x, WIDE, b->out, WIDE, b->p, WIDE));
  ok(d->port->depthwise_back(d, &now.g, s.rows, each, b->out, WIDE, b->v, beta, b->y, WIDE));
}

void test_depthwise(void) {
  look_at_each(depthwise, 4, same_bits);
}

/* Where not one patch has room, and where sums cannot be scaled as asked. */
void test_what_is_refused(void) {
  const kfix_windows vast = {1, 1, 2000000, 1, 1, {1, 1}, {1, 1}, {0, 0}}, *g = &views[0].g;
  const kfix_real half = (kfix_real)0.5;
  kfix_real *x = remote->x, *y = remote->y, *out = remote->out;
  const kfix_port *port = &kfix_port_cuda;
  CHECK_INT(KFIX_PORT, port->convolve(&device, &vast, 1, 1, 1, x, N, y, N, 0, out, N));
  CHECK_INT(KFIX_PORT, port->convolve_back(&device, &vast, 1, 1, x, N, y, N, 0, out, N));
  CHECK_INT(KFIX_PORT, port->convolve(&device, g, 1, 1, 1, x, WIDE, y, WIDE, half, out, WIDE));
  CHECK_INT(KFIX_PORT, port->convolve_back(&device, g, 1, 1, x, WIDE, y, WIDE, half, out, WIDE));
  CHECK_INT(KFIX_PORT, port->max_pool_back(&device, g, 1, x, WIDE, y, WIDE, half, out, WIDE));
  CHECK_INT(KFIX_PORT, port->mean_pool_back(&device, g, 1, y, WIDE, half, out, WIDE));
  CHECK_INT(KFIX_PORT, port->depthwise(&device, g, 1, 9, 0, x, WIDE, y, half, out, WIDE));
  CHECK_INT(KFIX_PORT, port->depthwise_back(&device, g, 1, 9, x, WIDE, y, half, out, WIDE));
  CHECK_INT(KFIX_PORT, port->norm(&device, 1, 1, 2, x, WIDE, y, y, half, out, WIDE));
  CHECK_INT(KFIX_PORT, port->norm_back(&device, 1, 1, 2, x, 2, y, y, y, 1, y, 2, half, out, WIDE));
  CHECK_INT(KFIX_PORT, port->norm_moments(&device, 1, 1, (size_t)1 << 24, x, 0, out));
}
