/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Ends what target_begin.h began. */
#if defined(__x86_64__) && defined(__clang__)
#pragma clang attribute pop
#elif defined(__x86_64__)
#pragma GCC pop_options
#endif
