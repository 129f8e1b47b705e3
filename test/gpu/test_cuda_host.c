/* SPDX-License-Identifier: Apache-2.0
 * The host half of the CUDA port on a device that is played by the host (test/fake_cuda): it plans,
 * allocates and fails as it should. */
#include <cublas_v2.h>
#include <cuda_runtime_api.h>

#include "cuda_host_case.h"

void setUp(void) {
  host_case_start();
}

void tearDown(void) {
  host_case_stop();
}

static void step_fails(kfix *k, const kfix_batch *batch, const char *name, int n) {
  const uint64_t before = kfix_digest(k);
  fake_fail(name, n, cudaErrorLaunchFailure);
  CHECK_INT(KFIX_PORT, kfix_step(k, batch, NULL));
  CHECK(cuda.error != 0 && cuda.failed != NULL);
  fake_fail(NULL, 0, 0);
  CHECK_U64(before, kfix_digest(k));
}

static void fails(ref_case *c, const char *name, int n) {
  step_fails(c->k, &c->batch, name, n);
}

/* A launch, a library call and a copy that fail: the step says so and changes nothing. */
void test_failures_leave_the_state(void) {
  static const char *const names[] = {"element",     "lanes",           "cublasGemmEx",
                                      "cublasXsyrk", "cudaMemcpyAsync", "cudaStreamSynchronize"};
  ref_case c;
  begin(&c, KFIX_METHOD_kfac);
  cuda.graphs = KFIX_CUDA_GRAPHS_OFF;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    for (int n = 1; n < 4; n++) fails(&c, names[i], n);
  fails(&c, "cusolverDnXpotrfBatched", 1);
  fails(&c, "cublasXtrsmBatched", 2);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  end(&c);
}

static void images_fail(const kfix_net *net, size_t count, const char *const *names) {
  static conv_case c;
  begin_conv(&c, net, KFIX_METHOD_kfac);
  cuda.graphs = KFIX_CUDA_GRAPHS_OFF;
  for (size_t i = 0; i < count; i++)
    for (int n = 1; n < 4; n++) step_fails(c.k, &c.batch, names[i], n);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  end_conv();
}

void test_failures_on_images_leave_the_state(void) {
  static const char *const names[] = {"patches",
                                      "patches_back",
                                      "max_pool",
                                      "mean_pool",
                                      "max_pool_back",
                                      "mean_pool_back",
                                      "cublasGemmStridedBatchedEx"};
  static const char *const norms[] = {"norm_rows", "norm_fold", "norm_sums", "norm", "norm_back"};
  images_fail(&conv_net, sizeof names / sizeof names[0], names);
  static const char *const deep[] = {"depthwise", "depthwise_back", "depthwise_sums"};
  images_fail(&normed_net, sizeof norms / sizeof norms[0], norms);
  images_fail(&deep_net, sizeof deep / sizeof deep[0], deep);
}

void test_failing_factorizations_leave_the_state(void) {
  ref_case c;
  begin(&c, KFIX_METHOD_deflation);
  fails(&c, "cusolverDnXpotrf", 1);
  fails(&c, "cusolverDnXtrtri", 2);
  fails(&c, "cusolverDnXsyevd", 1);
  end(&c);
  begin(&c, KFIX_METHOD_ekfac);
  fails(&c, "cusolverDnXsyevBatched_bufferSize", 1);
  fails(&c, "cusolverDnXsyevBatched", 1);
  end(&c);
}

/* Nothing that a step does may allocate but the making of a graph: of all that could, the fakes have
 * what kfix_cuda_open and graphs call, and nothing else would link. */
void test_only_opening_a_device_and_graphs_allocate(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++) {
    ref_case c;
    begin(&c, (kfix_method)m);
    const int before = fake_allocations();
    CHECK(before > 0);
    cuda.graphs = KFIX_CUDA_GRAPHS_OFF;
    steps(&c, 3);
    CHECK_INT(before, fake_allocations());
    cuda.graphs = KFIX_CUDA_GRAPHS_ON;
    steps(&c, 24);
    const int warm = before + (int)cuda.graph.count;
    CHECK_INT(warm, fake_allocations());
    cuda.graphs = KFIX_CUDA_GRAPHS_KEPT;
    steps(&c, 23);
    CHECK_INT(warm, fake_allocations());
    end(&c);
    CHECK_INT(0, fake_graphs());
  }
}

/* A call that fails on the way to a graph costs nothing but graphs. Of `launches` the first ones are
 * of steps that are issued call by call: one that fails there is the step's. */
