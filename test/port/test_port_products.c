/* SPDX-License-Identifier: Apache-2.0
 * The products of every CPU port have the bits of the reference port's: all shapes, layouts and
 * numbers of threads, beside NaN, in padded and packed results. */
#include "check.h"
#include "port/blis/blis_kernels.h"
#include "port/gemm/instructions.h"
#include "port_cases.h"

static kfix_real a[ROOM], b[ROOM], start[ROOM], want[ROOM], got[ROOM];

typedef struct product {
  kfix_op op_a, op_b;
  size_t m, n, k, lda, ldb, ldc;
  kfix_real alpha, beta;
} product;

void setUp(void) {
  port_crews_start();
  port_numbers(1, 2, ROOM, a);
  port_numbers(2, 2, ROOM, b);
  port_numbers(3, 2, ROOM, start);
}

void tearDown(void) {
  port_crews_stop();
}

static void gemm(size_t i, unsigned threads, const product *t, kfix_real *c) {
  const kfix_device d = port_device(i, threads);
  memcpy(c, start, sizeof start);
  CHECK_INT(KFIX_OK, d.port->gemm(&d, t->op_a, t->op_b, t->m, t->n, t->k, t->alpha, a, t->lda, b,
                                  t->ldb, t->beta, c, t->ldc));
}

static void syrk(size_t i, unsigned threads, const product *t, kfix_real *c) {
  const kfix_device d = port_device(i, threads);
  memcpy(c, start, sizeof start);
  CHECK_INT(KFIX_OK,
            d.port->syrk(&d, t->op_a, t->n, t->k, t->alpha, a, t->lda, t->beta, c, t->ldc));
}

/* Every port, on one thread and on several, against ref. */
static void agree(void (*run)(size_t, unsigned, const product *, kfix_real *), const product *t) {
  run(0, 1, t, want);
  for (size_t i = 1; i < PORT_CASES; i++) {
    if (!port_is_here(i)) continue;
    for (unsigned threads = 1; threads <= CREW_MAX; threads++) {
      run(i, threads, t, got);
      if (port_differs(want, got, ROOM) < ROOM)
        CHECK_MSG(0, CHECK_TEXT_("ops %d %d, %zu x %zu x %zu, alpha %g beta %g, %u threads: [%zu]",
                                 t->op_a, t->op_b, t->m, t->n, t->k, (double)t->alpha,
                                 (double)t->beta, threads, port_differs(want, got, ROOM)));
    }
  }
}

/* Stored columns of an operand, plus padding. */
static size_t columns(kfix_op op, size_t rows, size_t cols, size_t padding) {
  return (op == KFIX_T ? rows : cols) + padding;
}

static void agree_in_all_layouts(size_t m, size_t n, size_t k, kfix_real alpha, kfix_real beta) {
  for (int ops = 0; ops < 9; ops++) {
    product t = {(kfix_op)(ops / 3), (kfix_op)(ops % 3), m, n, k, 0, 0, n + 3, alpha, beta};
    if (t.op_a == KFIX_S) t.m = k;
    if (t.op_b == KFIX_S) t.n = k;
    t.ldc = t.n + (size_t)ops % 4;
    t.lda = columns(t.op_a, t.m, t.k, (size_t)ops % 5);
    t.ldb = columns(t.op_b, t.k, t.n, (size_t)ops % 3);
    agree(gemm, &t);
  }
}

void test_gemm_on_small_shapes(void) {
  static const size_t size[] = {0, 1, 2, 3, 5, 6, 7, 13, 16, 17, 31, 64, 65};
  const size_t count = sizeof size / sizeof *size;
  for (size_t i = 0; i < count; i++)
    for (size_t j = 0; j < count; j++) {
      const size_t k = size[(3 * i + 5 * j) % count];
      const kfix_real alpha = (i + j) % 3 ? 1 : (kfix_real)-0.7;
      agree_in_all_layouts(size[i], size[j], k, alpha, (kfix_real)(j % 2));
    }
}

/* Around the block sizes, in depth and in C. */
void test_gemm_on_larger_shapes(void) {
  agree_in_all_layouts(31, 65, 255, 1, 0);
  agree_in_all_layouts(17, 31, 256, (kfix_real)0.3, 1);
  agree_in_all_layouts(13, 64, 257, 1, 1);
  agree_in_all_layouts(10, 10, 512, 1, 0);
  agree_in_all_layouts(7, 257, 300, (kfix_real)-1.1, 0);
  agree_in_all_layouts(300, 13, 257, 1, 1);
  agree_in_all_layouts(5, 2, 513, 1, 0);
  agree_in_all_layouts(256, 257, 65, (kfix_real)0.3, 1);
}

/* More columns of B than are packed at once, more rows of A too. */
void test_gemm_over_several_blocks(void) {
  static const product t[] = {
      {KFIX_N, KFIX_T, 66, 1601, 70, 70, 70, 1601, 1, 0},
      {KFIX_N, KFIX_T, 3, 1601, 70, 70, 70, 1601, 1, 0},
      {KFIX_T, KFIX_N, 401, 513, 31, 401, 520, 515, 1, 1},
      {KFIX_N, KFIX_N, 1001, 17, 63, 64, 17, 20, (kfix_real)0.1, 0},
  };
  for (size_t i = 0; i < sizeof t / sizeof *t; i++) agree(gemm, &t[i]);
}

