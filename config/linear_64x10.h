/* SPDX-License-Identifier: Apache-2.0
 * A deep linear network of the two-level paper [2L 4.3]: 64 layers of 10 units, each but the last normalised, on
 * Fashion-MNIST: 16040 parameters. */
#define KFIX_NAME  "linear_64x10"
#define KFIX_INPUT 784

/* A layer and its normalisation, eight of them, and all. */
#define LINEAR_LAYER(N, x, id, source)         \
  N(x, dense, dense##id, source, (10), linear) \
  N(x, norm, id, dense##id, (), linear)
#define LINEAR_EIGHT(N, x, id, source) \
  LINEAR_LAYER(N, x, id##0, source)    \
  LINEAR_LAYER(N, x, id##1, id##0)     \
  LINEAR_LAYER(N, x, id##2, id##1)     \
  LINEAR_LAYER(N, x, id##3, id##2)     \
  LINEAR_LAYER(N, x, id##4, id##3)     \
  LINEAR_LAYER(N, x, id##5, id##4)     \
  LINEAR_LAYER(N, x, id##6, id##5)     \
  LINEAR_LAYER(N, x, id##7, id##6)
#define KFIX_NODES(N, x)       \
  LINEAR_EIGHT(N, x, a, input) \
  LINEAR_EIGHT(N, x, b, a7)    \
  LINEAR_EIGHT(N, x, c, b7)    \
  LINEAR_EIGHT(N, x, d, c7)    \
  LINEAR_EIGHT(N, x, e, d7)    \
  LINEAR_EIGHT(N, x, f, e7)    \
  LINEAR_EIGHT(N, x, g, f7)    \
  LINEAR_LAYER(N, x, h0, g7)   \
  LINEAR_LAYER(N, x, h1, h0)   \
  LINEAR_LAYER(N, x, h2, h1)   \
  LINEAR_LAYER(N, x, h3, h2)   \
  LINEAR_LAYER(N, x, h4, h3)   \
  LINEAR_LAYER(N, x, h5, h4)   \
  LINEAR_LAYER(N, x, h6, h5)   \
  N(x, dense, out, h6, (10), softmax)
#define KFIX_LOSS   categorical
#define KFIX_TARGET class
#define KFIX_CHUNK  256

#define KFIX_DATA          "fashion-mnist"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_GLOROT)
