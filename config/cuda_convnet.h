/* SPDX-License-Identifier: Apache-2.0
 * Cuda-convnet on CIFAR-10, as in the papers on K-FAC for convolutions: three of 5 x 5, each followed by
 * a pool of 3 x 3 that overlaps, 89578 parameters. */
#define KFIX_NAME        "cuda_convnet"
#define KFIX_INPUT_SHAPE (3, 32, 32)
#define KFIX_NODES(N, x)                           \
  N(x, conv, conv1, input, (32, 5, 1, 2), linear)  \
  N(x, max_pool, pool1, conv1, (3, 2, 1), relu)    \
  N(x, conv, conv2, pool1, (32, 5, 1, 2), relu)    \
  N(x, mean_pool, pool2, conv2, (3, 2, 1), linear) \
  N(x, conv, conv3, pool2, (64, 5, 1, 2), relu)    \
  N(x, mean_pool, pool3, conv3, (3, 2, 1), linear) \
  N(x, dense, out, pool3, (10), softmax)
#define KFIX_LOSS   categorical
#define KFIX_TARGET class
#define KFIX_BLOCK  64
#define KFIX_CHUNK  64

#define KFIX_DATA          "cifar10"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_HE)
