/* SPDX-License-Identifier: Apache-2.0
 * The kernels of the CUDA port, all but the products and factorizations: they have the reference
 * port's bits. With GPU=1 on a device, else run by the host item after item (test/fake_cuda). */
#include "cuda_case.h"

void setUp(void) {
  cuda_case_begin();
}

void tearDown(void) {
  cuda_case_end();
}

static void agree_on(script *kernel, shape s, int variant) {
  run_both(kernel, s, variant);
  CHECK_MEM(&want, &got, sizeof want);
}

static void agree(script *kernel, int variants) {
  static const shape shapes[] = {{0, 3},  {3, 0},   {1, 1},  {2, 3},       {7, 13},
                                 {13, 1}, {70, 16}, {1, 71}, {SIDE, SIDE}, {31, 64}};
  for (int variant = 0; variant < variants; variant++)
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
      agree_on(kernel, shapes[i], variant);
}

static void activate(const kfix_device *d, buffers *b, shape s, int variant) {
  ok(d->port->activate(d, (kfix_activation)variant, s.rows, s.cols, b->out, LD));
  ok(d->port->differentiate(d, (kfix_activation)variant, s.rows, s.cols, b->p, LD, b->out + N, LD));
}

void test_activations(void) {
  agree(activate, KFIX_SOFTMAX);
}

static void predict(const kfix_device *d, buffers *b, shape s, int variant) {
  const kfix_loss loss = (kfix_loss)(variant % KFIX_LOSS_COUNT);
  const kfix_draw_key key = {17, KFIX_DRAW_TARGETS, 3, 2};
  kfix_real *in = variant < KFIX_LOSS_COUNT ? b->x : b->out;
  ok(d->port->predict(d, loss, s.rows, s.cols, in, LD, b->out, LD));
  ok(d->port->sample(d, loss, &key, 5, s.rows, s.cols, b->p, LD, b->out + N, LD));
  ok(d->port->residual(d, loss, s.rows, s.cols, b->p, LD, b->y, LD, b->x, LD));
}

void test_predictions_samples_residuals(void) {
  agree(predict, 2 * KFIX_LOSS_COUNT);
}

/* Rows as one block, in blocks of a row, and in longer ones of which the first is short; with weights and
 * without. */
static void losses(const kfix_device *d, buffers *b, shape s, int variant) {
  static const kfix_row_blocks cuts[] = {{NULL, 1000, 1000}, {NULL, 1, 1}, {NULL, 3, 40}};
  const kfix_loss loss = (kfix_loss)(variant / 2 % KFIX_LOSS_COUNT);
  kfix_row_blocks blocks = cuts[variant / 2 / KFIX_LOSS_COUNT];
  if (variant % 2) blocks.weights = b->v;
  ok(d->port->loss(d, loss, s.rows, s.cols, b->x, LD, b->y, LD, b->out, LD, blocks, b->sums));
  ok(d->port->fisher(d, loss, s.rows, s.cols, b->x, LD, b->y, LD, variant % 2 ? b->p : NULL, LD,
                     b->out, LD, blocks, b->sums));
  ok(d->port->fill(d, s.rows, s.cols, 0, b->out, LD)); /* what was work may hold anything */
}

void test_losses_and_fisher_products(void) {
  agree(losses, 3 * 2 * KFIX_LOSS_COUNT);
}

/* In place in every other variant; of the root the first column, or the last. */
static void jacobian(const kfix_device *d, buffers *b, shape s, int variant) {
  const kfix_loss loss = (kfix_loss)(variant / 2);
  const size_t last = s.cols > 0 ? s.cols - 1 : 0;
  kfix_real *u = variant % 2 ? b->out : b->y;
  ok(d->port->fisher_times(d, loss, s.rows, s.cols, b->x, LD, u, LD, b->out, LD));
  ok(d->port->fisher_root(d, loss, s.rows, s.cols, variant % 2 ? last : 0, b->x, LD, b->out + N,
                          LD));
  ok(d->port->row_dots(d, s.rows, s.cols, b->x, LD, variant / 2 ? b->y : b->x, LD,
                       (kfix_real)(variant % 2), b->v, variant < 3 ? 1 : LD));
}

void test_products_with_the_jacobian(void) {
  agree(jacobian, 2 * KFIX_LOSS_COUNT);
  for (size_t i = 0; i < N; i++) start.x[i] *= 30; /* all but certain */
  agree(jacobian, 2 * KFIX_LOSS_COUNT);
  for (size_t i = 0; i < N; i += 401) start.x[i] = (kfix_real)NAN;
  run_both(jacobian, (shape){7, 13}, 4);
  CHECK(got.out[0] != got.out[0] && want.out[0] != want.out[0]);
}

