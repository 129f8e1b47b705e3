/* SPDX-License-Identifier: Apache-2.0
 * The methods of a library that trains by K-FAC and nothing else (KFIX_METHODS of lib/methods.h), block by
 * block. */
#define KFIX_METHOD_LIST(M) M(kfac, "kfac", natural, block, kfac)
#define KFIX_DIRECTION_LIST(D)
