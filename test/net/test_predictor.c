/* SPDX-License-Identifier: Apache-2.0
 * Predictors: the bits of kfix_predict on every port, the bytes of KFIX_BYTES, and what is refused. */
#define KFIX_CONFIG "config/digits_tiny.h"
#include <fenv.h>

#include "kfix.h"
#include "port_cases.h"

enum { ROWS_MAX = 71, WIDTH_MAX = 300, REALS_MAX = 90000, ROWS_TRIED = 4 };

KFIX_DEFINE_NET(digits);

/* Loss, links and depths; sums of fewer terms than a product packs, and of more than KFIX_KC. */
static const kfix_node_spec tall[] = {
    KFIX_DENSE_NODE("a", 0, 300, 40, KFIX_SIGMOID), KFIX_DENSE_NODE("b", 1, 40, 3, KFIX_LINEAR),
    KFIX_DENSE_NODE("c", 2, 3, 33, KFIX_RELU), KFIX_DENSE_NODE("d", 3, 33, 300, KFIX_SIGMOID)};
static const kfix_node_spec wide[] = {KFIX_DENSE_NODE("a", 0, 5, 130, KFIX_RELU),
                                      KFIX_DENSE_NODE("b", 1, 130, 1, KFIX_LINEAR)};
static const kfix_node_spec one[] = {KFIX_DENSE_NODE("a", 0, 7, 3, KFIX_SOFTMAX)};
static const kfix_net nets[] = {
    {"tall",
     tall,
     4,
     4,
     300,
     KFIX_BERNOULLI,
     KFIX_TARGET_INPUT,
     16,
     16,
     2,
     0,
     0,
     NULL,
     0,
     {0, 0, 0},
     0,
     0},
    {"wide", wide, 2, 2, 5, KFIX_MSE, KFIX_TARGET_VALUES, 32, 8, 1, 0, 0, NULL, 0, {0, 0, 0}, 0, 0},
    {"one",
     one,
     1,
     1,
     7,
     KFIX_CATEGORICAL,
     KFIX_TARGET_CLASS,
     8,
     8,
     1,
     0,
     0,
     NULL,
     0,
     {0, 0, 0},
     0,
     0}};
#define NETS (sizeof nets / sizeof *nets)

static _Alignas(KFIX_ALIGN) unsigned char trainer_arena[16 << 20];
static _Alignas(KFIX_ALIGN) unsigned char arena[1 << 20];
static kfix_real reals[REALS_MAX + 1], x[ROWS_MAX * WIDTH_MAX];
static kfix_real expected[ROWS_MAX * WIDTH_MAX], found[ROWS_MAX * WIDTH_MAX];
static const kfix_real *weights[KFIX_BLOCKS_MAX];

/* Weights that keep activations off their ends, one real after another from an odd address on. */
static void draw(const kfix_net *net) {
  kfix_real *at = reals + 1;
  for (uint32_t i = 0; i < net->block_count; i++) {
    const kfix_node_spec *n = kfix_net_block(net, i);
    const size_t in = n->cols - 1, count = (size_t)n->units * n->cols;
    port_numbers(i + 1, (kfix_real)(2 / sqrt((double)in + 1)), count, at);
    weights[i] = at;
    at += count;
  }
  CHECK(at <= reals + REALS_MAX);
  port_numbers(0, 2, (size_t)ROWS_MAX * net->inputs, x);
}

static kfix_table table_of(const kfix_net *net) {
  return (kfix_table){x, NULL, NULL, net->inputs, kfix_net_outputs(net)};
}

/* What a trainer with these weights predicts on this port. */
static void predict_by_trainer(const kfix_net *net, const kfix_port *port, size_t rows) {
  kfix *k = NULL;
  kfix_table table = table_of(net);
  const kfix_batch batch = {rows, kfix_fetch_table, &table, NULL};
  CHECK_INT(KFIX_OK, kfix_create(&k,
                                 &(kfix_setup){net, KFIX_METHOD_sgd, NULL, port, NULL, NULL,
                                               trainer_arena, sizeof trainer_arena},
                                 NULL));
  for (uint32_t i = 0; i < net->block_count; i++)
    CHECK_INT(KFIX_OK, kfix_set_weights(k, i + 1, weights[i]));
  CHECK_INT(KFIX_OK, kfix_predict(k, KFIX_ITERATE, &batch, expected, kfix_net_outputs(net)));
}

