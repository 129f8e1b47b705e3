/* SPDX-License-Identifier: Apache-2.0
 * The bits of directions: the same for every chunk, port and number of threads. */
#include "check.h"
#include "fast_ports.h"
#include "port/posix/crew.h"
#include "reference_case.h"

enum { ROWS = 131, STEPS = 4 };

/* The second is wide enough for several threads. */
static const uint32_t small[] = {6, 5, 4, 3}, wide[] = {60, 53, 40, 7};

/* What a run may not depend on, and what it may. */
typedef struct run {
  kfix_method method;
  kfix_choice space, driver;
  double fisher_fraction; /* S2 within the last chunk, or in several */
  int weighted;
  const uint32_t *widths;
} run;

static uint64_t digest_of(const run *r, uint32_t chunk, const kfix_port *port, kfix_crew *crew) {
  static ref_case k;
  kfix_real weights[ROWS];
  uint64_t state = 5;
  case_begin(&k, KFIX_BERNOULLI, 3, r->widths, KFIX_TANH, KFIX_LINEAR, ROWS, 3);
  for (size_t i = 0; i < ROWS; i++) weights[i] = (kfix_real)(1.5 * (case_uniform(&state) + 1));
  if (r->weighted) k.batch.weights = weights;
  k.options.driver = r->driver;
  k.options.lambda = 1;
  k.options.coarse_space = r->space;
  k.options.fisher_fraction = r->fisher_fraction;
  k.options.gamma_every = k.options.inverse_every = 2;
  k.options.hf_iterations = 7;
  k.net.chunk = chunk;
  k.net.row_block = 16;
  k.net.stats_rows = 64;
  k.net.threads = 3;
  CHECK_INT(KFIX_OK, case_create(&k, r->method, port, crew));
  for (int step = 0; step < STEPS; step++) CHECK_INT(KFIX_OK, kfix_step(k.k, &k.batch, NULL));
  const uint64_t digest = kfix_digest(k.k);
  case_end(&k);
  return digest;
}

/* Examples aside in chunks of 16 and 32, in the first of several of 64, in the only one of 256. */
static void check_chunks(const run *r) {
  static const uint32_t chunks[] = {16, 32, 64, 256};
  const uint64_t expected = digest_of(r, chunks[0], NULL, NULL);
  for (int i = 1; i < 4; i++) CHECK_U64(expected, digest_of(r, chunks[i], NULL, NULL));
}

static void check_all(kfix_method method, kfix_choice space) {
  check_chunks(&(run){method, space, KFIX_ADAPTIVE, 0.02, 0, small});
  check_chunks(&(run){method, space, KFIX_ADAPTIVE, 0.5, 1, small});
  check_chunks(&(run){method, space, KFIX_FIXED, 0.5, 1, small});
}

void test_chunk_does_not_show(void) {
  for (kfix_choice space = 0; space < KFIX_COARSE_SPACE_COUNT; space++)
    check_all(KFIX_ALONG(two_level, kfac), space);
  check_all(KFIX_ALONG(two_level, kfac_tridiag), KFIX_COARSE_TAYLOR);
  check_all(KFIX_METHOD_exact, 0);
  check_all(KFIX_METHOD_hf, 0);
  check_all(KFIX_ALONG(hf, ekfac), 0);
}

void test_ports_and_threads_do_not_show(void) {
  static const kfix_method methods[] = {KFIX_METHOD_exact, KFIX_METHOD_hf, KFIX_ALONG(hf, kfac),
                                        KFIX_ALONG(two_level, kfac),
                                        KFIX_ALONG(two_level, deflation)};
  kfix_posix_crew crew;
  CHECK_INT(0, kfix_posix_crew_start(&crew, 3));
  for (int m = 0; m < 5; m++)
    for (kfix_choice space = 0; space < KFIX_COARSE_SPACE_COUNT; space++) {
      const run r = {methods[m], space, KFIX_ADAPTIVE, 0.5, 0, wide};
      if (m < 3 && space > 0) continue;
      const uint64_t expected = digest_of(&r, 64, NULL, NULL);
      for (size_t p = 0; p < FAST_PORTS; p++) {
        CHECK_U64(expected, digest_of(&r, 64, fast_ports[p], NULL));
        CHECK_U64(expected, digest_of(&r, 64, fast_ports[p], &crew.crew));
      }
    }
  kfix_posix_crew_stop(&crew);
}
