/* SPDX-License-Identifier: Apache-2.0
 * What programs show of the settings: names, flags, help, the words of choices. */
#include <stddef.h>

#include "core/arithmetic.h"
#include "core/options.h"

const kfix_option_info kfix_option_infos[KFIX_OPTION_COUNT] = {
#define KFIX_OPTION_INFO(id, type, flag, value, min, max, help) \
  {#id, flag, help, KFIX_TYPE_##type, (value), (min), (max)},
    KFIX_OPTION_LIST(KFIX_OPTION_INFO)};

const char *kfix_choice_name(kfix_option_id id, uint32_t index) {
  static const char *const drivers[] = {"adaptive", "fixed", "auto"};
  static const char *const rate_schedules[] = {"constant", "step", "cosine"};
  static const char *const fishers[] = {"true", "empirical", "exact"};
  static const char *const inits[] = {"sparse", "glorot", "he", "residual"};
  static const char *const pis[] = {"trace", "one", "frobenius", "spectral"};
  static const char *const ekfac_dampings[] = {"plain", "kron", "kron-pi"};
  static const char *const ekfac_scalings[] = {"batch", "ema"};
  static const char *const ekfac_carries[] = {"carry", "reset"};
  static const char *const ekfac_bases[] = {"exact", "tracked"};
  static const char *const coarse_spaces[] = {
      "nicolaides",      "spectral", "residual", "krylov-nicolaides",
      "krylov-residual", "taylor",   "tko",      "tko-exact"};
  static const char *const kron_emas[] = {"factors", "operator"};
  static const char *const convs[] = {"expand", "reduce", "sua"};
  static const char *const kron_solvers[] = {"bases", "smith"};
  const double last = id < KFIX_OPTION_COUNT ? kfix_option_infos[id].max : -1;
  if ((double)index > last) return NULL;
  switch (id) {
    case KFIX_OPTION_driver:
      return drivers[index];
    case KFIX_OPTION_fisher:
      return fishers[index];
    case KFIX_OPTION_lr_schedule:
      return rate_schedules[index];
    case KFIX_OPTION_init:
      return inits[index];
    case KFIX_OPTION_pi:
      return pis[index];
    case KFIX_OPTION_ekfac_damping:
      return ekfac_dampings[index];
    case KFIX_OPTION_ekfac_s:
      return ekfac_scalings[index];
    case KFIX_OPTION_ekfac_carry:
      return ekfac_carries[index];
    case KFIX_OPTION_ekfac_basis:
      return ekfac_bases[index];
    case KFIX_OPTION_coarse_space:
      return coarse_spaces[index];
    case KFIX_OPTION_conv:
      return convs[index];
    case KFIX_OPTION_kron_solver:
      return kron_solvers[index];
    case KFIX_OPTION_kron_ema:
      return kron_emas[index];
    default:
      return NULL;
  }
}
