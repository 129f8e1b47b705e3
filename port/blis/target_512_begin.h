/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Between this and target_512_end.h functions are compiled for AVX-512, whatever the compiler's options. No
 * guard: it opens a part of a file. */
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f")
#endif
