/* SPDX-License-Identifier: Apache-2.0
 * A small classifier of four sigmoid layers as in Figure 3 of the EKFAC paper: the second layer's
 * block has 250 parameters. */
#define KFIX_NAME  "mnist_sigmoid_classifier"
#define KFIX_INPUT 784
#define KFIX_LAYERS(LAYER) \
  LAYER(1, 24, sigmoid)    \
  LAYER(2, 10, sigmoid)    \
  LAYER(3, 10, sigmoid)    \
  LAYER(4, 10, softmax)
#define KFIX_LOSS          categorical
#define KFIX_TARGET        class
#define KFIX_DATA          "mnist"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_GLOROT)
