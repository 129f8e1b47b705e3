/* SPDX-License-Identifier: Apache-2.0
 * One step of a walk. */
#include "core/arena.h"

#include "core/arithmetic.h"

void kfix_walk_owner(kfix_walk *walk, kfix_owner owner, uint32_t index, uint32_t layer) {
  walk->owner = owner;
  walk->index = index;
  walk->layer = layer;
  walk->next = 0;
}

void kfix_walk_region(kfix_walk *walk, const char *name, kfix_group group, size_t count) {
  const kfix_region region = {name,
                              group,
                              walk->owner,
                              walk->index,
                              walk->next,
                              walk->layer,
                              (uint32_t)KFIX_COPIES(group),
                              count,
                              walk->offset,
                              KFIX_COPY_BYTES(count)};
  walk->next++;
  walk->offset += KFIX_REGION_BYTES(group, count);
  if (walk->visit) walk->visit(walk->context, &region);
}
