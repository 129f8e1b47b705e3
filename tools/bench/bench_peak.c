/* SPDX-License-Identifier: Apache-2.0
 * The loop: twelve accumulators, which hide the latency of two units, each s = fma(s, x, y). */
#include "bench_peak.h"

#include <string.h>

#include "bench_clock.h"
#include "core/elementary.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#define ROUNDS       1000000
#define ACCUMULATORS 12

/* x and y pull the sums towards 1, so they stay ordinary numbers. */
#define DEFINE_LOOP(name, target, type, splat, fma)                                           \
  target static kfix_real name(void) {                                                        \
    const type x = splat((kfix_real)0.5), y = x;                                              \
    type s[ACCUMULATORS];                                                                     \
    kfix_real first;                                                                          \
    for (int i = 0; i < ACCUMULATORS; i++) s[i] = splat((kfix_real)i);                        \
    for (int round = 0; round < ROUNDS; round++) {                                            \
      _Pragma("GCC unroll 12") for (int i = 0; i < ACCUMULATORS; i++) s[i] = fma(s[i], x, y); \
    }                                                                                         \
    for (int i = 1; i < ACCUMULATORS; i++) s[0] = fma(s[0], x, s[i]);                         \
    memcpy(&first, s, sizeof first);                                                          \
    return first;                                                                             \
  }

typedef struct loop {
  const char *vectors;
  size_t lanes;
  kfix_real (*run)(void);
} loop;

#if defined(__x86_64__)
#ifdef KFIX_REAL_DOUBLE
#define VECTOR(bits) __m##bits##d
#define X86(name)    name##_pd
#else
#define VECTOR(bits) __m##bits
#define X86(name)    name##_ps
#endif
DEFINE_LOOP(run_avx2, __attribute__((target("avx2,fma"))), VECTOR(256), X86(_mm256_set1),
            X86(_mm256_fmadd))
DEFINE_LOOP(run_avx512, __attribute__((target("avx512f"))), VECTOR(512), X86(_mm512_set1),
            X86(_mm512_fmadd))
#elif defined(__aarch64__)
#ifdef KFIX_REAL_DOUBLE
#define NEON(name) name##_f64
typedef float64x2_t neon_vector;
#else
#define NEON(name) name##_f32
typedef float32x4_t neon_vector;
#endif
static inline neon_vector neon_fma(neon_vector a, neon_vector b, neon_vector c) {
  return NEON(vfmaq)(c, a, b);
}
DEFINE_LOOP(run_neon, , neon_vector, NEON(vdupq_n), neon_fma)
#endif

#define AS_IS(x) (x)
DEFINE_LOOP(run_c, , kfix_real, AS_IS, kfix_fma)

static loop widest(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return (loop){"avx512f", 64 / KFIX_REAL_BYTES, run_avx512};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return (loop){"avx2", 32 / KFIX_REAL_BYTES, run_avx2};
#elif defined(__aarch64__)
  return (loop){"neon", 16 / KFIX_REAL_BYTES, run_neon};
#endif
  return (loop){"c", 1, run_c};
}

const char *bench_peak_vectors(void) {
  return widest().vectors;
}

typedef struct peak_task {
  loop loop;
  kfix_real result[64]; /* of each thread, so that the loop is not left out */
} peak_task;

static void run_task(void *arg, unsigned index) {
  peak_task *t = arg;
  t->result[index] = t->loop.run();
}

double bench_peak_flops(kfix_crew *crew) {
  peak_task t = {.loop = widest()};
  const unsigned threads = crew->threads < 64 ? crew->threads : 64;
  const double began = bench_seconds();
  crew->run(crew, run_task, &t, threads);
  const double seconds = bench_seconds() - began;
  return 2.0 * ROUNDS * ACCUMULATORS * (double)t.loop.lanes * threads / seconds;
}
