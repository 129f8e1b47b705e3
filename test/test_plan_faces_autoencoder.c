/* SPDX-License-Identifier: Apache-2.0
 * The memory plan of config/faces_autoencoder.h. */
#define KFIX_CONFIG "config/faces_autoencoder.h"
#include "reference_plan.h"

void test_constant_equals_the_run_time_size(void) {
  plan_check_constants();
}

void test_regions_are_aligned_and_fill_the_arena(void) {
  plan_check_regions();
}

void test_settings_are_in_range(void) {
  plan_check_settings();
}

void test_bytes_are_pinned(void) {
  static const size_t pinned[KFIX_METHOD_COUNT][PLAN_PORTS] = {
      [KFIX_METHOD_sgd] = {245371776, 253603264},
      [KFIX_METHOD_nesterov] = {245371776, 253603264},
      [KFIX_METHOD_adam] = {305673472, 313904960},
      [KFIX_METHOD_kfac] = {438761856, 446993344},
      [KFIX_METHOD_ekfac] = {627994240, 636225728},
      [KFIX_METHOD_ekfac_ra] = {627994240, 636225728},
      [KFIX_METHOD_kfac_tridiag] = {727413248, 735644736},
      [KFIX_METHOD_kpsvd] = {444859648, 453091136},
      [KFIX_METHOD_deflation] = {671085440, 679316928},
      [KFIX_METHOD_lanczos] = {671085440, 679316928},
      [KFIX_METHOD_kfac_corrected] = {671085440, 679316928},
  };
  plan_check_pinned(pinned);
}
