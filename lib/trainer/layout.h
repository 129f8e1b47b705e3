/* SPDX-License-Identifier: Apache-2.0
 * A trainer's memory: where everything lies, and what is there at first. */
#ifndef KFIX_TRAINER_LAYOUT_H
#define KFIX_TRAINER_LAYOUT_H

#include "core/context.h"

/* Describes nodes and blocks, and points all that keeps a region at its place: the host's, and the
 * control block's own lists, behind k; the rest from `device` on. net and method are set, the rest of *k
 * is zero. */
void kfix_lay_out(kfix *k, const kfix_port *port, kfix_crew *crew, void *handles,
                  unsigned char *device, size_t host_bytes);

/* Zeroes everywhere, and ones where others read a homogeneous coordinate. */
kfix_status kfix_clear(kfix *k, unsigned char *device, size_t host_bytes);

#endif
