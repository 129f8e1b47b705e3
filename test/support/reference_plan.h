/* SPDX-License-Identifier: Apache-2.0
 * The checks of one config's memory plan, for a test file that names its KFIX_CONFIG first. Without one it
 * is empty: the main that Ceedling writes includes what the test does, and defines nothing before it. */
#if !defined(KFIX_TEST_REFERENCE_PLAN_H) && defined(KFIX_CONFIG)
#define KFIX_TEST_REFERENCE_PLAN_H

#define KFIX_WITH_SIZES
#include "check.h"
#include "kfix.h"
#include "port/blis/blis.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

KFIX_DEFINE_NET(plan_net);

/* Constants, by method and port: KFIX_BYTES is an integer constant expression, and KFIX_PLAN_BYTES the
 * same for a method that takes the net, 0 for another, whose KFIX_BYTES does not compile. */
enum { PLAN_REF, PLAN_SIMD, PLAN_PORTS };
_Static_assert(KFIX_BYTES(kfac, ref) == KFIX_PLAN_BYTES(kfac, ref), "of a method that takes all");
#define PLAN_ROW(id, name, rule, direction, curvature) \
  [KFIX_METHOD_##id] = {KFIX_PLAN_BYTES(id, ref), KFIX_PLAN_BYTES(id, simd)},
static const size_t plan_bytes[KFIX_METHOD_COUNT][PLAN_PORTS] = {KFIX_METHOD_LIST(PLAN_ROW)};
#define PLAN_ASSERT(id, name, rule, direction, curvature)                                         \
  _Static_assert((KFIX_PLAN_BYTES(id, ref) > 0) == KFIX_TAKES(id), "of methods that take it");    \
  _Static_assert(KFIX_PLAN_BYTES(id, ref) % KFIX_ALIGN == 0, "whole lines");                      \
  _Static_assert(                                                                                 \
      KFIX_PLAN_BYTES(id, simd) >= KFIX_TAKES(id) * (KFIX_HOST_BYTES(id, simd) + KFIX_NET_BYTES), \
      "net and "                                                                                  \
      "method");
KFIX_METHOD_LIST(PLAN_ASSERT)
#define PLAN_BLIS(id, name, rule, direction, curvature) \
  [KFIX_METHOD_##id] = KFIX_PLAN_BYTES(id, blis),
static const size_t plan_blis_bytes[KFIX_METHOD_COUNT] = {KFIX_METHOD_LIST(PLAN_BLIS)};

/* And along other directions. */
#define PLAN_TWO_LEVEL(id, name, rule, direction, curvature)       \
  [KFIX_METHOD_##id] = {KFIX_PLAN_BYTES_ALONG(two_level, id, ref), \
                        KFIX_PLAN_BYTES_ALONG(two_level, id, simd)},
#define PLAN_HF(id, name, rule, direction, curvature) \
  [KFIX_METHOD_##id] = {KFIX_PLAN_BYTES_ALONG(hf, id, ref), KFIX_PLAN_BYTES_ALONG(hf, id, simd)},
static const size_t plan_along_bytes[KFIX_ALONG_COUNT][KFIX_METHOD_COUNT][PLAN_PORTS] = {
    [KFIX_ALONG_two_level] = {KFIX_METHOD_LIST(PLAN_TWO_LEVEL)},
    [KFIX_ALONG_hf] = {KFIX_METHOD_LIST(PLAN_HF)}};
_Static_assert(KFIX_BYTES_ALONG(two_level, kfac, ref) > KFIX_BYTES(kfac, ref), "it needs more");
_Static_assert(KFIX_BYTES_ALONG(hf, kfac, ref) > KFIX_BYTES(kfac, ref), "so does that");

/* Whether the method takes the net. */
static int plan_has(int method) {
  return plan_bytes[method][PLAN_REF] > 0;
}

static const kfix_port *plan_port(int port) {
  return port == PLAN_REF ? &kfix_port_ref : &kfix_port_simd;
}

#ifdef KFIX_WITH_BLIS
static size_t plan_blis_walk(kfix_method method) {
  return kfix_bytes(&plan_net, method, &kfix_port_blis);
}
#else
static size_t plan_blis_walk(kfix_method method) {
  return plan_blis_bytes[method];
}
#endif

/* The constant is what the walk at run time finds. */
static inline void plan_check_constants(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++) {
    if (!plan_has(m)) continue;
    CHECK_INT(plan_blis_bytes[m], plan_blis_walk((kfix_method)m));
    for (int p = 0; p < PLAN_PORTS; p++)
      CHECK_INT(plan_bytes[m][p], kfix_bytes(&plan_net, (kfix_method)m, plan_port(p)));
  }
}

/* The same along other directions: constants, and regions without a gap. */
static void plan_visit(void *context, const kfix_region *r);
typedef struct plan_walk {
  size_t end, reals; /* of the regions so far */
  int control, scratch, states;
} plan_walk;
static inline void plan_check_along(void) {
  for (int m = KFIX_METHOD_STRIDE; m < KFIX_METHOD_END; m++) {
    const kfix_method method = (kfix_method)m;
    const size_t *bytes = NULL;
    if (!kfix_method_of(method) || !plan_has(m % KFIX_METHOD_STRIDE)) continue;
    bytes = plan_along_bytes[m / KFIX_METHOD_STRIDE][m % KFIX_METHOD_STRIDE];
    for (int p = 0; p < PLAN_PORTS; p++) {
      plan_walk w = {0};
      CHECK_INT(bytes[p], kfix_bytes(&plan_net, method, plan_port(p)));
      CHECK_INT(bytes[p],
                kfix_plan_walk(&plan_net, kfix_method_of(method), plan_port(p), plan_visit, &w));
      CHECK_INT(bytes[p], w.end);
    }
  }
}

/* The same of a predictor; it is small beside a trainer, of which it has no state. */
_Static_assert(KFIX_BYTES(predict, ref) < KFIX_BYTES(sgd, ref), "a predictor is smaller");
static inline void plan_check_predictor(void) {
  const size_t bytes[] = {KFIX_BYTES(predict, ref), KFIX_BYTES(predict, simd)};
  for (int p = 0; p < PLAN_PORTS; p++)
    CHECK_INT(bytes[p], kfix_predictor_bytes(&plan_net, KFIX_PREDICT_ROWS, plan_port(p)));
#ifdef KFIX_WITH_BLIS
  CHECK_INT(KFIX_BYTES(predict, blis),
            kfix_predictor_bytes(&plan_net, KFIX_PREDICT_ROWS, &kfix_port_blis));
#endif
}

/* Regions follow one another without a gap, each aligned, large enough for its reals and a guard.
 */
static void plan_visit(void *context, const kfix_region *r) {
  plan_walk *w = context;
  CHECK_INT(w->end, r->offset);
  CHECK_INT(0, r->offset % KFIX_ALIGN);
  CHECK_INT(0, r->copy_bytes % KFIX_ALIGN);
  CHECK_INT(r->group < KFIX_GROUP_STATES ? 2 : 1, r->copies);
  const int control = r->offset == 0;
  const size_t guard = control ? 0 : KFIX_GUARD_BYTES;
  CHECK(r->copy_bytes >= r->count * sizeof(kfix_real) + guard);
  CHECK(r->copy_bytes < r->count * sizeof(kfix_real) + guard + KFIX_ALIGN);
  CHECK(r->layer <= plan_net.block_count);
  CHECK(r->name && r->name[0]);
  w->end += r->copies * r->copy_bytes;
  w->control += control;
  w->scratch += r->group == KFIX_GROUP_SCRATCH;
  w->states += r->group < KFIX_GROUP_STATES;
}

static inline void plan_check_regions(void) {
  plan_check_along();
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    for (int p = 0; p < PLAN_PORTS && plan_has(m); p++) {
      plan_walk w = {0};
      const size_t total =
          kfix_plan_walk(&plan_net, &kfix_methods[m], plan_port(p), plan_visit, &w);
      CHECK_INT(plan_bytes[m][p], total);
      CHECK_INT(total, w.end);
      CHECK_INT(1, w.control);
      CHECK(w.scratch >= 3);
      CHECK(w.states >= 3);
    }
}

/* A change of memory shows here, and so in the diff. For float on 64-bit x86, without guards; the
 * vector port's packing space is another elsewhere. */
static inline void plan_check_pinned(const size_t pinned[KFIX_METHOD_COUNT][PLAN_PORTS]) {
#if defined(__x86_64__) && !defined(KFIX_DEBUG) && !defined(KFIX_REAL_DOUBLE)
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    for (int p = 0; p < PLAN_PORTS; p++) CHECK_INT(pinned[m][p], plan_bytes[m][p]);
#else
  (void)pinned;
  SKIP("bytes are pinned for one build");
#endif
}

/* The options that the config sets are in range and taken over. */
static inline void plan_check_settings(void) {
  const kfix_options options = kfix_options_default(&plan_net);
  kfix_option_id bad;
  CHECK_INT(KFIX_OK, kfix_options_check(&options, &bad));
  for (uint32_t i = 0; i < plan_net.setting_count; i++) {
    const kfix_setting *s = &plan_net.settings[i];
    CHECK_NEAR(0, s->value, kfix_option_get(&options, (kfix_option_id)s->option));
  }
}

#endif
