/* SPDX-License-Identifier: Apache-2.0
 * The memory plan: every region of the arena, written down once.
 *
 * Each list below is expanded twice: with constants, by KFIX_BYTES (lib/config.h), into an integer
 * constant expression; with variables, by kfix_plan_walk (core/plan_walk.c), when the arena is carved.
 * So the size that a program reserves and the bytes that a run uses are one text.
 *
 * The control block and the regions of group HOST come first: where the port computes on a device,
 * they are all that the host's arena holds, and the rest lies in the device's.
 *
 * R(id, group, count, words): `count` kfix_reals, and what they are (kfix-size). Regions of a state group exist twice: the step in
 * progress writes the spare copy, and committing the step makes it the current one (see
 * optim/step.h). */
#ifndef KFIX_CORE_PLAN_H
#define KFIX_CORE_PLAN_H

#include "real.h"

typedef enum kfix_group {
  KFIX_GROUP_PARAMETERS, /* change at every step */
  KFIX_GROUP_STATISTICS, /* change when a batch is absorbed */
  KFIX_GROUP_INVERSE,    /* change when the curvature is refreshed */
  KFIX_GROUP_SCALINGS,   /* change with either: statistics in the basis that a refresh makes */
  KFIX_GROUP_MOMENTS,    /* change with each gradient: running moments of normalisations */
  KFIX_GROUP_STATES,     /* the groups above are state: kept twice, digested, checkpointed */
  KFIX_GROUP_STEP = KFIX_GROUP_STATES, /* live for a step */
  KFIX_GROUP_SCRATCH,                  /* live for a call */
  KFIX_GROUP_HOST,                     /* read and written by the host, on every port */
  KFIX_GROUP_COUNT
} kfix_group;

/* Reals of one block's W, units x cols, within a parameter vector; the padding that aligns the next
 * block is zero and stays zero. */
#define KFIX_W_COUNT(cols, units) KFIX_LD((size_t)(units) * (size_t)(cols))

/* Scalars that kernels write and the host reads back. */
#define KFIX_SLOTS(blocks)      (16 + 2 * (size_t)(blocks))
#define KFIX_SLOT_REALS(blocks) (KFIX_SLOTS(blocks) * sizeof(double) / KFIX_REAL_BYTES)

/* Of the host: `row` = the longest row of weights or outputs; `stage` = reals of a chunk of data on
 * its way to a device, `port` = those that a device's port works in; 0 where the port computes in
 * host memory. */
#define KFIX_REGIONS_HOST(R, row, stage, port)                                         \
  R(ROW, HOST, KFIX_LD(row), "one row of initial weights")                             \
  R(STAGE, HOST, (stage), "a chunk of data on its way to a device (none on the host)") \
  R(PORT_HOST, HOST, (port), "where a device's port works on the host (none on the host)")
#define KFIX_STAGE_REALS(device, chunk, in, out, given) \
  ((size_t)(device) * (chunk) * (KFIX_LD((in) + 1) + (given)*KFIX_LD(out)))

/* Of the whole net: P reals of parameters, chunk rows, `out` outputs, `given` = 1 if targets are
 * not the inputs themselves. */
#define KFIX_REGIONS_NET(R, P, chunk, out, given, blocks)                                         \
  R(THETA, PARAMETERS, (P), "parameters W of all layers")                                         \
  R(AVERAGE, PARAMETERS, (P), "averaged iterate")                                                 \
  R(GRADIENT, STEP, (P), "gradient of the batch")                                                 \
  R(MEAN, STEP, (chunk)*KFIX_LD(out), "predictions, or targets drawn from them, chunk x outputs") \
  R(TARGET, STEP, (given) * (chunk)*KFIX_LD(out),                                                 \
    "training targets, chunk x outputs (none for an auto-encoder)")                               \
  R(SLOTS, SCRATCH, KFIX_SLOT_REALS(blocks), "scalars that kernels leave for the host")

/* At the end: the largest of what the curvature needs for one block; packing space and partial sums of
 * the port. */
#define KFIX_REGIONS_SCRATCH(R, scratch, port)                                         \
  R(SCRATCH, SCRATCH, (scratch), "the largest of the curvature's needs for one layer") \
  R(PORT, SCRATCH, (port), "packing and partial sums of the port")

/* Of blocks that look through windows (net/slices.c): `slice` patches at a time, and behind them, for each
 * example of a row block (`block`), what its patches come to. patch: the most columns of such a block, and 1;
 * out: its most rows. Nothing where there is none. */
