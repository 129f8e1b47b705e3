/* SPDX-License-Identifier: Apache-2.0
 * Normalisations of every CPU port: the bits of the reference port's, whatever the threads and the parts that rows
 * come in. */
#include <math.h>

#include "norm_cases.h"

static kfix_real want[ROOM];

void setUp(void) {
  norm_cases_begin();
}

void tearDown(void) {
  port_crews_stop();
}

/* Rows a few at a time: not those of moments, which are of all. */
static void run_in_parts(const kfix_device *d, const norm_run *t, kfix_real *out) {
  memcpy(out, start, sizeof start);
  for (size_t first = 0, rows = 1; first < t->c->rows; first += rows, rows = 2 * rows + 1)
    CHECK_INT(KFIX_OK,
              run_rows(d, t, first, first + rows < t->c->rows ? rows : t->c->rows - first, out));
}

static void same(const norm_run *t, const char *port, unsigned threads) {
  const norm_case *c = t->c;
  const size_t at = port_differs(want, got, ROOM);
  if (at < ROOM)
    CHECK_MSG(0, CHECK_TEXT_("%zu rows, %zu positions, %zu channels, %zu apart, kernel %d, beta "
                             "%g, %s, %u threads: [%zu]",
                             c->rows, c->positions, c->channels, c->apart, (int)t->kernel,
                             (double)t->beta, port, threads, at));
}

static void agree(const norm_run *t) {
  const kfix_device reference = port_device(0, 1);
  run(&reference, t, want);
  for (size_t i = 0; i < PORT_CASES; i++) {
    if (!port_is_here(i)) continue;
    for (unsigned threads = 1; threads <= CREW_MAX; threads++) {
      const kfix_device d = port_device(i, threads);
      run(&d, t, got);
      same(t, d.port->name, threads);
      if (t->kernel == MOMENTS) continue;
      run_in_parts(&d, t, got);
      same(t, d.port->name, threads);
    }
  }
}

void test_ports_agree(void) {
  for (size_t i = 0; i < NORMS; i++) each_run(&norms[i], agree);
}

void test_special_values(void) {
  port_sprinkle(5, 97, ROOM, x);
  port_sprinkle(11, 89, ROOM, g);
  for (size_t i = 0; i < NORMS; i++) each_run(&norms[i], agree);
}

/* Enough of them for several threads. */
void test_threads_share_large_images(void) {
  static const norm_case large[] = {{60, 64, 64, 0}, {100, 36, 70, 3}};
  for (size_t i = 0; i < 2; i++) each_run(&large[i], agree);
}

/* beta 0: out may hold anything. */
static void out_is_not_read(const norm_run *t) {
  const norm_case *c = t->c;
  if (t->beta != 0) return;
  const size_t ld = t->kernel == SUMS ? 2 * c->channels + c->apart : ld_of(c);
  const size_t width = t->kernel == NORM || t->kernel == BACK ? ld - c->apart : 2 * c->channels;
  const size_t rows = t->kernel == MOMENTS ? 1 : c->rows;
  for (size_t i = 0; i < PORT_CASES; i++) {
    const kfix_device d = port_device(i, 1);
    if (!port_is_here(i)) continue;
    for (size_t e = 0; e < ROOM; e++) start[e] = (kfix_real)NAN;
    run(&d, t, got);
    for (size_t r = 0; r < rows; r++)
      for (size_t e = 0; e < ld; e++) CHECK_INT(e >= width, !!isnan(got[r * ld + e]));
  }
}

void test_out_is_not_read_with_beta_0(void) {
  for (size_t i = 0; i < NORMS; i++) each_run(&norms[i], out_is_not_read);
}

void test_other_betas_are_refused(void) {
  for (size_t i = 0; i < PORT_CASES; i++) {
    const kfix_device d = port_device(i, 1);
    const kfix_port *port = d.port;
    if (!port_is_here(i)) continue;
    CHECK_INT(KFIX_PORT, port->norm(&d, 1, 1, 2, x, 2, moments, w, 2, got, 2));
    CHECK_INT(KFIX_PORT, port->norm(&d, 1, 1, 2, x, 2, moments, w, (kfix_real)0.5, got, 2));
    CHECK_INT(KFIX_PORT, port->norm_back(&d, 1, 1, 2, x, 2, moments, w, sums, 1, g, 2, -1, got, 2));
  }
}
