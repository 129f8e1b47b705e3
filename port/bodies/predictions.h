/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the kernels that turn outputs into samples and gradients. See split.h. */
#ifndef KFIX_CPU_PREDICTIONS_H
#define KFIX_CPU_PREDICTIONS_H

#include "core/likelihood.h"
#include "core/random.h"
#include "port/bodies/forward.h"

typedef struct kfix_cpu_sample_args {
  kfix_loss loss;
  const kfix_draw_key *key;
  size_t first, cols;
  const kfix_real *p;
  size_t ldp;
  kfix_real *y;
  size_t ldy;
} kfix_cpu_sample_args;

/* Words of so many draws at a time, so that the compiler can compute draws side by side. */
#define KFIX_CPU_WORDS 64

/* word[4 i + w] = word w of the draw (index + i, row), for the first `count` words, rounded up to
 * whole draws. */
static inline void kfix_cpu_draw_words(const kfix_draw_key *key, uint32_t index, uint32_t row,
                                       size_t count, uint32_t word[KFIX_CPU_WORDS]) {
  const kfix_draw_key k = *key;
  const uint32_t draws = (uint32_t)((count + 3) / 4);
  for (uint32_t i = 0; i < draws; i++) {
    uint32_t w[4];
    kfix_draw(&k, index + i, row, w);
    for (size_t q = 0; q < 4; q++) word[4 * i + q] = w[q];
  }
}

static void kfix_cpu_sample_mse(const kfix_draw_key *key, uint32_t row, size_t n,
                                const kfix_real *p, kfix_real *y) {
  uint32_t word[KFIX_CPU_WORDS];
  for (size_t base = 0; base < n; base += KFIX_CPU_WORDS / 2) {
    const size_t count = n - base < KFIX_CPU_WORDS / 2 ? n - base : KFIX_CPU_WORDS / 2;
    kfix_cpu_draw_words(key, (uint32_t)(base / 2), row, 2 * count, word);
    for (size_t j = 0; j < count; j++)
      y[base + j] = p[base + j] + kfix_normal(word[2 * j], word[2 * j + 1]);
  }
}

static void kfix_cpu_sample_bernoulli(const kfix_draw_key *key, uint32_t row, size_t n,
                                      const kfix_real *p, kfix_real *y) {
  uint32_t word[KFIX_CPU_WORDS];
  for (size_t base = 0; base < n; base += KFIX_CPU_WORDS) {
    const size_t count = n - base < KFIX_CPU_WORDS ? n - base : KFIX_CPU_WORDS;
    kfix_cpu_draw_words(key, (uint32_t)(base / 4), row, count, word);
    for (size_t j = 0; j < count; j++) {
      const kfix_real mean = p[base + j];
      y[base + j] = (kfix_uniform(word[j]) < mean ? 1 : 0) + 0 * mean;
    }
  }
}

static void kfix_cpu_sample_categorical(const kfix_draw_key *key, uint32_t row, size_t n,
                                        const kfix_real *p, kfix_real *y) {
  uint32_t word[4];
  kfix_draw(key, 0, row, word);
  const kfix_real u = kfix_uniform(word[0]);
  kfix_real sum = p[0];
  size_t drawn = 0;
  while (drawn + 1 < n && !(u < sum)) sum += p[++drawn];
  const kfix_real one = 1 + 0 * sum;
  for (size_t j = 0; j < n; j++) y[j] = j == drawn ? one : 0;
}

static void kfix_cpu_sample_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_sample_args *t = args;
  for (size_t r = begin; r < end; r++) {
    const uint32_t row = (uint32_t)(t->first + r);
    const kfix_real *p = t->p + r * t->ldp;
    kfix_real *y = t->y + r * t->ldy;
    if (t->loss == KFIX_CATEGORICAL)
      kfix_cpu_sample_categorical(t->key, row, t->cols, p, y);
    else if (t->loss == KFIX_BERNOULLI)
      kfix_cpu_sample_bernoulli(t->key, row, t->cols, p, y);
    else
      kfix_cpu_sample_mse(t->key, row, t->cols, p, y);
  }
}

static kfix_status kfix_cpu_sample(const kfix_device *d, kfix_loss loss, const kfix_draw_key *key,
                                   size_t first, size_t rows, size_t cols, const kfix_real *p,
                                   size_t ldp, kfix_real *y, size_t ldy) {
  const kfix_cpu_sample_args t = {loss, key, first, cols, p, ldp, y, ldy};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols > 0) kfix_cpu_split(d, rows, 32 * cols, kfix_cpu_sample_range, &t);
  return KFIX_OK;
}

/* What the net puts out against targets, into out. */
typedef struct kfix_cpu_targets_args {
  kfix_loss loss;
  size_t cols;
  const kfix_real *z;
  size_t ldz;
  const kfix_real *y;
  size_t ldy;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_targets_args;

static void kfix_cpu_categorical_residual(size_t n, const kfix_real *z, const kfix_real *y,
                                          kfix_real *g) {
  size_t top;
  const double rest = kfix_cpu_odds(n, z, g, &top);
  const kfix_real total = (kfix_real)(1 + rest);
  for (size_t j = 0; j < n; j++) g[j] = g[j] / total - y[j];
  g[top] = kfix_likeliest_residual(rest, y[top]);
}

static void kfix_cpu_residual_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_targets_args *t = args;
  for (size_t r = begin; r < end; r++) {
    const kfix_real *z = t->z + r * t->ldz, *y = t->y + r * t->ldy;
    kfix_real *g = t->out + r * t->ldo;
    if (t->loss == KFIX_CATEGORICAL)
      kfix_cpu_categorical_residual(t->cols, z, y, g);
    else if (t->loss == KFIX_BERNOULLI)
      for (size_t j = 0; j < t->cols; j++)
        g[j] = kfix_bernoulli_residual(z[j], y[j], kfix_odds_against(z[j]));
    else
      for (size_t j = 0; j < t->cols; j++) g[j] = z[j] - y[j];
  }
}

static kfix_status kfix_cpu_residual(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                                     const kfix_real *z, size_t ldz, const kfix_real *y, size_t ldy,
                                     kfix_real *g, size_t ldg) {
  const kfix_cpu_targets_args t = {loss, cols, z, ldz, y, ldy, g, ldg};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols > 0) kfix_cpu_split(d, rows, 16 * cols, kfix_cpu_residual_range, &t);
  return KFIX_OK;
}

#endif
