/* SPDX-License-Identifier: Apache-2.0
 * Tables for people; JSON is passed on to bench_json.c. */
#include "bench_print.h"

#include <stdio.h>

#include "bench_peak.h"
#include "cli/progress_line.h"

#define MIB (1024.0 * 1024.0)

/* Of the peak, on average: below it, something else was at work. */
#define QUIET 0.9

double bench_method_flops(const bench_method_times *times) {
  double flops = 0;
  for (int i = 0; i < BENCH_KIND_COUNT; i++) flops += times->counts[i].flops;
  return flops;
}

void bench_print_machine(const bench_options *o, double peak) {
  progress_line_clear();
  if (!o->table) {
    bench_json_machine(o, peak);
    return;
  }
  (void)printf("%s, %u thread%s; peak about %.0f GFLOP/s: ", KFIX_REAL_NAME, o->threads,
               o->threads > 1 ? "s" : "", peak * 1e-9);
  if (bench_is_on_device(o))
    (void)printf("product of order %zu on %s", bench_peak_order(o), o->port->name);
  else
    (void)printf("fused multiply-adds on registers (%s)", bench_peak_vectors());
  (void)printf("%s\n", o->cpu_clock ? "; processor time" : "");
}

/* ---- kernels ---- */

static void kernels_head(const bench_kernel_times *times) {
  (void)printf("\n%-12s %-20s", "kernel", "shape");
  for (int i = 0; i < times->sides; i++)
    (void)printf(" %9s ms %8s%s", times->name[i], "of peak", i == times->alone ? " 1 thread" : "");
  (void)printf("%s\n", times->with_blas && times->sides > 1 ? "  to blas" : "");
}

static double best_port(const bench_kernel_times *times, int c) {
  double best = times->seconds[c][0];
  for (int i = 1; i < times->sides - 1; i++)
    if (times->seconds[c][i] < best) best = times->seconds[c][i];
  return best;
}

/* A number with `digits` after the point, or a dash where there is none. */
static void print_or_dash(int there, int width, int digits, double value, const char *unit) {
  if (there)
    (void)printf(" %*.*f%s", width, digits, value, unit);
  else
    (void)printf(" %*s%s", width, "-", *unit != '\0' ? " " : "");
}

/* The side does not have the kernel. */
static void kernels_none(void) {
  (void)printf(" %12s %7s ", "-", "-");
}

static void kernels_row(const bench_options *o, const bench_kernel_times *times, int c,
                        double peak) {
  char shape[BENCH_SHAPE_BYTES];
  const double flops = bench_case_flops(&bench_cases[c]);
  bench_case_shape(&bench_cases[c], shape);
  (void)printf("%-12s %-20s", bench_kernel_name(bench_cases[c].kernel), shape);
  for (int i = 0; i < times->sides; i++) {
    if (times->seconds[c][i] == 0) {
      kernels_none();
      continue;
    }
    (void)printf(" %12.4g", times->seconds[c][i] * 1e3);
    print_or_dash(bench_peak_is_of(o, times->on_device[i]), 7, 0,
                  100 * flops / times->seconds[c][i] / peak, "%");
    if (i == times->alone) (void)printf(" %8.2f", times->one_thread[c] / times->seconds[c][i]);
  }
  if (times->with_blas && times->sides > 1 && times->seconds[c][times->sides - 1] > 0)
    (void)printf(" %8.2f", best_port(times, c) / times->seconds[c][times->sides - 1]);
  (void)printf("\n");
}

void bench_print_kernels(const bench_options *o, const bench_kernel_times *times, double peak) {
  progress_line_clear();
  if (!o->table) {
    bench_json_kernels(o, times, peak);
    return;
  }
  kernels_head(times);
  for (int c = 0; c < BENCH_CASE_COUNT; c++)
    if (times->seconds[c][0] > 0) kernels_row(o, times, c, peak);
  (void)printf("eigen: as if 9 n^3 flops\n");
  if (times->alone >= 0) (void)printf("1 thread: its time over that of all %u\n", o->threads);
  if (times->with_blas) (void)printf("to blas: the faster port's time over that of %s\n", o->blas);
}

/* ---- steps ---- */

