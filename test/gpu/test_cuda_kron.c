/* SPDX-License-Identifier: Apache-2.0
 * The Kronecker SVD of the CUDA port: what it makes on the device and searches on the host agrees
 * with lib/factor on the reference port. With GPU=1 on a device, else on one played by the host. */
#include "cuda_case.h"
#include "factor/kron_factor.h"

#define ROWS  37
#define COLS  29
#define MORE  2
#define ATOMS (ROWS + MORE)
#define LDG   KFIX_LD(ATOMS)

/* Where things are in the buffers: Gram matrices and scratch in out, vectors in v. */
#define RIGHT     ((size_t)ATOMS * LDG)
#define SCRATCH   (2 * RIGHT)
#define VECTOR(i) ((size_t)(i)*LDG)
_Static_assert(SCRATCH + KFIX_KRON_GRAM_REALS(ROWS, COLS) <= 2 * N, "scratch does not fit");
_Static_assert(SCRATCH + KFIX_KRON_SUM_REALS(ROWS, COLS) <= 2 * N, "scratch does not fit");
_Static_assert(VECTOR(8) <= LONG, "vectors do not fit");

static kfix_real search_scratch[KFIX_KRON_SVD_REALS(ATOMS)];
static kfix_kron_pairs pairs;

void setUp(void) {
  cuda_case_begin();
}

void tearDown(void) {
  cuda_case_end();
}

static void grams(const kfix_device *d, buffers *b, shape s, int variant) {
  const kfix_real *const left[] = {b->p, b->y}, *const right[] = {b->y, b->p};
  const size_t more = (size_t)variant;
  ok(kfix_factor_kron(d)->gram(d, s.rows, s.cols, b->x, LD, more, left, b->out, LDG, b->v,
                               b->out + SCRATCH));
  ok(kfix_factor_kron(d)->gram(d, s.rows, s.cols / 2 + 1, b->y, LD, more, right, b->out + RIGHT,
                               LDG, b->v + VECTOR(1), b->out + SCRATCH));
}

/* A cosine is a quotient of sums of COLS products, or COLS^2 of them, of numbers below 3. */
static const double cosine_error = 100.0 * COLS * COLS * KFIX_REAL_EPS;

static void check_grams(shape s, int more) {
  run_both(grams, s, more);
  const size_t atoms = s.rows + (size_t)more;
  for (size_t i = 0; i < atoms; i++) {
    CHECK_NEAR(cosine_error, 1, (double)got.v[i] / (double)want.v[i]);
    CHECK_NEAR(cosine_error, 1, (double)got.v[VECTOR(1) + i] / (double)want.v[VECTOR(1) + i]);
    for (size_t j = 0; j < atoms; j++) {
      CHECK_NEAR(cosine_error, (double)want.out[i * LDG + j], (double)got.out[i * LDG + j]);
      CHECK_NEAR(cosine_error, (double)want.out[RIGHT + i * LDG + j],
                 (double)got.out[RIGHT + i * LDG + j]);
    }
  }
}

void test_cosines_between_atoms(void) {
  for (int more = 0; more <= MORE; more++) {
    check_grams((shape){ROWS, COLS}, more);
    check_grams((shape){1, 1}, more);
    check_grams((shape){8, 13}, more);
  }
}

static void sums(const kfix_device *d, buffers *b, shape s, int variant) {
  (void)variant;
  ok(kfix_factor_kron(d)->sum(d, s.rows, s.cols, b->v, b->x, LD, b->p, b->out + SCRATCH));
}

/* Coefficients of both signs, and none. */
void test_weighted_sums_of_atoms(void) {
  static const shape shapes[] = {{ROWS, COLS}, {1, 1}, {2, COLS}};
  start.v[1] = 0;
  for (size_t i = 0; i < 3; i++) {
    run_both(sums, shapes[i], 0);
    for (size_t e = 0; e < KFIX_TRIANGLE(shapes[i].cols); e++)
      CHECK_NEAR(100.0 * ROWS * 27 * KFIX_REAL_EPS, (double)want.p[e], (double)got.p[e]);
  }
}

static kfix_kron_space space_of(buffers *b, int variant) {
  return (kfix_kron_space){ROWS + (size_t)variant, LDG,  b->out,
                           b->out + RIGHT,         b->v, b->v + VECTOR(1),
                           b->v + VECTOR(2),       NULL, variant == 0};
}

static void search(const kfix_device *d, buffers *b, shape s, int variant) {
  const kfix_kron_space space = space_of(b, variant);
  grams(d, b, s, variant);
  ok(d->port->fill(d, 1, LDG, 1, b->v + VECTOR(2), LDG));
  ok(kfix_factor_kron(d)->svd(d, &space, 2, KFIX_KRON_DEFLATE, b->v + VECTOR(3), b->v + VECTOR(5),
                              &pairs, d->port->is_host ? search_scratch : NULL));
}

/* The first term stands clear of the others; it inherits the cosines' rounding errors. */
void test_leading_terms(void) {
  for (int more = 0; more <= MORE; more += MORE) {
    run_both(search, (shape){ROWS, COLS}, more);
    CHECK(pairs.converged && pairs.sigma[0] > 0);
    double largest = 0;
    for (size_t t = 0; t < ROWS; t++) largest = fmax(largest, fabs((double)want.v[VECTOR(3) + t]));
    for (size_t t = 0; t < ROWS + (size_t)more; t++)
      CHECK_NEAR(sqrt(KFIX_REAL_EPS) * largest, (double)want.v[VECTOR(3) + t],
                 (double)got.v[VECTOR(3) + t]);
  }
}

/* What is not finite is refused before it is decomposed, and so is what the host has no room for. */
void test_what_cannot_be_decomposed(void) {
  const kfix_kron_space space = space_of(remote, 0);
  const kfix_kron_entries *kron = kfix_port_cuda.kron;
  kfix_real *left = remote->v + VECTOR(3), *right = remote->v + VECTOR(5);
  start.x[5] = (kfix_real)NAN;
  ok(kfix_port_cuda.upload(&device, remote, &start, sizeof start));
  grams(&device, remote, (shape){ROWS, COLS}, 0);
  CHECK_INT(KFIX_STATISTICS_NONFINITE,
            kron->svd(&device, &space, 1, KFIX_KRON_DEFLATE, left, right, &pairs, NULL));
  cuda.scratch.host_bytes = KFIX_CUDA_KRON_BYTES(ROWS) - 1;
  CHECK_INT(KFIX_PORT, kron->svd(&device, &space, 1, KFIX_KRON_DEFLATE, left, right, &pairs, NULL));
  CHECK_STR("Kronecker SVD's host memory", cuda.failed);
}
