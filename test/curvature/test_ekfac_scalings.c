/* SPDX-License-Identifier: Apache-2.0
 * The basis and the scalings of EKFAC over steps of training, against blocks formed in full. */
#include <math.h>

#include "check.h"
#include "reference_ekfac.h"

enum { PARAMETERS_MAX = 200, LAYERS = 4, ROWS = 70, STEPS = 9 };

static const uint32_t widths[] = {5, 7, 1, 4, 3};

/* A run, and what the library showed before and after its last step. */
typedef struct run {
  ref_case c;
  kfix_method method;
  kfix_report report;
  size_t stats_rows;
  double theta[PARAMETERS_MAX], gradient[PARAMETERS_MAX];
  ekfac_layer past[LAYERS], now[LAYERS];
} run;

/* T3 = 4: steps 1, 2, 3, 4 and 8 refresh; the batch is larger than a chunk, and so may S1 be. */
static void begin(run *r, kfix_method method, kfix_loss loss) {
  r->method = method;
  case_begin(&r->c, loss, LAYERS, widths, KFIX_TANH, KFIX_LINEAR, ROWS, 3);
  r->c.options.driver = KFIX_FIXED;
  r->c.options.decay = 0.7;
  r->c.options.stats_fraction = 0.95;
  r->c.options.inverse_every = r->c.options.gamma_every = 4;
}

static void create(run *r) {
  CHECK_INT(KFIX_OK, case_create(&r->c, r->method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&r->c, 1, 1));
  case_watch(&r->c);
  for (size_t i = 0; i < LAYERS; i++) ref_ekfac_view(&r->c, i, &r->now[i]);
}

static void step(run *r) {
  for (size_t i = 0; i < LAYERS; i++) r->past[i] = r->now[i];
  CHECK_INT(KFIX_OK, case_view(&r->c, "W_after", r->theta));
  r->c.observed = 0;
  CHECK_INT(KFIX_OK, kfix_step(r->c.k, &r->c.batch, &r->report));
  r->stats_rows = r->report.stats_rows;
  CHECK_INT(KFIX_OK, case_view(&r->c, "grad", r->gradient));
  for (size_t i = 0; i < LAYERS; i++) ref_ekfac_view(&r->c, i, &r->now[i]);
}

static int refreshed(const run *r) {
  return r->report.inverse_step == r->report.step;
}

/* s* of the batch in the basis in force, and the size of F, which rounding goes by. */
static double batch_scalings(run *r, size_t layer, double *f, double *s) {
  const double *y = r->c.options.fisher == KFIX_FISHER_TRUE ? r->c.sampled : r->c.yd;
  const size_t n = r->now[layer].a * r->now[layer].g;
  ref_ekfac_block(&r->c.ref, layer, r->theta, r->c.xd, y, r->stats_rows, f);
  ref_ekfac_diagonal(&r->now[layer], f, s);
  return sqrt(ref_dot(f, f, n * n));
}

static void check_orthogonal(size_t n, const double *u) {
  double product[EKFAC_SIDE * EKFAC_SIDE];
  ref_transposed_product(n, n, n, u, u, product);
  for (size_t i = 0; i < n * n; i++) CHECK_NEAR(64 * KFIX_REAL_EPS, i / n == i % n, product[i]);
}

/* U^T M U is diagonal, ascending, to the rounding of M. */
static void check_diagonalises(size_t n, const double *u, const double *m) {
  double half[EKFAC_SIDE * EKFAC_SIDE], out[EKFAC_SIDE * EKFAC_SIDE], size = 0;
  ref_transposed_product(n, n, n, m, u, half);
  ref_transposed_product(n, n, n, u, half, out);
  for (size_t i = 0; i < n; i++) size += out[i * n + i];
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      if (i != j) CHECK_NEAR(64 * KFIX_REAL_EPS * size, 0, out[i * n + j]);
  for (size_t i = 1; i < n; i++)
    CHECK(out[i * n + i] >= out[(i - 1) * (n + 1)] - 64 * KFIX_REAL_EPS * size);
}

