/* SPDX-License-Identifier: Apache-2.0
 * Several devices and threads: whatever device its caller has current, a trainer computes on its own and
 * leaves the caller's as it was; so it does with errors that are not its own. With GPU=1 on two devices, else
 * on two that are played by the host. */
#include <cuda_runtime_api.h>
#include <pthread.h>
#include <stdlib.h>

#include "check.h"
#include "cuda_dirty.h"
#include "gpu/cuda.h"
#include "reference_case.h"

enum { DEVICES = 2, STEPS = 12 };

/* A trainer on a device of its own. */
typedef struct life {
  ref_case c;
  kfix_cuda cuda;
  kfix_method method;
  uint64_t digest;
} life;

static life lives[DEVICES];

void setUp(void) {
  int count = 0;
  CHECK_INT(0, setenv("FAKE_CUDA_DEVICES", "2", 1));
  if (cudaGetDeviceCount(&count) != cudaSuccess || count < DEVICES) {
    printf("skip test_cuda_devices: fewer than two devices\n");
    exit(77);
  }
  CHECK_INT(cudaSuccess, cudaSetDevice(0));
}

static int current(void) {
  int device = -1;
  CHECK_INT(cudaSuccess, cudaGetDevice(&device));
  return device;
}

static void begin(life *l, int device, kfix_method method) {
  ref_case *c = &l->c;
  l->method = method;
  case_begin(c, KFIX_BERNOULLI, 2, (const uint32_t[]){13, 20, 7}, KFIX_TANH, KFIX_LINEAR, 70, 11);
  c->options.lambda = 1;
  const size_t host = kfix_host_bytes(&c->net, method, &kfix_port_cuda);
  const size_t all = kfix_bytes(&c->net, method, &kfix_port_cuda);
  c->arena = aligned_alloc(KFIX_ALIGN, host);
  CHECK_INT(KFIX_OK,
            kfix_cuda_open(&l->cuda, device, KFIX_CUDA_STRICT, all - host, c->arena, host));
  CHECK_INT(device, l->cuda.index);
  CHECK_INT(KFIX_OK, kfix_create(&c->k,
                                 &(kfix_setup){&c->net, method, &c->options, &kfix_port_cuda, NULL,
                                               &l->cuda, c->arena, host},
                                 NULL));
}

static void end(life *l) {
  kfix_cuda_close(&l->cuda);
  case_end(&l->c);
}

typedef struct image {
  unsigned char bytes[1 << 20];
  size_t written, taken;
} image;

static int write_image(void *context, const void *bytes, size_t count) {
  image *i = context;
  if (count > sizeof i->bytes - i->written) return 1;
  memcpy(i->bytes + i->written, bytes, count);
  i->written += count;
  return 0;
}

static int read_image(void *context, void *bytes, size_t count) {
  image *i = context;
  if (count > i->written - i->taken) return 1;
  memcpy(bytes, i->bytes + i->taken, count);
  i->taken += count;
  return 0;
}

/* One step and all else that can be asked for; the trainer's own device need not be current. */
static void live(life *l) {
  static _Thread_local image file;
  static _Thread_local kfix_real p[70 * 7], w[7 * 21];
  kfix *k = l->c.k;
  kfix_score score;
  double pi;
  file.written = file.taken = 0;
  CHECK_INT(KFIX_OK, kfix_step(k, &l->c.batch, NULL));
  CHECK_INT(KFIX_OK, kfix_evaluate(k, KFIX_ITERATE_AVERAGE, &l->c.batch, &score));
  CHECK_INT(KFIX_OK, kfix_predict(k, KFIX_ITERATE, &l->c.batch, p, 7));
  CHECK_INT(KFIX_OK, kfix_save(k, write_image, &file));
  CHECK_INT(KFIX_OK, kfix_load(k, read_image, &file));
  CHECK_INT(KFIX_OK, kfix_get_weights(k, KFIX_ITERATE, 2, w));
  if (l->method == KFIX_METHOD_kfac) CHECK_INT(KFIX_OK, kfix_number(k, "pi", 1, &pi));
  l->digest = kfix_digest(k);
}

/* What a trainer that is alone comes to, on the first device. */
static uint64_t expected(kfix_method method) {
  begin(&lives[0], 0, method);
  for (int i = 0; i < STEPS; i++) live(&lives[0]);
  const uint64_t digest = lives[0].digest;
  end(&lives[0]);
  return digest;
}

