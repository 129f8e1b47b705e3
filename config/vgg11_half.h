/* SPDX-License-Identifier: Apache-2.0
 * VGG of 11 layers on CIFAR-10 with half of its channels: 2308810 parameters. */
#define KFIX_NAME        "vgg11_half"
#define KFIX_INPUT_SHAPE (3, 32, 32)
#define KFIX_NODES(N, x)                          \
  N(x, conv, conv1, input, (32, 3, 1, 1), relu)   \
  N(x, max_pool, pool1, conv1, (2, 2, 0), linear) \
  N(x, conv, conv2, pool1, (64, 3, 1, 1), relu)   \
  N(x, max_pool, pool2, conv2, (2, 2, 0), linear) \
  N(x, conv, conv3, pool2, (128, 3, 1, 1), relu)  \
  N(x, conv, conv4, conv3, (128, 3, 1, 1), relu)  \
  N(x, max_pool, pool4, conv4, (2, 2, 0), linear) \
  N(x, conv, conv5, pool4, (256, 3, 1, 1), relu)  \
  N(x, conv, conv6, conv5, (256, 3, 1, 1), relu)  \
  N(x, max_pool, pool6, conv6, (2, 2, 0), linear) \
  N(x, conv, conv7, pool6, (256, 3, 1, 1), relu)  \
  N(x, conv, conv8, conv7, (256, 3, 1, 1), relu)  \
  N(x, max_pool, pool8, conv8, (2, 2, 0), linear) \
  N(x, dense, out, pool8, (10), softmax)
#define KFIX_LOSS   categorical
#define KFIX_TARGET class
#define KFIX_BLOCK  32
#define KFIX_CHUNK  64

#define KFIX_DATA          "cifar10"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_HE)
