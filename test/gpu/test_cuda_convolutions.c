/* SPDX-License-Identifier: Apache-2.0
 * Whole steps of a net with convolutions and pools on the CUDA port: every method that takes it ends where
 * it ends on the reference port but for rounding, and repeats its bits, with graphs and without. With GPU=1
 * on a device, else on one played by the host (test/fake_cuda). */
#include "conv_case.h"
#include "cuda_trainer.h"

static conv_case here, there;
static void *arena;

void setUp(void) {
  trainer_device_take_for(&conv_net);
}

void tearDown(void) {
  trainer_device_give();
}

static kfix_status create_here(kfix_method method) {
  const size_t bytes = kfix_bytes(&conv_net, method, &kfix_port_ref);
  arena = aligned_alloc(KFIX_ALIGN, bytes);
  return kfix_create(
      &here.k,
      &(kfix_setup){&conv_net, method, &here.options, &kfix_port_ref, NULL, NULL, arena, bytes},
      NULL);
}

static kfix_status create_there(kfix_method method) {
  const size_t bytes = kfix_host_bytes(&conv_net, method, &kfix_port_cuda);
  return kfix_create(&there.k,
                     &(kfix_setup){&conv_net, method, &there.options, &kfix_port_cuda, NULL, &cuda,
                                   host_arena, bytes},
                     NULL);
}

/* ||W - W of ref|| / ||W of ref|| over all blocks. */
static double distance(void) {
  double off = 0, all = 0;
  for (uint32_t b = 1; b <= conv_net.block_count; b++) {
    kfix_real expected[CONV_WEIGHTS_MAX], actual[CONV_WEIGHTS_MAX];
    const kfix_node_spec *n = kfix_net_block(&conv_net, b - 1);
    CHECK_INT(KFIX_OK, kfix_get_weights(here.k, KFIX_ITERATE, b, expected));
    CHECK_INT(KFIX_OK, kfix_get_weights(there.k, KFIX_ITERATE, b, actual));
    for (size_t i = 0; i < (size_t)kfix_node_rows(n) * n->cols; i++) {
      off += pow((double)actual[i] - (double)expected[i], 2);
      all += pow((double)expected[i], 2);
    }
  }
  return sqrt(off / all);
}

/* As in test_cuda_training, ekfac-ra included: S1 has fewer rows than A. */
static double tolerance_of(kfix_method method) {
  return method == KFIX_METHOD_ekfac_ra ? 1e-2 : sqrt(KFIX_REAL_EPS);
}

static int trains(kfix_method method, kfix_choice conv) {
  conv_begin(&here, conv);
  conv_begin(&there, conv);
  const kfix_status status = create_here(method);
  CHECK_INT(status, create_there(method));
  if (status == KFIX_OK) {
    conv_steps(&here, 3);
    conv_steps(&there, 3);
    CHECK_NEAR(tolerance_of(method), 0, distance());
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
