/* SPDX-License-Identifier: Apache-2.0 */
/* Template: The kernels of images, a part of kernels.h, as which they are listed. `rows` are examples; a
 * patch counts k = kfix_patch_reals(g) reals, an example kfix_positions(g) windows. */

/* ---- windows over images (kfix_windows) ---- */

/* Row i of out: the patch of window (first + i) mod positions of example (first + i) / positions, then a
 * one: k + 1 reals. */
KFIX_KERNEL(patches,
            (const kfix_device *d, const kfix_windows *g, size_t first, size_t rows,
             const kfix_real *x, size_t ldx, kfix_real *out, size_t ldo),
            (d, g, first, rows, x, ldx, out, ldo), 0, 2 * rows * (kfix_patch_reals(g) + 1), out,
            rows *(kfix_patch_reals(g) + 1))
/* out (rows x positions channels) = patches W^T + beta out; W: channels x (k + ones), ones 1: the last column
 * meets a one behind the patch. The bits are those of the patches, zeros included, in gemm.
 * cost: 2 rows positions channels (k + ones). */
KFIX_FORWARD_KERNEL(convolve,
                    (const kfix_device *d, const kfix_windows *g, size_t rows, size_t channels,
                     size_t ones, const kfix_real *x, size_t ldx, const kfix_real *w, size_t ldw,
                     kfix_real beta, kfix_real *out, size_t ldo),
                    (d, g, rows, channels, ones, x, ldx, w, ldw, beta, out, ldo),
                    2 * rows * kfix_positions(g) * channels * (kfix_patch_reals(g) + ones), 0, out,
                    rows *kfix_positions(g) * channels)
/* x (rows x images) = the transpose of `convolve` without ones, times s (rows x positions channels), + beta x.
 * Each real of the image is a sum over (kernel row, kernel column, channel of s), ascending; where no window
 * has that pixel at that place of its kernel the term is a zero times the weight. The bits are gemm's.
 * cost: 2 rows height width g->channels area channels. */
KFIX_KERNEL(convolve_back,
            (const kfix_device *d, const kfix_windows *g, size_t rows, size_t channels,
             const kfix_real *s, size_t lds, const kfix_real *w, size_t ldw, kfix_real beta,
             kfix_real *x, size_t ldx),
            (d, g, rows, channels, s, lds, w, ldw, beta, x, ldx),
            2 * rows * kfix_image_reals(g) * kfix_window_area(g) * channels, 0, x,
            rows *kfix_image_reals(g))
/* out (channels x (k + ones)) = alpha s^T patches + beta out, a sum over the windows of one example after another;
 * ones 1: behind the patches is a one. `together` windows (KFIX_KC at most) from the first on are summed from zero,
 * then the next; beta is 0 (out is not read) or 1. The bits are gemm's, so many rows of stored patches at a time.
 * cost: 2 rows positions channels (k + ones). */
KFIX_KERNEL(convolve_weights,
            (const kfix_device *d, const kfix_windows *g, size_t rows, size_t channels, size_t ones,
             size_t together, kfix_real alpha, const kfix_real *x, size_t ldx, const kfix_real *s,
             size_t lds, kfix_real beta, kfix_real *out, size_t ldo),
            (d, g, rows, channels, ones, together, alpha, x, ldx, s, lds, beta, out, ldo),
            2 * rows * kfix_positions(g) * channels * (kfix_patch_reals(g) + ones), 0, out,
            channels *(kfix_patch_reals(g) + ones))
/* Window by window and channel by channel out = t where the window shows the largest x: the first of
 * equals, or of NaNs, in the order of the patch; padding is less than any x. alias: t may be x. Each window
 * shows at least one pixel. */
KFIX_FORWARD_KERNEL(max_pool,
                    (const kfix_device *d, const kfix_windows *g, size_t rows, const kfix_real *x,
                     size_t ldx, const kfix_real *t, size_t ldt, kfix_real *out, size_t ldo),
                    (d, g, rows, x, ldx, t, ldt, out, ldo), 0,
                    rows *(2 * kfix_image_reals(g) + kfix_positions(g) * g->channels), out,
                    rows *kfix_positions(g) * g->channels)
/* Its transpose: t (rows x images) = beta t, then s of each window is added to t where it shows the largest
 * x, window after window. beta is 0 (t is not read) or 1. */
KFIX_KERNEL(max_pool_back,
            (const kfix_device *d, const kfix_windows *g, size_t rows, const kfix_real *x,
             size_t ldx, const kfix_real *s, size_t lds, kfix_real beta, kfix_real *t, size_t ldt),
            (d, g, rows, x, ldx, s, lds, beta, t, ldt), 0,
            rows *(3 * kfix_image_reals(g) + kfix_positions(g) * g->channels), t,
            rows *kfix_image_reals(g))
/* out = the sum of what the window shows of the image, in the order of the patch, from zero, times
 * 1 / area, rounded: padding counts as zeros. */
KFIX_FORWARD_KERNEL(mean_pool,
                    (const kfix_device *d, const kfix_windows *g, size_t rows, const kfix_real *x,
                     size_t ldx, kfix_real *out, size_t ldo),
                    (d, g, rows, x, ldx, out, ldo), 0,
                    rows *(kfix_image_reals(g) + kfix_positions(g) * g->channels), out,
                    rows *kfix_positions(g) * g->channels)
/* Its transpose: x = beta x, then s times 1 / area, rounded, is added to all pixels of its window, window
 * after window. beta as above. */
