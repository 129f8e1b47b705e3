/* SPDX-License-Identifier: Apache-2.0
 * Nets with branches and nets of images train by every method, the same whatever the chunk, the threads, the port and a
 * checkpoint. */
#include <string.h>

#include "every_method.h"
#include "graph_case.h"
#include "port/posix/crew.h"

/* Images take long: fewer steps for them, past a refresh all the same. */
static uint64_t train(kfix_method method, const kfix_port *port, kfix_crew *crew, uint32_t chunk) {
  const int steps = kfix_net_has_windows(&c.g.net) ? 5 : 8;
  kfix_report first, last;
  c.g.net.chunk = chunk;
  create_on(method, port, crew);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &first));
  for (int s = 1; s < steps; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &last));
  CHECK(last.objective < first.objective);
  const uint64_t digest = kfix_digest(c.k);
  end();
  return digest;
}

/* One run has threads, each other one has none: where there are more threads than processors, each kernel has to
 * wake one, which takes far longer than kernels as small as these. The reference port, which takes long, runs with the
 * adaptive driver, from all rows; what else there is has no kernels of its own. */
static void check_bits(kfix_method method, kfix_crew *crew) {
  const kfix_port *fast = kfix_port_simd.available() == KFIX_OK ? &kfix_port_simd : &kfix_port_ref;
  const int all = c.options.driver == KFIX_ADAPTIVE && c.batch.rows == ROWS;
  const uint64_t digest = train(method, all ? &kfix_port_ref : fast, NULL, 64);
  CHECK_U64(digest, train(method, fast, NULL, 32));
  if (crew) CHECK_U64(digest, train(method, fast, crew, 192));
}

/* With `conv` for blocks that look through windows; where there are none, it says nothing. */
static int is_taken(kfix_method method, kfix_choice conv) {
  if (!kfix_net_has_windows(&c.g.net) && conv != KFIX_CONV_EXPAND) return 0;
  c.options.conv = conv;
  return kfix_net_suits(&c.g.net, method, &c.options) == KFIX_OK;
}

/* Sums of sums, skips that overlap; a residual block of images; images with normalisations. */
static int has_most_kinds(int i, uint32_t group) {
  return i == 1 || (i == 5 && !group);
}

/* These train every net, the others the nets with most kinds of nodes. */
static int is_one_of_each_family(int m) {
  return m == KFIX_METHOD_sgd || m == KFIX_METHOD_kfac || m == KFIX_METHOD_ekfac_ra ||
         m == KFIX_METHOD_deflation || m == (int)KFIX_ALONG(two_level, kfac);
}

/* Of images, which take long: no products of low rank are made there, and one way is enough with the driver that
 * asks less of it. */
static int is_enough(kfix_choice driver, size_t rows, kfix_choice conv) {
  if (!kfix_net_has_windows(&c.g.net)) return 0;
  return rows < ROWS || (driver == KFIX_FIXED && conv == KFIX_CONV_REDUCE);
}

static int begin_either(int i, size_t rows, uint32_t group) {
  return group ? begin_normed(i, rows, group) : begin(i, rows);
}

/* group: of nets with normalisations; 0: of the others. */
static void check_methods(kfix_choice driver, size_t rows, uint32_t group, kfix_crew *crew) {
  for (int i = 0; begin_either(i, rows, group); i++)
    for (int m = 0; m >= 0; m = next_method(m))
      for (kfix_choice conv = 0; conv < 2; conv++) {
        if (!has_most_kinds(i, group) && !is_one_of_each_family(m)) continue;
        if (!is_taken((kfix_method)m, conv) || is_enough(driver, rows, conv)) continue;
        c.options.driver = driver;
        /* Targets are noise: what a small net learns of them is lost by large steps. */
        if (kfix_net_has_windows(&c.g.net) || group) c.options.learning_rate = 0.01;
        c.options.gamma_every = 3;
        c.options.inverse_every = 3;
        c.options.hf_iterations = 8;
        check_bits((kfix_method)m, crew);
      }
}

