/* SPDX-License-Identifier: Apache-2.0
 * The checkpoint image. */
#include "check.h"
#include "every_method.h"
#include "reference_case.h"
#include "reference_device_port.h"
#include "reference_image.h"

static void begin(ref_case *c, kfix_method method, kfix_choice driver) {
  case_begin(c, KFIX_CATEGORICAL, 2, (const uint32_t[]){3, 4, 2}, KFIX_TANH, KFIX_SOFTMAX, 70, 3);
  c->options.driver = driver;
  c->options.lambda = 1;
  c->options.lambda_every = 2;
  c->options.inverse_every = c->options.gamma_every = 4;
  CHECK_INT(KFIX_OK, case_create(c, method, NULL, NULL));
}

static void steps(ref_case *c, int count) {
  for (int s = 0; s < count; s++) CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, NULL));
}

/* Saved after any number of steps, also between two refreshes of the inverse. */
void test_restored_run_goes_on_bit_for_bit(void) {
  for (int m = 0; m >= 0; m = next_method(m))
    for (kfix_choice driver = 0; driver < 2; driver++)
      for (int before = 0; before < 7; before += 2) {
        ref_case c, other;
        begin(&c, (kfix_method)m, driver);
        steps(&c, before);
        memory_image image = image_for(c.k);
        CHECK_INT(KFIX_OK, image_save(c.k, &image));
        CHECK_INT(image.size, image.at);
        const uint64_t saved = kfix_digest(c.k);
        steps(&c, 5);
        begin(&other, (kfix_method)m, driver);
        CHECK_INT(KFIX_OK, case_random_weights(&other, 1, 1));
        steps(&other, 1);
        CHECK_INT(KFIX_OK, image_load(other.k, &image));
        CHECK_INT(image.size, image.at);
        CHECK_U64(saved, kfix_digest(other.k));
        steps(&other, 5);
        CHECK_U64(kfix_digest(c.k), kfix_digest(other.k));
        free(image.bytes);
        case_end(&c);
        case_end(&other);
      }
}

/* A chunk of another size reads the same image: it is no part of the state. */
void test_image_does_not_depend_on_the_chunk(void) {
  ref_case c, other;
  begin(&c, KFIX_METHOD_kfac, KFIX_ADAPTIVE);
  steps(&c, 2);
  memory_image image = image_for(c.k);
  CHECK_INT(KFIX_OK, image_save(c.k, &image));
  begin(&other, KFIX_METHOD_kfac, KFIX_ADAPTIVE);
  case_destroy(&other);
  other.net.chunk = 128;
  CHECK_INT(KFIX_OK, case_create(&other, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, image_load(other.k, &image));
  CHECK_U64(kfix_digest(c.k), kfix_digest(other.k));
  free(image.bytes);
  case_end(&c);
  case_end(&other);
}

/* Where device memory is not the host's, all passes through staging copies: to the same bits. */
void test_port_with_memory_of_its_own(void) {
  for (int m = 0; m >= 0; m = next_method(m)) {
    ref_case c, other;
    for (int which = 0; which < 2; which++)
      case_begin(which ? &other : &c, KFIX_MSE, 2, (const uint32_t[]){20, 30, 7}, KFIX_TANH,
                 KFIX_LINEAR, 40, 3);
    CHECK_INT(KFIX_OK, case_create(&c, (kfix_method)m, NULL, NULL));
    CHECK_INT(KFIX_OK, case_create(&other, (kfix_method)m, device_port(device_memory_max()), NULL));
    steps(&c, 5);
    steps(&other, 5);
    CHECK_U64(kfix_digest(c.k), kfix_digest(other.k));
    CHECK_U64(kfix_digest_part(c.k, KFIX_PART_INVERSE, 2),
              kfix_digest_part(other.k, KFIX_PART_INVERSE, 2));
    memory_image image = image_for(c.k), same = image_for(other.k);
    CHECK_INT(image.size, same.size);
    CHECK_INT(KFIX_OK, image_save(c.k, &image));
    CHECK_INT(KFIX_OK, image_save(other.k, &same));
    CHECK_MEM(image.bytes, same.bytes, image.size);
    steps(&c, 2);
    steps(&other, 1);
    CHECK_INT(KFIX_OK, image_load(other.k, &image));
    steps(&other, 2);
    CHECK_U64(kfix_digest(c.k), kfix_digest(other.k));
    free(image.bytes);
    free(same.bytes);
    case_end(&c);
    case_end(&other);
  }
}

/* A refused image leaves the state, and leaves nothing that a later step could bring back. */
static void check_refused(ref_case *c, memory_image *image, uint64_t before) {
  const kfix_status status = image_load(c->k, image);
  CHECK(status == KFIX_IMAGE_TRUNCATED || status == KFIX_IMAGE_MAGIC ||
        status == KFIX_IMAGE_VERSION || status == KFIX_IMAGE_CONFIG ||
        status == KFIX_IMAGE_CHECKSUM);
  CHECK_U64(before, kfix_digest(c->k));
}

static void check_damage(kfix_method method) {
  ref_case c;
  begin(&c, method, KFIX_ADAPTIVE);
  steps(&c, 2);
  memory_image image = image_for(c.k), untouched = image_for(c.k);
  CHECK_INT(KFIX_OK, image_save(c.k, &image));
  const uint64_t before = kfix_digest(c.k);
  CHECK_INT(KFIX_OK, image_save(c.k, &untouched));
  steps(&c, 1);
  const uint64_t after = kfix_digest(c.k);
  CHECK_INT(KFIX_OK, image_load(c.k, &untouched));
  const size_t whole = image.size;
  for (image.size = 0; image.size < whole; image.size += 1 + image.size / 64) {
    CHECK_INT(KFIX_IMAGE_TRUNCATED, image_load(c.k, &image));
    CHECK_U64(before, kfix_digest(c.k));
  }
  image.size = whole;
  for (size_t i = 0; i < whole; i++) {
    image.bytes[i] ^= (unsigned char)(1u << i % 8);
    check_refused(&c, &image, before);
    /* A step taken now is not what the damaged bytes would make of it. */
    if (i % 5 == 0) {
      steps(&c, 1);
      CHECK_U64(after, kfix_digest(c.k));
      CHECK_INT(KFIX_OK, image_load(c.k, &untouched));
    }
    image.bytes[i] ^= (unsigned char)(1u << i % 8);
  }
  CHECK_INT(KFIX_OK, image_load(c.k, &image));
  free(image.bytes);
  free(untouched.bytes);
  case_end(&c);
}

void test_damaged_images_are_refused(void) {
  for (int m = 0; m >= 0; m = next_method(m)) check_damage((kfix_method)m);
}

void test_each_kind_of_damage_has_its_name(void) {
  ref_case c;
  begin(&c, KFIX_METHOD_sgd, KFIX_ADAPTIVE);
  memory_image image = image_for(c.k);
  CHECK_INT(KFIX_OK, image_save(c.k, &image));
  static const struct {
    size_t at;
    kfix_status status;
  } kinds[] = {{0, KFIX_IMAGE_MAGIC},   {8, KFIX_IMAGE_VERSION}, {12, KFIX_IMAGE_CONFIG},
               {16, KFIX_IMAGE_CONFIG}, {24, KFIX_IMAGE_CONFIG}, {32, KFIX_IMAGE_CHECKSUM}};
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    image.bytes[kinds[i].at] ^= 1;
    CHECK_INT(kinds[i].status, image_load(c.k, &image));
    image.bytes[kinds[i].at] ^= 1;
  }
  image.bytes[image.size - 1] ^= 1;
  CHECK_INT(KFIX_IMAGE_CHECKSUM, image_load(c.k, &image));
  free(image.bytes);
  case_end(&c);
}

