/* SPDX-License-Identifier: Apache-2.0
 * Kronecker SVD methods over steps of training: what a trainer shows after each of them against the
 * SVD of the explicit rearrangement, of the same examples and in double. */
#include <math.h>

#include "check.h"
#include "factor/kron_svd.h"
#include "reference_case.h"
#include "reference_kron.h"

enum {
  LAYERS = 3,
  SIDE = 10,
  SQUARE = SIDE * SIDE,
  Z_MAX = SQUARE * SQUARE,
  ROWS = 110,
  STEPS = 5
};

static const uint32_t widths[] = {5, 9, 1, 4};

/* R, S, P, Q of a layer, dense. */
typedef struct terms {
  double at[4][SQUARE];
} terms;
static const char *const names[] = {"R", "S", "P", "Q"};

typedef struct run {
  ref_case c;
  kfix_method method;
  kfix_report report;
  size_t term_count;
  double theta[512];
  terms past[LAYERS], now[LAYERS];
} run;

static double z[Z_MAX], batch[Z_MAX], sigma[SQUARE + 1];

static size_t side_of(const run *r, size_t layer, int out) {
  return out ? r->c.ref.width[layer + 1] : r->c.ref.width[layer] + 1;
}

static size_t z_count(const run *r, size_t layer) {
  const size_t a = side_of(r, layer, 0), g = side_of(r, layer, 1);
  return a * a * g * g;
}

/* ---- the library ---- */

static void view(run *r) {
  for (size_t i = 0; i < LAYERS; i++)
    for (size_t k = 0; k < 2 * r->term_count; k++)
      CHECK_INT(KFIX_OK, case_matrix(&r->c, names[k], i, r->now[i].at[k]));
}

/* rows: of S1; the chunk holds 64. */
static void begin(run *r, kfix_method method, kfix_choice ema, size_t rows) {
  memset(r, 0, sizeof *r);
  r->method = method;
  r->term_count = method == KFIX_METHOD_kpsvd ? 1 : 2;
  case_begin(&r->c, KFIX_BERNOULLI, LAYERS, widths, KFIX_TANH, KFIX_LINEAR, ROWS, 3);
  r->c.net.stats_rows = ROWS;
  r->c.options.driver = KFIX_FIXED;
  r->c.options.learning_rate = 0.1;
  r->c.options.decay = 0.7; /* reached at the fourth update: 1 - 1/4 = 0.75 */
  r->c.options.stats_fraction = (double)rows / ROWS;
  r->c.options.kron_ema = ema;
  CHECK_INT(KFIX_OK, case_create(&r->c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&r->c, 1, 1));
  case_watch(&r->c);
}

static void step(run *r) {
  memcpy(r->past, r->now, sizeof r->past);
  CHECK_INT(KFIX_OK, case_view(&r->c, "W_after", r->theta));
  CHECK_INT(KFIX_OK, kfix_step(r->c.k, &r->c.batch, &r->report));
  view(r);
}

/* ---- the reference ---- */

/* The batch's block, rearranged, and its means of abar abar^T and g g^T. */
static void batch_of(run *r, size_t layer, double *out, double *mean_a, double *mean_g) {
  const ref_net *net = &r->c.ref;
  const size_t a = side_of(r, layer, 0), g = side_of(r, layer, 1), rows = r->report.stats_rows;
  memset(out, 0, z_count(r, layer) * sizeof *out);
  memset(mean_a, 0, a * a * sizeof *mean_a);
  memset(mean_g, 0, g * g * sizeof *mean_g);
  for (size_t t = 0; t < rows; t++) {
    ref_pass pass;
    ref_forward(net, r->theta, r->c.xd + t * net->width[0], &pass);
    ref_backward(net, r->theta, r->c.sampled + t * ref_outputs(net), &pass);
    const double *x = pass.a[layer], *y = pass.g[layer];
    ref_kron_add_rows(1, a, g, 1 / (double)rows, x, y, out);
    for (size_t i = 0; i < a * a; i++) mean_a[i] += x[i / a] * x[i % a] / (double)rows;
    for (size_t i = 0; i < g * g; i++) mean_g[i] += y[i / g] * y[i % g] / (double)rows;
  }
}

static void add_terms(const run *r, size_t layer, const terms *t, double weight, double *out) {
  const size_t a = side_of(r, layer, 0), g = side_of(r, layer, 1);
  for (size_t k = 0; k < r->term_count; k++)
    ref_kron_add(a, g, weight, t->at[2 * k], t->at[2 * k + 1], out);
}

/* What vectors may be wrong by, given the residual at which a search stops, and what sums of
 * kfix_real may be: relative to sigma_1. */
