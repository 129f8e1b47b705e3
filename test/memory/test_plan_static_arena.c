/* SPDX-License-Identifier: Apache-2.0
 * KFIX_BYTES sizes a static array, and a run in it is the whole story. */
#define KFIX_CONFIG "config/digits_tiny.h"
#include "check.h"
#include "kfix.h"
#include "port/ref/ref.h"

KFIX_DEFINE_NET(net);
static _Alignas(KFIX_ALIGN) unsigned char arena[KFIX_BYTES(kfac, ref)];
_Static_assert(sizeof arena < 1 << 20, "digits_tiny trains in less than a mebibyte");

/* Without KFIX_WITH_SIZES each use adds up on its own: as the names that test_plan_NET have. */
#define PLAN_OF(id, name, rule, direction, curvature) KFIX_PLAN_BYTES(id, ref),
#define PLAN_TWO_LEVEL(id, name, rule, direction, curvature) \
  KFIX_PLAN_BYTES_ALONG(two_level, id, ref),
void test_constants_of_a_file_that_names_none(void) {
  static const size_t own[] = {KFIX_METHOD_LIST(PLAN_OF)};
  static const size_t along[] = {KFIX_METHOD_LIST(PLAN_TWO_LEVEL)};
  for (int m = 0; m < KFIX_METHOD_COUNT; m++) {
    const kfix_method two_level = (kfix_method)(m + KFIX_METHOD_STRIDE * KFIX_ALONG_two_level);
    CHECK_INT(own[m], kfix_bytes(&net, (kfix_method)m, &kfix_port_ref));
    if (kfix_method_of(two_level)) CHECK_INT(along[m], kfix_bytes(&net, two_level, &kfix_port_ref));
  }
}

void test_a_static_array_of_that_size_holds_a_run(void) {
  static kfix_real x[40 * 64], y[40 * 10];
  kfix_table table = {x, y, NULL, 64, 10};
  const kfix_batch batch = {40, kfix_fetch_table, &table, NULL};
  kfix_report report;
  kfix *k = NULL;
  size_t needed = 0;
  for (int r = 0; r < 40; r++) {
    x[r * 64 + r] = 1;
    y[r * 10 + r % 10] = 1;
  }
  CHECK_INT(KFIX_OK, kfix_create(&k,
                                 &(kfix_setup){&net, KFIX_METHOD_kfac, NULL, &kfix_port_ref, NULL,
                                               NULL, arena, sizeof arena},
                                 &needed));
  CHECK_INT(sizeof arena, needed);
  CHECK_INT(KFIX_OK, kfix_step(k, &batch, &report));
  const double first = report.objective;
  for (int s = 0; s < 10; s++) CHECK_INT(KFIX_OK, kfix_step(k, &batch, &report));
  CHECK(report.objective < first);
}

/* The address of each region's end: the last byte of the last region is the arena's. */
static void take_end(void *context, const kfix_region *r) {
  *(size_t *)context = r->offset + r->copies * r->copy_bytes;
}

void test_last_region_ends_with_the_arena(void) {
  size_t end = 0;
  kfix_plan_walk(&net, &kfix_methods[KFIX_METHOD_kfac], &kfix_port_ref, take_end, &end);
  CHECK_INT(sizeof arena, end);
}
