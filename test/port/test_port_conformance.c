/* SPDX-License-Identifier: Apache-2.0
 * Every CPU port gives the bits of the reference port, in every kernel but the products (those:
 * test_port_products.c), with any number of threads. Whole buffers are compared, so a write into
 * the padding between rows is found too. */
#include "check.h"
#include "port_cases.h"

static kfix_real x[ROOM], y[ROOM], p[ROOM];                  /* inputs */
static kfix_real start[ROOM], want[2 * ROOM], got[2 * ROOM]; /* outputs */

/* A kernel on a shape: reads x, y and p (probabilities), changes out (2 ROOM) and sums (3). */
typedef struct shape {
  size_t rows, cols, ld;
} shape;
typedef void (*script)(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums);

void setUp(void) {
  port_crews_start();
  port_numbers(1, 4, ROOM, x);
  port_numbers(2, 4, ROOM, y);
  port_numbers(3, 1, ROOM, p);
  port_numbers(4, 1, ROOM, start);
  for (size_t i = 0; i < ROOM; i++) p[i] = (kfix_real)fabs((double)p[i]);
}

void tearDown(void) {
  port_crews_stop();
}

static void run(script kernel, size_t i, unsigned threads, shape s, int variant, kfix_real *out,
                double *sums) {
  const kfix_device d = port_device(i, threads);
  memcpy(out, start, sizeof start);
  memcpy(out + ROOM, start, sizeof start);
  for (int k = 0; k < 3; k++) sums[k] = 0.1 * k;
  kernel(&d, s, variant, out, sums);
}

static void agree_on(script kernel, shape s, int variant) {
  double want_sums[3], got_sums[3];
  run(kernel, 0, 1, s, variant, want, want_sums);
  for (size_t i = 0; i < PORT_CASES; i++) {
    if (!port_is_here(i)) continue;
    for (unsigned threads = 1; threads <= CREW_MAX; threads++) {
      run(kernel, i, threads, s, variant, got, got_sums);
      CHECK_INT(2 * ROOM, port_differs(want, got, 2 * ROOM));
      for (int k = 0; k < 3; k++)
        if (want_sums[k] == want_sums[k] || got_sums[k] == got_sums[k])
          CHECK_MEM(want_sums + k, got_sums + k, sizeof *got_sums);
    }
  }
}

/* Odd shapes, then two on which threads are worth their while, then inputs that are not finite. */
static void agree(script kernel, int variants) {
  static const shape shapes[] = {{0, 5, 5},     {5, 0, 3},       {1, 1, 1},     {2, 3, 3},
                                 {3, 7, 9},     {7, 13, 13},     {13, 17, 20},  {5, 31, 32},
                                 {17, 64, 64},  {64, 65, 70},    {3, 257, 257}, {31, 256, 256},
                                 {1, 513, 513}, {257, 300, 301}, {513, 10, 16}, {300, 513, 523}};
  for (int variant = 0; variant < variants; variant++)
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
      agree_on(kernel, shapes[i], variant);
  port_sprinkle(3, 17, ROOM, x);
  port_sprinkle(5, 23, ROOM, y);
  port_sprinkle(7, 41, ROOM, p);
  port_sprinkle(1, 19, ROOM, start);
  for (int variant = 0; variant < variants; variant++)
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i += 3)
      agree_on(kernel, shapes[i], variant);
}

static void ok(kfix_status status) {
  CHECK_INT(KFIX_OK, status);
}

static void activate(const kfix_device *d, shape s, int f, kfix_real *out, double *sums) {
  (void)sums;
  ok(d->port->activate(d, (kfix_activation)f, s.rows, s.cols, out, s.ld));
}

void test_activate(void) {
  agree(activate, KFIX_SOFTMAX);
}

static void differentiate(const kfix_device *d, shape s, int f, kfix_real *out, double *sums) {
  (void)sums;
  ok(d->port->differentiate(d, (kfix_activation)f, s.rows, s.cols, x, s.ld, out, s.ld));
}

void test_differentiate(void) {
  agree(differentiate, KFIX_SOFTMAX);
}

static void predict(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  const kfix_loss loss = (kfix_loss)(variant / 2);
  (void)sums;
  ok(d->port->predict(d, loss, s.rows, s.cols, variant % 2 ? out : x, s.ld, out, s.ld));
}

