/* SPDX-License-Identifier: Apache-2.0
 * Building a trainer in the caller's arena. */
#include <math.h>
#include <string.h>

#include "core/arithmetic.h"
#include "kfix.h"
#include "net/net.h"

/* Sizes are computed in size_t: a net whose plan might not fit is refused before. */
static int plan_fits(const kfix_net *net) {
  double bound = KFIX_THREADS_BOUND(double, net->threads);
  for (uint32_t i = 0; i < net->depth; i++)
    bound += KFIX_LAYER_BOUND(double, net->chunk, kfix_net_stats_rows(net), net->layers[i].in,
                              net->layers[i].out);
  return bound < (double)(SIZE_MAX / 2);
}

static int net_is_valid(const kfix_net *net) {
  return kfix_net_is_sound(net) && net->threads > 0 && net->threads <= KFIX_THREADS_MAX &&
         plan_fits(net);
}

typedef struct placing {
  kfix *k;
  unsigned char *device; /* where the regions lie that are not the host's */
  size_t host_bytes;
} placing;

/* Points a region's buffer at its place. */
static void place(void *context, const kfix_region *region) {
  const placing *p = context;
  kfix *k = p->k;
  if (!region->layer && region->id == KFIX_NET_REGION_COUNT) return;
  kfix_buffer *b =
      region->layer ? &k->layer[region->layer - 1].buffer[region->id] : &k->buffer[region->id];
  unsigned char *start = region->group == KFIX_GROUP_HOST
                             ? (unsigned char *)(void *)k + region->offset
                             : p->device + (region->offset - p->host_bytes);
  b->count = region->count;
  b->group = region->group;
  for (uint32_t copy = 0; copy < region->copies; copy++)
    b->at[copy] = (kfix_real *)(void *)(start + copy * region->copy_bytes);
  if (k->device.port->is_host) kfix_guard_write(b);
}

static void lay_out(kfix *k, const kfix_port *port, kfix_crew *crew, void *handles,
                    unsigned char *device) {
  size_t w = 0;
  for (uint32_t i = 0; i < k->net->depth; i++) {
    kfix_layer *l = &k->layer[i];
    l->in = k->net->layers[i].in;
    l->out = k->net->layers[i].out;
    l->activation = kfix_net_activation(k->net, i);
    l->w = w;
    w += KFIX_W_COUNT(l->in, l->out);
  }
  k->parameters = w;
  k->device.port = port;
  placing where = {k, device, kfix_host_bytes(k->net, port)};
  kfix_plan_walk(k->net, k->method, port, place, &where);
  const kfix_buffer *scratch = &k->buffer[KFIX_NET_PORT];
  k->device = (kfix_device){
      port, crew, scratch->at[0], scratch->count * sizeof(kfix_real), k->net->threads, handles};
}

static kfix_status clear_buffer(kfix *k, const kfix_buffer *b) {
  for (int copy = 0; copy < 2; copy++)
    if (b->at[copy] && b->count) KFIX_RUN(k, fill, 1, b->count, 0, b->at[copy], b->count);
  return KFIX_OK;
}

/* The host's part, which kernels do not reach. */
static void clear_host(kfix *k) {
  const kfix_buffer *row = &k->buffer[KFIX_NET_ROW], *stage = &k->buffer[KFIX_NET_STAGE];
  memset(row->at[0], 0, row->count * sizeof(kfix_real));
  memset(stage->at[0], 0, stage->count * sizeof(kfix_real));
}

/* Zeroes everywhere, and ones where the homogeneous coordinate of each layer stands. */
static kfix_status clear(kfix *k) {
  clear_host(k);
  for (int i = 0; i < KFIX_NET_REGION_COUNT; i++)
    if (i != KFIX_NET_PORT && k->buffer[i].group != KFIX_GROUP_HOST)
      KFIX_TRY(clear_buffer(k, &k->buffer[i]));
  for (uint32_t i = 0; i < k->net->depth; i++) {
    const kfix_rows abar = kfix_abar(k, i);
    for (int j = 0; j < KFIX_LAYER_REGION_COUNT; j++)
      KFIX_TRY(clear_buffer(k, &k->layer[i].buffer[j]));
    KFIX_RUN(k, fill, k->net->chunk, 1, 1, abar.at + k->layer[i].in, abar.ld);
  }
  return KFIX_OK;
}

static void start_scalars(kfix *k) {
  k->now.lambda = kfix_first_lambda(&k->options);
  k->now.gamma = kfix_first_gamma(&k->options);
}

size_t kfix_bytes(const kfix_net *net, kfix_method method, const kfix_port *port) {
  if (!net || !port || (unsigned)method >= KFIX_METHOD_COUNT || !net_is_valid(net)) return 0;
  return kfix_plan_walk(net, &kfix_methods[method], port, NULL, NULL);
}

size_t kfix_host_bytes(const kfix_net *net, const kfix_port *port) {
  if (!net || !port || !net_is_valid(net)) return 0;
  return kfix_plan_host(net, port);
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
  return same_text(program->methods, own.methods) ? KFIX_OK : KFIX_ABI_METHODS;
}

kfix_status kfix_create_from(const kfix_abi *program, kfix **out, const kfix_setup *setup,
                             size_t *needed) {
  if (!out) return KFIX_ARGUMENT;
  *out = NULL;
  KFIX_TRY(compare_abi(program)); /* before the setup is read */
  if (!setup) return KFIX_ARGUMENT;
  const kfix_net *net = setup->net;
  const kfix_method method = setup->method;
  const kfix_options *options = setup->options;
  const kfix_port *port = setup->port;
  kfix_crew *crew = setup->crew;
  void *handles = setup->handles, *arena = setup->arena;
  const size_t bytes = setup->bytes;
  if (!net || !port || !arena || (unsigned)method >= KFIX_METHOD_COUNT) return KFIX_ARGUMENT;
  if (!port->loss) return KFIX_ARGUMENT; /* for predictors */
  KFIX_TRY(kfix_arithmetic_holds(crew));
  if (!net_is_valid(net)) return KFIX_BAD_NET;
  const kfix_options chosen = options ? *options : kfix_options_default(net);
  KFIX_TRY(kfix_options_check(&chosen, NULL));
  const size_t size = kfix_bytes(net, method, port), host_size = kfix_host_bytes(net, port);
  unsigned char *memory;
  if (needed) *needed = port->is_host ? size : host_size;
  KFIX_TRY(check_arena(arena, bytes, port->is_host ? size : host_size));
  KFIX_TRY(port->available());
  KFIX_TRY(find_memory(port, handles, arena, host_size, size - host_size, &memory));
  kfix *k = arena;
  memset(k, 0, KFIX_CONTROL_BYTES(net->depth));
  k->net = net;
  k->method = &kfix_methods[method];
  k->options = kfix_options_settled(&chosen, net, method);
  lay_out(k, port, crew, handles, memory);
  if (port->begin) {
    const kfix_buffer *host = &k->buffer[KFIX_NET_PORT_HOST];
    KFIX_TRY(port->begin(&k->device, k->parameters, net->chunk, kfix_net_widest(net), host->at[0],
                         host->count * sizeof(kfix_real)));
  }
  KFIX_TRY(clear(k));
  start_scalars(k);
  KFIX_TRY(kfix_initialise(k));
  *out = k;
  return KFIX_OK;
}
