/* SPDX-License-Identifier: Apache-2.0
 * A small residual net for the tests of the programs: normalisations of images and of a dense layer's row, before the
 * activation and behind a sum. A chunk holds two groups. */
#define KFIX_NAME        "normed"
#define KFIX_INPUT_SHAPE (3, 6, 5)
#define KFIX_NODES(N, x)                                          \
  N(x, conv, conv1, input, (4, 3, 1, 1, no_bias), linear)         \
  N(x, norm, bn1, conv1, (), relu)                                \
  N(x, conv, conv2, bn1, (4, (3, 2), 1, (1, 0), no_bias), linear) \
  N(x, norm, bn2, conv2, (), tanh)                                \
  N(x, conv, conv3, bn2, (4, (3, 2), 1, 1, no_bias), linear)      \
  N(x, norm, bn3, conv3, (), linear)                              \
  N(x, add, sum, bn3, (bn1), relu)                                \
  N(x, mean_pool, pool, sum, (2, 2, 0), linear)                   \
  N(x, dense, hidden, pool, (8), linear)                          \
  N(x, norm, bn4, hidden, (), tanh)                               \
  N(x, dense, out, bn4, (3), softmax)
#define KFIX_LOSS          categorical
#define KFIX_TARGET        class
#define KFIX_BLOCK         8
#define KFIX_GROUP         16
#define KFIX_CHUNK         32
#define KFIX_THREADS       3
#define KFIX_SETTINGS(SET) SET(lambda, 1) SET(init, KFIX_INIT_GLOROT)