void test_predict_also_in_place(void) {
  agree(predict, 2 * KFIX_LOSS_COUNT);
}

static void sample(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  const kfix_loss loss = (kfix_loss)(variant / 2);
  const kfix_draw_key key = {7, KFIX_DRAW_TARGETS, 3, 0};
  (void)sums;
  ok(d->port->sample(d, loss, &key, 11, s.rows, s.cols, variant % 2 ? out : p, s.ld, out, s.ld));
}

void test_sample_also_in_place(void) {
  agree(sample, 2 * KFIX_LOSS_COUNT);
}

static void residual(const kfix_device *d, shape s, int loss, kfix_real *out, double *sums) {
  (void)sums;
  ok(d->port->residual(d, (kfix_loss)loss, s.rows, s.cols, x, s.ld, y, s.ld, out, s.ld));
}

void test_residual(void) {
  agree(residual, KFIX_LOSS_COUNT);
}

/* Blocks of 16 rows, the first short, and no weights; or weights and blocks of one row. */
static kfix_row_blocks blocks_of(int variant) {
  return variant % 2 ? (kfix_row_blocks){p, 1, 1} : (kfix_row_blocks){NULL, 5, 16};
}

static void loss(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  ok(d->port->loss(d, (kfix_loss)(variant / 2), s.rows, s.cols, x, s.ld, y, s.ld, out, s.ld,
                   blocks_of(variant), sums));
}

void test_loss(void) {
  agree(loss, 2 * KFIX_LOSS_COUNT);
}

static void fisher(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  const kfix_loss which = (kfix_loss)(variant / 2);
  ok(d->port->fisher(d, which, s.rows, s.cols, x, s.ld, y, s.ld, variant % 2 ? p : NULL, s.ld, out,
                     s.ld, blocks_of(variant), sums));
}

void test_fisher(void) {
  agree(fisher, 2 * KFIX_LOSS_COUNT);
}

/* F_R u, in place in every other variant; of the root the first column, or one in the middle. */
static void jacobian(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  const kfix_loss which = (kfix_loss)(variant / 2);
  const kfix_real *u = variant % 2 ? out : y;
  const size_t j = variant % 2 ? s.cols / 2 : 0;
  (void)sums;
  ok(d->port->fisher_times(d, which, s.rows, s.cols, x, s.ld, u, s.ld, out, s.ld));
  ok(d->port->fisher_root(d, which, s.rows, s.cols, j, x, s.ld, out + ROOM, s.ld));
}

void test_fisher_times_and_root(void) {
  agree(jacobian, 2 * KFIX_LOSS_COUNT);
}

/* variant 0, 1: beta; 2, 3: x with itself; 4, 5: into a column of a matrix. */
static void row_dots(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  const kfix_real *other = variant / 2 == 1 ? x : y;
  (void)sums;
  ok(d->port->row_dots(d, s.rows, s.cols, x, s.ld, other, s.ld, (kfix_real)(variant % 2),
                       out + s.cols, variant < 4 ? 1 : s.ld));
}

void test_row_dots(void) {
  agree(row_dots, 6);
}

static void axpby(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  const kfix_real *a = variant == 2 ? out : x, *b = variant == 3 ? out : variant ? y : NULL;
  (void)sums;
  ok(d->port->axpby(d, s.rows * s.ld, (kfix_real)0.3, a, (kfix_real)-1.7, b, out));
}

void test_axpby_also_in_place(void) {
  agree(axpby, 4);
}

/* variant 0 to 3: multiply, divide, scale_rows, add; 4 to 7: the same in place. */
static void elements(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  const kfix_real *a = variant < 4 ? x : out;
  (void)sums;
  if (variant % 4 == 0) ok(d->port->multiply(d, s.rows, s.cols, a, s.ld, y, s.ld, out, s.ld));
  if (variant % 4 == 1)
    ok(d->port->divide(d, s.rows, s.cols, a, s.ld, p, s.ld, (kfix_real)0.01, out, s.ld));
  if (variant % 4 == 2) ok(d->port->scale_rows(d, s.rows, s.cols, y, a, s.ld, out, s.ld));
  if (variant % 4 == 3) ok(d->port->add(d, s.rows, s.cols, a, s.ld, y, s.ld, out, s.ld));
}

