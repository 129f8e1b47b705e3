/* SPDX-License-Identifier: Apache-2.0 */
/* Template: The end of what target_512_begin.h opens. */
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
