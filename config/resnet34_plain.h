/* SPDX-License-Identifier: Apache-2.0
 * ResNet-34 on CIFAR-10 without normalisation, with biases and the first weights of the paper on EKFAC, App. B:
 * 21273610 parameters. */
#include "parts/resnet.h"

#define KFIX_NAME        "resnet34_plain"
#define KFIX_INPUT_SHAPE (3, 32, 32)
#define KFIX_NODES(N, x) RESNET_34(N, x, RESNET_PLAIN, 64, 10)
#define KFIX_LOSS        categorical
#define KFIX_TARGET      class
#define KFIX_BLOCK       32
#define KFIX_CHUNK       32

#define KFIX_DATA          "cifar10"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_RESIDUAL)
