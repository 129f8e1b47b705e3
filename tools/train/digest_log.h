/* SPDX-License-Identifier: Apache-2.0
 * --digest-log: one line per step and part of the state, so that the first difference of two runs
 * can be named (tools/digest-compare). Columns: step,part,layer,digest; layer 0: of the whole
 * net. */
#ifndef KFIX_TOOLS_DIGEST_LOG_H
#define KFIX_TOOLS_DIGEST_LOG_H

#include "lib/kfix.h"
#include "step_table.h"

/* device: what the bits may depend on beside the program, "" for a port of the host; it becomes the
 * first row, so that logs of two devices differ there. */
int digest_log_open(step_table *t, const char *path, const char *device, int resumed, uint64_t last,
                    tool_error *err);

/* The state after `step`. depth: layers of the net; 0: a method without curvature. */
int digest_log_write(step_table *t, const kfix *k, uint64_t step, uint32_t depth, tool_error *err);

#endif
