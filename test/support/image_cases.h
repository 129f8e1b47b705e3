/* SPDX-License-Identifier: Apache-2.0
 * Windows over images for the tests of the ports: sizes that are odd, prime or 1, kernels that are not square
 * or are the whole image, strides, padding, channels around vectors and blocks. */
#ifndef KFIX_TEST_IMAGE_CASES_H
#define KFIX_TEST_IMAGE_CASES_H

#include "core/arithmetic.h"
#include "port_cases.h"

#define EPSILON (KFIX_REAL_BYTES == 4 ? 1.1920929e-07 : 2.220446049250313e-16)

/* Height, width and channels of the image; kernel, stride, pad; channels out, examples. */
typedef struct image_case {
  uint32_t image[3], kernel[2], stride[2], pad[2];
  size_t channels, rows;
} image_case;

static const image_case image_cases[] = {
    {{1, 1, 1}, {1, 1}, {1, 1}, {0, 0}, 1, 1},
    {{5, 7, 3}, {3, 3}, {1, 1}, {1, 1}, 5, 3},
    {{8, 8, 16}, {3, 3}, {1, 1}, {1, 1}, 16, 3},
    {{13, 11, 17}, {3, 5}, {1, 2}, {1, 2}, 17, 2},
    {{9, 9, 4}, {5, 5}, {2, 2}, {2, 2}, 32, 3},
    {{7, 5, 2}, {7, 5}, {1, 1}, {0, 0}, 10, 9},
    {{6, 6, 30}, {3, 3}, {1, 1}, {1, 1}, 33, 4},  /* k 270 */
    {{4, 4, 65}, {3, 3}, {1, 1}, {1, 1}, 20, 11}, /* k 585 */
    {{4, 3, 29}, {4, 3}, {1, 1}, {0, 0}, 67, 13}, /* the whole image, k 348 */
    {{3, 2, 257}, {1, 1}, {1, 1}, {0, 0}, 7, 6},
    {{5, 5, 19}, {1, 1}, {2, 2}, {0, 0}, 18, 5},
    {{2, 3, 5}, {3, 3}, {1, 1}, {2, 2}, 6, 7},
    {{11, 1, 6}, {4, 1}, {3, 1}, {2, 0}, 9, 5},
    {{1, 13, 8}, {1, 6}, {1, 2}, {0, 3}, 40, 5},
    {{17, 19, 1}, {5, 3}, {1, 1}, {2, 1}, 1, 2},
    {{10, 10, 8}, {2, 2}, {2, 2}, {0, 0}, 64, 12},
    {{8, 7, 12}, {2, 2}, {3, 3}, {0, 0}, 31, 4}, /* pixels that no window has */
    {{16, 16, 3}, {5, 5}, {1, 1}, {2, 2}, 32, 3},
    {{20, 20, 1}, {3, 3}, {1, 1}, {1, 1}, 1, 5}, /* more rows than are packed at a time */
    {{3, 3, 40}, {3, 3}, {1, 1}, {1, 1}, 300, 3},
};
#define IMAGE_CASES (sizeof image_cases / sizeof *image_cases)

static inline kfix_windows image_windows(const image_case *c) {
  kfix_windows g = {.height = c->image[0], .width = c->image[1], .channels = c->image[2]};
  memcpy(g.kernel, c->kernel, sizeof g.kernel);
  memcpy(g.stride, c->stride, sizeof g.stride);
  memcpy(g.pad, c->pad, sizeof g.pad);
  g.rows = (g.height + 2 * g.pad[0] - g.kernel[0]) / g.stride[0] + 1;
  g.cols = (g.width + 2 * g.pad[1] - g.kernel[1]) / g.stride[1] + 1;
  return g;
}

/* The pixel that (i, j) of the kernel shows in a window, counted without channels; -1: padding. */
static inline ptrdiff_t image_pixel(const kfix_windows *g, size_t window, size_t i, size_t j) {
  const ptrdiff_t y = (ptrdiff_t)(window / g->cols * g->stride[0] + i) - (ptrdiff_t)g->pad[0];
  const ptrdiff_t x = (ptrdiff_t)(window % g->cols * g->stride[1] + j) - (ptrdiff_t)g->pad[1];
  if (y < 0 || y >= (ptrdiff_t)g->height || x < 0 || x >= (ptrdiff_t)g->width) return -1;
  return y * (ptrdiff_t)g->width + x;
}

/* For messages. */
#define IMAGE_FORMAT \
  "image %u x %u x %u, kernel %u x %u, stride %u %u, pad %u %u, %zu channels, %zu examples"
#define IMAGE_NUMBERS(c)                                                                       \
  (c)->image[0], (c)->image[1], (c)->image[2], (c)->kernel[0], (c)->kernel[1], (c)->stride[0], \
      (c)->stride[1], (c)->pad[0], (c)->pad[1], (c)->channels, (c)->rows

#endif
