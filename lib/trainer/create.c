/* SPDX-License-Identifier: Apache-2.0
 * Building a trainer in the caller's arena. */
#include <math.h>
#include <string.h>

#include "core/arithmetic.h"
#include "core/plan_walk.h"
#include "curvature/curvature.h"
#include "direction/direction.h"
#include "kfix.h"
#include "net/net.h"
#include "trainer/layout.h"

/* Sizes are computed in size_t: a net whose plan might not fit is refused before. */
static int plan_fits(const kfix_net *net) {
  float bound = KFIX_THREADS_BOUND(float, net->threads);
  for (uint32_t i = 0; i < net->node_count; i++)
    bound += KFIX_NODE_BOUND(float, net->chunk, kfix_net_stats_rows(net), net->nodes[i].cols,
                             kfix_node_rows(&net->nodes[i]), net->nodes[i].units,
                             kfix_net_units(net, net->nodes[i].from));
  return bound < (float)(SIZE_MAX / 2);
}

static kfix_status check_net(const kfix_net *net, kfix_method method) {
  if (!kfix_net_is_sound(net) || net->threads == 0 || net->threads > KFIX_THREADS_MAX ||
      !plan_fits(net))
    return KFIX_BAD_NET;
  return kfix_method_of(method)->chain && !kfix_net_is_chain(net) ? KFIX_NOT_A_CHAIN : KFIX_OK;
}

size_t kfix_bytes(const kfix_net *net, kfix_method method, const kfix_port *port) {
  if (!net || !port || !kfix_method_of(method)) return 0;
  if (check_net(net, method) != KFIX_OK) return 0;
  return kfix_plan_walk(net, kfix_method_of(method), port, NULL, NULL);
}

size_t kfix_host_bytes(const kfix_net *net, kfix_method method, const kfix_port *port) {
  if (!net || !port || !kfix_method_of(method)) return 0;
  return check_net(net, method) == KFIX_OK ? kfix_plan_host(net, kfix_method_of(method), port) : 0;
}

/* Where the regions go that are not the host's: behind it, or into the device's memory. */
static kfix_status find_memory(const kfix_port *port, void *handles, void *arena, size_t host_bytes,
                               size_t device_bytes, unsigned char **memory) {
  size_t bytes = 0;
  *memory = (unsigned char *)arena + host_bytes;
  if (port->is_host) return KFIX_OK;
  *memory = port->memory(handles, &bytes);
  return *memory && (uintptr_t)*memory % KFIX_ALIGN == 0 && bytes >= device_bytes
             ? KFIX_OK
             : KFIX_DEVICE_SMALL;
}

static kfix_status check_arena(const void *arena, size_t bytes, size_t size) {
  if ((uintptr_t)arena % KFIX_ALIGN) return KFIX_ARENA_ALIGN;
  return bytes < size ? KFIX_ARENA_SMALL : KFIX_OK;
}

/* strcmp is 700 bytes where bytes are dear. */
static int same_text(const char *a, const char *b) {
  for (; *a && *a == *b; a++) b++;
  return *a == *b;
}

static kfix_status compare_abi(const kfix_abi *program) {
  static const kfix_abi own = KFIX_ABI_OF_THIS_FILE;
  if (!program) return KFIX_ARGUMENT;
  if (program->enum_bytes != own.enum_bytes) return KFIX_ABI_ENUMS;
  if (program->net_bytes != own.net_bytes || program->options_bytes != own.options_bytes ||
      program->report_bytes != own.report_bytes)
    return KFIX_ABI_STRUCTS;
  const int same = same_text(program->methods, own.methods) && same_text(program->kinds, own.kinds);
  return same ? KFIX_OK : KFIX_ABI_METHODS;
}

/* Directions take any windows: it is the curvature below that may not. */
static kfix_status check_windows(const kfix_method_info *m, kfix_choice conv) {
  const kfix_curvature *c = m->curvature;
  if (c && c->takes == KFIX_TAKES_NO_WINDOWS) return KFIX_NO_WINDOWS;
  const int by_pairs = c && c->takes == KFIX_TAKES_PAIRS;
  return by_pairs && conv != KFIX_CONV_REDUCE ? KFIX_NEEDS_PAIRS : KFIX_OK;
}

