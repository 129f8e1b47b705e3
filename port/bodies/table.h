/* SPDX-License-Identifier: Apache-2.0 */
/* Template: kfix_cpu_NAME for each NAME of port/kernels.h, but the products and the kernels of images (images.h,
 * images_back.h; fast ports have other convolutions). */
#ifndef KFIX_CPU_TABLE_H
#define KFIX_CPU_TABLE_H

#include "port/bodies/elements.h"
#include "port/bodies/forward.h"
#include "port/bodies/jacobian.h"
#include "port/bodies/layers.h"
#include "port/bodies/losses.h"
#include "port/bodies/moments.h"
#include "port/bodies/pairs.h"
#include "port/bodies/passes.h"
#include "port/bodies/predictions.h"
#include "port/bodies/symmetric.h"
#include "port/bodies/vectors.h"

/* Eigenproblems alone use these. Where code bytes are dear and no method of KFIX_METHODS
 * (lib/methods.h) has any, -DKFIX_WITHOUT_EIGEN leaves them out. */
#ifdef KFIX_WITHOUT_EIGEN
#define KFIX_CPU_EIGEN_KERNELS NULL
#else
#include "port/bodies/matvec.h"
#include "port/bodies/secular.h"
static const kfix_eigen_kernels kfix_cpu_eigen_kernels = {
#define KFIX_KERNEL(name, ...) .name = kfix_cpu_##name,
#include KFIX_EIGEN_KERNEL_LIST
};
#define KFIX_CPU_EIGEN_KERNELS &kfix_cpu_eigen_kernels
#endif

#endif
