/* SPDX-License-Identifier: Apache-2.0
 * The methods there are. A new one is a line here, a header with its part of the memory plan, named
 * below, and a descriptor of its curvature (curvature/curvature.h).
 *
 * Where code bytes are dear, the library and all that includes it may be built with fewer:
 * -DKFIX_METHODS='"header.h"' names a header that defines KFIX_METHOD_LIST and
 * KFIX_DIRECTION_LIST. */
#ifndef KFIX_METHODS_H
#define KFIX_METHODS_H

#include "core/method.h"

#ifdef KFIX_METHODS
#include KFIX_METHODS
#endif

/* M(id, name, rule, direction, curvature): the update rule that steps, what it steps along, and the
 * curvature behind that. */
#ifndef KFIX_METHOD_LIST
#define KFIX_METHOD_LIST(M)                                           \
  M(sgd, "sgd", sgd, none, none)                                      \
  M(nesterov, "nesterov", nesterov, none, none)                       \
  M(adam, "adam", adam, none, none)                                   \
  M(kfac, "kfac", natural, block, kfac)                               \
  M(ekfac, "ekfac", natural, block, ekfac)                            \
  M(ekfac_ra, "ekfac-ra", natural, block, ekfac_ra)                   \
  M(kfac_tridiag, "kfac-tridiag", natural, block, kfac_tridiag)       \
  M(kpsvd, "kpsvd", natural, block, kpsvd)                            \
  M(deflation, "deflation", natural, block, deflation)                \
  M(lanczos, "lanczos", natural, block, lanczos)                      \
  M(kfac_corrected, "kfac-corrected", natural, block, kfac_corrected) \
  M(diagonal, "diagonal", natural, block, diagonal)                   \
  M(kfac_tikhonov, "kfac-tikhonov", natural, block, kfac_tikhonov)    \
  M(exact, "exact", natural, exact, none)                             \
  M(hf, "hf", natural, hf, none)
#endif

/* D(id, name): directions that may stand on any method with a curvature, in the place of its own: what
 * KFIX_BYTES_ALONG(two_level, kfac, port) is for, and KFIX_ALONG(two_level, kfac) at run time. */
#ifndef KFIX_DIRECTION_LIST
#define KFIX_DIRECTION_LIST(D) \
  D(two_level, "two-level")    \
  D(hf, "hf")
#endif

typedef enum kfix_method {
#define KFIX_METHOD_ENUM(id, name, rule, direction, curvature) KFIX_METHOD_##id,
  KFIX_METHOD_LIST(KFIX_METHOD_ENUM)
#undef KFIX_METHOD_ENUM
      KFIX_METHOD_COUNT
} kfix_method;

typedef enum kfix_along {
  KFIX_ALONG_OWN,
#define KFIX_ALONG_ID(id, name) KFIX_ALONG_##id,
  KFIX_DIRECTION_LIST(KFIX_ALONG_ID)
#undef KFIX_ALONG_ID
      KFIX_ALONG_COUNT
} kfix_along;

/* A method along another direction is a value of kfix_method too, behind those of the list. */
#define KFIX_METHOD_STRIDE 64
#define KFIX_METHOD_END    (KFIX_METHOD_STRIDE * KFIX_ALONG_COUNT)
#define KFIX_ALONG(direction, method) \
  ((kfix_method)(KFIX_METHOD_##method + KFIX_METHOD_STRIDE * KFIX_ALONG_##direction))

extern const kfix_method_info kfix_methods[KFIX_METHOD_COUNT];

/* What a value below KFIX_METHOD_END stands for; NULL: nothing, as there is no curvature below that direction,
 * or no method of that number. */
const kfix_method_info *kfix_method_of(kfix_method method);

#endif

/* For KFIX_BYTES (config.h), and for the walks that say the same at run time (optim/methods.c). */
#if defined KFIX_WITH_PLANS && !defined KFIX_METHODS_PLANS
#define KFIX_METHODS_PLANS
#include "curvature/diagonal_plan.h"
#include "curvature/ekfac_plan.h"
#include "curvature/kfac_plan.h"
#include "curvature/kfac_tikhonov_plan.h"
#include "curvature/kfac_tridiag_plan.h"
#include "curvature/kron_plan.h"
#include "direction/block_plan.h"
#include "direction/exact_plan.h"
#include "direction/hf_plan.h"
#include "direction/two_level_plan.h"
#include "optim/first_order_plan.h"
/* The directions that plan headers above are of. */
#define KFIX_DIRECTION_PLANS(D) D(block) D(exact) D(hf) D(two_level)
#endif
