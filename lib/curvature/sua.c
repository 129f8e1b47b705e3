/* SPDX-License-Identifier: Apache-2.0
 * One second moment of the channels for all places of a kernel. */
#include "curvature/sua.h"

#include "core/arithmetic.h"
#include "curvature/factors_plan.h"

/* The first example, from the slice's on, that begins at row `row` of it or later. */
static size_t next_example(const kfix_slice *s, size_t row) {
  return (s->at + row + s->windows - 1) / s->windows;
}

static kfix_status add_image(kfix *k, const kfix_block *b, const kfix_real *image, double weight) {
  const kfix_windows g = kfix_net_windows(k->net, k->node[b->node].spec);
  const size_t positions = (size_t)g.height * g.width;
  const kfix_buffer *factor = &b->own[KFIX_FACTOR_A];
  kfix_real *a = kfix_spare(k, factor), *last = a + KFIX_TRIANGLE((size_t)b->cols) - 1;
  KFIX_RUN(k, syrk, KFIX_T, g.channels, positions, (kfix_real)(weight / (double)positions), image,
           g.channels, 1, a, KFIX_PACKED);
  if (b->cols > kfix_patch_reals(&g)) /* the one behind the image */
    KFIX_RUN(k, axpby, 1, (kfix_real)weight, image + positions * g.channels, 1, last, last);
  return KFIX_OK;
}

kfix_status kfix_sua_absorb(kfix *k, const kfix_slice *s, double weight) {
  const size_t end = next_example(s, s->rows);
  for (size_t i = next_example(s, 0); i < end; i++) {
    const double own = k->weights ? (double)k->weights[k->chunk_first + s->first + i] : 1;
    KFIX_TRY(add_image(k, &k->block[s->block], s->images.at + i * s->images.ld, weight * own));
  }
  return KFIX_OK;
}

kfix_status kfix_sua_finish(kfix *k, const kfix_block *b) {
  const kfix_windows g = kfix_net_windows(k->net, k->node[b->node].spec);
  const size_t n = g.channels, places = kfix_window_area(&g);
  kfix_real *a = kfix_spare(k, &b->own[KFIX_FACTOR_A]);
  for (size_t first = n; first < places * n; first += n)
    for (size_t i = 0; i < n; i++)
      KFIX_RUN(k, copy, 1, i + 1, a + KFIX_TRIANGLE(i), i + 1, a + KFIX_TRIANGLE(first + i) + first,
               i + 1);
  return KFIX_OK;
}
