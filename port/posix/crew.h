/* SPDX-License-Identifier: Apache-2.0
 * A crew of POSIX threads for the CPU ports. It lives in the caller's memory; the caller's own
 * thread takes part, so a crew of one starts no thread. */
#ifndef KFIX_POSIX_CREW_H
#define KFIX_POSIX_CREW_H

#include <pthread.h>
#include <stdatomic.h>

#include "../port.h"

#define KFIX_POSIX_THREADS_MAX 64

/* Start it before use. It must not be moved or copied between start and stop. `crew.run` may be
 * called from one thread at a time, and not from inside a task. */
typedef struct kfix_posix_crew {
  kfix_crew crew; /* first: what kfix_device points to */

  /* The batch of tasks at work: a count of batches (32 bits), its tasks (16), the next of them
   * (16). A thread claims a task by adding one; it fails if any part has changed. */
  _Atomic uint64_t ticket;
  _Atomic unsigned left; /* tasks of the batch that are not done */
  void (*_Atomic task)(void *arg, unsigned index);
  void *_Atomic arg;
  _Atomic unsigned first; /* index of the batch's task 0 */

  _Atomic unsigned sleeping; /* workers that wait for `wake` */
  _Atomic int waiting;       /* the caller waits for `done` */
  _Atomic int stopping;
  int spins; /* waiting threads look for work for two milliseconds before they sleep */
  pthread_mutex_t mutex;
  pthread_cond_t wake, done;
  pthread_t worker[KFIX_POSIX_THREADS_MAX - 1];
} kfix_posix_crew;

/* Starts threads - 1 workers, 1 <= threads <= KFIX_POSIX_THREADS_MAX. 0, or an error number of
 * pthread_create and its like (EINVAL for threads out of range); then nothing is left running. */
int kfix_posix_crew_start(kfix_posix_crew *c, unsigned threads);

/* Ends and joins the workers. No batch may be running. */
void kfix_posix_crew_stop(kfix_posix_crew *c);

#endif
