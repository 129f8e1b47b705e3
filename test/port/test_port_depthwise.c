/* SPDX-License-Identifier: Apache-2.0
 * Convolutions of each channel by itself of every CPU port: the bits of the reference port's, whatever the threads and
 * the parts that rows come in, and what the definitions say, in double. */
#include <math.h>

#include "check.h"
#include "image_cases.h"

enum { W_ROOM = 4096 };

static kfix_real x[ROOM], s[ROOM], start[ROOM], want[ROOM], got[ROOM], w[W_ROOM];

void setUp(void) {
  port_crews_start();
  port_numbers(1, 2, ROOM, x);
  port_numbers(2, 2, ROOM, s);
  port_numbers(3, 2, ROOM, start);
  port_numbers(4, 2, W_ROOM, w);
}

void tearDown(void) {
  port_crews_stop();
}

typedef enum deep_kernel { FORWARD, BACK, SUMS, KERNELS } deep_kernel;

typedef struct deep {
  const image_case *c;
  kfix_windows g;
  deep_kernel kernel;
  kfix_real beta;
  size_t area, each, ldx, lds, ldw; /* ldw: of sums */
} deep;

static deep deep_of(const image_case *c, deep_kernel kernel, size_t ones, size_t apart,
                    kfix_real beta) {
  deep t = {.c = c, .g = image_windows(c), .kernel = kernel, .beta = beta};
  t.area = kfix_window_area(&t.g);
  t.each = t.area + ones;
  t.ldx = kfix_image_reals(&t.g) + apart;
  t.lds = kfix_positions(&t.g) * t.g.channels + 2 * apart;
  t.ldw = t.g.channels * t.each + apart;
  CHECK(t.g.channels * t.each <= W_ROOM && c->rows * t.ldw <= ROOM);
  CHECK(c->rows * t.ldx <= ROOM && c->rows * t.lds <= ROOM);
  return t;
}

/* Where a row of what is written begins, and how many numbers it has. */
static size_t ld_of(const deep *t) {
  return t->kernel == FORWARD ? t->lds : t->kernel == BACK ? t->ldx : t->ldw;
}

static size_t width_of(const deep *t) {
  if (t->kernel == BACK) return kfix_image_reals(&t->g);
  return t->g.channels * (t->kernel == FORWARD ? kfix_positions(&t->g) : t->each);
}

static kfix_status run_rows(const kfix_device *d, const deep *t, size_t first, size_t rows,
                            kfix_real *out) {
  const kfix_real *images = x + first * t->ldx, *along = s + first * t->lds;
  kfix_real *to = out + first * ld_of(t);
  switch (t->kernel) {
    case FORWARD:
      return d->port->depthwise(d, &t->g, rows, t->each, t->each > t->area, images, t->ldx, w,
                                t->beta, to, t->lds);
    case BACK:
      return d->port->depthwise_back(d, &t->g, rows, t->each, along, t->lds, w, t->beta, to,
                                     t->ldx);
    default:
      return d->port->depthwise_sums(d, &t->g, rows, t->each, images, t->ldx, along, t->lds, to,
                                     t->ldw);
  }
}

/* Rows all at once, or a few at a time. */
static void run(const kfix_device *d, const deep *t, int in_parts, kfix_real *out) {
  memcpy(out, start, sizeof start);
  for (size_t first = 0, rows = in_parts ? 1 : t->c->rows; first < t->c->rows;
       first += rows, rows = 2 * rows + 1)
    CHECK_INT(KFIX_OK, run_rows(d, t, first, kfix_smaller(rows, t->c->rows - first), out));
}

static void agree(const deep *t) {
  const kfix_device reference = port_device(0, 1);
  run(&reference, t, 0, want);
  for (size_t i = 0; i < PORT_CASES * CREW_MAX * 2; i++) {
    const unsigned threads = 1 + (unsigned)(i / 2 % CREW_MAX);
    if (!port_is_here(i / 2 / CREW_MAX)) continue;
    const kfix_device d = port_device(i / 2 / CREW_MAX, threads);
    run(&d, t, i % 2, got);
    if (port_differs(want, got, ROOM) < ROOM)
      CHECK_MSG(0, CHECK_TEXT_(IMAGE_FORMAT ", kernel %d, %zu each, beta %g, %s, %u threads: [%zu]",
                               IMAGE_NUMBERS(t->c), (int)t->kernel, t->each, (double)t->beta,
                               d.port->name, threads, port_differs(want, got, ROOM)));
  }
}

/* With each kernel, a number for a one and none, rows side by side and apart, and where there is one each beta. */
static void each_run(const image_case *c, void (*look)(const deep *t)) {
  for (int variant = 0; variant < 4 * KERNELS; variant++) {
    const size_t ones = (size_t)(variant / KERNELS % 2), beta = (size_t)(variant / KERNELS / 2);
    const deep t = deep_of(c, (deep_kernel)(variant % KERNELS), ones, 3 * ones, (kfix_real)beta);
    if (beta == 0 || t.kernel != SUMS) look(&t);
  }
}

static void each_case(void (*look)(const deep *t)) {
  for (size_t i = 0; i < IMAGE_CASES; i++) each_run(&image_cases[i], look);
}

void test_ports_agree(void) {
  each_case(agree);
}

void test_special_values(void) {
  port_sprinkle(5, 97, ROOM, x);
  port_sprinkle(11, 89, ROOM, s);
  port_sprinkle(3, 83, W_ROOM, w);
  each_case(agree);
}

