/* SPDX-License-Identifier: Apache-2.0
 * What weights need to know of data. */
#include "dataset_facts.h"

#include <stdlib.h>
#include <string.h>

int facts_reserve(dataset_facts *facts, size_t inputs) {
  facts->inputs = inputs;
  facts->mean = malloc((inputs + 1) * sizeof *facts->mean);
  facts->scale = malloc((inputs + 1) * sizeof *facts->scale);
  if (facts->mean == NULL || facts->scale == NULL) return -1;
  for (size_t j = 0; j <= inputs; j++) {
    facts->mean[j] = 0;
    facts->scale[j] = 1;
  }
  return 0;
}

static int is_moved(const dataset_facts *facts, size_t j) {
  return facts->mean != NULL && (facts->mean[j] != 0 || facts->scale[j] != 1);
}

int facts_move_inputs(const dataset_facts *facts) {
  int moved = 0;
  for (size_t j = 0; j < facts->inputs; j++) moved |= is_moved(facts, j);
  return moved;
}

int facts_move_target(const dataset_facts *facts) {
  return is_moved(facts, facts->inputs);
}

double facts_undo(const dataset_facts *facts, size_t column, double moved) {
  if (!is_moved(facts, column)) return moved;
  const double scale = facts->scale[column];
  return (scale == 0 ? 0 : moved / scale) + facts->mean[column];
}

void facts_free(dataset_facts *facts) {
  free(facts->mean);
  free(facts->scale);
  words_free(&facts->names);
  words_free(&facts->classes);
  free(facts->validation);
  memset(facts, 0, sizeof *facts);
}