/* U' is U (I + X) made orthogonal column after column, X as the contract has it. */
static void check_sweep(size_t n, const double *u, const double *m, const double *actual) {
  double half[EKFAC_SIDE * EKFAC_SIDE], t[EKFAC_SIDE * EKFAC_SIDE], z[EKFAC_SIDE * EKFAC_SIDE];
  double e2 = 0, size = 0;
  ref_transposed_product(n, n, n, m, u, half);
  ref_transposed_product(n, n, n, u, half, t);
  for (size_t i = 0; i < n * n; i++) {
    size += t[i] * t[i];
    if (i / n != i % n) e2 += t[i] * t[i] / (double)n;
  }
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      z[i * n + j] = u[i * n + j];
      for (size_t k = 0; k < n; k++) {
        const double d = t[j * n + j] - t[k * n + k];
        if (k != j && e2 > 0) z[i * n + j] += u[i * n + k] * t[k * n + j] * d / (d * d + e2);
      }
    }
  ref_orthogonalise(n, z);
  /* Rounding of T over its off-diagonal part is what X may be wrong by. */
  const double tolerance = 64 * KFIX_REAL_EPS * (1 + (double)n * sqrt(size / (e2 + 1e-300)));
  for (size_t i = 0; i < n * n && tolerance < 0.1; i++) CHECK_NEAR(tolerance, z[i], actual[i]);
}

/* After step 1, exact_every = 2: steps 2, 3, 4 follow the factors, step 8 decomposes. */
static int tracked(const run *r) {
  return r->c.options.ekfac_basis == KFIX_EKFAC_TRACKED && r->report.step > 1 &&
         r->report.step % 8 != 0;
}

static void check_basis(const run *r) {
  for (size_t i = 0; i < LAYERS; i++) {
    const ekfac_layer *l = &r->now[i], *p = &r->past[i];
    check_orthogonal(l->a, l->ua);
    check_orthogonal(l->g, l->ug);
    if (refreshed(r) && tracked(r)) {
      check_sweep(l->a, p->ua, l->fa, l->ua);
      check_sweep(l->g, p->ug, l->fg, l->ug);
    } else if (refreshed(r)) {
      check_diagonalises(l->a, l->ua, l->fa);
      check_diagonalises(l->g, l->ug, l->fg);
    } else {
      CHECK_MEM(p->ua, l->ua, l->a * l->a * sizeof *l->ua);
      CHECK_MEM(p->ug, l->ug, l->g * l->g * sizeof *l->ug);
    }
  }
}

/* ||F - U diag(s) U^T|| <= ||F - A (x) G|| wherever U belongs to A and G [EKFAC Theorem 3]. */
static void check_frobenius(const run *r, size_t layer, const double *f, double size) {
  double ekfac[EKFAC_ORDER * EKFAC_ORDER], kfac[EKFAC_ORDER * EKFAC_ORDER];
  const size_t n = r->now[layer].a * r->now[layer].g;
  ref_ekfac_operator(&r->now[layer], r->now[layer].s, ekfac);
  ref_ekfac_kron(&r->now[layer], kfac);
  double e = 0, k = 0;
  for (size_t i = 0; i < n * n; i++) {
    e += (ekfac[i] - f[i]) * (ekfac[i] - f[i]);
    k += (kfac[i] - f[i]) * (kfac[i] - f[i]);
  }
  CHECK(sqrt(e) <= sqrt(k) + 64 * KFIX_REAL_EPS * size);
}

static void check_near_all(size_t n, const double *expected, const double *actual,
                           double tolerance) {
  for (size_t i = 0; i < n; i++) CHECK_NEAR(tolerance, expected[i], actual[i]);
}

static void check_batches(run *r) {
  double f[EKFAC_ORDER * EKFAC_ORDER], s[EKFAC_ORDER];
  create(r);
  for (int k = 0; k < STEPS; k++) {
    step(r);
    CHECK_INT(r->c.options.fisher == KFIX_FISHER_TRUE ? (long long)r->stats_rows : 0,
              (long long)r->c.observed);
    check_basis(r);
    for (size_t i = 0; i < LAYERS; i++) {
      const double size = batch_scalings(r, i, f, s);
      check_near_all(r->now[i].a * r->now[i].g, s, r->now[i].s, 256 * KFIX_REAL_EPS * size);
      if (refreshed(r)) check_frobenius(r, i, f, size);
    }
  }
  case_end(&r->c);
}

void test_scalings_are_the_diagonal_of_the_block_in_the_basis(void) {
  static const kfix_loss losses[] = {KFIX_MSE, KFIX_BERNOULLI, KFIX_CATEGORICAL};
  for (int l = 0; l < 3; l++)
    for (kfix_choice fisher = 0; fisher < 2; fisher++)
      for (kfix_choice driver = 0; driver < 2; driver++) {
        run r;
        begin(&r, KFIX_METHOD_ekfac, losses[l]);
        r.c.options.fisher = fisher;
        r.c.options.driver = driver;
        check_batches(&r);
      }
}

