/* SPDX-License-Identifier: Apache-2.0
 * ResNet-18 on CIFAR-10 without normalisation, with biases and the first weights of the paper on EKFAC, App. B:
 * 11169162 parameters. */
#define KFIX_NAME        "resnet18_plain"
#define KFIX_INPUT_SHAPE (3, 32, 32)

/* A basic block: two convolutions and what they read. The first of a stage halves the image, and what it reads goes
 * through a projection. */
#define RESNET_BASIC(N, x, block, from, channels)               \
  N(x, conv, block##_1, from, (channels, 3, 1, 1), relu)        \
  N(x, conv, block##_2, block##_1, (channels, 3, 1, 1), linear) \
  N(x, add, block, block##_2, (from), relu)
#define RESNET_HALVING(N, x, block, from, channels)             \
  N(x, conv, block##_1, from, (channels, 3, 2, 1), relu)        \
  N(x, conv, block##_2, block##_1, (channels, 3, 1, 1), linear) \
  N(x, conv, block##_skip, from, (channels, 1, 2, 0), linear)   \
  N(x, add, block, block##_2, (block##_skip), relu)

#define KFIX_NODES(N, x)                       \
  N(x, conv, stem, input, (64, 3, 1, 1), relu) \
  RESNET_BASIC(N, x, s1a, stem, 64)            \
  RESNET_BASIC(N, x, s1b, s1a, 64)             \
  RESNET_HALVING(N, x, s2a, s1b, 128)          \
  RESNET_BASIC(N, x, s2b, s2a, 128)            \
  RESNET_HALVING(N, x, s3a, s2b, 256)          \
  RESNET_BASIC(N, x, s3b, s3a, 256)            \
  RESNET_HALVING(N, x, s4a, s3b, 512)          \
  RESNET_BASIC(N, x, s4b, s4a, 512)            \
  N(x, mean_pool, all, s4b, (0, 1, 0), linear) \
  N(x, dense, out, all, (10), softmax)
#define KFIX_LOSS   categorical
#define KFIX_TARGET class
#define KFIX_BLOCK  32
#define KFIX_CHUNK  32

#define KFIX_DATA          "cifar10"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_RESIDUAL)
