/* SPDX-License-Identifier: Apache-2.0
 * UCI digits on a small machine: 8 x 8 pictures, one hidden layer. */
#define KFIX_NAME  "digits_tiny"
#define KFIX_INPUT 64
#define KFIX_NODES(N, x)             \
  N(x, dense, h1, input, (20), tanh) \
  N(x, dense, out, h1, (10), softmax)
#define KFIX_LOSS         categorical
#define KFIX_TARGET       class
#define KFIX_BLOCK        16
#define KFIX_CHUNK        16
#define KFIX_THREADS      1
#define KFIX_PREDICT_ROWS 1

/* Where the programs find data and what they do unless told otherwise. */
#define KFIX_DATA          "digits"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_GLOROT)
