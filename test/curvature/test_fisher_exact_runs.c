/* SPDX-License-Identifier: Apache-2.0
 * Runs with fisher exact: bits, passes that fail, nets with branches, methods that refuse it. */
#include "check.h"
#include "exact_case.h"
#include "graph_case.h"
#include "port/posix/crew.h"
#include "reference_faulty_port.h"

/* ---- bits ---- */

static uint64_t digest_of(kfix_method method, int weighted, uint32_t block, uint32_t chunk,
                          const kfix_port *port, kfix_crew *crew) {
  ref_case r;
  kfix_real weights[EXAMPLES];
  begin_exact(&r, KFIX_CATEGORICAL, KFIX_ADAPTIVE);
  if (weighted) weigh(&r, weights);
  r.net.row_block = block;
  r.net.chunk = chunk;
  r.net.threads = 3;
  CHECK_INT(KFIX_OK, case_create(&r, method, port, crew));
  for (int s = 0; s < 5; s++) CHECK_INT(KFIX_OK, kfix_step(r.k, &r.batch, NULL));
  const uint64_t digest = kfix_digest(r.k);
  case_end(&r);
  return digest;
}

void test_bits_depend_on_no_chunk_and_no_threads(void) {
  static const kfix_method methods[] = {KFIX_METHOD_kfac, KFIX_METHOD_kfac_tridiag,
                                        KFIX_METHOD_ekfac};
  kfix_posix_crew crew;
  CHECK_INT(0, kfix_posix_crew_start(&crew, 3));
  for (int m = 0; m < 3; m++)
    for (int weighted = 0; weighted < 2; weighted++) {
      const uint64_t digest = digest_of(methods[m], weighted, 8, 8, NULL, NULL);
      CHECK_U64(digest, digest_of(methods[m], weighted, 8, 24, NULL, NULL));
      CHECK_U64(digest, digest_of(methods[m], weighted, 8, 128, NULL, NULL));
      CHECK_U64(digest, digest_of(methods[m], weighted, 8, 40, &kfix_port_simd, &crew.crew));
    }
  kfix_posix_crew_stop(&crew);
}

/* Wherever a step breaks off, the next one begins where it should. */
void test_a_pass_that_fails_leaves_nothing_behind(void) {
  uint64_t digests[2];
  long calls = 1;
  for (long n = 0; n <= calls; n++) {
    ref_case r;
    begin_exact(&r, KFIX_BERNOULLI, KFIX_FIXED);
    r.options.retries = 0;
    fault_arm(FAULT_NONE, 0);
    CHECK_INT(KFIX_OK, case_create(&r, KFIX_METHOD_ekfac, &faulty_port, NULL));
    fault_arm(n > 0 ? FAULT_FAILS : FAULT_NONE, n);
    CHECK_INT(n > 0 ? KFIX_PORT : KFIX_OK, kfix_step(r.k, &r.batch, NULL));
    if (n == 0) calls = fault_calls();
    fault_arm(FAULT_NONE, 0);
    if (n > 0) CHECK_INT(KFIX_OK, kfix_step(r.k, &r.batch, NULL));
    digests[n > 0] = kfix_digest(r.k);
    if (n > 0) CHECK_U64(digests[0], digests[1]);
    case_end(&r);
  }
}

/* ---- a net with branches, or of images: g of output j is the derivative of z_j; windows are summed ---- */

/* dz of an example by each number of a block whose parameters belong to a channel each. */
static void by_parameter(uint32_t b, size_t e, double *dz) {
  double v[GRAPH_PARAMETERS] = {0};
  for (size_t i = c.g.w[b]; i < c.g.w[b + 1]; i++, dz += kfix_net_outputs(&c.g.net)) {
    v[i] = 1;
    graph_tangent(&c.g, c.theta, v, c.xd + e * c.g.net.inputs, 1, dz);
    v[i] = 0;
  }
}

static void by_units(uint32_t b, size_t e, uint32_t window, size_t units, double *dz) {
  const double *x = c.xd + e * c.g.net.inputs;
  for (size_t u = 0; u < units; u++, dz += kfix_net_outputs(&c.g.net))
    graph_by_unit(&c.g, c.theta, x, b, (uint32_t)(window * units + u), dz);
}

static void check_graph_block(uint32_t b) {
  const kfix_node_spec *n = kfix_net_block(&c.g.net, b);
  const uint32_t windows = n->each ? 1 : kfix_node_positions(n);
  const size_t out = kfix_net_outputs(&c.g.net), units = kfix_node_rows(n);
  double g[GRAPH_UNITS * GRAPH_UNITS], expected[GRAPH_UNITS * GRAPH_UNITS] = {0};
  kfix_real found[GRAPH_UNITS * GRAPH_UNITS];
  size_t rows, cols;
  for (size_t e = 0; e < ROWS; e++)
    for (uint32_t t = 0; t < windows; t++) {
      if (n->each)
        by_parameter(b, e, g);
      else
        by_units(b, e, t, units, g);
      for (size_t u = 0; u < units; u++)
        for (size_t v = 0; v < units; v++)
          expected[u * units + v] += ref_dot(g + u * out, g + v * out, out) / ROWS;
    }
  CHECK_INT(KFIX_OK, kfix_view(c.k, "G", b + 1, found, sizeof found / sizeof *found, &rows, &cols));
  CHECK_INT(units, rows);
  for (size_t i = 0; i < units * units; i++)
    CHECK_NEAR((512 * KFIX_REAL_EPS + 1e-8) * (1 + expected[i]), expected[i], found[i]);
}

void test_nets_with_branches(void) {
  for (int i = 0; begin(i, ROWS); i++) {
    c.options.fisher = KFIX_FISHER_EXACT;
    c.options.stats_fraction = 1;
    create(KFIX_METHOD_kfac);
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
    for (uint32_t b = 0; b < c.g.net.block_count; b++) check_graph_block(b);
    end();
  }
}

/* ---- what cannot have it ---- */

static void check_method(kfix_method method, int refused) {
  kfix_option_id bad = KFIX_OPTION_COUNT;
  kfix_real abar[EXAMPLES * 8], g[EXAMPLES * 8];
  ref_case r;
  begin_exact(&r, KFIX_MSE, KFIX_FIXED);
  CHECK_INT(refused ? KFIX_OPTION : KFIX_OK, kfix_options_suit(&r.options, method, &bad));
  if (refused) CHECK_INT(KFIX_OPTION_fisher, bad);
  CHECK_INT(refused ? KFIX_OPTION : KFIX_OK, case_create(&r, method, NULL, NULL));
  if (!refused) CHECK_INT(KFIX_OPTION, kfix_examples(r.k, &r.batch, 1, abar, g));
  if (!refused) CHECK_INT(KFIX_OK, kfix_step(r.k, &r.batch, NULL));
  case_destroy(&r);
  r.options.fisher = KFIX_FISHER_TRUE;
  CHECK_INT(KFIX_OK, case_create(&r, method, NULL, NULL));
  case_end(&r);
}

void test_what_works_on_examples_together_refuses_it(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    check_method((kfix_method)m, m == KFIX_METHOD_kpsvd || m == KFIX_METHOD_deflation ||
                                     m == KFIX_METHOD_lanczos || m == KFIX_METHOD_kfac_corrected ||
                                     m == KFIX_METHOD_exact);
  check_method(KFIX_ALONG(two_level, kfac), 1);
  check_method(KFIX_ALONG(hf, kfac), 0);
  check_method(KFIX_ALONG(hf, kpsvd), 1);
}
