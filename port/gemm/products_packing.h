/* SPDX-License-Identifier: Apache-2.0
 * Packing: the operands of a product, copied into the order in which a micro-kernel reads. */
#ifndef KFIX_PRODUCTS_PACKING_H
#define KFIX_PRODUCTS_PACKING_H

#include "port/port.h"

/* An operand seen from the micro-kernel: lanes (rows of op(A), columns of op(B)) by depth k. */
typedef enum kfix_layout {
  KFIX_ACROSS,    /* lane i is row i of the stored matrix */
  KFIX_ALONG,     /* lane i is its column i */
  KFIX_SYMMETRIC, /* packed lower triangle */
  KFIX_BY_TAPS,  /* the weights (channels of the image, patch) that patches back meet, gathered.h */
  KFIX_GATHERED, /* patches of images, gathered.h */
  KFIX_BY_EXAMPLES, /* along; depth is the places of one example after another, gather->ld apart */
  KFIX_WINDOWS      /* patches of images, a lane for each real of a patch, and windows as depth */
} kfix_layout;

struct kfix_gather;

typedef struct kfix_operand {
  kfix_layout layout;
  const kfix_real *x;
  size_t ld;
  kfix_real scale;                  /* alpha on the left, 1 on the right */
  const struct kfix_gather *gather; /* where lanes or depth are places of images */
} kfix_operand;

typedef struct kfix_span {
  size_t begin, end;
} kfix_span;

/* A stored operand (kfix_gather_pack packs the others): out = panels of `width` lanes each (6, 12, 14 or a multiple of 8 up to KFIX_TILE_COLS_MAX):
 * element (lane i, p) of a panel is at (p - depth.begin) width + i, scaled; missing lanes of the
 * last panel hold anything finite or of other lanes. Writes up to KFIX_PRODUCTS_SLACK bytes past
 * the last panel. */
void kfix_products_pack(const kfix_operand *o, size_t width, kfix_span lanes, kfix_span depth,
                        kfix_real *out);

#endif
