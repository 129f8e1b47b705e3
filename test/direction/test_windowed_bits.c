/* SPDX-License-Identifier: Apache-2.0
 * The bits of directions on nets of images: the same for every chunk, port and number of threads. */
#include "fast_ports.h"
#include "graph_case.h"
#include "port/posix/crew.h"

enum { FIRST_OF_IMAGES = 4, STEPS = 3 };

/* Slices of 24 windows end within examples. */
static uint64_t digest_of(int net, kfix_method method, kfix_choice space, uint32_t chunk,
                          const kfix_port *port, kfix_crew *crew) {
  static kfix_real weights[ROWS];
  begin(net, ROWS);
  for (size_t e = 0; e < ROWS; e++) weights[e] = (kfix_real)(1 + e % 3);
  if (space % 2) c.batch.weights = weights;
  c.options.coarse_space = space;
  c.options.conv = net % 2 ? KFIX_CONV_REDUCE : KFIX_CONV_EXPAND;
  c.options.lambda = 1;
  c.options.gamma_every = c.options.inverse_every = 2;
  c.g.net.chunk = chunk;
  c.g.net.row_block = 16;
  c.g.net.stats_rows = 64;
  c.g.net.slice = 24;
  create_on(method, port, crew);
  for (int s = 0; s < STEPS; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  const uint64_t digest = kfix_digest(c.k);
  end();
  return digest;
}

static void check_bits(int net, kfix_method method, kfix_choice space, kfix_crew *crew) {
  const uint64_t expected = digest_of(net, method, space, 16, &kfix_port_ref, NULL);
  CHECK_U64(expected, digest_of(net, method, space, 64, &kfix_port_ref, NULL));
  for (size_t p = 0; p < FAST_PORTS; p++) {
    CHECK_U64(expected, digest_of(net, method, space, 32, fast_ports[p], NULL));
    CHECK_U64(expected, digest_of(net, method, space, 256, fast_ports[p], crew));
  }
}

/* Examples aside in chunks of 16 and 32, in the first of several of 64, in the only one of 256. */
void test_chunk_ports_and_threads_do_not_show(void) {
  kfix_posix_crew crew;
  CHECK_INT(0, kfix_posix_crew_start(&crew, 3));
  for (int i = FIRST_OF_IMAGES; begin(i, ROWS); i++) {
    for (kfix_choice space = 0; space < KFIX_COARSE_SPACE_COUNT; space++)
      check_bits(i, KFIX_ALONG(two_level, kfac), space, &crew.crew);
    for (kfix_choice weighted = 0; weighted < 2; weighted++)
      check_bits(i, KFIX_METHOD_exact, weighted, &crew.crew);
  }
  check_bits(FIRST_OF_IMAGES + 1, KFIX_ALONG(two_level, deflation), KFIX_COARSE_TAYLOR, &crew.crew);
  kfix_posix_crew_stop(&crew);
}
