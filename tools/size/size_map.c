/* SPDX-License-Identifier: Apache-2.0
 * The memory map of one method on one port. */
#include "size_map.h"

#include <stdio.h>
#include <stdlib.h>

#include "arrays/json_writer.h"

static const char *const group_names[KFIX_GROUP_COUNT] = {
    "parameters", "statistics", "inverse", "scalings", "moments", "step", "scratch", "host"};

static const size_t budget = KFIX_BUDGET;

typedef struct size_sums {
  size_t group[KFIX_GROUP_COUNT];
  size_t *layer; /* of each block, from 1; [0]: of the whole net */
  const kfix_net *net;
  json_writer json;
} size_sums;

/* With both copies, padding and guards: from here to the next region. */
static size_t region_bytes(const kfix_region *r) {
  return r->copies * r->copy_bytes;
}

static void add(size_sums *sums, const kfix_region *r) {
  sums->group[r->group] += region_bytes(r);
  sums->layer[r->layer] += region_bytes(r);
}

/* The name of the node that a region belongs to, or whose parameters it is about. */
static const char *node_name(const kfix_net *net, const kfix_region *r) {
  if (r->layer > 0) return kfix_net_block(net, r->layer - 1)->name;
  if (r->owner != KFIX_OF_NODE) return "net";
  return kfix_net_place_name(net, r->index);
}

static void print_region(void *context, const kfix_region *r) {
  size_sums *sums = context;
  char layer[16] = "";
  add(sums, r);
  /* Of most nodes there are no moments to speak of. */
  if (r->owner == KFIX_OF_NODE && region_bytes(r) == 0) return;
  if (r->layer > 0) (void)snprintf(layer, sizeof layer, "%u", (unsigned)r->layer);
  (void)printf("%12zu %12zu %6u  %-10s  %5s %-8s  %-14s  %s\n", r->offset, region_bytes(r),
               (unsigned)r->copies, group_names[r->group], layer, node_name(sums->net, r), r->name,
               size_words(r->name));
}

static void json_region(void *context, const kfix_region *r) {
  size_sums *sums = context;
  json_writer *json = &sums->json;
  add(sums, r);
  json_object(json, NULL);
  json_string(json, "name", r->name);
  json_string(json, "group", group_names[r->group]);
  json_unsigned(json, "layer", r->layer);
  json_string(json, "node", node_name(sums->net, r));
  json_unsigned(json, "offset", r->offset);
  json_unsigned(json, "bytes", region_bytes(r));
  json_unsigned(json, "copies", r->copies);
  json_end(json);
}

static int agree(kfix_method method, const kfix_port *port, size_t total, size_t planned,
                 tool_error *err) {
  if (total == planned) return 0;
  return tool_fail(err, "%s on %s takes %zu bytes, but KFIX_BYTES says %zu: the plan has drifted",
                   kfix_method_of(method)->name, port->name, total, planned);
}

static int begin(const kfix_net *net, size_sums *sums, tool_error *err) {
  *sums = (size_sums){.layer = calloc((size_t)net->block_count + 1, sizeof(size_t)), .net = net};
  return sums->layer != NULL ? 0 : tool_fail(err, "no memory for the sums");
}

/* Of a block: a convolution shows what a window of it takes, and its channels; a normalisation has two numbers for
 * each, a convolution of each channel by itself its kernel and a bias. */
static void print_block(const kfix_net *net, uint32_t layer, size_t bytes) {
  const kfix_node_spec *n = kfix_net_block(net, layer - 1);
  const kfix_windows windows = kfix_net_windows(net, n);
  if (n->moments)
    (void)printf("%-10u  %12zu   %s, scale and shift of %u channels, at %u x %u places\n",
                 (unsigned)layer, bytes, n->name, (unsigned)windows.channels,
                 (unsigned)windows.rows, (unsigned)windows.cols);
  else if (n->kind == KFIX_KIND_depthwise)
    (void)printf("%-10u  %12zu   %s, %u x %u of each of %u channels, at %u x %u places\n",
                 (unsigned)layer, bytes, n->name, (unsigned)n->kernel[0], (unsigned)n->kernel[1],
                 (unsigned)windows.channels, (unsigned)windows.rows, (unsigned)windows.cols);
  else if (n->kernel[0] == 0)
    (void)printf("%-10u  %12zu   %s, %u -> %u\n", (unsigned)layer, bytes, n->name,
                 (unsigned)n->cols - 1, (unsigned)n->units);
  else
    (void)printf("%-10u  %12zu   %s, %u x %u x %u -> %u, at %u x %u places\n", (unsigned)layer,
                 bytes, n->name, (unsigned)n->kernel[0], (unsigned)n->kernel[1],
                 (unsigned)windows.channels, (unsigned)kfix_node_rows(n), (unsigned)windows.rows,
                 (unsigned)windows.cols);
}

