/* SPDX-License-Identifier: Apache-2.0
 * kfix-predict: predictions of the network of a config, and how good they are. See its --help. */
#include <stdlib.h>

#include "files/same_file.h"
#include "files/standard_output.h"
#include "predict_output.h"

typedef struct predict_run {
  predict_options options;
  predict_model model;
  dataset data;
  size_t first, rows;
  kfix_real *p, *z, *y;
} predict_run;

static const dataset_target targets[] = {[KFIX_TARGET_INPUT] = DATASET_INPUT,
                                         [KFIX_TARGET_VALUES] = DATASET_VALUES,
                                         [KFIX_TARGET_CLASS] = DATASET_CLASS};
static const dataset_range ranges[] = {
    [KFIX_MSE] = DATASET_ANY, [KFIX_BERNOULLI] = DATASET_UNIT, [KFIX_CATEGORICAL] = DATASET_SHARES};

/* Parts that the data do not bring along are those of the run only where it had no others. */
static int check_part(const predict_run *run, tool_error *err) {
  const char *validation = run->model.facts.validation;
  if (run->options.part == PREDICT_ALL || validation == NULL || run->data.split != DATASET_FIFTH)
    return 0;
  return tool_fail(err,
                   "--part: it knows of every fifth row, but the weights were trained with "
                   "--validation %.200s: give a file of the rows that are meant as --data",
                   validation);
}

static int open_data(predict_run *run, tool_error *err) {
  const predict_options *o = &run->options;
  const kfix_net *net = run->model.net;
  const dataset_request request = {.source = o->data,
                                   .inputs = net->inputs,
                                   .outputs = kfix_net_outputs(net),
                                   .target = targets[net->target],
                                   .range = ranges[net->loss],
                                   .image = net->image,
                                   .as = &run->model.facts,
                                   .without_targets = !o->evaluate};
  if (dataset_open(&run->data, &request, err) != 0 || check_part(run, err) != 0) return -1;
  if (o->part == PREDICT_ALL) dataset_take_all(&run->data);
  run->first = o->part == PREDICT_VALIDATION ? run->data.train_rows : 0;
  run->rows = o->part == PREDICT_VALIDATION ? run->data.valid_rows : run->data.train_rows;
  if (run->rows > 0) return 0;
  return tool_fail(err, "%s: has no rows in that part: take another --part", o->data);
}

static int reserve(predict_run *run, tool_error *err) {
  const size_t reals = run->rows * kfix_net_outputs(run->model.net);
  run->p = malloc(reals * sizeof *run->p);
  if (run->options.evaluate) {
    run->z = malloc(reals * sizeof *run->z);
    run->y = malloc(reals * sizeof *run->y);
  }
  if (run->p != NULL && (!run->options.evaluate || (run->z != NULL && run->y != NULL))) return 0;
  return tool_fail(err, "no memory for %zu predictions", reals);
}

/* The targets, beside the inputs of a row. */
static int fetch_targets(predict_run *run, tool_error *err) {
  const size_t in = run->data.inputs, out = kfix_net_outputs(run->model.net);
  kfix_real *x = malloc(in * sizeof *x);
  if (x == NULL) return tool_fail(err, "no memory for a row of the data");
  for (size_t r = 0; r < run->rows; r++)
    dataset_fetch(&run->data, NULL, run->first + r, 1, x, in, run->y + r * out, out);
  free(x);
  return 0;
}

static int evaluate(predict_run *run, tool_error *err) {
  predict_metrics metrics;
  if (fetch_targets(run, err) != 0) return -1;
  const int answer = metrics_measure(&metrics, &run->model, run->rows, run->p, run->z, run->y, err);
  if (answer == 0) output_metrics(&run->options, &run->model, &run->data, &metrics);
  metrics_free(&metrics);
  return answer;
}

static int run_all(predict_run *run, tool_error *err) {
  const predict_options *o = &run->options;
  if (o->output != NULL && same_file(o->output, o->weights))
    return tool_fail(err, "--output and --weights name the same file: name two");
  if (model_open(&run->model, predict_net(), o->port, o->weights, err) != 0 ||
      open_data(run, err) != 0 || reserve(run, err) != 0 ||
      model_predict(&run->model, &run->data, run->first, run->rows, run->p, run->z, err) != 0)
    return -1;
  if ((o->output != NULL || !o->evaluate) &&
      output_write(o, &run->model, run->rows, run->p, err) != 0)
    return -1;
  return o->evaluate ? evaluate(run, err) : 0;
}

static void release(predict_run *run) {
  model_close(&run->model);
  dataset_free(&run->data);
  free(run->p);
  free(run->z);
  free(run->y);
}

static int run_program(int argc, char **argv) {
  static predict_run run;
  tool_error err;
  const option_outcome outcome = predict_options_parse(&run.options, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome == OPTIONS_HELP ? 0 : 2;
  const int answer = run_all(&run, &err);
  release(&run);
  return answer == 0 ? 0 : tool_report("kfix-predict", &err);
}

int main(int argc, char **argv) {
  standard_output_begin();
  return standard_output_end("kfix-predict", run_program(argc, argv));
}
