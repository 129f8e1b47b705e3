/* SPDX-License-Identifier: Apache-2.0
 * Known answers, of the library and of the threads that compute for it. */
#include "core/arithmetic.h"

#include <stdatomic.h>

kfix_status kfix_arithmetic_still_holds(const kfix_crew *crew) {
  if (!kfix_processor_rounds()) return KFIX_PORT_ROUNDING;
  return crew && crew->check ? crew->check(crew) : KFIX_OK;
}

static void look(void *status, unsigned index) {
  (void)index;
  const kfix_status found = kfix_arithmetic_still_holds(NULL);
  if (found != KFIX_OK) atomic_store((_Atomic int *)status, (int)found);
}

kfix_status kfix_arithmetic_holds(kfix_crew *crew) {
  _Atomic int status = KFIX_OK;
  if (!kfix_compiled_as_written()) return KFIX_PORT_ROUNDING;
  KFIX_TRY(kfix_arithmetic_still_holds(crew));
  if (crew) crew->run(crew, look, (void *)&status, crew->threads);
  return (kfix_status)atomic_load(&status);
}
