/* SPDX-License-Identifier: Apache-2.0
 * Workers that claim tasks from one atomic word, spin a little between batches, then sleep.
 *
 * No wake-up is lost: a thread that goes to sleep first announces it (sleeping, waiting), then
 * looks again, under the mutex; the other side first publishes (ticket, left), then looks for
 * announcements. All of these are sequentially consistent, so one of the two sees the other. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include "port/posix/crew.h"

#include <errno.h>
#include <fenv.h>
#include <unistd.h>

#include "core/arithmetic.h"
#include "port/posix/clock.h"

#define BATCH_MAX 0xFFFFu
#define LOOKS     64 /* between two looks at the clock */

/* Longer than what a step does on one thread between two kernels. A worker that sleeps is back after
 * a millisecond or more where processors are virtual: no kernel of a small layer lasts so long. */
#define SPIN_SECONDS 2e-3

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static inline int has_task(uint64_t ticket) {
  return (ticket & BATCH_MAX) < (ticket >> 16 & BATCH_MAX);
}

static inline int worker_may_go_on(kfix_posix_crew *c) {
  return has_task(atomic_load(&c->ticket)) || atomic_load(&c->stopping);
}

static int batch_is_done(kfix_posix_crew *c) {
  return atomic_load(&c->left) == 0;
}

/* Waits at most SPIN_SECONDS for the condition; whether it holds. */
static int spin(kfix_posix_crew *c, int (*condition)(kfix_posix_crew *)) {
  if (!c->spins) return condition(c);
  const double end = kfix_posix_seconds() + SPIN_SECONDS;
  do {
    for (int i = 0; i < LOOKS; i++) {
      if (condition(c)) return 1;
      relax();
    }
  } while (kfix_posix_seconds() < end);
  return 0;
}

static void task_done(kfix_posix_crew *c) {
  if (atomic_fetch_sub(&c->left, 1) != 1 || !atomic_load(&c->waiting)) return;
  pthread_mutex_lock(&c->mutex);
  pthread_cond_signal(&c->done);
  pthread_mutex_unlock(&c->mutex);
}

/* Does tasks of the batch until none is left to claim. What it reads of the batch before the claim
 * belongs to the batch claimed: the next one is written only after every task is claimed. */
static void work(kfix_posix_crew *c) {
  uint64_t ticket = atomic_load(&c->ticket);
  while (has_task(ticket)) {
    void (*task)(void *, unsigned) = atomic_load(&c->task);
    void *arg = atomic_load(&c->arg);
    const unsigned index = atomic_load(&c->first) + (unsigned)(ticket & BATCH_MAX);
    if (atomic_compare_exchange_strong(&c->ticket, &ticket, ticket + 1)) {
      task(arg, index);
      task_done(c);
      ticket = atomic_load(&c->ticket);
    }
  }
}

static void sleep_until_work(kfix_posix_crew *c) {
  pthread_mutex_lock(&c->mutex);
  atomic_fetch_add(&c->sleeping, 1);
  while (!worker_may_go_on(c)) pthread_cond_wait(&c->wake, &c->mutex);
  atomic_fetch_sub(&c->sleeping, 1);
  pthread_mutex_unlock(&c->mutex);
}

/* A thread starts with its creator's rounding mode and flush-to-zero. */
static void *worker_main(void *arg) {
  kfix_posix_crew *c = arg;
  (void)fesetenv(FE_DFL_ENV);
  while (!atomic_load(&c->stopping)) {
    if (!spin(c, worker_may_go_on)) sleep_until_work(c);
    work(c);
  }
  return NULL;
}

static int is_forked(const kfix_posix_crew *c) {
  return c->owner != getpid();
}

/* In a forked child nobody is there to be woken, and one who is gone may have the mutex. */
static void wake_workers(kfix_posix_crew *c) {
  if (atomic_load(&c->sleeping) == 0 || is_forked(c)) return;
  pthread_mutex_lock(&c->mutex);
  pthread_cond_broadcast(&c->wake);
  pthread_mutex_unlock(&c->mutex);
}

