/* SPDX-License-Identifier: Apache-2.0
 * A crew and a fork: the parent trains on; the child, where no workers are, is told so in finite time, and
 * trains on once it has started the crew again. */
#include <signal.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "kfix.h"
#include "port/posix/clock.h"
#include "port/posix/crew.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

enum { ROWS = 256, WIDE = 200, BYTES = 1 << 24, SECONDS = 60, FORKS = 20 };
static _Alignas(KFIX_ALIGN) unsigned char arena[2][BYTES];
static kfix_real x[ROWS * WIDE], y[ROWS];
static kfix_node_spec nodes[] = {KFIX_DENSE_NODE("a", 0, WIDE, WIDE, KFIX_TANH),
                                 KFIX_DENSE_NODE("b", 1, WIDE, 1, KFIX_LINEAR)};
static kfix_net net = {"fork",    nodes, 2, 2, WIDE, KFIX_MSE, KFIX_TARGET_VALUES,
                       256,       256,   3, 0, 0,    NULL,     0,
                       {0, 0, 0}, 0,     0};
static kfix_table table = {x, y, NULL, WIDE, 1};
static kfix_batch batch = {ROWS, kfix_fetch_table, &table, NULL};
static kfix_posix_crew crew;

static const kfix_port *port(void) {
  return kfix_port_simd.available() == KFIX_OK ? &kfix_port_simd : &kfix_port_ref;
}

static kfix_status create(kfix **k, int which, kfix_crew *hands) {
  return kfix_create(
      k, &(kfix_setup){&net, KFIX_METHOD_kfac, NULL, port(), hands, NULL, arena[which], BYTES},
      NULL);
}

void setUp(void) {
  for (size_t i = 0; i < sizeof x / sizeof *x; i++) x[i] = (kfix_real)(i * 37 % 101) / 101;
  for (size_t i = 0; i < sizeof y / sizeof *y; i++) y[i] = (kfix_real)(i * 11 % 13) / 13;
  CHECK_INT(0, kfix_posix_crew_start(&crew, 3));
}

void tearDown(void) {
  kfix_posix_crew_stop(&crew);
}

static void nap(long milliseconds) {
  const struct timespec time = {0, milliseconds * 1000000};
  nanosleep(&time, NULL);
}

/* What the child answers as its exit status; 127: it had to be ended, so it hangs. */
static int in_child(int (*work)(kfix *k), kfix *k) {
  const pid_t child = fork();
  if (child == 0) _exit(work(k));
  CHECK(child > 0);
  const double end = kfix_posix_seconds() + SECONDS;
  int status;
  while (waitpid(child, &status, WNOHANG) == 0) {
    if (kfix_posix_seconds() < end) {
      nap(2);
      continue;
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return 127;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

/* Each answer is KFIX_CREW, the state is as it was, and stopping does not wait for anybody. */
static int child_is_told(kfix *k) {
  kfix *another;
  kfix_score score;
  kfix_report report;
  const uint64_t before = kfix_digest(k);
  if (kfix_step(k, &batch, &report) != KFIX_CREW || report.status != KFIX_CREW) return 1;
  if (kfix_evaluate(k, KFIX_ITERATE, &batch, &score) != KFIX_CREW) return 2;
  if (create(&another, 1, &crew.crew) != KFIX_CREW || another) return 3;
  if (kfix_digest(k) != before) return 4;
  kfix_posix_crew_stop(&crew);
  return 0;
}

static void count(void *arg, unsigned index) {
  (void)index;
  atomic_fetch_add((_Atomic unsigned *)arg, 1);
}

/* The crew by itself: its caller does all of the tasks. */
static int child_runs_tasks_alone(kfix *k) {
  _Atomic unsigned done = 0;
  (void)k;
  for (int round = 0; round < 100; round++) crew.crew.run(&crew.crew, count, &done, 50);
  return atomic_load(&done) != 5000;
}

/* A step, a fork while workers spin or sleep, a step: as a trainer that nobody forks. */
static void forks(int (*work)(kfix *k)) {
  kfix *k, *calm;
  CHECK_INT(KFIX_OK, create(&k, 0, &crew.crew));
  CHECK_INT(KFIX_OK, create(&calm, 1, NULL));
  for (int i = 0; i < FORKS; i++) {
    CHECK_INT(KFIX_OK, kfix_step(k, &batch, NULL));
    CHECK_INT(KFIX_OK, kfix_step(calm, &batch, NULL));
    if (i % 2) nap(5);
    CHECK_INT(0, in_child(work, k));
    CHECK_U64(kfix_digest(calm), kfix_digest(k));
  }
}

void test_a_child_is_told_and_the_parent_trains_on(void) {
  forks(child_is_told);
}

void test_a_child_that_runs_tasks_does_not_hang(void) {
  forks(child_runs_tasks_alone);
}

/* ThreadSanitizer ends a forked child that starts threads. */
#ifndef __SANITIZE_THREAD__
static uint64_t expected;
static int child_starts_anew(kfix *k) {
  if (kfix_step(k, &batch, NULL) != KFIX_CREW) return 1;
  kfix_posix_crew_stop(&crew);
  if (kfix_posix_crew_start(&crew, 3) != 0) return 2;
  if (kfix_step(k, &batch, NULL) != KFIX_OK || kfix_digest(k) != expected) return 3;
  kfix_posix_crew_stop(&crew);
  return 0;
}

void test_a_child_that_starts_the_crew_again_goes_on_with_the_same_bits(void) {
  kfix *k, *calm;
  CHECK_INT(KFIX_OK, create(&k, 0, &crew.crew));
  CHECK_INT(KFIX_OK, create(&calm, 1, NULL));
  for (int i = 0; i < FORKS; i++) {
    CHECK_INT(KFIX_OK, kfix_step(calm, &batch, NULL));
    expected = kfix_digest(calm);
    CHECK_INT(0, in_child(child_starts_anew, k));
    CHECK_INT(KFIX_OK, kfix_step(k, &batch, NULL));
    CHECK_U64(expected, kfix_digest(k));
  }
}
#endif

static int child_of_one(kfix *k) {
  return kfix_step(k, &batch, NULL) != KFIX_OK;
}

void test_a_crew_of_one_has_nobody_to_miss(void) {
  kfix *k;
  kfix_posix_crew_stop(&crew);
  CHECK_INT(0, kfix_posix_crew_start(&crew, 1));
  CHECK_INT(KFIX_OK, create(&k, 0, &crew.crew));
  CHECK_INT(0, in_child(child_of_one, k));
}