static kfix_predictor *create(const kfix_net *net, size_t in_flight, const kfix_port *port) {
  kfix_predictor *p = NULL;
  const size_t bytes = kfix_predictor_bytes(net, in_flight, port);
  CHECK(bytes > 0 && bytes < sizeof arena);
  CHECK_INT(KFIX_OK, kfix_predictor_create(&p, net, in_flight, weights, port, arena, bytes, NULL));
  return p;
}

/* Predicts into rows that are one wider than the outputs, in an arena with an end that is watched. */
static void compare(const kfix_net *net, size_t in_flight, const kfix_port *port, size_t rows) {
  const size_t out = kfix_net_outputs(net), bytes = kfix_predictor_bytes(net, in_flight, port);
  kfix_table table = table_of(net);
  const kfix_batch batch = {rows, kfix_fetch_table, &table, NULL};
  static kfix_real wide_rows[ROWS_MAX * (WIDTH_MAX + 1)];
  memset(arena, 0x5a, sizeof arena);
  for (size_t i = 0; i < rows * (out + 1); i++) wide_rows[i] = -7;
  kfix_predictor *p = create(net, in_flight, port);
  CHECK_INT(KFIX_OK, kfix_predictor_run(p, &batch, wide_rows, out + 1));
  for (size_t r = 0; r < rows; r++) {
    CHECK_MEM(expected + r * out, wide_rows + r * (out + 1), out * sizeof *expected);
    CHECK(wide_rows[r * (out + 1) + out] == -7);
  }
  for (size_t i = bytes; i < sizeof arena; i++) CHECK(arena[i] == 0x5a);
}

static void compare_all(const kfix_net *net, size_t port) {
  static const size_t rows[ROWS_TRIED] = {1, 13, 16, ROWS_MAX}, flights[] = {1, 3, 16, 150};
  draw(net);
  for (size_t r = 0; r < ROWS_TRIED; r++) {
    predict_by_trainer(net, port_cases[port].port, rows[r]);
    for (size_t f = 0; f < sizeof flights / sizeof *flights; f++)
      compare(net, flights[f], port_cases[port].port, rows[r]);
    if (port == 0) compare(net, flights[r], &kfix_port_ref_forward, rows[r]);
  }
}

void test_predictions_have_the_bits_of_a_trainer_s(void) {
  for (size_t port = 0; port < PORT_CASES; port++) {
    if (!port_is_here(port)) continue;
    for (size_t n = 0; n < NETS; n++) compare_all(&nets[n], port);
    compare_all(&digits, port);
  }
}

/* ---- memory ---- */

_Static_assert(KFIX_BYTES(predict, ref) <=
                   (sizeof(kfix_real) == 4 && !KFIX_GUARD_BYTES ? 1024 : 2048),
               "a predictor of digits_tiny leaves a stack its half of 2 KiB");

void test_the_constant_is_what_is_used(void) {
  static _Alignas(KFIX_ALIGN) unsigned char exact[KFIX_BYTES(predict, ref)];
  kfix_predictor *p = NULL;
  size_t needed = 0;
  draw(&digits);
  CHECK_INT(sizeof exact, kfix_predictor_bytes(&digits, KFIX_PREDICT_ROWS, &kfix_port_ref));
  CHECK_INT(KFIX_OK, kfix_predictor_create(&p, &digits, KFIX_PREDICT_ROWS, weights, &kfix_port_ref,
                                           exact, sizeof exact, &needed));
  CHECK_INT(sizeof exact, needed);
  const kfix_buffer *last = &p->buffer[KFIX_PREDICT_PORT];
  CHECK((unsigned char *)(void *)last->at[0] + KFIX_COPY_BYTES(last->count) ==
        exact + sizeof exact);
}

