/* SPDX-License-Identifier: Apache-2.0
 * The arithmetic of the arena, by exhaustion over small nets and by growth up to large ones: regions
 * are aligned, disjoint and add up for every method, port and shape; no product wraps up to sizes
 * that no machine has. */
#include "check.h"
#include "core/plan_walk.h"
#include "every_method.h"
#include "kfix.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

enum { DEPTH = 3, REGIONS = 256 };

static const kfix_port *const ports[] = {&kfix_port_ref, &kfix_port_simd};

typedef struct shape {
  kfix_node_spec nodes[DEPTH];
  kfix_net net;
} shape;

static void make(shape *s, uint32_t depth, const uint32_t *widths, uint32_t block,
                 uint32_t blocks) {
  for (uint32_t i = 0; i < depth; i++)
    s->nodes[i] =
        (kfix_node_spec)KFIX_DENSE_NODE("layer", i, widths[i], widths[i + 1], KFIX_LINEAR);
  s->net =
      (kfix_net){"proof",        s->nodes, depth, depth, widths[0], KFIX_MSE, KFIX_TARGET_VALUES,
                 block * blocks, block,    2,     0,     0,         NULL,     0,
                 {0, 0, 0},      0,        0};
}

typedef struct plan {
  kfix_region region[REGIONS];
  size_t count;
} plan;

static void keep(void *context, const kfix_region *region) {
  plan *p = context;
  CHECK(p->count < REGIONS);
  p->region[p->count++] = *region;
}

/* Each region begins where the one before ends, so none overlaps another, and has room for its
 * reals; the last ends where the arena does. */
static void check_plan(const kfix_net *net, const kfix_method_info *method, const kfix_port *port,
                       size_t total) {
  static plan p;
  size_t end = 0;
  p.count = 0;
  CHECK_INT(total, kfix_plan_walk(net, method, port, keep, &p));
  for (size_t i = 0; i < p.count; i++) {
    const kfix_region *r = &p.region[i];
    CHECK(r->offset == end && r->offset % KFIX_ALIGN == 0 && r->copy_bytes % KFIX_ALIGN == 0);
    CHECK(r->count <= r->copy_bytes / sizeof(kfix_real) && r->copies >= 1 && r->copies <= 2);
    CHECK(r->copy_bytes <= (SIZE_MAX - end) / r->copies);
    end += r->copies * r->copy_bytes;
  }
  CHECK_INT(total, end);
}

static void check_shape(const shape *s) {
  for (int m = 0; m >= 0; m = next_method(m))
    for (size_t p = 0; p < sizeof ports / sizeof *ports; p++) {
      const size_t total = kfix_bytes(&s->net, (kfix_method)m, ports[p]);
      CHECK(total > 0 && total % KFIX_ALIGN == 0);
      check_plan(&s->net, kfix_method_of((kfix_method)m), ports[p], total);
    }
}

void test_every_small_net(void) {
  static const uint32_t blocks[] = {1, 2, 32, 256};
  for (uint32_t in = 1; in <= 18; in++)
    for (uint32_t middle = 1; middle <= 18; middle++)
      for (uint32_t out = 1; out <= 18; out += 1 + (middle > 2))
        for (uint32_t depth = 1; depth <= DEPTH; depth++) {
          shape s;
          make(&s, depth, (const uint32_t[]){in, middle, out, in}, blocks[(in + out) % 4],
               1 + middle % 3);
          check_shape(&s);
        }
}

/* Wider by a factor of 2 is no smaller, and less than 5 times as large: a product that wrapped would
 * fall. The largest width is 2^24 with 64-bit sizes, else 2^11. */
void test_growing_nets_never_wrap(void) {
  const uint32_t bits = sizeof(size_t) >= 8 ? 24 : 11;
  for (int m = 0; m >= 0; m = next_method(m))
    for (size_t p = 0; p < sizeof ports / sizeof *ports; p++) {
      size_t before = 0;
      for (uint32_t bit = 0; bit <= bits; bit++) {
        const uint32_t w = (uint32_t)1 << bit;
        shape s;
        make(&s, DEPTH, (const uint32_t[]){w, w, w, w}, 256, 1);
        const size_t total = kfix_bytes(&s.net, (kfix_method)m, ports[p]);
        check_plan(&s.net, kfix_method_of((kfix_method)m), ports[p], total);
        CHECK(total >= before);
        CHECK(before == 0 || total / 5 < before);
        CHECK((double)total > 2.0 * DEPTH * (double)w * (double)w * sizeof(kfix_real));
        before = total;
      }
    }
}

void test_growing_chunks_never_wrap(void) {
  const uint32_t bits = sizeof(size_t) >= 8 ? 23 : 12;
  for (int m = 0; m >= 0; m = next_method(m)) {
    size_t before = 0;
    for (uint32_t bit = 0; bit <= bits; bit++) {
      shape s;
      make(&s, 2, (const uint32_t[]){7, 5, 3}, 256, (uint32_t)1 << bit);
      const size_t total = kfix_bytes(&s.net, (kfix_method)m, &kfix_port_ref);
      check_plan(&s.net, kfix_method_of((kfix_method)m), &kfix_port_ref, total);
      /* A chunk that holds the examples of F spares what they take aside. */
      CHECK(total >= before || s.net.chunk == kfix_net_stats_rows(&s.net));
      CHECK(total > before / 2);
      CHECK(before == 0 || total / 3 < before);
      before = total;
    }
  }
}

/* Where nothing is to be had there is no size: kfix_create refuses the same nets. */
void test_empty_shapes_have_no_size(void) {
  shape s;
  make(&s, 2, (const uint32_t[]){0, 3, 3}, 32, 1);
  CHECK_INT(0, kfix_bytes(&s.net, KFIX_METHOD_kfac, &kfix_port_ref));
  make(&s, 1, (const uint32_t[]){3, 0}, 32, 1);
  CHECK_INT(0, kfix_bytes(&s.net, KFIX_METHOD_kfac, &kfix_port_ref));
  make(&s, 1, (const uint32_t[]){3, 3}, 32, 0);
  CHECK_INT(0, kfix_bytes(&s.net, KFIX_METHOD_kfac, &kfix_port_ref));
  make(&s, 0, (const uint32_t[]){3, 3}, 32, 1);
  CHECK_INT(0, kfix_bytes(&s.net, KFIX_METHOD_kfac, &kfix_port_ref));
}

/* Sizes whose products would not fit have no size either: nothing wraps into a small arena. */
void test_oversized_nets_are_refused(void) {
  static const uint32_t wide[] = {(uint32_t)1 << 29, (uint32_t)1 << 30, (uint32_t)1 << 31,
                                  UINT32_MAX};
  for (int m = 0; m >= 0; m = next_method(m))
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
      shape s;
      make(&s, 2, (const uint32_t[]){wide[i], wide[i], 3}, 256, 1);
      CHECK_INT(0, kfix_bytes(&s.net, (kfix_method)m, &kfix_port_ref));
    }
}