void test_without_graphs_a_step_goes_on(void) {
  static const char *const names[] = {
      "cudaStreamBeginCapture", "cudaStreamGetCaptureInfo",         "cudaStreamEndCapture",
      "cudaGraphInstantiate",   "cudaGraphExecKernelNodeSetParams", "cudaGraphLaunch"};
  ref_case c;
  begin(&c, KFIX_METHOD_kfac);
  cuda.graphs = KFIX_CUDA_GRAPHS_OFF;
  steps(&c, 24);
  const uint64_t expected = kfix_digest(c.k);
  end(&c);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    for (int n = 1; n < 6; n++) {
      begin(&c, KFIX_METHOD_kfac);
      fake_fail(names[i], n, cudaErrorStreamCaptureUnsupported);
      steps(&c, 24);
      CHECK_INT(KFIX_CUDA_GRAPHS_OFF, cuda.graphs);
      CHECK_INT(cudaErrorStreamCaptureUnsupported, cuda.graph.error);
      CHECK(cuda.graph.failed != NULL && cuda.failed == NULL);
      fake_fail(NULL, 0, 0);
      CHECK_U64(expected, kfix_digest(c.k));
      end(&c);
      CHECK_INT(0, fake_graphs());
    }
}

/* After an error that stays, as that of a kernel that went astray, every call answers it. */
void test_an_error_that_stays(void) {
  ref_case c;
  begin(&c, KFIX_METHOD_kfac);
  steps(&c, 6);
  CHECK(cuda.graph.launches > 0);
  fake_fail(NULL, FAKE_STAYS, cudaErrorIllegalAddress);
  for (int i = 0; i < 2; i++) {
    CHECK_INT(KFIX_PORT, kfix_step(c.k, &c.batch, NULL));
    CHECK_INT(cudaErrorIllegalAddress, cuda.error);
    CHECK(cuda.failed != NULL && strlen(kfix_status_text(KFIX_PORT)) > 0);
  }
  kfix_cuda_close(&cuda);
  fake_fail(NULL, 0, 0);
  case_end(&c);
}

/* What a step answers where cuSOLVER's info is not 0. */
static void solver_answers(kfix_method method, int info, kfix_status status, const char *failed) {
  ref_case c;
  begin(&c, method);
  const uint64_t before = kfix_digest(c.k);
  fake_solver(info, 0);
  CHECK_INT(status, kfix_step(c.k, &c.batch, NULL));
  if (failed)
    CHECK_STR(failed, cuda.failed);
  else
    CHECK(cuda.failed == NULL);
  fake_solver(0, 0);
  CHECK_U64(before, kfix_digest(c.k));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  end(&c);
}

void test_what_cusolver_answers(void) {
  solver_answers(KFIX_METHOD_kfac, 2, KFIX_NOT_POSITIVE, NULL);
  solver_answers(KFIX_METHOD_kfac, -4, KFIX_PORT, "cuSOLVER's argument");
  solver_answers(KFIX_METHOD_ekfac, 3, KFIX_NOT_CONVERGED, NULL);
}

static void opens(kfix_status status) {
  CHECK_INT(status, kfix_cuda_open(&cuda, 0, KFIX_CUDA_STRICT, 4096, NULL, 0));
  CHECK_INT(status == KFIX_OK ? 4096 : 0, fake_device_bytes());
  kfix_cuda_close(&cuda);
}

void test_what_stands_in_the_way_of_a_device_is_named(void) {
  opens(KFIX_OK);
  fake_devices(0, 13000);
  opens(KFIX_DEVICE_ABSENT);
  fake_devices(1, 0);
  opens(KFIX_DEVICE_ABSENT);
  fake_devices(1, 12000);
  opens(KFIX_DEVICE_DRIVER);
  fake_devices(1, 13000);
  fake_fail("cudaMalloc", 1, cudaErrorMemoryAllocation);
  opens(KFIX_DEVICE_MEMORY);
  fake_fail("cusolverDnCreate", 1, 7);
  opens(KFIX_PORT);
  fake_fail("cusolverDnCreateParams", 1, 7);
  opens(KFIX_PORT);
  fake_fail(NULL, 0, 0);
  CHECK_INT(KFIX_DEVICE_ABSENT, kfix_cuda_open(&cuda, 1, KFIX_CUDA_STRICT, 4096, NULL, 0));
  fake_fail("cudaFuncGetAttributes", 1, cudaErrorNoKernelImageForDevice);
  CHECK_INT(KFIX_PORT, kfix_cuda_open(&cuda, 0, KFIX_CUDA_STRICT, 4096, NULL, 0));
  CHECK_STR("kernels for this device", cuda.failed);
  fake_fail(NULL, 0, 0);
  opens(KFIX_OK);
}

