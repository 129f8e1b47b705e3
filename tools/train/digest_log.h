/* SPDX-License-Identifier: Apache-2.0
 * --digest-log: one line per step and part of the state, so that the first difference of two runs
 * can be named (tools/digest-compare). Columns: step,part,layer,digest; layer 0: of the whole
 * net. */
#ifndef KFIX_TOOLS_DIGEST_LOG_H
#define KFIX_TOOLS_DIGEST_LOG_H

#include "lib/kfix.h"
#include "step_table.h"

#define DIGEST_LOG_HEADER "step,part,layer,digest"

/* The first row of a new log, whose table has begun. device: what the bits may depend on beside the
 * program, "" (no row) for a port of the host; logs of two devices so differ in that row. */
int digest_log_device(step_table *t, const char *device, tool_error *err);

/* The state after `step`. depth: layers of the net; 0: a method without curvature. */
int digest_log_write(step_table *t, const kfix *k, uint64_t step, uint32_t depth, tool_error *err);

#endif
