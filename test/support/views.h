/* SPDX-License-Identifier: Apache-2.0
 * A small net for the tests of the programs that looks at images of three channels: windows that are not
 * square, strides, padding, pools that overlap, a convolution without a bias, a sum of images, and a dense
 * layer that reads an image. */
#define KFIX_NAME        "views"
#define KFIX_INPUT_SHAPE (3, 6, 5)
#define KFIX_NODES(N, x)                                     \
  N(x, conv, first, input, (4, (3, 2), (2, 1), 1), relu)     \
  N(x, max_pool, top, first, (2, 1, 1), tanh)                \
  N(x, conv, second, top, (4, 3, 1, 1, no_bias), linear)     \
  N(x, add, sum, second, (top), tanh)                        \
  N(x, mean_pool, mean, sum, ((2, 3), (2, 1), (0, 1)), tanh) \
  N(x, dense, out, mean, (3), softmax)
#define KFIX_LOSS          categorical
#define KFIX_TARGET        class
#define KFIX_BLOCK         16
#define KFIX_CHUNK         32
#define KFIX_THREADS       3
#define KFIX_SETTINGS(SET) SET(lambda, 1) SET(init, KFIX_INIT_GLOROT)