/* Turn by turn, with either device current. */
static void both(kfix_method method, kfix_cuda_graphs graphs) {
  const uint64_t digest = expected(method);
  for (int i = 0; i < DEVICES; i++) {
    begin(&lives[i], i, method);
    CHECK_INT(0, current());
    lives[i].cuda.graphs = graphs;
  }
  for (int step = 0; step < STEPS; step++)
    for (int i = 0; i < DEVICES; i++) {
      CHECK_INT(cudaSuccess, cudaSetDevice(step % DEVICES));
      live(&lives[i]);
      CHECK_INT(step % DEVICES, current());
    }
  for (int i = 0; i < DEVICES; i++) CHECK_U64(digest, lives[i].digest);
  CHECK_INT(cudaSuccess, cudaSetDevice(0));
  for (int i = 0; i < DEVICES; i++) end(&lives[i]);
  CHECK_INT(0, current());
}

void test_two_devices_in_one_thread(void) {
  static const kfix_method methods[] = {KFIX_METHOD_sgd, KFIX_METHOD_kfac, KFIX_METHOD_ekfac,
                                        KFIX_METHOD_deflation};
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
    both(methods[i], i % 2 ? KFIX_CUDA_GRAPHS_ON : KFIX_CUDA_GRAPHS_OFF);
}

/* Made in one thread; each step in a new one, which never chose a device. */
static void *step_once(void *at) {
  live(at);
  CHECK_INT(0, current());
  return NULL;
}

void test_steps_from_other_threads(void) {
  const uint64_t digest = expected(KFIX_METHOD_kfac);
  begin(&lives[1], 1, KFIX_METHOD_kfac);
  for (int i = 0; i < STEPS; i++) {
    pthread_t thread;
    CHECK_INT(0, pthread_create(&thread, NULL, step_once, &lives[1]));
    CHECK_INT(0, pthread_join(thread, NULL));
  }
  CHECK_U64(digest, lives[1].digest);
  end(&lives[1]);
}

static void *live_long(void *at) {
  for (int i = 0; i < STEPS; i++) live(at);
  return NULL;
}

void test_two_threads_at_once(void) {
  const uint64_t digest = expected(KFIX_METHOD_kfac);
  pthread_t thread[DEVICES];
  for (int i = 0; i < DEVICES; i++) begin(&lives[i], i, KFIX_METHOD_kfac);
  for (int i = 0; i < DEVICES; i++)
    CHECK_INT(0, pthread_create(&thread[i], NULL, live_long, &lives[i]));
  for (int i = 0; i < DEVICES; i++) CHECK_INT(0, pthread_join(thread[i], NULL));
  for (int i = 0; i < DEVICES; i++) {
    CHECK_U64(digest, lives[i].digest);
    end(&lives[i]);
  }
}

static int fetched_with;

static int fetch_and_look(void *context, size_t first, size_t rows, kfix_real *x, size_t ldx,
                          kfix_real *y, size_t ldy) {
  fetched_with = current();
  return kfix_fetch_table(context, first, rows, x, ldx, y, ldy);
}

/* Whoever is called back has the device that he had. */
void test_a_fetch_sees_its_callers_device(void) {
  begin(&lives[1], 1, KFIX_METHOD_kfac);
  lives[1].c.batch.fetch = fetch_and_look;
  fetched_with = -1;
  live(&lives[1]);
  CHECK_INT(0, fetched_with);
  end(&lives[1]);
}

/* An error that the program made before is neither a step's failure nor taken from the program, and a
 * refused call of the port's own is not left to it. */
void test_errors_of_others_stay_where_they_are(void) {
  CHECK_INT(cudaErrorInvalidDevice, cudaSetDevice(99));
  begin(&lives[0], 0, KFIX_METHOD_kfac);
  for (int i = 0; i < STEPS; i++) live(&lives[0]);
  CHECK(lives[0].cuda.graph.launches > 0);
  end(&lives[0]);
  CHECK_INT(cudaErrorInvalidDevice, cudaGetLastError());
  CHECK_INT(cudaSuccess, cudaGetLastError());
  CHECK_INT(KFIX_DEVICE_MEMORY,
            kfix_cuda_open(&lives[0].cuda, 0, KFIX_CUDA_STRICT, SIZE_MAX / 4, NULL, 0));
  CHECK_INT(cudaSuccess, cudaGetLastError());
}
