/* SPDX-License-Identifier: Apache-2.0
 * What each region of the plan holds, in words. */
#include <string.h>

#include "size_map.h"

const char *size_words(const char *region) {
  static const struct {
    const char *region, *words;
  } table[] = {{"CONTROL", "control block: options, addresses, host scalars"},
               {"THETA", "parameters W of all layers"},
               {"AVERAGE", "averaged iterate"},
               {"GRADIENT", "gradient of the batch"},
               {"OUTPUT", "what the net puts out, chunk x outputs"},
               {"MEAN", "predictions, or targets drawn from them, chunk x outputs"},
               {"TARGET", "training targets, chunk x outputs (none for an auto-encoder)"},
               {"ROW", "one row of initial weights"},
               {"STAGE", "a chunk of data on its way to a device (none on the host)"},
               {"PORT_HOST", "where a device's port works on the host (none on the host)"},
               {"SLOTS", "scalars that kernels leave for the host"},
               {"VELOCITY", "momentum"},
               {"MOMENT1", "Adam's first moment"},
               {"MOMENT2", "Adam's second moment"},
               {"UPDATE", "last update delta"},
               {"TANGENT0", "linearised forward pass, even layers"},
               {"TANGENT1", "linearised forward pass, odd layers"},
               {"TANGENT_U", "J Delta, chunk x outputs"},
               {"TANGENT_V", "J delta_0, chunk x outputs"},
               {"ABAR", "inputs of the layer and a one, chunk x (in + 1)"},
               {"DELTA", "g = dL/ds of the layer, chunk x out"},
               {"FACTOR_A", "factor A, packed triangle"},
               {"FACTOR_G", "factor G, packed triangle"},
               {"KFAC_A_INVERSE", "damped inverse of A, packed triangle"},
               {"KFAC_G_INVERSE", "damped inverse of G, packed triangle"},
               {"KFAC_PI", "pi of the damping"},
               {"EKFAC_UA", "eigenvectors of A in columns"},
               {"EKFAC_UG", "eigenvectors of G in columns"},
               {"EKFAC_VALUES_A", "eigenvalues of A, over pi"},
               {"EKFAC_VALUES_G", "eigenvalues of G, times pi"},
               {"EKFAC_PI", "pi of the damping"},
               {"EKFAC_S", "scalings s in the eigenbasis, (in + 1) x out"},
               {"TRIDIAG_A_CROSS", "cross moment of abar with the layer above"},
               {"TRIDIAG_G_CROSS", "cross moment of g with the layer below"},
               {"TRIDIAG_A_BASIS", "canonical directions of abar, here and in the layer above"},
               {"TRIDIAG_G_BASIS", "canonical directions of g, in the layer below and here"},
               {"TRIDIAG_A_SPECTRUM", "squared correlations of abar"},
               {"TRIDIAG_G_SPECTRUM", "squared correlations of g"},
               {"TRIDIAG_FLOORED", "entries of 1 - s1 s2 that the floor raised"},
               {"KPSVD_HELD_ABAR", "statistics rows of abar beyond the chunk"},
               {"KPSVD_HELD_DELTA", "statistics rows of g beyond the chunk"},
               {"KRON_P", "factor P of the second term, packed triangle"},
               {"KRON_Q", "factor Q of the second term, packed triangle"},
               {"KRON_IN_BASIS", "K of (R, P): K^T R K = I, K^T P K = diag(s)"},
               {"KRON_OUT_BASIS", "K of (S, Q)"},
               {"KRON_IN_SPECTRUM", "s of (R, P)"},
               {"KRON_OUT_SPECTRUM", "s of (S, Q)"},
               {"KRON_PI", "pi of the damping"},
               {"KRON_FLOORED", "entries of 1 + s s^T below the floor"},
               {"KRON_HELD_ABAR", "statistics rows of abar beyond the chunk"},
               {"KRON_HELD_DELTA", "statistics rows of g beyond the chunk"},
               {"SCRATCH", "the largest of the curvature's needs for one layer"},
               {"PORT", "packing and partial sums of the port"}};
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
    if (strcmp(region, table[i].region) == 0) return table[i].words;
  return "";
}
