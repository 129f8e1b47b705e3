/* SPDX-License-Identifier: Apache-2.0
 * A K-FAC trainer for a machine without an operating system: a static arena, data in flash, no
 * heap. The same source runs on the host and must print the same lines. Needs puts alone. */
#include <stdio.h>

#include "kfix.h"
#include "port/ref/ref.h"
#include TRAIN_ROWS
#include HELD_ROWS

enum { STEPS = 40, TRAIN = sizeof digits_train / 66, HELD = sizeof digits_held / 66 };

KFIX_DEFINE_NET(net);
static unsigned char arena[KFIX_BYTES(kfac, ref)] __attribute__((aligned(KFIX_ALIGN)));

typedef struct rows {
  const char (*row)[66];
} rows;

static int fetch(void *source, size_t first, size_t count, kfix_real *x, size_t ldx, kfix_real *y,
                 size_t ldy) {
  const rows *data = source;
  for (size_t i = 0; i < count; i++) {
    const char *row = data->row[first + i];
    for (size_t j = 0; j < KFIX_INPUT; j++) x[i * ldx + j] = (kfix_real)(row[j] - 'A') / 16;
    if (y)
      for (size_t j = 0; j < KFIX_OUTPUTS; j++) y[i * ldy + j] = j == (size_t)(row[64] - '0');
  }
  return 0;
}

/* name, a space, the number in this base, at least `digits` of them. */
static void print_number(const char *name, uint64_t number, unsigned base, unsigned digits) {
  char line[64];
  size_t begin = sizeof line - 1, length = 0;
  line[begin] = 0;
  for (unsigned n = 0; number > 0 || n < digits; n++, number /= base)
    line[--begin] = "0123456789abcdef"[number % base];
  while (name[length]) length++;
  line[--begin] = ' ';
  while (length > 0) line[--begin] = name[--length];
  puts(line + begin);
}

/* Wrong rows are a whole number, so it prints alike everywhere. */
static kfix_status score(kfix *k, const char *name, const rows *data, size_t count) {
  kfix_score result;
  const kfix_batch batch = {count, fetch, (void *)(uintptr_t)data};
  KFIX_TRY(kfix_evaluate(k, KFIX_ITERATE, &batch, &result));
  print_number(name, (uint64_t)(result.error * (double)count + 0.5), 10, 1);
  return KFIX_OK;
}

static kfix_status train(void) {
  const rows train_rows = {digits_train}, held_rows = {digits_held};
  const kfix_batch batch = {TRAIN, fetch, (void *)(uintptr_t)&train_rows};
  kfix *k = NULL;
  KFIX_TRY(kfix_create(&k, &net, KFIX_METHOD_kfac, NULL, &kfix_port_ref, NULL, NULL, arena,
                       sizeof arena, NULL));
  KFIX_TRY(score(k, "wrong before, of 128 held out", &held_rows, HELD));
  for (int step = 0; step < STEPS; step++) KFIX_TRY(kfix_step(k, &batch, NULL));
  KFIX_TRY(score(k, "wrong after, of 256 trained on", &train_rows, TRAIN));
  KFIX_TRY(score(k, "wrong after, of 128 held out", &held_rows, HELD));
  print_number("digest", kfix_digest(k), 16, 16);
  return KFIX_OK;
}

int main(void) {
  const kfix_status status = train();
  puts(kfix_status_name(status));
  return status != KFIX_OK;
}
