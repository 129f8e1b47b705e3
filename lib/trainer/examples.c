/* SPDX-License-Identifier: Apache-2.0
 * The examples behind a block of the Fisher matrix. */
#include "core/arithmetic.h"
#include "kfix.h"
#include "net/visit.h"

/* Where the rows of one block go, on the host. */
typedef struct request {
  uint32_t block;
  kfix_real *abar, *g; /* of the chunk's first row */
} request;

static kfix_status to_host(const kfix *k, kfix_rows x, size_t rows, size_t cols, kfix_real *out) {
  for (size_t r = 0; r < rows; r++)
    KFIX_RUN(k, download, out + r * cols, x.at + r * x.ld, cols * sizeof *out);
  return KFIX_OK;
}

static kfix_status take(kfix *k, const kfix_slice *s, const void *arg) {
  const request *r = arg;
  const kfix_block *b = &k->block[s->block];
  if (s->block != r->block) return KFIX_OK;
  KFIX_TRY(to_host(k, s->abar, s->rows, b->cols, r->abar + s->first * b->cols));
  return to_host(k, s->g, s->rows, b->out, r->g + s->first * b->out);
}

kfix_status kfix_examples(kfix *k, const kfix_batch *batch, uint32_t layer, kfix_real *abar,
                          kfix_real *g) {
  if (!k || !batch || !batch->fetch || !abar || !g || layer < 1 || layer > k->depth)
    return KFIX_ARGUMENT;
  if (k->options.fisher == KFIX_FISHER_EXACT) return KFIX_OPTION;
  const kfix_block *b = &k->block[layer - 1];
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  double bad;
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  KFIX_TRY(kfix_clear_slots(k));
  for (size_t first = 0; first < batch->rows; first += k->net->chunk) {
    const size_t rows = kfix_chunk_rows(k, first, batch->rows);
    const request wanted = {layer - 1, abar + first * b->cols, g + first * b->out};
    const kfix_visitor visitor = {take, &wanted, KFIX_HAND_PAIRS};
    KFIX_TRY(kfix_load_rows(k, batch, first, rows, 1));
    KFIX_TRY(kfix_forward(k, theta, rows));
    KFIX_TRY(kfix_visit_chunk(k, theta, first, rows, KFIX_WEIGH_NOT, 0, &visitor));
  }
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BAD_DATA, 1, &bad));
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  return bad == 0 ? KFIX_OK : KFIX_DATA_NONFINITE;
}