void test_scalings_of_fewer_rows_than_units(void) {
  static const double fractions[] = {0.01, 0.02, 0.05, 0.5};
  for (int i = 0; i < 4; i++) {
    run r;
    begin(&r, KFIX_METHOD_ekfac, KFIX_CATEGORICAL);
    r.c.options.stats_fraction = fractions[i];
    check_batches(&r);
  }
}

/* ---- what goes over from step to step ---- */

/* The past's scalings in the basis in force: the diagonal of the old operator there. */
static void carried(const run *r, size_t layer, double *s) {
  double m[EKFAC_ORDER * EKFAC_ORDER], sa[EKFAC_SIDE], sg[EKFAC_SIDE];
  const ekfac_layer *l = &r->now[layer];
  if (refreshed(r) && r->c.options.ekfac_carry == KFIX_EKFAC_RESET) {
    ref_ekfac_values(l, sa, sg);
    for (size_t i = 0; i < l->a * l->g; i++) s[i] = sa[i / l->g] * sg[i % l->g];
    return;
  }
  ref_ekfac_operator(&r->past[layer], r->past[layer].s, m);
  ref_ekfac_diagonal(l, m, s);
}

/* s as the contract has it, from what the library showed before. Returns the size of the numbers
 * that went into it. */
static double expected_scalings(run *r, size_t layer, double *s) {
  double f[EKFAC_ORDER * EKFAC_ORDER], fresh[EKFAC_ORDER], size = 0;
  const ekfac_layer *l = &r->now[layer];
  const int ra = r->method == KFIX_METHOD_ekfac_ra;
  carried(r, layer, s);
  for (size_t i = 0; i < l->a * l->g; i++) size += s[i];
  if (!r->report.stats_refreshed) return size;
  if (ra)
    ref_ekfac_square(l, r->gradient + r->c.ref.w[layer], fresh);
  else
    (void)batch_scalings(r, layer, f, fresh);
  const double keep = ra || r->c.options.ekfac_s == KFIX_EKFAC_EMA ? r->report.decay : 0;
  for (size_t i = 0; i < l->a * l->g; i++) {
    s[i] = keep * s[i] + (1 - keep) * fresh[i];
    size += fresh[i];
  }
  return size;
}

static void check_recursion(kfix_method method, kfix_choice scalings, kfix_choice carry,
                            kfix_choice basis, uint32_t stats_every) {
  run r;
  double s[EKFAC_ORDER];
  begin(&r, method, KFIX_BERNOULLI);
  r.c.options.ekfac_s = scalings;
  r.c.options.ekfac_carry = carry;
  r.c.options.ekfac_basis = basis;
  r.c.options.ekfac_exact_every = 2;
  r.c.options.stats_every = stats_every;
  create(&r);
  for (int k = 0; k < STEPS; k++) {
    step(&r);
    check_basis(&r);
    for (size_t i = 0; i < LAYERS; i++) {
      const double size = expected_scalings(&r, i, s);
      check_near_all(r.now[i].a * r.now[i].g, s, r.now[i].s, 256 * KFIX_REAL_EPS * size);
    }
  }
  case_end(&r.c);
}

static void check_recursions(kfix_method method, kfix_choice scalings) {
  for (kfix_choice carry = 0; carry < 2; carry++)
    for (kfix_choice basis = 0; basis < 2; basis++)
      for (uint32_t every = 1; every <= 3; every += 2)
        check_recursion(method, scalings, carry, basis, every);
}

void test_batch_scalings_go_over_where_statistics_rest(void) {
  check_recursions(KFIX_METHOD_ekfac, KFIX_EKFAC_BATCH);
}

void test_running_scalings_of_examples(void) {
  check_recursions(KFIX_METHOD_ekfac, KFIX_EKFAC_EMA);
}

void test_running_scalings_of_gradients(void) {
  check_recursions(KFIX_METHOD_ekfac_ra, KFIX_EKFAC_BATCH);
}

/* The sum of the scalings is the trace, which no orthogonal basis changes. */
void test_carrying_over_keeps_the_trace(void) {
  run r;
  begin(&r, KFIX_METHOD_ekfac_ra, KFIX_MSE);
  r.c.options.stats_every = 3;
  create(&r);
  for (int k = 0; k < 3; k++) step(&r);
  CHECK(refreshed(&r) && !r.report.stats_refreshed);
  for (size_t i = 0; i < LAYERS; i++) {
    double before = 0, after = 0;
    for (size_t j = 0; j < r.now[i].a * r.now[i].g; j++) {
      before += r.past[i].s[j];
      after += r.now[i].s[j];
    }
    CHECK_NEAR(64 * KFIX_REAL_EPS * before, before, after);
  }
  case_end(&r.c);
}
