/* SPDX-License-Identifier: Apache-2.0
 * kfix-bench: how fast, and how near to what the machine can do. See its --help. */
#include "bench_clock.h"
#include "bench_kernels.h"
#include "bench_options.h"
#include "bench_print.h"
#include "bench_steps.h"
#include "bench_update.h"
#include "cli/progress_line.h"
#include "files/standard_output.h"

static bench_options options;
static bench_peak peak;

static int wants(const bench_options *o, bench_what what) {
  return o->what == what || o->what == BENCH_ALL;
}

static int run(tool_error *err) {
  const bench_options *o = &options;
  const kfix_status status = bench_port_available(o->step_port);
  if (status != KFIX_OK)
    return tool_fail(err, "--port %s: this machine cannot run it (%s): take another",
                     o->step_port->name, kfix_status_text(status));
  bench_clock_use(o->cpu_clock ? BENCH_CPU : BENCH_WALL, o->threads);
  if (bench_peak_start(&peak, o, err) != 0) return -1;
  bench_print_machine(o, peak.flops);
  if (wants(o, BENCH_KERNELS) && bench_kernels_run(o, &peak, err) != 0) return -1;
  if (wants(o, BENCH_STEPS) && bench_steps_run(o, &peak, err) != 0) return -1;
  if (o->what == BENCH_UPDATES && bench_update_run(o, &peak, err) != 0) return -1;
  bench_print_foot(o, &peak);
  return 0;
}

static int run_program(int argc, char **argv) {
  tool_error err;
  const option_outcome outcome = bench_options_parse(&options, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome == OPTIONS_HELP ? 0 : 2;
  const int result = run(&err);
  bench_worker_stop(&peak.side.worker, NULL);
  progress_line_clear();
  return result == 0 ? 0 : tool_report("kfix-bench", &err);
}

int main(int argc, char **argv) {
  standard_output_begin();
  return standard_output_end("kfix-bench", run_program(argc, argv));
}
