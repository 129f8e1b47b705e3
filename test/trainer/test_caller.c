/* SPDX-License-Identifier: Apache-2.0
 * What a caller may get wrong: a library compiled otherwise, a trainer that was never made. */
#include "check.h"
#include "kfix.h"
#include "port/ref/ref.h"

static _Alignas(KFIX_ALIGN) unsigned char arena[1 << 18];
static kfix_node_spec nodes[] = {KFIX_DENSE_NODE("top", 0, 3, 2, KFIX_LINEAR)};
static kfix_net net = {"caller", nodes, 1, 1,         3, KFIX_MSE, KFIX_TARGET_VALUES, 8, 4, 1, 0,
                       0,        NULL,  0, {0, 0, 0}, 0, 0};

static const kfix_setup sound = {&net, KFIX_METHOD_sgd, NULL,        &kfix_port_ref, NULL,
                                 NULL, arena,           sizeof arena};

static kfix_status create_as(const kfix_abi *program, kfix **k) {
  return kfix_create_from(program, k, &sound, NULL);
}

static void refused(kfix_status expected, const kfix_abi *program) {
  static const unsigned char untouched[sizeof arena];
  kfix *k = (kfix *)(void *)arena;
  memset(arena, 0, sizeof arena);
  CHECK_INT(expected, create_as(program, &k));
  CHECK(k == NULL);
  CHECK_MEM(untouched, arena, sizeof arena);
}

void test_create_says_what_differs(void) {
  const kfix_abi same = KFIX_ABI_OF_THIS_FILE;
  kfix_abi other = same;
  kfix *k;
  CHECK_INT(KFIX_OK, create_as(&same, &k));
  other.enum_bytes = sizeof(int) == same.enum_bytes ? 1 : sizeof(int);
  refused(KFIX_ABI_ENUMS, &other);
  other = same;
  other.net_bytes++;
  refused(KFIX_ABI_STRUCTS, &other);
  other = same;
  other.options_bytes--;
  refused(KFIX_ABI_STRUCTS, &other);
  other = same;
  other.report_bytes += 8;
  refused(KFIX_ABI_STRUCTS, &other);
  other = same;
  other.methods = "sgd kfac ";
  refused(KFIX_ABI_METHODS, &other);
  refused(KFIX_ARGUMENT, NULL);
}

/* The same through a copy, whose text lies elsewhere. */
void test_methods_are_compared_by_name(void) {
  const kfix_abi same = KFIX_ABI_OF_THIS_FILE;
  kfix_abi copy = same;
  static char methods[1024];
  kfix *k;
  CHECK(strlen(same.methods) < sizeof methods);
  strcpy(methods, same.methods);
  copy.methods = methods;
  CHECK_INT(KFIX_OK, create_as(&copy, &k));
}

static void fails(kfix_status expected, const kfix_setup *setup) {
  kfix *k = (kfix *)(void *)arena;
  CHECK_INT(expected, kfix_create(&k, setup, NULL));
  CHECK(k == NULL);
}

void test_a_create_that_fails_leaves_no_trainer(void) {
  kfix_setup setup = sound;
  setup.bytes = 64;
  fails(KFIX_ARENA_SMALL, &setup);
  setup = sound;
  setup.arena = arena + 8;
  setup.bytes -= 8;
  fails(KFIX_ARENA_ALIGN, &setup);
  setup = sound;
  setup.net = NULL;
  fails(KFIX_ARGUMENT, &setup);
  fails(KFIX_ARGUMENT, NULL);
  CHECK_INT(KFIX_ARGUMENT, kfix_create(NULL, &sound, NULL));
}

static int bytes(void *context, const void *from, size_t count) {
  (void)context, (void)from, (void)count;
  return 0;
}
static int no_bytes(void *context, void *to, size_t count) {
  (void)context, (void)to, (void)count;
  return 1;
}

void test_no_trainer_is_an_answer_not_a_crash(void) {
  kfix_table table = {(kfix_real *)(void *)arena, (kfix_real *)(void *)arena, NULL, 3, 2};
  const kfix_batch batch = {4, kfix_fetch_table, &table, NULL};
  const kfix_observer observer = {0};
  kfix_real out[64];
  kfix_score score;
  size_t rows, cols;
  double number;
  CHECK_INT(KFIX_ARGUMENT, kfix_step(NULL, &batch, NULL));
  CHECK_INT(KFIX_ARGUMENT, kfix_evaluate(NULL, KFIX_ITERATE, &batch, &score));
  CHECK_INT(KFIX_ARGUMENT, kfix_predict(NULL, KFIX_ITERATE, &batch, out, 2));
  CHECK_INT(KFIX_ARGUMENT, kfix_get_weights(NULL, KFIX_ITERATE, 1, out));
  CHECK_INT(KFIX_ARGUMENT, kfix_set_weights(NULL, 1, out));
  CHECK_INT(KFIX_ARGUMENT, kfix_view(NULL, "W", 1, out, 64, &rows, &cols));
  CHECK_INT(KFIX_ARGUMENT, kfix_number(NULL, "pi", 1, &number));
  CHECK_INT(KFIX_ARGUMENT, kfix_number(NULL, "floored", 1, &number));
  CHECK_INT(KFIX_ARGUMENT, kfix_examples(NULL, &batch, 1, out, out));
  CHECK_INT(KFIX_ARGUMENT, kfix_block_absorb(NULL, 4, 0, out, out, 1));
  CHECK_INT(KFIX_ARGUMENT, kfix_block_apply(NULL, out, out));
  CHECK_INT(KFIX_ARGUMENT, kfix_save(NULL, bytes, NULL));
  CHECK_INT(KFIX_ARGUMENT, kfix_load(NULL, no_bytes, NULL));
  CHECK(kfix_view_name(NULL, 0) == NULL);
  CHECK(kfix_last_report(NULL) == NULL);
  kfix_observe(NULL, &observer);
  CHECK_U64(0, kfix_digest(NULL));
  CHECK_U64(0, kfix_digest_part(NULL, KFIX_PART_PARAMETERS, 1));
  CHECK_INT(0, kfix_image_bytes(NULL));
  CHECK_INT(0, kfix_bytes(NULL, KFIX_METHOD_sgd, &kfix_port_ref));
  CHECK_INT(0, kfix_host_bytes(NULL, KFIX_METHOD_kfac, &kfix_port_ref));
}
