/* SPDX-License-Identifier: Apache-2.0
 * PGM and PNG writers and the contact sheet. */
#include "image_file.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "files/atomic_file.h"
#include "files/file_bytes.h"

#define LINE_GREY 96
#define ZOOM      3
#define SIDE_MAX  ((size_t)1 << 20)

static int ends_with(const char *text, const char *tail) {
  const size_t length = strlen(text), wanted = strlen(tail);
  return length >= wanted && strcmp(text + length - wanted, tail) == 0;
}

static int save_pgm(const char *path, const unsigned char *pixels, size_t width, size_t height,
                    tool_error *err) {
  atomic_file file;
  if (atomic_open(&file, path, err) != 0) return -1;
  (void)fprintf(file.stream, "P5\n%zu %zu\n255\n", width, height);
  (void)fwrite(pixels, 1, width * height, file.stream);
  return atomic_commit(&file, err);
}

/* A PNG chunk: length, type, data, CRC of type and data. */
static void put_chunk(FILE *stream, const char type[4], const unsigned char *data, size_t size) {
  unsigned char word[4];
  write_u32_big(word, (uint32_t)size);
  (void)fwrite(word, 1, 4, stream);
  (void)fwrite(type, 1, 4, stream);
  if (size > 0) (void)fwrite(data, 1, size, stream);
  uLong crc = crc32(0, (const Bytef *)type, 4);
  if (size > 0) crc = crc32(crc, data, (uInt)size);
  write_u32_big(word, (uint32_t)crc);
  (void)fwrite(word, 1, 4, stream);
}

/* Rows as PNG wants them: a filter byte (0, none) before each. NULL: no memory. */
static unsigned char *filtered(const unsigned char *pixels, size_t width, size_t height) {
  unsigned char *rows = malloc((width + 1) * height);
  for (size_t y = 0; rows != NULL && y < height; y++) {
    rows[y * (width + 1)] = 0;
    memcpy(rows + y * (width + 1) + 1, pixels + y * width, width);
  }
  return rows;
}

static int write_png(FILE *stream, const unsigned char *pixels, size_t width, size_t height) {
  static const unsigned char signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  unsigned char header[13] = {0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0}; /* 8 bits, grey */
  unsigned char *rows = filtered(pixels, width, height);
  uLongf packed_size = compressBound((uLong)((width + 1) * height));
  unsigned char *packed = malloc(packed_size);
  int code = Z_MEM_ERROR;
  if (rows != NULL && packed != NULL)
    code = compress2(packed, &packed_size, rows, (uLong)((width + 1) * height), 9);
  if (code == Z_OK) {
    write_u32_big(header, (uint32_t)width);
    write_u32_big(header + 4, (uint32_t)height);
    (void)fwrite(signature, 1, sizeof signature, stream);
    put_chunk(stream, "IHDR", header, sizeof header);
    put_chunk(stream, "IDAT", packed, packed_size);
    put_chunk(stream, "IEND", NULL, 0);
  }
  free(rows);
  free(packed);
  return code == Z_OK ? 0 : -1;
}

static int save_png(const char *path, const unsigned char *pixels, size_t width, size_t height,
                    tool_error *err) {
  atomic_file file;
  if (atomic_open(&file, path, err) != 0) return -1;
  if (write_png(file.stream, pixels, width, height) == 0) return atomic_commit(&file, err);
  atomic_abandon(&file);
  return tool_fail(err, "%s: no memory to pack the image", path);
}

int image_save(const char *path, const unsigned char *pixels, size_t width, size_t height,
               tool_error *err) {
  if (width == 0 || height == 0 || width > SIDE_MAX || height > SIDE_MAX)
    return tool_fail(err, "%s: an image of %zu x %zu pixels cannot be written", path, width,
                     height);
  if (ends_with(path, ".png")) return save_png(path, pixels, width, height, err);
  if (ends_with(path, ".pgm")) return save_pgm(path, pixels, width, height, err);
  return tool_fail(err, "%s: unknown kind of image; let the name end in .png or .pgm", path);
}

/* Copies an image, each pixel as a square of `zoom` x `zoom`. */
static void paste(unsigned char *sheet, size_t sheet_width, const unsigned char *image,
                  size_t width, size_t height, size_t zoom) {
  for (size_t y = 0; y < height * zoom; y++)
    for (size_t x = 0; x < width * zoom; x++)
      sheet[y * sheet_width + x] = image[y / zoom * width + x / zoom];
}

int image_sheet(const char *path, const unsigned char *images, size_t count, size_t columns,
                size_t width, size_t height, tool_error *err) {
  if (count == 0 || columns == 0) return tool_fail(err, "%s: there are no images to show", path);
  const size_t rows = (count + columns - 1) / columns, zoom = width < 48 ? ZOOM : 1;
  const size_t step_x = width * zoom + 1, step_y = height * zoom + 1;
  const size_t sheet_width = columns * step_x + 1, sheet_height = rows * step_y + 1;
  unsigned char *sheet = malloc(sheet_width * sheet_height);
  if (sheet == NULL) return tool_fail(err, "%s: no memory for the contact sheet", path);
  memset(sheet, LINE_GREY, sheet_width * sheet_height);
  for (size_t i = 0; i < count; i++) {
    const size_t y = i / columns * step_y + 1, x = i % columns * step_x + 1;
    paste(sheet + y * sheet_width + x, sheet_width, images + i * width * height, width, height,
          zoom);
  }
  const int answer = image_save(path, sheet, sheet_width, sheet_height, err);
  free(sheet);
  return answer;
}
