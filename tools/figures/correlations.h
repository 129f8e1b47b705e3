/* SPDX-License-Identifier: Apache-2.0
 * Figure 3 (left) of the EKFAC paper: how far the gradients of a layer's parameters are correlated
 * from example to example, in the basis of the parameters and in the Kronecker-factored eigenbasis.
 * Writes ekfac_figure3_left.png and .csv. */
#ifndef KFIX_TOOLS_CORRELATIONS_H
#define KFIX_TOOLS_CORRELATIONS_H

#include "figures_settings.h"
#include "files/tool_error.h"

int correlations_measure(const figures_settings *settings, tool_error *err);

#endif
