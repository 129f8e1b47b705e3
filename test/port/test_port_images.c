/* SPDX-License-Identifier: Apache-2.0
 * Convolutions of every CPU port: the bits of the reference port's, which are those of patches times weights;
 * the transpose against sums in double. */
#include <math.h>

#include "check.h"
#include "image_cases.h"

static kfix_real x[ROOM], w[ROOM], start[ROOM], want[ROOM], got[ROOM], patches[ROOM];

void setUp(void) {
  port_crews_start();
  port_numbers(1, 2, ROOM, x);
  port_numbers(2, 2, ROOM, w);
  port_numbers(3, 2, ROOM, start);
}

void tearDown(void) {
  port_crews_stop();
}

/* A convolution or its transpose, with rows of images that are `apart` longer than they must be. */
typedef struct convolution {
  const image_case *c;
  kfix_windows g;
  int back;
  size_t ones, ldw, wide, narrow; /* wide, narrow: reals from one example to the next, in and out */
  kfix_real beta;
} convolution;

static convolution convolution_of(const image_case *c, int back, size_t ones, size_t apart,
                                  kfix_real beta) {
  convolution t = {c, image_windows(c), back, ones, 0, 0, 0, beta};
  const size_t image = kfix_image_reals(&t.g) + apart;
  const size_t out = kfix_positions(&t.g) * c->channels + 2 * apart;
  t.ldw = kfix_patch_reals(&t.g) + ones + apart;
  t.wide = back ? out : image;
  t.narrow = back ? image : out;
  CHECK(c->rows * image <= ROOM && c->rows * out <= ROOM && c->channels * t.ldw <= ROOM);
  return t;
}

static void run(const kfix_device *d, const convolution *t, kfix_real *out) {
  const image_case *c = t->c;
  memcpy(out, start, sizeof start);
  CHECK_INT(KFIX_OK, t->back ? d->port->convolve_back(d, &t->g, c->rows, c->channels, x, t->wide, w,
                                                      t->ldw, t->beta, out, t->narrow)
                             : d->port->convolve(d, &t->g, c->rows, c->channels, t->ones, x,
                                                 t->wide, w, t->ldw, t->beta, out, t->narrow));
}

static void agree(const convolution *t) {
  const kfix_device reference = port_device(0, 1);
  run(&reference, t, want);
  for (size_t i = 1; i < PORT_CASES; i++) {
    if (!port_is_here(i)) continue;
    for (unsigned threads = 1; threads <= CREW_MAX; threads++) {
      const kfix_device d = port_device(i, threads);
      run(&d, t, got);
      if (port_differs(want, got, ROOM) < ROOM)
        CHECK_MSG(0, CHECK_TEXT_(IMAGE_FORMAT
                                 ", back %d, ones %zu, beta %g, apart %zu, %s, %u threads: [%zu]",
                                 IMAGE_NUMBERS(t->c), t->back, t->ones, (double)t->beta,
                                 t->ldw - kfix_patch_reals(&t->g) - t->ones, d.port->name, threads,
                                 port_differs(want, got, ROOM)));
    }
  }
}

static void agree_on(const image_case *c) {
  for (size_t variant = 0; variant < 4; variant++) {
    const size_t ones = variant % 2, apart = variant < 2 ? 0 : 3;
    const convolution forward = convolution_of(c, 0, ones, apart, (kfix_real)(variant / 2));
    const convolution back = convolution_of(c, 1, 0, apart, (kfix_real)ones);
    agree(&forward);
    agree(&back);
  }
}

void test_ports_agree(void) {
  for (size_t i = 0; i < IMAGE_CASES; i++) agree_on(&image_cases[i]);
}

/* More rows than are packed at a time, more than one block of depth, few rows of many channels. */
void test_ports_agree_on_larger_ones(void) {
  static const image_case large[] = {
      {{16, 16, 36}, {3, 3}, {1, 1}, {1, 1}, 40, 12},
      {{32, 32, 3}, {5, 5}, {1, 1}, {2, 2}, 33, 7},
      {{4, 4, 160}, {3, 3}, {1, 1}, {1, 1}, 96, 3},
      {{30, 31, 8}, {3, 3}, {2, 2}, {1, 1}, 16, 20},
  };
  for (size_t i = 0; i < sizeof large / sizeof *large; i++) agree_on(&large[i]);
}

void test_special_values(void) {
  port_sprinkle(5, 97, ROOM, x);
  port_sprinkle(11, 89, ROOM, w);
  agree_on(&image_cases[2]);
  agree_on(&image_cases[3]);
  agree_on(&image_cases[7]);
  for (size_t i = 0; i < ROOM; i++) start[i] = (kfix_real)NAN;
  port_numbers(1, 2, ROOM, x);
  port_numbers(2, 2, ROOM, w);
  const convolution t = convolution_of(&image_cases[7], 0, 1, 0, 0);
  agree(&t);
  for (size_t i = 0; i < t.c->rows * t.narrow; i++) CHECK(want[i] == want[i]);
  for (size_t i = 0; i < ROOM; i++) {
    start[i] = -(kfix_real)0.0;
    x[i] = 0;
  }
  agree_on(&image_cases[3]);
}

