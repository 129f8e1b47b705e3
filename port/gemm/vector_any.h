/* SPDX-License-Identifier: Apache-2.0 */
/* Template: vector.h in plain C. */
#ifndef KFIX_PRODUCTS_VECTOR_ANY_H
#define KFIX_PRODUCTS_VECTOR_ANY_H

typedef struct kfix_vec {
  kfix_real x[32 / KFIX_REAL_BYTES];
} kfix_vec;

#define KFIX_FOR_LANES(i) for (int i = 0; i < 32 / KFIX_REAL_BYTES; i++)

static inline kfix_vec kfix_vec_splat(kfix_real x) {
  kfix_vec v;
  KFIX_FOR_LANES(i) v.x[i] = x;
  return v;
}
static inline kfix_vec kfix_vec_zero(void) {
  return kfix_vec_splat(0);
}
static inline kfix_vec kfix_vec_load(const kfix_real *x) {
  kfix_vec v;
  KFIX_FOR_LANES(i) v.x[i] = x[i];
  return v;
}
static inline void kfix_vec_store(kfix_real *x, kfix_vec v) {
  KFIX_FOR_LANES(i) x[i] = v.x[i];
}
static inline kfix_vec kfix_vec_add(kfix_vec a, kfix_vec b) {
  KFIX_FOR_LANES(i) a.x[i] += b.x[i];
  return a;
}
/* The first n lanes; the others are zero, and are not read. */
static inline kfix_vec kfix_vec_load_part(const kfix_real *x, size_t n) {
  kfix_vec v;
  KFIX_FOR_LANES(i) v.x[i] = (size_t)i < n ? x[i] : 0;
  return v;
}
static inline void kfix_vec_store_part(kfix_real *x, size_t n, kfix_vec v) {
  for (size_t i = 0; i < n; i++) x[i] = v.x[i];
}
/* a b + c, rounded once */
static inline kfix_vec kfix_vec_fma(kfix_vec a, kfix_vec b, kfix_vec c) {
  KFIX_FOR_LANES(i) c.x[i] = kfix_fma(a.x[i], b.x[i], c.x[i]);
  return c;
}

#endif
