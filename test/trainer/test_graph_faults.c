/* SPDX-License-Identifier: Apache-2.0
 * A step is a transaction on nets with normalisations and on nets of images, too: each kernel call of it fails once,
 * and answers NaN once; and a run that goes on from any step's image has the bits of the one that lived through it. */
#include "graph_case.h"
#include "reference_faulty_port.h"
#include "reference_image.h"

/* Graphs of reference_graph.h: the number of one with normalisations, or of another one. */
typedef struct graph {
  int number, normed;
} graph;

static const graph graphs[] = {{0, 1}, {1, 1}, {2, 1}, {4, 0}, {6, 0}, {7, 0}};
enum { GRAPHS = sizeof graphs / sizeof graphs[0], GROUP = 32, BATCH = 39 };

/* Without images, or with few pixels. */
static int is_small(const graph *g) {
  return g->normed && g->number != 1;
}

/* Of each family. */
static const kfix_method methods[] = {KFIX_METHOD_sgd, KFIX_METHOD_kfac, KFIX_METHOD_ekfac_ra,
                                      KFIX_METHOD_diagonal, KFIX_METHOD_hf};
enum { METHODS = sizeof methods / sizeof methods[0] };

/* A run at the step where most happens, its image, and the digest that the step should lead to. */
typedef struct site {
  memory_image image;
  uint64_t before, after;
  long calls;
} site;

/* A batch of a group and a short one. */
static void begin_graph(const graph *g, kfix_choice driver) {
  CHECK(g->normed ? begin_normed(g->number, BATCH, GROUP) : begin(g->number, BATCH));
  kfix_options *o = &c.options;
  o->driver = driver;
  o->conv = KFIX_CONV_REDUCE;
  o->lambda = 1;
  o->learning_rate = 0.01;
  o->hf_iterations = 3;
  o->lambda_every = 1;
  o->inverse_every = 2;
  o->gamma_every = 1000;
  o->fisher_fraction = 0.5;
  fault_arm(FAULT_NONE, 0);
}

static void step_of(kfix *k) {
  CHECK_INT(KFIX_OK, kfix_step(k, &c.batch, NULL));
}

/* No retries, so that every fault shows. */
static void begin_site(site *s, const graph *g, kfix_method method, kfix_choice driver) {
  begin_graph(g, driver);
  c.options.retries = 0;
  create_on(method, &faulty_port, NULL);
  for (int i = 0; i < 3; i++) step_of(c.k);
  s->before = kfix_digest(c.k);
  s->image = image_for(c.k);
  CHECK_INT(KFIX_OK, image_save(c.k, &s->image));
  fault_arm(FAULT_NONE, 0);
  step_of(c.k);
  s->calls = fault_calls();
  s->after = kfix_digest(c.k);
  CHECK(s->after != s->before);
}

static void end_site(site *s) {
  free(s->image.bytes);
  end();
}

/* Rewinds, takes the faulty step, and, if it failed, the step again. */
static kfix_status faulty_step(site *s, fault_kind kind, long n) {
  fault_arm(FAULT_NONE, 0);
  CHECK_INT(KFIX_OK, image_load(c.k, &s->image));
  CHECK_U64(s->before, kfix_digest(c.k));
  fault_arm(kind, n);
  const kfix_status status = kfix_step(c.k, &c.batch, NULL);
  CHECK(fault_kernel() != NULL);
  if (status == KFIX_OK) return status;
  CHECK_U64(s->before, kfix_digest(c.k));
  fault_arm(FAULT_NONE, 0);
  step_of(c.k);
  CHECK_U64(s->after, kfix_digest(c.k));
  return status;
}

static void every_call_fails(site *s) {
  for (long n = 1; n <= s->calls; n++) CHECK_INT(KFIX_PORT, faulty_step(s, FAULT_FAILS, n));
}

/* A NaN must be found, or not matter: then the step is bit for bit what it is without it. */
static void every_call_answers_nan(site *s) {
  for (long n = 1; n <= s->calls; n++)
    if (faulty_step(s, FAULT_NAN, n) == KFIX_OK)
      CHECK_MSG(kfix_digest(c.k) == s->after, fault_kernel());
}

