/* SPDX-License-Identifier: Apache-2.0
 * The kinds of nodes there are. A new one is a line here, its code at the end of those, a header with its part
 * of the memory plan (KIND_plan.h), named below, and its descriptors (kind.h).
 *
 * Where code bytes are dear, the library and all that includes it may be built with fewer:
 * -DKFIX_KINDS='"header.h"' names a header that defines KFIX_KIND_LIST. */
#ifndef KFIX_NET_KINDS_H
#define KFIX_NET_KINDS_H

#include "../core/net_spec.h"

#ifdef KFIX_KINDS
#include KFIX_KINDS
#endif

/* K(kind): the word in a config.
 *   dense  s = W abar: all inputs, all outputs, a bias; geometry: the units
 *   add    s = x + y, a residual sum; geometry: where y comes from
 *   conv   s = W (patch, 1) of each window over an image; geometry: channels, kernel, stride, pad
 *   max_pool, mean_pool  the largest of each window, or the mean; geometry: kernel, stride, pad
 *   depthwise  s = w (pixels, 1) of each window and channel by itself; geometry: kernel, stride, pad
 *   norm   each channel less its mean, over its deviation, scaled and shifted (net/norm.h); geometry: () */
#ifndef KFIX_KIND_LIST
#define KFIX_KIND_LIST(K) \
  K(dense)                \
  K(add)                  \
  K(conv)                 \
  K(max_pool)             \
  K(mean_pool)            \
  K(norm)                 \
  K(depthwise)
#endif

typedef enum kfix_kind {
#define KFIX_KIND_ENUM(kind) KFIX_KIND_##kind,
  KFIX_KIND_LIST(KFIX_KIND_ENUM)
#undef KFIX_KIND_ENUM
      KFIX_KIND_COUNT
} kfix_kind;

/* What a digest calls a kind, and so a checkpoint: the same in a build with fewer kinds. */
enum {
  KFIX_KIND_CODE_dense,
  KFIX_KIND_CODE_add,
  KFIX_KIND_CODE_conv,
  KFIX_KIND_CODE_max_pool,
  KFIX_KIND_CODE_mean_pool,
  KFIX_KIND_CODE_norm,
  KFIX_KIND_CODE_depthwise
};

/* A dense node that reads place `source`: for nets that are described at run time. */
#define KFIX_DENSE_NODE(title, source, inputs, outputs, function)                   \
  {                                                                                 \
    .name = (title), .kind = KFIX_KIND_dense, .activation = (function), .reads = 1, \
    .from = (uint16_t)(source), .units = (outputs), .cols = (inputs) + 1            \
  }

#endif

/* For KFIX_BYTES alone (config.h). */
#if defined KFIX_WITH_PLANS && !defined KFIX_NET_KINDS_PLANS
#define KFIX_NET_KINDS_PLANS
#include "add_plan.h"
#include "conv_plan.h"
#include "dense_plan.h"
#include "depthwise_plan.h"
#include "norm_plan.h"
#include "pool_plan.h"
#endif
