/* SPDX-License-Identifier: Apache-2.0
 * Names of the status codes. */
#include "core/status.h"

#include "core/arithmetic.h"

const char *kfix_status_name(kfix_status status) {
  static const char *const names[] = {
#define KFIX_STATUS_NAME(name, text) "KFIX_" #name,
      KFIX_STATUS_LIST(KFIX_STATUS_NAME)
#undef KFIX_STATUS_NAME
  };
  return (unsigned)status < KFIX_STATUS_COUNT ? names[(unsigned)status] : "KFIX_?";
}
