/* SPDX-License-Identifier: Apache-2.0
 * Names and texts of the status codes. */
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

const char *kfix_status_text(kfix_status status) {
  static const char *const texts[] = {
#define KFIX_STATUS_TEXT(name, text) text,
      KFIX_STATUS_LIST(KFIX_STATUS_TEXT)
#undef KFIX_STATUS_TEXT
  };
  return (unsigned)status < KFIX_STATUS_COUNT ? texts[(unsigned)status] : "unknown status";
}
