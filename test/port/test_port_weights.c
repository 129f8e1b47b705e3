/* SPDX-License-Identifier: Apache-2.0
 * Gradients of a convolution's weights on every CPU port: the bits of gemm on stored patches, so many rows at a time. */
#include <math.h>

#include "check.h"
#include "image_cases.h"

static kfix_real x[ROOM], s[ROOM], start[ROOM], want[ROOM], got[ROOM], patches[ROOM], stored[ROOM];

void setUp(void) {
  port_crews_start();
  port_numbers(1, 2, ROOM, x);
  port_numbers(2, 2, ROOM, s);
  port_numbers(3, 2, ROOM, start);
}

void tearDown(void) {
  port_crews_stop();
}

/* Images and gradients of an example are `apart` longer than they must be, and so are rows of the result. */
typedef struct sum {
  const image_case *c;
  kfix_windows g;
  size_t ones, together, ldx, lds, ldo;
  kfix_real alpha, beta;
} sum;

static sum sum_of(const image_case *c, size_t variant) {
  static const size_t together[] = {KFIX_KC, 100, 7, 1};
  const size_t apart = variant % 3 == 0 ? 0 : 3;
  sum t = {c, image_windows(c), variant % 2, together[variant % 4], 0, 0, 0, 1, 0};
  t.alpha = variant < 2 ? 1 : (kfix_real)0.3;
  t.beta = (kfix_real)(variant / 2 % 2);
  t.ldx = kfix_image_reals(&t.g) + apart;
  t.lds = kfix_positions(&t.g) * c->channels + 2 * apart;
  t.ldo = kfix_patch_reals(&t.g) + t.ones + apart;
  CHECK(c->rows * t.ldx <= ROOM && c->rows * t.lds <= ROOM && c->channels * t.ldo <= ROOM);
  return t;
}

static void run(const kfix_device *d, const sum *t, kfix_real *out) {
  memcpy(out, start, sizeof start);
  CHECK_INT(KFIX_OK,
            d->port->convolve_weights(d, &t->g, t->c->rows, t->c->channels, t->ones, t->together,
                                      t->alpha, x, t->ldx, s, t->lds, t->beta, out, t->ldo));
}

/* The reference port's, by what the kernel's comment says. */
static void multiply_patches(const sum *t, kfix_real *out) {
  const kfix_device d = port_device(0, 1);
  const size_t each = kfix_positions(&t->g), all = t->c->rows * each, n = t->c->channels;
  const size_t k = kfix_patch_reals(&t->g);
  CHECK(all * (k + 1) <= ROOM);
  memcpy(out, start, sizeof start);
  CHECK_INT(KFIX_OK, d.port->patches(&d, &t->g, 0, all, x, t->ldx, patches, k + 1));
  for (size_t i = 0; i < all; i++)
    memcpy(stored + i * n, s + i / each * t->lds + i % each * n, n * sizeof *s);
  for (size_t i = 0; i < all; i += t->together)
    CHECK_INT(KFIX_OK, d.port->gemm(&d, KFIX_T, KFIX_N, n, k + t->ones,
                                    kfix_smaller(t->together, all - i), t->alpha, stored + i * n, n,
                                    patches + i * (k + 1), k + 1, i ? 1 : t->beta, out, t->ldo));
}

static void agree(const sum *t) {
  multiply_patches(t, want);
  for (size_t p = 0; p < PORT_CASES; p++) {
    if (!port_is_here(p)) continue;
    for (unsigned threads = 1; threads <= CREW_MAX; threads++) {
      const kfix_device d = port_device(p, threads);
      run(&d, t, got);
      if (port_differs(want, got, ROOM) < ROOM)
        CHECK_MSG(
            0, CHECK_TEXT_(IMAGE_FORMAT ", ones %zu, together %zu, beta %g, %s, %u threads: [%zu]",
                           IMAGE_NUMBERS(t->c), t->ones, t->together, (double)t->beta, d.port->name,
                           threads, port_differs(want, got, ROOM)));
    }
  }
}

