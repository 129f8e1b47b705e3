/* SPDX-License-Identifier: Apache-2.0
 * The memory map of one method on one port: every region, with sums. */
#ifndef KFIX_TOOLS_SIZE_MAP_H
#define KFIX_TOOLS_SIZE_MAP_H

#include "files/tool_error.h"
#include "lib/kfix.h"

/* A line per region (offset, bytes with both copies, padding and guards, copies, group, layer,
 * node, name), then sums per layer and per group and the total. planned: KFIX_BYTES of the same; a total
 * that differs from it is an error. */
int size_map_print(const kfix_net *net, kfix_method method, const kfix_port *port, size_t planned,
                   tool_error *err);

/* The same as one line of JSON. */
int size_map_json(const kfix_net *net, kfix_method method, const kfix_port *port, size_t planned,
                  tool_error *err);

/* The total alone, compared with the plan. */
int size_map_total(const kfix_net *net, kfix_method method, const kfix_port *port, size_t planned,
                   tool_error *err);

/* What a region holds, "" for one that the lists do not know. */
const char *size_words(const char *region);

/* The i-th of what is lent from the idle copy of a state (core/plan.h); NULL past the last. */
typedef struct size_loan {
  const char *name, *region, *what;
} size_loan;
const size_loan *size_loan_at(int i);

#endif
