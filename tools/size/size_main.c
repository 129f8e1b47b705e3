/* SPDX-License-Identifier: Apache-2.0
 * kfix-size: where the bytes of the arena go. */
#define KFIX_WITH_SIZES
#include <stdio.h>
#include <string.h>

#include "cli/command_line.h"
#include "cli/method_choice.h"
#include "files/standard_output.h"
#include "ports/linked_ports.h"
#include "size_map.h"

KFIX_DEFINE_NET(net);

/* KFIX_BYTES of every method on every linked port, over the budget or not. */
#define PLANNED_PORT(method, port) [LINKED_PORT_##port] = KFIX_PLAN_BYTES(method, port),
#define PLANNED_METHOD(method, name, rule, direction, curvature) \
  {LINKED_PORT_LIST(PLANNED_PORT, method)},
#define PLANNED_TWO_LEVEL(method, port) \
  [LINKED_PORT_##port] = KFIX_PLAN_BYTES_ALONG(two_level, method, port),
#define PLANNED_HF(method, port) [LINKED_PORT_##port] = KFIX_PLAN_BYTES_ALONG(hf, method, port),
#define METHOD_TWO_LEVEL(method, name, rule, direction, curvature) \
  {LINKED_PORT_LIST(PLANNED_TWO_LEVEL, method)},
#define METHOD_HF(method, name, rule, direction, curvature) {LINKED_PORT_LIST(PLANNED_HF, method)},
static const size_t planned[KFIX_ALONG_COUNT][KFIX_METHOD_COUNT][LINKED_PORT_COUNT] = {
    [KFIX_ALONG_OWN] = {KFIX_METHOD_LIST(PLANNED_METHOD)},
    [KFIX_ALONG_two_level] = {KFIX_METHOD_LIST(METHOD_TWO_LEVEL)},
    [KFIX_ALONG_hf] = {KFIX_METHOD_LIST(METHOD_HF)}};

static size_t planned_bytes(kfix_method method, int port) {
  return planned[method / KFIX_METHOD_STRIDE][method % KFIX_METHOD_STRIDE][port];
}

static const kfix_port *const ports[] = LINKED_PORT_ADDRESSES;

#define WORDS_BYTES 512

typedef struct size_options {
  int method, curvature, port, all, json;
  char methods[METHOD_WORDS_BYTES], curvatures[METHOD_WORDS_BYTES], ports[WORDS_BYTES];
} size_options;

static void append_word(char *words, const char *word) {
  const size_t used = strlen(words);
  (void)snprintf(words + used, WORDS_BYTES - used, "%s%s", used > 0 ? "|" : "", word);
}

static int show_all(const size_options *o, tool_error *err) {
  if (!o->json)
    (void)printf("%s, %s\n%-16s %-8s %14s\n", net.name, KFIX_REAL_NAME, "method", "port", "bytes");
  for (int m = 0; m < KFIX_METHOD_END; m++) {
    const kfix_method method = (kfix_method)m;
    for (int p = 0; kfix_method_of(method) && p < LINKED_PORT_COUNT; p++) {
      const size_t bytes = planned_bytes(method, p);
      if (bytes == 0) break;
      const int result = o->json ? size_map_json(&net, method, ports[p], bytes, err)
                                 : size_map_total(&net, method, ports[p], bytes, err);
      if (result != 0) return -1;
    }
  }
  return 0;
}

static int show(const size_options *o, tool_error *err) {
  kfix_method method;
  kfix_choice space;
  if (o->all) return show_all(o, err);
  if (method_choice_take(o->method, o->curvature, &method, &space, err) != 0) return -1;
  const size_t bytes = planned_bytes(method, o->port);
  if (kfix_bytes(&net, method, ports[o->port]) == 0)
    return tool_fail(err, "%s, %s: %s", net.name, kfix_method_of(method)->name,
                     kfix_status_text(bytes == 0 ? KFIX_NOT_A_CHAIN : KFIX_BAD_NET));
  return o->json ? size_map_json(&net, method, ports[o->port], bytes, err)
                 : size_map_print(&net, method, ports[o->port], bytes, err);
}

static int run_program(int argc, char **argv) {
  static size_options o = {.method = KFIX_METHOD_kfac, .port = LINKED_PORT_simd};
  method_choice_words(o.methods);
  method_curvature_words(o.curvatures);
  for (int p = 0; p < LINKED_PORT_COUNT; p++) append_word(o.ports, ports[p]->name);
  option_spec rows[] = {
      OPTION_CHOICE("method", o.method, o.methods, "whose memory to show"),
      OPTION_CHOICE("curvature", o.curvature, o.curvatures, METHOD_CURVATURE_HELP),
      OPTION_CHOICE_OR("port", o.port, o.ports, LINKED_PORT_ABSENT, "kernels to compute with"),
      OPTION_FLAG("all", o.all, "every method on every port, one line each"),
      OPTION_FLAG("json", o.json, "one line of JSON each"),
  };
  option_program program = {
      .name = "kfix-size",
      .summary =
          "Shows the memory map of the network that this program was compiled for: every "
          "region of the arena.",
      .notes =
          "bytes: with both copies of what is state, and padding. node `net`: of the whole "
          "network.\nThe total is the arena a program must hand over, to the byte.",
      .options = rows,
      .count = OPTION_COUNT(rows)};
  tool_error err;
  const option_outcome outcome = options_parse(&program, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome == OPTIONS_HELP ? 0 : 2;
  if (show(&o, &err) != 0) return tool_report("kfix-size", &err);
  return 0;
}

int main(int argc, char **argv) {
  standard_output_begin();
  return standard_output_end("kfix-size", run_program(argc, argv));
}
