/* SPDX-License-Identifier: Apache-2.0 */
/* Template: What vectors of x86 do alike, whatever their width: KFIX_X86(name) is the intrinsic of that name. */
#ifndef KFIX_PRODUCTS_VECTOR_X86_EACH_H
#define KFIX_PRODUCTS_VECTOR_X86_EACH_H

static inline kfix_vec kfix_vec_zero(void) {
  return KFIX_X86(setzero)();
}
static inline kfix_vec kfix_vec_load(const kfix_real *x) {
  return KFIX_X86(loadu)(x);
}
static inline kfix_vec kfix_vec_splat(kfix_real x) {
  return KFIX_X86(set1)(x);
}
static inline kfix_vec kfix_vec_add(kfix_vec a, kfix_vec b) {
  return KFIX_X86(add)(a, b);
}
/* a b + c, rounded once */
static inline kfix_vec kfix_vec_fma(kfix_vec a, kfix_vec b, kfix_vec c) {
  return KFIX_X86(fmadd)(a, b, c);
}

#endif
