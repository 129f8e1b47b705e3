/* SPDX-License-Identifier: Apache-2.0 */
/* Template: vector.h on AArch64: two registers each. */
#ifndef KFIX_PRODUCTS_VECTOR_NEON_H
#define KFIX_PRODUCTS_VECTOR_NEON_H

#ifdef KFIX_REAL_DOUBLE
typedef float64x2_t kfix_neon;
#define KFIX_NEON(name) name##_f64
#else
typedef float32x4_t kfix_neon;
#define KFIX_NEON(name) name##_f32
#endif

#define KFIX_NEON_LANES (16 / KFIX_REAL_BYTES)

typedef struct kfix_vec {
  kfix_neon lo, hi;
} kfix_vec;

static inline kfix_vec kfix_vec_splat(kfix_real x) {
  return (kfix_vec){KFIX_NEON(vdupq_n)(x), KFIX_NEON(vdupq_n)(x)};
}
static inline kfix_vec kfix_vec_zero(void) {
  return kfix_vec_splat(0);
}
static inline kfix_vec kfix_vec_load(const kfix_real *x) {
  return (kfix_vec){KFIX_NEON(vld1q)(x), KFIX_NEON(vld1q)(x + KFIX_NEON_LANES)};
}
static inline void kfix_vec_store(kfix_real *x, kfix_vec v) {
  KFIX_NEON(vst1q)(x, v.lo);
  KFIX_NEON(vst1q)(x + KFIX_NEON_LANES, v.hi);
}
static inline kfix_vec kfix_vec_add(kfix_vec a, kfix_vec b) {
  return (kfix_vec){KFIX_NEON(vaddq)(a.lo, b.lo), KFIX_NEON(vaddq)(a.hi, b.hi)};
}
/* The first n lanes; the others are zero, and are not read. */
static inline kfix_vec kfix_vec_load_part(const kfix_real *x, size_t n) {
  kfix_real lanes[32 / KFIX_REAL_BYTES] = {0};
  for (size_t i = 0; i < n; i++) lanes[i] = x[i];
  return kfix_vec_load(lanes);
}
static inline void kfix_vec_store_part(kfix_real *x, size_t n, kfix_vec v) {
  kfix_real lanes[32 / KFIX_REAL_BYTES];
  kfix_vec_store(lanes, v);
  for (size_t i = 0; i < n; i++) x[i] = lanes[i];
}
/* a b + c, rounded once */
static inline kfix_vec kfix_vec_fma(kfix_vec a, kfix_vec b, kfix_vec c) {
  return (kfix_vec){KFIX_NEON(vfmaq)(c.lo, a.lo, b.lo), KFIX_NEON(vfmaq)(c.hi, a.hi, b.hi)};
}

#endif
