/* SPDX-License-Identifier: Apache-2.0 */
/* Template: BENCH_KIND(name) for each kind of work that is counted. */
BENCH_KIND(spd_inverse)
BENCH_KIND(spd_whiten)
#define KFIX_KERNEL(name, ...) BENCH_KIND(name)
#include KFIX_KERNEL_LIST
#define KFIX_KERNEL(name, ...) BENCH_KIND(name)
#include KFIX_EIGEN_KERNEL_LIST
BENCH_KIND(fetch)
#undef BENCH_KIND
