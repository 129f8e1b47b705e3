/* SPDX-License-Identifier: Apache-2.0
 * What the config header decides at compile time. */
#define KFIX_WITH_SIZES
#include "train_arena.h"

#include <stdlib.h>
#include <string.h>

#include "ports/linked_ports.h"

KFIX_DEFINE_NET(net);

/* What lies on a device is not in here, nor what is over the budget. */
#define ARENA_BYTES(method, port) \
  (KFIX_PORT_DEVICE_##port ? KFIX_HOST_BYTES(method, port) : KFIX_PLAN_BYTES(method, port))
#define ARENA_MEMBER(method, port)                                            \
  unsigned char method##_##port[KFIX_TAKES(method) && KFIX_FITS(method, port) \
                                    ? ARENA_BYTES(method, port)               \
                                    : 1];
#define ARENA_MEMBERS(method, name, rule, direction, curvature) \
  LINKED_PORT_LIST(ARENA_MEMBER, method)
/* And those along other directions. */
#define BYTES_ALONG(direction, method, port)                                \
  (KFIX_PORT_DEVICE_##port ? KFIX_HOST_BYTES_ALONG(direction, method, port) \
                           : KFIX_PLAN_BYTES_ALONG(direction, method, port))
#define MEMBER_ALONG(direction, method, port)                                                   \
  unsigned char                                                                                 \
      direction##_##method##_##port[KFIX_TAKES(method) && KFIX_IN_BUDGET(KFIX_PLAN_BYTES_ALONG( \
                                                              direction, method, port))         \
                                        ? BYTES_ALONG(direction, method, port)                  \
                                        : 1];
#define TWO_LEVEL_MEMBER(method, port) MEMBER_ALONG(two_level, method, port)
#define HF_MEMBER(method, port)        MEMBER_ALONG(hf, method, port)
#define MEMBERS_ALONG(method, name, rule, direction, curvature) \
  LINKED_PORT_LIST(TWO_LEVEL_MEMBER, method) LINKED_PORT_LIST(HF_MEMBER, method)
typedef union {
  KFIX_METHOD_LIST(ARENA_MEMBERS) KFIX_METHOD_LIST(MEMBERS_ALONG)
} arenas;
/* Code reaches what is static within 2 GiB: a larger arena lies on the heap. */
#define IS_STATIC (sizeof(arenas) <= (size_t)1 << 30)
static _Alignas(KFIX_ALIGN) unsigned char arena[IS_STATIC ? sizeof(arenas) : 1];

static const kfix_port *const ports[] = LINKED_PORT_ADDRESSES;

const kfix_net *train_net(void) {
  return &net;
}

size_t train_reserved(void) {
  return sizeof(arenas);
}

void *train_arena(size_t needed, size_t *bytes) {
  static void *heap;
  *bytes = IS_STATIC ? sizeof arena : kfix_smaller(needed + KFIX_ALIGN, sizeof(arenas));
  if (!IS_STATIC && heap == NULL) heap = aligned_alloc(KFIX_ALIGN, *bytes);
  return IS_STATIC ? arena : heap;
}

size_t train_budget(void) {
  return KFIX_BUDGET;
}

const kfix_port *train_port(uint32_t i) {
  return i < LINKED_PORT_COUNT ? ports[i] : NULL;
}

const char *train_absent_port(void) {
  return LINKED_PORT_ABSENT;
}

static const kfix_port *fastest(void) {
  for (uint32_t i = LINKED_PORT_COUNT; i-- > 0;)
    if (ports[i]->available() == KFIX_OK) return ports[i];
  return NULL;
}

#ifdef KFIX_DEFAULT_PORT
const kfix_port *train_default_port(void) {
  for (uint32_t i = 0; i < LINKED_PORT_COUNT; i++)
    if (strcmp(ports[i]->name, KFIX_DEFAULT_PORT) == 0) return ports[i];
  return fastest();
}
#else
const kfix_port *train_default_port(void) {
  return fastest();
}
#endif

#ifdef KFIX_DATA
const char *train_default_data(void) {
  return KFIX_DATA;
}
#else
const char *train_default_data(void) {
  return KFIX_INPUT == 784 ? "curves" : NULL;
}
#endif
