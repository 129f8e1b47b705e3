/* SPDX-License-Identifier: Apache-2.0
 * The table of kinds, made from KFIX_KIND_LIST. */
#include "net/kind.h"
#include "core/arithmetic.h"

#define INFO(kind) &kfix_kind_##kind,
const kfix_kind_info *const kfix_kind_infos[KFIX_KIND_COUNT] = {KFIX_KIND_LIST(INFO)};
