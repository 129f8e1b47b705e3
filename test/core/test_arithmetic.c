/* SPDX-License-Identifier: Apache-2.0
 * A processor state that changes results is refused by every call that computes, and nothing is changed:
 * once it is undone, training goes on with the bits of a run that nobody disturbed. */
#include <fenv.h>
#include <math.h>

#include "check.h"
#include "core/arithmetic.h"
#include "kfix.h"
#include "port/posix/crew.h"
#include "port/ref/ref.h"

#if defined __x86_64__
#include <xmmintrin.h>
#endif

enum { ROWS = 23, BYTES = 1 << 22 };
static _Alignas(KFIX_ALIGN) unsigned char arena[2][BYTES];
static kfix_real x[ROWS * 5], y[ROWS * 3];
static kfix_node_spec nodes[] = {KFIX_DENSE_NODE("a", 0, 5, 7, KFIX_TANH),
                                 KFIX_DENSE_NODE("b", 1, 7, 3, KFIX_LINEAR)};
static kfix_net net = {"states", nodes, 2, 2,         5, KFIX_MSE, KFIX_TARGET_VALUES, 8, 4, 2, 0,
                       0,        NULL,  0, {0, 0, 0}, 0, 0};
static kfix_table table = {x, y, NULL, 5, 3};
static kfix_batch batch = {ROWS, kfix_fetch_table, &table, NULL};

void setUp(void) {
  for (size_t i = 0; i < sizeof x / sizeof *x; i++) x[i] = (kfix_real)(i * 37 % 19) / 19;
  for (size_t i = 0; i < sizeof y / sizeof *y; i++) y[i] = (kfix_real)(i * 11 % 13) / 13;
}

void tearDown(void) {
  fesetenv(FE_DFL_ENV);
}

static kfix *trainer(int which) {
  kfix *k;
  CHECK_INT(KFIX_OK, kfix_create(&k,
                                 &(kfix_setup){&net, KFIX_METHOD_kfac, NULL, &kfix_port_ref, NULL,
                                               NULL, arena[which], BYTES},
                                 NULL));
  return k;
}

/* ---- states ---- */

static void up(void) {
  CHECK_INT(0, fesetround(FE_UPWARD));
}
static void down(void) {
  CHECK_INT(0, fesetround(FE_DOWNWARD));
}
static void to_zero(void) {
  CHECK_INT(0, fesetround(FE_TOWARDZERO));
}
#if defined __x86_64__
static void flush_results(void) {
  _mm_setcsr(_mm_getcsr() | 0x8000);
}
static void flush_operands(void) {
  _mm_setcsr(_mm_getcsr() | 0x0040);
}
static void (*const states[])(void) = {up, down, to_zero, flush_results, flush_operands};
#elif defined __aarch64__
static void flush(void) {
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" : : "r"(control | 1u << 24));
}
static void (*const states[])(void) = {up, down, to_zero, flush};
#else
static void (*const states[])(void) = {up, down, to_zero};
#endif
enum { STATES = sizeof states / sizeof *states };

void test_each_state_is_seen(void) {
  CHECK(kfix_processor_rounds());
  CHECK(kfix_compiled_as_written());
  for (int i = 0; i < STATES; i++) {
    states[i]();
    CHECK(!kfix_processor_rounds());
    fesetenv(FE_DFL_ENV);
    CHECK(kfix_processor_rounds());
  }
}

void test_create_refuses_each_state_and_leaves_the_arena(void) {
  for (int i = 0; i < STATES; i++) {
    kfix *k = (kfix *)(void *)arena[1];
    memset(arena[0], 0x5a, 4096);
    states[i]();
    const kfix_status status = kfix_create(
        &k,
        &(kfix_setup){&net, KFIX_METHOD_kfac, NULL, &kfix_port_ref, NULL, NULL, arena[0], BYTES},
        NULL);
    fesetenv(FE_DFL_ENV);
    CHECK_INT(KFIX_PORT_ROUNDING, status);
    CHECK(k == NULL);
    for (int j = 0; j < 4096; j++) CHECK_INT(0x5a, arena[0][j]);
  }
}

/* Every call of a trainer that computes. */
static void refused(kfix *k, void (*state)(void)) {
  kfix_report report;
  kfix_score score;
  static kfix_real out[ROWS * 8], g[ROWS * 3];
  kfix_status status[5];
  state();
  status[0] = kfix_step(k, &batch, &report);
  status[1] = kfix_evaluate(k, KFIX_ITERATE, &batch, &score);
  status[2] = kfix_predict(k, KFIX_ITERATE, &batch, out, 3);
  status[3] = kfix_examples(k, &batch, 2, out, g);
  status[4] = kfix_set_weights(k, 2, out);
  fesetenv(FE_DFL_ENV);
  for (int i = 0; i < 5; i++) CHECK_INT(KFIX_PORT_ROUNDING, status[i]);
  CHECK_INT(KFIX_PORT_ROUNDING, report.status);
}

