/* SPDX-License-Identifier: Apache-2.0
 * Patches and pools of every CPU port: the bits of the reference port's, and what the definitions say: sums in
 * double, the first of equals, NaN before any number. */
#include <math.h>

#include "check.h"
#include "image_cases.h"

static kfix_real x[ROOM], s[ROOM], start[ROOM], want[ROOM], got[ROOM];

void setUp(void) {
  port_crews_start();
  port_numbers(1, 2, ROOM, x);
  port_numbers(2, 2, ROOM, s);
  port_numbers(3, 2, ROOM, start);
}

void tearDown(void) {
  port_crews_stop();
}

/* Pools that overlap, touch, leave pixels out; padded; of the whole image; and the windows of convolutions. */
static const image_case pools[] = {
    {{1, 1, 1}, {1, 1}, {1, 1}, {0, 0}, 0, 1},   {{8, 8, 16}, {2, 2}, {2, 2}, {0, 0}, 0, 7},
    {{7, 9, 17}, {3, 3}, {2, 2}, {1, 1}, 0, 5},  {{13, 5, 3}, {3, 2}, {1, 1}, {1, 1}, 0, 4},
    {{6, 7, 19}, {6, 7}, {1, 1}, {0, 0}, 0, 11}, {{9, 8, 8}, {2, 3}, {3, 3}, {0, 0}, 0, 3},
    {{4, 11, 1}, {1, 5}, {1, 2}, {0, 2}, 0, 6},  {{5, 5, 64}, {5, 5}, {5, 5}, {2, 2}, 0, 3},
    {{24, 24, 4}, {3, 3}, {2, 2}, {1, 1}, 0, 9},
};
#define POOLS (sizeof pools / sizeof *pools)

typedef enum pooling { PATCHES, MAX, MAX_BACK, MEAN, MEAN_BACK, KINDS } pooling;

typedef struct pool {
  const image_case *c;
  kfix_windows g;
  pooling kind;
  kfix_real beta;
  size_t ldx, ldp; /* of images, of what the windows have */
} pool;

static pool pool_of(const image_case *c, pooling kind, size_t apart, kfix_real beta) {
  pool t = {c, image_windows(c), kind, beta, 0, 0};
  t.ldx = kfix_image_reals(&t.g) + apart;
  t.ldp = kfix_positions(&t.g) * t.g.channels + 2 * apart;
  return t;
}

/* All windows but some of the first and the last example's. */
static kfix_status run_patches(const kfix_device *d, const pool *t, kfix_real *out) {
  const size_t positions = kfix_positions(&t->g), all = t->c->rows * positions;
  const size_t first = positions / 3, k = kfix_patch_reals(&t->g) + 1 + t->ldx % 2;
  CHECK((all - first) * k <= ROOM);
  return d->port->patches(d, &t->g, first, all - first - positions / 4, x, t->ldx, out, k);
}

static void run(const kfix_device *d, const pool *t, kfix_real *out) {
  const size_t rows = t->c->rows;
  kfix_status status = KFIX_OK;
  memcpy(out, start, sizeof start);
  if (t->kind == PATCHES) status = run_patches(d, t, out);
  if (t->kind == MAX) status = d->port->max_pool(d, &t->g, rows, x, t->ldx, s, t->ldx, out, t->ldp);
  if (t->kind == MAX_BACK)
    status = d->port->max_pool_back(d, &t->g, rows, x, t->ldx, s, t->ldp, t->beta, out, t->ldx);
  if (t->kind == MEAN) status = d->port->mean_pool(d, &t->g, rows, x, t->ldx, out, t->ldp);
  if (t->kind == MEAN_BACK)
    status = d->port->mean_pool_back(d, &t->g, rows, s, t->ldp, t->beta, out, t->ldx);
  CHECK_INT(KFIX_OK, status);
}

static void agree(const pool *t) {
  const kfix_device reference = port_device(0, 1);
  run(&reference, t, want);
  for (size_t i = 1; i < PORT_CASES; i++) {
    if (!port_is_here(i)) continue;
    for (unsigned threads = 1; threads <= CREW_MAX; threads++) {
      const kfix_device d = port_device(i, threads);
      run(&d, t, got);
      if (port_differs(want, got, ROOM) < ROOM)
        CHECK_MSG(0, CHECK_TEXT_(IMAGE_FORMAT ", kind %d, beta %g, %s, %u threads: [%zu]",
                                 IMAGE_NUMBERS(t->c), t->kind, (double)t->beta, d.port->name,
                                 threads, port_differs(want, got, ROOM)));
    }
  }
}

