/* SPDX-License-Identifier: Apache-2.0
 * Weights for a network, and the matrices of kfix-fisher. */
#include <math.h>

#include "fuzz_target.h"
#include "kfix.h"
#include "port/ref/ref.h"
#include "tools/fisher/fisher_files.h"
#include "tools/train/train_weights.h"
#include "weights/weights_facts.h"
#include "weights/weights_file.h"

enum { INPUTS = 2, HIDDEN = 2, OUTPUTS = 1, WEIGHTS_MAX = HIDDEN * (INPUTS + 1) };

static const kfix_node_spec nodes[] = {KFIX_DENSE_NODE("a", 0, INPUTS, HIDDEN, KFIX_TANH),
                                       KFIX_DENSE_NODE("b", 1, HIDDEN, OUTPUTS, KFIX_LINEAR)};
static const kfix_net net = {.name = "fuzz",
                             .nodes = nodes,
                             .node_count = 2,
                             .block_count = 2,
                             .inputs = INPUTS,
                             .loss = KFIX_MSE,
                             .target = KFIX_TARGET_VALUES,
                             .chunk = 64,
                             .row_block = 32,
                             .threads = 1};

static kfix *trainer(void) {
  static kfix *k;
  if (k != NULL) return k;
  const kfix_options options = kfix_options_default(&net);
  const size_t bytes = kfix_bytes(&net, KFIX_METHOD_sgd, &kfix_port_ref);
  void *arena = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(bytes, (size_t)KFIX_ALIGN));
  FUZZ_REQUIRE(arena != NULL);
  FUZZ_REQUIRE(kfix_create(&k,
                           &(kfix_setup){&net, KFIX_METHOD_sgd, &options, &kfix_port_ref, NULL,
                                         NULL, arena, bytes},
                           NULL) == KFIX_OK);
  return k;
}

/* What the file says about its weights, if it can be opened. */
static void read_facts(const char *path) {
  weights_file file;
  dataset_facts facts;
  tool_error err = {{0}};
  if (weights_open(&file, path, &net, &err) == 0 && file.text != NULL) {
    if (weights_facts_read(path, file.text, &net, &facts, &err) != 0)
      fuzz_require_message(&err);
    else
      for (size_t j = 0; j <= INPUTS; j++)
        FUZZ_REQUIRE(isfinite(facts.mean[j]) && isfinite(facts.scale[j]));
    facts_free(&facts);
  }
  weights_close(&file);
}

/* Input: 'z' and a .npz file, or any other character and a .safetensors file. */
void fuzz_weights(const unsigned char *data, size_t size) {
  const size_t kind = size > 0;
  const char *name = kind && data[0] == 'z' ? "weights.npz" : "weights.safetensors";
  tool_error err = {{0}};
  kfix_real w[WEIGHTS_MAX];
  kfix *k = trainer();
  const char *path = fuzz_file(name, data + kind, size - kind);
  if (weights_import(path, &net, k, &err) != 0) fuzz_require_message(&err);
  read_facts(path);
  for (uint32_t i = 0; i < net.block_count; i++) {
    FUZZ_REQUIRE(kfix_get_weights(k, KFIX_ITERATE, i + 1, w) == KFIX_OK);
    for (size_t j = 0; j < (size_t)nodes[i].units * nodes[i].cols; j++)
      FUZZ_REQUIRE(isfinite(w[j]));
  }
}

void fuzz_matrix(const unsigned char *data, size_t size) {
  fisher_matrix m;
  tool_error err = {{0}};
  if (fisher_read(&m, fuzz_file("matrix.npy", data, size), &err) == 0) {
    FUZZ_REQUIRE(m.rows > 0 && m.cols > 0);
    for (size_t i = 0; i < m.rows * m.cols; i++) FUZZ_REQUIRE(isfinite(m.data[i]));
  } else {
    fuzz_require_message(&err);
  }
  free(m.data);
}
