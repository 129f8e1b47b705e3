/* SPDX-License-Identifier: Apache-2.0
 * Updates of one network, for one batch, with many gammas.
 *
 * The network is what the adaptive driver has reached. Its state goes on in trainers of the fixed
 * driver with learning rate 0, one for each gamma: they take the batch into the statistics, make the
 * inverse and show the direction. What to do with the direction is decided here. */
#include "rescaling.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/progress_line.h"
#include "exact_model.h"
#include "figure_trainer.h"
#include "files/atomic_file.h"

/* A vector of parameters, and its tangent. */
typedef struct course {
  double *v, *dz;
} course;

typedef struct study {
  const figures_settings *settings;
  figure_trainer trainer;
  exact_model model;
  uint32_t *order, *other_order;
  dataset_rows rows, other_rows;
  size_t count, other_count;
  kfix_real *room; /* for the widest layer, or the batch's inputs */
  double *gradient;
  course direction, previous;
  double damping;                    /* lambda + eta of the network's next step */
  double objective, other_objective; /* before */
  double uu, uv, vv, gu, gv;         /* the model along direction u and previous update v */
  FILE *out;
} study;

typedef struct update {
  const char *name;
  double alpha, mu;
} update;

static kfix_batch batch_of(study *s) {
  return (kfix_batch){s->count, dataset_fetch_rows, &s->rows, NULL};
}

static kfix_batch other_batch_of(study *s) {
  return (kfix_batch){s->other_count, dataset_fetch_rows, &s->other_rows, NULL};
}

static double dot(size_t n, const double *x, const double *y) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

static int open_study(study *s, tool_error *err) {
  if (figure_trainer_open(&s->trainer, KFIX_METHOD_kfac_tridiag, s->settings, err) != 0) return -1;
  const kfix_net *net = s->trainer.net;
  const size_t most = (size_t)s->settings->batch;
  s->order = malloc(2 * most * sizeof *s->order);
  if (s->order == NULL) return tool_fail(err, "no memory for a batch");
  s->other_order = s->order + most;
  size_t widest = most * net->inputs;
  for (uint32_t b = 0; b < net->block_count; b++) {
    const size_t count = (size_t)net->nodes[b].units * net->nodes[b].cols;
    if (count > widest) widest = count;
  }
  s->room = malloc(widest * sizeof *s->room);
  return s->room != NULL ? 0 : tool_fail(err, "no memory for a layer");
}

static void close_study(study *s) {
  figure_trainer_close(&s->trainer);
  exact_model_close(&s->model);
  free(s->order);
  free(s->room);
  free(s->gradient);
  free(s->direction.v);
  free(s->direction.dz);
  free(s->previous.v);
  free(s->previous.dz);
}

/* After the training: what the next two batches are, and room for them. */
static int open_model(study *s, tool_error *err) {
  s->count = figure_trainer_batch(&s->trainer, s->order, &s->rows);
  s->other_count = figure_trainer_batch(&s->trainer, s->other_order, &s->other_rows);
  if (exact_model_open(&s->model, s->trainer.net, s->count, err) != 0) return -1;
  const size_t n = s->model.parameters, outputs = s->count * s->model.outputs;
  s->gradient = calloc(n, sizeof *s->gradient);
  s->direction = (course){calloc(n, sizeof(double)), calloc(outputs, sizeof(double))};
  s->previous = (course){calloc(n, sizeof(double)), calloc(outputs, sizeof(double))};
  if (s->gradient && s->direction.v && s->direction.dz && s->previous.v && s->previous.dz) return 0;
  return tool_fail(err, "no memory for vectors of %zu parameters", n);
}

/* A vector of the trainer by its name. */
static int take(study *s, kfix *k, const char *name, double *vector, tool_error *err) {
  for (uint32_t layer = 1; layer <= s->trainer.net->block_count; layer++) {
    const size_t count = s->model.first[layer] - s->model.first[layer - 1];
    size_t rows, cols;
    const kfix_status status = kfix_view(k, name, layer, s->room, count, &rows, &cols);
    if (figure_trainer_check(status, name, err) != 0) return -1;
    exact_model_put(&s->model, layer, s->room, vector);
  }
  return 0;
}

static void take_direction(void *context, uint32_t layer, size_t row, const kfix_real *delta,
                           size_t cols) {
  study *s = context;
  const size_t out = s->trainer.net->nodes[layer - 1].units;
  double *to = s->direction.v + s->model.first[layer - 1] + row;
  for (size_t j = 0; j < cols; j++) to[j * out] = (double)delta[j];
}

