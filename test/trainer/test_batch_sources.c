/* SPDX-License-Identifier: Apache-2.0
 * Sources of rows: one that clears what is not its own, tables of another net's widths. */
#include "check.h"
#include "reference_case.h"

static void begin(ref_case *c) {
  case_begin(c, KFIX_MSE, 2, (const uint32_t[]){3, 4, 2}, KFIX_TANH, KFIX_LINEAR, 150, 3);
  CHECK_INT(KFIX_OK, case_create(c, KFIX_METHOD_kfac, NULL, NULL));
}

static int fetch_into_cleared_rows(void *context, size_t first, size_t rows, kfix_real *x,
                                   size_t ldx, kfix_real *y, size_t ldy) {
  memset(x, 0, rows * ldx * sizeof *x);
  if (y) memset(y, 0, rows * ldy * sizeof *y);
  return kfix_fetch_table(context, first, rows, x, ldx, y, ldy);
}

static uint64_t digest_with(kfix_fetch *fetch) {
  ref_case c;
  begin(&c);
  c.batch.fetch = fetch;
  for (int step = 0; step < 3; step++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  const uint64_t digest = kfix_digest(c.k);
  case_end(&c);
  return digest;
}

void test_a_source_may_clear_whole_rows(void) {
  CHECK_U64(digest_with(kfix_fetch_table), digest_with(fetch_into_cleared_rows));
}

static void refused(ref_case *c, const kfix_table *table) {
  kfix_score score;
  kfix_report report;
  const uint64_t before = kfix_digest(c->k);
  const kfix_batch batch = {c->batch.rows, kfix_fetch_table, (void *)(uintptr_t)table, NULL};
  CHECK_INT(KFIX_ARGUMENT, kfix_step(c->k, &batch, &report));
  CHECK_INT(KFIX_ARGUMENT, kfix_evaluate(c->k, KFIX_ITERATE, &batch, &score));
  CHECK_U64(before, kfix_digest(c->k));
}

void test_tables_that_do_not_suit_the_net_are_refused(void) {
  ref_case c;
  kfix_real p[150 * 2];
  begin(&c);
  const kfix_table good = *(const kfix_table *)c.batch.source;
  kfix_table table = good;
  refused(&c, NULL);
  static const size_t inputs[] = {2, 5, 500};
  for (int i = 0; i < 3; i++) {
    table.inputs = inputs[i];
    refused(&c, &table);
  }
  table = good;
  table.outputs = 1;
  refused(&c, &table);
  table = good;
  table.x = NULL;
  refused(&c, &table);
  table = good;
  table.y = NULL;
  refused(&c, &table);
  const kfix_batch batch = {c.batch.rows, kfix_fetch_table, &table, NULL};
  CHECK_INT(KFIX_OK, kfix_predict(c.k, KFIX_ITERATE, &batch, p, 2));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  case_end(&c);
}
