/* SPDX-License-Identifier: Apache-2.0
 * The MNIST auto-encoder of Hinton and Salakhutdinov 2006, with sigmoid inside as there. */
#define KFIX_NAME  "mnist_autoencoder_sigmoid"
#define KFIX_INPUT 784
#define KFIX_NODES(N, x)                  \
  N(x, dense, h1, input, (1000), sigmoid) \
  N(x, dense, h2, h1, (500), sigmoid)     \
  N(x, dense, h3, h2, (250), sigmoid)     \
  N(x, dense, h4, h3, (30), sigmoid)      \
  N(x, dense, h5, h4, (250), sigmoid)     \
  N(x, dense, h6, h5, (500), sigmoid)     \
  N(x, dense, h7, h6, (1000), sigmoid)    \
  N(x, dense, out, h7, (784), sigmoid)
#define KFIX_LOSS   bernoulli
#define KFIX_TARGET input
#define KFIX_CHUNK  256

/* Where the programs find data and what they do unless told otherwise. lambda: of 0.01, 0.1, 1, 5,
 * 20 and 150 (the K-FAC paper's) the smallest was ahead from step 10 to 150, with two seeds. */
#define KFIX_DATA          "mnist"
#define KFIX_SETTINGS(SET) SET(lambda, 0.01) SET(averaging, 0.99)
