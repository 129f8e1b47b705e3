/* SPDX-License-Identifier: Apache-2.0
 * The element-wise kernels of port.h, each one launch. */
#ifndef KFIX_GPU_CUDA_ELEMENTS_H
#define KFIX_GPU_CUDA_ELEMENTS_H

#include "port/port.h"

kfix_status kfix_cuda_activate(const kfix_device *d, kfix_activation f, size_t rows, size_t cols,
                               kfix_real *a, size_t lda);
kfix_status kfix_cuda_differentiate(const kfix_device *d, kfix_activation f, size_t rows,
                                    size_t cols, const kfix_real *a, size_t lda, kfix_real *g,
                                    size_t ldg);
kfix_status kfix_cuda_predict(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                              const kfix_real *z, size_t ldz, kfix_real *p, size_t ldp);
kfix_status kfix_cuda_sample(const kfix_device *d, kfix_loss loss, const kfix_draw_key *key,
                             size_t first, size_t rows, size_t cols, const kfix_real *p, size_t ldp,
                             kfix_real *y, size_t ldy);
kfix_status kfix_cuda_residual(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                               const kfix_real *z, size_t ldz, const kfix_real *y, size_t ldy,
                               kfix_real *g, size_t ldg);
kfix_status kfix_cuda_axpby(const kfix_device *d, size_t n, kfix_real a, const kfix_real *x,
                            kfix_real b, const kfix_real *y, kfix_real *out);
kfix_status kfix_cuda_adam(const kfix_device *d, size_t n, kfix_real b1, kfix_real b2,
                           kfix_real rate, kfix_real scale, kfix_real eps, const kfix_real *g,
                           const kfix_real *theta, const kfix_real *m, const kfix_real *v,
                           kfix_real *m_out, kfix_real *v_out, kfix_real *out);
kfix_status kfix_cuda_fill(const kfix_device *d, size_t rows, size_t cols, kfix_real value,
                           kfix_real *x, size_t ldx);
kfix_status kfix_cuda_copy(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                           size_t ldx, kfix_real *out, size_t ldo);
kfix_status kfix_cuda_add(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                          size_t ldx, const kfix_real *y, size_t ldy, kfix_real *out, size_t ldo);
kfix_status kfix_cuda_multiply(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                               size_t ldx, const kfix_real *y, size_t ldy, kfix_real *out,
                               size_t ldo);
kfix_status kfix_cuda_divide(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                             size_t ldx, const kfix_real *y, size_t ldy, kfix_real shift,
                             kfix_real *out, size_t ldo);
kfix_status kfix_cuda_scale_rows(const kfix_device *d, size_t rows, size_t cols, const kfix_real *w,
                                 const kfix_real *x, size_t ldx, kfix_real *out, size_t ldo);

#endif