static double tolerance_of(const run *r, size_t layer) {
  const size_t a = side_of(r, layer, 0), g = side_of(r, layer, 1);
  return 8 * KFIX_KRON_TOLERANCE + 64 * KFIX_REAL_EPS * (double)(a + g);
}

/* The leading terms of a rearrangement; it becomes what they sum up to. sigma is left behind. */
static void leading_terms(const run *r, size_t layer, size_t count, double *x,
                          double (*out)[SQUARE]) {
  double *const at[] = {out[0], out[1], count > 1 ? out[2] : NULL, count > 1 ? out[3] : NULL};
  memset(sigma, 0, sizeof sigma);
  ref_kron_terms(side_of(r, layer, 0), side_of(r, layer, 1), count, x, at, sigma);
}

/* 1 over the least gap after the first `count` values, relative to the first; large where these
 * vectors are not defined. Past the last value there is a zero. */
static double spread(size_t count) {
  double smallest = sigma[0];
  for (size_t i = 0; i < count; i++)
    smallest = sigma[i] - sigma[i + 1] < smallest ? sigma[i] - sigma[i + 1] : smallest;
  return sigma[0] / (smallest + 1e-300);
}

static double distance_to_terms(const run *r, size_t layer, const terms *t, const double *x) {
  static double sum[Z_MAX];
  memset(sum, 0, sizeof sum);
  add_terms(r, layer, t, 1, sum);
  return ref_distance(z_count(r, layer), sum, x);
}

/* ---- the running operator ---- */

/* Z = eps times the terms before + (1 - eps) times the batch; the terms after are its leading ones,
 * and of kfac-corrected those besides the running A (x) G. */
static void check_operator(run *r, size_t layer) {
  const size_t a = side_of(r, layer, 0), g = side_of(r, layer, 1), count = z_count(r, layer);
  double mean_a[SQUARE], mean_g[SQUARE], eps = r->report.decay;
  double expected[4][SQUARE];
  batch_of(r, layer, batch, mean_a, mean_g);
  for (size_t i = 0; i < count; i++) z[i] = (1 - eps) * batch[i];
  add_terms(r, layer, &r->past[layer], eps, z);
  const double norm = ref_length(count, z), slack = tolerance_of(r, layer) * norm;
  const int corrected = r->method == KFIX_METHOD_kfac_corrected;
  if (corrected) {
    ref_kron_add(a, g, -1, r->now[layer].at[0], r->now[layer].at[1], z);
    leading_terms(r, layer, 1, z, expected);
    ref_kron_add(a, g, 1, r->now[layer].at[0], r->now[layer].at[1], z);
  } else {
    leading_terms(r, layer, r->term_count, z, expected);
  }
  const size_t sought = r->term_count - (size_t)corrected;
  CHECK_NEAR(slack * spread(sought) + sqrt(KFIX_KRON_NOISE2) * sigma[0], 0,
             distance_to_terms(r, layer, &r->now[layer], z));
  for (size_t k = (size_t)corrected; k < r->term_count; k++)
    CHECK_NEAR(slack + sqrt(KFIX_KRON_NOISE2) * sigma[0], sigma[k - (size_t)corrected],
               ref_length(a * a, r->now[layer].at[2 * k]) *
                   ref_length(g * g, r->now[layer].at[2 * k + 1]));
}

/* ---- running averages of the factors ---- */

static void average(const run *r, size_t layer, int k, double sign, const double *fresh,
                    double *out) {
  const size_t n = side_of(r, layer, k % 2);
  const double eps = r->report.decay;
  for (size_t i = 0; i < n * n; i++)
    out[i] = eps * r->past[layer].at[k][i] + sign * (1 - eps) * fresh[i];
}

/* The batch's own terms: the truncated SVD of its Z, or K-FAC's and the best correction of it. */
static void batch_terms(run *r, size_t layer, terms *out) {
  const size_t a = side_of(r, layer, 0), g = side_of(r, layer, 1);
  double mean_a[SQUARE], mean_g[SQUARE];
  batch_of(r, layer, batch, mean_a, mean_g);
  memcpy(z, batch, sizeof z);
  if (r->method != KFIX_METHOD_kfac_corrected) {
    leading_terms(r, layer, r->term_count, z, out->at);
    return;
  }
  ref_kron_add(a, g, -1, mean_a, mean_g, z);
  leading_terms(r, layer, 1, z, out->at + 2);
  memcpy(out->at[0], mean_a, sizeof mean_a);
  memcpy(out->at[1], mean_g, sizeof mean_g);
}

/* Of the second term: that of the batch agrees with the one before; of the first batch's either. */
static double sign_of(const run *r, size_t layer, const terms *fresh) {
  const size_t a = side_of(r, layer, 0), g = side_of(r, layer, 1);
  const terms *other = r->report.decay > 0 ? &r->past[layer] : &r->now[layer];
  return ref_dot(fresh->at[2], other->at[2], a * a) + ref_dot(fresh->at[3], other->at[3], g * g) < 0
             ? -1
             : 1;
}

