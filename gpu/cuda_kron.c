/* SPDX-License-Identifier: Apache-2.0
 * The Kronecker SVD. Inner products and sums over examples, m d^2, are made on the device; the
 * search over m coefficients, full of decisions, runs on the host: the cosines come down once,
 * which is the wait of a layer's statistics, and the coefficients go up once. */
#include <math.h>

#include "cuda_device.h"
#include "cuda_elements.h"
#include "port/ref/ref.h"

/* Cosines between factor e and the factors up to itself. */
static kfix_status factor_cosines(const kfix_device *d, size_t rows, size_t cols, size_t e,
                                  const kfix_real *const *factors, kfix_out gram, kfix_real *norm) {
  double *result = kfix_cuda_of(d)->scratch.sums;
  for (size_t f = e + 1; f-- > 0;) {
    const kfix_packed_rows_args product = {factors[e], factors[f], result};
    const kfix_factor_cosine_args cosine = {cols, rows + e, rows + f, result, gram, norm};
    KFIX_LAUNCH(d, packed_rows, &product, cols);
    KFIX_LAUNCH(d, factor_cosine, &cosine, 1);
  }
  return KFIX_OK;
}

static kfix_status gram_of_atoms(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                                 size_t ldx, size_t more, const kfix_real *const *factors,
                                 kfix_real *gram, size_t ld, kfix_real *norm, kfix_real *scratch) {
  const size_t ldw = KFIX_LD(cols);
  kfix_real *product = scratch + KFIX_LD(KFIX_TRIANGLE(rows));
  const kfix_cosines_args cosines = {rows, scratch, {gram, ld}, norm};
  KFIX_TRY(kfix_cuda_syrk(d, KFIX_N, rows, cols, 1, x, ldx, 0, gram, ld));
  KFIX_TRY(kfix_cuda_pack(d, rows, gram, ld, scratch));
  KFIX_LAUNCH(d, cosines, &cosines, rows * rows);
  for (size_t e = 0; e < more; e++) {
    const kfix_example_cosines_args mixed = {cols,           rows + e,   {x, ldx},
                                             {product, ldw}, {gram, ld}, norm};
    KFIX_TRY(factor_cosines(d, rows, cols, e, factors, (kfix_out){gram, ld}, norm));
    KFIX_TRY(kfix_cuda_gemm(d, KFIX_N, KFIX_S, rows, cols, cols, 1, x, ldx, factors[e], 0, 0,
                            product, ldw));
    KFIX_LAUNCH(d, example_cosines, &mixed, rows);
  }
  return KFIX_OK;
}

/* All rows take part in both updates, those of the other sign as zeroes: which they are is known on
 * the device alone. */
static kfix_status sum_of_atoms(const kfix_device *d, size_t rows, size_t cols, const kfix_real *c,
                                const kfix_real *x, size_t ldx, kfix_real *packed,
                                kfix_real *scratch) {
  const size_t ld = KFIX_LD(cols);
  kfix_real *root = scratch + rows * ld;
  for (int sign = 1; sign >= -1; sign -= 2) {
    const kfix_roots_args roots = {(double)sign, c, root};
    KFIX_LAUNCH(d, roots, &roots, rows);
    KFIX_TRY(kfix_cuda_scale_rows(d, rows, cols, root, x, ldx, scratch, ld));
    KFIX_TRY(kfix_cuda_syrk(d, KFIX_T, cols, rows, (kfix_real)sign, scratch, ld, 1, packed,
                            KFIX_PACKED));
  }
  return KFIX_OK;
}

/* What the search works on, in the host's arena: KFIX_CUDA_KRON_BYTES(atoms). */
typedef struct room {
  kfix_real *left, *right, *left_norm, *right_norm, *weights, *minus, *out_left, *out_right;
  kfix_real *search;
  kfix_device host; /* for its products */
} room;

static kfix_real *take(kfix_real **at, size_t count) {
  kfix_real *here = *at;
  *at += count;
  return here;
}

static room cut(void *memory, size_t atoms, size_t ld) {
  const kfix_port *port = kfix_port_simd.available() == KFIX_OK ? &kfix_port_simd : &kfix_port_ref;
  kfix_real *at = memory;
  room r;
  r.left = take(&at, atoms * ld);
  r.right = take(&at, atoms * ld);
  r.left_norm = take(&at, ld);
  r.right_norm = take(&at, ld);
  r.weights = take(&at, ld);
  r.minus = take(&at, ld);
  r.out_left = take(&at, KFIX_KRON_RANK_MAX * ld);
  r.out_right = take(&at, KFIX_KRON_RANK_MAX * ld);
  r.search = take(&at, KFIX_LD(KFIX_KRON_SVD_REALS(atoms)));
  r.host = (kfix_device){port, NULL, at, KFIX_PORT_SCRATCH_simd(1, 1, 1, atoms), 1, NULL};
  return r;
}

static kfix_status fetch(const kfix_device *d, kfix_real *to, const kfix_real *from, size_t count) {
  return kfix_cuda_move(d, to, from, count * sizeof *to, cudaMemcpyDeviceToHost);
}

static kfix_status fetch_space(const kfix_device *d, const kfix_kron_space *s, const room *r) {
  KFIX_TRY(fetch(d, r->left, s->left, s->atoms * s->ld));
  KFIX_TRY(fetch(d, r->right, s->right, s->atoms * s->ld));
  KFIX_TRY(fetch(d, r->left_norm, s->left_norm, s->atoms));
  KFIX_TRY(fetch(d, r->right_norm, s->right_norm, s->atoms));
  KFIX_TRY(fetch(d, r->weights, s->weights, s->atoms));
  if (s->minus) KFIX_TRY(fetch(d, r->minus, s->minus, s->atoms));
  KFIX_TRY(kfix_cuda_wait(d));
  for (size_t t = 0; t < s->atoms; t++)
    if (!isfinite(r->left_norm[t]) || !isfinite(r->right_norm[t])) return KFIX_STATISTICS_NONFINITE;
  return KFIX_OK;
}

static kfix_status search(const kfix_device *d, const kfix_kron_space *s, size_t rank,
                          kfix_kron_order order, kfix_real *left, kfix_real *right,
                          kfix_kron_pairs *pairs, kfix_real *scratch) {
  const kfix_cuda_scratch *mine = &kfix_cuda_of(d)->scratch;
  (void)scratch;
  if (rank > KFIX_KRON_RANK_MAX || KFIX_CUDA_KRON_BYTES(s->atoms) > mine->host_bytes)
    return kfix_cuda_check(d, "Kronecker SVD's host memory", cudaErrorMemoryAllocation);
  const room r = cut(mine->host, s->atoms, s->ld);
  const kfix_kron_space here = {s->atoms,    s->ld,        r.left,    r.right,
                                r.left_norm, r.right_norm, r.weights, s->minus ? r.minus : NULL,
                                s->definite};
  KFIX_TRY(fetch_space(d, s, &r));
  KFIX_TRY(kfix_kron_svd(&r.host, &here, rank, order, r.out_left, r.out_right, pairs, r.search));
  KFIX_TRY(d->port->upload(d, left, r.out_left, rank * s->ld * sizeof *left));
  return d->port->upload(d, right, r.out_right, rank * s->ld * sizeof *right);
}

const kfix_kron_entries kfix_cuda_kron = {gram_of_atoms, sum_of_atoms, search};
