/* SPDX-License-Identifier: Apache-2.0
 * A deep auto-encoder small enough for an emulator, with widths that no vector divides. */
#define KFIX_NAME  "deep_bernoulli"
#define KFIX_INPUT 37
#define KFIX_LAYERS(LAYER) \
  LAYER(1, 29, relu)       \
  LAYER(2, 17, tanh)       \
  LAYER(3, 7, linear)      \
  LAYER(4, 19, sigmoid)    \
  LAYER(5, 31, tanh)       \
  LAYER(6, 37, sigmoid)
#define KFIX_LOSS          bernoulli
#define KFIX_TARGET        input
#define KFIX_BLOCK         16
#define KFIX_CHUNK         16
#define KFIX_THREADS       1
#define KFIX_SETTINGS(SET) SET(lambda, 10) SET(init, KFIX_INIT_GLOROT)