#define KFIX_REGIONS_SLICE(R, patch, out, slice, block)                               \
  R(SLICE_ABAR, SCRATCH, ((size_t)(slice) + (block)) * KFIX_LD(patch),                \
    "patches of a slice, each with a one behind it; and their means over an example") \
  R(SLICE_G, SCRATCH, ((size_t)(slice) + (block)) * KFIX_LD(out),                     \
    "g of a slice; and its sums over an example")                                     \
  R(SLICE_ROOTS, SCRATCH, (size_t)((out) > 0) * (slice), "roots of the weights of its rows")

/* Of the net's input, and of one node: what it puts out for the chunk, with a column of ones behind it
 * unless it is the last node, whose out_cols are its units; and g = dL/ds. groups: of rows in a chunk; moments: 2 for
 * each channel of a normalisation, else 0. */
#define KFIX_REGIONS_INPUT(R, chunk, inputs)  \
  R(OUT, STEP, (chunk)*KFIX_LD((inputs) + 1), \
    "what the node puts out, and a one if others read it, chunk x (out + 1)")
#define KFIX_REGIONS_ROWS(R, chunk, out_cols, units)                          \
  R(OUT, STEP, (chunk)*KFIX_LD(out_cols),                                     \
    "what the node puts out, and a one if others read it, chunk x (out + 1)") \
  R(DELTA, STEP, (chunk)*KFIX_LD(units), "g = dL/ds of the node, chunk x out")
#define KFIX_REGIONS_MOMENTS(R, groups, moments)                                  \
  R(MOMENTS, STEP, (groups)*KFIX_LD(moments),                                     \
    "of a normalisation: mean and variance of each channel, groups x 2 channels") \
  R(RUNNING, MOMENTS, (moments), "their running averages, 2 x channels")
#if KFIX_HAS_MOMENTS
#define KFIX_REGIONS_NODE(R, chunk, out_cols, units, groups, moments) \
  KFIX_REGIONS_ROWS(R, chunk, out_cols, units)                        \
  KFIX_REGIONS_MOMENTS(R, groups, moments)
#else
#define KFIX_REGIONS_NODE(R, chunk, out_cols, units, groups, moments) \
  KFIX_REGIONS_ROWS(R, chunk, out_cols, units)
#endif

/* A method that needs its examples at once takes the first stats_rows of S1 (kfix_net_stats_rows).
 * They stand in the first chunk, or else are held aside, so many rows of abar and DELTA. */
#define KFIX_HELD(chunk, stats_rows) ((chunk) >= (stats_rows) ? (size_t)0 : (size_t)(stats_rows))

/* A method's own lists are KFIX_METHOD_NET(R, P, chunk, out, turn) and KFIX_METHOD_BLOCK(R, held, cols,
 * out, below, above), with KFIX_METHOD_SCRATCH(cols, out, row_block, stats_rows, below, above) reals of
 * scratch; below, above: 1 if a chain has a block there. Its regions are numbered as they are listed.
 * KFIX_METHOD_CHAIN is 1 where it takes only nets in which each node reads the one before it.
 *
 * Those of each family of update rules; turn: the widest node's units where tangents take turns, in a
 * chain, or 0, and a tangent stands in its node's DELTA (net/tangent.c). */
#define KFIX_NET_REGIONS_FIRST_ORDER(R, P, chunk, out, turn) \
  R(VELOCITY, PARAMETERS, (P), "momentum")

#define KFIX_NET_REGIONS_ADAM(R, P, chunk, out, turn) \
  R(MOMENT1, PARAMETERS, (P), "Adam's first moment")  \
  R(MOMENT2, PARAMETERS, (P), "Adam's second moment")

#define KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)                          \
  R(UPDATE, PARAMETERS, (P), "last update delta")                                 \
  R(TANGENT0, STEP, (chunk)*KFIX_LD(turn),                                        \
    "linearised forward pass, every other node (none where nets branch)")         \
  R(TANGENT1, STEP, (chunk)*KFIX_LD(turn), "linearised forward pass, the others") \
  R(TANGENT_U, STEP, (chunk)*KFIX_LD(out), "J Delta, chunk x outputs")            \
  R(TANGENT_V, STEP, (chunk)*KFIX_LD(out), "J delta_0, chunk x outputs")

/* Every id that the lists above use. Those of the net are one row of numbers; a method's own, of the net
 * or of a block, begin at 0. */