static void agree_on(const image_case *c) {
  for (int variant = 0; variant < 4 * KINDS; variant++) {
    const pool t = pool_of(c, (pooling)(variant % KINDS), variant / KINDS % 2 ? 3 : 0,
                           (kfix_real)(variant / KINDS / 2));
    agree(&t);
  }
}

void test_ports_agree(void) {
  for (size_t i = 0; i < POOLS; i++) agree_on(&pools[i]);
  for (size_t i = 0; i < IMAGE_CASES; i++) {
    const pool patches = pool_of(&image_cases[i], PATCHES, i % 3, 0);
    agree(&patches);
  }
}

void test_special_values(void) {
  port_sprinkle(5, 7, ROOM, x);
  port_sprinkle(11, 89, ROOM, s);
  for (size_t i = 0; i < POOLS; i++) agree_on(&pools[i]);
}

/* ---- what they are ---- */

/* Calls look(t, example, window, channel) for all. */
static void each(const pool *t, void (*look)(const pool *, size_t, size_t, size_t)) {
  for (size_t r = 0; r < t->c->rows; r++)
    for (size_t window = 0; window < kfix_positions(&t->g); window++)
      for (size_t c = 0; c < t->g.channels; c++) look(t, r, window, c);
}

/* Of the reference port, which the others agree with. */
static void on_all_pools(pooling kind, kfix_real beta, void (*look)(const pool *t)) {
  const kfix_device d = port_device(0, 1);
  for (size_t i = 0; i < POOLS; i++) {
    const pool t = pool_of(&pools[i], kind, i % 3, beta);
    run(&d, &t, got);
    look(&t);
  }
}

/* What example r's x has where a window shows `tap`; *there: whether it shows the image. */
static double shown(const pool *t, size_t r, size_t window, size_t tap, size_t c, size_t *at,
                    int *there) {
  const ptrdiff_t pixel = image_pixel(&t->g, window, tap / t->g.kernel[1], tap % t->g.kernel[1]);
  *there = pixel >= 0;
  *at = *there ? r * t->ldx + (size_t)pixel * t->g.channels + c : 0;
  return *there ? (double)x[*at] : 0;
}

static void is_patch(const pool *t, size_t r, size_t window, size_t c) {
  const size_t positions = kfix_positions(&t->g), k = kfix_patch_reals(&t->g);
  const size_t row = r * positions + window, first = positions / 3;
  const size_t ld = k + 1 + t->ldx % 2;
  if (row < first || row >= t->c->rows * positions - positions / 4) return;
  const kfix_real *patch = got + (row - first) * ld;
  CHECK(patch[k] == 1);
  for (size_t tap = 0; tap < kfix_window_area(&t->g); tap++) {
    size_t at;
    int there;
    const double value = shown(t, r, window, tap, c, &at, &there);
    CHECK((double)patch[tap * t->g.channels + c] == value);
  }
}

static void are_patches(const pool *t) {
  each(t, is_patch);
}

void test_patches_are_what_windows_show(void) {
  on_all_pools(PATCHES, 0, are_patches);
}

/* Where the first of the largest is; a NaN is larger than any number. */
static size_t largest(const pool *t, size_t r, size_t window, size_t c) {
  size_t best = 0, at;
  double top = 0;
  int found = 0, there;
  for (size_t tap = 0; tap < kfix_window_area(&t->g); tap++) {
    const double value = shown(t, r, window, tap, c, &at, &there);
    const int larger = !found || (!isnan(top) && (isnan(value) || value > top));
    if (!there || !larger) continue;
    found = 1;
    top = value;
    best = at;
  }
  CHECK(found);
  return best;
}

static size_t place(const pool *t, size_t r, size_t window, size_t c) {
  return r * t->ldp + window * t->g.channels + c;
}

static void is_largest(const pool *t, size_t r, size_t window, size_t c) {
  const kfix_real expected = s[largest(t, r, window, c)];
  CHECK(memcmp(&expected, &got[place(t, r, window, c)], sizeof expected) == 0);
}

static void are_largest(const pool *t) {
  each(t, is_largest);
}

/* x of few values has ties, here and there a NaN; s, unlike x, says where. */
static void make_ties(void) {
  for (size_t i = 0; i < ROOM; i++) x[i] = (kfix_real)(int)(2 * x[i]);
  for (size_t i = 3; i < ROOM; i += 41) x[i] = (kfix_real)NAN;
}

