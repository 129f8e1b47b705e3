/* SPDX-License-Identifier: Apache-2.0
 * A net for tests with residual sums of every sort: over an identity, over a projection that is the first source, of
 * two sides of one depth, of a branch that a pool ends. */
#define KFIX_NAME        "residual_net"
#define KFIX_INPUT_SHAPE (4, 8, 8)
#define KFIX_NODES(N, x)                             \
  N(x, conv, stem, input, (32, 3, 1, 1), relu)       \
  N(x, conv, a1, stem, (32, 3, 1, 1), relu)          \
  N(x, conv, a2, a1, (32, 3, 1, 1), linear)          \
  N(x, add, a, a2, (stem), relu)                     \
  N(x, conv, b1, a, (48, 3, 2, 1), relu)             \
  N(x, conv, b2, b1, (48, 3, 1, 1, no_bias), linear) \
  N(x, conv, skip, a, (48, 1, 2, 0), linear)         \
  N(x, add, b, skip, (b2), relu)                     \
  N(x, conv, left, b, (48, 1, 1, 0), linear)         \
  N(x, conv, right, b, (48, 1, 1, 0), linear)        \
  N(x, add, both, left, (right), linear)             \
  N(x, conv, c1, both, (64, 3, 1, 1), tanh)          \
  N(x, conv, c2, c1, (64, 3, 1, 1), relu)            \
  N(x, mean_pool, pool, c2, (3, 1, 1), linear)       \
  N(x, add, c, pool, (c1), relu)                     \
  N(x, dense, wide, c, (40), relu)                   \
  N(x, mean_pool, all, c, (0, 1, 0), linear)         \
  N(x, dense, kinds, all, (40), linear)              \
  N(x, add, out, kinds, (wide), linear)
#define KFIX_LOSS   mse
#define KFIX_TARGET values
#define KFIX_BLOCK  16
#define KFIX_CHUNK  16
