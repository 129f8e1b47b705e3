/* SPDX-License-Identifier: Apache-2.0
 * UCI digits by a convolutional net for microcontrollers: 1610 parameters. */
#define KFIX_NAME        "conv_tiny"
#define KFIX_INPUT_SHAPE (1, 8, 8)
#define KFIX_NODES(N, x)                          \
  N(x, conv, conv1, input, (8, 3, 1, 1), relu)    \
  N(x, max_pool, pool, conv1, (2, 2, 0), linear)  \
  N(x, conv, conv2, pool, (16, 3, 1, 1), relu)    \
  N(x, mean_pool, mean, conv2, (0, 1, 0), linear) \
  N(x, dense, out, mean, (10), softmax)
#define KFIX_LOSS         categorical
#define KFIX_TARGET       class
#define KFIX_BLOCK        8
#define KFIX_CHUNK        8
#define KFIX_SLICE        32
#define KFIX_THREADS      2
#define KFIX_PREDICT_ROWS 1

#define KFIX_DATA          "digits"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_HE)
