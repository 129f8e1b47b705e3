/* SPDX-License-Identifier: Apache-2.0
 * Convolutions as cases: forward, backward, and the gradient of the weights as lib makes it. */
#ifndef KFIX_TOOLS_BENCH_IMAGE_H
#define KFIX_TOOLS_BENCH_IMAGE_H

#include "bench_case.h"

/* Reals of what is read, twice, and written: a holds images, b weights or gradients, c the rest. */
size_t bench_image_a(const bench_case *c);
size_t bench_image_b(const bench_case *c);
size_t bench_image_c(const bench_case *c);

kfix_status bench_image_run(const kfix_device *d, const bench_case *c, const bench_operands *o);

#endif
