/* SPDX-License-Identifier: Apache-2.0
 * A crew does every task once, whatever its size, however often and however unevenly it works. */
#include <errno.h>
#include <stdatomic.h>

#include "check.h"
#include "port/posix/clock.h"
#include "port/posix/crew.h"

#define TASKS_MAX 70000

static kfix_posix_crew crew;
static _Atomic unsigned char done[TASKS_MAX];

static void mark(void *arg, unsigned index) {
  (void)arg;
  atomic_fetch_add(&done[index], 1);
}

/* Runs so many tasks; 1 if each ran exactly once and no other. */
static int each_once(unsigned tasks) {
  int once = 1;
  for (unsigned i = 0; i < TASKS_MAX; i++) atomic_store(&done[i], 0);
  crew.crew.run(&crew.crew, mark, NULL, tasks);
  for (unsigned i = 0; i < TASKS_MAX; i++) once &= atomic_load(&done[i]) == (i < tasks);
  return once;
}

void test_each_task_runs_once(void) {
  static const unsigned tasks[] = {0, 1, 2, 3, 7, 64, 1000, 65535, 65536, TASKS_MAX};
  for (unsigned threads = 1; threads <= 5; threads++) {
    CHECK_INT(0, kfix_posix_crew_start(&crew, threads));
    CHECK_INT(threads, crew.crew.threads);
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) CHECK(each_once(tasks[i]));
    kfix_posix_crew_stop(&crew);
  }
}

void test_thread_counts_out_of_range_are_refused(void) {
  CHECK_INT(EINVAL, kfix_posix_crew_start(&crew, 0));
  CHECK_INT(EINVAL, kfix_posix_crew_start(&crew, KFIX_POSIX_THREADS_MAX + 1));
}

void test_the_largest_crew_starts_and_stops(void) {
  CHECK_INT(0, kfix_posix_crew_start(&crew, KFIX_POSIX_THREADS_MAX));
  CHECK(each_once(300));
  kfix_posix_crew_stop(&crew);
}

/* Plain memory, written by one batch and read by the next: run must order the two. */
typedef struct chain {
  unsigned from[8], to[8];
} chain;

static void step(void *arg, unsigned index) {
  chain *c = arg;
  c->to[index] = c->from[(index + 1) % 8] + 1;
}

void test_a_batch_sees_what_the_one_before_wrote(void) {
  for (unsigned threads = 2; threads <= 4; threads++) {
    chain there = {{0}, {0}};
    CHECK_INT(0, kfix_posix_crew_start(&crew, threads));
    for (unsigned round = 0; round < 3000; round++) {
      crew.crew.run(&crew.crew, step, &there, 8);
      memcpy(there.from, there.to, sizeof there.from);
    }
    kfix_posix_crew_stop(&crew);
    for (int i = 0; i < 8; i++) CHECK_INT(3000, there.to[i]);
  }
}

static void dawdle(void *arg, unsigned index) {
  _Atomic unsigned *count = arg;
  const double end = kfix_posix_seconds() + (index == 0 ? 2e-3 : 0.0);
  while (kfix_posix_seconds() < end) continue;
  atomic_fetch_add(count, 1);
}

/* Long enough pauses that workers, and the caller, fall asleep. */
void test_sleepers_wake(void) {
  _Atomic unsigned count = 0;
  CHECK_INT(0, kfix_posix_crew_start(&crew, 2));
  for (int round = 0; round < 40; round++) {
    const double end = kfix_posix_seconds() + (round % 2 ? 1e-3 : 0.0);
    while (kfix_posix_seconds() < end) continue;
    crew.crew.run(&crew.crew, dawdle, &count, 3);
  }
  kfix_posix_crew_stop(&crew);
  CHECK_INT(120, atomic_load(&count));
}

void test_the_clock_goes_forward(void) {
  const double start = kfix_posix_seconds();
  double now = start;
  for (int i = 0; i < 1000; i++) {
    const double next = kfix_posix_seconds();
    CHECK(next >= now);
    now = next;
  }
  CHECK(now - start < 10);
}