static void agree_in_both_ops(size_t n, size_t k, kfix_real alpha, kfix_real beta) {
  for (int variant = 0; variant < 4; variant++) {
    product t = {variant % 2 ? KFIX_T : KFIX_N, KFIX_N, n, n, k, 0, 0, 0, alpha, beta};
    t.lda = columns(t.op_a, n, k, (size_t)variant);
    t.ldc = variant < 2 ? KFIX_PACKED : n + 5;
    agree(syrk, &t);
  }
}

void test_syrk(void) {
  static const size_t size[] = {0, 1, 2, 5, 6, 7, 13, 16, 17, 31, 64, 65};
  for (size_t i = 0; i < sizeof size / sizeof *size; i++)
    for (size_t j = 0; j < sizeof size / sizeof *size; j++)
      agree_in_both_ops(size[i], size[j], j % 3 ? 1 : (kfix_real)0.4, (kfix_real)(i % 2));
  agree_in_both_ops(255, 17, 1, 0);
  agree_in_both_ops(65, 257, 1, 1);
  agree_in_both_ops(300, 64, (kfix_real)0.01, 1);
  agree_in_both_ops(13, 513, 1, 0);
  agree_in_both_ops(509, 31, 1, 1);
}

/* Special values in every operand; beta 0 must not read C. */
void test_special_values(void) {
  port_sprinkle(5, 97, ROOM, a);
  port_sprinkle(11, 89, ROOM, b);
  agree_in_all_layouts(17, 33, 65, 1, 1);
  agree_in_all_layouts(30, 20, 260, (kfix_real)0.5, 0);
  agree_in_both_ops(37, 23, 1, 1);
  for (size_t i = 0; i < ROOM; i++) start[i] = (kfix_real)NAN;
  port_numbers(1, 2, ROOM, a);
  port_numbers(2, 2, ROOM, b);
  const product t = {KFIX_N, KFIX_N, 17, 33, 65, 65, 33, 33, 1, 0};
  agree(gemm, &t);
  for (size_t i = 0; i < t.m * t.n; i++) CHECK(want[i] == want[i]);
  agree_in_all_layouts(17, 33, 65, 1, 0);
  agree_in_both_ops(37, 23, 1, 0);
  for (size_t i = 0; i < ROOM; i++) start[i] = -(kfix_real)0.0;
  memset(a, 0, sizeof a);
  agree_in_all_layouts(17, 33, 65, 1, 1);
  agree_in_all_layouts(7, 7, 0, 1, 0);
}

/* Sums that underflow to -0, added to a zero. */
void test_signs_of_zero(void) {
  const kfix_real small = KFIX_REAL_BYTES == 4 ? (kfix_real)1e-30 : (kfix_real)1e-200;
  for (size_t i = 0; i < ROOM; i++) {
    a[i] = small;
    b[i] = i % 3 ? -small : small;
    start[i] = i % 2 ? 0 : -(kfix_real)0.0;
  }
  const product t = {KFIX_N, KFIX_N, 17, 33, 1, 1, 33, 33, 1, 0};
  agree(gemm, &t);
  for (size_t i = 0; i < t.m * t.n; i++) CHECK(want[i] == 0 && !signbit(want[i]));
  agree_in_all_layouts(17, 33, 2, 1, 1);
}

/* k in two calls, cut at a multiple of KFIX_KC, is k in one. */
void test_k_may_be_split_at_blocks(void) {
  const size_t m = 23, n = 45, k = 513, cut = KFIX_KC;
  for (size_t i = 0; i < PORT_CASES; i++) {
    const kfix_device d = port_device(i, 1);
    if (!port_is_here(i)) continue;
    memset(want, 0, sizeof want);
    memset(got, 0, sizeof got);
    CHECK_INT(KFIX_OK, d.port->gemm(&d, KFIX_N, KFIX_N, m, n, k, 1, a, k, b, n, 0, want, n));
    CHECK_INT(KFIX_OK, d.port->gemm(&d, KFIX_N, KFIX_N, m, n, cut, 1, a, k, b, n, 0, got, n));
    CHECK_INT(KFIX_OK, d.port->gemm(&d, KFIX_N, KFIX_N, m, n, k - cut, 1, a + cut, k, b + cut * n,
                                    n, 1, got, n));
    CHECK_MEM(want, got, m * n * sizeof *got);
  }
}

