/* SPDX-License-Identifier: Apache-2.0
 * The classifier of the K-FAC paper: MNIST averaged down to 16 x 16, four hidden layers of 20. */
#define KFIX_NAME  "mnist16_classifier"
#define KFIX_INPUT 256
#define KFIX_NODES(N, x)             \
  N(x, dense, h1, input, (20), tanh) \
  N(x, dense, h2, h1, (20), tanh)    \
  N(x, dense, h3, h2, (20), tanh)    \
  N(x, dense, h4, h3, (20), tanh)    \
  N(x, dense, out, h4, (10), softmax)
#define KFIX_LOSS   categorical
#define KFIX_TARGET class
#define KFIX_CHUNK  512

/* Where the programs find data and what they do unless told otherwise. */
#define KFIX_DATA "mnist"
#define KFIX_SETTINGS(SET)   \
  SET(driver, KFIX_ADAPTIVE) \
  SET(lambda, 0.01)          \
  SET(averaging, 0.99)       \
  SET(init, KFIX_INIT_GLOROT) SET(stats_fraction, 1) SET(fisher_fraction, 1) SET(inverse_every, 1)
