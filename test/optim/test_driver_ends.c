/* SPDX-License-Identifier: Apache-2.0
 * The adaptive driver where training has ended, or goes wrong: lambda and gamma within their bounds,
 * new data learned at any time, no step that blows up, retries that cost one look. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "core/context.h"
#include "every_method.h"
#include "optim/model.h"
#include "reference_case.h"

enum { ROWS = 200 };

/* y = slope x + 1 on [0, 1): a few steps fit it as well as the type can. */
static void draw_line(ref_case *c, double slope) {
  for (size_t i = 0; i < c->rows; i++) {
    c->x[i] = (kfix_real)i / (kfix_real)c->rows;
    c->y[i] = (kfix_real)(slope * (double)c->x[i] + 1);
  }
}

static void begin_line(ref_case *c, kfix_method method, size_t rows, double decay) {
  case_begin(c, KFIX_MSE, 1, (const uint32_t[]){1, 1}, KFIX_LINEAR, KFIX_LINEAR, rows, 1);
  const uint32_t subset = kfix_options_default(&c->net).subset_rows;
  c->options.subset_rows = subset;
  c->options.weight_decay = decay;
  draw_line(c, 3);
  CHECK_INT(KFIX_OK, case_create(c, method, NULL, NULL));
}

static void take_steps(ref_case *c, int count) {
  kfix_report r;
  for (int n = 0; n < count; n++) {
    CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, &r));
    CHECK(kfix_damping_in_bounds(&c->options, c->k->now.lambda, c->k->now.gamma));
  }
}

static double loss_of(ref_case *c) {
  kfix_score score = {0};
  CHECK_INT(KFIX_OK, kfix_evaluate(c->k, KFIX_ITERATE, &c->batch, &score));
  return score.loss;
}

/* A line that changes after each of these numbers of steps; the decay of weights leaves a loss of
 * about (eta theta / F)^2. */
static void follow_lines(kfix_method method, size_t rows, double decay, int steps) {
  static const double slopes[] = {-3, 3, 100, -0.01};
  ref_case c;
  begin_line(&c, method, rows, decay);
  take_steps(&c, steps);
  CHECK(c.k->now.lambda <= c.options.lambda);
  for (size_t i = 0; i < sizeof slopes / sizeof *slopes; i++) {
    draw_line(&c, slopes[i]);
    const double before = loss_of(&c);
    take_steps(&c, 100);
    CHECK(loss_of(&c) < 1e-5 * before);
    take_steps(&c, steps / 4);
  }
  case_end(&c);
}

void test_new_data_are_learned_at_any_time(void) {
  for (int m = 0; m >= 0; m = next_method(m))
    if (kfix_method_of((kfix_method)m)->direction) follow_lines((kfix_method)m, ROWS, 1e-5, 160);
  follow_lines(KFIX_METHOD_kfac, ROWS, 0, 3000);
  follow_lines(KFIX_METHOD_kfac, 3, 0, 1500);
  follow_lines(KFIX_METHOD_ekfac, 37, 1e-5, 600);
}

/* Nothing to learn at all: gradient and update are zero. */
void test_a_net_that_is_right_from_the_start(void) {
  ref_case c;
  begin_line(&c, KFIX_METHOD_kfac, ROWS, 0);
  const kfix_real zero[2] = {0, 0};
  for (size_t i = 0; i < ROWS; i++) c.y[i] = 0;
  CHECK_INT(KFIX_OK, kfix_set_weights(c.k, 1, zero));
  take_steps(&c, 200);
  CHECK(loss_of(&c) == 0);
  draw_line(&c, 3);
  const double before = loss_of(&c);
  take_steps(&c, 100);
  CHECK(loss_of(&c) < before / 100);
  case_end(&c);
}

static int write_image(void *context, const void *bytes, size_t count) {
  unsigned char **at = context;
  memcpy(*at, bytes, count);
  *at += count;
  return 0;
}

static int read_image(void *context, void *bytes, size_t count) {
  const unsigned char **at = context;
  memcpy(bytes, *at, count);
  *at += count;
  return 0;
}

