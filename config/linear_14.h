/* SPDX-License-Identifier: Apache-2.0
 * A deep linear network of the two-level paper [2L 4.3], 784-1000-900-800-700-600-500-400-300-200-100-50-20-10, each
 * layer but the last normalised, on MNIST: 4106920 parameters. */
#define KFIX_NAME  "linear_14"
#define KFIX_INPUT 784

#define LINEAR_LAYER(N, x, id, source, units)      \
  N(x, dense, dense_##id, source, (units), linear) \
  N(x, norm, id, dense_##id, (), linear)
#define KFIX_NODES(N, x)              \
  LINEAR_LAYER(N, x, l1, input, 1000) \
  LINEAR_LAYER(N, x, l2, l1, 900)     \
  LINEAR_LAYER(N, x, l3, l2, 800)     \
  LINEAR_LAYER(N, x, l4, l3, 700)     \
  LINEAR_LAYER(N, x, l5, l4, 600)     \
  LINEAR_LAYER(N, x, l6, l5, 500)     \
  LINEAR_LAYER(N, x, l7, l6, 400)     \
  LINEAR_LAYER(N, x, l8, l7, 300)     \
  LINEAR_LAYER(N, x, l9, l8, 200)     \
  LINEAR_LAYER(N, x, l10, l9, 100)    \
  LINEAR_LAYER(N, x, l11, l10, 50)    \
  LINEAR_LAYER(N, x, l12, l11, 20)    \
  N(x, dense, out, l12, (10), softmax)
#define KFIX_LOSS   categorical
#define KFIX_TARGET class
#define KFIX_CHUNK  256

#define KFIX_DATA          "mnist"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_GLOROT)