static void opens_with(const char *name, const char *value, kfix_status status) {
  CHECK_INT(0, setenv(name, value, 1));
  CHECK_INT(status, kfix_cuda_open(&cuda, 0, KFIX_CUDA_TF32, 4096, NULL, 0));
  if (status != KFIX_OK) CHECK_STR(name, cuda.failed);
  CHECK_INT(0, unsetenv(name));
}

/* What would change results is refused; what only says what holds anyway is taken. */
void test_settings_of_the_environment(void) {
  const int is_float = sizeof(kfix_real) == sizeof(float);
  opens_with("NVIDIA_TF32_OVERRIDE", "1", KFIX_DEVICE_SETTINGS);
  opens_with("CUBLAS_EMULATE_SINGLE_PRECISION", "1", KFIX_DEVICE_SETTINGS);
  opens_with("CUBLAS_WORKSPACE_CONFIG", ":4096:8", KFIX_OK);
  CHECK_INT(is_float ? KFIX_CUDA_TF32 : KFIX_CUDA_STRICT, cuda.precision);
  kfix_cuda_close(&cuda);
  opens_with("NVIDIA_TF32_OVERRIDE", "0", KFIX_OK);
  CHECK_INT(KFIX_CUDA_STRICT, cuda.precision);
}

/* In a float build; in double there is one precision. */
static void computes(kfix_cuda_precision asked, int capability, kfix_cuda_precision given,
                     cublasComputeType_t type) {
  const int is_float = sizeof(kfix_real) == sizeof(float);
  ref_case c;
  case_begin(&c, KFIX_MSE, 2, (const uint32_t[]){7, 6, 5}, KFIX_TANH, KFIX_LINEAR, 70, 11);
  const size_t host = kfix_host_bytes(&c.net, KFIX_METHOD_sgd, &kfix_port_cuda);
  const size_t all = kfix_bytes(&c.net, KFIX_METHOD_sgd, &kfix_port_cuda);
  c.arena = aligned_alloc(KFIX_ALIGN, host);
  fake_capability(capability);
  CHECK_INT(KFIX_OK, kfix_cuda_open(&cuda, 0, asked, all - host, c.arena, host));
  CHECK_INT(is_float ? given : KFIX_CUDA_STRICT, cuda.precision);
  CHECK_INT(capability, cuda.identity.capability);
  CHECK_INT(KFIX_OK, kfix_create(&c.k,
                                 &(kfix_setup){&c.net, KFIX_METHOD_sgd, NULL, &kfix_port_cuda, NULL,
                                               &cuda, c.arena, host},
                                 NULL));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  CHECK_INT(is_float ? type : CUBLAS_COMPUTE_64F_PEDANTIC, fake_compute_type());
  fake_capability(90);
  end(&c);
}

void test_the_precision_in_force_is_known(void) {
  computes(KFIX_CUDA_STRICT, 90, KFIX_CUDA_STRICT, CUBLAS_COMPUTE_32F_PEDANTIC);
  computes(KFIX_CUDA_TF32, 90, KFIX_CUDA_TF32, CUBLAS_COMPUTE_32F_FAST_TF32);
  computes(KFIX_CUDA_BF16X9, 90, KFIX_CUDA_STRICT, CUBLAS_COMPUTE_32F_PEDANTIC);
  computes(KFIX_CUDA_BF16X9, 100, KFIX_CUDA_BF16X9, CUBLAS_COMPUTE_32F_EMULATED_16BFX9);
  computes(KFIX_CUDA_BF16X9, 103, KFIX_CUDA_BF16X9, CUBLAS_COMPUTE_32F_EMULATED_16BFX9);
}

void test_a_device_arena_one_byte_short(void) {
  ref_case c;
  case_begin(&c, KFIX_MSE, 2, (const uint32_t[]){7, 6, 5}, KFIX_TANH, KFIX_LINEAR, 70, 11);
  const size_t host = kfix_host_bytes(&c.net, KFIX_METHOD_kfac, &kfix_port_cuda);
  const size_t all = kfix_bytes(&c.net, KFIX_METHOD_kfac, &kfix_port_cuda);
  c.arena = aligned_alloc(KFIX_ALIGN, host);
  CHECK_INT(KFIX_OK, kfix_cuda_open(&cuda, 0, KFIX_CUDA_STRICT, all - host - 1, NULL, 0));
  CHECK_INT(KFIX_DEVICE_SMALL,
            kfix_create(&c.k,
                        &(kfix_setup){&c.net, KFIX_METHOD_kfac, NULL, &kfix_port_cuda, NULL, &cuda,
                                      c.arena, host},
                        NULL));
  case_end(&c);
}