/* An image of a run whose lambda and gamma had run away goes on with the first ones. */
static void load_runaway(double lambda, double gamma, int mended) {
  ref_case c;
  begin_line(&c, KFIX_METHOD_kfac, ROWS, 1e-5);
  take_steps(&c, 50);
  c.k->now.lambda = lambda;
  c.k->now.gamma = gamma;
  unsigned char *image = malloc(kfix_image_bytes(c.k)), *out = image;
  const unsigned char *in = image;
  CHECK_INT(KFIX_OK, kfix_save(c.k, write_image, &out));
  CHECK_INT(KFIX_OK, kfix_load(c.k, read_image, &in));
  CHECK(c.k->now.lambda == (mended ? kfix_first_lambda(&c.options) : lambda));
  CHECK(c.k->now.gamma == (mended ? kfix_first_gamma(&c.options) : gamma));
  draw_line(&c, -3);
  const double before = loss_of(&c);
  take_steps(&c, 200);
  CHECK(loss_of(&c) < before / 100);
  free(image);
  case_end(&c);
}

void test_an_image_with_a_lambda_that_ran_away(void) {
  load_runaway(2.4e39, 1, 1);
  load_runaway(1, 1e7, 1);
  load_runaway(NAN, 1, 1);
  load_runaway(INFINITY, INFINITY, 1);
  load_runaway(0.5, 0.7, 0);
  load_runaway(9e7, 9e3, 0);
  load_runaway(1e5, 1, 0);
}

void test_bounds_that_contradict_are_refused(void) {
  ref_case c;
  kfix_option_id bad;
  begin_line(&c, KFIX_METHOD_kfac, 4, 0);
  c.options.lambda = 2e8;
  CHECK_INT(KFIX_OPTION, kfix_options_check(&c.options, &bad));
  CHECK_INT(KFIX_OPTION_lambda, bad);
  c.options.driver = KFIX_FIXED;
  CHECK_INT(KFIX_OK, kfix_options_check(&c.options, &bad));
  c.options.driver = KFIX_ADAPTIVE;
  c.options.lambda_ceiling = 2e8;
  CHECK_INT(KFIX_OK, kfix_options_check(&c.options, &bad));
  c.options.lambda_floor = 3e8;
  CHECK_INT(KFIX_OPTION, kfix_options_check(&c.options, &bad));
  CHECK_INT(KFIX_OPTION_lambda_floor, bad);
  case_end(&c);
}

/* S1 and S2: a fraction of the batch, but 128 rows at least, or all there are. */
void test_subsets_have_a_least_number_of_rows(void) {
  static const size_t rows[][3] = {{1, 1, 1},       {32, 32, 32},    {128, 128, 128},
                                   {129, 128, 128}, {600, 128, 150}, {1100, 138, 275}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    ref_case c;
    begin_line(&c, KFIX_METHOD_kfac, rows[i][0], 0);
    take_steps(&c, 1);
    CHECK_INT(rows[i][1], kfix_last_report(c.k)->stats_rows);
    CHECK_INT(rows[i][2], kfix_last_report(c.k)->fisher_rows);
    case_end(&c);
  }
}

typedef struct counted {
  kfix_table table;
  size_t rows;
} counted;

static int count_rows(void *source, size_t first, size_t rows, kfix_real *x, size_t ldx,
                      kfix_real *y, size_t ldy) {
  counted *c = source;
  c->rows += rows;
  return kfix_fetch_table(&c->table, first, rows, x, ldx, y, ldy);
}

/* A net of two hidden layers on rows of a teacher's, with hardly any damping and an S2 that sees a few
 * of them. Returns how many retries there were. */