/* Enough of them for several threads. */
void test_threads_share_large_images(void) {
  static const image_case large = {{12, 12, 70}, {3, 3}, {1, 1}, {1, 1}, 0, 21};
  each_run(&large, agree);
}

/* ---- what they are ---- */

/* Sums in double, with the sum of magnitudes and how many terms each has. */
static double sums[ROOM], sizes[ROOM], terms[ROOM];

static void add(size_t at, double term) {
  sums[at] += term;
  sizes[at] += fabs(term);
  terms[at]++;
}

static void clear_sums(const deep *t) {
  memset(sums, 0, sizeof sums);
  memset(sizes, 0, sizeof sizes);
  memset(terms, 0, sizeof terms);
  for (size_t i = 0; i < t->c->rows * ld_of(t); i++)
    if (t->beta == 1 || i % ld_of(t) >= width_of(t)) add(i, (double)start[i]);
}

/* Of example r, window and channel c: what is added for `tap` of the kernel; behind them, for the one. */
static void add_tap(const deep *t, size_t r, size_t window, size_t tap, size_t c) {
  const size_t j = tap % t->g.kernel[1], of_s = r * t->lds + window * t->g.channels + c;
  const int is_one = tap == t->area;
  const ptrdiff_t pixel = is_one ? 0 : image_pixel(&t->g, window, tap / t->g.kernel[1], j);
  if (pixel < 0 || (is_one && t->kernel == BACK)) return;
  const size_t of_x = r * t->ldx + (size_t)pixel * t->g.channels + c;
  const double shown = is_one ? 1 : (double)x[of_x], weight = (double)w[c * t->each + tap];
  if (t->kernel == FORWARD) add(of_s, weight * shown);
  if (t->kernel == BACK) add(of_x, weight * (double)s[of_s]);
  if (t->kernel == SUMS) add(r * t->ldw + c * t->each + tap, (double)s[of_s] * shown);
}

/* Each term is rounded once, and each addition; of the reference port, which the others agree with. What lies between
 * the rows stays. */
static void is_as_defined(const deep *t) {
  const kfix_device d = port_device(0, 1);
  run(&d, t, 0, got);
  clear_sums(t);
  for (size_t r = 0; r < t->c->rows; r++)
    for (size_t window = 0; window < kfix_positions(&t->g); window++)
      for (size_t i = 0; i < t->each * t->g.channels; i++)
        add_tap(t, r, window, i / t->g.channels, i % t->g.channels);
  for (size_t i = 0; i < t->c->rows * ld_of(t); i++)
    CHECK(fabs((double)got[i] - sums[i]) <= (terms[i] + 1) * EPSILON * sizes[i]);
  CHECK_INT(ROOM - t->c->rows * ld_of(t),
            port_differs(start + t->c->rows * ld_of(t), got + t->c->rows * ld_of(t),
                         ROOM - t->c->rows * ld_of(t)));
}

void test_they_are_what_they_are_defined_as(void) {
  each_case(is_as_defined);
}

/* ---- what is not a number, and what is not read ---- */

/* A NaN in x, in a padded image: in the windows that show it, and in sums over these, and nowhere else. */
static void nan_is_seen(const deep *t) {
  const size_t r = t->c->rows / 2, pixels = (size_t)t->g.height * t->g.width;
  const size_t at = r * t->ldx + pixels / 2 * t->g.channels + t->g.channels / 2;
  const kfix_device d = port_device(0, 1);
  const kfix_real good = x[at];
  if (t->kernel == BACK) return;
  x[at] = (kfix_real)NAN;
  run(&d, t, 0, got);
  clear_sums(t);
  for (size_t window = 0; window < kfix_positions(&t->g); window++)
    for (size_t tap = 0; tap < t->each; tap++) add_tap(t, r, window, tap, t->g.channels / 2);
  x[at] = good;
  for (size_t i = 0; i < ROOM; i++) CHECK_INT(!!isnan(sums[i]), !!isnan(got[i]));
}

void test_nan_is_seen_where_it_belongs(void) {
  each_case(nan_is_seen);
}

/* beta 0: out may hold anything. */
static void out_is_not_read(const deep *t) {
  const size_t ld = ld_of(t), rows = t->c->rows;
  if (t->beta != 0) return;
  for (size_t e = 0; e < ROOM; e++) start[e] = (kfix_real)NAN;
  for (size_t i = 0; i < PORT_CASES; i++) {
    const kfix_device d = port_device(i, 1);
    if (!port_is_here(i)) continue;
    run(&d, t, 0, got);
    for (size_t e = 0; e < rows * ld; e++) CHECK_INT(e % ld >= width_of(t), !!isnan(got[e]));
  }
}

void test_out_is_not_read_with_beta_0(void) {
  each_case(out_is_not_read);
}

void test_other_betas_are_refused(void) {
  for (size_t i = 0; i < PORT_CASES; i++) {
    const kfix_device d = port_device(i, 1);
    const kfix_windows g = image_windows(&image_cases[0]);
    if (!port_is_here(i)) continue;
    CHECK_INT(KFIX_PORT, d.port->depthwise(&d, &g, 1, 1, 0, x, 1, w, 2, got, 1));
    CHECK_INT(KFIX_PORT, d.port->depthwise_back(&d, &g, 1, 1, s, 1, w, (kfix_real)0.5, got, 1));
  }
}
