/* SPDX-License-Identifier: Apache-2.0
 * The MNIST auto-encoder of Hinton and Salakhutdinov 2006, with sigmoid inside as there. */
#define KFIX_NAME  "mnist_autoencoder_sigmoid"
#define KFIX_INPUT 784
#define KFIX_LAYERS(LAYER) \
  LAYER(1, 1000, sigmoid)  \
  LAYER(2, 500, sigmoid)   \
  LAYER(3, 250, sigmoid)   \
  LAYER(4, 30, sigmoid)    \
  LAYER(5, 250, sigmoid)   \
  LAYER(6, 500, sigmoid)   \
  LAYER(7, 1000, sigmoid)  \
  LAYER(8, 784, sigmoid)
#define KFIX_LOSS   bernoulli
#define KFIX_TARGET input
#define KFIX_CHUNK  256

/* Where the programs find data and what they do unless told otherwise. lambda: of 0.01, 0.1, 1, 5,
 * 20 and 150 (the K-FAC paper's) the smallest was ahead from step 10 to 150, with two seeds. */
#define KFIX_DATA          "mnist"
#define KFIX_SETTINGS(SET) SET(lambda, 0.01) SET(averaging, 0.99)
