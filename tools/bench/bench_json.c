/* SPDX-License-Identifier: Apache-2.0
 * JSON lines: "machine", "kernel", "step", "profile", "statistics". */
#include "arrays/json_writer.h"
#include "bench_peak.h"
#include "bench_print.h"

static json_writer begin_line(const char *what) {
  json_writer json = json_to(stdout);
  json_object(&json, NULL);
  json_string(&json, "what", what);
  return json;
}

static double or_null(double value, int there) {
  return there ? value : 0.0 / 0.0;
}

void bench_json_machine(const bench_options *o, double peak) {
  json_writer json = begin_line("machine");
  json_string(&json, "real", KFIX_REAL_NAME);
  json_unsigned(&json, "threads", o->threads);
  json_string(&json, "clock", o->cpu_clock ? "cpu" : "wall");
  json_double(&json, "peak_gflops", peak * 1e-9);
  json_string(
      &json, "peak_by",
      bench_is_on_device(o) ? "square product" : "loop of fused multiply-adds on registers");
  json_string(&json, "peak_vectors", bench_is_on_device(o) ? "" : bench_peak_vectors());
  json_end(&json);
}

static void kernel_line(const bench_options *o, const bench_kernel_times *times, int c, int side,
                        double peak) {
  const bench_case *k = &bench_cases[c];
  const double seconds = times->seconds[c][side], flops = bench_case_flops(k);
  char shape[BENCH_SHAPE_BYTES];
  json_writer json = begin_line("kernel");
  bench_case_shape(k, shape);
  json_string(&json, "kernel", bench_kernel_name(k->kernel));
  json_string(&json, "shape", shape);
  json_string(&json, "port", times->name[side]);
  json_unsigned(&json, "threads", o->threads);
  json_double(&json, "ms", seconds * 1e3);
  json_double(&json, "flops", flops);
  json_double(&json, "gflops", flops / seconds * 1e-9);
  json_double(&json, "of_peak",
              or_null(flops / seconds / peak, bench_peak_is_of(o, times->on_device[side])));
  json_double(&json, "to_one_thread",
              or_null(times->one_thread[c] / seconds, side == times->alone));
  json_end(&json);
}

void bench_json_kernels(const bench_options *o, const bench_kernel_times *times, double peak) {
  for (int c = 0; c < BENCH_CASE_COUNT; c++)
    for (int side = 0; side < times->sides; side++)
      if (times->seconds[c][side] > 0) kernel_line(o, times, c, side, peak);
}

static void profile_lines(const bench_method_times *t) {
  for (int i = 0; i < BENCH_KIND_COUNT; i++) {
    const bench_count *n = &t->counts[i];
    const double steps = (double)t->steps;
    if (n->calls == 0) continue;
    json_writer json = begin_line("profile");
    json_string(&json, "method", t->name);
    json_string(&json, "kernel", bench_kind_name((bench_kind)i));
    json_double(&json, "calls", (double)n->calls / steps);
    json_double(&json, "ms", n->seconds * 1e3 / steps);
    json_double(&json, "flops", n->flops / steps);
    json_double(&json, "bytes", n->bytes / steps);
    json_end(&json);
  }
}

void bench_json_method(const bench_options *o, const bench_method_times *t, double peak) {
  const double flops = bench_method_flops(t) / (double)t->steps, floor = flops / peak;
  const int with_sgd = t->sgd.mean > 0, with_floor = bench_peak_is_of(o, !o->step_port->is_host);
  json_writer json = begin_line("step");
  json_string(&json, "config", bench_net()->name);
  json_string(&json, "method", t->name);
  json_string(&json, "port", o->step_port->name);
  json_string(&json, "device", t->device);
  json_unsigned(&json, "threads", o->threads);
  json_unsigned(&json, "batch", o->batch);
  json_unsigned(&json, "steps", t->steps);
  json_unsigned(&json, "period", t->period);
  json_bool(&json, "between", o->between);
  json_bool(&json, "whole_periods", t->steps % t->period == 0);
  json_unsigned(&json, "retries", t->retries);
  json_double(&json, "ms", t->own.best_mean * 1e3);
  json_double(&json, "ms_mean", t->own.mean * 1e3);
  json_double(&json, "ms_median", t->own.median * 1e3);
  json_double(&json, "ms_worst", t->own.worst * 1e3);
  json_double(&json, "worst_to_mean", t->own.best_worst / t->own.best_mean);
  json_double(&json, "sgd_ms", or_null(t->sgd.best_mean * 1e3, with_sgd));
  json_double(&json, "to_sgd", or_null(t->own.best_mean / t->sgd.best_mean, with_sgd));
  json_double(&json, "flops", flops);
  json_double(&json, "floor_ms", or_null(floor * 1e3, with_floor));
  json_double(&json, "to_floor", or_null(t->own.best_mean / floor, with_floor));
  json_unsigned(&json, "arena_bytes", t->arena_bytes);
  json_unsigned(&json, "peak_resident_bytes", t->resident_bytes);
  json_end(&json);
  if (o->profile) profile_lines(t);
}

void bench_json_updates(const bench_options *o, const bench_update_times *times, int count,
                        double peak) {
  for (int i = 0; i < count; i++) {
    const bench_update_times *t = &times[i];
    if (t->seconds == 0) continue;
    json_writer json = begin_line("statistics");
    json_string(&json, "config", bench_net()->name);
    json_string(&json, "method", t->name);
    json_string(&json, "port", o->step_port->name);
    json_unsigned(&json, "threads", o->threads);
    json_unsigned(&json, "rows", o->batch);
    json_double(&json, "ms", t->seconds * 1e3);
    json_double(&json, "to_first", t->seconds / times->seconds);
    json_double(&json, "flops", t->flops);
    json_double(&json, "floor_ms", t->flops / peak * 1e3);
    json_double(&json, "flops_to_first", t->flops / times->flops);
    json_double(&json, "iterations", or_null(t->iterations, t->iterations > 0));
    json_double(&json, "apart", or_null(t->apart, t->iterations > 0));
    json_end(&json);
  }
}
