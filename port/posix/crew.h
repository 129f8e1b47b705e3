/* SPDX-License-Identifier: Apache-2.0
 * A crew of POSIX threads for the CPU ports. It lives in the caller's memory; the caller's own
 * thread takes part, so a crew of one starts no thread. */
#ifndef KFIX_POSIX_CREW_H
#define KFIX_POSIX_CREW_H

#include <pthread.h>
#include <sys/types.h>

#include "../port.h"

/* C++ sees the same bytes, and leaves them alone. */
#ifdef __cplusplus
#define KFIX_POSIX_SHARED(type) alignas(sizeof(type)) type
#else
#include <stdatomic.h>
#define KFIX_POSIX_SHARED(type) _Atomic(type)
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define KFIX_POSIX_THREADS_MAX 64

typedef void kfix_posix_task(void *arg, unsigned index);
typedef void *kfix_posix_arg;

/* Start it before use. It must not be moved or copied between start and stop. `crew.run` may be
 * called from one thread at a time, and not from inside a task. Workers compute in the default
 * floating-point environment, whatever the thread that starts them has.
 *
 * After a fork the parent's crew goes on. Its workers are not in the child: there `crew.check`, and so
 * kfix_create and kfix_step, answer KFIX_CREW, until the child starts the crew again. */
typedef struct kfix_posix_crew {
  kfix_crew crew; /* first: what kfix_device points to */

  /* The batch of tasks at work: a count of batches (32 bits), its tasks (16), the next of them
   * (16). A thread claims a task by adding one; it fails if any part has changed. */
  KFIX_POSIX_SHARED(uint64_t) ticket;
  KFIX_POSIX_SHARED(unsigned) left; /* tasks of the batch that are not done */
  KFIX_POSIX_SHARED(kfix_posix_task *) task;
  KFIX_POSIX_SHARED(kfix_posix_arg) arg;
  KFIX_POSIX_SHARED(unsigned) first; /* index of the batch's task 0 */

  KFIX_POSIX_SHARED(unsigned) sleeping; /* workers that wait for `wake` */
  KFIX_POSIX_SHARED(int) waiting;       /* the caller waits for `done` */
  KFIX_POSIX_SHARED(int) stopping;
  int spins;   /* waiting threads look for work for two milliseconds before they sleep */
  pid_t owner; /* the process that has the workers */
  pthread_mutex_t mutex;
  pthread_cond_t wake, done;
  pthread_t worker[KFIX_POSIX_THREADS_MAX - 1];
} kfix_posix_crew;

/* Starts threads - 1 workers, 1 <= threads <= KFIX_POSIX_THREADS_MAX. 0, or an error number of
 * pthread_create and its like (EINVAL for threads out of range); then nothing is left running. */
int kfix_posix_crew_start(kfix_posix_crew *c, unsigned threads);

/* Ends and joins the workers. No batch may be running. In a forked child it does nothing. */
void kfix_posix_crew_stop(kfix_posix_crew *c);

#ifdef __cplusplus
}
#endif

#endif
