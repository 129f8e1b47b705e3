/* SPDX-License-Identifier: Apache-2.0
 * The passes over long vectors (dots, decay, move) of every CPU port, with any number of threads and
 * little scratch too, have the bits of what they put together: the reference port's axpby, dot and
 * nonfinite, one after another. */
#include "check.h"
#include "port_cases.h"

#define LONGEST ((size_t)300 * 523)

static kfix_real x[LONGEST], y[LONGEST], theta[LONGEST], mean[LONGEST], start[LONGEST];
static kfix_real want[3][LONGEST + 1], got[3][LONGEST + 1];
static kfix_device ref;
#define REF (ref.port)

void setUp(void) {
  port_crews_start();
  port_numbers(1, 4, LONGEST, x);
  port_numbers(2, 4, LONGEST, y);
  port_numbers(3, 4, LONGEST, theta);
  port_numbers(4, 4, LONGEST, mean);
  port_numbers(5, 4, LONGEST, start);
}

void tearDown(void) {
  port_crews_stop();
}

static void ok(kfix_status status) {
  CHECK_INT(KFIX_OK, status);
}

static void same(double want_sum, double got_sum) {
  if (want_sum == want_sum || got_sum == got_sum) CHECK_MEM(&want_sum, &got_sum, sizeof got_sum);
}

typedef void (*script)(const kfix_device *d, size_t n);

static void on_port(script check, size_t i, size_t n) {
  for (unsigned threads = 1; threads <= CREW_MAX; threads++) {
    kfix_device d = port_device(i, threads);
    check(&d, n);
    d.scratch_bytes = 11 * sizeof(double);
    check(&d, n);
  }
}

/* Finite inputs, then some that are not. */
static void agree(script check) {
  static const size_t lengths[] = {
      0, 1, 15, 16, 17, 513, KFIX_SUM_BLOCK - 1, KFIX_SUM_BLOCK, 4097, 8209, 100003, LONGEST};
  ref = port_device(0, 1);
  for (int sprinkled = 0; sprinkled < 2; sprinkled++) {
    for (size_t i = 0; i < PORT_CASES; i++)
      for (size_t l = 0; port_is_here(i) && l < sizeof lengths / sizeof *lengths; l++)
        on_port(check, i, lengths[l]);
    port_sprinkle(3, 1009, LONGEST, x);
    port_sprinkle(5, 2003, LONGEST, y);
    port_sprinkle(7, 4001, LONGEST, theta);
    port_sprinkle(1, 5003, LONGEST, mean);
  }
}

static void dots(const kfix_device *d, size_t n) {
  const kfix_real *pair[5][2] = {{x, y}, {x, theta}, {y, y}, {y, theta}, {theta, theta}};
  double all[5], two[5] = {1, 2, 3, 4, 5}, sum;
  ok(d->port->dots(d, n, x, y, theta, all));
  ok(d->port->dots(d, n, x, y, NULL, two));
  for (int i = 0; i < 5; i++) {
    ok(REF->dot(&ref, n, pair[i][0], pair[i][1], &sum));
    same(sum, all[i]);
  }
  same(all[0], two[0]);
  same(all[2], two[2]);
  CHECK(two[1] == 2 && two[3] == 4 && two[4] == 5);
}

void test_dots(void) {
  agree(dots);
}

/* What stands behind the vectors must stay. */
static void mark(size_t n) {
  for (int i = 0; i < 3; i++) want[i][n] = got[i][n] = 42;
}

static void decay(const kfix_device *d, size_t n) {
  const kfix_real eta = (kfix_real)0.01;
  double bad = 2, want_bad = 2, square, want_square;
  mark(n);
  memcpy(got[0], start, n * sizeof *start);
  ok(REF->axpby(&ref, n, eta, x, 1, start, want[0]));
  ok(REF->nonfinite(&ref, 1, n, want[0], n, &want_bad));
  ok(REF->dot(&ref, n, x, x, &want_square));
  ok(d->port->decay(d, n, eta, x, got[0], &bad, &square));
  CHECK(port_differs(want[0], got[0], n + 1) == n + 1);
  same(want_bad, bad);
  same(want_square, square);
}

void test_decay(void) {
  agree(decay);
}

static void move(const kfix_device *d, size_t n, int in_place) {
  const kfix_real a = (kfix_real)0.3, b = (kfix_real)-0.7, xi = (kfix_real)0.99;
  double bad = 2, want_bad = 2;
  mark(n);
  ok(REF->axpby(&ref, n, a, x, b, y, want[0]));
  ok(REF->axpby(&ref, n, 1, theta, 1, want[0], want[1]));
  ok(REF->axpby(&ref, n, 1 - xi, want[1], xi, mean, want[2]));
  for (int i = 0; i < 3; i++) ok(REF->nonfinite(&ref, 1, n, want[i], n, &want_bad));
  memcpy(got[0], x, n * sizeof *x);
  ok(d->port->move(d, n, a, in_place ? got[0] : x, b, y, got[0], theta, got[1], xi, mean, got[2],
                   &bad));
  for (int i = 0; i < 3; i++) CHECK(port_differs(want[i], got[i], n + 1) == n + 1);
  same(want_bad, bad);
}

static void move_both(const kfix_device *d, size_t n) {
  move(d, n, 0);
  move(d, n, 1);
}

void test_move(void) {
  agree(move_both);
}

/* What nonfinite counts in a long vector, against isfinite. */
static void nonfinite(const kfix_device *d, size_t n) {
  double count = 0, bad = 0;
  for (size_t i = 0; i < n; i++) count += !isfinite(x[i]);
  ok(d->port->nonfinite(d, 1, n, x, n, &bad));
  CHECK(bad == count);
}

void test_nonfinite_of_long_vectors(void) {
  agree(nonfinite);
}

void test_no_scratch(void) {
  double sums[5];
  for (size_t i = 0; i < PORT_CASES; i++) {
    kfix_device d = port_device(i, 2);
    if (!port_is_here(i)) continue;
    d.scratch_bytes = 0;
    CHECK_INT(KFIX_PORT, d.port->dots(&d, 9, x, y, NULL, sums));
    CHECK_INT(KFIX_PORT, d.port->decay(&d, 9, 1, x, got[0], sums, sums + 1));
    CHECK_INT(KFIX_PORT,
              d.port->move(&d, 9, 1, x, 1, y, got[0], theta, got[1], 0, mean, got[2], sums));
  }
}
