/* SPDX-License-Identifier: Apache-2.0
 * A small classifier of four sigmoid layers as in Figure 3 of the EKFAC paper: the second layer's
 * block has 250 parameters. */
#define KFIX_NAME  "mnist_sigmoid_classifier"
#define KFIX_INPUT 784
#define KFIX_NODES(N, x)                \
  N(x, dense, h1, input, (24), sigmoid) \
  N(x, dense, h2, h1, (10), sigmoid)    \
  N(x, dense, h3, h2, (10), sigmoid)    \
  N(x, dense, out, h3, (10), softmax)
#define KFIX_LOSS          categorical
#define KFIX_TARGET        class
#define KFIX_DATA          "mnist"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_GLOROT)