/* A crew larger than the scratch was made for, and scratch for fewer than threads_max. */
void test_fewer_slots_than_threads(void) {
  static const product t[] = {
      {KFIX_N, KFIX_N, 130, 140, 70, 70, 140, 140, 1, 0},
      {KFIX_N, KFIX_T, 47, 130, 270, 271, 272, 133, 1, 0},
  };
  for (size_t j = 0; j < 2 * sizeof t / sizeof *t; j++)
    for (size_t i = 1; i < PORT_CASES; i++) {
      const product *p = &t[j / 2];
      kfix_device d = port_device(i, 3);
      if (!port_is_here(i)) continue;
      gemm(0, 1, p, want);
      d.threads_max = j % 2 ? 3 : 2;
      if (j % 2) d.scratch_bytes = d.port->scratch_bytes(1, 1, 1, 1);
      memcpy(got, start, sizeof start);
      CHECK_INT(KFIX_OK, d.port->gemm(&d, p->op_a, p->op_b, p->m, p->n, p->k, p->alpha, a, p->lda,
                                      b, p->ldb, p->beta, got, p->ldc));
      CHECK_INT(ROOM, port_differs(want, got, ROOM));
    }
}

static int slot_of_the_first_was_kept;

/* One task after the other; notes if a later one wrote where the first packed. */
static void run_and_look(kfix_crew *crew, void (*task)(void *arg, unsigned index), void *arg,
                         unsigned tasks) {
  static unsigned char slot[KFIX_PORT_SCRATCH_simd(1, 1, 1, 1)];
  (void)crew;
  task(arg, 0);
  memcpy(slot, port_scratch, sizeof slot);
  for (unsigned i = 1; i < tasks; i++) task(arg, i);
  slot_of_the_first_was_kept = memcmp(slot, port_scratch, sizeof slot) == 0;
}

void test_threads_pack_each_in_a_space_of_its_own(void) {
  kfix_crew crew = {3, run_and_look, NULL};
  kfix_device d = {&kfix_port_simd, &crew, port_scratch, sizeof port_scratch, 3, NULL};
  if (kfix_port_simd.available() != KFIX_OK) SKIP("not on this processor");
  slot_of_the_first_was_kept = 0;
  CHECK_INT(KFIX_OK, d.port->gemm(&d, KFIX_N, KFIX_N, 130, 140, 70, 1, a, 70, b, 140, 0, got, 140));
  CHECK(slot_of_the_first_was_kept);
  slot_of_the_first_was_kept = 0;
  CHECK_INT(KFIX_OK, d.port->syrk(&d, KFIX_T, 250, 70, 1, a, 250, 0, got, KFIX_PACKED));
  CHECK(slot_of_the_first_was_kept);
}

#ifdef KFIX_WITH_BLIS
static const char *const built_in = "blis";
static const kfix_tile *const blis_avx2 = &kfix_blis_avx2;
#else
static const char *const built_in = NULL;
static const kfix_tile *const blis_avx2 = NULL;
#endif

/* The kernel that blis does not take here if the processor has AVX-512. */
void test_blis_without_avx512(void) {
  static const size_t shapes[][3] = {
      {13, 64, 257}, {130, 140, 70}, {301, 157, 300}, {97, 401, 260}};
  if (!blis_avx2 || !kfix_has_vectors()) SKIP("no libblis.a, or no AVX2");
  CHECK_INT(KFIX_OK, kfix_products_check(blis_avx2));
  const kfix_device d = port_device(1, 2);
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    const size_t m = shapes[i][0], n = shapes[i][1], k = shapes[i][2];
    const product t = {KFIX_T, KFIX_N, m, n, k, m, n, n, (kfix_real)0.7, 1};
    gemm(0, 1, &t, want);
    memcpy(got, start, sizeof start);
    CHECK_INT(KFIX_OK, kfix_products_gemm(blis_avx2, &d, t.op_a, t.op_b, m, n, k, t.alpha, a, m, b,
                                          n, 1, got, n));
    CHECK_INT(ROOM, port_differs(want, got, ROOM));
    const product s = {KFIX_T, KFIX_N, n, n, k, n, 0, KFIX_PACKED, 1, 0};
    syrk(0, 1, &s, want);
    memcpy(got, start, sizeof start);
    CHECK_INT(KFIX_OK,
              kfix_products_syrk(blis_avx2, &d, KFIX_T, n, k, 1, a, n, 0, got, KFIX_PACKED));
    CHECK_INT(ROOM, port_differs(want, got, ROOM));
  }
}

void test_blis_is_in_this_build(void) {
  if (!built_in) SKIP("libblis.a (Debian: libblis-serial-dev) was not found");
  CHECK_STR(built_in, port_cases[PORT_CASES - 1].port->name);
}

void test_what_no_port_can_run_is_refused(void) {
  for (size_t i = 0; i < PORT_CASES; i++) {
    const kfix_device d = port_device(i, 1);
    if (!port_is_here(i)) continue;
    CHECK_INT(KFIX_PORT, d.port->gemm(&d, KFIX_N, KFIX_N, 1, 1, 1, 1, a, 1, b, 1, 2, got, 1));
    CHECK_INT(KFIX_PORT, d.port->syrk(&d, KFIX_N, 1, 1, 1, a, 1, (kfix_real)0.5, got, 1));
    CHECK_INT(KFIX_PORT, d.port->syrk(&d, KFIX_S, 1, 1, 1, a, 1, 0, got, 1));
    CHECK_INT(KFIX_PORT, d.port->activate(&d, KFIX_SOFTMAX, 1, 1, got, 1));
  }
}