static void check_factors(run *r, size_t layer) {
  const int corrected = r->method == KFIX_METHOD_kfac_corrected;
  double expected[SQUARE];
  terms fresh;
  batch_terms(r, layer, &fresh);
  const double wide = spread(r->term_count - (size_t)corrected);
  const double size = sqrt(ref_length(z_count(r, layer), batch));
  for (int k = 0; k < 2 * (int)r->term_count; k++) {
    const size_t n = side_of(r, layer, k % 2);
    /* K-FAC's own are sums, at any size. */
    const int is_sum = corrected && k < 2;
    const double scale = is_sum ? ref_length(n * n, fresh.at[k]) : size;
    const double loose = is_sum ? 1 : wide * wide;
    const double tolerance = tolerance_of(r, layer) * loose;
    average(r, layer, k, k < 2 ? 1 : sign_of(r, layer, &fresh), fresh.at[k], expected);
    if (tolerance < 0.1)
      CHECK_NEAR(tolerance * (scale + ref_length(n * n, r->past[layer].at[k])), 0,
                 ref_distance(n * n, expected, r->now[layer].at[k]));
  }
}

/* How often the vectors were defined: the tests are not to pass by skipping. */
static size_t seen, compared;

static void check_run(kfix_method method, kfix_choice ema, size_t rows) {
  run r;
  begin(&r, method, ema, rows);
  for (int s = 0; s < STEPS; s++) {
    step(&r);
    CHECK_INT(rows, r.report.stats_rows);
    for (size_t i = 0; i < LAYERS; i++) {
      ema ? check_operator(&r, i) : check_factors(&r, i);
      seen++;
      compared += tolerance_of(&r, i) * pow(spread(1), 2) < 0.1;
    }
  }
  case_end(&r.c);
}

/* More rows than a chunk holds, which go by parameter space; fewer than that, and fewer than a layer
 * has units, by example space. */
static void check_method(kfix_method method) {
  static const size_t rows[] = {ROWS, 20, 3};
  seen = compared = 0;
  for (kfix_choice ema = 0; ema < 2; ema++)
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) check_run(method, ema, rows[i]);
  CHECK(2 * compared > seen);
}

void test_kpsvd_over_steps(void) {
  check_method(KFIX_METHOD_kpsvd);
}

void test_deflation_over_steps(void) {
  check_method(KFIX_METHOD_deflation);
}

void test_lanczos_over_steps(void) {
  check_method(KFIX_METHOD_lanczos);
}

void test_kfac_corrected_over_steps(void) {
  check_method(KFIX_METHOD_kfac_corrected);
}

/* Of the first batch: no method is farther from its block than K-FAC, deflation and lanczos are as
 * near as two terms can be, and the same. */
void test_errors_of_the_first_batch(void) {
  static const kfix_method methods[] = {KFIX_METHOD_kpsvd, KFIX_METHOD_kfac_corrected,
                                        KFIX_METHOD_deflation, KFIX_METHOD_lanczos};
  static const size_t rows[] = {ROWS, 20, 3};
  for (size_t k = 0; k < 3; k++) {
    double errors[4][LAYERS];
    for (size_t m = 0; m < 4; m++) {
      run r;
      begin(&r, methods[m], 0, rows[k]);
      step(&r);
      for (size_t i = 0; i < LAYERS; i++) {
        double mean_a[SQUARE], mean_g[SQUARE], best = 0;
        const size_t a = side_of(&r, i, 0), g = side_of(&r, i, 1), count = a * a * g * g;
        terms ignored;
        batch_of(&r, i, batch, mean_a, mean_g);
        const double slack =
            (tolerance_of(&r, i) + sqrt(KFIX_KRON_NOISE2)) * ref_length(count, batch);
        errors[m][i] = distance_to_terms(&r, i, &r.now[i], batch);
        memcpy(z, batch, sizeof z);
        ref_kron_add(a, g, -1, mean_a, mean_g, z);
        CHECK(errors[m][i] <= ref_length(count, z) + slack);
        memcpy(z, batch, sizeof z);
        leading_terms(&r, i, r.term_count, z, ignored.at);
        best = ref_distance(count, batch, z);
        CHECK(errors[m][i] >= best - slack);
        if (methods[m] != KFIX_METHOD_kfac_corrected) CHECK_NEAR(slack, best, errors[m][i]);
        if (m == 3) CHECK_NEAR(slack, errors[2][i], errors[3][i]);
      }
      case_end(&r.c);
    }
  }
}
