/* SPDX-License-Identifier: Apache-2.0
 * The arena: one walk over the memory plan sizes it, carves it, and shows it. */
#ifndef KFIX_CORE_ARENA_H
#define KFIX_CORE_ARENA_H

#include "net_spec.h"
#include "plan.h"

struct kfix_method_info;

/* One region: where it stands in the plan and how large it is. */
typedef struct kfix_region {
  const char *name;
  kfix_group group;
  uint32_t layer;    /* from 1; 0: of the whole net */
  uint32_t id;       /* kfix_net_region or, in a layer, kfix_layer_region */
  uint32_t copies;   /* 2 for state, else 1 */
  size_t count;      /* kfix_reals in each copy */
  size_t offset;     /* bytes from the start of the arena to the first copy */
  size_t copy_bytes; /* from one copy to the next: padding and guard included */
} kfix_region;

typedef void kfix_region_visit(void *context, const kfix_region *region);

/* A walk in progress. */
typedef struct kfix_walk {
  kfix_region_visit *visit;
  void *context;
  size_t offset;
  uint32_t layer, depth; /* the layer at work, from 1; 0: none */
} kfix_walk;

/* Visits one region and moves on. */
void kfix_walk_region(kfix_walk *walk, const char *name, kfix_group group, uint32_t id,
                      size_t count);

/* Visits every region of `method` on `port`, in the order of their addresses; returns the size of
 * the arena in bytes. visit NULL: counts only. */
size_t kfix_plan_walk(const kfix_net *net, const struct kfix_method_info *method,
                      const kfix_port *port, kfix_region_visit *visit, void *context);

/* Bytes of the host's part of the plan, which comes first: all that is not there lies on the device
 * where the port has one. */
size_t kfix_plan_host(const kfix_net *net, const kfix_port *port);

/* kfix_reals in a parameter vector of the net, alignment included. */
size_t kfix_net_parameters(const kfix_net *net);

/* The order of the net's largest factor: units of a layer, or its inputs and one. */
size_t kfix_net_widest(const kfix_net *net);

/* A region in memory. at[1] is NULL where there is one copy. */
typedef struct kfix_buffer {
  kfix_real *at[2];
  size_t count;
  kfix_group group;
} kfix_buffer;

/* Guard words after each copy of a region, in debug builds; elsewhere these do nothing. */
void kfix_guard_write(kfix_buffer *buffer);
int kfix_guard_intact(const kfix_buffer *buffer);

#endif
