/* SPDX-License-Identifier: Apache-2.0
 * The CURVES auto-encoder of Hinton and Salakhutdinov 2006, with ReLU inside. */
#define KFIX_NAME  "curves_autoencoder"
#define KFIX_INPUT 784
#define KFIX_LAYERS(LAYER) \
  LAYER(1, 400, relu)      \
  LAYER(2, 200, relu)      \
  LAYER(3, 100, relu)      \
  LAYER(4, 50, relu)       \
  LAYER(5, 25, relu)       \
  LAYER(6, 6, relu)        \
  LAYER(7, 25, relu)       \
  LAYER(8, 50, relu)       \
  LAYER(9, 100, relu)      \
  LAYER(10, 200, relu)     \
  LAYER(11, 400, relu)     \
  LAYER(12, 784, sigmoid)
#define KFIX_LOSS   bernoulli
#define KFIX_TARGET input
#define KFIX_CHUNK  512

/* Where the programs find data and what they do unless told otherwise. */
#define KFIX_DATA "curves"
/* Twelve layers and a code of six: noise in the statistics and old inverses cost more than they
 * save. */
#define KFIX_SETTINGS(SET) \
  SET(lambda, 0.1)         \
  SET(averaging, 0.99)     \
  SET(init, KFIX_INIT_HE)  \
  SET(stats_fraction, 1) SET(fisher_fraction, 1) SET(inverse_every, 5) SET(gamma_every, 5)
