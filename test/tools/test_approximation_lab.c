/* SPDX-License-Identifier: Apache-2.0
 * The library's methods on one block of examples: factors, damped inverse, and the examples behind
 * a layer of a trainer. */
#include <stdlib.h>

#include "check.h"
#include "fisher_lab/block_error.h"
#include "fisher_lab/block_lab.h"
#include "reference_block.h"
#include "reference_case.h"

static const size_t shapes[][3] = {{1, 1, 1},   {3, 7, 5},  {40, 3, 4}, {23, 6, 7},
                                   {300, 1, 6}, {17, 6, 1}, {520, 9, 8}};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static const block_method *method_named(const char *name) {
  int i = 0;
  while (strcmp(block_method_at(i, 1)->name, name) != 0) i++;
  return block_method_at(i, 1);
}

/* (1/m) X^T X */
static void second_moment(size_t rows, size_t n, const kfix_real *x, double *out) {
  memset(out, 0, n * n * sizeof *out);
  for (size_t t = 0; t < rows; t++)
    for (size_t i = 0; i < n * n; i++)
      out[i] += (double)x[t * n + i / n] * (double)x[t * n + i % n] / (double)rows;
}

static double difference(size_t n, const kfix_real *x, const double *y) {
  double far = 0;
  for (size_t i = 0; i < n; i++) far += pow((double)x[i] - y[i], 2);
  return sqrt(far) / (ref_norm(y, n) + 1e-300);
}

void test_kfac_factors_are_second_moments(void) {
  for (int kind = 0; kind < BLOCK_KIND_COUNT; kind++)
    for (size_t i = 0; i < SHAPES; i++) {
      ref_block b;
      block_lab lab;
      block_factors factors;
      tool_error err;
      double moment[81];
      ref_block_begin(&b, (block_kind)kind, shapes[i][0], shapes[i][1], shapes[i][2], 21 + i);
      CHECK_INT(0, block_lab_open(&lab, method_named("kfac"), &b.f, &kfix_port_ref, NULL, &err));
      CHECK_INT(0, block_lab_absorb(&lab, &b.f, 1, &err));
      CHECK_INT(0, block_lab_factors(&lab, &factors, &err));
      second_moment(b.f.rows, b.f.in, b.f.abar, moment);
      CHECK_NEAR(32 * KFIX_REAL_EPS, 0, difference(b.f.in * b.f.in, factors.a[0], moment));
      second_moment(b.f.rows, b.f.out, b.f.g, moment);
      CHECK_NEAR(32 * KFIX_REAL_EPS, 0, difference(b.f.out * b.f.out, factors.g[0], moment));
      block_lab_close(&lab);
      ref_block_end(&b);
    }
}

/* (G + gamma / pi I) U (A + pi gamma I) = V [KFAC 6.3] */
static void check_kfac_solution(const block_rows *f, double gamma, const kfix_real *v,
                                const kfix_real *u) {
  double a[81], g[81], half[81], trace_a = 0, trace_g = 0, far = 0, size = 0;
  second_moment(f->rows, f->in, f->abar, a);
  second_moment(f->rows, f->out, f->g, g);
  for (size_t i = 0; i < f->in; i++) trace_a += a[i * f->in + i] / (double)f->in;
  for (size_t i = 0; i < f->out; i++) trace_g += g[i * f->out + i] / (double)f->out;
  const double pi = sqrt(trace_a / trace_g);
  for (size_t i = 0; i < f->in; i++) a[i * f->in + i] += pi * gamma;
  for (size_t i = 0; i < f->out; i++) g[i * f->out + i] += gamma / pi;
  for (size_t i = 0; i < f->out; i++)
    for (size_t j = 0; j < f->in; j++) {
      half[i * f->in + j] = 0;
      for (size_t k = 0; k < f->out; k++)
        half[i * f->in + j] += g[i * f->out + k] * (double)u[k * f->in + j];
    }
  for (size_t i = 0; i < f->out; i++)
    for (size_t j = 0; j < f->in; j++) {
      double back = 0;
      for (size_t k = 0; k < f->in; k++) back += half[i * f->in + k] * a[k * f->in + j];
      far += pow(back - (double)v[i * f->in + j], 2);
      size += pow((double)v[i * f->in + j], 2);
    }
  const double condition =
      (1 + trace_a * (double)f->in / (pi * gamma)) * (1 + trace_g * (double)f->out * pi / gamma);
  CHECK_NEAR(8 * KFIX_REAL_EPS * condition, 0, sqrt(far / size));
}