/* A crew larger than the scratch was made for, and scratch of one panel. */
void test_little_scratch(void) {
  for (size_t variant = 0; variant < 4; variant++)
    for (size_t i = 1; i < PORT_CASES; i++) {
      const convolution t = convolution_of(&image_cases[7], variant % 2 == 1, 0, 3, 1);
      const kfix_device reference = port_device(0, 1);
      kfix_device d = port_device(i, 3);
      if (!port_is_here(i)) continue;
      run(&reference, &t, want);
      d.threads_max = variant < 2 ? 2 : 3;
      if (variant >= 2) d.scratch_bytes = d.port->scratch_bytes(1, 1, 1, 1);
      run(&d, &t, got);
      CHECK_INT(ROOM, port_differs(want, got, ROOM));
    }
}

/* ---- what the bits are ---- */

/* C (all windows x channels) = patches W^T + beta C, with patches that are made before. */
static void multiply_patches(const kfix_device *d, const convolution *t, kfix_real *out) {
  const size_t k = kfix_patch_reals(&t->g), all = t->c->rows * kfix_positions(&t->g);
  CHECK(all * (k + 1) <= ROOM);
  memcpy(out, start, sizeof start);
  CHECK_INT(KFIX_OK, d->port->patches(d, &t->g, 0, all, x, t->wide, patches, k + 1));
  CHECK_INT(KFIX_OK, d->port->gemm(d, KFIX_N, KFIX_T, all, t->c->channels, k + t->ones, 1, patches,
                                   k + 1, w, t->ldw, t->beta, out, t->c->channels));
}

void test_convolution_has_the_bits_of_its_patches_times_the_weights(void) {
  for (size_t i = 0; i < IMAGE_CASES; i++)
    for (size_t p = 0; p < PORT_CASES; p++) {
      const kfix_device d = port_device(p, 2);
      const convolution t = convolution_of(&image_cases[i], 0, i % 2, 0, (kfix_real)(i % 3 == 0));
      if (!port_is_here(p)) continue;
      multiply_patches(&d, &t, want);
      run(&d, &t, got);
      if (port_differs(want, got, ROOM) < ROOM)
        CHECK_MSG(0, CHECK_TEXT_(IMAGE_FORMAT ", %s", IMAGE_NUMBERS(t.c), d.port->name));
    }
}

/* gemm of x, rows x k, with the weights, or the transpose. */
static void dense(const kfix_device *d, const convolution *t, size_t rows, kfix_real *out) {
  const size_t k = kfix_patch_reals(&t->g), channels = t->c->channels;
  memcpy(out, start, sizeof start);
  if (t->back)
    CHECK_INT(KFIX_OK, d->port->gemm(d, KFIX_N, KFIX_N, rows, k, channels, 1, x, channels, w,
                                     t->ldw, t->beta, out, k));
  else
    CHECK_INT(KFIX_OK, d->port->gemm(d, KFIX_N, KFIX_T, rows, channels, k, 1, x, k, w, t->ldw,
                                     t->beta, out, channels));
}

/* A kernel as large as the image is a dense layer; one of 1 x 1 a dense layer over the pixels. So is the transpose,
 * if no place of the kernel has channels in two blocks of KFIX_KC. */
void test_dense_layers_in_disguise(void) {
  static const image_case disguised[] = {
      {{4, 3, 29}, {4, 3}, {1, 1}, {0, 0}, 64, 13},
      {{7, 5, 2}, {7, 5}, {1, 1}, {0, 0}, 16, 30},
      {{5, 4, 270}, {1, 1}, {1, 1}, {0, 0}, 19, 5},
      {{16, 9, 17}, {1, 1}, {1, 1}, {0, 0}, 33, 4},
  };
  for (size_t i = 0; i < 2 * sizeof disguised / sizeof *disguised; i++)
    for (size_t p = 0; p < PORT_CASES; p++) {
      const image_case *c = &disguised[i / 2];
      const kfix_device d = port_device(p, 2);
      const convolution t = convolution_of(c, i % 2 == 1, 0, 0, 1);
      if (!port_is_here(p)) continue;
      dense(&d, &t, c->rows * kfix_positions(&t.g), want);
      run(&d, &t, got);
      if (port_differs(want, got, ROOM) < ROOM)
        CHECK_MSG(
            0, CHECK_TEXT_(IMAGE_FORMAT ", back %d, %s", IMAGE_NUMBERS(c), t.back, d.port->name));
    }
}

