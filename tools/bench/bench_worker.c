/* SPDX-License-Identifier: Apache-2.0
 * Worker processes on two pipes. */
#define _DEFAULT_SOURCE /* wait4 */
#include "bench_worker.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_END, WRITE_END };

/* More than this program ever has open. */
enum { FILES_MAX = 64 };

/* All bytes, or -1. */
static int move_bytes(int file, void *bytes, size_t count, int writing) {
  char *at = bytes;
  while (count > 0) {
    const ssize_t done = writing ? write(file, at, count) : read(file, at, count);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return -1;
    at += done;
    count -= (size_t)done;
  }
  return 0;
}

/* Leaves no ends of other workers' pipes open here: they end when the last holder of the other end
 * closes it. */
static void close_others(int from, int to) {
  for (int file = STDERR_FILENO + 1; file < FILES_MAX; file++)
    if (file != from && file != to) (void)close(file);
}

static void serve(int from, int to, bench_answer *answer, void *context, size_t request_bytes,
                  size_t reply_bytes) {
  void *request = malloc(request_bytes), *reply = calloc(1, reply_bytes);
  while (request != NULL && reply != NULL && move_bytes(from, request, request_bytes, 0) == 0) {
    answer(context, request, reply);
    if (move_bytes(to, reply, reply_bytes, 1) != 0) break;
  }
  _exit(0);
}

int bench_worker_start(bench_worker *w, const char *name, bench_answer *answer, void *context,
                       size_t request_bytes, size_t reply_bytes, tool_error *err) {
  int down[2], up[2];
  *w = (bench_worker){.name = name, .request_bytes = request_bytes, .reply_bytes = reply_bytes};
  if (pipe(down) != 0) return tool_fail(err, "no pipe: %s", strerror(errno));
  if (pipe(up) != 0) {
    (void)close(down[READ_END]);
    (void)close(down[WRITE_END]);
    return tool_fail(err, "no pipe: %s", strerror(errno));
  }
  /* A worker that died is noticed by the reply that does not come. */
  (void)signal(SIGPIPE, SIG_IGN);
  (void)fflush(stdout);
  w->process = fork();
  if (w->process == 0) {
    close_others(down[READ_END], up[WRITE_END]);
    serve(down[READ_END], up[WRITE_END], answer, context, request_bytes, reply_bytes);
  }
  (void)close(down[READ_END]);
  (void)close(up[WRITE_END]);
  w->to = down[WRITE_END];
  w->from = up[READ_END];
  if (w->process > 0) return 0;
  w->process = 0;
  (void)close(w->to);
  (void)close(w->from);
  return tool_fail(err, "no process for %s: %s", name, strerror(errno));
}

int bench_worker_ask(bench_worker *w, const void *request, void *reply, tool_error *err) {
  /* write does not change what it is given */
  if (move_bytes(w->to, (void *)request, w->request_bytes, 1) == 0 &&
      move_bytes(w->from, reply, w->reply_bytes, 0) == 0)
    return 0;
  return tool_fail(err, "the process that times %s ended: out of memory, or killed", w->name);
}

void bench_worker_stop(bench_worker *w, size_t *peak_bytes) {
  struct rusage usage = {.ru_maxrss = 0};
  int status;
  if (w->process == 0) return;
  (void)close(w->to);
  (void)close(w->from);
  while (wait4(w->process, &status, 0, &usage) < 0 && errno == EINTR) continue;
  w->process = 0;
  if (peak_bytes != NULL) *peak_bytes = (size_t)usage.ru_maxrss * 1024;
}