KFIX_KERNEL(mean_pool_back,
            (const kfix_device *d, const kfix_windows *g, size_t rows, const kfix_real *s,
             size_t lds, kfix_real beta, kfix_real *x, size_t ldx),
            (d, g, rows, s, lds, beta, x, ldx), 0,
            rows *(2 * kfix_image_reals(g) + kfix_positions(g) * g->channels), x,
            rows *kfix_image_reals(g))

/* ---- normalisation ---- */

/* Of `rows` examples, each with so many positions of so many channels (position, channel). Moments are two numbers
 * for each channel: its mean and its variance. xhat = (x - mean) / sqrt(variance + KFIX_NORM_EPS), as a product
 * with the rounded 1 / sqrt. w, sums: two numbers for each channel, too.
 *
 * out = the moments of the channels over rows and positions: of each row a sum over its positions, ascending, from
 * zero; the sums of rows, ascending, from zero; that times 1 / (rows positions), rounded. So with x, then with
 * (x - mean)^2. */
KFIX_KERNEL(norm_moments,
            (const kfix_device *d, size_t rows, size_t positions, size_t channels,
             const kfix_real *x, size_t ldx, kfix_real *out),
            (d, rows, positions, channels, x, ldx, out), 0,
            2 * rows * positions * channels + 2 * channels, out, 2 * channels)
/* out = beta out + (xhat times w[0] + w[1]): scale and shift of its channel. beta is 0 (out is not read) or 1. */
KFIX_FORWARD_KERNEL(norm,
                    (const kfix_device *d, size_t rows, size_t positions, size_t channels,
                     const kfix_real *x, size_t ldx, const kfix_real *moments, const kfix_real *w,
                     kfix_real beta, kfix_real *out, size_t ldo),
                    (d, rows, positions, channels, x, ldx, moments, w, beta, out, ldo), 0,
                    2 * rows * positions * channels + 4 * channels, out, rows *positions *channels)
/* Row by row out (2 channels) = for each channel the sum over positions of g xhat, and of g, ascending, from zero. */
KFIX_KERNEL(norm_sums,
            (const kfix_device *d, size_t rows, size_t positions, size_t channels,
             const kfix_real *x, size_t ldx, const kfix_real *moments, const kfix_real *g,
             size_t ldg, kfix_real *out, size_t ldo),
            (d, rows, positions, channels, x, ldx, moments, g, ldg, out, ldo), 0,
            2 * rows * positions * channels + 2 * rows * channels, out, 2 * rows * channels)
/* out = beta out + (g - sums[1] / count - xhat (sums[0] / count)) w[0] / sqrt(variance + eps): the transpose of the
 * derivative of `norm` by x, moments included, where moments and sums (of norm_sums) are of the same `count` numbers
 * of each channel; and the derivative itself, for it is symmetric but for w. beta as above. */
KFIX_KERNEL(norm_back,
            (const kfix_device *d, size_t rows, size_t positions, size_t channels,
             const kfix_real *x, size_t ldx, const kfix_real *moments, const kfix_real *w,
             const kfix_real *sums, size_t count, const kfix_real *g, size_t ldg, kfix_real beta,
             kfix_real *out, size_t ldo),
            (d, rows, positions, channels, x, ldx, moments, w, sums, count, g, ldg, beta, out, ldo),
            0, 3 * rows * positions * channels + 6 * channels, out, rows *positions *channels)

/* ---- convolutions of each channel by itself ---- */

/* W has `each` numbers for each channel: area of its kernel (row, column), and with ones 1 one more, for a one. What
 * of a window shows padding is left out.
 *
 * Window by window and channel by channel out = beta out + (w times what the window shows, ascending from zero, and
 * then the one's). beta is 0 (out is not read) or 1. cost: 2 rows positions channels area. */
KFIX_FORWARD_KERNEL(depthwise,
                    (const kfix_device *d, const kfix_windows *g, size_t rows, size_t each,
                     int ones, const kfix_real *x, size_t ldx, const kfix_real *w, kfix_real beta,
                     kfix_real *out, size_t ldo),
                    (d, g, rows, each, ones, x, ldx, w, beta, out, ldo), 0,
                    rows *(kfix_image_reals(g) + kfix_positions(g) * g->channels), out,
                    rows *kfix_positions(g) * g->channels)
/* x (rows x images) = beta x, then w times s of each window is added to the pixels that it shows, window after
 * window. beta as above. */
KFIX_KERNEL(depthwise_back,
            (const kfix_device *d, const kfix_windows *g, size_t rows, size_t each,
             const kfix_real *s, size_t lds, const kfix_real *w, kfix_real beta, kfix_real *x,
             size_t ldx),
            (d, g, rows, each, s, lds, w, beta, x, ldx), 0,
            rows *(2 * kfix_image_reals(g) + kfix_positions(g) * g->channels), x,
            rows *kfix_image_reals(g))
/* Row by row out (channels x each) = the sum over windows, ascending from zero, of s times what the window shows;
 * behind the area, of s. */
KFIX_KERNEL(depthwise_sums,
            (const kfix_device *d, const kfix_windows *g, size_t rows, size_t each,
             const kfix_real *x, size_t ldx, const kfix_real *s, size_t lds, kfix_real *out,
             size_t ldo),
            (d, g, rows, each, x, ldx, s, lds, out, ldo), 0,
            rows *(kfix_image_reals(g) + kfix_positions(g) * g->channels + g->channels * each), out,
            rows * g->channels * each)
