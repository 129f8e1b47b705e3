/* SPDX-License-Identifier: Apache-2.0
 * gemm: C is cut into one block per thread; each thread packs for itself. */
#include "core/arithmetic.h"
#include "port/gemm/products_block.h"
#include "port/gemm/products_grid.h"

/* Below so many multiplications a second thread costs more than it brings. */
#define WORTH_A_THREAD 100000

/* What packing an element costs, in multiplications. */
#define PACKING_COST 12

typedef struct grid {
  const kfix_product *product;
  kfix_slots slots;
  size_t m, n;
  unsigned down, over; /* blocks: down x over */
} grid;

/* Part `index` of `parts`, cut between units. */
static kfix_span cut(size_t length, size_t unit, unsigned parts, unsigned index) {
  if (parts == 1) return (kfix_span){0, length};
  const size_t units = (length + unit - 1) / unit;
  const size_t begin = unit * (units * index / parts), end = unit * (units * (index + 1) / parts);
  return (kfix_span){begin < length ? begin : length, end < length ? end : length};
}

static void grid_task(void *arg, unsigned index) {
  const grid *g = arg;
  const kfix_tile *tile = g->product->tile;
  const kfix_area area = {cut(g->m, tile->rows, g->down, index / g->over),
                          cut(g->n, tile->cols, g->over, index % g->over),
                          kfix_products_slot(&g->slots, index), g->slots.bytes};
  kfix_products_block(g->product, &area);
}

/* Cost of the largest block per unit of depth. */
static size_t block_cost(const grid *g, unsigned down, unsigned over) {
  const size_t m = KFIX_ROUND_UP((g->m + down - 1) / down, g->product->tile->rows);
  const size_t n = KFIX_ROUND_UP((g->n + over - 1) / over, g->product->tile->cols);
  return m * n + PACKING_COST * (m + n);
}

/* Chooses down x over <= tasks, from 1 x 1. */
static void lay_out(grid *g, unsigned tasks) {
  if (tasks < 2) return;
  size_t best = block_cost(g, 1, 1);
  for (unsigned down = 1; down <= tasks; down++) {
    const unsigned over = tasks / down;
    const size_t cost = block_cost(g, down, over);
    if (cost < best) {
      best = cost;
      g->down = down;
      g->over = over;
    }
  }
}

static unsigned tasks_for(unsigned slots, size_t m, size_t n, size_t k) {
  const double worth = (double)m * (double)n * (double)k / WORTH_A_THREAD;
  if (worth >= slots) return slots;
  return worth < 2 ? 1 : (unsigned)worth;
}

static kfix_layout layout_of(kfix_op op, kfix_op across) {
  if (op == KFIX_S) return KFIX_SYMMETRIC;
  return op == across ? KFIX_ACROSS : KFIX_ALONG;
}

static void zero(const kfix_product *t, size_t m, size_t n) {
  for (size_t i = 0; i < m; i++) {
    kfix_real *row = kfix_product_row(t, i);
    for (size_t j = 0; j < n; j++) row[j] = 0;
  }
}

kfix_status kfix_products_run(const kfix_product *t, const kfix_device *d, size_t m, size_t n,
                              kfix_real beta) {
  grid g = {t, kfix_products_slots(t->tile, d), m, n, 1, 1};
  if (g.slots.count == 0 || (beta != 0 && beta != 1)) return KFIX_PORT;
  if (t->k == 0 && t->from_zero) zero(t, m, n);
  if (m == 0 || n == 0 || t->k == 0) return KFIX_OK;
  lay_out(&g, tasks_for(g.slots.count, m, n, t->k));
  if (g.down * g.over == 1)
    grid_task(&g, 0);
  else
    d->crew->run(d->crew, grid_task, &g, g.down * g.over);
  return KFIX_OK;
}

kfix_status kfix_products_gemm(const kfix_tile *tile, const kfix_device *d, kfix_op op_a,
                               kfix_op op_b, size_t m, size_t n, size_t k, kfix_real alpha,
                               const kfix_real *a, size_t lda, const kfix_real *b, size_t ldb,
                               kfix_real beta, kfix_real *c, size_t ldc) {
  const kfix_product t = {
      .tile = tile,
      .left = {.layout = layout_of(op_a, KFIX_N), .x = a, .ld = lda, .scale = alpha},
      .right = {.layout = layout_of(op_b, KFIX_T), .x = b, .ld = ldb, .scale = 1},
      .k = k,
      .from_zero = beta == 0,
      .lower = 0,
      .c = c,
      .ldc = ldc,
  };
  return kfix_products_run(&t, d, m, n, beta);
}
