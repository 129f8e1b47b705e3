/* SPDX-License-Identifier: Apache-2.0
 * Ways around what cuSOLVER cannot give: a workspace larger than planned, batches of eigenproblems that
 * cannot be trusted. Steps go on and are right. On a device that is played by the host. */
#include "../fake_cuda/fake_device.h"
#include "cuda_trainer.h"

enum { WEIGHTS = 300 * 41, TRUSTED = 11703 };

static kfix_cuda_routes seen;

void setUp(void) {
  fake_devices(1, 13000);
}

void tearDown(void) {
  kfix_cuda_close(&cuda);
  fake_solver(0, 0);
  fake_solver_version(CUSOLVER_VERSION);
}

/* K-FAC's inverses go one by one above an order of 256. */
static uint32_t inner(kfix_method method) {
  return method == KFIX_METHOD_kfac ? 300 : 66;
}

static void begin_net(ref_case *c, kfix_method method) {
  const uint32_t widths[] = {40, inner(method), 21};
  case_begin(c, KFIX_BERNOULLI, 2, widths, KFIX_TANH, KFIX_LINEAR, 70, 11);
  c->options.lambda = 1;
}

static void begin(ref_case *c, kfix_method method) {
  begin_net(c, method);
  const size_t host = kfix_host_bytes(&c->net, method, &kfix_port_cuda);
  c->arena = aligned_alloc(KFIX_ALIGN, host);
  CHECK_INT(KFIX_OK, kfix_cuda_open(&cuda, 0, KFIX_CUDA_STRICT, device_bytes(&c->net, method),
                                    c->arena, host));
  CHECK_INT(KFIX_OK, kfix_create(&c->k,
                                 &(kfix_setup){&c->net, method, &c->options, &kfix_port_cuda, NULL,
                                               &cuda, c->arena, host},
                                 NULL));
}

/* The device may still read the arena, so it goes first. */
static void end(ref_case *c) {
  kfix_cuda_close(&cuda);
  case_end(c);
}

/* Three steps end where those of the reference port do, as in test_cuda_training. */
static void trains(kfix_method method) {
  static kfix_real expected[WEIGHTS], actual[WEIGHTS];
  ref_case here, there;
  begin(&there, method);
  begin_net(&here, method);
  CHECK_INT(KFIX_OK, case_create(&here, method, &kfix_port_simd, NULL));
  steps(&here, 3);
  steps(&there, 3);
  for (uint32_t layer = 1; layer <= 2; layer++) {
    const size_t count = layer == 1 ? 41 * (size_t)inner(method) : 21 * (size_t)(inner(method) + 1);
    double off = 0, all = 0;
    CHECK_INT(KFIX_OK, kfix_get_weights(here.k, KFIX_ITERATE, layer, expected));
    CHECK_INT(KFIX_OK, kfix_get_weights(there.k, KFIX_ITERATE, layer, actual));
    for (size_t i = 0; i < count; i++) {
      off += pow((double)actual[i] - (double)expected[i], 2);
      all += pow((double)expected[i], 2);
    }
    CHECK_NEAR(sqrt(KFIX_REAL_EPS), 0, sqrt(off / all));
  }
  seen = cuda.routes;
  end(&there);
  case_end(&here);
}

/* With all the workspace that there is and one gigabyte more. */
static void trains_on_the_host(kfix_method method, const char *because) {
  fake_solver(0, (size_t)1 << 30);
  trains(method);
  CHECK(seen.on_host > 0);
  CHECK_STR(because, seen.because);
  CHECK_INT(0, seen.batches + seen.alone);
  fake_solver(0, 0);
}

void test_a_workspace_that_was_not_planned_for(void) {
  trains_on_the_host(KFIX_METHOD_kfac, "cusolverDnXpotrf's workspace");
  trains_on_the_host(KFIX_METHOD_ekfac, "cusolverDnXsyevd's workspace");
  trains_on_the_host(KFIX_METHOD_deflation, "cusolverDnXsyevd's workspace");
}

void test_a_workspace_as_planned(void) {
  trains(KFIX_METHOD_ekfac);
  CHECK(seen.on_host == 0 && seen.because == NULL);
  CHECK(seen.batched >= 3 * 4 && seen.batches > 0);
}

