/* SPDX-License-Identifier: Apache-2.0
 * Slices of blocks that look through windows. */
#ifndef KFIX_NET_SLICES_H
#define KFIX_NET_SLICES_H

#include "net/net.h"

/* kfix_kind_info.each_slice of such a block. In each row block of `all`, from its first example on, the windows
 * of one example after another are rows, kfix_net_slice of them in a slice, so that a sum over rows goes by
 * blocks of so many from the beginning of a row block. Pairs: a slice is a row block, and the row of an
 * example is (the mean of its patches and 1, the sum of its g).
 * scratch: SLICE_ABAR, SLICE_G, SLICE_ROOTS. cost: a copy of what each window shows. */
kfix_status kfix_each_window_slice(kfix *k, const kfix_slice *all, const kfix_visitor *visitor);

#endif
