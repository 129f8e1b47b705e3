/* SPDX-License-Identifier: Apache-2.0 */
/* Template: kfix_cpu_tasks of a port with threads. */
#ifndef KFIX_CPU_CREW_TASKS_H
#define KFIX_CPU_CREW_TASKS_H

#include "port/port.h"

/* Below so many operations a second thread costs more than it brings. */
#define KFIX_CPU_WORTH_A_THREAD 20000

static unsigned kfix_cpu_tasks(const kfix_device *d, size_t items, size_t cost) {
  if (!d->crew) return 1;
  const size_t worth = items * cost / KFIX_CPU_WORTH_A_THREAD;
  size_t tasks = d->crew->threads < d->threads_max ? d->crew->threads : d->threads_max;
  if (tasks > worth) tasks = worth;
  if (tasks > items) tasks = items;
  return tasks < 1 ? 1 : (unsigned)tasks;
}

#endif