static void wait_until_done(kfix_posix_crew *c) {
  if (spin(c, batch_is_done)) return;
  pthread_mutex_lock(&c->mutex);
  atomic_store(&c->waiting, 1);
  while (!batch_is_done(c)) pthread_cond_wait(&c->done, &c->mutex);
  atomic_store(&c->waiting, 0);
  pthread_mutex_unlock(&c->mutex);
}

static void run_batch(kfix_posix_crew *c, void (*task)(void *, unsigned), void *arg, unsigned first,
                      unsigned tasks) {
  const uint64_t batches = atomic_load(&c->ticket) >> 32;
  atomic_store(&c->task, task);
  atomic_store(&c->arg, arg);
  atomic_store(&c->first, first);
  atomic_store(&c->left, tasks);
  atomic_store(&c->ticket, (batches + 1) << 32 | (uint64_t)tasks << 16);
  wake_workers(c);
  work(c);
  wait_until_done(c);
}

static void run(kfix_crew *crew, void (*task)(void *, unsigned), void *arg, unsigned tasks) {
  kfix_posix_crew *c = (kfix_posix_crew *)crew;
  if (tasks < 2 || crew->threads < 2) {
    for (unsigned i = 0; i < tasks; i++) task(arg, i);
    return;
  }
  for (unsigned first = 0; first < tasks; first += BATCH_MAX) {
    const unsigned rest = tasks - first;
    run_batch(c, task, arg, first, rest < BATCH_MAX ? rest : BATCH_MAX);
    if (rest <= BATCH_MAX) return;
  }
}

static kfix_status check(const kfix_crew *crew) {
  const kfix_posix_crew *c = (const kfix_posix_crew *)crew;
  return crew->threads > 1 && is_forked(c) ? KFIX_CREW : KFIX_OK;
}

static void join_workers(kfix_posix_crew *c, unsigned count) {
  atomic_store(&c->stopping, 1);
  pthread_mutex_lock(&c->mutex);
  pthread_cond_broadcast(&c->wake);
  pthread_mutex_unlock(&c->mutex);
  for (unsigned i = 0; i < count; i++) pthread_join(c->worker[i], NULL);
  pthread_cond_destroy(&c->done);
  pthread_cond_destroy(&c->wake);
  pthread_mutex_destroy(&c->mutex);
}

static int start_tools(kfix_posix_crew *c) {
  int error = pthread_mutex_init(&c->mutex, NULL);
  if (error) return error;
  error = pthread_cond_init(&c->wake, NULL);
  if (error) goto no_wake;
  error = pthread_cond_init(&c->done, NULL);
  if (!error) return 0;
  pthread_cond_destroy(&c->wake);
no_wake:
  pthread_mutex_destroy(&c->mutex);
  return error;
}

int kfix_posix_crew_start(kfix_posix_crew *c, unsigned threads) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  if (threads < 1 || threads > KFIX_POSIX_THREADS_MAX) return EINVAL;
  c->crew.threads = threads;
  c->crew.run = run;
  c->crew.check = check;
  c->owner = getpid();
  atomic_init(&c->ticket, 0);
  atomic_init(&c->left, 0);
  atomic_init(&c->task, NULL);
  atomic_init(&c->arg, NULL);
  atomic_init(&c->first, 0);
  atomic_init(&c->sleeping, 0);
  atomic_init(&c->waiting, 0);
  atomic_init(&c->stopping, 0);
  c->spins = processors < 1 || threads <= (unsigned long)processors;
  int error = start_tools(c);
  if (error) return error;
  for (unsigned i = 0; i + 1 < threads; i++) {
    error = pthread_create(&c->worker[i], NULL, worker_main, c);
    if (error) {
      join_workers(c, i);
      return error;
    }
  }
  return 0;
}

void kfix_posix_crew_stop(kfix_posix_crew *c) {
  if (!is_forked(c)) join_workers(c, c->crew.threads - 1);
}
