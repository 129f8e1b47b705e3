/* SPDX-License-Identifier: Apache-2.0
 * UCI digits by a residual net: two blocks whose skips overlap, and a sum of what they made with the
 * stem. */
#define KFIX_NAME  "digits_residual"
#define KFIX_INPUT 64
#define KFIX_NODES(N, x)               \
  N(x, dense, stem, input, (24), tanh) \
  N(x, dense, h1, stem, (24), tanh)    \
  N(x, dense, h2, h1, (24), linear)    \
  N(x, add, sum1, h2, (stem), tanh)    \
  N(x, dense, h3, sum1, (24), linear)  \
  N(x, add, sum2, h3, (h1), tanh)      \
  N(x, add, all, sum2, (stem), linear) \
  N(x, dense, out, all, (10), softmax)
#define KFIX_LOSS         categorical
#define KFIX_TARGET       class
#define KFIX_BLOCK        16
#define KFIX_CHUNK        32
#define KFIX_THREADS      2
#define KFIX_PREDICT_ROWS 1

#define KFIX_DATA          "digits"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_GLOROT)