/* Errors of coupled examples are drawn apart; a root of each, taken for all of them at once, has their cross terms too. */
static int is_exact(const kfix_method_info *m, const kfix_options *options) {
  return m->curvature && options && options->fisher == KFIX_FISHER_EXACT;
}

kfix_status kfix_net_suits(const kfix_net *net, kfix_method method, const kfix_options *options) {
  const kfix_method_info *m = kfix_method_of(method);
  if (!net || !m) return KFIX_ARGUMENT;
  KFIX_TRY(check_net(net, method));
  if (kfix_net_has_norms(net) && m->direction && m->direction->uncoupled) return KFIX_COUPLED;
  if (kfix_net_has_norms(net) && is_exact(m, options)) return KFIX_COUPLED;
  const kfix_choice conv = options ? options->conv : kfix_options_default(net).conv;
  return kfix_net_has_windows(net) ? check_windows(m, conv) : KFIX_OK;
}

/* Of the caller's description, in the order in which one would mend it. */
static kfix_status check_setup(const kfix_setup *s, const kfix_options *chosen) {
  KFIX_TRY(kfix_arithmetic_holds(s->crew));
  KFIX_TRY(kfix_net_suits(s->net, s->method, chosen));
  KFIX_TRY(kfix_options_check(chosen, NULL));
  KFIX_TRY(kfix_options_suit(chosen, s->method, NULL));
  const kfix_method_info *m = kfix_method_of(s->method);
  const kfix_direction *d = m->direction;
  return d && d->check ? d->check(s->net, m, chosen) : KFIX_OK;
}

/* All of the host's part is zero at first. */
static void begin(kfix *k, const kfix_setup *s, const kfix_options *chosen, size_t host_bytes) {
  memset(k, 0, host_bytes);
  k->net = s->net;
  k->watch = &k->observer;
  k->method = kfix_method_of(s->method);
  k->options = kfix_options_settled(chosen, s->net, s->method);
}

static kfix_status begin_port(kfix *k) {
  const kfix_port *port = k->device.port;
  const kfix_buffer *host = &k->buffer[KFIX_NET_PORT_HOST];
  if (!port->begin) return KFIX_OK;
  return port->begin(&k->device, k->parameters, k->net->chunk, kfix_widest(k->net, k->method),
                     host->at[0], host->count * sizeof(kfix_real));
}

static kfix_status start(kfix *k, unsigned char *memory, size_t host_bytes) {
  KFIX_TRY(begin_port(k));
  KFIX_TRY(kfix_clear(k, memory, host_bytes));
  k->now.lambda = kfix_first_lambda(&k->options);
  k->now.gamma = kfix_first_gamma(&k->options);
  return kfix_initialise(k);
}

kfix_status kfix_create_from(const kfix_abi *program, kfix **out, const kfix_setup *s,
                             size_t *needed) {
  if (!out) return KFIX_ARGUMENT;
  *out = NULL;
  KFIX_TRY(compare_abi(program)); /* before the setup is read */
  if (!s || !s->net || !s->port || !s->arena || !kfix_method_of(s->method) ||
      !s->port->loss) /* a table for predictors has none */
    return KFIX_ARGUMENT;
  const kfix_options chosen = s->options ? *s->options : kfix_options_default(s->net);
  unsigned char *memory;
  KFIX_TRY(check_setup(s, &chosen));
  const kfix_method_info *m = kfix_method_of(s->method);
  const size_t size = kfix_plan_walk(s->net, m, s->port, NULL, NULL);
  const size_t host = kfix_plan_host(s->net, m, s->port);
  const size_t own = s->port->is_host ? size : host;
  if (needed) *needed = own;
  KFIX_TRY(check_arena(s->arena, s->bytes, own));
  KFIX_TRY(s->port->available());
  KFIX_TRY(find_memory(s->port, s->handles, s->arena, host, size - host, &memory));
  kfix *k = s->arena;
  begin(k, s, &chosen, host);
  kfix_lay_out(k, s->port, s->crew, s->handles, memory, host);
  KFIX_TRY(start(k, memory, host));
  *out = k;
  return KFIX_OK;
}
