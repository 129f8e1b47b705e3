/* SPDX-License-Identifier: Apache-2.0
 * What a side's process does. */
#include "bench_side.h"

#include <stdlib.h>

#include "bench_blas.h"
#include "bench_case.h"
#include "bench_device.h"
#include "bench_image.h"
#include "bench_operands.h"
#include "bench_peak.h"
#include "bench_timing.h"
#include "factor/factor.h"
#include "port/posix/crew.h"

/* What a side is asked, and answers. */
typedef struct side_request {
  int index; /* of bench_cases, or BENCH_ASK_PEAK */
  int repeats;
} side_request;

typedef struct side_reply {
  double value; /* -1: it could not be done */
  tool_error err;
} side_reply;

/* One case at work. */
typedef struct side_work {
  const kfix_device *device; /* NULL: the BLAS */
  const bench_case *c;
  bench_operands operands, host; /* where it computes; where they were made */
} side_work;

enum { WIDEST = 2048 }; /* no kernel that is timed has a side longer than this */

static kfix_posix_crew crew;
static kfix_device device;
static tool_error open_error;
static int opened; /* 1: ready; -1: cannot be used */

static int open_port(const bench_side *side) {
  if (!side->port->is_host)
    return bench_device_open(&device, side->port, side->precision, WIDEST,
                             side->peak_order > WIDEST ? side->peak_order : WIDEST, &open_error);
  const size_t bytes = side->port->scratch_bytes(1, 1, side->threads, WIDEST);
  const size_t rounded = KFIX_ROUND_UP(bytes, (size_t)KFIX_ALIGN);
  device = (kfix_device){.port = side->port,
                         .crew = &crew.crew,
                         .scratch = aligned_alloc(KFIX_ALIGN, rounded),
                         .scratch_bytes = bytes,
                         .threads_max = side->threads};
  if (device.scratch == NULL) return tool_fail(&open_error, "no memory for the port's scratch");
  return 0;
}

/* Threads are started here, in the worker's process: they do not survive a fork. */
static int open_side(const bench_side *side) {
  if (side->blas != NULL) return bench_blas_open(side->blas, side->threads, &open_error);
  if (kfix_posix_crew_start(&crew, side->threads) != 0)
    return tool_fail(&open_error, "cannot start %u threads", side->threads);
  return side->port == NULL ? 0 : open_port(side);
}

static int on_device(const side_work *w) {
  return w->device != NULL && !w->device->port->is_host;
}

/* What fails here fails again when the work is run. */
static void prepare(void *arg) {
  const side_work *w = arg;
  if (on_device(w))
    (void)(bench_device_restore(w->device, &w->host, &w->operands) == KFIX_OK &&
           bench_device_wait(w->device));
  else
    bench_operands_restore(&w->operands);
}

static int wait_for(void *arg) {
  const side_work *w = arg;
  return !on_device(w) || bench_device_wait(w->device) == KFIX_OK ? 0 : -1;
}

static kfix_status run_on_port(const side_work *w) {
  const bench_case *c = w->c;
  const bench_operands *o = &w->operands;
  const kfix_port *port = w->device->port;
  size_t info;
  switch (c->kernel) {
    case BENCH_GEMM:
      return port->gemm(w->device, c->op_a, c->op_b, c->m, c->n, c->k, 1, o->a, o->lda, o->b,
                        o->ldb, 0, o->c, o->ldc);
    case BENCH_SYRK:
      return port->syrk(w->device, c->op_a, c->n, c->k, 1, o->a, o->lda, 0, o->c, KFIX_PACKED);
    case BENCH_SPD_INVERSE:
      return kfix_factor_inverse(w->device, c->n, o->a, o->lda, o->b, &info);
    case BENCH_EIGEN:
      return kfix_factor_eigen(w->device, c->n, o->a, o->lda, o->c, o->b, o->ldb, o->scratch,
                               &info);
    default:
      return bench_case_is_image(c) ? bench_image_run(w->device, c, o) : KFIX_ARGUMENT;
  }
}

static int run(void *arg) {
  const side_work *w = arg;
  if (w->device == NULL) return bench_blas_run(w->c, &w->operands);
  return run_on_port(w) == KFIX_OK ? 0 : -1;
}

static int place(side_work *w) {
  if (!on_device(w)) return 0;
  w->host = w->operands;
  return bench_device_operands(w->device, &w->host, &w->operands) == KFIX_OK ? 0 : -1;
}

static double time_case(const bench_side *side, const bench_case *c, int repeats, tool_error *err) {
  side_work w = {.device = side->port == NULL ? NULL : &device, .c = c};
  double seconds = -1;
  if (side->port == NULL && bench_case_is_image(c)) return 0; /* no BLAS has convolutions */
  if (bench_operands_make(w.c, &w.operands) != 0) {
    tool_format(err, "no memory for the operands");
  } else if (place(&w) != 0) {
    tool_format(err, "the operands do not reach the device");
  } else {
    const bench_work work = {&w, w.operands.start != NULL ? prepare : NULL, run, wait_for};
    seconds = bench_best_seconds(&work, repeats);
    if (seconds < 0) tool_format(err, "%s fails", bench_kernel_name(w.c->kernel));
  }
  bench_operands_free(w.host.a != NULL ? &w.host : &w.operands);
  return seconds;
}

static double measure_peak(const bench_side *side, int repeats, tool_error *err) {
  const size_t n = side->peak_order;
  const bench_case product = {BENCH_GEMM, KFIX_N, KFIX_N, n, n, n, 0};
  double best = 0;
  if (n > 0) {
    const double seconds = time_case(side, &product, repeats, err);
    return seconds > 0 ? bench_case_flops(&product) / seconds : -1;
  }
  for (int i = 0; i < repeats; i++) {
    const double flops = bench_peak_flops(&crew.crew);
    if (flops > best) best = flops;
  }
  return best;
}

static void answer(void *context, const void *request, void *reply) {
  const bench_side *side = context;
  const side_request *q = request;
  side_reply *r = reply;
  if (opened == 0) opened = open_side(side) == 0 ? 1 : -1;
  *r = (side_reply){.value = -1, .err = open_error};
  if (opened < 0) return;
  r->value = q->index == BENCH_ASK_PEAK
                 ? measure_peak(side, q->repeats, &r->err)
                 : time_case(side, &bench_cases[q->index], q->repeats, &r->err);
}

int bench_side_start(bench_side *side, tool_error *err) {
  return bench_worker_start(&side->worker, side->name, answer, side, sizeof(side_request),
                            sizeof(side_reply), err);
}

int bench_side_ask(bench_side *side, int index, int repeats, double *value, tool_error *err) {
  const side_request request = {index, repeats};
  side_reply reply;
  if (bench_worker_ask(&side->worker, &request, &reply, err) != 0) return -1;
  *value = reply.value;
  return reply.value >= 0 ? 0 : tool_fail(err, "%s: %.400s", side->name, reply.err.text);
}
