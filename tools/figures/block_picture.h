/* SPDX-License-Identifier: Apache-2.0
 * Block matrices as grey pictures: absolute values, averaged over squares of weights, white from a
 * common maximum on, dashed lines between the blocks. */
#ifndef KFIX_TOOLS_BLOCK_PICTURE_H
#define KFIX_TOOLS_BLOCK_PICTURE_H

#include "example_net.h"

enum { PANELS_IN_ROW = 3 };

typedef struct block_picture {
  size_t side; /* of a panel */
  size_t rows, width, height;
  unsigned char *pixels;
} block_picture;

int picture_open(block_picture *p, const example_moments *m, size_t rows, tool_error *err);
/* Panel `at` (row by row) = |x - y|; y NULL: |x|. white: the value shown as white. */
void picture_panel(block_picture *p, const example_moments *m, size_t at, const double *x,
                   const double *y, double white);
/* Panel `at` = the means of |x| over each pair of blocks, one square for each. */
void picture_means(block_picture *p, const example_moments *m, size_t at, const double *means);
int picture_save(block_picture *p, const char *path, tool_error *err);

/* The value that all but one in a hundred of the averaged |x| stay below. */
double picture_white(const example_moments *m, const double *x);

/* blocks x blocks means of |x - y|; y NULL: of |x|. */
void block_means(const example_moments *m, const double *x, const double *y, double *means);

#endif
