/* SPDX-License-Identifier: Apache-2.0
 * What a trainer of the exact natural gradient can say beside a direction. */
#ifndef KFIX_DIRECTION_EXACT_H
#define KFIX_DIRECTION_EXACT_H

#include "direction/direction.h"

/* Declared here, too, for a list of methods may lack it. */
extern const kfix_direction kfix_direction_exact;

/* *form = v^T (F + damping I) v over the examples of the phase, for a parameter vector v; after
 * kfix_gradient. */
kfix_status kfix_exact_form(kfix *k, const kfix_batch *batch, const kfix_phase *phase,
                            const kfix_real *v, double *form);

#endif