void test_max_pool_takes_the_first_of_the_largest(void) {
  on_all_pools(MAX, 0, are_largest);
  make_ties();
  on_all_pools(MAX, 0, are_largest);
}

void test_what_is_pooled_may_be_x(void) {
  for (size_t i = 0; i < POOLS * PORT_CASES; i++) {
    const pool t = pool_of(&pools[i / PORT_CASES], MAX, i % 3, 0);
    const kfix_device d = port_device(i % PORT_CASES, 2);
    if (!port_is_here(i % PORT_CASES)) continue;
    memcpy(s, x, sizeof s);
    run(&d, &t, want);
    memcpy(got, start, sizeof got);
    CHECK_INT(KFIX_OK, d.port->max_pool(&d, &t.g, t.c->rows, x, t.ldx, x, t.ldx, got, t.ldp));
    CHECK_INT(ROOM, port_differs(want, got, ROOM));
  }
}

/* Sums of one image in double, with the sum of magnitudes and how many terms each has. */
static double sums[ROOM], sizes[ROOM], terms[ROOM];

static void add(size_t at, double term) {
  sums[at] += term;
  sizes[at] += fabs(term);
  terms[at]++;
}

static void clear_sums(const pool *t) {
  memset(sums, 0, sizeof sums);
  memset(sizes, 0, sizeof sizes);
  memset(terms, 0, sizeof terms);
  for (size_t i = 0; i < t->c->rows * t->ldx; i++)
    if (t->beta == 1 || i % t->ldx >= kfix_image_reals(&t->g)) add(i, (double)start[i]);
}

/* Each term is rounded once, or twice with its share of a mean, and each addition. */
static void are_sums(const pool *t) {
  for (size_t i = 0; i < t->c->rows * t->ldx; i++)
    CHECK(fabs((double)got[i] - sums[i]) <= (terms[i] + 2) * EPSILON * sizes[i]);
}

static void add_max(const pool *t, size_t r, size_t window, size_t c) {
  add(largest(t, r, window, c), (double)s[place(t, r, window, c)]);
}

static void is_max_back(const pool *t) {
  clear_sums(t);
  each(t, add_max);
  are_sums(t);
}

void test_max_pool_back_adds_where_the_largest_is(void) {
  on_all_pools(MAX_BACK, 0, is_max_back);
  make_ties();
  on_all_pools(MAX_BACK, 1, is_max_back);
}

static void is_mean(const pool *t, size_t r, size_t window, size_t c) {
  const double area = (double)kfix_window_area(&t->g);
  double sum = 0, size = 0;
  for (size_t tap = 0; tap < kfix_window_area(&t->g); tap++) {
    size_t at;
    int there;
    const double value = shown(t, r, window, tap, c, &at, &there);
    sum += value / area;
    size += fabs(value) / area;
  }
  CHECK(fabs((double)got[place(t, r, window, c)] - sum) <= (area + 2) * EPSILON * size);
}

static void are_means(const pool *t) {
  each(t, is_mean);
}

static void add_mean(const pool *t, size_t r, size_t window, size_t c) {
  for (size_t tap = 0; tap < kfix_window_area(&t->g); tap++) {
    size_t at;
    int there;
    (void)shown(t, r, window, tap, c, &at, &there);
    if (there) add(at, (double)s[place(t, r, window, c)] / (double)kfix_window_area(&t->g));
  }
}

static void is_mean_back(const pool *t) {
  clear_sums(t);
  each(t, add_mean);
  are_sums(t);
}

void test_mean_pool_and_its_transpose(void) {
  on_all_pools(MEAN, 0, are_means);
  on_all_pools(MEAN_BACK, 0, is_mean_back);
  on_all_pools(MEAN_BACK, 1, is_mean_back);
}

void test_other_betas_are_refused(void) {
  for (size_t i = 0; i < PORT_CASES; i++) {
    const kfix_device d = port_device(i, 1);
    const kfix_windows g = image_windows(&pools[0]);
    if (!port_is_here(i)) continue;
    CHECK_INT(KFIX_PORT, d.port->max_pool_back(&d, &g, 1, x, 1, s, 1, 2, got, 1));
    CHECK_INT(KFIX_PORT, d.port->mean_pool_back(&d, &g, 1, s, 1, (kfix_real)0.5, got, 1));
  }
}
