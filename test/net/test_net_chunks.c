/* SPDX-License-Identifier: Apache-2.0
 * Bits do not depend on the chunk: every method, several batch sizes, digests after some steps. */
#include "check.h"
#include "every_method.h"
#include "reference_case.h"

/* Without weight decay and with few rows the gradient is preconditioned by low-rank products. */
static double weight_decay = 1e-3;

void setUp(void) {
  weight_decay = 1e-3;
}

/* T2 = T3 = 2. */
static uint64_t digest_after(kfix_method method, kfix_choice driver, uint32_t block, uint32_t chunk,
                             size_t rows) {
  ref_case c;
  case_begin(&c, KFIX_CATEGORICAL, 3, (const uint32_t[]){11, 7, 13, 5}, KFIX_TANH, KFIX_SOFTMAX,
             rows, 6);
  c.net.row_block = block;
  c.net.chunk = chunk;
  c.options.driver = driver;
  c.options.lambda = 1;
  c.options.weight_decay = weight_decay;
  c.options.gamma_every = c.options.inverse_every = 2;
  c.options.lambda_every = 2;
  c.options.hf_iterations = 6;
  c.options.stats_fraction = 0.7;
  c.options.fisher_fraction = 0.6;
  CHECK_INT(KFIX_OK, case_create(&c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1));
  for (int s = 0; s < 5; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  const uint64_t digest = kfix_digest(c.k);
  case_end(&c);
  return digest;
}

typedef struct chunks {
  uint32_t block;
  int count;
  uint32_t of[5];
} chunks;

static void check_rows(kfix_method method, size_t rows, chunks c) {
  for (kfix_choice driver = 0; driver < 2; driver++) {
    const uint64_t digest = digest_after(method, driver, c.block, c.of[0], rows);
    for (int i = 1; i < c.count; i++)
      CHECK_U64(digest, digest_after(method, driver, c.block, c.of[i], rows));
  }
}

/* These see every number of rows, the others some. */
static int is_one_of_each_family(int m) {
  return m == KFIX_METHOD_sgd || m == KFIX_METHOD_kfac || m == KFIX_METHOD_ekfac_ra ||
         m == KFIX_METHOD_deflation || m == (int)KFIX_ALONG(two_level, kfac);
}

static void check_each(const size_t *rows, int count, chunks c) {
  for (int i = 0; i < count; i++)
    for (int m = 0; m >= 0; m = next_method(m))
      if (is_one_of_each_family(m)) check_rows((kfix_method)m, rows[i], c);
}

static void check_every_method(size_t rows, chunks c) {
  for (int m = 0; m >= 0; m = next_method(m)) check_rows((kfix_method)m, rows, c);
}

void test_chunk_does_not_show_with_small_blocks(void) {
  static const size_t rows[] = {1, 31, 32, 64, 200, 257};
  check_each(rows, 6, (chunks){32, 4, {32, 96, 128, 256}});
  check_every_method(65, (chunks){32, 4, {32, 64, 96, 128}});
}

void test_chunk_does_not_show_in_low_rank_products(void) {
  static const size_t rows[] = {1, 2, 5, 32};
  weight_decay = 0;
  check_each(rows, 4, (chunks){32, 3, {32, 64, 256}});
  check_every_method(3, (chunks){32, 2, {32, 64}});
  check_every_method(33, (chunks){32, 2, {32, 64}});
  /* More rows than a block: whether they fit the chunk must not decide. */
  check_every_method(3, (chunks){2, 3, {2, 4, 8}});
}

void test_chunk_does_not_show_with_the_ports_own_block(void) {
  static const size_t rows[] = {255, 700};
  check_each(rows, 2, (chunks){256, 3, {256, 512, 1024}});
  check_every_method(300, (chunks){256, 2, {256, 512}});
}

void test_chunk_does_not_show_with_blocks_of_one_row(void) {
  check_every_method(19, (chunks){1, 3, {1, 7, 64}});
}

/* The block may: it is the order in which examples are added. */
void test_block_is_part_of_what_the_digest_names(void) {
  CHECK(digest_after(KFIX_METHOD_sgd, 0, 32, 64, 100) !=
        digest_after(KFIX_METHOD_sgd, 0, 64, 64, 100));
}
