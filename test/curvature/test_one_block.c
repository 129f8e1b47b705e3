/* SPDX-License-Identifier: Apache-2.0
 * A curvature on the caller's examples: it depends on them alone, and a failure leaves no trace. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "reference_case.h"

enum { IN = 5, OUT = 4, ROWS = 9, COUNT = OUT * (IN + 1) };

typedef struct block {
  kfix_node_spec node;
  kfix_net net;
  kfix *k;
  void *arena;
} block;

static void begin_with(block *b, kfix_method method, const kfix_node_spec *node) {
  b->node = *node;
  b->net = (kfix_net){.name = "block",
                      .nodes = &b->node,
                      .node_count = 1,
                      .block_count = 1,
                      .inputs = IN,
                      .image = {1, IN, 1},
                      .loss = KFIX_MSE,
                      .target = KFIX_TARGET_VALUES,
                      .chunk = 16,
                      .row_block = 16,
                      .threads = 1};
  const size_t bytes = kfix_bytes(&b->net, method, &kfix_port_ref);
  b->arena = aligned_alloc(KFIX_ALIGN, bytes);
  CHECK_INT(KFIX_OK, kfix_create(&b->k,
                                 &(kfix_setup){&b->net, method, NULL, &kfix_port_ref, NULL, NULL,
                                               b->arena, bytes},
                                 NULL));
}

static void begin(block *b, kfix_method method) {
  const kfix_node_spec dense = KFIX_DENSE_NODE("block", 0, IN, OUT, KFIX_LINEAR);
  begin_with(b, method, &dense);
}

static void fill(kfix_real *x, size_t n, uint64_t seed) {
  for (size_t i = 0; i < n; i++) x[i] = (kfix_real)case_normal(&seed);
}

/* F^-1 v with the examples of a seed, after another product if `disturbed`. */
static void solve(kfix_method method, int disturbed, kfix_real *u) {
  kfix_real abar[ROWS * (IN + 1)], g[ROWS * OUT], v[COUNT];
  block b;
  begin(&b, method);
  fill(abar, ROWS * (IN + 1), 1);
  fill(g, ROWS * OUT, 2);
  fill(v, COUNT, 3);
  for (int i = 0; i < COUNT && disturbed; i++) u[i] = 100;
  if (disturbed) CHECK_INT(KFIX_OK, kfix_block_absorb(b.k, ROWS, 0, abar, g, 2));
  if (disturbed) CHECK_INT(KFIX_OK, kfix_block_apply(b.k, u, u));
  CHECK_INT(KFIX_OK, kfix_block_absorb(b.k, ROWS, 0, abar, g, 0.5));
  CHECK_INT(KFIX_OK, kfix_block_apply(b.k, v, u));
  free(b.arena);
}

/* Windows of one pixel: A is the mean of (x, 1) (x, 1)^T over all of them, G over examples the mean of the sum of g^2. */
void test_a_convolution_is_taken(void) {
  const kfix_node_spec pixels = {.name = "pixels",
                                 .kind = KFIX_KIND_conv,
                                 .reads = 1,
                                 .units = IN,
                                 .cols = 2,
                                 .image = {1, IN, 1},
                                 .kernel = {1, 1},
                                 .stride = {1, 1}};
  kfix_real images[ROWS * IN], g[ROWS * IN], a[4], square;
  double mean = 0, mean2 = 0, g2 = 0;
  size_t rows, cols;
  block b;
  fill(images, ROWS * IN, 1);
  fill(g, ROWS * IN, 2);
  for (int i = 0; i < ROWS * IN; i++) {
    mean += (double)images[i] / (ROWS * IN);
    mean2 += (double)images[i] * (double)images[i] / (ROWS * IN);
    g2 += (double)g[i] * (double)g[i] / ROWS;
  }
  begin_with(&b, KFIX_METHOD_kfac, &pixels);
  CHECK_INT(KFIX_OK, kfix_block_absorb(b.k, ROWS, 0, images, g, -1));
  CHECK_INT(KFIX_OK, kfix_view(b.k, "A", 1, a, 4, &rows, &cols));
  const double slack = 2 * ROWS * IN * KFIX_REAL_EPS * (1 + mean2);
  CHECK_NEAR(slack, mean2, (double)a[0]);
  CHECK_NEAR(slack, mean, (double)a[1]);
  CHECK_NEAR(slack, mean, (double)a[2]);
  CHECK_NEAR(slack, 1, (double)a[3]);
  CHECK_INT(KFIX_OK, kfix_view(b.k, "G", 1, &square, 1, &rows, &cols));
  CHECK_NEAR(2 * ROWS * IN * KFIX_REAL_EPS * g2, g2, (double)square);
  free(b.arena);
}

void test_a_convolution_of_each_channel_is_refused(void) {
  const kfix_node_spec deep = {.name = "deep",
                               .kind = KFIX_KIND_depthwise,
                               .reads = 1,
                               .units = IN,
                               .cols = 1,
                               .image = {1, IN, 1},
                               .kernel = {1, 1},
                               .stride = {1, 1},
                               .each = 1};
  kfix_real abar[2 * ROWS] = {0}, g[ROWS] = {0}, u[2];
  block b;
  begin_with(&b, KFIX_METHOD_kfac, &deep);
  CHECK_INT(KFIX_ARGUMENT, kfix_block_absorb(b.k, ROWS, 0, abar, g, 1));
  CHECK_INT(KFIX_ARGUMENT, kfix_block_apply(b.k, g, u));
  free(b.arena);
}

void test_an_answer_depends_on_the_examples_alone(void) {
  kfix_real v[COUNT], u[COUNT], other[COUNT];
  fill(v, COUNT, 3);
  for (int m = 0; m < KFIX_METHOD_COUNT; m++) {
    if (kfix_methods[m].curvature == NULL) continue;
    double bare = 0;
    solve((kfix_method)m, 0, u);
    solve((kfix_method)m, 1, other);
    for (int i = 0; i < COUNT; i++) {
      const double size = fabs((double)u[i]) + 1;
      CHECK_NEAR(1e4 * KFIX_REAL_EPS * size, (double)u[i], (double)other[i]);
      bare = fmax(bare, fabs((double)u[i] - (double)v[i] / 0.25));
    }
    CHECK(bare > 0.1); /* not as if there were damping alone */
  }
}

void test_a_failure_leaves_the_state_as_it_was(void) {
  kfix_real abar[ROWS * (IN + 1)], g[ROWS * OUT];
  fill(abar, ROWS * (IN + 1), 1);
  fill(g, ROWS * OUT, 2);
  for (int m = 0; m < KFIX_METHOD_COUNT; m++) {
    if (kfix_methods[m].curvature == NULL) continue;
    block b;
    begin(&b, (kfix_method)m);
    const uint64_t before = kfix_digest(b.k);
    const kfix_real good = g[7];
    g[7] = (kfix_real)NAN;
    CHECK_INT(KFIX_STATISTICS_NONFINITE, kfix_block_absorb(b.k, ROWS, 0, abar, g, 0.5));
    CHECK_U64(before, kfix_digest(b.k));
    g[7] = good;
    CHECK_INT(KFIX_OK, kfix_block_absorb(b.k, ROWS, 0, abar, g, 0.5));
    free(b.arena);
  }
}
