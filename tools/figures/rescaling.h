/* SPDX-License-Identifier: Apache-2.0
 * Figure 7 of the K-FAC paper: what an update is worth against gamma, with the rescaling by the exact
 * Fisher matrix and without. Writes kfac_figure7.csv. */
#ifndef KFIX_TOOLS_RESCALING_H
#define KFIX_TOOLS_RESCALING_H

#include "figures_settings.h"
#include "files/tool_error.h"

int rescaling_measure(const figures_settings *settings, tool_error *err);

#endif
