/* SPDX-License-Identifier: Apache-2.0
 * Convolutions as products with patches, which lie in the workspace that cuSOLVER leaves idle, a slice of
 * the windows at a time: those of some examples, as a batch of products, or some of one example's. */
#include "cuda_device.h"

/* Windows [first, first + count) of those of all examples: the same `windows` of each of `examples`, the first
 * of which is `example`, from window `at` on. */
typedef struct slice {
  size_t count, example, examples, at, windows;
} slice;

/* The one behind `done` windows of those of `rows` examples; there is room for the patches of `most`. */
static slice slice_behind(size_t done, size_t rows, size_t each, size_t most) {
  const size_t example = done / each, at = done % each;
  const size_t examples = kfix_smaller(most < each ? 1 : most / each, rows - example);
  const size_t windows = kfix_smaller(most, each - at);
  return (slice){examples * windows, example, examples, at, windows};
}

/* Rows of patches, so many reals each, and for how many there is room. */
static kfix_real *room_for_patches(const kfix_device *d, size_t ld, size_t *rows) {
  const kfix_cuda_scratch *s = &kfix_cuda_of(d)->scratch;
  *rows = kfix_cuda_wide_bytes(s) / (ld * sizeof(kfix_real));
  return (kfix_real *)(void *)s->solver;
}

/* Window by window a pixel. */
static int shows_pixels(const kfix_windows *g) {
  return kfix_window_area(g) == 1 && g->rows == g->height && g->cols == g->width;
}

/* Its patches are the images as they stand. */
static kfix_status convolve_pixels(const kfix_device *d, const kfix_windows *g, size_t rows,
                                   size_t channels, const kfix_real *x, size_t ldx,
                                   const kfix_real *w, size_t ldw, kfix_real beta, kfix_real *out,
                                   size_t ldo) {
  const kfix_cuda_batch batch = {rows, ldx, 0, ldo};
  return kfix_cuda_products(d, &batch, KFIX_N, KFIX_T, kfix_positions(g), channels, g->channels, x,
                            g->channels, w, ldw, beta, out, channels);
}

kfix_status kfix_cuda_convolve(const kfix_device *d, const kfix_windows *g, size_t rows,
                               size_t channels, size_t ones, const kfix_real *x, size_t ldx,
                               const kfix_real *w, size_t ldw, kfix_real beta, kfix_real *out,
                               size_t ldo) {
  const size_t each = kfix_positions(g), k = kfix_patch_reals(g) + ones, ld = KFIX_LD(k + 1);
  size_t most;
  kfix_real *patches = room_for_patches(d, ld, &most);
  if ((beta != 0 && beta != 1) || most == 0) return KFIX_PORT;
  if (ones == 0 && shows_pixels(g))
    return convolve_pixels(d, g, rows, channels, x, ldx, w, ldw, beta, out, ldo);
  for (size_t done = 0; done < rows * each;) {
    const slice s = slice_behind(done, rows, each, most);
    const kfix_cuda_batch batch = {s.examples, s.windows * ld, 0, ldo};
    KFIX_TRY(kfix_cuda_patches(d, g, done, s.count, x, ldx, patches, ld));
    KFIX_TRY(kfix_cuda_products(d, &batch, KFIX_N, KFIX_T, s.windows, channels, k, patches, ld, w,
                                ldw, beta, out + s.example * ldo + s.at * channels, channels));
    done += s.count;
  }
  return KFIX_OK;
}

/* Adds, or puts, what a slice's patches have for the pixels of its examples. */
static kfix_status put_pixels(const kfix_device *d, const kfix_windows *g, const slice *s,
                              const kfix_real *patches, size_t ld, kfix_real beta, kfix_real *x,
                              size_t ldx) {
  const kfix_images_args args = {.g = *g,
                                 .more = s->at > 0 || beta == 1,
                                 .first = s->at,
                                 .windows = s->windows,
                                 .in = {patches, ld},
                                 .out = {x + s->example * ldx, ldx}};
  KFIX_LAUNCH(d, patches_back, &args, s->examples * kfix_image_reals(g));
  return KFIX_OK;
}

kfix_status kfix_cuda_convolve_back(const kfix_device *d, const kfix_windows *g, size_t rows,
                                    size_t channels, const kfix_real *s, size_t lds,
                                    const kfix_real *w, size_t ldw, kfix_real beta, kfix_real *x,
                                    size_t ldx) {
  const size_t each = kfix_positions(g), k = kfix_patch_reals(g), ld = KFIX_LD(k);
  size_t most;
  kfix_real *patches = room_for_patches(d, ld, &most);
  if ((beta != 0 && beta != 1) || most == 0) return KFIX_PORT;
  if (shows_pixels(g)) {
    const kfix_cuda_batch batch = {rows, lds, 0, ldx};
    return kfix_cuda_products(d, &batch, KFIX_N, KFIX_N, each, k, channels, s, channels, w, ldw,
                              beta, x, k);
  }
  for (size_t done = 0; done < rows * each;) {
    const slice c = slice_behind(done, rows, each, most);
    const kfix_cuda_batch batch = {c.examples, lds, 0, c.windows * ld};
    KFIX_TRY(kfix_cuda_products(d, &batch, KFIX_N, KFIX_N, c.windows, k, channels,
                                s + c.example * lds + c.at * channels, channels, w, ldw, 0, patches,
                                ld));
    KFIX_TRY(put_pixels(d, g, &c, patches, ld, beta, x, ldx));
    done += c.count;
  }
  return KFIX_OK;
}

/* What a slice's windows add: those of examples that stand behind one another in one product. */
static kfix_status add_weights(const kfix_device *d, const slice *c, size_t each, size_t channels,
                               size_t k, kfix_real alpha, const kfix_real *patches, size_t ld,
                               const kfix_real *s, size_t lds, kfix_real beta, kfix_real *out,
                               size_t ldo) {
  const size_t windows = lds == each * channels ? c->count : c->windows;
  const kfix_real *from = s + c->example * lds + c->at * channels;
  for (size_t done = 0; done < c->count; done += windows, from += lds)
    KFIX_TRY(kfix_cuda_gemm(d, KFIX_T, KFIX_N, channels, k, windows, alpha, from, channels,
                            patches + done * ld, ld, done ? 1 : beta, out, ldo));
  return KFIX_OK;
}

kfix_status kfix_cuda_convolve_weights(const kfix_device *d, const kfix_windows *g, size_t rows,
                                       size_t channels, size_t ones, size_t together,
                                       kfix_real alpha, const kfix_real *x, size_t ldx,
                                       const kfix_real *s, size_t lds, kfix_real beta,
                                       kfix_real *out, size_t ldo) {
  const size_t each = kfix_positions(g), k = kfix_patch_reals(g) + ones, ld = KFIX_LD(k + 1);
  size_t most;
  kfix_real *patches = room_for_patches(d, ld, &most);
  if ((beta != 0 && beta != 1) || most == 0 || together == 0 || together > KFIX_KC)
    return KFIX_PORT;
  if (rows == 0)
    return kfix_cuda_gemm(d, KFIX_T, KFIX_N, channels, k, 0, alpha, s, channels, patches, ld, beta,
                          out, ldo);
  for (size_t done = 0; done < rows * each;) {
    const slice c = slice_behind(done, rows, each, most);
    KFIX_TRY(kfix_cuda_patches(d, g, done, c.count, x, ldx, patches, ld));
    KFIX_TRY(add_weights(d, &c, each, channels, k, alpha, patches, ld, s, lds, done ? 1 : beta, out,
                         ldo));
    done += c.count;
  }
  return KFIX_OK;
}
