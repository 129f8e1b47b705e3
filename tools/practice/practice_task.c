/* SPDX-License-Identifier: Apache-2.0
 * The list of problems, and how one becomes a net. */
#include "practice_task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Small tables, small pictures; one to three layers, batches of 32 to all rows, every loss and
 * activation. */
const practice_task practice_tasks[] = {
    {"iris",
     "tabular/iris.csv.gz",
     0,
     3,
     {10},
     KFIX_TANH,
     KFIX_CATEGORICAL,
     KFIX_TARGET_CLASS,
     32,
     0},
    {"wine",
     "tabular/wine.csv.gz",
     0,
     3,
     {16},
     KFIX_RELU,
     KFIX_CATEGORICAL,
     KFIX_TARGET_CLASS,
     0,
     0},
    {"breast_cancer",
     "tabular/breast_cancer.csv.gz",
     0,
     2,
     {20, 10},
     KFIX_TANH,
     KFIX_CATEGORICAL,
     KFIX_TARGET_CLASS,
     64,
     0},
    {"diabetes",
     "tabular/diabetes.csv.gz",
     0,
     1,
     {32},
     KFIX_TANH,
     KFIX_MSE,
     KFIX_TARGET_VALUES,
     0,
     0},
    {"california_housing",
     "tabular/california_housing.csv.gz",
     0,
     1,
     {32, 32},
     KFIX_RELU,
     KFIX_MSE,
     KFIX_TARGET_VALUES,
     512,
     0},
    {"digits", "digits", 0, 10, {20}, KFIX_TANH, KFIX_CATEGORICAL, KFIX_TARGET_CLASS, 128, 0},
    {"mnist16",
     "mnist",
     256,
     10,
     {40, 20},
     KFIX_TANH,
     KFIX_CATEGORICAL,
     KFIX_TARGET_CLASS,
     256,
     10000},
    {"olivetti", "faces", 625, 0, {50}, KFIX_SIGMOID, KFIX_MSE, KFIX_TARGET_INPUT, 256, 2000},
    {"lfw_subset",
     "lfw_subset/lfw_subset.npy",
     625,
     0,
     {100, 20, 100},
     KFIX_RELU,
     KFIX_BERNOULLI,
     KFIX_TARGET_INPUT,
     0,
     0},
    {"curves",
     "curves",
     784,
     0,
     {64, 16, 64},
     KFIX_RELU,
     KFIX_BERNOULLI,
     KFIX_TARGET_INPUT,
     500,
     4000},
    {"fashion16",
     "fashion-mnist",
     256,
     10,
     {64},
     KFIX_RELU,
     KFIX_CATEGORICAL,
     KFIX_TARGET_CLASS,
     128,
     10000},
    {0}};

static const kfix_activation last_of[] = {
    [KFIX_MSE] = KFIX_LINEAR, [KFIX_BERNOULLI] = KFIX_SIGMOID, [KFIX_CATEGORICAL] = KFIX_SOFTMAX};

static const dataset_target wanted_of[] = {[KFIX_TARGET_INPUT] = DATASET_INPUT,
                                           [KFIX_TARGET_VALUES] = DATASET_VALUES,
                                           [KFIX_TARGET_CLASS] = DATASET_CLASS};

static uint32_t append(practice_problem *p, uint32_t depth, uint32_t in, uint32_t out,
                       kfix_activation activation) {
  p->nodes[depth] = (kfix_node_spec)KFIX_DENSE_NODE("layer", depth, in, out, activation);
  return depth + 1;
}

static void make_net(practice_problem *p) {
  const practice_task *t = p->task;
  uint32_t depth = 0, width = (uint32_t)p->data.inputs;
  for (; depth < PRACTICE_LAYERS_MAX && t->hidden[depth] > 0; width = t->hidden[depth - 1])
    depth = append(p, depth, width, t->hidden[depth], t->inner);
  depth = append(p, depth, width, (uint32_t)p->data.outputs, last_of[t->loss]);
  p->net = (kfix_net){.name = t->name,
                      .nodes = p->nodes,
                      .node_count = depth,
                      .block_count = depth,
                      .inputs = (uint32_t)p->data.inputs,
                      .loss = t->loss,
                      .target = t->target,
                      .chunk = 512,
                      .row_block = 256,
                      .threads = 1};
}

/* A file has a point in its name. */
static const char *place_of(const char *source, char *path, size_t room) {
  const char *root = getenv("KFIX_DATA");
  (void)snprintf(path, room, "%s/%s", root ? root : "data", source);
  return strchr(source, '.') ? path : source;
}

int practice_open(practice_problem *p, const practice_task *task, tool_error *err) {
  char path[512];
  const dataset_request request = {
      .source = place_of(task->source, path, sizeof path),
      .inputs = task->inputs,
      .outputs = task->outputs,
      .target = wanted_of[task->target],
      .range = task->loss == KFIX_BERNOULLI ? DATASET_UNIT : DATASET_ANY,
      .limit = task->limit,
      .no_net = 1};
  *p = (practice_problem){.task = task};
  if (dataset_open(&p->data, &request, err) != 0) return -1;
  make_net(p);
  return 0;
}

void practice_close(practice_problem *p) {
  dataset_free(&p->data);
}