void test_a_state_between_steps_costs_no_bit(void) {
  kfix *disturbed = trainer(0), *calm = trainer(1);
  for (int step = 0; step < 30; step++) {
    const uint64_t before = kfix_digest(disturbed);
    refused(disturbed, states[step % STATES]);
    CHECK_U64(before, kfix_digest(disturbed));
    CHECK_INT(KFIX_OK, kfix_step(disturbed, &batch, NULL));
    CHECK_INT(KFIX_OK, kfix_step(calm, &batch, NULL));
    CHECK_U64(kfix_digest(calm), kfix_digest(disturbed));
  }
}

/* A source that leaves the processor in another state than it found it. */
static void (*careless_state)(void);
static int careless(void *source, size_t first, size_t rows, kfix_real *to, size_t ldx,
                    kfix_real *targets, size_t ldy) {
  if (careless_state && first == 8) careless_state();
  return kfix_fetch_table(source, first, rows, to, ldx, targets, ldy);
}

void test_a_state_set_by_the_source_is_refused(void) {
  kfix *k = trainer(0), *calm = trainer(1);
  const kfix_batch careless_batch = {ROWS, careless, &table, NULL};
  for (int i = 0; i < STATES; i++) {
    const uint64_t before = kfix_digest(k);
    kfix_score score;
    careless_state = states[i];
    const kfix_status step = kfix_step(k, &careless_batch, NULL);
    fesetenv(FE_DFL_ENV);
    const kfix_status evaluation = kfix_evaluate(k, KFIX_ITERATE, &careless_batch, &score);
    fesetenv(FE_DFL_ENV);
    careless_state = NULL;
    CHECK_INT(KFIX_PORT_ROUNDING, step);
    CHECK_INT(KFIX_PORT_ROUNDING, evaluation);
    CHECK_U64(before, kfix_digest(k));
    CHECK_INT(KFIX_OK, kfix_step(k, &careless_batch, NULL));
    CHECK_INT(KFIX_OK, kfix_step(calm, &batch, NULL));
    CHECK_U64(kfix_digest(calm), kfix_digest(k));
  }
}

void test_a_block_by_itself_refuses_each_state(void) {
  static kfix_node_spec one[] = {KFIX_DENSE_NODE("top", 0, 4, 3, KFIX_LINEAR)};
  const kfix_net block = {"block", one,  1, 1,         4, KFIX_MSE, KFIX_TARGET_VALUES, 24, 4, 1, 0,
                          0,       NULL, 0, {0, 0, 0}, 0, 0};
  kfix *k;
  kfix_real u[15];
  CHECK_INT(KFIX_OK, kfix_create(&k,
                                 &(kfix_setup){&block, KFIX_METHOD_kfac, NULL, &kfix_port_ref, NULL,
                                               NULL, arena[0], BYTES},
                                 NULL));
  CHECK_INT(KFIX_OK, kfix_block_absorb(k, ROWS, 0, x, y, 0.1));
  for (int i = 0; i < STATES; i++) {
    const uint64_t before = kfix_digest(k);
    states[i]();
    const kfix_status absorb = kfix_block_absorb(k, ROWS, 0.5, x, y, 0.1),
                      apply = kfix_block_apply(k, x, u);
    fesetenv(FE_DFL_ENV);
    CHECK_INT(KFIX_PORT_ROUNDING, absorb);
    CHECK_INT(KFIX_PORT_ROUNDING, apply);
    CHECK_U64(before, kfix_digest(k));
  }
}

/* ---- threads ---- */

static void look(void *rounds, unsigned index) {
  ((unsigned char *)rounds)[index] = (unsigned char)kfix_processor_rounds();
}

void test_workers_do_not_inherit_a_state(void) {
  static kfix_posix_crew crew;
  static unsigned char rounds[4096];
  for (int i = 0; i < STATES; i++) {
    states[i]();
    const int error = kfix_posix_crew_start(&crew, 4);
    fesetenv(FE_DFL_ENV);
    CHECK_INT(0, error);
    memset(rounds, 0, sizeof rounds);
    for (int round = 0; round < 20; round++) crew.crew.run(&crew.crew, look, rounds, sizeof rounds);
    for (size_t j = 0; j < sizeof rounds; j++) CHECK_INT(1, rounds[j]);
    kfix_posix_crew_stop(&crew);
  }
}

/* A crew of somebody else's, whose second hand is in another state. */
static void run_with_a_bad_hand(kfix_crew *crew, void (*task)(void *arg, unsigned index), void *arg,
                                unsigned tasks) {
  (void)crew;
  for (unsigned i = 0; i < tasks; i++) {
    if (i == 1) careless_state();
    task(arg, i);
    fesetenv(FE_DFL_ENV);
  }
}

void test_create_refuses_a_crew_with_a_hand_in_another_state(void) {
  kfix_crew crew = {2, run_with_a_bad_hand, NULL};
  for (int i = 0; i < STATES; i++) {
    kfix *k;
    careless_state = states[i];
    CHECK_INT(KFIX_PORT_ROUNDING,
              kfix_create(&k,
                          &(kfix_setup){&net, KFIX_METHOD_kfac, NULL, &kfix_port_ref, &crew, NULL,
                                        arena[0], BYTES},
                          NULL));
  }
  careless_state = NULL;
}
