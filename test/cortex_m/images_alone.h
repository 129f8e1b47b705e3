/* SPDX-License-Identifier: Apache-2.0
 * The kinds of a library whose nets are convolutions, pools and dense layers (KFIX_KINDS of lib/net/kinds.h). */
#define KFIX_KIND_LIST(K) \
  K(dense)                \
  K(conv)                 \
  K(max_pool)             \
  K(mean_pool)
