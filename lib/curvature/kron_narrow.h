/* SPDX-License-Identifier: Apache-2.0
 * Terms of a narrow block. */
#ifndef KFIX_CURVATURE_KRON_NARROW_H
#define KFIX_CURVATURE_KRON_NARROW_H

#include "curvature/kron_batch.h"

/* The running terms after this batch, by the iteration in parameter space; for ports with host
 * memory. b->more is set.
 * scratch  KFIX_KRON_NARROW_REALS of KFIX_NET_SCRATCH
 * errors   KFIX_STATISTICS_NONFINITE */
kfix_status kfix_kron_update_narrow(const kfix_kron_batch *b);

#endif
