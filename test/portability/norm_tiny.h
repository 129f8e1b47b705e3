/* SPDX-License-Identifier: Apache-2.0
 * A residual net with normalisations and a convolution of each channel by itself, small enough for an emulator, with
 * channels that no vector divides. */
#define KFIX_NAME        "norm_tiny"
#define KFIX_INPUT_SHAPE (1, 8, 8)
#define KFIX_NODES(N, x)                                  \
  N(x, conv, conv1, input, (5, 3, 1, 1, no_bias), linear) \
  N(x, norm, norm1, conv1, (), relu)                      \
  N(x, max_pool, pool, norm1, (2, 2, 0), linear)          \
  N(x, depthwise, deep, pool, (3, 1, 1), tanh)            \
  N(x, conv, conv2, deep, (5, 1, 1, 0, no_bias), linear)  \
  N(x, norm, norm2, conv2, (), linear)                    \
  N(x, add, sum, norm2, (pool), relu)                     \
  N(x, mean_pool, mean, sum, (0, 1, 0), linear)           \
  N(x, dense, out, mean, (10), softmax)
#define KFIX_LOSS    categorical
#define KFIX_TARGET  class
#define KFIX_BLOCK   8
#define KFIX_GROUP   16
#define KFIX_CHUNK   32
#define KFIX_SLICE   32
#define KFIX_THREADS 2

#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_HE)
