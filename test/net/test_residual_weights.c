/* SPDX-License-Identifier: Apache-2.0
 * First weights of a net with residual sums: how they spread, against the rule of net/residual.h by hand. */
#define KFIX_CONFIG "test/support/residual_net.h"
#include <math.h>

#include "check.h"
#include "kfix.h"
#include "net/residual.h"
#include "port/ref/ref.h"

KFIX_DEFINE_NET(net);
static _Alignas(KFIX_ALIGN) unsigned char arena[KFIX_BYTES(sgd, ref)];

/* Of each block: its name, its fan-in, the gain that the rule gives it. */
static const struct expected {
  const char *name;
  double fan_in, gain;
} blocks[] = {
    {"stem", 9 * 4, 1},      /* reads the input */
    {"a1", 9 * 32, 2},       /* reads a ReLU, a net's first branch begins */
    {"a2", 9 * 32, 0.2},     /* ends it */
    {"b1", 9 * 32, 2},       /* reads a sum with a ReLU */
    {"b2", 9 * 48, 0.2},     /* ends a branch that is the second source */
    {"skip", 32, 1},         /* a projection */
    {"left", 48, 2},         /* of two sides alike neither is a branch */
    {"right", 48, 2},        /* */
    {"c1", 9 * 48, 1},       /* reads a sum without activation */
    {"c2", 9 * 64, 0.2},     /* ends a branch, behind a pool */
    {"wide", 4 * 4 * 64, 2}, /* as left and right */
    {"kinds", 64, 1},        /* reads a pool */
};
enum { BLOCKS = sizeof blocks / sizeof blocks[0] };

static uint32_t place_of(uint32_t block) {
  return (uint32_t)(kfix_net_block(&net, block) - net.nodes) + 1;
}

void test_gain_of_each_node(void) {
  CHECK_INT(BLOCKS, net.block_count);
  for (uint32_t b = 0; b < BLOCKS; b++) {
    CHECK_STR(blocks[b].name, kfix_net_block(&net, b)->name);
    CHECK_NEAR(0, blocks[b].gain, kfix_residual_gain(&net, place_of(b)));
  }
}

/* Mean and variance of normal numbers, within six standard errors; biases are 0. */
static void check_block(const struct expected *e, const kfix_node_spec *n, const kfix_real *w) {
  const size_t cols = n->cols, fan_in = (size_t)e->fan_in, rows = n->image.channels;
  const double count = (double)rows * e->fan_in, variance = e->gain / e->fan_in;
  double mean = 0, square = 0;
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < cols; j++) {
      const double value = w[r * cols + j];
      mean += value;
      square += value * value;
      if (j >= fan_in) CHECK(value == 0);
    }
  CHECK_NEAR(6 * sqrt(variance / count), 0, mean / count);
  CHECK_NEAR(6 * variance * sqrt(2 / count), variance, square / count);
}

void test_weights_spread_as_the_rule_says(void) {
  static kfix_real w[40 * (4 * 4 * 64 + 1)]; /* of `wide`, the most */
  kfix_options options = kfix_options_default(&net);
  kfix *k = NULL;
  options.init = KFIX_INIT_RESIDUAL;
  CHECK_INT(KFIX_OK, kfix_create(&k,
                                 &(kfix_setup){&net, KFIX_METHOD_sgd, &options, &kfix_port_ref,
                                               NULL, NULL, arena, sizeof arena},
                                 NULL));
  for (uint32_t b = 0; b < BLOCKS; b++) {
    const kfix_node_spec *n = kfix_net_block(&net, b);
    CHECK((size_t)n->image.channels * n->cols <= sizeof w / sizeof *w);
    CHECK_INT(KFIX_OK, kfix_get_weights(k, KFIX_ITERATE, b + 1, w));
    check_block(&blocks[b], n, w);
  }
}