#define KFIX_NET_ENUM(id, group, count, words)  KFIX_NET_##id,
#define KFIX_OWN_ENUM(id, group, count, words)  KFIX_OWN_##id,
#define KFIX_NODE_ENUM(id, group, count, words) KFIX_NODE_##id,
typedef enum kfix_net_region {
  KFIX_REGIONS_HOST(KFIX_NET_ENUM, 0, 0, 0) KFIX_REGIONS_NET(KFIX_NET_ENUM, 0, 0, 0, 0, 0)
      KFIX_REGIONS_SCRATCH(KFIX_NET_ENUM, 0, 0) KFIX_REGIONS_SLICE(KFIX_NET_ENUM, 0, 0, 0, 0)
          KFIX_NET_REGION_COUNT
} kfix_net_region;
enum { KFIX_NET_REGIONS_FIRST_ORDER(KFIX_OWN_ENUM, 0, 0, 0, 0) };
enum { KFIX_NET_REGIONS_ADAM(KFIX_OWN_ENUM, 0, 0, 0, 0) };
enum { KFIX_NET_REGIONS_NATURAL(KFIX_OWN_ENUM, 0, 0, 0, 0) };
enum {
  KFIX_REGIONS_ROWS(KFIX_NODE_ENUM, 0, 0, 0) KFIX_REGIONS_MOMENTS(KFIX_NODE_ENUM, 0, 0)
      KFIX_NODE_REGION_COUNT
};

/* A method's regions in a list, counted: 0 KFIX_kfac_BLOCK(KFIX_COUNT_REGION, ...). */
#define KFIX_COUNT_REGION(id, group, count, words) +1

/* The spare copy of a state is idle until the step moves on; what lies there meanwhile:
 * L(name, region, what). kfix-size shows them. */
#define KFIX_LOAN_LIST(L)                                                        \
  L(FULL_FACTOR, AVERAGE, "a factor in full storage while it is inverted")       \
  L(WEIGHED_ROWS, AVERAGE, "rows of statistics times what their examples weigh") \
  L(EXAMPLE_GRADIENT, AVERAGE, "the gradient of one example, window by window")  \
  L(CANDIDATE, THETA, "the direction of another gamma, on trial")                \
  L(AHEAD, THETA, "theta + mu v, where Nesterov's method takes its gradient")

/* The larger of two counts, in what a method or a direction needs: with variables a call; config.h has a constant in
 * its place, in which neither count is written twice, for they nest. */
#define KFIX_LARGER(a, b) kfix_larger((a), (b))

/* kfix_reals that hold so many bytes, whole lines of them. */
#define KFIX_REALS_OF(bytes) (KFIX_ROUND_UP((bytes), (size_t)KFIX_ALIGN) / KFIX_REAL_BYTES)

/* Of a list whose first word may be a macro `~, other`: other, or else the second. */
#define KFIX_SECOND_(a, b, ...) b
#define KFIX_SECOND(...)        KFIX_SECOND_(__VA_ARGS__)

/* Bytes of one region: its copies, each aligned and, in a debug build, followed by guard words. */
#ifdef KFIX_DEBUG
#define KFIX_GUARD_BYTES ((size_t)KFIX_ALIGN)
#else
#define KFIX_GUARD_BYTES ((size_t)0)
#endif
#define KFIX_COPIES(group) ((group) < KFIX_GROUP_STATES ? (size_t)2 : (size_t)1)
#define KFIX_COPY_BYTES(count) \
  (KFIX_ROUND_UP((size_t)(count)*KFIX_REAL_BYTES, (size_t)KFIX_ALIGN) + KFIX_GUARD_BYTES)
#define KFIX_REGION_BYTES(group, count) (KFIX_COPIES(group) * KFIX_COPY_BYTES(count))

/* More bytes than the plan of one node and its block can take, by any method: what is checked against
 * SIZE_MAX before sizes are computed in size_t. T: a type in which nothing overflows. */
#define KFIX_NODE_BOUND(T, chunk, stats_rows, cols, out, units, seen)                      \
  ((T)KFIX_REAL_BYTES *                                                                    \
   ((T)25 * (T)(out) * (T)(cols) + (T)12 * ((T)(cols) * (T)(cols) + (T)(out) * (T)(out)) + \
    (T)16 * (T)(chunk) * ((T)(cols) + (T)(units) + 64) +                                   \
    (T)4 * (T)(stats_rows) *                                                               \
        ((T)(stats_rows) + (T)3 * (T)(cols) + (T)(out) + (T)(units) + (T)(seen) + 128) +   \
    (T)131072))
/* The same of the space that a port plans for `threads` threads, 1 .. KFIX_THREADS_MAX. */
#define KFIX_THREADS_MAX               65536
#define KFIX_THREADS_BOUND(T, threads) ((T)(threads)*2097152)

#endif
