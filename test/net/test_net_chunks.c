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
  c.options.stats_fraction = 0.7;
  c.options.fisher_fraction = 0.6;
  CHECK_INT(KFIX_OK, case_create(&c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1));
  for (int s = 0; s < 5; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  const uint64_t digest = kfix_digest(c.k);
  case_end(&c);
  return digest;
}

static void check_rows(size_t rows, uint32_t block, const uint32_t *chunks, int count) {
  for (int m = 0; m >= 0; m = next_method(m))
    for (kfix_choice d = 0; d < 2; d++) {
      const kfix_method method = (kfix_method)m;
      const uint64_t digest = digest_after(method, d, block, chunks[0], rows);
      for (int i = 1; i < count; i++)
        CHECK_U64(digest, digest_after(method, d, block, chunks[i], rows));
    }
}

void test_chunk_does_not_show_with_small_blocks(void) {
  static const size_t rows[] = {1, 31, 32, 64, 65, 200, 257};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    check_rows(rows[i], 32, (const uint32_t[]){32, 64, 128, 256, 96}, 5);
}

void test_chunk_does_not_show_in_low_rank_products(void) {
  static const size_t rows[] = {1, 2, 3, 5, 32, 33};
  weight_decay = 0;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    check_rows(rows[i], 32, (const uint32_t[]){32, 64, 128, 256}, 4);
  /* More rows than a block: whether they fit the chunk must not decide. */
  check_rows(3, 2, (const uint32_t[]){2, 4, 8}, 3);
}

void test_chunk_does_not_show_with_the_ports_own_block(void) {
  check_rows(255, 256, (const uint32_t[]){256, 512}, 2);
  check_rows(700, 256, (const uint32_t[]){256, 512, 1024}, 3);
}

void test_chunk_does_not_show_with_blocks_of_one_row(void) {
  check_rows(19, 1, (const uint32_t[]){1, 2, 7, 64}, 4);
}

/* The block may: it is the order in which examples are added. */
void test_block_is_part_of_what_the_digest_names(void) {
  CHECK(digest_after(KFIX_METHOD_sgd, 0, 32, 64, 100) !=
        digest_after(KFIX_METHOD_sgd, 0, 64, 64, 100));
}
