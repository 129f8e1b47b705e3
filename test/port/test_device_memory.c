/* SPDX-License-Identifier: Apache-2.0
 * Ports that compute on a device: the library keeps its hands off their memory, gives the bits that
 * it gives on the host, and splits the plan between the two arenas. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "reference_case.h"
#include "reference_device_port.h"

static uint64_t image_digest;

static int digest_bytes(void *context, const void *bytes, size_t count) {
  kfix_digest_add(context, bytes, count);
  return 0;
}

/* What the method says of each layer, or that it does not. */
static void add_numbers(ref_case *c, kfix_digest_state *image) {
  for (uint32_t layer = 1; layer <= c->net.block_count; layer++) {
    double number[2] = {0, 0};
    const kfix_status status[] = {kfix_number(c->k, "pi", layer, &number[0]),
                                  kfix_number(c->k, "floored", layer, &number[1])};
    kfix_digest_add(image, status, sizeof status);
    kfix_digest_add(image, number, sizeof number);
  }
}

/* Five steps and what an observer sees of them, a score, a prediction and an image; the digest of
 * all. */
static uint64_t life(ref_case *c, kfix_method method, const kfix_port *port) {
  kfix_score score;
  kfix_real p[70 * 5], w[6 * 8];
  kfix_digest_state image;
  CHECK_INT(KFIX_OK, case_create(c, method, port, NULL));
  case_watch(c);
  memset(c->sampled, 0, c->rows * 5 * sizeof *c->sampled);
  memset(c->delta, 0, c->ref.parameters * sizeof *c->delta);
  for (int step = 0; step < 5; step++) CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, NULL));
  CHECK_INT(KFIX_OK, kfix_evaluate(c->k, KFIX_ITERATE_AVERAGE, &c->batch, &score));
  CHECK_INT(KFIX_OK, kfix_predict(c->k, KFIX_ITERATE, &c->batch, p, 5));
  CHECK_INT(KFIX_OK, kfix_get_weights(c->k, KFIX_ITERATE, 1, w));
  kfix_digest_begin(&image, 0);
  CHECK_INT(KFIX_OK, kfix_save(c->k, digest_bytes, &image));
  kfix_digest_add(&image, &score, sizeof score);
  kfix_digest_add(&image, p, sizeof p);
  kfix_digest_add(&image, w, sizeof w);
  kfix_digest_add(&image, c->sampled, c->rows * 5 * sizeof *c->sampled);
  kfix_digest_add(&image, c->delta, c->ref.parameters * sizeof *c->delta);
  add_numbers(c, &image);
  image_digest = kfix_digest_end(&image);
  const uint64_t digest = kfix_digest(c->k);
  case_destroy(c);
  return digest;
}

static void check_method(kfix_method method, kfix_loss loss, kfix_choice driver) {
  ref_case c;
  case_begin(&c, loss, 2, (const uint32_t[]){7, 6, 5}, KFIX_TANH, KFIX_LINEAR, 70, 11);
  c.options.driver = driver;
  c.options.lambda = 1;
  const uint64_t digest = life(&c, method, &kfix_port_ref), image = image_digest;
  CHECK_U64(digest, life(&c, method, device_port(device_memory_max())));
  CHECK_U64(image, image_digest);
  case_end(&c);
}

void test_every_method_keeps_off_device_memory(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    for (int loss = 0; loss < KFIX_LOSS_COUNT; loss++)
      for (kfix_choice driver = 0; driver < 2; driver++)
        check_method((kfix_method)m, (kfix_loss)loss, driver);
}

/* The host's arena holds kfix_host_bytes, the device's the rest, to the byte. */
void test_arenas_are_split_to_the_byte(void) {
  ref_case c;
  const kfix_port *port = device_port(device_memory_max());
  case_begin(&c, KFIX_MSE, 2, (const uint32_t[]){7, 6, 5}, KFIX_TANH, KFIX_LINEAR, 70, 11);
  const size_t all = kfix_bytes(&c.net, KFIX_METHOD_kfac, port);
  const size_t host = kfix_host_bytes(&c.net, KFIX_METHOD_kfac, port);
  size_t needed = 0;
  c.arena = aligned_alloc(KFIX_ALIGN, host);
  CHECK(host > 0 && host % KFIX_ALIGN == 0);
  for (size_t missing = 0; missing < 2; missing++) {
    port = device_port(all - host - missing);
    CHECK_INT(missing ? KFIX_DEVICE_SMALL : KFIX_OK,
              kfix_create(&c.k,
                          &(kfix_setup){&c.net, KFIX_METHOD_kfac, &c.options, port, NULL, NULL,
                                        c.arena, host},
                          &needed));
    CHECK_INT(host, needed);
    CHECK_INT(KFIX_ARENA_SMALL, kfix_create(&c.k,
                                            &(kfix_setup){&c.net, KFIX_METHOD_kfac, &c.options,
                                                          port, NULL, NULL, c.arena, host - 1},
                                            &needed));
  }
  /* A chunk of inputs with their ones, and of targets, is all that the host stages. */
  CHECK_INT(64 * (KFIX_LD(8) + KFIX_LD(5)) * sizeof(kfix_real),
            host - kfix_host_bytes(&c.net, KFIX_METHOD_kfac, &kfix_port_ref));
  case_end(&c);
}
