/* SPDX-License-Identifier: Apache-2.0
 * A program that only predicts, for a machine without an operating system: weights and data in flash,
 * a static arena, no heap. The same source runs on the host and must print the same lines. Needs puts
 * alone. */
#include "board_rows.h"
#include "kfix.h"
#include "port/ref/ref.h"
#include HELD_ROWS
#include WEIGHTS

enum { HELD = sizeof digits_held / sizeof digits_held[0] };

KFIX_DEFINE_NET(net);
static unsigned char arena[KFIX_BYTES(predict, ref)] __attribute__((aligned(KFIX_ALIGN)));

/* FNV-1a over the bits of the predictions. */
static uint32_t hash(uint32_t sum, const kfix_real *p, size_t count) {
  const unsigned char *byte = (const unsigned char *)p;
  for (size_t i = 0; i < count * sizeof *p; i++) sum = (sum ^ byte[i]) * 16777619u;
  return sum;
}

static int is_wrong(const kfix_real *p, const char *row) {
  int best = 0;
  for (int j = 1; j < KFIX_OUTPUTS; j++) best = p[j] > p[best] ? j : best;
  return best != row[64] - '0';
}

/* Row after row: predictions of more rows would need memory. */
static kfix_status predict_all(uint32_t *wrong, uint32_t *bits) {
  kfix_predictor *predictor;
  KFIX_TRY(kfix_predictor_create(&predictor, &net, KFIX_PREDICT_ROWS, digits_weights,
                                 &kfix_port_ref_forward, arena, sizeof arena, NULL));
  for (int i = 0; i < HELD; i++) {
    kfix_real p[KFIX_OUTPUTS];
    board_rows row = {digits_held + i};
    const kfix_batch batch = {1, board_fetch, &row, NULL};
    KFIX_TRY(kfix_predictor_run(predictor, &batch, p, KFIX_OUTPUTS));
    *wrong += (uint32_t)is_wrong(p, digits_held[i]);
    *bits = hash(*bits, p, KFIX_OUTPUTS);
  }
  return KFIX_OK;
}

int main(void) {
  uint32_t wrong = 0, bits = 2166136261u;
  const kfix_status status = predict_all(&wrong, &bits);
  board_print_count("wrong, of 128 held out", wrong);
  board_print_bits("bits of the predictions", bits, 8);
  board_print_count("status", (uint32_t)status);
  return status != KFIX_OK;
}
