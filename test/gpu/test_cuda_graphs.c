/* SPDX-License-Identifier: Apache-2.0
 * Pieces of a step as CUDA graphs: the bits are those of call by call, whatever comes in between, and
 * what cannot be a graph does without. With GPU=1 on a device, else on one played by the host. */
#include <string.h>

#include "cuda_trainer.h"
#include "curvature/kron_terms.h"
#include "port/posix/crew.h"

static const kind kinds[] = {{KFIX_CATEGORICAL, KFIX_ADAPTIVE, KFIX_KRON_FACTORS, 0},
                             {KFIX_BERNOULLI, KFIX_FIXED, KFIX_KRON_OPERATOR, 0}};

void setUp(void) {
  trainer_device_take();
}

void tearDown(void) {
  trainer_device_give();
}

/* What is left of a run of so many steps that scores its iterate every third. */
typedef struct outcome {
  uint64_t digest;
  double objectives;
  size_t launches;
} outcome;

static outcome run(kfix_method method, kind like, int count, kfix_cuda_graphs graphs) {
  ref_case c;
  kfix_score score;
  outcome end = {0, 0, cuda.graph.launches};
  trainer_begin(&c, method, like);
  cuda.graphs = graphs;
  for (int i = 0; i < count; i++) {
    steps(&c, 1);
    if (i % 3 == 0) CHECK_INT(KFIX_OK, kfix_evaluate(c.k, KFIX_ITERATE_AVERAGE, &c.batch, &score));
    if (i % 3 == 0) end.objectives += score.objective;
  }
  end.digest = kfix_digest(c.k);
  end.launches = cuda.graph.launches - end.launches;
  CHECK(cuda.graph.failed == NULL);
  case_end(&c);
  return end;
}

/* Refreshes, trials of gamma and of lambda, statistics that fade in: all happens in so many steps. */
void test_the_bits_are_the_same(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++) {
    const outcome off = run((kfix_method)m, kinds[m % 2], 23, KFIX_CUDA_GRAPHS_OFF);
    const outcome on = run((kfix_method)m, kinds[m % 2], 23, KFIX_CUDA_GRAPHS_ON);
    CHECK_U64(off.digest, on.digest);
    CHECK(off.objectives == on.objectives);
    CHECK_INT(0, off.launches);
    CHECK(on.launches > 10);
  }
}

/* The long pieces of a step of K-FAC, once its statistics have settled: gradient and model; the move is
 * of a few calls. */
void test_most_of_a_step_is_graphs(void) {
  ref_case c;
  trainer_begin(&c, KFIX_METHOD_kfac, kinds[0]);
  c.batch.rows = 64;
  steps(&c, 36);
  const size_t before = cuda.graph.launches;
  steps(&c, 3);
  CHECK(cuda.graph.launches - before >= 6);
  CHECK(cuda.graph.count <= KFIX_CUDA_GRAPHS_MAX);
  case_end(&c);
}

/* Off and on again between steps; and a new trainer on the same handles starts from no graphs. */
void test_the_choice_may_change_between_steps(void) {
  static const kfix_cuda_graphs choices[] = {KFIX_CUDA_GRAPHS_ON, KFIX_CUDA_GRAPHS_OFF,
                                             KFIX_CUDA_GRAPHS_KEPT};
  const outcome expected = run(KFIX_METHOD_kfac, kinds[1], 24, KFIX_CUDA_GRAPHS_OFF);
  ref_case c;
  trainer_begin(&c, KFIX_METHOD_kfac, kinds[1]);
  CHECK_INT(0, cuda.graph.count);
  for (int i = 0; i < 24; i++) {
    cuda.graphs = choices[i / 4 % 3];
    steps(&c, 1);
  }
  CHECK(cuda.graph.count > 0);
  CHECK_U64(expected.digest, kfix_digest(c.k));
  case_end(&c);
}

/* Batches of every size, each twice: more pieces than there is room for graphs. */
static uint64_t many_sizes(kfix_cuda_graphs graphs) {
  ref_case c;
  trainer_begin(&c, KFIX_METHOD_sgd, kinds[0]);
  c.options.learning_rate = 0.01;
  cuda.graphs = graphs;
  for (size_t rows = 1; rows < 40; rows++) {
    c.batch.rows = rows;
    steps(&c, 6);
  }
  const uint64_t digest = kfix_digest(c.k);
  case_end(&c);
  return digest;
}

void test_a_full_table_does_without(void) {
  const uint64_t expected = many_sizes(KFIX_CUDA_GRAPHS_OFF);
  CHECK_U64(expected, many_sizes(KFIX_CUDA_GRAPHS_ON));
  CHECK_INT(KFIX_CUDA_GRAPHS_MAX, cuda.graph.count);
  CHECK(cuda.graph.failed == NULL);
}

/* More than the stage holds, in pieces of odd sizes, copied by three threads; each source is
 * overwritten at once. */
void test_what_goes_up_may_be_changed_at_once(void) {
  enum { BYTES = 5000011, TIMES = 6 };
  static unsigned char bytes[BYTES], back[BYTES];
  ref_case c;
  trainer_begin(&c, KFIX_METHOD_sgd, kinds[0]);
  kfix_posix_crew crew;
  CHECK_INT(0, kfix_posix_crew_start(&crew, 3));
  kfix_device with_crew = c.k->device;
  with_crew.crew = &crew.crew;
  const kfix_device *d = &with_crew;
  unsigned char *room = (unsigned char *)d->scratch;
  for (int i = 0; i < TIMES; i++) {
    memset(bytes, i + 1, sizeof bytes);
    CHECK_INT(KFIX_OK, kfix_port_cuda.upload(d, room + (size_t)i * BYTES, bytes, sizeof bytes));
  }
  for (int i = 0; i < TIMES; i++) {
    memset(bytes, i + 1, sizeof bytes);
    CHECK_INT(KFIX_OK, kfix_port_cuda.download(d, back, room + (size_t)i * BYTES, sizeof back));
    CHECK_MEM(bytes, back, sizeof back);
  }
  kfix_posix_crew_stop(&crew);
  case_end(&c);
}

/* A list that is longer than its room, of calls that carry their bytes. */
void test_a_full_list_is_issued(void) {
  enum { CALLS = 700, BYTES = 1000 };
  static unsigned char bytes[CALLS * BYTES], back[CALLS * BYTES];
  ref_case c;
  trainer_begin(&c, KFIX_METHOD_sgd, kinds[0]);
  const kfix_device *d = &c.k->device;
  unsigned char *room = (unsigned char *)d->scratch;
  for (size_t turn = 0; turn < 4; turn++) {
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(i / 7 + turn + i % 3);
    for (size_t i = 0; i < CALLS; i++)
      CHECK_INT(KFIX_OK,
                kfix_port_cuda.upload(d, room + i * BYTES, bytes + i * BYTES, (size_t)BYTES));
    CHECK_INT(KFIX_OK, kfix_port_cuda.download(d, back, room, sizeof back));
    CHECK_MEM(bytes, back, sizeof back);
  }
  case_end(&c);
}
