/* SPDX-License-Identifier: Apache-2.0
 * A net for tests that puts out an image: more numbers than a row of its weights has. */
#define KFIX_NAME        "image_out"
#define KFIX_INPUT_SHAPE (1, 6, 6)
#define KFIX_NODES(N, x)                       \
  N(x, conv, inner, input, (3, 3, 1, 1), tanh) \
  N(x, conv, image, inner, (1, 3, 1, 1), linear)
#define KFIX_LOSS   mse
#define KFIX_TARGET input
#define KFIX_BLOCK  16
#define KFIX_CHUNK  16
