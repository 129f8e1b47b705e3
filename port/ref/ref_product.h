/* SPDX-License-Identifier: Apache-2.0
 * The products of the reference port; contracts in kernels.h. */
#ifndef KFIX_PORT_REF_PRODUCT_H
#define KFIX_PORT_REF_PRODUCT_H

#include "port/port.h"

kfix_kernel_gemm kfix_ref_gemm;
kfix_kernel_syrk kfix_ref_syrk;

#endif
