/* SPDX-License-Identifier: Apache-2.0
 * The best that was seen of this machine, or of its device. */
#include "bench_machine.h"

#define PEAK_REPEATS 5

/* Twice what is timed, so that a large device is full. */
size_t bench_peak_order(const bench_options *o) {
  return o->largest < BENCH_PEAK_ORDER_MAX / 2 ? 2 * o->largest : BENCH_PEAK_ORDER_MAX;
}

int bench_peak_start(bench_peak *peak, const bench_options *o, tool_error *err) {
  *peak = (bench_peak){.side = {.name = "the peak", .threads = o->threads}};
  if (bench_is_on_device(o)) {
    peak->side.port = o->port;
    peak->side.precision = o->precision;
    peak->side.peak_order = bench_peak_order(o);
  }
  if (bench_side_start(&peak->side, err) != 0) return -1;
  return bench_peak_update(peak, err);
}

int bench_peak_update(bench_peak *peak, tool_error *err) {
  double flops;
  if (bench_side_ask(&peak->side, BENCH_ASK_PEAK, PEAK_REPEATS, &flops, err) != 0) return -1;
  if (flops > peak->flops) peak->flops = flops;
  peak->sum += flops;
  peak->visits++;
  return 0;
}