void test_weights_are_read_where_they_are(void) {
  static kfix_real before[REALS_MAX + 1];
  kfix_table table = table_of(&nets[0]);
  const kfix_batch batch = {5, kfix_fetch_table, &table, NULL};
  draw(&nets[0]);
  kfix_predictor *p = create(&nets[0], 2, &kfix_port_ref);
  memcpy(before, reals, sizeof reals);
  CHECK_INT(KFIX_OK, kfix_predictor_run(p, &batch, found, WIDTH_MAX));
  CHECK_MEM(before, reals, sizeof reals);
  memcpy(expected, found, sizeof found);
  reals[1] += 1; /* of the first layer: what comes next sees it */
  CHECK_INT(KFIX_OK, kfix_predictor_run(p, &batch, found, WIDTH_MAX));
  CHECK(memcmp(expected, found, 5 * WIDTH_MAX * sizeof *found) != 0);
}

/* ---- what is refused ---- */

static kfix_status try_to_create(const kfix_net *net, size_t rows, const kfix_real *const *w,
                                 const kfix_port *port, void *at, size_t bytes, size_t *needed) {
  kfix_predictor *p = (kfix_predictor *)(void *)arena;
  const kfix_status status = kfix_predictor_create(&p, net, rows, w, port, at, bytes, needed);
  CHECK((p != NULL) == (status == KFIX_OK));
  return status;
}

void test_arena_too_small_or_misaligned(void) {
  const kfix_port *ref = &kfix_port_ref;
  size_t needed = 0;
  draw(&digits);
  memset(arena, 0x5a, sizeof arena);
  const size_t bytes = kfix_predictor_bytes(&digits, 4, ref);
  CHECK_INT(KFIX_ARENA_SMALL, try_to_create(&digits, 4, weights, ref, arena, bytes - 1, &needed));
  CHECK_INT(bytes, needed);
  CHECK_INT(KFIX_ARENA_ALIGN, try_to_create(&digits, 4, weights, ref, arena + 8, bytes, NULL));
  for (size_t i = 0; i < sizeof arena; i++) CHECK(arena[i] == 0x5a);
}

void test_bad_arguments(void) {
  const kfix_port *ref = &kfix_port_ref;
  const kfix_real *hole[2] = {reals, NULL};
  kfix_port device = kfix_port_ref;
  kfix_net bad = digits;
  device.is_host = 0;
  bad.node_count = 0;
  draw(&digits);
  const size_t all = sizeof arena;
  CHECK_INT(KFIX_ARGUMENT, try_to_create(NULL, 1, weights, ref, arena, all, NULL));
  CHECK_INT(KFIX_ARGUMENT, try_to_create(&digits, 0, weights, ref, arena, all, NULL));
  CHECK_INT(KFIX_ARGUMENT, try_to_create(&digits, 1, NULL, ref, arena, all, NULL));
  CHECK_INT(KFIX_ARGUMENT, try_to_create(&digits, 1, hole, ref, arena, all, NULL));
  CHECK_INT(KFIX_ARGUMENT, try_to_create(&digits, 1, weights, NULL, arena, all, NULL));
  CHECK_INT(KFIX_ARGUMENT, try_to_create(&digits, 1, weights, &device, arena, all, NULL));
  CHECK_INT(KFIX_ARGUMENT, try_to_create(&digits, 1, weights, ref, NULL, all, NULL));
  CHECK_INT(KFIX_BAD_NET, try_to_create(&bad, 1, weights, ref, arena, all, NULL));
  CHECK_INT(KFIX_BAD_NET, try_to_create(&digits, SIZE_MAX / 512, weights, ref, arena, all, NULL));
  CHECK_INT(KFIX_ARGUMENT, kfix_predictor_create(NULL, &digits, 1, weights, ref, arena, all, NULL));
  CHECK_INT(0, kfix_predictor_bytes(NULL, 1, ref) + kfix_predictor_bytes(&digits, 0, ref) +
                   kfix_predictor_bytes(&bad, 1, ref) + kfix_predictor_bytes(&digits, 1, &device));
}

void test_another_compilation_is_named(void) {
  kfix_predictor *p;
  draw(&digits);
  CHECK_INT(KFIX_ABI_ENUMS, kfix_predictor_create_as(1, sizeof digits, &p, &digits, 1, weights,
                                                     &kfix_port_ref, arena, sizeof arena, NULL));
  CHECK_INT(KFIX_ABI_STRUCTS,
            kfix_predictor_create_as(sizeof(kfix_status), 1, &p, &digits, 1, weights,
                                     &kfix_port_ref, arena, sizeof arena, NULL));
}

