/* SPDX-License-Identifier: Apache-2.0
 * The inverse of matrices of every kind: any bits, graded, rank-deficient, zero. It is refused, or it
 * is finite and an inverse; both CPU ports say the same, bit for bit. */
#include <math.h>
#include <string.h>

#include "factor/spd.h"
#include "fuzz_target.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

enum { LARGEST = 50, LD = KFIX_LD(LARGEST) };

typedef enum matrix_kind { ANY_BITS, GRAM, GRADED, DEFICIENT, KINDS } matrix_kind;

static kfix_real a[LARGEST * LD], factor[LARGEST * LARGEST];
static kfix_real inverse[2][LARGEST * LD], work[KFIX_SPD_WORK(LARGEST)];
static _Alignas(KFIX_ALIGN) unsigned char scratch[KFIX_PORT_SCRATCH_simd(1, 1, 1, 1)];

/* A number that needs few bytes, repeated over the input. */
static double small_number(const fuzz_bytes *b, size_t i) {
  return b->left ? ((double)b->at[i % b->left] - 127.5) / 128 : 0;
}

static void fill_any(size_t n, const fuzz_bytes *b) {
  for (size_t i = 0; i < n * LD; i++) {
    unsigned char bits[sizeof(kfix_real)];
    for (size_t j = 0; j < sizeof bits; j++)
      bits[j] = b->left ? b->at[(i * sizeof bits + j) % b->left] : 0;
    memcpy(&a[i], bits, sizeof bits);
  }
}

/* a = D (X X^T / rank + shift I) D, X being n x rank, D powers of two. */
static void fill_gram(size_t n, size_t rank, double shift, int graded, const fuzz_bytes *b) {
  for (size_t i = 0; i < n * rank; i++)
    factor[i] = (kfix_real)(small_number(b, i) * small_number(b, i * 7 + i / 3));
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      double sum = 0;
      for (size_t k = 0; k < rank; k++)
        sum += (double)factor[i * rank + k] * (double)factor[j * rank + k];
      const int exponent = graded ? (int)(i % 16) + (int)(j % 16) - 16 : 0;
      a[i * LD + j] = (kfix_real)ldexp(sum / (double)rank + (i == j) * shift, exponent);
    }
}

static double symmetric(const kfix_real *m, size_t i, size_t j) {
  return (double)(i >= j ? m[i * LD + j] : m[j * LD + i]);
}

static double norm(size_t n, const kfix_real *m) {
  double largest = 0;
  for (size_t i = 0; i < n; i++) {
    double sum = 0;
    for (size_t j = 0; j < n; j++) sum += fabs(symmetric(m, i, j));
    largest = fmax(largest, sum);
  }
  return largest;
}

/* |A X - I| <= c eps |A| |X| in the row-sum norm: c = 8, n for what rounding of long sums adds. */
static void require_inverse(size_t n, const kfix_real *m) {
  const double bound = (8 + (double)n) * (double)KFIX_REAL_EPS * norm(n, a) * norm(n, m);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = i == j ? -1 : 0;
      for (size_t k = 0; k < n; k++) sum += symmetric(a, i, k) * symmetric(m, k, j);
      FUZZ_REQUIRE(fabs(sum) <= bound);
    }
}

static kfix_status invert(const kfix_port *port, size_t n, kfix_real *out, size_t *info) {
  const kfix_device d = {port, NULL, scratch, sizeof scratch, 1, NULL};
  memcpy(out, a, sizeof a);
  *info = 0;
  return kfix_spd_inverse(&d, n, out, LD, work, info);
}

/* Input: size, kind, rank, shift, then what the numbers are made of. */
void fuzz_inverse(const unsigned char *data, size_t size) {
  fuzz_bytes b = {data, size};
  const size_t n = 1 + fuzz_u8(&b) % LARGEST;
  const matrix_kind kind = (matrix_kind)(fuzz_u8(&b) % KINDS);
  const size_t rank = kind == DEFICIENT ? 1 + fuzz_u8(&b) % n : n;
  const unsigned power = fuzz_u8(&b) % 32;
  const double shift = power == 31 ? 0 : ldexp(1, -(int)power);
  memset(a, 0, sizeof a);
  if (kind == ANY_BITS) fill_any(n, &b);
  if (kind != ANY_BITS) fill_gram(n, rank, shift, kind == GRADED, &b);
  size_t info[2];
  const kfix_status status = invert(&kfix_port_ref, n, inverse[0], &info[0]);
  FUZZ_REQUIRE(status == KFIX_OK ? info[0] == 0 : info[0] >= 1 && info[0] <= n);
  FUZZ_REQUIRE(status == KFIX_OK || status == KFIX_NOT_POSITIVE);
  if (kfix_port_simd.available() == KFIX_OK) {
    FUZZ_REQUIRE(invert(&kfix_port_simd, n, inverse[1], &info[1]) == status);
    FUZZ_REQUIRE(info[0] == info[1]);
  }
  if (status != KFIX_OK) return;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      FUZZ_REQUIRE(isfinite(inverse[0][i * LD + j]));
      FUZZ_REQUIRE(kfix_port_simd.available() != KFIX_OK ||
                   !memcmp(&inverse[0][i * LD + j], &inverse[1][i * LD + j], sizeof(kfix_real)));
    }
  if (kind != ANY_BITS) require_inverse(n, inverse[0]);
}
