/* SPDX-License-Identifier: Apache-2.0
 * ResNet-18 of a quarter of the channels on CIFAR-10: 701466 parameters. */
#include "parts/resnet.h"

#define KFIX_NAME        "resnet18_quarter"
#define KFIX_INPUT_SHAPE (3, 32, 32)
#define KFIX_NODES(N, x) RESNET_18(N, x, RESNET, 16, 10)
#define KFIX_LOSS        categorical
#define KFIX_TARGET      class
#define KFIX_BLOCK       32
#define KFIX_CHUNK       64
#define KFIX_GROUP       64

#define KFIX_DATA          "cifar10"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_HE)
