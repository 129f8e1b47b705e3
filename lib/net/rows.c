/* SPDX-License-Identifier: Apache-2.0
 * Rows in, scalars out, and products over examples. */
#include "core/arithmetic.h"
#include "net/net.h"
#include "net/table_rows.h"

static kfix_status count_bad(kfix *k, size_t rows, size_t cols, kfix_rows x) {
  KFIX_RUN(k, nonfinite, rows, cols, x.at, x.ld, kfix_slot_at(k, KFIX_SLOT_BAD_DATA));
  return KFIX_OK;
}

/* Into memory of the host. A source may clear whole rows: the homogeneous coordinate comes last. */
static kfix_status deliver(const kfix *k, const kfix_batch *batch, size_t first, size_t rows,
                           kfix_rows x, kfix_real *y, size_t ldy) {
  const size_t inputs = k->net->inputs;
  if (batch->fetch(batch->source, first, rows, x.at, x.ld, y, ldy) != 0) return KFIX_FETCH;
  for (size_t r = 0; r < rows; r++) x.at[r * x.ld + inputs] = 1;
  return KFIX_OK;
}

/* A port on a device: the source writes to the stage, which goes up as a whole. */
static kfix_status fetch_staged(kfix *k, const kfix_batch *batch, size_t first, size_t rows,
                                kfix_rows x, kfix_rows y, int given) {
  kfix_real *stage = k->buffer[KFIX_NET_STAGE].at[0], *targets = stage + k->net->chunk * x.ld;
  KFIX_TRY(deliver(k, batch, first, rows, (kfix_rows){stage, x.ld}, given ? targets : NULL, y.ld));
  KFIX_RUN(k, upload, x.at, stage, rows * x.ld * sizeof *stage);
  if (given) KFIX_RUN(k, upload, y.at, targets, rows * y.ld * sizeof *targets);
  return KFIX_OK;
}

static kfix_status fetch(kfix *k, const kfix_batch *batch, size_t first, size_t rows, kfix_rows x,
                         kfix_rows y, int given) {
  if (!kfix_table_is_suited(k->net, batch, given)) return KFIX_ARGUMENT;
  if (!k->device.port->is_host) return fetch_staged(k, batch, first, rows, x, y, given);
  return deliver(k, batch, first, rows, x, given ? y.at : NULL, y.ld);
}

kfix_status kfix_load_rows(kfix *k, const kfix_batch *batch, size_t first, size_t rows,
                           int with_targets) {
  const kfix_rows x = kfix_out(k, 0), y = kfix_outputs(k, &k->buffer[KFIX_NET_TARGET]);
  const int given = with_targets && k->net->target != KFIX_TARGET_INPUT;
  KFIX_TRY(fetch(k, batch, first, rows, x, y, given));
  k->chunk_first = first;
  KFIX_TRY(count_bad(k, rows, k->net->inputs, x));
  return given ? count_bad(k, rows, kfix_net_outputs(k->net), y) : KFIX_OK;
}

static const double zero[KFIX_SLOT_BLOCKS];

kfix_status kfix_clear_slots(kfix *k) {
  KFIX_RUN(k, upload, kfix_slot_at(k, 0), zero, sizeof zero);
  return KFIX_OK;
}

kfix_status kfix_clear_loss(kfix *k) {
  KFIX_RUN(k, upload, kfix_slot_at(k, KFIX_SLOT_LOSS), zero,
           (KFIX_SLOT_BAD_DATA + 1 - KFIX_SLOT_LOSS) * sizeof *zero);
  return KFIX_OK;
}

kfix_status kfix_read_slots(const kfix *k, size_t first, size_t count, double *out) {
  KFIX_RUN(k, download, out, kfix_slot_at(k, first), count * sizeof *out);
  return KFIX_OK;
}

kfix_status kfix_read_items(kfix *k, uint32_t items, uint32_t each, kfix_take_numbers *take,
                            void *arg) {
  double numbers[128];
  const uint32_t most = (uint32_t)(sizeof numbers / sizeof *numbers) / each;
  for (uint32_t first = 0, count; first < items; first += count) {
    count = (uint32_t)kfix_smaller(most, items - first);
    KFIX_TRY(
        kfix_read_slots(k, KFIX_SLOT_BLOCKS + (size_t)first * each, (size_t)count * each, numbers));
    for (uint32_t i = 0; i < count; i++)
      KFIX_TRY(take(k, first + i, numbers + (size_t)i * each, arg));
  }
  return KFIX_OK;
}

kfix_status kfix_clear_padding(kfix *k, const kfix_block *b, kfix_real *vector) {
  const size_t used = (size_t)b->out * b->cols, padding = KFIX_W_COUNT(b->cols, b->out) - used;
  if (padding) KFIX_RUN(k, fill, 1, padding, 0, vector + b->w + used, padding);
  return KFIX_OK;
}

/* Rows that one product may take: all where the port does as many together of itself. */
static size_t rows_at_once(size_t together, size_t rows) {
  return together == KFIX_KC || rows < together ? rows : together;
}

kfix_status kfix_add_product(kfix *k, size_t together, size_t m, size_t n, size_t rows,
                             double alpha, kfix_rows a, kfix_rows b, kfix_real beta, kfix_real *c,
                             size_t ldc) {
  for (size_t done = 0, step; done < rows; done += step) {
    step = rows_at_once(together, rows - done);
    KFIX_RUN(k, gemm, KFIX_T, KFIX_N, m, n, step, (kfix_real)alpha, a.at + done * a.ld, a.ld,
             b.at + done * b.ld, b.ld, done ? 1 : beta, c, ldc);
  }
  return KFIX_OK;
}

kfix_status kfix_add_weights(kfix *k, const kfix_slice *s, double alpha, kfix_real beta,
                             kfix_real *w) {
  const kfix_block *b = &k->block[s->block];
  const kfix_windows *g = s->standing;
  if (!g)
    return kfix_add_product(k, s->together, b->out, b->cols, s->rows, alpha, s->g, s->abar, beta, w,
                            b->cols);
  KFIX_RUN(k, convolve_weights, g, s->rows, b->out, b->cols - kfix_patch_reals(g), s->together,
           (kfix_real)alpha, s->abar.at, s->abar.ld, s->g.at, s->g.ld, beta, w, b->cols);
  return KFIX_OK;
}

kfix_status kfix_add_slice(kfix *k, const kfix_slice *s, const void *adding) {
  const kfix_adding *how = adding;
  return kfix_add_weights(k, s, how->alpha, 1, how->v + k->block[s->block].w);
}

kfix_status kfix_add_square(kfix *k, size_t together, size_t n, size_t rows, double alpha,
                            kfix_rows a, kfix_real *packed) {
  for (size_t done = 0, step; done < rows; done += step) {
    step = rows_at_once(together, rows - done);
    KFIX_RUN(k, syrk, KFIX_T, n, step, (kfix_real)alpha, a.at + done * a.ld, a.ld, 1, packed,
             KFIX_PACKED);
  }
  return KFIX_OK;
}
