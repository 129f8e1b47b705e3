/* SPDX-License-Identifier: Apache-2.0 */
/* Template: The kernels of images that a prediction needs. Where code bytes are dear and no kind of node of the
 * build calls them (lib/net/kinds.h), -DKFIX_WITHOUT_IMAGES leaves them out, and those of images_back.h;
 * -DKFIX_WITHOUT_MOMENTS those of channels by themselves alone: normalisations, depthwise. */
#ifndef KFIX_CPU_IMAGES_H
#define KFIX_CPU_IMAGES_H

#ifdef KFIX_WITHOUT_IMAGES
#define kfix_cpu_convolve  NULL
#define kfix_cpu_max_pool  NULL
#define kfix_cpu_mean_pool NULL
#else
#include "port/bodies/convolution.h"
#include "port/bodies/pools.h"
#endif
#if KFIX_HAS_MOMENTS
#include "port/bodies/depthwise.h"
#include "port/bodies/normalisation.h"
#else
#define kfix_cpu_depthwise NULL
#define kfix_cpu_norm      NULL
#endif

#endif
