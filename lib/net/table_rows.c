/* SPDX-License-Identifier: Apache-2.0
 * Rows of a table in memory. */
#include "net/table_rows.h"

#include <string.h>

#include "core/arithmetic.h"

int kfix_table_is_suited(const kfix_net *net, const kfix_batch *batch, int given) {
  const kfix_table *table = batch->source;
  if (batch->fetch != kfix_fetch_table) return 1;
  return table && table->x && table->inputs == net->inputs &&
         (!given || (table->y && table->outputs == kfix_net_outputs(net)));
}

int kfix_fetch_table(void *source, size_t first, size_t rows, kfix_real *x, size_t ldx,
                     kfix_real *y, size_t ldy) {
  const kfix_table *table = source;
  for (size_t i = 0; i < rows; i++) {
    const size_t row = table->order ? table->order[first + i] : first + i;
    memcpy(x + i * ldx, table->x + row * table->inputs, table->inputs * sizeof *x);
    if (y) memcpy(y + i * ldy, table->y + row * table->outputs, table->outputs * sizeof *y);
  }
  return 0;
}
