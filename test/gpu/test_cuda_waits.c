/* SPDX-License-Identifier: Apache-2.0
 * How often the host waits for a device, and what goes there in batches: counted on one that is played
 * by the host. */
#include "cuda_host_case.h"

void setUp(void) {
  host_case_start();
}

void tearDown(void) {
  host_case_stop();
}

static int calls_of_a_step(ref_case *c, const char *name) {
  fake_fail(name, 0, 0);
  steps(c, 1);
  return fake_calls(name);
}

/* A step waits for its three read-backs, though the batch is of two chunks; a refresh once for the
 * traces that pi comes from and once for all inverses, or for all bases: they are one batch. */
void test_a_step_waits_for_what_it_reads_back(void) {
  static const struct {
    kfix_method method;
    int more;
    const char *batch;
  } cases[] = {{KFIX_METHOD_kfac, 2, "cusolverDnXpotrfBatched"},
               {KFIX_METHOD_ekfac, 1, "cusolverDnXsyevBatched"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    ref_case c;
    begin(&c, cases[i].method);
    c.k->options.inverse_every = 4;
    steps(&c, 6);
    CHECK_INT(3, calls_of_a_step(&c, "cudaStreamSynchronize"));
    CHECK_INT(3 + cases[i].more, calls_of_a_step(&c, "cudaStreamSynchronize"));
    steps(&c, 3);
    CHECK_INT(1, calls_of_a_step(&c, cases[i].batch));
    end(&c);
  }
}

/* Patches and pools are not waited for. */
void test_images_add_no_waits(void) {
  static conv_case c;
  begin_conv(&c, &conv_net, KFIX_METHOD_kfac);
  c.k->options.inverse_every = 4;
  conv_steps(&c, 6);
  fake_fail("cudaStreamSynchronize", 0, 0);
  conv_steps(&c, 1);
  CHECK_INT(3, fake_calls("cudaStreamSynchronize"));
  end_conv();
}

/* How often the stage is filled by these regions, those that are state. */
static size_t fills(const kfix_buffer *buffers, uint32_t count, size_t stage) {
  size_t sum = 0;
  for (uint32_t i = 0; i < count; i++)
    if (buffers[i].at[1] && buffers[i].group < KFIX_GROUP_STATES)
      sum += (buffers[i].count + stage - 1) / stage;
  return sum;
}

/* A digest looks at all of the state and waits for the device as often as the stage is full. */
void test_a_digest_waits_for_full_stages(void) {
  ref_case c;
  begin_net(&c, KFIX_METHOD_kfac, (const uint32_t[]){40, 300, 21});
  steps(&c, 1);
  const size_t stage = c.k->buffer[KFIX_NET_STAGE].count;
  size_t expected = fills(c.k->buffer, KFIX_NET_REGION_COUNT, stage);
  expected += fills(c.k->own, c.k->method->plan->net_region_count, stage);
  for (uint32_t i = 0; i < c.k->depth; i++)
    expected += fills(c.k->block[i].own, c.k->method->plan->block_region_count, stage);
  fake_fail("cudaStreamSynchronize", 0, 0);
  CHECK(kfix_digest(c.k) != 0);
  CHECK_INT(expected, fake_calls("cudaStreamSynchronize"));
  end(&c);
}

/* Of the arena, which is pinned: also where the answer is wanted on the stack or in memory of the caller. */
void test_copies_are_between_the_device_and_pinned_memory(void) {
  static kfix_real p[70 * 5], w[6 * 8];
  ref_case c;
  kfix_score score;
  const int before = fake_pageable_copies();
  begin(&c, KFIX_METHOD_kfac);
  steps(&c, 6);
  CHECK_INT(KFIX_OK, kfix_evaluate(c.k, KFIX_ITERATE, &c.batch, &score));
  CHECK_INT(KFIX_OK, kfix_predict(c.k, KFIX_ITERATE, &c.batch, p, 5));
  CHECK_INT(KFIX_OK, kfix_get_weights(c.k, KFIX_ITERATE, 1, w));
  CHECK(kfix_digest(c.k) != 0);
  CHECK_INT(before, fake_pageable_copies());
  end(&c);
}
