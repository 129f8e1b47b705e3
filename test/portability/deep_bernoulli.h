/* SPDX-License-Identifier: Apache-2.0
 * A deep auto-encoder small enough for an emulator, with widths that no vector divides. */
#define KFIX_NAME  "deep_bernoulli"
#define KFIX_INPUT 21
#define KFIX_LAYERS(LAYER) \
  LAYER(1, 17, relu)       \
  LAYER(2, 11, tanh)       \
  LAYER(3, 5, linear)      \
  LAYER(4, 13, sigmoid)    \
  LAYER(5, 19, tanh)       \
  LAYER(6, 21, sigmoid)
#define KFIX_LOSS          bernoulli
#define KFIX_TARGET        input
#define KFIX_BLOCK         16
#define KFIX_CHUNK         16
#define KFIX_THREADS       1
#define KFIX_SETTINGS(SET) SET(lambda, 10) SET(init, KFIX_INIT_GLOROT)
