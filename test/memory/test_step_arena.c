/* SPDX-License-Identifier: Apache-2.0
 * The arena: refused without a write when it is too small or misaligned, and otherwise left alone
 * outside its size. */
#include <stdlib.h>

#include "check.h"
#include "every_method.h"
#include "fast_ports.h"
#include "reference_case.h"

enum { SLACK = 4 * KFIX_ALIGN };

/* Room for a trainer and some bytes more, filled with a pattern. */
typedef struct room {
  unsigned char *bytes, *pattern;
  size_t size, needed;
} room;

static room begin(ref_case *c, kfix_method method, const kfix_port *port) {
  room r;
  case_begin(c, KFIX_CATEGORICAL, 2, (const uint32_t[]){3, 4, 2}, KFIX_TANH, KFIX_SOFTMAX, 70, 3);
  r.needed = kfix_bytes(&c->net, method, port);
  r.size = r.needed + SLACK;
  r.bytes = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(r.size, (size_t)KFIX_ALIGN));
  r.pattern = malloc(r.size);
  for (size_t i = 0; i < r.size; i++) r.bytes[i] = r.pattern[i] = (unsigned char)(i * 37 + 11);
  return r;
}

static void end(ref_case *c, room *r) {
  free(r->bytes);
  free(r->pattern);
  case_end(c);
}

static void check_refused(ref_case *c, room *r, kfix_method method, kfix_status expected,
                          size_t offset, size_t bytes) {
  kfix *const nobody = NULL;
  kfix *k = nobody;
  size_t needed = 0;
  CHECK_INT(expected, kfix_create(&k,
                                  &(kfix_setup){&c->net, method, &c->options, &kfix_port_ref, NULL,
                                                NULL, r->bytes + offset, bytes},
                                  &needed));
  CHECK(k == nobody);
  CHECK_INT(r->needed, needed);
  CHECK_MEM(r->pattern, r->bytes, r->size);
}

void test_refused_arena_is_not_written(void) {
  for (int m = 0; m >= 0; m = next_method(m)) {
    ref_case c;
    const kfix_method method = (kfix_method)m;
    room r = begin(&c, method, &kfix_port_ref);
    check_refused(&c, &r, method, KFIX_ARENA_SMALL, 0, r.needed - 1);
    check_refused(&c, &r, method, KFIX_ARENA_SMALL, 0, 0);
    for (size_t offset = 1; offset < KFIX_ALIGN; offset++)
      check_refused(&c, &r, method, KFIX_ARENA_ALIGN, offset, r.needed);
    end(&c, &r);
  }
}

static kfix_status create(ref_case *c, room *r, kfix **k) {
  return kfix_create(k,
                     &(kfix_setup){&c->net, KFIX_METHOD_kfac, &c->options, &kfix_port_ref, NULL,
                                   NULL, r->bytes, r->size},
                     NULL);
}

void test_bad_options_and_nets_write_nothing(void) {
  ref_case c;
  kfix *k = NULL;
  room r = begin(&c, KFIX_METHOD_kfac, &kfix_port_ref);
  c.options.lambda = NAN;
  CHECK_INT(KFIX_OPTION, create(&c, &r, &k));
  c.options = kfix_options_default(&c.net);
  c.options.gamma_every = 7;
  CHECK_INT(KFIX_OPTION, create(&c, &r, &k));
  c.options = kfix_options_default(&c.net);
  c.net.chunk = 33;
  CHECK_INT(KFIX_BAD_NET, create(&c, &r, &k));
  c.net.chunk = 64;
  c.net.row_block = 48;
  CHECK_INT(KFIX_BAD_NET, create(&c, &r, &k));
  c.net.row_block = 32;
  c.nodes[1].cols = 6;
  CHECK_INT(KFIX_BAD_NET, create(&c, &r, &k));
  c.nodes[1].cols = 5;
  c.nodes[0].activation = KFIX_SOFTMAX;
  CHECK_INT(KFIX_BAD_NET, create(&c, &r, &k));
  c.nodes[0].activation = KFIX_TANH;
  c.nodes[1].activation = KFIX_SIGMOID;
  CHECK_INT(KFIX_BAD_NET, create(&c, &r, &k));
  c.nodes[1].activation = KFIX_SOFTMAX;
  c.net.target = KFIX_TARGET_INPUT;
  CHECK_INT(KFIX_BAD_NET, create(&c, &r, &k));
  CHECK_INT(0, kfix_bytes(&c.net, KFIX_METHOD_kfac, &kfix_port_ref));
  c.net.target = KFIX_TARGET_CLASS;
  CHECK(k == NULL);
  CHECK_MEM(r.pattern, r.bytes, r.size);
  CHECK_INT(KFIX_OK, create(&c, &r, &k));
  CHECK((void *)k == (void *)r.bytes);
  end(&c, &r);
}

/* What lies before and after the arena is not touched by a run, and what lies in it before the
 * creation does not matter. */
void test_run_stays_inside_and_forgets_what_was_there(void) {
  for (int m = 0; m >= 0; m = next_method(m))
    for (size_t p = 0; p <= FAST_PORTS; p++) {
      const kfix_port *port = p > 0 ? fast_ports[p - 1] : &kfix_port_ref;
      if (port->available() != KFIX_OK) continue;
      ref_case c;
      const kfix_method method = (kfix_method)m;
      room r = begin(&c, method, port);
      CHECK_INT(KFIX_OK, kfix_create(&c.k,
                                     &(kfix_setup){&c.net, method, &c.options, port, NULL, NULL,
                                                   r.bytes + KFIX_ALIGN, r.needed},
                                     NULL));
      for (int s = 0; s < 4; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
      CHECK_MEM(r.pattern, r.bytes, KFIX_ALIGN);
      CHECK_MEM(r.pattern + KFIX_ALIGN + r.needed, r.bytes + KFIX_ALIGN + r.needed,
                SLACK - KFIX_ALIGN);
      const uint64_t digest = kfix_digest(c.k);
      memset(r.bytes, 0xff, r.size);
      CHECK_INT(KFIX_OK, kfix_create(&c.k,
                                     &(kfix_setup){&c.net, method, &c.options, port, NULL, NULL,
                                                   r.bytes, r.needed},
                                     NULL));
      for (int s = 0; s < 4; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
      CHECK_U64(digest, kfix_digest(c.k));
      end(&c, &r);
    }
}
