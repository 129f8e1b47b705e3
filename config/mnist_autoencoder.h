/* SPDX-License-Identifier: Apache-2.0
 * The MNIST auto-encoder of Hinton and Salakhutdinov 2006, with ReLU inside. */
#define KFIX_NAME  "mnist_autoencoder"
#define KFIX_INPUT 784
#define KFIX_NODES(N, x)               \
  N(x, dense, h1, input, (1000), relu) \
  N(x, dense, h2, h1, (500), relu)     \
  N(x, dense, h3, h2, (250), relu)     \
  N(x, dense, h4, h3, (30), relu)      \
  N(x, dense, h5, h4, (250), relu)     \
  N(x, dense, h6, h5, (500), relu)     \
  N(x, dense, h7, h6, (1000), relu)    \
  N(x, dense, out, h7, (784), sigmoid)
#define KFIX_LOSS   bernoulli
#define KFIX_TARGET input
#define KFIX_CHUNK  256

/* Where the programs find data and what they do unless told otherwise. */
#define KFIX_DATA          "mnist"
#define KFIX_SETTINGS(SET) SET(lambda, 1) SET(init, KFIX_INIT_HE) SET(averaging, 0.99)
