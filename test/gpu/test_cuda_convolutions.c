/* SPDX-License-Identifier: Apache-2.0
 * Whole steps of nets with convolutions and pools, normalisations, or convolutions of each channel by itself, on the CUDA
 * port: every method that takes it ends where it ends on the reference port but for rounding, and repeats its bits, with
 * graphs and without. With GPU=1 on a device, else on one played by the host (test/fake_cuda). */
#include "conv_case.h"
#include "cuda_trainer.h"

static const kfix_net *net; /* the one that is trained */
static conv_case here, there;
static void *arena;

static void take(const kfix_net *which) {
  net = which;
  trainer_device_take_for(net);
}

void setUp(void) {
  take(&conv_net);
}

void tearDown(void) {
  trainer_device_give();
}

static kfix_status create_here(kfix_method method) {
  const size_t bytes = kfix_bytes(net, method, &kfix_port_ref);
  arena = aligned_alloc(KFIX_ALIGN, bytes);
  return kfix_create(
      &here.k, &(kfix_setup){net, method, &here.options, &kfix_port_ref, NULL, NULL, arena, bytes},
      NULL);
}

static kfix_status create_there(kfix_method method) {
  const size_t bytes = kfix_host_bytes(net, method, &kfix_port_cuda);
  return kfix_create(
      &there.k,
      &(kfix_setup){net, method, &there.options, &kfix_port_cuda, NULL, &cuda, host_arena, bytes},
      NULL);
}

/* ||W - W of ref|| / ||W of ref|| over all blocks. */
static double distance(void) {
  double off = 0, all = 0;
  for (uint32_t b = 1; b <= net->block_count; b++) {
    kfix_real expected[CONV_WEIGHTS_MAX], actual[CONV_WEIGHTS_MAX];
    const kfix_node_spec *n = kfix_net_block(net, b - 1);
    CHECK_INT(KFIX_OK, kfix_get_weights(here.k, KFIX_ITERATE, b, expected));
    CHECK_INT(KFIX_OK, kfix_get_weights(there.k, KFIX_ITERATE, b, actual));
    for (size_t i = 0; i < (size_t)kfix_node_rows(n) * n->cols; i++) {
      off += pow((double)actual[i] - (double)expected[i], 2);
      all += pow((double)expected[i], 2);
    }
  }
  return sqrt(off / all);
}

/* The same for running moments, which are of size 1. */
static void check_moments(double tolerance) {
  kfix_real expected[12], actual[12];
  for (uint32_t b = 1; b <= net->block_count; b++) {
    const kfix_node_spec *n = kfix_net_block(net, b - 1);
    CHECK(n->moments <= 12);
    if (n->moments == 0) continue;
    CHECK_INT(KFIX_OK, kfix_get_moments(here.k, b, expected));
    CHECK_INT(KFIX_OK, kfix_get_moments(there.k, b, actual));
    for (uint32_t i = 0; i < n->moments; i++)
      CHECK_NEAR(tolerance, (double)expected[i], (double)actual[i]);
  }
}

/* As in test_cuda_training, ekfac-ra included, and two-level over it: S1 has fewer rows than A. */
static double tolerance_of(kfix_method method) {
  const int is_ra =
      method == KFIX_METHOD_ekfac_ra || method == (kfix_method)KFIX_ALONG(two_level, ekfac_ra);
  return is_ra ? 1e-2 : sqrt(KFIX_REAL_EPS);
}

static int trains(kfix_method method, kfix_choice conv) {
  conv_begin(&here, conv);
  conv_begin(&there, conv);
  /* What is normalised has no size: F is singular along it, where conjugate gradients enlarge what is rounded. */
  if (net->group) here.options.hf_iterations = there.options.hf_iterations = 4;
  const kfix_status status = create_here(method);
  CHECK_INT(status, create_there(method));
  if (status == KFIX_OK) {
    conv_steps(&here, 3);
    conv_steps(&there, 3);
    CHECK_NEAR(tolerance_of(method), 0, distance());
    check_moments(tolerance_of(method));
  }
  free(arena);
  return status == KFIX_OK;
}

void test_every_method_that_takes_convolutions_trains(void) {
  int trained[2] = {0, 0};
  for (kfix_choice conv = KFIX_CONV_EXPAND; conv <= KFIX_CONV_REDUCE; conv++)
    for (int m = 0; m >= 0; m = next_method(m)) trained[conv] += trains((kfix_method)m, conv);
  CHECK(trained[0] >= 4 && trained[1] > trained[0]); /* ekfac takes pairs alone */
}

/* The exact direction does not take examples that are coupled. */
void test_methods_train_normalisations(void) {
  int trained = 0;
  trainer_device_give();
  take(&normed_net);
  for (int m = 0; m >= 0; m = next_method(m)) trained += trains((kfix_method)m, KFIX_CONV_REDUCE);
  CHECK(trained > 8);
}

void test_methods_train_channels_by_themselves(void) {
  int trained = 0;
  trainer_device_give();
  take(&deep_net);
  for (int m = 0; m >= 0; m = next_method(m)) trained += trains((kfix_method)m, KFIX_CONV_REDUCE);
  CHECK(trained > 8);
}

static uint64_t life(kfix_method method, kfix_choice conv, kfix_cuda_graphs graphs) {
  conv_begin(&there, conv);
  CHECK_INT(KFIX_OK, create_there(method));
  cuda.graphs = graphs;
  conv_steps(&there, 8);
  CHECK(cuda.graph.failed == NULL);
  return kfix_digest(there.k);
}

static void repeats(kfix_method method, kfix_choice conv) {
  const uint64_t digest = life(method, conv, KFIX_CUDA_GRAPHS_OFF);
  const size_t before = cuda.graph.launches;
  CHECK_U64(digest, life(method, conv, KFIX_CUDA_GRAPHS_ON));
  CHECK(cuda.graph.launches > before);
  CHECK_U64(digest, life(method, conv, KFIX_CUDA_GRAPHS_ON));
}

void test_bits_repeat_with_graphs_and_without(void) {
  repeats(KFIX_METHOD_sgd, KFIX_CONV_EXPAND);
  repeats(KFIX_METHOD_kfac, KFIX_CONV_EXPAND);
  repeats(KFIX_METHOD_kfac, KFIX_CONV_REDUCE);
  repeats(KFIX_METHOD_ekfac, KFIX_CONV_REDUCE);
}

void test_bits_of_normalisations_repeat(void) {
  trainer_device_give();
  take(&normed_net);
  repeats(KFIX_METHOD_sgd, KFIX_CONV_EXPAND);
  repeats(KFIX_METHOD_kfac, KFIX_CONV_REDUCE);
  repeats(KFIX_METHOD_ekfac, KFIX_CONV_REDUCE);
}

void test_bits_of_channels_by_themselves_repeat(void) {
  trainer_device_give();
  take(&deep_net);
  repeats(KFIX_METHOD_kfac, KFIX_CONV_EXPAND);
  repeats(KFIX_METHOD_ekfac, KFIX_CONV_REDUCE);
}