void bench_print_steps_head(const bench_options *o) {
  progress_line_clear();
  if (!o->table) return;
  (void)printf("\nsteps of %s, batch %zu, port %s\n", bench_net()->name, o->batch,
               o->step_port->name);
  (void)printf("%-16s %9s %9s %7s %9s %9s %10s %12s\n", "method", "ms", "floor ms", "to SGD",
               "to floor", "slowest", "arena MiB", "resident MiB");
}

static void profile_table(const bench_method_times *t) {
  const double steps = (double)t->steps, whole = t->own.mean;
  double counted = 0;
  (void)printf("  %-14s %10s %9s %7s %9s %8s\n", "kernel", "calls/step", "ms/step", "share",
               "GFLOP/s", "GB/s");
  for (int i = 0; i < BENCH_KIND_COUNT; i++) {
    const bench_count *n = &t->counts[i];
    if (n->calls == 0) continue;
    counted += n->seconds / steps;
    (void)printf("  %-14s %10.1f %9.3f %6.1f%% %9.1f %8.1f\n", bench_kind_name((bench_kind)i),
                 (double)n->calls / steps, n->seconds * 1e3 / steps,
                 100 * n->seconds / steps / whole, n->flops / n->seconds * 1e-9,
                 n->bytes / n->seconds * 1e-9);
  }
  (void)printf("  %-14s %10s %9.3f %6.1f%%\n", "elsewhere", "", (whole - counted) * 1e3,
               100 * (whole - counted) / whole);
}

void bench_print_method(const bench_options *o, const bench_method_times *t, double peak) {
  const double floor = bench_method_flops(t) / (double)t->steps / peak, mean = t->own.best_mean;
  progress_line_clear();
  if (!o->table) {
    bench_json_method(o, t, peak);
    return;
  }
  const int with_floor = bench_peak_is_of(o, !o->step_port->is_host);
  (void)printf("%-16s %9.2f", t->name, mean * 1e3);
  print_or_dash(with_floor, 9, 2, floor * 1e3, "");
  (void)printf(" %7.2f", mean / t->sgd.best_mean);
  print_or_dash(with_floor, 9, 2, mean / floor, "");
  (void)printf(" %9.2f %10.1f %12.1f", t->own.best_worst / mean, (double)t->arena_bytes / MIB,
               (double)t->resident_bytes / MIB);
  if (t->retries > 0) (void)printf("  %llu retries", (unsigned long long)t->retries);
  if (t->steps % t->period != 0) (void)printf("  %zu steps of %zu", t->steps, t->period);
  (void)printf("\n");
  if (o->profile) profile_table(t);
}

/* ---- statistics ---- */

void bench_print_updates(const bench_options *o, const bench_update_times *times, int count,
                         double peak) {
  progress_line_clear();
  if (!o->table) {
    bench_json_updates(o, times, count, peak);
    return;
  }
  (void)printf("\nan update of the statistics of %s, %zu examples, port %s\n", bench_net()->name,
               o->batch, o->step_port->name);
  (void)printf("%-16s %9s %9s %9s %15s\n", "method", "ms", "floor ms", "to first",
               "flops to first");
  for (int i = 0; i < count; i++) {
    const bench_update_times *t = &times[i];
    if (t->seconds == 0) continue; /* a rival whose method is not in this build */
    (void)printf("%-16s %9.2f %9.2f %9.2f %15.2f", t->name, t->seconds * 1e3, t->flops / peak * 1e3,
                 t->seconds / times->seconds, t->flops / times->flops);
    if (t->iterations > 0) (void)printf("  %g iterations, %.1g apart", t->iterations, t->apart);
    (void)printf("\n");
  }
}

void bench_print_foot(const bench_options *o, const bench_peak *peak) {
  const double busy = peak->sum / peak->visits / peak->flops;
  if (!o->table) return;
  if (o->what == BENCH_ALL || o->what == BENCH_STEPS)
    (void)printf(
        "ms: mean over %s, of the shortest step in each phase\n"
        "floor: flops of the step's products and factorizations at the peak of %.0f GFLOP/s\n"
        "slowest: slowest step of a period over the mean; resident: peak of the whole process\n",
        o->between ? "a period without refreshes" : "a period of refreshes", peak->flops * 1e-9);
  if (busy < QUIET)
    (void)printf(
        "The machine was busy: the loop behind the peak reached %.0f%% of its best on "
        "average. Times are upper bounds.\n",
        100 * busy);
}
