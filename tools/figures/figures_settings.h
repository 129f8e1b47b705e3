/* SPDX-License-Identifier: Apache-2.0
 * What the command line says to whatever is drawn. */
#ifndef KFIX_TOOLS_FIGURES_SETTINGS_H
#define KFIX_TOOLS_FIGURES_SETTINGS_H

#include <stdint.h>

typedef struct figures_settings {
  const char *out, *data;
  uint64_t limit, steps, batch, seed, threads;
  uint64_t gammas; /* how many, evenly on a logarithmic scale */
  double gamma_from, gamma_to;
} figures_settings;

#endif
