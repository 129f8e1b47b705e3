/* SPDX-License-Identifier: Apache-2.0
 * From a file of weights to predictions. */
#include "predict_model.h"

#include <stdlib.h>
#include <string.h>

#include "weights/weights_facts.h"
#include "weights/weights_file.h"

/* Rows in flight: the weights are read once for so many. */
#define AT_ONCE 64

int model_open(predict_model *model, const kfix_net *net, const kfix_port *port, const char *path,
               tool_error *err) {
  weights_file file;
  memset(model, 0, sizeof *model);
  model->net = net;
  model->port = port;
  int answer = weights_open(&file, path, net, err);
  for (uint32_t i = 0; i < net->block_count && answer == 0; i++) {
    model->weights[i] = malloc(weights_reals(net, i) * sizeof *model->weights[i]);
    answer = model->weights[i] == NULL ? tool_fail(err, "no memory for the weights")
                                       : weights_read(&file, net, i, model->weights[i], err);
  }
  if (answer == 0 && file.text != NULL) {
    model->has_facts = 1;
    answer = weights_facts_read(path, file.text, net, &model->facts, err);
  }
  weights_close(&file);
  return answer;
}

void model_close(predict_model *model) {
  for (uint32_t i = 0; i < KFIX_BLOCKS_MAX; i++) free(model->weights[i]);
  facts_free(&model->facts);
}

static int run(const predict_model *model, const kfix_net *net, const dataset *data, size_t first,
               size_t rows, kfix_real *out, tool_error *err) {
  const size_t bytes = kfix_predictor_bytes(net, AT_ONCE, model->port);
  void *arena = aligned_alloc(KFIX_ALIGN, bytes);
  if (arena == NULL) return tool_fail(err, "no memory for %zu bytes of activations", bytes);
  dataset_rows from = {data, NULL, first};
  const kfix_batch batch = {rows, dataset_fetch_rows, &from, NULL};
  kfix_predictor *predictor = NULL;
  kfix_status status =
      kfix_predictor_create(&predictor, net, AT_ONCE, (const kfix_real *const *)model->weights,
                            model->port, arena, bytes, NULL);
  if (status == KFIX_OK) status = kfix_predictor_run(predictor, &batch, out, kfix_net_outputs(net));
  free(arena);
  return status == KFIX_OK ? 0 : tool_fail(err, "prediction: %s", kfix_status_text(status));
}

/* The same layers without their link: of the squared error z is what is predicted. */
static int run_without_link(const predict_model *model, const dataset *data, size_t first,
                            size_t rows, kfix_real *z, tool_error *err) {
  kfix_node_spec nodes[KFIX_NODES_MAX];
  kfix_net net = *model->net;
  memcpy(nodes, net.nodes, net.node_count * sizeof *nodes);
  if (net.loss != KFIX_MSE) nodes[net.node_count - 1].activation = KFIX_LINEAR;
  net.nodes = nodes;
  net.loss = KFIX_MSE;
  return run(model, &net, data, first, rows, z, err);
}

int model_predict(const predict_model *model, const dataset *data, size_t first, size_t rows,
                  kfix_real *p, kfix_real *z, tool_error *err) {
  if (run(model, model->net, data, first, rows, p, err) != 0) return -1;
  return z == NULL ? 0 : run_without_link(model, data, first, rows, z, err);
}