void test_every_method_and_the_adaptive_driver(void) {
  kfix_posix_crew crew;
  CHECK_INT(0, kfix_posix_crew_start(&crew, 3));
  check_methods(KFIX_ADAPTIVE, ROWS, 0, &crew.crew);
  kfix_posix_crew_stop(&crew);
}

/* The examples stand in one row block: products of low rank may serve. */
void test_every_method_with_a_batch_of_one_row_block(void) {
  check_methods(KFIX_ADAPTIVE, 32, 0, NULL);
}

void test_every_method_and_the_fixed_driver(void) {
  check_methods(KFIX_FIXED, ROWS, 0, NULL);
}

/* Batches larger than the group, with a last short one, and smaller. */
void test_every_method_with_normalisations(void) {
  kfix_posix_crew crew;
  CHECK_INT(0, kfix_posix_crew_start(&crew, 3));
  check_methods(KFIX_ADAPTIVE, ROWS, 32, &crew.crew);
  check_methods(KFIX_FIXED, ROWS, 32, NULL);
  check_methods(KFIX_ADAPTIVE, 20, 32, NULL);
  kfix_posix_crew_stop(&crew);
}

/* A of the channels is a sum example by example: what it has to do with chunks, threads and ports is the same for all
 * methods that keep it. Pools, strides, images of one column. */
void test_channels_apart(void) {
  static const kfix_method methods[] = {KFIX_METHOD_kfac, KFIX_METHOD_ekfac};
  kfix_posix_crew crew;
  CHECK_INT(0, kfix_posix_crew_start(&crew, 3));
  for (int i = 4; i <= 6; i += 2)
    for (int m = 0; m < 2; m++) {
      begin(i, ROWS);
      CHECK(is_taken(methods[m], KFIX_CONV_SUA));
      c.options.driver = KFIX_ADAPTIVE;
      c.options.learning_rate = 0.01;
      c.options.gamma_every = c.options.inverse_every = 3;
      check_bits(methods[m], &crew.crew);
    }
  kfix_posix_crew_stop(&crew);
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

/* ---- windows that show all ---- */

/* A convolution whose kernel is the image, or a dense node, between dense ones. */
static void begin_between(int dense, size_t rows) {
  static const kfix_node_spec conv = {.name = "conv",
                                      .kind = KFIX_KIND_conv,
                                      .activation = KFIX_TANH,
                                      .reads = 1,
                                      .units = 5,
                                      .cols = 21,
                                      .image = {1, 1, 5},
                                      .kernel = {4, 5},
                                      .stride = {1, 1}};
  begin(5, rows);
  c.g.nodes[0] = dense ? (kfix_node_spec)KFIX_DENSE_NODE("dense", 0, 20, 5, KFIX_TANH) : conv;
  c.g.nodes[1] = (kfix_node_spec)KFIX_DENSE_NODE("top", 1, 5, 2, KFIX_LINEAR);
  c.g.net.node_count = c.g.net.block_count = 2;
  c.options = kfix_options_default(&c.g.net);
  c.options.inverse_every = c.options.gamma_every = 3;
}

static void train_between(kfix_method method, kfix_choice conv, int dense, size_t rows,
                          kfix_real *w) {
  begin_between(dense, rows);
  c.options.conv = conv;
  create_on(method, &kfix_port_ref, NULL);
  for (int s = 0; s < 5; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  CHECK_INT(KFIX_OK, kfix_get_weights(c.k, KFIX_ITERATE, 1, w));
  CHECK_INT(KFIX_OK, kfix_get_weights(c.k, KFIX_ITERATE, 2, w + 105));
  end();
}

/* Rows of one row block, where products of low rank may serve, and of several. */
void test_a_kernel_as_large_as_the_image_has_the_bits_of_a_dense_node(void) {
  kfix_real dense[117], windows[117];
  for (int m = 0; m >= 0; m = next_method(m))
    for (kfix_choice conv = 0; conv < 3; conv++) {
      begin_between(0, 77);
      if (!is_taken((kfix_method)m, conv)) continue;
      for (size_t rows = 20; rows <= 77; rows += 57) {
        train_between((kfix_method)m, conv, 1, rows, dense);
        train_between((kfix_method)m, conv, 0, rows, windows);
        CHECK_MEM(dense, windows, sizeof dense);
      }
    }
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