static uint32_t follow_teacher(kfix_method method, uint64_t seed) {
  ref_case c;
  kfix_report r;
  uint32_t retries = 0;
  case_begin(&c, KFIX_MSE, 3, (const uint32_t[]){5, 8, 8, 2}, KFIX_RELU, KFIX_LINEAR, 60, 3);
  c.options.subset_rows = 12;
  c.options.seed = seed;
  c.options.lambda = 0.1;
  c.options.hf_iterations = 10;
  for (size_t i = 0; i < 60 * 2; i++) c.y[i] *= 3;
  CHECK_INT(KFIX_OK, case_create(&c, method, NULL, NULL));
  counted source = {c.table, 0};
  const kfix_batch batch = {60, count_rows, &source, NULL};
  double before = loss_of(&c);
  for (int step = 0; step < 150; step++) {
    source.rows = 0;
    CHECK_INT(KFIX_OK, kfix_step(c.k, &batch, &r));
    /* The gradient, S2 anew where it is not at hand, and one look for each attempt. */
    CHECK(source.rows <= 60 * (3 + (size_t)r.retries));
    const double after = loss_of(&c);
    CHECK(after <= 1.5 * before);
    before = after;
    retries += r.retries;
  }
  case_end(&c);
  return retries;
}

void test_no_step_blows_up_and_retries_are_cheap(void) {
  uint32_t retries = 0;
  for (int m = 0; m >= 0; m = next_method(m))
    for (uint64_t seed = 1; kfix_method_of((kfix_method)m)->direction && seed <= 2; seed++)
      retries += follow_teacher((kfix_method)m, seed);
  CHECK(retries > 20);
}

/* Z = 1/2 z^T F_R z, mean over the rows, by the reference. */
static double size_of_outputs(const ref_case *c, const double *theta) {
  const size_t out = ref_outputs(&c->ref);
  double sum = 0, f[REF_UNITS * REF_UNITS];
  for (size_t r = 0; r < c->rows; r++) {
    ref_pass pass;
    ref_forward(&c->ref, theta, c->xd + r * c->ref.width[0], &pass);
    ref_output_fisher(&c->ref, pass.p, f);
    for (size_t i = 0; i < out; i++) sum += pass.z[i] * ref_dot(f + i * out, pass.z, out) / 2;
  }
  return sum / (double)c->rows;
}

/* What the library makes of the objective lies within the resolution of what doubles make of it, and
 * not orders of magnitude within it; where the targets are the outputs themselves, too. */
static void compare_objectives(kfix_loss loss, size_t rows, int fitted) {
  ref_case c;
  double theta[200];
  case_begin(&c, loss, 2, (const uint32_t[]){7, 9, 5}, KFIX_TANH, KFIX_LINEAR, rows, 3);
  c.options.weight_decay = 0;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
  CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
  for (size_t r = 0; fitted && r < rows; r++) {
    ref_pass pass;
    ref_forward(&c.ref, theta, c.xd + r * 7, &pass);
    for (size_t i = 0; i < 5; i++) c.yd[r * 5 + i] = c.y[r * 5 + i] = (kfix_real)pass.z[i];
  }
  const double expected = ref_objective(&c.ref, theta, c.xd, c.yd, rows, 0);
  const double noise = kfix_resolution(expected, 2 * size_of_outputs(&c, theta), rows);
  const double off = fabs(loss_of(&c) - expected);
  CHECK(off < noise);
  CHECK(noise < 2e4 * KFIX_REAL_EPS * (fitted ? KFIX_REAL_EPS : expected));
  case_end(&c);
}

void test_rounding_of_the_objective_is_within_its_resolution(void) {
  static const size_t rows[] = {1, 2, 60, 613};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    for (int loss = 0; loss < KFIX_LOSS_COUNT; loss++)
      compare_objectives((kfix_loss)loss, rows[i], 0);
    compare_objectives(KFIX_MSE, rows[i], 1);
  }
}

/* u^T F u = 1, u^T u = 4, g^T u = -2: the most that can be had along u is 2. */
void test_a_lambda_that_holds_the_promise_down(void) {
  kfix_model m = {.fuu = 1, .uu = 4, .gu = -2, .resolution = 0.1};
  CHECK(kfix_model_held_down(&m, 1, 0));
  CHECK(!kfix_model_held_down(&m, 0.7, 0));  /* F is a third of M */
  CHECK(!kfix_model_held_down(&m, 1, 0.25)); /* and so is eta with it */
  m.resolution = 1.1;
  CHECK(!kfix_model_held_down(&m, 1, 0)); /* rounding hides half of what can be had */
}