static void print_sums(const kfix_net *net, const size_sums *sums) {
  (void)printf("\n%-10s  %12s\n%-10s  %12zu\n", "layer", "bytes", "net", sums->layer[0]);
  for (uint32_t i = 1; i <= net->block_count; i++) print_block(net, i, sums->layer[i]);
  (void)printf("\n%-10s  %12s\n", "group", "bytes");
  for (int g = 0; g < KFIX_GROUP_COUNT; g++)
    (void)printf("%-10s  %12zu\n", group_names[g], sums->group[g]);
}

/* What the idle copy of a region holds between whiles: no bytes of its own. */
static void print_loans(void) {
  (void)printf("\nlent from the idle copy of a state\n");
  for (int i = 0; size_loan_at(i) != NULL; i++)
    (void)printf("%-12s  %-14s  %s\n", size_loan_at(i)->region, size_loan_at(i)->name,
                 size_loan_at(i)->what);
}

static void json_loans(json_writer *json) {
  json_array(json, "loans");
  for (int i = 0; size_loan_at(i) != NULL; i++) {
    json_object(json, NULL);
    json_string(json, "name", size_loan_at(i)->name);
    json_string(json, "region", size_loan_at(i)->region);
    json_end(json);
  }
  json_end(json);
}

/* How a program's source asks for these bytes. */
static void print_total(kfix_method method, const kfix_port *port, size_t total) {
#define ID_OF(id, name, rule, direction, curvature) #id,
#define DIRECTION_ID_OF(id, name)                   #id,
  static const char *const ids[] = {KFIX_METHOD_LIST(ID_OF)};
  static const char *const directions[] = {"", KFIX_DIRECTION_LIST(DIRECTION_ID_OF)};
  const unsigned along = (unsigned)method / KFIX_METHOD_STRIDE;
  (void)printf("\n%-10s  %12zu   = KFIX_BYTES%s(%s%s%s, %s)\n", "total", total,
               along ? "_ALONG" : "", directions[along], along ? ", " : "",
               ids[(unsigned)method % KFIX_METHOD_STRIDE], port->name);
}

int size_map_print(const kfix_net *net, kfix_method method, const kfix_port *port, size_t planned,
                   tool_error *err) {
  size_sums sums;
  if (begin(net, &sums, err) != 0) return -1;
  (void)printf("%s, %s, method %s, port %s\n\n", net->name, KFIX_REAL_NAME,
               kfix_method_of(method)->name, port->name);
  (void)printf("%12s %12s %6s  %-10s  %5s %-8s  %s\n", "offset", "bytes", "copies", "group",
               "layer", "node", "region");
  const size_t total = kfix_plan_walk(net, kfix_method_of(method), port, print_region, &sums);
  print_loans();
  print_sums(net, &sums);
  free(sums.layer);
  if (agree(method, port, total, planned, err) != 0) return -1;
  print_total(method, port, total);
  if (budget < SIZE_MAX)
    (void)printf("%-10s  %12zu   = KFIX_BUDGET%s\n", "budget", budget,
                 total > budget ? ": it does not fit" : "");
  return 0;
}

static void json_sums(const kfix_net *net, size_sums *sums, size_t total) {
  json_writer *json = &sums->json;
  json_array(json, "layers");
  for (uint32_t i = 0; i <= net->block_count; i++) json_unsigned(json, NULL, sums->layer[i]);
  json_end(json);
  json_object(json, "groups");
  for (int g = 0; g < KFIX_GROUP_COUNT; g++) json_unsigned(json, group_names[g], sums->group[g]);
  json_end(json);
  json_unsigned(json, "total", total);
  json_bool(json, "fits", total <= budget);
}

int size_map_json(const kfix_net *net, kfix_method method, const kfix_port *port, size_t planned,
                  tool_error *err) {
  size_sums sums;
  if (begin(net, &sums, err) != 0) return -1;
  sums.json = json_to(stdout);
  json_object(&sums.json, NULL);
  json_string(&sums.json, "config", net->name);
  json_string(&sums.json, "real", KFIX_REAL_NAME);
  json_string(&sums.json, "method", kfix_method_of(method)->name);
  json_string(&sums.json, "port", port->name);
  json_array(&sums.json, "regions");
  const size_t total = kfix_plan_walk(net, kfix_method_of(method), port, json_region, &sums);
  json_end(&sums.json);
  json_loans(&sums.json);
  json_sums(net, &sums, total);
  json_end(&sums.json);
  free(sums.layer);
  return agree(method, port, total, planned, err);
}

int size_map_total(const kfix_net *net, kfix_method method, const kfix_port *port, size_t planned,
                   tool_error *err) {
  const size_t total = kfix_plan_walk(net, kfix_method_of(method), port, NULL, NULL);
  (void)printf("%-16s %-8s %14zu%s\n", kfix_method_of(method)->name, port->name, total,
               total > budget ? "  does not fit KFIX_BUDGET" : "");
  return agree(method, port, total, planned, err);
}
