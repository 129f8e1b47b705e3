/* SPDX-License-Identifier: Apache-2.0
 * What the kinds that look through windows over an image share. */
#ifndef KFIX_NET_WINDOWS_H
#define KFIX_NET_WINDOWS_H

#include "net/kind.h"

/* 1 where the node reads one place, whose image its windows fit, and puts out what they come to. */
int kfix_windows_fit(const kfix_net *net, const kfix_node_spec *n);
/* The same of a pool, which has no parameters and keeps the channels. */
int kfix_pool_fits(const kfix_net *net, const kfix_node_spec *n);

#endif
