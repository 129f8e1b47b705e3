/* SPDX-License-Identifier: Apache-2.0
 * Batches whose source is a kfix_table. */
#ifndef KFIX_NET_TABLE_ROWS_H
#define KFIX_NET_TABLE_ROWS_H

#include "core/batch.h"
#include "core/net_spec.h"

/* 0 where the batch names a table of other widths than the net's, or, with `given`, without targets:
 * its rows would be read as if they were of this net. */
int kfix_table_is_suited(const kfix_net *net, const kfix_batch *batch, int given);

#endif
