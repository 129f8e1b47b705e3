/* SPDX-License-Identifier: Apache-2.0
 * Packing space for each thread, and the four ways to make a block of C. */
#include "port/gemm/products_block.h"

#include "core/arithmetic.h"
#include "port/gemm/products_direct.h"
#include "port/gemm/products_few.h"
#include "port/gemm/products_packed.h"
#include "port/gemm/products_weights.h"

kfix_slots kfix_products_slots(const kfix_tile *tile, const kfix_device *d) {
  const size_t most = d->scratch_bytes / KFIX_PRODUCTS_LEAST(tile->rows + tile->cols);
  unsigned threads = d->crew ? d->crew->threads : 1;
  if (threads > d->threads_max) threads = d->threads_max;
  if (threads < 1) threads = 1;
  if (threads > most) threads = (unsigned)most;
  const size_t bytes = threads > 0 ? d->scratch_bytes / threads / KFIX_ALIGN * KFIX_ALIGN : 0;
  return (kfix_slots){threads, kfix_smaller(bytes, KFIX_PRODUCTS_MOST), d->scratch};
}

void kfix_products_block(const kfix_product *t, const kfix_area *area) {
  if (area->rows.end == area->rows.begin) return;
  if (t->right.layout == KFIX_WINDOWS)
    kfix_products_weights(t, area);
  else if (kfix_products_are_direct(t))
    kfix_products_direct(t, area);
  else if (kfix_products_are_few(t, area->rows.end - area->rows.begin))
    kfix_products_few(t, area);
  else
    kfix_products_packed(t, area);
}
