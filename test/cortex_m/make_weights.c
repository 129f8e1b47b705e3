/* SPDX-License-Identifier: Apache-2.0
 * Writes digits_weights.h: what forty steps of K-FAC make of the rows of digits_train.h. Run on the
 * host: make cortex-m-weights. */
#include <inttypes.h>

#include "board_rows.h"
#include "kfix.h"
#include "port/ref/ref.h"
#include TRAIN_ROWS

enum { TRAIN = sizeof digits_train / sizeof digits_train[0], A_LINE = 6 };

KFIX_DEFINE_NET(net);
static _Alignas(KFIX_ALIGN) unsigned char arena[KFIX_BYTES(kfac, ref)];

static kfix_status write_layer(kfix *k, uint32_t layer) {
  static kfix_real w[KFIX_PARAMETERS];
  const kfix_node_spec *n = kfix_net_block(&net, layer - 1);
  const size_t count = (size_t)n->units * n->cols;
  KFIX_TRY(kfix_get_weights(k, KFIX_ITERATE, layer, w));
  printf("static const kfix_real digits_w%" PRIu32 "[] = {\n", layer);
  for (size_t i = 0; i < count; i++)
    printf("%s%a,%s", i % A_LINE ? " " : "    ", (double)w[i],
           i % A_LINE + 1 == A_LINE || i + 1 == count ? "\n" : "");
  puts("};");
  return KFIX_OK;
}

static kfix_status run(void) {
  board_rows rows = {digits_train};
  const kfix_batch batch = {TRAIN, board_fetch, &rows, NULL};
  kfix *k;
  const kfix_setup setup = {.net = &net,
                            .method = KFIX_METHOD_kfac,
                            .port = &kfix_port_ref,
                            .arena = arena,
                            .bytes = sizeof arena};
  KFIX_TRY(kfix_create(&k, &setup, NULL));
  for (int step = 0; step < STEPS; step++) KFIX_TRY(kfix_step(k, &batch, NULL));
  puts(
      "/* SPDX-License-Identifier: Apache-2.0\n"
      " * Layers of config/digits_tiny.h, out x (in + 1): written by make_weights.c. */\n"
      "/* clang-format off */");
  for (uint32_t layer = 1; layer <= net.block_count; layer++) KFIX_TRY(write_layer(k, layer));
  puts("static const kfix_real *const digits_weights[] = {digits_w1, digits_w2};");
  return KFIX_OK;
}

int main(void) {
  const kfix_status status = run();
  if (status != KFIX_OK) fprintf(stderr, "%s\n", kfix_status_name(status));
  return status != KFIX_OK;
}
