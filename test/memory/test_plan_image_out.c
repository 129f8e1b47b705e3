/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of a net whose output is wider than any row of weights. */
#define KFIX_CONFIG "test/support/image_out.h"
#include "reference_plan.h"

_Static_assert((size_t)KFIX_OUTPUTS > KFIX_WIDEST_FACTOR, "wider");

void test_constant_equals_the_run_time_size(void) {
  plan_check_constants();
  plan_check_predictor();
}

void test_regions_are_aligned_and_fill_the_arena(void) {
  plan_check_regions();
}
