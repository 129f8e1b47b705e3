/* SPDX-License-Identifier: Apache-2.0
 * The CURVES auto-encoder of Hinton and Salakhutdinov 2006, with ReLU inside. */
#define KFIX_NAME  "curves_autoencoder"
#define KFIX_INPUT 784
#define KFIX_NODES(N, x)              \
  N(x, dense, h1, input, (400), relu) \
  N(x, dense, h2, h1, (200), relu)    \
  N(x, dense, h3, h2, (100), relu)    \
  N(x, dense, h4, h3, (50), relu)     \
  N(x, dense, h5, h4, (25), relu)     \
  N(x, dense, h6, h5, (6), relu)      \
  N(x, dense, h7, h6, (25), relu)     \
  N(x, dense, h8, h7, (50), relu)     \
  N(x, dense, h9, h8, (100), relu)    \
  N(x, dense, h10, h9, (200), relu)   \
  N(x, dense, h11, h10, (400), relu)  \
  N(x, dense, out, h11, (784), sigmoid)
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
