/* SPDX-License-Identifier: Apache-2.0
 * ResNet-34 on images of 32 x 32 in 10 classes: 21282122 parameters. The two-level paper takes SVHN [2L 4.2]; here CIFAR-10. */
#include "parts/resnet.h"

#define KFIX_NAME        "resnet34"
#define KFIX_INPUT_SHAPE (3, 32, 32)
#define KFIX_NODES(N, x) RESNET_34(N, x, RESNET, 64, 10)
#define KFIX_LOSS        categorical
#define KFIX_TARGET      class
#define KFIX_BLOCK       32
#define KFIX_CHUNK       64
#define KFIX_GROUP       64

#define KFIX_DATA          "cifar10"
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_HE)
