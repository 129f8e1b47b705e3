/* SPDX-License-Identifier: Apache-2.0
 * The search of the Kronecker SVD on the CUDA port where its cosines are fetched and where they stay,
 * against the reference port's. With GPU=1 on a device, else on one played by the host. */
#include "core/random.h"
#include "cuda_open_case.h"
#include "factor/kron_svd.h"
#include "gpu/cuda_device.h"
#include "port/ref/ref.h"

enum { MOST = KFIX_CUDA_KRON_NEAR + 45, LEFT = 9, RIGHT = 7, RANK = 2, WIDEST = 64 };
#define LDG KFIX_LD(MOST)

/* Cosines, norms, weights; what is found. */
typedef struct problem {
  kfix_real left[MOST * LDG], right[MOST * LDG], left_norm[LDG], right_norm[LDG], weights[LDG];
  kfix_real out_left[RANK * LDG], out_right[RANK * LDG];
} problem;

static problem want, got;
static kfix_real rows[MOST * LEFT], work[KFIX_KRON_GRAM_REALS(MOST, LEFT)];
static kfix_real search[KFIX_KRON_SVD_REALS(MOST)];
static double ref_scratch[KFIX_SUM_SCRATCH(MOST, MOST)];
static const kfix_device ref = {&kfix_port_ref, NULL, ref_scratch, sizeof ref_scratch, 1, NULL};
static _Alignas(KFIX_ALIGN) unsigned char host_arena[KFIX_PORT_HOST_cuda(WIDEST, MOST)];
static problem *remote;

/* In TF32, which a search must not see. */
void setUp(void) {
  cuda_open_case(KFIX_CUDA_TF32, sizeof(problem), 1, 1, WIDEST, host_arena, sizeof host_arena);
  remote = (problem *)cuda.memory;
}

void tearDown(void) {
  kfix_cuda_close(&cuda);
}

static void make_side(uint32_t number, size_t atoms, size_t cols, kfix_real *gram,
                      kfix_real *norm) {
  const kfix_draw_key key = {0x6b666978, KFIX_DRAW_TEST, 0, 0};
  kfix_fill_uniform(&key, number, atoms * cols, 1, rows);
  CHECK_INT(KFIX_OK, kfix_kron_gram(&ref, atoms, cols, rows, cols, 0, NULL, gram, KFIX_LD(atoms),
                                    norm, work));
}

static kfix_kron_space space_of(const problem *p, size_t atoms) {
  return (kfix_kron_space){atoms,         KFIX_LD(atoms), p->left, p->right, p->left_norm,
                           p->right_norm, p->weights,     NULL,    1};
}

/* Found by both ports. */
static void find(size_t atoms, kfix_kron_pairs *of_ref, kfix_kron_pairs *of_device) {
  memset(&want, 0, sizeof want);
  make_side(0, atoms, LEFT, want.left, want.left_norm);
  make_side(1, atoms, RIGHT, want.right, want.right_norm);
  for (size_t t = 0; t < atoms; t++) want.weights[t] = (kfix_real)(1.0 / (double)atoms);
  CHECK_INT(KFIX_OK, kfix_port_cuda.upload(&device, remote, &want, sizeof want));
  const kfix_kron_space here = space_of(&want, atoms), there = space_of(remote, atoms);
  CHECK_INT(KFIX_OK, kfix_kron_svd(&ref, &here, RANK, KFIX_KRON_DEFLATE, want.out_left,
                                   want.out_right, of_ref, search));
  CHECK_INT(KFIX_OK,
            kfix_port_cuda.kron->svd(&device, &there, RANK, KFIX_KRON_DEFLATE, remote->out_left,
                                     remote->out_right, of_device, NULL));
  CHECK_INT(KFIX_OK, kfix_port_cuda.download(&device, &got, remote, sizeof got));
}

/* Residuals of both searches are below the tolerance, in parts of sigma^2; terms are as far as that,
 * over the gap between the squares, from the exact ones, and so are the coefficients. */
static void agree(size_t atoms) {
  kfix_kron_pairs a, b;
  find(atoms, &a, &b);
  CHECK(a.converged && b.converged);
  const double rounding = KFIX_KRON_TOLERANCE + (double)atoms * KFIX_REAL_EPS;
  for (int i = 0; i < RANK; i++) CHECK_NEAR(rounding * a.sigma[0], a.sigma[i], b.sigma[i]);
  const double gap = 1 - pow(a.sigma[1] / a.sigma[0], 2);
  double largest = 0;
  for (size_t t = 0; t < atoms; t++) largest = fmax(largest, fabs((double)want.out_left[t]));
  for (size_t t = 0; t < atoms; t++)
    CHECK_NEAR(20 * rounding / gap * largest, (double)want.out_left[t], (double)got.out_left[t]);
}

void test_few_atoms_are_fetched(void) {
  agree(1);
  agree(KFIX_CUDA_KRON_NEAR);
}

void test_many_atoms_stay(void) {
  agree(KFIX_CUDA_KRON_NEAR + 1);
  agree(MOST);
}

/* A row by a square matrix: n products of numbers up to 1, each rounded to eps, and not to TF32's
 * 2^-11. */
void test_products_with_cosines_are_in_full_precision(void) {
  enum { N = 40 };
  make_side(0, N, LEFT, want.left, want.left_norm);
  make_side(1, N, RIGHT, want.right, want.right_norm);
  CHECK_INT(KFIX_OK, kfix_port_cuda.upload(&device, remote, &want, sizeof want));
  CHECK_INT(KFIX_OK, kfix_cuda_times(&device, 1, N, remote->right, KFIX_LD(N), remote->left,
                                     KFIX_LD(N), remote->out_left, KFIX_LD(N)));
  CHECK_INT(KFIX_OK, kfix_port_cuda.download(&device, &got, remote, sizeof got));
  for (size_t j = 0; j < N; j++) {
    double sum = 0;
    for (size_t i = 0; i < N; i++)
      sum += (double)want.right[i] * (double)want.left[i * KFIX_LD(N) + j];
    CHECK_NEAR(N * KFIX_REAL_EPS * sum, sum, (double)got.out_left[j]);
  }
}
