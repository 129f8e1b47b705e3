/* SPDX-License-Identifier: Apache-2.0
 * Checkpoints: the library's image, and the file of kfix-train with its head. */
#include <string.h>

#include "fuzz_target.h"
#include "kfix.h"
#include "port/ref/ref.h"
#include "reference_image.h"
#include "tools/train/checkpoint_text.h"
#include "tools/train/train_checkpoint.h"

enum { ROWS = 9, INPUTS = 12, OUTPUTS = 2, CHECKSUM_BYTES = 8 };

#define NET(inputs_, ...)                                                                      \
  {                                                                                            \
    .name = "fuzz", .inputs = (inputs_), .loss = KFIX_BERNOULLI, .target = KFIX_TARGET_VALUES, \
    .chunk = 64, .row_block = 32, .threads = 1, __VA_ARGS__                                    \
  }

static const kfix_node_spec nodes[] = {KFIX_DENSE_NODE("a", 0, 3, 5, KFIX_TANH),
                                       KFIX_DENSE_NODE("b", 1, 5, 4, KFIX_TANH),
                                       KFIX_DENSE_NODE("c", 2, 4, OUTPUTS, KFIX_SIGMOID)};
/* A convolution and a normalisation, which has a state of its own. */
static const kfix_node_spec images[] = {{.name = "a",
                                         .kind = KFIX_KIND_conv,
                                         .reads = 1,
                                         .units = 12,
                                         .cols = 5,
                                         .image = {2, 2, 3},
                                         .kernel = {2, 1},
                                         .stride = {1, 1},
                                         .pad = {0, 0}},
                                        {.name = "b",
                                         .kind = KFIX_KIND_norm,
                                         .activation = KFIX_TANH,
                                         .reads = 1,
                                         .from = 1,
                                         .units = 12,
                                         .cols = 1,
                                         .image = {2, 2, 3},
                                         .kernel = {1, 1},
                                         .stride = {1, 1},
                                         .each = 2,
                                         .moments = 6},
                                        KFIX_DENSE_NODE("c", 2, 12, OUTPUTS, KFIX_SIGMOID)};
static const kfix_net nets[] = {
    NET(3, .nodes = nodes, .node_count = 3, .block_count = 3),
    NET(INPUTS, .nodes = images, .node_count = 3, .block_count = 3, .image = {3, 2, 2},
        .group = 32),
};
enum { NETS = sizeof nets / sizeof nets[0] };

/* A trainer of each method and net, its image after two steps, and the digests before and after a third. */
typedef struct trainer {
  kfix *k;
  kfix_table table;
  memory_image image, damaged;
  uint64_t before, after;
} trainer;

static kfix_real x[ROWS * INPUTS], y[ROWS * OUTPUTS];

static kfix_status step(trainer *t, kfix_report *report) {
  const kfix_batch batch = {ROWS, kfix_fetch_table, &t->table, NULL};
  return kfix_step(t->k, &batch, report);
}

static void make(trainer *t, const kfix_net *net, kfix_method method) {
  kfix_options options = kfix_options_default(net);
  t->table = (kfix_table){x, y, NULL, net->inputs, OUTPUTS};
  options.conv = KFIX_CONV_REDUCE;
  options.gamma_every = options.inverse_every = options.lambda_every = 2;
  for (size_t i = 0; i < ROWS * INPUTS; i++) x[i] = (kfix_real)((double)(i * 37 % 23) / 11 - 1);
  for (size_t i = 0; i < ROWS * OUTPUTS; i++) y[i] = (kfix_real)(i * 5 % 3 == 0);
  const size_t bytes = kfix_bytes(net, method, &kfix_port_ref);
  void *arena = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(bytes, (size_t)KFIX_ALIGN));
  FUZZ_REQUIRE(arena != NULL);
  FUZZ_REQUIRE(
      kfix_create(&t->k,
                  &(kfix_setup){net, method, &options, &kfix_port_ref, NULL, NULL, arena, bytes},
                  NULL) == KFIX_OK);
  for (int s = 0; s < 2; s++) FUZZ_REQUIRE(step(t, NULL) == KFIX_OK);
  t->image = image_for(t->k);
  t->damaged = image_for(t->k);
  t->before = kfix_digest(t->k);
  FUZZ_REQUIRE(image_save(t->k, &t->image) == KFIX_OK);
  FUZZ_REQUIRE(step(t, NULL) == KFIX_OK);
  t->after = kfix_digest(t->k);
}

/* which: the method, and behind all methods those of the net of images that it takes. */
static trainer *trainer_of(unsigned which) {
  static trainer trainers[NETS][KFIX_METHOD_COUNT];
  kfix_options options = kfix_options_default(&nets[0]);
  options.conv = KFIX_CONV_REDUCE;
  const kfix_method method = (kfix_method)(which % KFIX_METHOD_COUNT);
  unsigned net = which / KFIX_METHOD_COUNT % NETS;
  if (kfix_net_suits(&nets[net], method, &options) != KFIX_OK) net = 0;
  trainer *t = &trainers[net][method];
  if (t->k == NULL) make(t, &nets[net], method);
  FUZZ_REQUIRE(image_load(t->k, &t->image) == KFIX_OK);
  FUZZ_REQUIRE(kfix_digest(t->k) == t->before);
  return t;
}

