/* SPDX-License-Identifier: Apache-2.0
 * What kfix-bench is asked to do. */
#ifndef KFIX_TOOLS_BENCH_OPTIONS_H
#define KFIX_TOOLS_BENCH_OPTIONS_H

#include "cli/command_line.h"
#include "lib/kfix.h"

typedef enum bench_what { BENCH_ALL, BENCH_KERNELS, BENCH_STEPS, BENCH_UPDATES } bench_what;

typedef struct bench_options {
  bench_what what;
  int table;                  /* for people; else JSON lines */
  int profile;                /* steps: where the time goes, too */
  int between;                /* steps: no refreshes */
  kfix_method method;         /* KFIX_METHOD_COUNT: all */
  kfix_choice space;          /* of two-level */
  const kfix_port *port;      /* kernels: this one; NULL: all but ref */
  const kfix_port *step_port; /* steps: that one, or the fastest */
  int precision;              /* of TOOL_DEVICE_PRECISIONS */
  int graphs;                 /* of TOOL_DEVICE_GRAPHS */
  const char *blas;           /* path of a shared library; NULL: none */
  const char *data;           /* NULL: random numbers */
  size_t largest;             /* kernels up to this in every dimension */
  unsigned threads;
  size_t batch;
  int cpu_clock; /* measure processor time, not the wall's */
  int steps, repeats;
  double seconds; /* of wall time for the steps of one method */
} bench_options;

/* True where all that is timed is a device's: then the peak is its own. */
static inline int bench_is_on_device(const bench_options *o) {
  return o->port != NULL && !o->port->is_host;
}

/* True if the peak says something of what runs on a port. */
static inline int bench_peak_is_of(const bench_options *o, int on_device) {
  return !on_device || bench_is_on_device(o);
}

option_outcome bench_options_parse(bench_options *o, int argc, char **argv);

/* The network of this program's config. */
const kfix_net *bench_net(void);

/* The i-th linked port, slowest first; NULL past the last. */
const kfix_port *bench_port(int i);

/* Whether this machine can run the port. A device is asked by another process: its runtime does not
 * survive a fork, and each side of a comparison is a fork of this one. */
kfix_status bench_port_available(const kfix_port *port);

#endif
