/* SPDX-License-Identifier: Apache-2.0
 * What a trainer's process does. */
#include "bench_trainer.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench_clock.h"
#include "bench_data.h"
#include "port/posix/crew.h"
#include "ports/tool_device.h"

/* First-order methods must not diverge on what they are given here. */
#define SMALL_RATE 1e-4
#define NEVER      1000000 /* the most that the library takes */

static struct {
  kfix_posix_crew crew;
  kfix *k;
  size_t arena_bytes;
  void *handles; /* of a device */
} trainer;

/* ---- the trainer ---- */

/* On the host all of the plan is the arena; else a part of it, and the rest is the device's. */
static int create(const bench_trainer *t, const kfix_port *port, const kfix_options *settings,
                  tool_error *err) {
  const kfix_net *net = bench_net();
  trainer.arena_bytes = kfix_bytes(net, t->method, port);
  const size_t bytes = port->is_host ? trainer.arena_bytes : kfix_host_bytes(net, t->method, port);
  void *arena = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(bytes, (size_t)KFIX_ALIGN));
  if (arena == NULL) return tool_fail(err, "no memory for an arena of %zu bytes", bytes);
  if (tool_device_open(port, t->options->precision, trainer.arena_bytes - bytes, arena, bytes,
                       &trainer.handles, err) != 0)
    return -1;
  tool_device_set_graphs(trainer.handles, t->options->graphs);
  const kfix_setup setup = {.net = net,
                            .method = t->method,
                            .options = settings,
                            .port = port,
                            .crew = &trainer.crew.crew,
                            .handles = trainer.handles,
                            .arena = arena,
                            .bytes = bytes};
  const kfix_status status = kfix_create(&trainer.k, &setup, NULL);
  if (status == KFIX_OK) return 0;
  return tool_fail(err, "%s%s", kfix_status_text(status), tool_device_trouble(trainer.handles));
}

/* Those of the config, but for refreshes that are left out. */
static kfix_options settings_of(const bench_trainer *t) {
  kfix_options o = kfix_options_default(bench_net());
  o.coarse_space = t->options->space;
  if (kfix_net_suits(bench_net(), t->method, &o) == KFIX_NEEDS_PAIRS) o.conv = KFIX_CONV_REDUCE;
  if (kfix_method_of(t->method)->direction == NULL) o.learning_rate = SMALL_RATE;
  o = kfix_options_settled(&o, bench_net(), t->method);
  if (t->options->between) o.inverse_every = o.gamma_every = NEVER;
  return o;
}

static int open_trainer(const bench_trainer *t, tool_error *err) {
  const bench_options *o = t->options;
  const kfix_port *port = bench_counter(o->step_port, o->profile);
  const kfix_options settings = settings_of(t);
  if (bench_data_open(o, err) != 0) return -1;
  if (kfix_posix_crew_start(&trainer.crew, o->threads) != 0)
    return tool_fail(err, "cannot start %u threads", o->threads);
  return create(t, port, &settings, err);
}

static uint32_t common_divisor(uint32_t a, uint32_t b) {
  while (b != 0) {
    const uint32_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

static uint32_t common_multiple(uint32_t a, uint32_t b) {
  return a / common_divisor(a, b) * b;
}

/* Of all that does not happen at each step; what the settings of the config make longer than a run
 * is not waited for. */
static uint32_t period_of(const bench_trainer *t) {
  const kfix_options o = settings_of(t);
  if (kfix_method_of(t->method)->direction == NULL) return 1;
  const uint32_t often =
      o.driver == KFIX_FIXED ? o.stats_every : common_multiple(o.stats_every, o.lambda_every);
  if (t->options->between) return often;
  const uint32_t inverse = common_multiple(often, o.inverse_every);
  return o.driver == KFIX_FIXED ? inverse : common_multiple(inverse, o.gamma_every);
}

static void take_step(bench_step *out) {
  const kfix_batch batch = bench_data_next();
  kfix_report report;
  bench_counts_clear();
  const double began = bench_seconds();
  const kfix_status status = kfix_step(trainer.k, &batch, &report);
  out->seconds = bench_seconds() - began;
  for (int i = 0; i < BENCH_KIND_COUNT; i++) out->counts[i] = bench_counts[i];
  out->number = report.step;
  out->retries = report.retries;
  out->done = status == KFIX_OK;
  if (!out->done)
    tool_format(&out->err, "step: %s%s", kfix_status_text(status),
                tool_device_trouble(trainer.handles));
}

static void answer(void *context, const void *request, void *reply) {
  const bench_trainer *t = context;
  bench_step *out = reply;
  (void)request;
  *out = (bench_step){.done = 0};
  if (trainer.k == NULL && open_trainer(t, &out->err) != 0) return;
  out->arena_bytes = trainer.arena_bytes;
  out->period = period_of(t);
  take_step(out);
  if (trainer.handles != NULL)
    (void)snprintf(out->device, sizeof out->device, "%s; graphs %s",
                   tool_device_text(trainer.handles), tool_device_graphs(trainer.handles));
}

int bench_trainer_start(bench_trainer *t, tool_error *err) {
  return bench_worker_start(&t->worker, kfix_method_of(t->method)->name, answer, t, 1,
                            sizeof(bench_step), err);
}

int bench_trainer_step(bench_trainer *t, bench_step *out, tool_error *err) {
  if (bench_worker_ask(&t->worker, "s", out, err) != 0) return -1;
  return out->done ? 0 : tool_fail(err, "%s: %.400s", t->worker.name, out->err.text);
}
