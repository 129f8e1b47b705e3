/* SPDX-License-Identifier: Apache-2.0
 * The monotonic clock. */
#ifndef KFIX_POSIX_CLOCK_H
#define KFIX_POSIX_CLOCK_H

#ifdef __cplusplus
extern "C" {
#endif

/* Seconds since an arbitrary moment; never goes back. */
double kfix_posix_seconds(void);

#ifdef __cplusplus
}
#endif

#endif