static int fetch_nothing(void *source, size_t first, size_t rows, kfix_real *to, size_t ldx,
                         kfix_real *y, size_t ldy) {
  (void)source, (void)first, (void)rows, (void)to, (void)ldx, (void)y, (void)ldy;
  return 1;
}

void test_bad_batches_and_going_on_after_them(void) {
  draw(&digits);
  kfix_predictor *p = create(&digits, 3, &kfix_port_ref);
  kfix_table table = table_of(&digits), narrow = table;
  kfix_batch batch = {5, kfix_fetch_table, &table, NULL};
  narrow.inputs = 63;
  CHECK_INT(KFIX_OK, kfix_predictor_run(p, &batch, expected, 10));
  const kfix_batch none = {0, kfix_fetch_table, &table, NULL},
                   other = {5, kfix_fetch_table, &narrow, NULL};
  const kfix_batch failing = {5, fetch_nothing, NULL, NULL};
  CHECK_INT(KFIX_ARGUMENT, kfix_predictor_run(NULL, &batch, found, 10));
  CHECK_INT(KFIX_ARGUMENT, kfix_predictor_run(p, NULL, found, 10));
  CHECK_INT(KFIX_ARGUMENT, kfix_predictor_run(p, &batch, NULL, 10));
  CHECK_INT(KFIX_ARGUMENT, kfix_predictor_run(p, &batch, found, 9));
  CHECK_INT(KFIX_ARGUMENT, kfix_predictor_run(p, &none, found, 10));
  CHECK_INT(KFIX_ARGUMENT, kfix_predictor_run(p, &other, found, 10));
  CHECK_INT(KFIX_FETCH, kfix_predictor_run(p, &failing, found, 10));
  const kfix_real kept = x[4 * 64 + 63];
  x[4 * 64 + 63] = (kfix_real)NAN;
  CHECK_INT(KFIX_DATA_NONFINITE, kfix_predictor_run(p, &batch, found, 10));
  CHECK_MEM(expected, found, 4 * 10 * sizeof *found);
  CHECK(isnan(found[4 * 10]));
  x[4 * 64 + 63] = kept;
  CHECK_INT(KFIX_OK, kfix_predictor_run(p, &batch, found, 10));
  CHECK_MEM(expected, found, 5 * 10 * sizeof *found);
}

void test_a_rounding_mode_is_refused(void) {
  draw(&digits);
  kfix_predictor *p = create(&digits, 3, &kfix_port_ref);
  kfix_table table = table_of(&digits);
  const kfix_batch batch = {5, kfix_fetch_table, &table, NULL};
  if (fesetround(FE_UPWARD) != 0) SKIP("no rounding modes here");
  const kfix_status ran = kfix_predictor_run(p, &batch, found, 10);
  const kfix_status created =
      try_to_create(&digits, 3, weights, &kfix_port_ref, arena, sizeof arena, NULL);
  fesetround(FE_TONEAREST);
  CHECK_INT(KFIX_PORT_ROUNDING, ran);
  CHECK_INT(KFIX_PORT_ROUNDING, created);
}

static kfix_status rounds_otherwise(void) {
  return KFIX_PORT_ROUNDING;
}

void test_a_port_that_rounds_otherwise_is_refused(void) {
  kfix_port port = kfix_port_ref;
  port.available = rounds_otherwise;
  draw(&digits);
  CHECK_INT(KFIX_PORT_ROUNDING,
            try_to_create(&digits, 3, weights, &port, arena, sizeof arena, NULL));
}

void test_a_trainer_refuses_a_table_for_predictors(void) {
  kfix *k;
  CHECK_INT(KFIX_ARGUMENT,
            kfix_create(&k,
                        &(kfix_setup){&digits, KFIX_METHOD_sgd, NULL, &kfix_port_ref_forward, NULL,
                                      NULL, trainer_arena, sizeof trainer_arena},
                        NULL));
}