/* The numbers on both sides of the first version that can be trusted. */
void test_batches_of_an_old_cusolver_are_refused(void) {
  fake_solver_version(TRUSTED - 1);
  trains(KFIX_METHOD_ekfac);
  CHECK_INT(0, seen.batches);
  CHECK(seen.alone >= 3 * 4);
  fake_solver_version(TRUSTED);
  trains(KFIX_METHOD_ekfac);
  CHECK(seen.batches > 0);
}

/* Eight problems of order 20 where cuSOLVER leaves room for four. */
void test_smaller_batches(void) {
  enum { ORDER = 32, JOBS = 8, N = 20 };
  static kfix_real a[JOBS * N * (N + 1) / 2];
  const size_t each = 3 * ORDER * ORDER * sizeof(kfix_real) + ORDER * sizeof(kfix_real) +
                      (ORDER + 1) * sizeof(double);
  kfix_eigen_job jobs[JOBS];
  size_t failed, info;
  ref_case c;
  begin(&c, KFIX_METHOD_ekfac);
  const kfix_device *d = &c.k->device;
  const size_t room = (size_t)((unsigned char *)cuda.scratch.sums - cuda.scratch.solver);
  kfix_real *to = c.k->buffer[KFIX_NET_THETA].at[0], *answers = c.k->buffer[KFIX_NET_THETA].at[1];
  for (size_t i = 0; i < JOBS; i++) {
    kfix_real *factor = a + i * KFIX_TRIANGLE(N);
    for (size_t j = 0; j < N; j++) factor[KFIX_TRIANGLE(j + 1) - 1] = (kfix_real)(j + i + 1);
    jobs[i] = (kfix_eigen_job){N, to + i * KFIX_TRIANGLE(N), answers + i * N * (N + 1),
                               answers + i * N * (N + 1) + N};
  }
  CHECK_INT(KFIX_OK, d->port->upload(d, to, a, sizeof a));
  fake_solver(0, room - 5 * each);
  CHECK_INT(KFIX_OK, d->port->factor->symmetric_eigens(d, JOBS, jobs, NULL, &failed, &info));
  CHECK_INT(JOBS, cuda.routes.batched);
  CHECK_INT(2, cuda.routes.batches);
  for (size_t i = 0; i < JOBS; i++) {
    kfix_real values[N];
    CHECK_INT(KFIX_OK, d->port->download(d, values, jobs[i].values, sizeof values));
    for (size_t j = 0; j < N; j++)
      CHECK_NEAR(100.0 * N * KFIX_REAL_EPS * (N + JOBS), (double)(i + j + 1), (double)values[j]);
  }
  end(&c);
}

/* The first job that has no inverse is named with its row, on the host as on the device. */
void test_the_host_names_what_is_not_positive_definite(void) {
  enum { N = 300, ROW = 200 };
  static kfix_real a[N * (N + 1) / 2];
  size_t failed = 9, info = 9;
  ref_case c;
  begin(&c, KFIX_METHOD_kfac);
  const kfix_device *d = &c.k->device;
  kfix_real *at = c.k->block[1].own[0].at[0];
  for (size_t i = 0; i < N; i++) a[KFIX_TRIANGLE(i + 1) - 1] = i + 1 == ROW ? -1 : 1;
  CHECK_INT(KFIX_OK, d->port->upload(d, at, a, sizeof a));
  const kfix_inverse_job jobs[] = {{5, 0, at, at + sizeof a / sizeof *a}, {N, 0, at, at}};
  fake_solver(0, (size_t)1 << 30);
  CHECK_INT(KFIX_NOT_POSITIVE, d->port->factor->spd_inverses(d, 2, jobs, &failed, &info));
  CHECK_INT(1, failed);
  CHECK_INT(ROW, info);
  CHECK_INT(KFIX_NOT_POSITIVE, d->port->factor->spd_inverse(d, N, at, KFIX_PACKED, NULL, &info));
  CHECK_INT(ROW, info);
  CHECK_INT(2, cuda.routes.on_host);
  end(&c);
}

/* Orders that the library's older entries cannot count. */
void test_sizes_beyond_int_are_refused(void) {
  size_t info;
  ref_case c;
  begin(&c, KFIX_METHOD_kfac);
  const kfix_device *d = &c.k->device;
  CHECK_INT(KFIX_PORT, d->port->factor->spd_inverse(d, 2, c.k->buffer[KFIX_NET_THETA].at[0],
                                                    (size_t)INT32_MAX, NULL, &info));
  CHECK_STR("an order beyond 32 bits", cuda.failed);
  end(&c);
}