/* ---- the transpose ---- */

static double sums[ROOM], sizes[ROOM];

/* sums = the transpose of the convolution in double, from its definition; sizes = that of magnitudes. */
static void transpose_in_double(const convolution *t) {
  const kfix_windows *g = &t->g;
  memset(sums, 0, sizeof sums);
  memset(sizes, 0, sizeof sizes);
  for (size_t r = 0; r < t->c->rows; r++)
    for (size_t at = 0; at < kfix_positions(g) * kfix_window_area(g); at++) {
      const size_t window = at / kfix_window_area(g), tap = at % kfix_window_area(g);
      const ptrdiff_t pixel = image_pixel(g, window, tap / g->kernel[1], tap % g->kernel[1]);
      for (size_t f = 0; f < t->c->channels * g->channels && pixel >= 0; f++) {
        const size_t out = f / g->channels, in = f % g->channels;
        const double term = (double)x[r * t->wide + window * t->c->channels + out] *
                            (double)w[out * t->ldw + tap * g->channels + in];
        const size_t to = r * t->narrow + (size_t)pixel * g->channels + in;
        sums[to] += term;
        sizes[to] += fabs(term);
      }
    }
}

/* A sum of k terms is off by k roundings of the sum of their magnitudes at most, and so is the one in double;
 * one more for what it is added to. */
void test_transpose_is_that_of_the_definition(void) {
  for (size_t i = 0; i < IMAGE_CASES; i++)
    for (size_t p = 0; p < PORT_CASES; p++) {
      const kfix_device d = port_device(p, 1);
      const convolution t = convolution_of(&image_cases[i], 1, 0, i % 3, (kfix_real)(i % 2));
      const double k = (double)(kfix_window_area(&t.g) * t.c->channels + 1);
      if (!port_is_here(p)) continue;
      transpose_in_double(&t);
      run(&d, &t, got);
      for (size_t at = 0; at < t.c->rows * t.narrow; at++) {
        const int is_pixel = at % t.narrow < kfix_image_reals(&t.g);
        const double before = t.beta == 1 || !is_pixel ? (double)start[at] : 0;
        const double bound = k * EPSILON * (sizes[at] + fabs(before));
        CHECK(fabs((double)got[at] - before - sums[at]) <= (is_pixel ? bound : 0));
      }
    }
}

static double dot(size_t rows, size_t cols, const kfix_real *u, size_t ldu, const kfix_real *v,
                  size_t ldv, double *size) {
  double sum = 0;
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < cols; j++) {
      const double term = (double)u[r * ldu + j] * (double)v[r * ldv + j];
      sum += term;
      *size += fabs(term);
    }
  return sum;
}

/* <s, conv x> = <conv^T s, x>. With positive numbers only, nothing cancels: sums are off by their terms' number
 * of roundings, relative. */
void test_convolution_and_transpose_are_each_others(void) {
  for (size_t i = 0; i < ROOM; i++) {
    x[i] = 2 + x[i];
    w[i] = 2 + w[i];
  }
  for (size_t i = 0; i < IMAGE_CASES; i++)
    for (size_t p = 0; p < PORT_CASES; p++) {
      const kfix_device d = port_device(p, 3);
      const convolution t = convolution_of(&image_cases[i], 0, 0, 0, 0);
      const convolution back = convolution_of(&image_cases[i], 1, 0, 0, 0);
      const double terms = (double)(kfix_window_area(&t.g) * (t.g.channels + t.c->channels) +
                                    t.c->rows * (t.wide + t.narrow));
      double size = 0;
      if (!port_is_here(p)) continue;
      run(&d, &t, got);
      run(&d, &back, want);
      const double there = dot(t.c->rows, t.narrow, x, t.narrow, got, t.narrow, &size);
      const double back_again = dot(t.c->rows, t.wide, want, t.wide, x, t.wide, &size);
      CHECK(fabs(there - back_again) <= terms * EPSILON * size);
    }
}

void test_other_betas_are_refused(void) {
  for (size_t i = 0; i < PORT_CASES; i++) {
    const kfix_device d = port_device(i, 1);
    const kfix_windows g = image_windows(&image_cases[0]);
    if (!port_is_here(i)) continue;
    CHECK_INT(KFIX_PORT, d.port->convolve(&d, &g, 1, 1, 0, x, 1, w, 1, 2, got, 1));
    CHECK_INT(KFIX_PORT, d.port->convolve_back(&d, &g, 1, 1, x, 1, w, 1, (kfix_real)0.5, got, 1));
    CHECK_INT(KFIX_OK, d.port->convolve(&d, &g, 0, 1, 0, x, 1, w, 1, 0, got, 1));
    CHECK_INT(KFIX_OK, d.port->convolve_back(&d, &g, 1, 1, x, 1, w, 1, 0, got, 1));
  }
}
