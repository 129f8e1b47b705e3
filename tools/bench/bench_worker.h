/* SPDX-License-Identifier: Apache-2.0
 * Each side of a comparison works in a process of its own: threads of one library that spin do not
 * disturb another's, and the peak of its memory is its own. The parent asks one side at a time. */
#ifndef KFIX_TOOLS_BENCH_WORKER_H
#define KFIX_TOOLS_BENCH_WORKER_H

#include <stddef.h>
#include <sys/types.h>

#include "files/tool_error.h"

/* Answers one request; called in the worker's process, its threads started on the first call. */
typedef void bench_answer(void *context, const void *request, void *reply);

typedef struct bench_worker {
  const char *name; /* for messages */
  pid_t process;    /* 0: not running */
  int to, from;
  size_t request_bytes, reply_bytes;
} bench_worker;

/* Starts a process that answers requests until the other end is closed. The context is the
 * parent's as it stands now. */
int bench_worker_start(bench_worker *w, const char *name, bench_answer *answer, void *context,
                       size_t request_bytes, size_t reply_bytes, tool_error *err);

/* One request, one reply. */
int bench_worker_ask(bench_worker *w, const void *request, void *reply, tool_error *err);

/* Ends it. *peak_bytes (may be NULL): the most memory that it had resident. Does nothing if it does
 * not run. */
void bench_worker_stop(bench_worker *w, size_t *peak_bytes);

#endif
