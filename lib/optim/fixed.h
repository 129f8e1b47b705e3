/* SPDX-License-Identifier: Apache-2.0
 * The fixed driver. */
#ifndef KFIX_OPTIM_FIXED_H
#define KFIX_OPTIM_FIXED_H

#include "core/batch.h"
#include "core/context.h"

/* The update of this step, lr nu Delta + momentum delta_0, nu from KL clipping [KPSVD App. E], moved
 * along by kfix_move, with the report's numbers about it. */
kfix_status kfix_drive_fixed(kfix *k, const kfix_batch *batch);

#endif
