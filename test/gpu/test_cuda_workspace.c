/* SPDX-License-Identifier: Apache-2.0
 * What cuSOLVER asks for at the orders of real layers fits the plan. The numbers are printed: they
 * are its own and differ between versions. With GPU=1 on a device, else the fake's. */
#include "cuda_case.h"
#include "gpu/cuda_device.h"

#ifdef KFIX_REAL_DOUBLE
#define POTRI_BUFFER_SIZE cusolverDnDpotri_bufferSize
#else
#define POTRI_BUFFER_SIZE cusolverDnSpotri_bufferSize
#endif

typedef struct room {
  size_t device, host;
} room;

void setUp(void) {
  cuda_case_begin();
}

void tearDown(void) {
  cuda_case_end();
}

/* A matrix whose numbers nobody looks at. */
static kfix_real *matrix(void) {
  return remote->x;
}

static room cholesky(int64_t n) {
  room r;
  CHECK_INT(
      0, cusolverDnXpotrf_bufferSize(cuda.cusolver, cuda.solver_parameters, CUBLAS_FILL_MODE_UPPER,
                                     n, KFIX_CUDA_REAL_TYPE, matrix(), (int64_t)KFIX_LD(n),
                                     KFIX_CUDA_REAL_TYPE, &r.device, &r.host));
  return r;
}

static room inverse(int64_t n) {
  int elements = 0;
  CHECK_INT(0, POTRI_BUFFER_SIZE(cuda.cusolver, CUBLAS_FILL_MODE_UPPER, (int)n, matrix(),
                                 (int)KFIX_LD(n), &elements));
  return (room){(size_t)elements * sizeof(kfix_real), 0};
}

static room triangle(int64_t n) {
  room r;
  CHECK_INT(0, cusolverDnXtrtri_bufferSize(cuda.cusolver, CUBLAS_FILL_MODE_UPPER,
                                           CUBLAS_DIAG_NON_UNIT, n, KFIX_CUDA_REAL_TYPE, matrix(),
                                           (int64_t)KFIX_LD(n), &r.device, &r.host));
  return r;
}

static room eigen(int64_t n) {
  room r;
  CHECK_INT(0, cusolverDnXsyevd_bufferSize(
                   cuda.cusolver, cuda.solver_parameters, CUSOLVER_EIG_MODE_VECTOR,
                   CUBLAS_FILL_MODE_UPPER, n, KFIX_CUDA_REAL_TYPE, matrix(), (int64_t)KFIX_LD(n),
                   KFIX_CUDA_REAL_TYPE, remote->v, KFIX_CUDA_REAL_TYPE, &r.device, &r.host));
  return r;
}

void test_workspaces_fit_the_plan(void) {
  static const struct {
    const char *name;
    room (*of)(int64_t n);
    size_t squares; /* of those behind the workspace, what it may take */
  } calls[] = {
      {"potrf", cholesky, 0}, {"potri", inverse, 0}, {"trtri", triangle, 0}, {"syevd", eigen, 2}};
  static const int64_t orders[] = {1, 7, 31, 64, 129, 257, 512, 785, 1001, 2049, 4097};
  int too_large = 0;
  printf("%-6s %6s %14s %14s %14s\n", "call", "order", "device bytes", "planned", "host bytes");
  for (size_t c = 0; c < sizeof calls / sizeof calls[0]; c++)
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
      const room r = calls[c].of(orders[i]);
      const size_t n = (size_t)orders[i];
      const size_t planned =
          KFIX_CUDA_SOLVER_BYTES(n) + calls[c].squares * KFIX_CUDA_SQUARE_BYTES(n);
      too_large += r.device > planned || r.host > KFIX_CUDA_SOLVER_HOST_BYTES(n);
      printf("%-6s %6d %14zu %14zu %14zu\n", calls[c].name, (int)orders[i], r.device, planned,
             r.host);
    }
  CHECK_INT(0, too_large);
}

/* What a batch of eigenproblems asks for decides how many go together, not whether it works. */
void test_batches_of_eigenproblems_can_be_asked_for(void) {
  const size_t most = KFIX_CUDA_SOLVER_BYTES(1001) + 2 * KFIX_CUDA_SQUARE_BYTES(1001);
  printf("syevBatched, of %zu bytes beside layers of 1001\n", most);
  for (int64_t n = 32; n <= 512; n *= 2)
    for (int64_t count = 1; count <= KFIX_JOBS_MAX; count *= 4) {
      room r;
      CHECK_INT(
          0, cusolverDnXsyevBatched_bufferSize(
                 cuda.cusolver, cuda.solver_parameters, CUSOLVER_EIG_MODE_VECTOR,
                 CUBLAS_FILL_MODE_UPPER, n, KFIX_CUDA_REAL_TYPE, matrix(), n, KFIX_CUDA_REAL_TYPE,
                 remote->v, KFIX_CUDA_REAL_TYPE, &r.device, &r.host, count));
      printf("%3d of order %4d %14zu %14zu\n", (int)count, (int)n, r.device, r.host);
    }
}
