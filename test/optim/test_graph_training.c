/* SPDX-License-Identifier: Apache-2.0
 * Nets with branches train by every method, the same whatever the chunk, the threads, the port and a
 * checkpoint. */
#include <string.h>

#include "every_method.h"
#include "graph_case.h"
#include "port/posix/crew.h"

static uint64_t train(kfix_method method, const kfix_port *port, kfix_crew *crew, uint32_t chunk) {
  kfix_report first, last;
  c.g.net.chunk = chunk;
  create_on(method, port, crew);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &first));
  for (int s = 0; s < 11; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &last));
  CHECK(last.objective < first.objective);
  const uint64_t digest = kfix_digest(c.k);
  end();
  return digest;
}

static void check_methods(kfix_choice driver, size_t rows) {
  kfix_posix_crew crew;
  CHECK_INT(0, kfix_posix_crew_start(&crew, 3));
  for (int i = 0; begin(i, rows); i++)
    for (int m = 0; m >= 0; m = next_method(m)) {
      if (kfix_method_of((kfix_method)m)->chain) continue;
      c.options.driver = driver;
      c.options.gamma_every = 5;
      c.options.inverse_every = 5;
      const kfix_method method = (kfix_method)m;
      const uint64_t digest = train(method, &kfix_port_ref, NULL, 64);
      CHECK_U64(digest, train(method, &kfix_port_ref, NULL, 32));
      CHECK_U64(digest, train(method, &kfix_port_ref, &crew.crew, 192));
      if (kfix_port_simd.available() == KFIX_OK)
        CHECK_U64(digest, train(method, &kfix_port_simd, &crew.crew, 64));
    }
  kfix_posix_crew_stop(&crew);
}

void test_every_method_and_the_adaptive_driver(void) {
  check_methods(KFIX_ADAPTIVE, ROWS);
}

/* The examples stand in one row block: products of low rank may serve. */
void test_every_method_with_a_batch_of_one_row_block(void) {
  check_methods(KFIX_ADAPTIVE, 32);
}

void test_every_method_and_the_fixed_driver(void) {
  check_methods(KFIX_FIXED, ROWS);
}

void test_a_method_that_takes_chains_only(void) {
  static _Alignas(KFIX_ALIGN) unsigned char arena[1 << 20];
  kfix *k;
  begin(0, ROWS);
  CHECK_INT(0, kfix_bytes(&c.g.net, KFIX_METHOD_kfac_tridiag, &kfix_port_ref));
  const kfix_setup setup = {.net = &c.g.net,
                            .method = KFIX_METHOD_kfac_tridiag,
                            .port = &kfix_port_ref,
                            .arena = arena,
                            .bytes = sizeof arena};
  CHECK_INT(KFIX_NOT_A_CHAIN, kfix_create(&k, &setup, NULL));
  CHECK(k == NULL);
}

typedef struct image {
  unsigned char bytes[1 << 18];
  size_t count, at;
} image;

static int write_image(void *context, const void *bytes, size_t count) {
  image *out = context;
  CHECK(out->count + count <= sizeof out->bytes);
  memcpy(out->bytes + out->count, bytes, count);
  out->count += count;
  return 0;
}

static int read_image(void *context, void *bytes, size_t count) {
  image *in = context;
  if (in->at + count > in->count) return -1;
  memcpy(bytes, in->bytes + in->at, count);
  in->at += count;
  return 0;
}

/* An image is of this graph alone: another one with blocks of the same shapes refuses it. */
void test_checkpoints(void) {
  static image saved;
  begin(1, ROWS);
  create_on(KFIX_METHOD_ekfac, &kfix_port_ref, NULL);
  for (int s = 0; s < 4; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  CHECK_INT(KFIX_OK, kfix_save(c.k, write_image, &saved));
  for (int s = 0; s < 4; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  const uint64_t digest = kfix_digest(c.k);
  end();
  create_on(KFIX_METHOD_ekfac, &kfix_port_ref, NULL);
  CHECK_INT(KFIX_OK, kfix_load(c.k, read_image, &saved));
  for (int s = 0; s < 4; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  CHECK_U64(digest, kfix_digest(c.k));
  end();
  c.g.nodes[6].other = 1;
  saved.at = 0;
  create_on(KFIX_METHOD_ekfac, &kfix_port_ref, NULL);
  CHECK_INT(KFIX_IMAGE_CONFIG, kfix_load(c.k, read_image, &saved));
  end();
}
