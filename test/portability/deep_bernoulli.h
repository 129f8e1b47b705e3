/* SPDX-License-Identifier: Apache-2.0
 * A deep auto-encoder small enough for an emulator, with widths that no vector divides. */
#define KFIX_NAME  "deep_bernoulli"
#define KFIX_INPUT 21
#define KFIX_NODES(N, x)             \
  N(x, dense, h1, input, (17), relu) \
  N(x, dense, h2, h1, (11), tanh)    \
  N(x, dense, h3, h2, (5), linear)   \
  N(x, dense, h4, h3, (13), sigmoid) \
  N(x, dense, h5, h4, (19), tanh)    \
  N(x, dense, out, h5, (21), sigmoid)
#define KFIX_LOSS          bernoulli
#define KFIX_TARGET        input
#define KFIX_BLOCK         16
#define KFIX_CHUNK         16
#define KFIX_THREADS       1
#define KFIX_SETTINGS(SET) SET(lambda, 10) SET(init, KFIX_INIT_GLOROT)
