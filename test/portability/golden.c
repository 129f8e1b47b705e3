/* SPDX-License-Identifier: Apache-2.0
 * Trains the network of one config by every method on every port and prints the digests of the
 * states reached. Any two builds of this program, on any two machines, must print the same lines.
 * Arguments are the names of methods: only these.
 *
 * Only printf and strcmp come from the C library; data, batches and order come from kfix_philox4x32. */
#define KFIX_WITH_SIZES
#include <stdio.h>
#include <string.h>

#include "kfix.h"
#include "ports/linked_ports.h"

enum { ROWS = 101, BATCH = 20, STEPS = 100 };

KFIX_DEFINE_NET(net);

/* As large as the largest trainer; of a method that does not take the net there is none. */
#define ROOM(method, port)                          unsigned char method##_on_##port[KFIX_PLAN_BYTES(method, port) + 1];
#define ROOMS(id, name, rule, direction, curvature) LINKED_PORT_LIST(ROOM, id)
#define TWO_LEVEL_ROOM(method, port) \
  unsigned char two_level_kfac_on_##port[KFIX_BYTES_ALONG(two_level, method, port)];
#define HF_ROOM(method, port) unsigned char hf_kfac_on_##port[KFIX_BYTES_ALONG(hf, method, port)];
static union {
  KFIX_METHOD_LIST(ROOMS) LINKED_PORT_LIST(TWO_LEVEL_ROOM, kfac) LINKED_PORT_LIST(HF_ROOM, kfac)
} arena __attribute__((aligned(KFIX_ALIGN)));

static kfix_real inputs[ROWS * (size_t)KFIX_INPUT], targets[ROWS * (size_t)KFIX_OUTPUTS];

static void make_data(void) {
  const kfix_draw_key key = {7, KFIX_DRAW_DATA, 0, 0};
  for (uint32_t i = 0; i < ROWS; i++)
    for (uint32_t j = 0; j < KFIX_INPUT; j++) {
      uint32_t word[4];
      kfix_draw(&key, j, i, word);
      inputs[i * KFIX_INPUT + j] = kfix_uniform(word[0]);
    }
  for (uint32_t i = 0; i < ROWS; i++)
    for (uint32_t j = 0; j < KFIX_OUTPUTS; j++) {
      const kfix_real x = inputs[i * KFIX_INPUT + j % KFIX_INPUT];
      targets[i * KFIX_OUTPUTS + j] = net.target == KFIX_TARGET_CLASS ? j == i % KFIX_OUTPUTS : x;
    }
}

/* Returns how many of the steps were refused: part of the result. */
static unsigned train(kfix *k) {
  unsigned failed = 0;
  for (uint32_t step = 0; step < STEPS; step++) {
    uint32_t order[ROWS];
    const kfix_draw_key key = {7, KFIX_DRAW_ORDER, step, 0};
    kfix_permutation(&key, ROWS, order);
    kfix_table table = {inputs, targets, order, KFIX_INPUT, KFIX_OUTPUTS};
    const kfix_batch batch = {BATCH, kfix_fetch_table, &table, NULL};
    failed += kfix_step(k, &batch, NULL) != KFIX_OK;
  }
  return failed;
}

/* One line: config, type, method, driver, port, digest, steps refused. */
static int run(const kfix_port *port, kfix_method method, uint32_t driver) {
  kfix_options options = kfix_options_default(&net);
  kfix *k = NULL;
  options.driver = driver;
  options.learning_rate = 0.1;
  options.momentum = 0.9;
  options.averaging = 0.99;
  options.stats_every = 1;
  if (options.lambda == KFIX_AUTO) options.lambda = 1;
  if (kfix_net_suits(&net, method, &options) == KFIX_NEEDS_PAIRS) options.conv = KFIX_CONV_REDUCE;
  const kfix_setup setup = {.net = &net,
                            .method = method,
                            .options = &options,
                            .port = port,
                            .arena = &arena,
                            .bytes = sizeof arena};
  const kfix_status status = kfix_create(&k, &setup, NULL);
  if (status != KFIX_OK) {
    printf("%s %s %s %s %s %s -\n", net.name, KFIX_REAL_NAME, kfix_method_of(method)->name,
           kfix_choice_name(KFIX_OPTION_driver, driver), port->name, kfix_status_name(status));
    return 1;
  }
  const unsigned failed = train(k);
  const uint64_t digest = kfix_digest(k);
  printf("%s %s %s %s %s %08lx%08lx %u\n", net.name, KFIX_REAL_NAME, kfix_method_of(method)->name,
         kfix_choice_name(KFIX_OPTION_driver, driver), port->name, (unsigned long)(digest >> 32),
         (unsigned long)(digest & 0xffffffffu), failed);
  return 0;
}

static int is_asked_for(kfix_method method, int count, char **names) {
  for (int i = 0; i < count; i++)
    if (strcmp(names[i], kfix_method_of(method)->name) == 0) return 1;
  return count == 0;
}

/* All of the list, and kfac along each other direction. */
static int is_run(kfix_method method) {
  const int listed = method < KFIX_METHOD_COUNT || method == KFIX_ALONG(two_level, kfac) ||
                     method == KFIX_ALONG(hf, kfac);
  const kfix_status status = listed ? kfix_net_suits(&net, method, NULL) : KFIX_ARGUMENT;
  return status == KFIX_OK || status == KFIX_NEEDS_PAIRS;
}

int main(int count, char **words) {
  const kfix_port *const ports[] = LINKED_PORT_ADDRESSES;
  int bad = 0;
  make_data();
  for (int p = 0; p < LINKED_PORT_COUNT; p++)
    for (int m = 0; m < KFIX_METHOD_END; m++) {
      if (!is_run((kfix_method)m)) continue;
      const uint32_t drivers = kfix_method_of((kfix_method)m)->direction ? 2 : 1;
      if (!is_asked_for((kfix_method)m, count - 1, words + 1)) continue;
      for (uint32_t d = 0; d < drivers; d++) bad |= run(ports[p], (kfix_method)m, d);
    }
  return bad;
}
