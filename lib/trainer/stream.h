/* SPDX-License-Identifier: Apache-2.0
 * State as a stream of bytes: the order in which digest, checkpoint and restore see it. */
#ifndef KFIX_TRAINER_STREAM_H
#define KFIX_TRAINER_STREAM_H

#include "core/context.h"
#include "core/digest.h"

/* Called with each state region of a group (layer from 1, 0: of the whole net), in the order of the
 * plan. */
typedef kfix_status kfix_visit_state(void *context, kfix *k, const kfix_buffer *buffer);
kfix_status kfix_each_state(kfix *k, kfix_group group, kfix_visit_state *visit, void *context);

/* The same over one layer's regions (from 1), or over the net's own (0). */
kfix_status kfix_each_state_of(kfix *k, kfix_group group, uint32_t layer, kfix_visit_state *visit,
                               void *context);

/* Takes `bytes` bytes that are in host memory. */
typedef kfix_status kfix_take_bytes(void *context, const void *bytes, size_t count);
/* Hands the device's bytes over, through the stage where they are not in host memory. */
kfix_status kfix_stream_out(kfix *k, const void *device, size_t bytes, kfix_take_bytes *take,
                            void *context);

/* A 64-bit name of what a checkpoint must agree on: layers, loss, target, row block, method, real
 * type. */
uint64_t kfix_config_digest(const kfix *k);

#endif