/* Images take long: K-FAC has all that is theirs. */
static int is_enough(const graph *g, kfix_method method, kfix_choice driver) {
  if (method == KFIX_METHOD_kfac) return !is_small(g) && driver == KFIX_FIXED;
  return !is_small(g) || driver == KFIX_FIXED;
}

static void each_site(void (*check)(site *s)) {
  for (int i = 0; i < GRAPHS; i++)
    for (int m = 0; m < METHODS; m++)
      for (kfix_choice driver = 0; driver < 2; driver++) {
        site s;
        if (is_enough(&graphs[i], methods[m], driver)) continue;
        begin_site(&s, &graphs[i], methods[m], driver);
        check(&s);
        end_site(&s);
      }
}

void test_a_kernel_that_fails(void) {
  each_site(every_call_fails);
}

void test_a_kernel_that_answers_nan(void) {
  each_site(every_call_answers_nan);
}

/* ---- checkpoints ---- */

/* Another trainer of the same case, as one that has just been created and restored. */
static kfix *heir_from(kfix_method method, memory_image *image, void **arena) {
  kfix *k = c.k;
  void *own = c.arena;
  create_on(method, &kfix_port_ref, NULL);
  kfix *heir = c.k;
  *arena = c.arena;
  c.k = k;
  c.arena = own;
  CHECK_INT(KFIX_OK, image_load(heir, image));
  return heir;
}

static void check_heirs(const graph *g, kfix_method method, kfix_choice driver) {
  begin_graph(g, driver);
  c.options.gamma_every = 4;
  if (!is_small(g) && driver == KFIX_FIXED) return;
  if (kfix_net_suits(&c.g.net, method, &c.options) != KFIX_OK) return;
  create_on(method, &kfix_port_ref, NULL);
  memory_image image = image_for(c.k);
  for (int s = 0; s < 9; s++) {
    void *arena;
    CHECK_INT(KFIX_OK, image_save(c.k, &image));
    kfix *heir = heir_from(method, &image, &arena);
    CHECK_U64(kfix_digest(c.k), kfix_digest(heir));
    step_of(c.k);
    step_of(heir);
    CHECK_U64(kfix_digest(c.k), kfix_digest(heir));
    free(arena);
  }
  free(image.bytes);
  end();
}

void test_an_heir_goes_on_alike_after_every_step(void) {
  for (int i = 0; i < GRAPHS; i++)
    for (int m = 0; m < KFIX_METHOD_COUNT; m++)
      for (kfix_choice driver = 0; driver < 2; driver++)
        check_heirs(&graphs[i], (kfix_method)m, driver);
}

/* Running moments are of an image as weights are: set anew, they come back with it. */
void test_moments_come_back_with_an_image(void) {
  kfix_real moments[GRAPH_MOMENTS];
  begin_graph(&graphs[0], KFIX_ADAPTIVE);
  create_on(KFIX_METHOD_kfac, &kfix_port_ref, NULL);
  for (int s = 0; s < 3; s++) step_of(c.k);
  memory_image image = image_for(c.k);
  const uint64_t digest = kfix_digest(c.k);
  CHECK_INT(KFIX_OK, image_save(c.k, &image));
  for (int i = 0; i < GRAPH_MOMENTS; i++) moments[i] = 1;
  CHECK_INT(KFIX_OK, kfix_set_moments(c.k, 2, moments));
  CHECK(kfix_digest(c.k) != digest);
  CHECK_INT(KFIX_OK, image_load(c.k, &image));
  CHECK_U64(digest, kfix_digest(c.k));
  free(image.bytes);
  end();
}

/* Examples of another group are another net. */
void test_an_image_is_of_its_group(void) {
  begin_graph(&graphs[0], KFIX_ADAPTIVE);
  create_on(KFIX_METHOD_sgd, &kfix_port_ref, NULL);
  memory_image image = image_for(c.k);
  CHECK_INT(KFIX_OK, image_save(c.k, &image));
  end();
  c.g.net.group = 64;
  create_on(KFIX_METHOD_sgd, &kfix_port_ref, NULL);
  CHECK_INT(KFIX_IMAGE_CONFIG, image_load(c.k, &image));
  free(image.bytes);
  end();
}