static void watch(study *s, kfix *k) {
  const kfix_observer observer = {.direction = take_direction, .context = s};
  kfix_observe(k, &observer);
}

/* The model along the direction and the previous update [KFAC 7]. */
static int measure(study *s, tool_error *err) {
  const exact_model *m = &s->model;
  const size_t n = m->parameters;
  const double *u = s->direction.v, *v = s->previous.v;
  if (exact_model_tangent(m, u, s->direction.dz, err) != 0) return -1;
  s->uu = exact_model_form(m, s->direction.dz, s->direction.dz) + s->damping * dot(n, u, u);
  s->uv = exact_model_form(m, s->direction.dz, s->previous.dz) + s->damping * dot(n, u, v);
  s->vv = exact_model_form(m, s->previous.dz, s->previous.dz) + s->damping * dot(n, v, v);
  s->gu = dot(n, s->gradient, u);
  s->gv = dot(n, s->gradient, v);
  return 0;
}

static update raw(void) {
  return (update){"raw", 1, 0};
}

static update rescaled(const study *s) {
  return (update){"rescaled-no-momentum", -s->gu / s->uu, 0};
}

static update with_momentum(const study *s) {
  const double det = s->uu * s->vv - s->uv * s->uv;
  return (update){"rescaled", -(s->vv * s->gu - s->uv * s->gv) / det,
                  -(s->uu * s->gv - s->uv * s->gu) / det};
}

/* M(0) - M(update). */
static double promise(const study *s, update d) {
  return -(d.alpha * s->gu + d.mu * s->gv) -
         (d.alpha * d.alpha * s->uu + 2 * d.alpha * d.mu * s->uv + d.mu * d.mu * s->vv) / 2;
}

/* The trainer's weights become theta + update; then the objective on both batches. */
static int try_update(study *s, kfix *k, double gamma, update d, tool_error *err) {
  const exact_model *m = &s->model;
  const kfix_batch batch = batch_of(s), other = other_batch_of(s);
  kfix_score score, other_score;
  double *moved = malloc(m->parameters * sizeof *moved);
  if (moved == NULL) return tool_fail(err, "no memory for weights");
  for (size_t i = 0; i < m->parameters; i++)
    moved[i] = m->weights[i] + d.alpha * s->direction.v[i] + d.mu * s->previous.v[i];
  int result = 0;
  for (uint32_t layer = 1; layer <= s->trainer.net->block_count && result == 0; layer++) {
    exact_model_get(m, layer, moved, s->room);
    result = figure_trainer_check(kfix_set_weights(k, layer, s->room), "weights", err);
  }
  free(moved);
  if (result != 0) return -1;
  if (figure_trainer_check(kfix_evaluate(k, KFIX_ITERATE, &batch, &score), d.name, err) != 0 ||
      figure_trainer_check(kfix_evaluate(k, KFIX_ITERATE, &other, &other_score), d.name, err) != 0)
    return -1;
  (void)fprintf(s->out, "%s,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g\n", d.name, gamma, d.alpha, d.mu,
                promise(s, d), s->objective - score.objective,
                s->other_objective - other_score.objective);
  return 0;
}

/* The network after the training: its weights, the update before, the objective. */
static int take_network(study *s, kfix *k, tool_error *err) {
  const kfix_batch batch = batch_of(s), other = other_batch_of(s);
  kfix_score score;
  if (take(s, k, "W_after", s->model.weights, err) != 0 ||
      take(s, k, "update", s->previous.v, err) != 0 ||
      figure_trainer_check(kfix_evaluate(k, KFIX_ITERATE, &batch, &score), "objective", err) != 0)
    return -1;
  s->objective = score.objective;
  if (figure_trainer_check(kfix_evaluate(k, KFIX_ITERATE, &other, &score), "objective", err) != 0)
    return -1;
  s->other_objective = score.objective;
  (void)dataset_fetch_rows(&s->rows, 0, s->count, s->room, s->trainer.net->inputs, NULL, 0);
  exact_model_forward(&s->model, s->room);
  return exact_model_tangent(&s->model, s->previous.v, s->previous.dz, err);
}

/* The adaptive driver's own next step, with F on all rows of the batch: `driver` has its numbers,
 * `driver-again` those computed here for the same direction. */
