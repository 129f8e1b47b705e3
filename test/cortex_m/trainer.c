/* SPDX-License-Identifier: Apache-2.0
 * A K-FAC trainer for a machine without an operating system: a static arena, data in flash, no
 * heap. The same source runs on the host and must print the same lines. Needs puts alone. */
#include "board_rows.h"
#include "kfix.h"
#include "port/ref/ref.h"
#include TRAIN_ROWS
#include HELD_ROWS

enum { TRAIN = sizeof digits_train / 66, HELD = sizeof digits_held / 66 };

KFIX_DEFINE_NET(net);
static unsigned char arena[KFIX_BYTES(kfac, ref)] __attribute__((aligned(KFIX_ALIGN)));

/* Wrong rows are a whole number, so it prints alike everywhere. */
static kfix_status score(kfix *k, const char *name, const board_rows *data, size_t count) {
  kfix_score result;
  const kfix_batch batch = {count, board_fetch, (void *)(uintptr_t)data, NULL};
  KFIX_TRY(kfix_evaluate(k, KFIX_ITERATE, &batch, &result));
  board_print_count(name, (uint32_t)(result.error * (double)count + 0.5));
  return KFIX_OK;
}

static kfix_status train(void) {
  const board_rows train_rows = {digits_train}, held_rows = {digits_held};
  const kfix_batch batch = {TRAIN, board_fetch, (void *)(uintptr_t)&train_rows, NULL};
  kfix *k = NULL;
  const kfix_setup setup = {.net = &net,
                            .method = KFIX_METHOD_kfac,
                            .port = &kfix_port_ref,
                            .arena = arena,
                            .bytes = sizeof arena};
  KFIX_TRY(kfix_create(&k, &setup, NULL));
  KFIX_TRY(score(k, "wrong before, of 128 held out", &held_rows, HELD));
  for (int step = 0; step < STEPS; step++) KFIX_TRY(kfix_step(k, &batch, NULL));
  KFIX_TRY(score(k, "wrong after, of 256 trained on", &train_rows, TRAIN));
  KFIX_TRY(score(k, "wrong after, of 128 held out", &held_rows, HELD));
  board_print_bits("digest", kfix_digest(k), 16);
  return KFIX_OK;
}

int main(void) {
  const kfix_status status = train();
  puts(kfix_status_name(status));
  return status != KFIX_OK;
}
