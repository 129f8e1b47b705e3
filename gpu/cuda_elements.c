/* SPDX-License-Identifier: Apache-2.0
 * Element-wise kernels. */

#include "cuda_device.h"

/* out = op(x, y) over rows x cols elements; a y without memory: op(x). */
static kfix_status each(const kfix_device *d, kfix_element_op op, size_t rows, size_t cols,
                        kfix_in x, kfix_in y, kfix_real shift, kfix_out out) {
  const kfix_element_args args = {op, cols, x, y, shift, out};
  KFIX_LAUNCH(d, element, &args, rows * cols);
  return KFIX_OK;
}

static const kfix_in none = {NULL, 0};

kfix_status kfix_cuda_activate(const kfix_device *d, kfix_activation f, size_t rows, size_t cols,
                               kfix_real *a, size_t lda) {
  static const kfix_element_op ops[] = {[KFIX_RELU] = KFIX_ELEMENT_RELU,
                                        [KFIX_SIGMOID] = KFIX_ELEMENT_SIGMOID,
                                        [KFIX_TANH] = KFIX_ELEMENT_TANH};
  const kfix_in in = {a, lda};
  const kfix_out out = {a, lda};
  if (f >= KFIX_SOFTMAX) return KFIX_PORT;
  return f == KFIX_LINEAR ? KFIX_OK : each(d, ops[f], rows, cols, in, none, 0, out);
}

kfix_status kfix_cuda_differentiate(const kfix_device *d, kfix_activation f, size_t rows,
                                    size_t cols, const kfix_real *a, size_t lda, kfix_real *g,
                                    size_t ldg) {
  static const kfix_element_op ops[] = {[KFIX_RELU] = KFIX_ELEMENT_RELU_SLOPE,
                                        [KFIX_SIGMOID] = KFIX_ELEMENT_SIGMOID_SLOPE,
                                        [KFIX_TANH] = KFIX_ELEMENT_TANH_SLOPE};
  const kfix_in x = {a, lda}, y = {g, ldg};
  const kfix_out out = {g, ldg};
  if (f >= KFIX_SOFTMAX) return KFIX_PORT;
  return f == KFIX_LINEAR ? KFIX_OK : each(d, ops[f], rows, cols, x, y, 0, out);
}

kfix_status kfix_cuda_predict(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                              const kfix_real *z, size_t ldz, kfix_real *p, size_t ldp) {
  const kfix_in in = {z, ldz};
  const kfix_out out = {p, ldp};
  const kfix_softmax_args softmax = {cols, in, none, out};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols == 0) return KFIX_OK;
  if (loss != KFIX_CATEGORICAL)
    return each(d, loss == KFIX_BERNOULLI ? KFIX_ELEMENT_SIGMOID : KFIX_ELEMENT_COPY, rows, cols,
                in, none, 0, out);
  KFIX_LAUNCH(d, softmax, &softmax, rows);
  return KFIX_OK;
}

kfix_status kfix_cuda_sample(const kfix_device *d, kfix_loss loss, const kfix_draw_key *key,
                             size_t first, size_t rows, size_t cols, const kfix_real *p, size_t ldp,
                             kfix_real *y, size_t ldy) {
  const kfix_sample_args args = {loss, *key, first, cols, {p, ldp}, {y, ldy}};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols > 0) KFIX_LAUNCH(d, sample, &args, rows * kfix_draws_in_row(loss, cols));
  return KFIX_OK;
}

kfix_status kfix_cuda_residual(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                               const kfix_real *z, size_t ldz, const kfix_real *y, size_t ldy,
                               kfix_real *g, size_t ldg) {
  const kfix_in logits = {z, ldz}, targets = {y, ldy};
  const kfix_out out = {g, ldg};
  const kfix_softmax_args softmax = {cols, logits, targets, out};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols == 0) return KFIX_OK;
  if (loss != KFIX_CATEGORICAL)
    return each(d, loss == KFIX_BERNOULLI ? KFIX_ELEMENT_BERNOULLI_RESIDUAL : KFIX_ELEMENT_SUBTRACT,
                rows, cols, logits, targets, 0, out);
  KFIX_LAUNCH(d, softmax, &softmax, rows);
  return KFIX_OK;
}

kfix_status kfix_cuda_axpby(const kfix_device *d, size_t n, kfix_real a, const kfix_real *x,
                            kfix_real b, const kfix_real *y, kfix_real *out) {
  const kfix_axpby_args args = {a, x, b, y, out};
  KFIX_LAUNCH(d, axpby, &args, n);
  return KFIX_OK;
}

kfix_status kfix_cuda_adam(const kfix_device *d, size_t n, kfix_real b1, kfix_real b2,
                           kfix_real rate, kfix_real scale, kfix_real eps, const kfix_real *g,
                           const kfix_real *theta, const kfix_real *m, const kfix_real *v,
                           kfix_real *m_out, kfix_real *v_out, kfix_real *out) {
  const kfix_adam_args args = {b1, b2, rate, scale, eps, g, theta, m, v, m_out, v_out, out};
  KFIX_LAUNCH(d, adam, &args, n);
  return KFIX_OK;
}

kfix_status kfix_cuda_fill(const kfix_device *d, size_t rows, size_t cols, kfix_real value,
                           kfix_real *x, size_t ldx) {
  return each(d, KFIX_ELEMENT_FILL, rows, cols, none, none, value, (kfix_out){x, ldx});
}

kfix_status kfix_cuda_copy(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                           size_t ldx, kfix_real *out, size_t ldo) {
  return each(d, KFIX_ELEMENT_COPY, rows, cols, (kfix_in){x, ldx}, none, 0, (kfix_out){out, ldo});
}

kfix_status kfix_cuda_add(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                          size_t ldx, const kfix_real *y, size_t ldy, kfix_real *out, size_t ldo) {
  return each(d, KFIX_ELEMENT_ADD, rows, cols, (kfix_in){x, ldx}, (kfix_in){y, ldy}, 0,
              (kfix_out){out, ldo});
}

kfix_status kfix_cuda_multiply(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                               size_t ldx, const kfix_real *y, size_t ldy, kfix_real *out,
                               size_t ldo) {
  return each(d, KFIX_ELEMENT_MULTIPLY, rows, cols, (kfix_in){x, ldx}, (kfix_in){y, ldy}, 0,
              (kfix_out){out, ldo});
}

kfix_status kfix_cuda_divide(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                             size_t ldx, const kfix_real *y, size_t ldy, kfix_real shift,
                             kfix_real *out, size_t ldo) {
  return each(d, KFIX_ELEMENT_DIVIDE, rows, cols, (kfix_in){x, ldx}, (kfix_in){y, ldy}, shift,
              (kfix_out){out, ldo});
}

kfix_status kfix_cuda_scale_rows(const kfix_device *d, size_t rows, size_t cols, const kfix_real *w,
                                 const kfix_real *x, size_t ldx, kfix_real *out, size_t ldo) {
  return each(d, KFIX_ELEMENT_SCALE_ROW, rows, cols, (kfix_in){x, ldx}, (kfix_in){w, 0}, 0,
              (kfix_out){out, ldo});
}