static int take_driver_step(study *s, tool_error *err) {
  kfix_options options = figure_trainer_options(&s->trainer, s->settings->seed);
  const kfix_batch batch = batch_of(s);
  kfix_report r;
  kfix *k;
  options.driver = KFIX_ADAPTIVE;
  options.fisher_fraction = 1;
  if (figure_trainer_create(&s->trainer, &options, &k, err) != 0) return -1;
  watch(s, k);
  if (figure_trainer_check(kfix_step(k, &batch, &r), "the driver's step", err) != 0 ||
      take(s, k, "grad", s->gradient, err) != 0)
    return -1;
  s->damping = r.lambda + r.eta;
  if (measure(s, err) != 0) return -1;
  const update own = {"driver", r.alpha, r.mu};
  update again = with_momentum(s);
  again.name = "driver-again";
  (void)printf("after %llu steps: objective %.4f, lambda %.4g, gamma %.4g\n",
               (unsigned long long)s->settings->steps, s->objective, r.lambda, r.gamma);
  return try_update(s, k, r.gamma, own, err) != 0 ? -1 : try_update(s, k, r.gamma, again, err);
}

/* The direction for this gamma. A state that is taken over brings its own gamma along, until the
 * schedule refreshes: so one step on a row only ends that, and the next makes statistics and inverse. */
static int take_direction_for(study *s, double gamma, kfix **k, tool_error *err) {
  const uint32_t steps = (uint32_t)s->settings->steps;
  kfix_options options = figure_trainer_options(&s->trainer, s->settings->seed);
  kfix_batch one = batch_of(s);
  const kfix_batch batch = one;
  options.driver = KFIX_FIXED;
  options.learning_rate = 0;
  options.momentum = 0;
  options.damping = fmax(gamma * gamma - options.weight_decay, 0);
  options.stats_every = steps + 1;
  options.inverse_every = steps + 2;
  one.rows = 1;
  if (figure_trainer_create(&s->trainer, &options, k, err) != 0) return -1;
  kfix_report report;
  if (figure_trainer_check(kfix_step(*k, &one, &report), "a step on a row", err) != 0) return -1;
  watch(s, *k);
  if (figure_trainer_check(kfix_step(*k, &batch, &report), "a direction", err) != 0) return -1;
  kfix_observe(*k, NULL);
  if (fabs(report.gamma - gamma) > 1e-6 * gamma || !report.stats_refreshed)
    return tool_fail(err, "gamma is %g, not %g", report.gamma, gamma);
  return 0;
}

static int try_gamma(study *s, uint64_t i, tool_error *err) {
  const figures_settings *o = s->settings;
  const double part = o->gammas > 1 ? (double)i / (double)(o->gammas - 1) : 0;
  const double gamma = o->gamma_from * pow(o->gamma_to / o->gamma_from, part);
  kfix *k;
  progress_line_show("gamma %.3g", gamma);
  if (take_direction_for(s, gamma, &k, err) != 0 || measure(s, err) != 0) return -1;
  if (try_update(s, k, gamma, with_momentum(s), err) != 0) return -1;
  if (try_update(s, k, gamma, rescaled(s), err) != 0) return -1;
  return try_update(s, k, gamma, raw(), err);
}

static int measure_all(study *s, tool_error *err) {
  kfix_options options;
  kfix *k;
  if (open_study(s, err) != 0) return -1;
  options = figure_trainer_options(&s->trainer, s->settings->seed);
  options.driver = KFIX_ADAPTIVE;
  if (figure_trainer_create(&s->trainer, &options, &k, err) != 0 ||
      figure_trainer_train(&s->trainer, k, s->settings->steps, err) != 0 ||
      figure_trainer_keep(&s->trainer, k, err) != 0 || open_model(s, err) != 0 ||
      take_network(s, k, err) != 0 || take_driver_step(s, err) != 0)
    return -1;
  for (uint64_t i = 0; i < s->settings->gammas; i++)
    if (try_gamma(s, i, err) != 0) return -1;
  return 0;
}

int rescaling_measure(const figures_settings *settings, tool_error *err) {
  static study s;
  char path[ATOMIC_PATH_BYTES];
  atomic_file file;
  (void)snprintf(path, sizeof path, "%s/kfac_figure7.csv", settings->out);
  if (atomic_open(&file, path, err) != 0) return -1;
  s = (study){.settings = settings, .out = file.stream};
  (void)fprintf(file.stream, "update,gamma,alpha,mu,promise,improvement,elsewhere\n");
  const int result = measure_all(&s, err);
  close_study(&s);
  if (result == 0) return atomic_commit(&file, err);
  atomic_abandon(&file);
  return -1;
}
