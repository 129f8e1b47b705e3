/* SPDX-License-Identifier: Apache-2.0
 * A run allocates nothing from creation to checkpoint, on any thread, and gives the same bits on
 * every CPU port with any number of threads. */
#include "check.h"
#include "fast_ports.h"
#include "no_malloc.h"
#include "port/posix/crew.h"
#include "reference_case.h"
#include "reference_image.h"

enum { STEPS = 2, OUTPUTS = 10, ROWS = 270 };

/* Large enough that the ports spread its kernels over threads. */
static void begin(ref_case *c, kfix_choice driver) {
  case_begin(c, KFIX_CATEGORICAL, 3, (const uint32_t[]){120, 90, 60, OUTPUTS}, KFIX_TANH,
             KFIX_SOFTMAX, ROWS, 3);
  c->net.row_block = c->net.chunk = 256;
  c->net.threads = 3;
  c->options.driver = driver;
  c->options.lambda = 1;
  c->options.hf_iterations = 3;
  c->options.lambda_every = 2;
  c->options.inverse_every = c->options.gamma_every = 2;
}

/* All that a run calls, between the marks; calls: of malloc and its kin. */
static uint64_t run(kfix_method method, kfix_choice driver, const kfix_port *port, unsigned threads,
                    size_t *calls) {
  ref_case c;
  kfix_posix_crew crew;
  kfix_score score;
  kfix_report report;
  static kfix_real p[ROWS * OUTPUTS], w[90 * 121];
  size_t rows, cols;
  int bad = 0;
  begin(&c, driver);
  c.bytes = kfix_bytes(&c.net, method, port);
  c.arena = aligned_alloc(KFIX_ALIGN, c.bytes);
  CHECK_INT(0, kfix_posix_crew_start(&crew, threads));
  memory_image image = {NULL, 0, 0};
  no_malloc_begin();
  bad |= kfix_create(&c.k,
                     &(kfix_setup){&c.net, method, &c.options, port,
                                   threads > 1 ? &crew.crew : NULL, NULL, c.arena, c.bytes},
                     NULL) != KFIX_OK;
  for (int s = 0; s < STEPS && !bad; s++) bad |= kfix_step(c.k, &c.batch, &report) != KFIX_OK;
  *calls = no_malloc_end();
  CHECK(!bad);
  image = image_for(c.k);
  no_malloc_begin();
  bad |= kfix_evaluate(c.k, KFIX_ITERATE_AVERAGE, &c.batch, &score) != KFIX_OK;
  bad |= kfix_predict(c.k, KFIX_ITERATE, &c.batch, p, OUTPUTS) != KFIX_OK;
  bad |= kfix_view(c.k, "grad", 1, w, sizeof w / sizeof w[0], &rows, &cols) != KFIX_OK;
  bad |= kfix_set_weights(c.k, 1, w) != KFIX_OK;
  bad |= image_save(c.k, &image) != KFIX_OK;
  bad |= image_load(c.k, &image) != KFIX_OK;
  bad |= kfix_step(c.k, &c.batch, &report) != KFIX_OK;
  const uint64_t digest = kfix_digest(c.k);
  *calls += no_malloc_end();
  CHECK(!bad);
  kfix_posix_crew_stop(&crew);
  free(image.bytes);
  case_end(&c);
  return digest;
}

static void check_run(kfix_method method, kfix_choice driver, const kfix_port *port,
                      unsigned threads, uint64_t expected) {
  size_t calls;
  if (port->available() != KFIX_OK) return;
  CHECK_U64(expected, run(method, driver, port, threads, &calls));
  CHECK_INT(0, calls);
}

/* The driver matters only to methods with a curvature, and has no kernels of its own: ports are compared with one of
 * them. Where malloc is not wrapped, no call is counted, and the bits alone are judged. */
void test_no_run_allocates_and_ports_and_threads_do_not_show(void) {
  const kfix_port *fast = kfix_port_simd.available() == KFIX_OK ? &kfix_port_simd : &kfix_port_ref;
  for (int m = 0; m < KFIX_METHOD_COUNT; m++) {
    size_t calls;
    uint64_t digest = run((kfix_method)m, KFIX_ADAPTIVE, &kfix_port_ref, 1, &calls);
    CHECK_INT(0, calls);
    for (size_t p = 0; p < FAST_PORTS; p++) {
      check_run((kfix_method)m, KFIX_ADAPTIVE, fast_ports[p], 1, digest);
      check_run((kfix_method)m, KFIX_ADAPTIVE, fast_ports[p], 3, digest);
    }
    if (!kfix_method_of((kfix_method)m)->direction) continue;
    digest = run((kfix_method)m, KFIX_FIXED, fast, 1, &calls);
    CHECK_INT(0, calls);
    check_run((kfix_method)m, KFIX_FIXED, fast, 3, digest);
  }
}

/* A second run of the same, in the same program. */
void test_runs_repeat(void) {
  size_t calls;
  const uint64_t first = run(KFIX_METHOD_kfac, 0, &kfix_port_ref, 1, &calls);
  CHECK_U64(first, run(KFIX_METHOD_kfac, 0, &kfix_port_ref, 1, &calls));
}