static void agree_on(const image_case *c) {
  for (size_t variant = 0; variant < 8; variant++) {
    const sum t = sum_of(c, variant);
    agree(&t);
  }
}

void test_bits_are_those_of_stored_patches(void) {
  for (size_t i = 0; i < IMAGE_CASES; i++) agree_on(&image_cases[i]);
}

/* Panels of one run and of many, and channels around the tiles. */
void test_sizes_around_tiles(void) {
  for (uint32_t channels = 1; channels <= 48; channels += channels < 9 ? 1 : 7) {
    const image_case c = {{6, 5, channels}, {3, 2}, {1, 1}, {1, 1}, 49 - channels, 4};
    agree_on(&c);
  }
}

void test_special_values(void) {
  port_sprinkle(5, 97, ROOM, x);
  port_sprinkle(11, 89, ROOM, s);
  agree_on(&image_cases[2]);
  agree_on(&image_cases[3]);
  for (size_t i = 0; i < ROOM; i++) start[i] = (kfix_real)NAN;
  agree_on(&image_cases[7]);
}

/* A crew larger than the scratch was made for, and scratch of one panel. */
void test_little_scratch(void) {
  for (size_t variant = 0; variant < 8; variant++)
    for (size_t p = 1; p < PORT_CASES; p++) {
      const sum t = sum_of(&image_cases[variant % 2 ? 7 : 19], variant);
      kfix_device d = port_device(p, 3);
      if (!port_is_here(p)) continue;
      multiply_patches(&t, want);
      d.threads_max = variant < 4 ? 2 : 3;
      if (variant >= 2) d.scratch_bytes = d.port->scratch_bytes(1, 1, 1, 1);
      run(&d, &t, got);
      CHECK_INT(ROOM, port_differs(want, got, ROOM));
    }
}

/* Two calls that meet at a multiple of `together` are one. */
void test_rows_may_be_split(void) {
  const image_case c = {{10, 10, 5}, {3, 3}, {1, 1}, {1, 1}, 6, 4};
  for (size_t p = 0; p < PORT_CASES; p++) {
    const kfix_device d = port_device(p, 2);
    sum t = sum_of(&c, 1);
    if (!port_is_here(p)) continue;
    run(&d, &t, want);
    memcpy(got, start, sizeof start);
    for (size_t i = 0; i < c.rows; i++)
      CHECK_INT(KFIX_OK, d.port->convolve_weights(&d, &t.g, 1, c.channels, t.ones, t.together,
                                                  t.alpha, x + i * t.ldx, t.ldx, s + i * t.lds,
                                                  t.lds, i ? 1 : t.beta, got, t.ldo));
    CHECK_INT(ROOM, port_differs(want, got, ROOM));
  }
}

void test_what_is_refused_and_what_is_empty(void) {
  for (size_t p = 0; p < PORT_CASES; p++) {
    const kfix_device d = port_device(p, 1);
    const kfix_windows g = image_windows(&image_cases[0]);
    if (!port_is_here(p)) continue;
    CHECK_INT(KFIX_PORT, d.port->convolve_weights(&d, &g, 1, 1, 0, 1, 1, x, 1, s, 1, 2, got, 1));
    CHECK_INT(KFIX_PORT, d.port->convolve_weights(&d, &g, 1, 1, 0, 0, 1, x, 1, s, 1, 0, got, 1));
    CHECK_INT(KFIX_PORT,
              d.port->convolve_weights(&d, &g, 1, 1, 0, KFIX_KC + 1, 1, x, 1, s, 1, 0, got, 1));
    got[0] = 5;
    CHECK_INT(KFIX_OK, d.port->convolve_weights(&d, &g, 0, 1, 0, 1, 1, x, 1, s, 1, 1, got, 1));
    CHECK(got[0] == 5);
    CHECK_INT(KFIX_OK, d.port->convolve_weights(&d, &g, 0, 1, 0, 1, 1, x, 1, s, 1, 0, got, 1));
    CHECK(got[0] == 0);
  }
}
