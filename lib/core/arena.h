/* SPDX-License-Identifier: Apache-2.0
 * Regions of an arena, and walks over them. */
#ifndef KFIX_CORE_ARENA_H
#define KFIX_CORE_ARENA_H

#include "net_spec.h"
#include "plan.h"

/* Whose a region is, and so whose numbers its id is one of. */
typedef enum kfix_owner {
  KFIX_OF_CONTROL,        /* the control block itself */
  KFIX_OF_NET,            /* id: kfix_net_region */
  KFIX_OF_METHOD,         /* the method's own, of the net: KFIX_OWN_... of its family */
  KFIX_OF_NODE,           /* KFIX_NODE_OUT, KFIX_NODE_DELTA; index: the place */
  KFIX_OF_BLOCK,          /* the method's own, of a block; index: its number, from 0 */
  KFIX_OF_DIRECTION,      /* the direction's, of the net */
  KFIX_OF_DIRECTION_BLOCK /* the direction's, of a block */
} kfix_owner;

/* One region: where it stands in the plan and how large it is. */
typedef struct kfix_region {
  const char *name;
  kfix_group group;
  kfix_owner owner;
  uint32_t index, id;
  uint32_t layer;  /* of a node with parameters and its block: the block's number, from 1; else 0 */
  uint32_t copies; /* 2 for state, else 1 */
  size_t count;    /* kfix_reals in each copy */
  size_t offset;   /* bytes from the start of the arena to the first copy */
  size_t copy_bytes; /* from one copy to the next: padding and guard included */
} kfix_region;

typedef void kfix_region_visit(void *context, const kfix_region *region);

/* A walk in progress: where it is, and whose regions come next. */
typedef struct kfix_walk {
  kfix_region_visit *visit;
  void *context;
  size_t offset;
  kfix_owner owner;
  uint32_t index, layer, next;
  uint32_t next_of_net; /* where the net's own numbers go on */
} kfix_walk;

/* The regions that follow are this owner's, numbered from 0. */
void kfix_walk_owner(kfix_walk *walk, kfix_owner owner, uint32_t index, uint32_t layer);
/* Visits one region and moves on. */
void kfix_walk_region(kfix_walk *walk, const char *name, kfix_group group, size_t count);

/* A line of a list of regions, as a walk takes it. */
#define KFIX_WALK(id, group, count, words) kfix_walk_region(walk, #id, KFIX_GROUP_##group, (count));

/* A region in memory. at[1] is NULL where there is one copy. */
typedef struct kfix_buffer {
  kfix_real *at[2];
  size_t count;
  kfix_group group;
} kfix_buffer;

/* Rows x columns with a leading dimension, in device memory. */
typedef struct kfix_rows {
  kfix_real *at;
  size_t ld;
} kfix_rows;

/* Guard words after each copy of a region, in debug builds; elsewhere there are none. */
#ifdef KFIX_DEBUG
void kfix_guard_write(kfix_buffer *buffer);
int kfix_guard_intact(const kfix_buffer *buffer);
#else
static inline void kfix_guard_write(kfix_buffer *buffer) {
  (void)buffer;
}
static inline int kfix_guard_intact(const kfix_buffer *buffer) {
  (void)buffer;
  return 1;
}
#endif

#endif