void test_kfac_inverse_solves_the_damped_system(void) {
  uint64_t state = 3;
  for (int kind = 0; kind < BLOCK_KIND_COUNT; kind++)
    for (size_t i = 0; i < SHAPES; i++) {
      ref_block b;
      block_lab lab;
      tool_error err;
      kfix_real v[81], u[81];
      ref_block_begin(&b, (block_kind)kind, shapes[i][0], shapes[i][1], shapes[i][2], 21 + i);
      const double gamma = sqrt(0.1 * ref_mean_eigenvalue(&b.f));
      for (size_t j = 0; j < b.n; j++) v[j] = (kfix_real)case_normal(&state);
      CHECK_INT(0, block_lab_open(&lab, method_named("kfac"), &b.f, &kfix_port_ref, NULL, &err));
      CHECK_INT(0, block_lab_absorb(&lab, &b.f, gamma, &err));
      CHECK_INT(0, block_lab_apply(&lab, v, u, &err));
      check_kfac_solution(&b.f, gamma, v, u);
      block_lab_close(&lab);
      ref_block_end(&b);
    }
}

static int is_diagonal(const block_method *m) {
  return strcmp(m->name, "diagonal") == 0;
}

/* ||F - D||_F / ||F||_F of one example's diagonal. */
static double error_of_diagonal(const block_rows *f, double norm2) {
  double sum = 0;
  for (size_t i = 0; i < f->out; i++)
    for (size_t j = 0; j < f->in; j++) sum += pow((double)f->g[i] * (double)f->abar[j], 4);
  return sqrt(1 - sum / norm2);
}

/* One example: every approximation but the diagonal is exact. And what is absorbed twice is absorbed once. */
void test_every_method_is_exact_for_one_example(void) {
  for (int i = 0; block_method_at(i, 1) != NULL; i++) {
    ref_block b;
    block_lab lab;
    block_factors factors;
    tool_error err;
    double norm2, error;
    ref_block_begin(&b, BLOCK_NORMAL, 1, 7, 5, 9);
    const double gamma = sqrt(ref_mean_eigenvalue(&b.f));
    CHECK_INT(0, block_norm2(&b.f, &norm2, &err));
    CHECK_INT(0, block_lab_open(&lab, block_method_at(i, 1), &b.f, &kfix_port_simd, NULL, &err));
    for (int twice = 0; twice < 2; twice++) {
      CHECK_INT(0, block_lab_absorb(&lab, &b.f, gamma, &err));
      CHECK_INT(0, block_lab_factors(&lab, &factors, &err));
      CHECK_INT(0, block_frobenius(&b.f, norm2, &factors, &error, &err));
      const int exact = !is_diagonal(block_method_at(i, 1));
      CHECK_NEAR(32 * KFIX_REAL_EPS + 1e-7, exact ? 0 : error_of_diagonal(&b.f, norm2), error);
    }
    block_lab_close(&lab);
    ref_block_end(&b);
  }
}

static double error_of(const char *name, const ref_block *b, double norm2) {
  block_lab lab;
  block_factors factors;
  tool_error err;
  double error;
  const double gamma = sqrt(ref_mean_eigenvalue(&b->f));
  CHECK_INT(0, block_lab_open(&lab, method_named(name), &b->f, &kfix_port_simd, NULL, &err));
  CHECK_INT(0, block_lab_absorb(&lab, &b->f, gamma, &err));
  CHECK_INT(0, block_lab_factors(&lab, &factors, &err));
  CHECK_INT(0, block_frobenius(&b->f, norm2, &factors, &error, &err));
  block_lab_close(&lab);
  return error;
}

/* What the papers prove: the eigenbasis with its own diagonal [EKFAC Theorem 3], the best Kronecker
 * product and a second term [KPSVD 2] are no worse than K-FAC's product. Of the diagonal nothing of the kind
 * is known. */
void test_no_method_is_worse_than_kfac(void) {
  for (int kind = 0; kind < BLOCK_KIND_COUNT; kind++)
    for (size_t i = 0; i < SHAPES; i++) {
      ref_block b;
      tool_error err;
      double norm2;
      ref_block_begin(&b, (block_kind)kind, shapes[i][0], shapes[i][1], shapes[i][2], 31 + i);
      CHECK_INT(0, block_norm2(&b.f, &norm2, &err));
      const double kfac = error_of("kfac", &b, norm2);
      for (int j = 0; block_method_at(j, 1) != NULL; j++)
        CHECK(is_diagonal(block_method_at(j, 1)) ||
              error_of(block_method_at(j, 1)->name, &b, norm2) <= kfac + 64 * KFIX_REAL_EPS + 1e-7);
      ref_block_end(&b);
    }
}