/* One difference each from the net that wrote the image. */
void test_images_of_others_are_refused(void) {
  ref_case c;
  begin(&c, KFIX_METHOD_sgd, KFIX_ADAPTIVE);
  memory_image image = image_for(c.k);
  CHECK_INT(KFIX_OK, image_save(c.k, &image));
  for (int kind = 0; kind < 5; kind++) {
    ref_case other;
    static const uint32_t widths[][3] = {{3, 4, 2}, {3, 5, 2}};
    case_begin(&other, kind == 1 ? KFIX_BERNOULLI : KFIX_CATEGORICAL, 2, widths[kind == 0],
               kind == 2 ? KFIX_RELU : KFIX_TANH, KFIX_SOFTMAX, 70, 3);
    if (kind == 3) other.net.row_block = 16;
    CHECK_INT(KFIX_OK,
              case_create(&other, kind == 4 ? KFIX_METHOD_nesterov : KFIX_METHOD_sgd, NULL, NULL));
    const uint64_t before = kfix_digest(other.k);
    CHECK_INT(KFIX_IMAGE_CONFIG, image_load(other.k, &image));
    CHECK_U64(before, kfix_digest(other.k));
    case_end(&other);
  }
  free(image.bytes);
  case_end(&c);
}

/* The same layers under another loss are another net. */
void test_loss_is_part_of_what_an_image_names(void) {
  ref_case c, other;
  static const uint32_t widths[] = {3, 4, 2};
  case_begin(&c, KFIX_BERNOULLI, 2, widths, KFIX_TANH, KFIX_SIGMOID, 9, 3);
  case_begin(&other, KFIX_MSE, 2, widths, KFIX_TANH, KFIX_SIGMOID, 9, 3);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_sgd, NULL, NULL));
  CHECK_INT(KFIX_OK, case_create(&other, KFIX_METHOD_sgd, NULL, NULL));
  memory_image image = image_for(c.k);
  CHECK_INT(KFIX_OK, image_save(c.k, &image));
  CHECK_INT(KFIX_IMAGE_CONFIG, image_load(other.k, &image));
  free(image.bytes);
  case_end(&c);
  case_end(&other);
}

void test_sink_that_is_full(void) {
  ref_case c;
  begin(&c, KFIX_METHOD_kfac, KFIX_ADAPTIVE);
  steps(&c, 1);
  memory_image image = image_for(c.k);
  const uint64_t before = kfix_digest(c.k);
  const size_t whole = image.size;
  for (image.size = 0; image.size < whole; image.size += 1 + image.size / 16)
    CHECK_INT(KFIX_SINK, image_save(c.k, &image));
  image.size = whole;
  CHECK_INT(KFIX_OK, image_save(c.k, &image));
  CHECK_U64(before, kfix_digest(c.k));
  CHECK_INT(KFIX_ARGUMENT, kfix_save(NULL, image_write, &image));
  CHECK_INT(KFIX_ARGUMENT, kfix_save(c.k, NULL, &image));
  CHECK_INT(KFIX_ARGUMENT, kfix_load(c.k, NULL, &image));
  free(image.bytes);
  case_end(&c);
}
