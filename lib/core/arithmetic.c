/* SPDX-License-Identifier: Apache-2.0
 * Known answers, of the library and of the threads that compute for it. */
#include "core/arithmetic.h"

kfix_status kfix_arithmetic_still_holds(const kfix_crew *crew) {
  if (!kfix_processor_rounds()) return KFIX_PORT_ROUNDING;
  return crew && crew->check ? crew->check(crew) : KFIX_OK;
}

/* Whether each task found that its thread rounds as it must; a byte for each. */
static void look(void *rounds, unsigned index) {
  ((unsigned char *)rounds)[index] = (unsigned char)kfix_processor_rounds();
}

kfix_status kfix_arithmetic_holds(kfix_crew *crew) {
  unsigned char rounds[KFIX_ANSWER_TERMS] = {0};
  if (!kfix_compiled_as_written()) return KFIX_PORT_ROUNDING;
  KFIX_TRY(kfix_arithmetic_still_holds(crew));
  if (!crew) return KFIX_OK;
  const unsigned tasks = crew->threads < KFIX_ANSWER_TERMS ? crew->threads : KFIX_ANSWER_TERMS;
  crew->run(crew, look, rounds, tasks);
  for (unsigned i = 0; i < tasks; i++)
    if (!rounds[i]) return KFIX_PORT_ROUNDING;
  return KFIX_OK;
}
