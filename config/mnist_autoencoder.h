/* SPDX-License-Identifier: Apache-2.0
 * The MNIST auto-encoder of Hinton and Salakhutdinov 2006, with ReLU inside. */
#define KFIX_NAME  "mnist_autoencoder"
#define KFIX_INPUT 784
#define KFIX_LAYERS(LAYER) \
  LAYER(1, 1000, relu)     \
  LAYER(2, 500, relu)      \
  LAYER(3, 250, relu)      \
  LAYER(4, 30, relu)       \
  LAYER(5, 250, relu)      \
  LAYER(6, 500, relu)      \
  LAYER(7, 1000, relu)     \
  LAYER(8, 784, sigmoid)
#define KFIX_LOSS   bernoulli
#define KFIX_TARGET input
#define KFIX_CHUNK  256

/* Where the programs find data and what they do unless told otherwise. */
#define KFIX_DATA          "mnist"
#define KFIX_SETTINGS(SET) SET(lambda, 1) SET(init, KFIX_INIT_HE) SET(averaging, 0.99)
