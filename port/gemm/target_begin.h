/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Functions from here to target_end.h are compiled for the instructions that the port
 * asks for at run time, whatever the compiler's own options. Include other headers before this one.
 */
#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#elif defined(__x86_64__)
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
