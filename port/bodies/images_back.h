/* SPDX-License-Identifier: Apache-2.0 */
/* Template: The kernels of images that training needs besides. */
#ifndef KFIX_CPU_IMAGES_BACK_H
#define KFIX_CPU_IMAGES_BACK_H

#ifdef KFIX_WITHOUT_IMAGES
#define kfix_cpu_patches          NULL
#define kfix_cpu_convolve_back    NULL
#define kfix_cpu_convolve_weights NULL
#define kfix_cpu_max_pool_back    NULL
#define kfix_cpu_mean_pool_back   NULL
#else
#include "port/bodies/convolution_back.h"
#include "port/bodies/convolution_weights.h"
#include "port/bodies/patches.h"
#include "port/bodies/pools_back.h"
#endif
#if KFIX_HAS_MOMENTS
#include "port/bodies/depthwise_back.h"
#include "port/bodies/normalisation_back.h"
#else
#define kfix_cpu_depthwise_back NULL
#define kfix_cpu_depthwise_sums NULL
#define kfix_cpu_norm_moments   NULL
#define kfix_cpu_norm_sums      NULL
#define kfix_cpu_norm_back      NULL
#endif

#endif
