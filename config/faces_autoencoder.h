/* SPDX-License-Identifier: Apache-2.0
 * The FACES auto-encoder of Hinton and Salakhutdinov 2006: 25 x 25 crops, linear output. */
#define KFIX_NAME  "faces_autoencoder"
#define KFIX_INPUT 625
#define KFIX_LAYERS(LAYER) \
  LAYER(1, 2000, relu)     \
  LAYER(2, 1000, relu)     \
  LAYER(3, 500, relu)      \
  LAYER(4, 30, relu)       \
  LAYER(5, 500, relu)      \
  LAYER(6, 1000, relu)     \
  LAYER(7, 2000, relu)     \
  LAYER(8, 625, linear)
#define KFIX_LOSS   mse
#define KFIX_TARGET input
#define KFIX_CHUNK  512

/* Where the programs find data and what they do unless told otherwise. lambda: of 0.1, 1, 15 and 150
 * the smallest was ahead after 60 steps: 1.7, 2.2, 3.2 and 4.0. */
#define KFIX_DATA          "faces"
#define KFIX_SETTINGS(SET) SET(lambda, 0.1) SET(init, KFIX_INIT_HE) SET(averaging, 0.99)