static void vectors(const kfix_device *d, buffers *b, shape s, int variant) {
  const size_t n = variant ? LONG : s.rows * s.cols;
  ok(d->port->dot(d, n, b->v, variant ? b->v : b->x, b->sums));
  ok(d->port->nonfinite(d, s.rows, s.cols, b->x, LD, b->sums + 1));
  ok(d->port->nonfinite(d, 1, n, b->v, n, b->sums + 2));
  ok(d->port->axpby(d, s.rows * s.cols, (kfix_real)0.3, b->x, (kfix_real)-1.7,
                    variant ? b->y : NULL, b->out));
  ok(d->port->adam(d, s.rows * s.cols, (kfix_real)0.9, (kfix_real)0.99, (kfix_real)0.1, 2,
                   (kfix_real)1e-3, b->x, b->y, b->v, b->p, b->v, b->p, b->y));
}

static void passes(const kfix_device *d, buffers *b, shape s, int variant) {
  const size_t n = variant ? N : s.rows * s.cols;
  double *slot = b->sums + variant; /* uu, uv and vv where there is room for them */
  ok(d->port->decay(d, n, (kfix_real)0.01, b->v, b->x, slot, slot + 1));
  ok(d->port->move(d, n, (kfix_real)0.3, b->x, (kfix_real)-0.7, b->p, variant ? b->x : b->out, b->v,
                   b->out + N, (kfix_real)0.99, b->v, b->y, slot));
  ok(d->port->dots(d, n, b->x, b->y, NULL, slot));
}

static void five_dots(const kfix_device *d, buffers *b, shape s, int variant) {
  const size_t n = variant ? LONG : s.rows * s.cols;
  ok(d->port->dots(d, n, b->v, b->out, b->out + 1, b->sums + variant));
}

void test_dots(void) {
  agree(five_dots, 2);
}

void test_passes(void) {
  agree(passes, 2);
}

void test_vectors(void) {
  agree(vectors, 2);
}

/* Counts are added up by several items at once, to what is there. */
static void counts(const kfix_device *d, buffers *b, shape s, int variant) {
  const double before[] = {0, 3};
  ok(d->port->upload(d, b->sums, before, sizeof before));
  ok(d->port->nonfinite(d, s.rows, s.cols, b->x, LD, b->sums));
  ok(d->port->nonfinite(d, 1, variant ? LONG : s.rows * s.cols, b->v, LONG, b->sums + 1));
}

void test_counts_of_what_is_not_finite(void) {
  for (size_t i = 0; i < N; i += 5) start.x[i] = (kfix_real)(i % 2 ? NAN : INFINITY);
  for (size_t i = 3; i < LONG; i += 7) start.v[i] = (kfix_real)(i % 2 ? -INFINITY : NAN);
  agree(counts, 2);
  CHECK(got.sums[0] > 300 && got.sums[1] > 1000);
}

static void elements(const kfix_device *d, buffers *b, shape s, int variant) {
  kfix_real *a = variant ? b->out : b->x;
  ok(d->port->add(d, s.rows, s.cols, a, LD, b->y, LD, b->out, LD));
  ok(d->port->multiply(d, s.rows, s.cols, b->out, LD, b->y, LD, b->out, LD));
  ok(d->port->divide(d, s.rows, s.cols, a, LD, b->p, LD, (kfix_real)0.01, b->out, LD));
  ok(d->port->scale_rows(d, s.rows, s.cols, b->y, a, LD, b->out, LD));
  ok(d->port->fill(d, s.rows, s.cols, 4, b->out + N, LD));
  ok(d->port->copy(d, s.rows, s.cols, b->y, LD, b->p, LD));
}

void test_element_by_element(void) {
  agree(elements, 2);
}

static void pairs(const kfix_device *d, buffers *b, shape s, int variant) {
  const kfix_real floor = (kfix_real)0.3, sign = variant ? 1 : -1;
  ok(d->port->divide_kron(d, s.rows, s.cols, b->x, LD, b->p, b->y, sign, floor, b->x, LD, b->sums));
  ok(d->port->decouple(d, s.rows, s.cols, b->p, b->p + 1, b->y, b->y + 1, floor, b->out, b->out + N,
                       LD, b->sums + 1));
  ok(d->port->divide_kron(d, s.rows, s.cols, NULL, 0, b->p, b->y, sign, floor, NULL, 0,
                          b->sums + 2));
}

void test_kronecker_sums(void) {
  agree(pairs, 2);
}

static void symmetric(const kfix_device *d, buffers *b, shape s, int variant) {
  const size_t n = s.cols;
  ok(d->port->unpack(d, n, b->x, (kfix_real)0.5, b->out, variant ? KFIX_PACKED : LD));
  ok(d->port->pack(d, n, b->y, LD, b->out + N));
  ok(d->port->trace(d, n, b->x, b->sums));
}

void test_symmetric_storage(void) {
  agree(symmetric, 2);
}