void test_failures_change_nothing(void) {
  ref_block b;
  block_lab lab;
  block_factors factors;
  tool_error err;
  kfix_real kept[49];
  ref_block_begin(&b, BLOCK_NORMAL, 20, 7, 5, 9);
  CHECK_INT(0, block_lab_open(&lab, method_named("kfac"), &b.f, &kfix_port_ref, NULL, &err));
  CHECK_INT(0, block_lab_absorb(&lab, &b.f, 1, &err));
  CHECK_INT(0, block_lab_factors(&lab, &factors, &err));
  memcpy(kept, factors.a[0], sizeof kept);
  const uint64_t before = kfix_digest(lab.k);
  b.abar[5] = (kfix_real)NAN;
  CHECK_INT(KFIX_STATISTICS_NONFINITE, kfix_block_absorb(lab.k, 20, 0, b.abar, b.g, 1));
  CHECK_U64(before, kfix_digest(lab.k));
  CHECK_INT(KFIX_ARGUMENT, kfix_block_absorb(lab.k, 0, 0, b.abar, b.g, 1));
  CHECK_INT(KFIX_ARGUMENT, kfix_block_absorb(lab.k, 20, 1, b.abar, b.g, 1));
  CHECK_INT(KFIX_ARGUMENT, kfix_block_absorb(lab.k, 20, 0, b.abar, b.g, NAN));
  CHECK_INT(KFIX_ARGUMENT, kfix_block_absorb(lab.k, 257, 0, b.abar, b.g, 1));
  CHECK_INT(KFIX_ARGUMENT, kfix_block_apply(lab.k, NULL, kept));
  CHECK_INT(0, block_lab_factors(&lab, &factors, &err));
  CHECK_MEM(kept, factors.a[0], sizeof kept);
  CHECK_INT(-1, block_lab_absorb(&lab, &b.f, 1, &err));
  block_lab_close(&lab);
  const block_rows empty = {0, 3, 3, NULL, NULL, 0, 0, NULL};
  CHECK_INT(-1, block_lab_open(&lab, method_named("kfac"), &empty, &kfix_port_ref, NULL, &err));
  ref_block_end(&b);
}

/* ---- the examples behind a layer of a trainer ---- */

enum { ROWS = 70 };
static const uint32_t widths[] = {5, 7, 1, 4, 3};

/* With the training targets, the mean of g abar^T is the gradient of the next step. */
static void check_gradient(kfix_loss loss, kfix_method method) {
  ref_case c;
  kfix_real abar[ROWS * 8], g[ROWS * 7], grad[56];
  size_t rows, cols;
  case_begin(&c, loss, 4, widths, KFIX_TANH, KFIX_TANH, ROWS, 3);
  c.options.fisher = KFIX_FISHER_EMPIRICAL;
  c.options.weight_decay = 0;
  CHECK_INT(KFIX_OK, case_create(&c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1));
  for (uint32_t layer = 1; layer <= 4; layer++) {
    const size_t in = widths[layer - 1] + 1, out = widths[layer];
    const uint64_t before = kfix_digest(c.k);
    CHECK_INT(KFIX_OK, kfix_examples(c.k, &c.batch, layer, abar, g));
    CHECK_U64(before, kfix_digest(c.k));
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
    CHECK_INT(KFIX_OK, kfix_view(c.k, "grad", layer, grad, 56, &rows, &cols));
    for (size_t i = 0; i < in * out; i++) {
      double mean = 0, size = 0;
      for (size_t t = 0; t < ROWS; t++) {
        const double term = (double)g[t * out + i / in] * (double)abar[t * in + i % in] / ROWS;
        mean += term;
        size += fabs(term);
      }
      CHECK_NEAR(16 * KFIX_REAL_EPS * size, mean, grad[i]);
    }
  }
  case_end(&c);
}

void test_examples_of_training_targets_make_the_gradient(void) {
  check_gradient(KFIX_MSE, KFIX_METHOD_adam);
  check_gradient(KFIX_BERNOULLI, KFIX_METHOD_sgd);
  check_gradient(KFIX_CATEGORICAL, KFIX_METHOD_kfac);
}

/* With sampled ones, their second moments are the statistics of the next step. */
void test_examples_of_sampled_targets_make_the_statistics(void) {
  static const kfix_loss losses[] = {KFIX_MSE, KFIX_BERNOULLI, KFIX_CATEGORICAL};
  for (int i = 0; i < 3; i++) {
    ref_case c;
    kfix_real abar[ROWS * 8], g[ROWS * 7];
    double moment[64], library[64];
    case_begin(&c, losses[i], 4, widths, KFIX_TANH, KFIX_TANH, ROWS, 3);
    c.options.stats_fraction = 1;
    for (uint32_t layer = 1; layer <= 4; layer++) {
      const size_t in = widths[layer - 1] + 1, out = widths[layer];
      CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
      CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1));
      CHECK_INT(KFIX_OK, kfix_examples(c.k, &c.batch, layer, abar, g));
      CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
      second_moment(ROWS, in, abar, moment);
      CHECK_INT(KFIX_OK, case_matrix(&c, "A", layer - 1, library));
      CHECK_NEAR(32 * KFIX_REAL_EPS, 0, relative_distance(library, moment, in * in));
      second_moment(ROWS, out, g, moment);
      CHECK_INT(KFIX_OK, case_matrix(&c, "G", layer - 1, library));
      CHECK_NEAR(32 * KFIX_REAL_EPS, 0, relative_distance(library, moment, out * out));
      case_destroy(&c);
    }
    case_end(&c);
  }
}
