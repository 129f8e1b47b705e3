/* SPDX-License-Identifier: Apache-2.0
 * One block of C on one thread: what gemm and syrk cut their work into. */
#ifndef KFIX_PRODUCTS_BLOCK_H
#define KFIX_PRODUCTS_BLOCK_H

#include "port/gemm/product.h"

/* Threads that d can give to products, and the packing space of each; 0: too little for one. */
typedef struct kfix_slots {
  unsigned count;
  size_t bytes;
  char *space;
} kfix_slots;

kfix_slots kfix_products_slots(const kfix_tile *tile, const kfix_device *d);

static inline void *kfix_products_slot(const kfix_slots *s, unsigned index) {
  return s->space + index * s->bytes;
}

/* That block, on this thread. */
void kfix_products_block(const kfix_product *t, const kfix_area *area);

#endif
