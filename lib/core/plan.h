/* SPDX-License-Identifier: Apache-2.0
 * The memory plan: every region of the arena, written down once.
 *
 * Each list below is expanded twice: with constants, by KFIX_BYTES (core/config.h), into an integer
 * constant expression; with variables, by kfix_plan_walk (core/arena.c), when the arena is carved.
 * So the size that a program reserves and the bytes that a run uses are one text.
 *
 * The control block and the regions of group HOST come first: where the port computes on a device,
 * they are all that the host's arena holds, and the rest lies in the device's.
 *
 * R(id, group, count): `count` kfix_reals. Regions of a state group exist twice: the step in
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
  KFIX_GROUP_STATES,     /* the groups above are state: kept twice, digested, checkpointed */
  KFIX_GROUP_STEP = KFIX_GROUP_STATES, /* live for a step */
  KFIX_GROUP_SCRATCH,                  /* live for a call */
  KFIX_GROUP_HOST,                     /* read and written by the host, on every port */
  KFIX_GROUP_COUNT
} kfix_group;

/* Reals of one layer's W (out x (in + 1), the bias is the last column) within a parameter vector;
 * the padding that aligns the next layer is zero and stays zero. */
#define KFIX_W_COUNT(in, out) KFIX_LD((size_t)(out) * ((size_t)(in) + 1))

/* Scalars that kernels write and the host reads back. */
#define KFIX_SLOTS(depth)      (16 + 2 * (size_t)(depth))
#define KFIX_SLOT_REALS(depth) (KFIX_SLOTS(depth) * sizeof(double) / KFIX_REAL_BYTES)

/* Of the host: `row` = the longest row of weights or outputs; `stage` = reals of a chunk of data on
 * its way to a device, `port` = those that a device's port works in; 0 where the port computes in
 * host memory. */
#define KFIX_REGIONS_HOST(R, row, stage, port) \
  R(ROW, HOST, KFIX_LD(row))                   \
  R(STAGE, HOST, (stage))                      \
  R(PORT_HOST, HOST, (port))
#define KFIX_STAGE_REALS(device, chunk, in, out, given) \
  ((size_t)(device) * (chunk) * (KFIX_LD((in) + 1) + (given)*KFIX_LD(out)))

/* Of the whole net: P reals of parameters, chunk rows, `out` outputs, `given` = 1 if targets are
 * not the inputs themselves. */
#define KFIX_REGIONS_NET(R, P, chunk, out, given, depth) \
  R(THETA, PARAMETERS, (P))                              \
  R(AVERAGE, PARAMETERS, (P))                            \
  R(GRADIENT, STEP, (P))                                 \
  R(OUTPUT, STEP, (chunk)*KFIX_LD(out))                  \
  R(MEAN, STEP, (chunk)*KFIX_LD(out))                    \
  R(TARGET, STEP, (given) * (chunk)*KFIX_LD(out))        \
  R(SLOTS, SCRATCH, KFIX_SLOT_REALS(depth))

/* Of one layer: abar of its input and g = dL/ds. */
#define KFIX_REGIONS_LAYER(R, chunk, in, out) \
  R(ABAR, STEP, (chunk)*KFIX_LD((in) + 1))    \
  R(DELTA, STEP, (chunk)*KFIX_LD(out))

/* A method that needs its examples at once takes the first stats_rows of S1 (kfix_net_stats_rows).
 * They stand in the first chunk, or else are held aside, so many rows of ABAR and DELTA. */
#define KFIX_HELD(chunk, stats_rows) ((chunk) >= (stats_rows) ? (size_t)0 : (size_t)(stats_rows))

/* Of each family of update rules. `widest`: the widest layer's units. */
#define KFIX_REGIONS_FIRST_ORDER(R, P, chunk, out, widest) R(VELOCITY, PARAMETERS, (P))

#define KFIX_REGIONS_ADAM(R, P, chunk, out, widest) \
  R(MOMENT1, PARAMETERS, (P))                       \
  R(MOMENT2, PARAMETERS, (P))

#define KFIX_REGIONS_NATURAL(R, P, chunk, out, widest) \
  R(UPDATE, PARAMETERS, (P))                           \
  R(TANGENT0, STEP, (chunk)*KFIX_LD(widest))           \
  R(TANGENT1, STEP, (chunk)*KFIX_LD(widest))           \
  R(TANGENT_U, STEP, (chunk)*KFIX_LD(out))             \
  R(TANGENT_V, STEP, (chunk)*KFIX_LD(out))

/* Every id that the lists above use: KFIX_NET_ and KFIX_LAYER_ before the list's name. */
typedef enum kfix_net_region {
  KFIX_NET_THETA,
  KFIX_NET_AVERAGE,
  KFIX_NET_GRADIENT,
  KFIX_NET_OUTPUT,
  KFIX_NET_MEAN,
  KFIX_NET_TARGET,
  KFIX_NET_ROW,
  KFIX_NET_STAGE,
  KFIX_NET_PORT_HOST,
  KFIX_NET_SLOTS,
  KFIX_NET_VELOCITY,
  KFIX_NET_MOMENT1,
  KFIX_NET_MOMENT2,
  KFIX_NET_UPDATE,
  KFIX_NET_TANGENT0,
  KFIX_NET_TANGENT1,
  KFIX_NET_TANGENT_U,
  KFIX_NET_TANGENT_V,
  KFIX_NET_SCRATCH, /* the largest of what the curvature needs for one layer */
  KFIX_NET_PORT,    /* packing space and partial sums of the port */
  KFIX_NET_REGION_COUNT
} kfix_net_region;

typedef enum kfix_layer_region {
  KFIX_LAYER_ABAR,
  KFIX_LAYER_DELTA,
  KFIX_LAYER_CURVATURE, /* the curvature's own regions follow, numbered by its list */
  KFIX_LAYER_REGION_COUNT = KFIX_LAYER_CURVATURE + 12
} kfix_layer_region;

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

/* More bytes than the plan of one layer can take, by any method: what is checked against SIZE_MAX
 * before sizes are computed in size_t. T: a type in which nothing overflows. */
#define KFIX_LAYER_BOUND(T, chunk, stats_rows, in, out)             \
  ((T)KFIX_REAL_BYTES *                                             \
   ((T)25 * (T)(out) * ((T)(in) + 1) +                              \
    (T)12 * (((T)(in) + 1) * ((T)(in) + 1) + (T)(out) * (T)(out)) + \
    (T)16 * (T)(chunk) * ((T)(in) + (T)(out) + 64) +                \
    (T)4 * (T)(stats_rows) * ((T)(stats_rows) + (T)(in) + (T)(out) + 128) + (T)65536))
/* The same of the space that a port plans for `threads` threads, 1 .. KFIX_THREADS_MAX. */
#define KFIX_THREADS_MAX               65536
#define KFIX_THREADS_BOUND(T, threads) ((T)(threads)*2097152)

#endif
