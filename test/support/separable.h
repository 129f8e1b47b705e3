/* SPDX-License-Identifier: Apache-2.0
 * A small net for the tests of the programs whose convolutions are of each channel by itself, then of pixels: with
 * biases and without, padded, with strides. */
#define KFIX_NAME        "separable"
#define KFIX_INPUT_SHAPE (3, 6, 5)
#define KFIX_NODES(N, x)                                              \
  N(x, depthwise, deep1, input, ((3, 2), 1, (1, 0), no_bias), linear) \
  N(x, conv, mixed, deep1, (4, 1, 1, 0), tanh)                        \
  N(x, depthwise, deep2, mixed, (3, (2, 1), 1), relu)                 \
  N(x, depthwise, deep3, deep2, (1, 1, 0, no_bias), linear)           \
  N(x, mean_pool, pool, deep3, (2, 1, 0), linear)                     \
  N(x, dense, out, pool, (3), softmax)
#define KFIX_LOSS          categorical
#define KFIX_TARGET        class
#define KFIX_BLOCK         8
#define KFIX_CHUNK         32
#define KFIX_THREADS       3
#define KFIX_SETTINGS(SET) SET(lambda, 1) SET(init, KFIX_INIT_GLOROT)
