/* SPDX-License-Identifier: Apache-2.0
 * Two-level directions on nets with normalisations, whose moments couple the examples of a group, against a dense
 * Fisher matrix made of whole groups. */
#include "normed_case.h"
#include "two_level_checks.h"

static double jacobian[ROWS * GRAPH_OUTPUTS * DIR_PARAMETERS], z[ROWS * GRAPH_OUTPUTS];

/* Both of the first rows. They take time, and the weights of a net are the same in each test: kept until another net,
 * group or number of rows is asked for. */
static void find_jacobian(size_t rows) {
  static struct {
    const char *of;
    uint32_t group;
    size_t rows;
  } known;
  if (known.of == c.g.net.name && known.group == c.g.net.group && known.rows == rows) return;
  known.of = c.g.net.name;
  known.group = c.g.net.group;
  known.rows = rows;
  graph_jacobian(&c.g, c.theta, c.xd, rows, jacobian);
  graph_forward(&c.g, c.theta, c.xd, rows, z);
}

/* `fisher` = the weighted mean over the first rows, whole groups, of the squares of J^T dL/dz, and damping. */
static void find_coupled_fisher(size_t rows, double damping) {
  const size_t n = parameters(), outputs = kfix_net_outputs(&c.g.net);
  double d[DIR_PARAMETERS], mass = 0;
  find_jacobian(rows);
  memset(fisher, 0, sizeof fisher);
  for (size_t e = 0; e < rows; e++) {
    memset(d, 0, sizeof d);
    for (size_t o = e * outputs; o < (e + 1) * outputs; o++)
      for (size_t i = 0; i < n; i++) d[i] += (z[o] - seen_targets[o]) * jacobian[o * n + i];
    mass += weight_of(e);
    add_to_fisher(weight_of(e), d);
  }
  finish_fisher(mass, damping);
}

static void check_space(kfix_method curvature, kfix_choice space) {
  kfix_report report;
  c.options.coarse_space = space;
  create_normed(over(curvature));
  graph_watch();
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  find_coupled_fisher(report.made.rows, 0.31);
  check_step(&report);
  end();
}

static int begin_coupled(int net, size_t rows, uint32_t group, uint32_t most) {
  if (!begin_normed(net, rows, group)) return 0;
  ask_for_direction(most);
  return 1;
}

/* Short groups, several of them, several chunks, and fewer rows than the batch has. */
void test_every_space(void) {
  for (int b = 0; b < BATCHES; b++)
    for (int net = 0; begin_coupled(net, batches[b].rows, batches[b].group, 128); net++)
      for (kfix_choice space = 0; space < KFIX_COARSE_SPACE_COUNT; space++) {
        if (space == KFIX_COARSE_TKO) continue;
        begin_coupled(net, batches[b].rows, batches[b].group, (net + b) % 2 ? 64 : 128);
        check_space(KFIX_METHOD_kfac, space);
      }
}

static int is_taken(kfix_method method) {
  return kfix_methods[method].curvature &&
         kfix_net_suits(&c.g.net, over(method), &c.options) == KFIX_OK;
}

/* A dense net, and one of images, whose examples some methods take as pairs alone. */
void test_every_curvature(void) {
  int taken = 0;
  for (int net = 0; net < 2; net++)
    for (int m = 0; m < KFIX_METHOD_COUNT; m++) {
      begin_coupled(net, ROWS, 64, 128);
      if (!is_taken((kfix_method)m)) c.options.conv = KFIX_CONV_REDUCE;
      if (!is_taken((kfix_method)m)) continue;
      check_space((kfix_method)m, net ? KFIX_COARSE_RESIDUAL : KFIX_COARSE_NICOLAIDES);
      taken++;
    }
  CHECK_INT(2 * 9, taken);
}

void test_weights_of_examples(void) {
  kfix_real weights[ROWS];
  for (int net = 0; begin_coupled(net, ROWS, 32, 128); net++)
    for (kfix_choice space = KFIX_COARSE_NICOLAIDES; space <= KFIX_COARSE_RESIDUAL; space++) {
      begin_coupled(net, ROWS, 32, 128);
      weigh_examples(weights);
      check_space(KFIX_METHOD_kfac, space);
    }
}

/* Columns of a factored F_coarse are made of examples one by one. */
void test_factored_tko_and_exact_are_refused(void) {
  begin_coupled(0, ROWS, 32, 128);
  CHECK_INT(KFIX_COUPLED, kfix_net_suits(&c.g.net, KFIX_METHOD_exact, &c.options));
  c.options.coarse_space = KFIX_COARSE_TKO;
  const size_t bytes = kfix_bytes(&c.g.net, over(KFIX_METHOD_kfac), &kfix_port_ref);
  c.arena = aligned_alloc(KFIX_ALIGN, bytes);
  const kfix_setup setup = {.net = &c.g.net,
                            .method = over(KFIX_METHOD_kfac),
                            .options = &c.options,
                            .port = &kfix_port_ref,
                            .arena = c.arena,
                            .bytes = bytes};
  CHECK_INT(KFIX_COUPLED, kfix_create(&c.k, &setup, NULL));
  end();
}
