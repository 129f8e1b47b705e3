/* SPDX-License-Identifier: Apache-2.0
 * The methods there are. A new one is a line here, a header with its part of the memory plan, and a
 * descriptor of its curvature.
 *
 * Where code bytes are dear, the library and all that includes it may be built with fewer:
 * -DKFIX_METHODS='"header.h"' names a header that defines KFIX_METHOD_LIST. */
#ifndef KFIX_CORE_METHOD_H
#define KFIX_CORE_METHOD_H

#include "arena.h"
#include "status.h"

#ifdef KFIX_METHODS
#include KFIX_METHODS
#endif

/* M(id, name, rule, curvature): the update rule that steps, and the curvature behind it. */
#ifndef KFIX_METHOD_LIST
#define KFIX_METHOD_LIST(M)                              \
  M(sgd, "sgd", sgd, none)                               \
  M(nesterov, "nesterov", nesterov, none)                \
  M(adam, "adam", adam, none)                            \
  M(kfac, "kfac", natural, kfac)                         \
  M(ekfac, "ekfac", natural, ekfac)                      \
  M(ekfac_ra, "ekfac-ra", natural, ekfac_ra)             \
  M(kfac_tridiag, "kfac-tridiag", natural, kfac_tridiag) \
  M(kpsvd, "kpsvd", natural, kpsvd)                      \
  M(deflation, "deflation", natural, deflation)          \
  M(lanczos, "lanczos", natural, lanczos)                \
  M(kfac_corrected, "kfac-corrected", natural, kfac_corrected)
#endif

typedef enum kfix_method {
#define KFIX_METHOD_ENUM(id, name, rule, curvature) KFIX_METHOD_##id,
  KFIX_METHOD_LIST(KFIX_METHOD_ENUM)
#undef KFIX_METHOD_ENUM
      KFIX_METHOD_COUNT
} kfix_method;

struct kfix;
struct kfix_batch;
struct kfix_curvature;

/* How a method moves: called with the state to read and the spare copies to write. It commits
 * nothing. */
typedef kfix_status kfix_rule(struct kfix *k, const struct kfix_batch *batch);

typedef struct kfix_method_info {
  const char *name;
  kfix_rule *rule;
  const struct kfix_curvature *curvature; /* NULL: none */
  double learning_rate;                   /* what options.learning_rate KFIX_AUTO stands for */
  /* The method's part of the memory plan (core/plan.h). */
  void (*net_regions)(kfix_walk *walk, size_t parameters, size_t chunk, size_t out, size_t widest);
  void (*layer_regions)(kfix_walk *walk, size_t held, size_t in, size_t out);
  size_t (*scratch)(const kfix_walk *walk, size_t in, size_t out, size_t block, size_t stats_rows);
} kfix_method_info;

extern const kfix_method_info kfix_methods[KFIX_METHOD_COUNT];

#endif
