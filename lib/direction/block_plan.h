/* SPDX-License-Identifier: Apache-2.0
 * A direction's part of the memory plan, and that of `block`, which needs nothing.
 *
 * A direction D has the lists KFIX_D_ALONG_NET(R, P, rows, blocks, coarse), _HOST of the same
 * parameters without P and _BLOCK(R, aside, seen, units, cols, out), numbered as they are listed, those of
 * the net behind those of the host; KFIX_D_ALONG_SCRATCH(cols, out, units, row_block, images) reals; and
 * KFIX_D_ALONG_ORDER(rows, blocks, coarse), that of its largest packed matrix. rows: examples that stand
 * together (kfix_net_stats_rows), coarse: columns of a coarse space for each block (kfix_net_coarse), aside:
 * rows that do not stand in the chunk. Of the block's node, seen: what it reads, and a one; units: what it puts
 * out, which is `out` unless it looks through windows; images: `rows` if it does, else 0. */
#ifndef KFIX_DIRECTION_BLOCK_PLAN_H
#define KFIX_DIRECTION_BLOCK_PLAN_H

#include "../core/plan.h"

#define KFIX_block_ALONG_NET(R, P, rows, blocks, coarse)
#define KFIX_block_ALONG_HOST(R, blocks, coarse)
#define KFIX_block_ALONG_ORDER(rows, blocks, coarse) ((size_t)0)
#define KFIX_block_ALONG_BLOCK(R, aside, seen, units, cols, out)
#define KFIX_block_ALONG_SCRATCH(cols, out, units, row_block, images) ((size_t)0)

/* The regions of a direction, numbered. */
#define KFIX_ALONG_ENUM(id, group, count, words) KFIX_##id,

/* Examples that do not stand in one chunk: the first regions of a block, where a direction has them. */
#define KFIX_REGIONS_EXAMPLES(R, aside, seen, units)               \
  R(EXAMPLE_ABAR, STEP, (size_t)(aside)*KFIX_LD(seen),             \
    "what the node read of the examples behind F, beyond a chunk") \
  R(EXAMPLE_DELTA, STEP, (size_t)(aside)*KFIX_LD(units), "g of those examples")
enum { KFIX_REGIONS_EXAMPLES(KFIX_ALONG_ENUM, 0, 0, 0) KFIX_EXAMPLE_COUNT };

/* V abar for the rows of a row block, or g of those rows times numbers (direction/fisher_examples.h). */
#define KFIX_JACOBIAN_REALS(units, row_block) ((size_t)(row_block)*KFIX_LD(units))

#endif