void test_element_by_element_also_in_place(void) {
  agree(elements, 8);
}

/* variant 0: from x, 1: in place, 2: only counted; 3: not counted. */
static void divide_kron(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  const kfix_real *v = variant == 2 ? NULL : variant == 1 ? out : x;
  ok(d->port->divide_kron(d, s.rows, s.cols, v, s.ld, y, p, variant ? -1 : 1, (kfix_real)0.1, out,
                          s.ld, variant == 3 ? NULL : sums));
}

void test_divide_kron_also_in_place(void) {
  agree(divide_kron, 4);
}

static void decouple(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  ok(d->port->decouple(d, s.rows, s.cols, p, x, y, p + s.cols, (kfix_real)0.1,
                       variant == 1 ? NULL : out, out + ROOM, s.ld, variant == 2 ? NULL : sums));
}

void test_decouple(void) {
  agree(decouple, 3);
}

static void dot(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  (void)out;
  ok(d->port->dot(d, s.rows * s.ld, x, variant ? x : y, sums));
}

void test_dot(void) {
  agree(dot, 2);
}

static void nonfinite(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  (void)variant;
  ok(d->port->nonfinite(d, s.rows, s.cols, out, s.ld, sums));
}

void test_nonfinite(void) {
  agree(nonfinite, 1);
}

static void adam(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  const size_t n = s.rows * s.ld / 3;
  kfix_real *m = out, *v = out + ROOM / 2, *theta = out + ROOM;
  const kfix_real *v_in = variant ? v : p;
  (void)sums;
  ok(d->port->adam(d, n, (kfix_real)0.9, (kfix_real)0.99, (kfix_real)0.01, (kfix_real)1.5,
                   (kfix_real)1e-8, x, variant ? theta : y, variant ? m : p + ROOM / 2, v_in, m, v,
                   theta));
}

void test_adam_also_in_place(void) {
  for (size_t i = 0; i < ROOM; i++) start[i] = (kfix_real)fabs((double)start[i]);
  agree(adam, 2);
}

static void fill_copy(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  (void)sums;
  if (variant == 0)
    ok(d->port->fill(d, s.rows, s.cols, (kfix_real)-2.5, out, s.ld));
  else if (variant == 1)
    ok(d->port->copy(d, s.rows, s.cols, x, s.ld, out, s.cols));
  else if (variant == 2)
    ok(d->port->upload(d, out, x, s.rows * s.ld * sizeof *x));
  else
    ok(d->port->download(d, out, x, s.rows * s.ld * sizeof *x));
}

void test_fill_copy_upload_download(void) {
  agree(fill_copy, 4);
}

static void symmetric(const kfix_device *d, shape s, int variant, kfix_real *out, double *sums) {
  const size_t n = s.cols;
  if (variant == 0)
    ok(d->port->unpack(d, n, x, (kfix_real)0.25, out, s.ld < n ? n : s.ld));
  else if (variant == 1)
    ok(d->port->pack(d, n, x, n, out));
  else if (variant == 2)
    ok(d->port->unpack(d, n, x, (kfix_real)0.25, out, KFIX_PACKED));
  else
    ok(d->port->trace(d, n, x, sums));
}

void test_unpack_pack_trace(void) {
  agree(symmetric, 4);
}

/* A reduction over more rows than the scratch has room for goes strip by strip. */
void test_reductions_in_little_scratch(void) {
  for (size_t i = 0; i < PORT_CASES; i++) {
    kfix_device d = port_device(i, 2);
    double whole = 1, parts = 1;
    if (!port_is_here(i)) continue;
    ok(d.port->nonfinite(&d, 300, 513, x, 513, &whole));
    ok(d.port->dot(&d, 300 * 513, x, y, &whole));
    d.scratch_bytes = 7 * sizeof(double);
    ok(d.port->nonfinite(&d, 300, 513, x, 513, &parts));
    ok(d.port->dot(&d, 300 * 513, x, y, &parts));
    CHECK_MEM(&whole, &parts, sizeof whole);
    d.scratch_bytes = 0;
    CHECK_INT(KFIX_PORT, d.port->dot(&d, 9, x, y, &parts));
  }
}
