/* SPDX-License-Identifier: Apache-2.0
 * Grey images to look at: PGM (P5) and PNG (8 bits), and contact sheets of many small ones. */
#ifndef KFIX_TOOLS_IMAGE_FILE_H
#define KFIX_TOOLS_IMAGE_FILE_H

#include <stddef.h>

#include "files/tool_error.h"

/* pixels: height x width, row by row, 0 black. The name decides: .png or .pgm. */
int image_save(const char *path, const unsigned char *pixels, size_t width, size_t height,
               tool_error *err);

/* Up to `count` images of height x width pixels, one after the other in memory, `columns` to a
 * row, with a grey line of one pixel around each. Images narrower than 48 pixels are shown three
 * times as large. */
int image_sheet(const char *path, const unsigned char *images, size_t count, size_t columns,
                size_t width, size_t height, tool_error *err);

#endif
