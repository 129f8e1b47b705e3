/* SPDX-License-Identifier: Apache-2.0
 * One walk over the memory plan sizes a trainer's arena, carves it, and shows it. */
#ifndef KFIX_CORE_PLAN_WALK_H
#define KFIX_CORE_PLAN_WALK_H

#include "arena.h"
#include "method.h"

/* Visits every region of `method` on `port`, in the order of their addresses; returns the size of
 * the arena in bytes. visit NULL: counts only. */
size_t kfix_plan_walk(const kfix_net *net, const kfix_method_info *method, const kfix_port *port,
                      kfix_region_visit *visit, void *context);

/* Bytes of the host's part of the plan, which comes first: all that is not there lies on the device
 * where the port has one. */
size_t kfix_plan_host(const kfix_net *net, const kfix_method_info *method, const kfix_port *port);

/* kfix_reals in a parameter vector of the net, alignment included. */
size_t kfix_net_parameters(const kfix_net *net);

/* The order of the largest packed matrix: outputs of a node, columns of its W, or the direction's. */
size_t kfix_widest(const kfix_net *net, const kfix_method_info *method);

#endif