/* Whatever went before, the good image leads where it always did. */
static void require_mended(trainer *t) {
  FUZZ_REQUIRE(image_load(t->k, &t->image) == KFIX_OK);
  FUZZ_REQUIRE(step(t, NULL) == KFIX_OK);
  FUZZ_REQUIRE(kfix_digest(t->k) == t->after);
}

/* ---- the image ---- */

/* Bytes of the image that are replaced: their place, their value. */
static void patch(memory_image *m, fuzz_bytes *b) {
  while (b->left >= 3) {
    const size_t at = fuzz_u16(b) % m->size;
    m->bytes[at] = (unsigned char)fuzz_u8(b);
  }
}

/* Makes the checksum right. */
static void seal(memory_image *m) {
  kfix_digest_state s;
  kfix_digest_begin(&s, 0);
  kfix_digest_add(&s, m->bytes, m->size - CHECKSUM_BYTES);
  const uint64_t digest = kfix_digest_end(&s);
  memcpy(m->bytes + m->size - CHECKSUM_BYTES, &digest, sizeof digest);
}

/* An image with a right checksum may hold any numbers: steps on them may fail, no more than that. */
static void steps_on_garbage(trainer *t) {
  kfix_report report;
  for (int s = 0; s < 3; s++) {
    const uint64_t digest = kfix_digest(t->k);
    if (step(t, &report) != KFIX_OK) FUZZ_REQUIRE(kfix_digest(t->k) == digest);
  }
}

/* Input: method, what to do (1: cut off, 2: seal, 3: the rest is an image of its own), patches. */
void fuzz_image(const unsigned char *data, size_t size) {
  fuzz_bytes b = {data, size};
  trainer *t = trainer_of(fuzz_u8(&b));
  const unsigned what = fuzz_u8(&b) % 4;
  memory_image own = {(unsigned char *)t->damaged.bytes, t->image.size, 0};
  memcpy(own.bytes, t->image.bytes, own.size);
  if (what == 3) {
    own.size = b.left < own.size ? b.left : own.size;
    if (own.size > 0) memcpy(own.bytes, b.at, own.size);
  } else {
    if (what == 1) own.size = fuzz_u16(&b) % own.size;
    if (own.size > 0) patch(&own, &b);
    if (what == 2) seal(&own);
  }
  const kfix_status status = image_load(t->k, &own);
  if (status == KFIX_OK) {
    FUZZ_REQUIRE(own.size == t->image.size);
    FUZZ_REQUIRE(what == 2 || memcmp(own.bytes, t->image.bytes, own.size) == 0);
    steps_on_garbage(t);
  } else {
    FUZZ_REQUIRE(kfix_digest(t->k) == t->before);
  }
  require_mended(t);
}

/* ---- the file ---- */

/* The first line that belongs to this text, the text, a good image. */
static const char *sealed_file(const trainer *t, const unsigned char *text, size_t length) {
  char first[96];
  kfix_digest_state s;
  kfix_digest_begin(&s, 0);
  kfix_digest_add(&s, text, length);
  const size_t first_length =
      (size_t)snprintf(first, sizeof first, "kfix-train checkpoint 1 %zu %016llx\n", length,
                       (unsigned long long)kfix_digest_end(&s));
  const size_t size = first_length + length + t->image.size;
  unsigned char *bytes = malloc(size);
  FUZZ_REQUIRE(bytes != NULL);
  memcpy(bytes, first, first_length);
  if (length > 0) memcpy(bytes + first_length, text, length);
  memcpy(bytes + first_length + length, t->image.bytes, t->image.size);
  const char *path = fuzz_file("run.ck", bytes, size);
  free(bytes);
  return path;
}

static char *printed(const checkpoint_head *head) {
  char *text = NULL;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  FUZZ_REQUIRE(stream != NULL);
  checkpoint_print(stream, head);
  FUZZ_REQUIRE(fclose(stream) == 0);
  return text;
}

/* What was understood of a head is all written back, and understood again. */
static void round_trip(const checkpoint_head *head) {
  static checkpoint_head again;
  const char *wrong;
  char *first = printed(head), *second = printed(head);
  FUZZ_REQUIRE(checkpoint_parse(second, &again, &wrong) == 0);
  free(second);
  second = printed(&again);
  FUZZ_REQUIRE(strcmp(first, second) == 0);
  free(first);
  free(second);
}

/* Input: '+' and the text of a head, or a whole file. */
void fuzz_checkpoint(const unsigned char *data, size_t size) {
  static checkpoint_head head;
  checkpoint_file file;
  tool_error err = {{0}};
  trainer *t = trainer_of(KFIX_METHOD_kfac);
  const int text = size > 0 && data[0] == '+';
  const char *path = text ? sealed_file(t, data + 1, size - 1) : fuzz_file("run.ck", data, size);
  if (checkpoint_open(&file, path, &head, &err) != 0) {
    fuzz_require_message(&err);
    return;
  }
  round_trip(&head);
  if (checkpoint_load(&file, t->k, &err) != 0) {
    fuzz_require_message(&err);
    FUZZ_REQUIRE(!text && kfix_digest(t->k) == t->before);
  }
  require_mended(t);
}
