/* SPDX-License-Identifier: Apache-2.0
 * The FACES auto-encoder of Hinton and Salakhutdinov 2006: 25 x 25 crops, linear output. */
#define KFIX_NAME  "faces_autoencoder"
#define KFIX_INPUT 625
#define KFIX_NODES(N, x)               \
  N(x, dense, h1, input, (2000), relu) \
  N(x, dense, h2, h1, (1000), relu)    \
  N(x, dense, h3, h2, (500), relu)     \
  N(x, dense, h4, h3, (30), relu)      \
  N(x, dense, h5, h4, (500), relu)     \
  N(x, dense, h6, h5, (1000), relu)    \
  N(x, dense, h7, h6, (2000), relu)    \
  N(x, dense, out, h7, (625), linear)
#define KFIX_LOSS   mse
#define KFIX_TARGET input
#define KFIX_CHUNK  512

/* Where the programs find data and what they do unless told otherwise. lambda: of 0.1, 1, 15 and 150
 * the smallest was ahead after 60 steps: 1.7, 2.2, 3.2 and 4.0. */
#define KFIX_DATA          "faces"
#define KFIX_SETTINGS(SET) SET(lambda, 0.1) SET(init, KFIX_INIT_HE) SET(averaging, 0.99)
