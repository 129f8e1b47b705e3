/* SPDX-License-Identifier: Apache-2.0
 * The kinds of a library whose nets are dense layers and nothing else (KFIX_KINDS of lib/net/kinds.h). */
#define KFIX_KIND_LIST(K) K(dense)
