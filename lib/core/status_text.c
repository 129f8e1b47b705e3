/* SPDX-License-Identifier: Apache-2.0
 * Texts of the status codes: a program that shows names alone does not link them. */
#include "core/arithmetic.h"
#include "core/status.h"

const char *kfix_status_text(kfix_status status) {
  static const char *const texts[] = {
#define KFIX_STATUS_TEXT(name, text) text,
      KFIX_STATUS_LIST(KFIX_STATUS_TEXT)
#undef KFIX_STATUS_TEXT
  };
  return (unsigned)status < KFIX_STATUS_COUNT ? texts[(unsigned)status] : "unknown status";
}
