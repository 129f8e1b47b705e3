/* SPDX-License-Identifier: Apache-2.0
 * Figures 2, 3, 5 and 6 of the K-FAC paper: kfac_figure2.png ... and kfac_figures.csv. */
#ifndef KFIX_TOOLS_FISHER_PICTURES_H
#define KFIX_TOOLS_FISHER_PICTURES_H

#include "figures_settings.h"
#include "files/tool_error.h"

int fisher_pictures_make(const figures_settings *settings, tool_error *err);

#endif
