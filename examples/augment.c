/* SPDX-License-Identifier: Apache-2.0
 * Augmentation is the fetch callback's business: pictures of 8 x 8 that are mirrored, and shifted by
 * up to two pixels to either side, on their way in.
 *
 * The library may ask for the same rows several times within a step and must get the same ones. So what
 * is done to a picture is a function of (seed, epoch, number of the picture), drawn by the counter-based
 * generator: nothing is kept, and a run that goes on from a checkpoint sees what the other would have.
 * This program shows it: it stops a run half-way, goes on in another trainer, and compares.
 *
 *   cc -std=c11 augment.c $(pkg-config --cflags --libs kfix) && ./a.out */
#define KFIX_CONFIG "config/digits_tiny.h"
#include <kfix.h>
#include <port/ref/ref.h>
#include <stdio.h>
#include <string.h>

enum { SIDE = 8, PIXELS = SIDE * SIDE, CLASSES = 10, PICTURES = 300, BATCH = 60, EPOCHS = 8 };

KFIX_DEFINE_NET(net);
static _Alignas(KFIX_ALIGN) unsigned char arenas[2][KFIX_BYTES(kfac, ref)];
static kfix_real pictures[PICTURES][PIXELS];
static unsigned char labels[PICTURES];

/* ---- the callback ---- */

/* Where a batch comes from: pictures order[0], order[1], ... as this epoch shows them. */
typedef struct source {
  const uint32_t *order; /* NULL: 0, 1, ... */
  uint64_t seed;
  uint32_t epoch;
  int augmented;
} source;

/* What is done to a picture. */
typedef struct change {
  int mirrored, right;
} change;

static change change_of(const source *s, uint32_t picture) {
  const kfix_draw_key key = {s->seed, KFIX_DRAW_DATA, s->epoch, 0};
  uint32_t word[4];
  if (!s->augmented) return (change){0, 0};
  kfix_draw(&key, 0, picture, word);
  return (change){(int)(word[0] & 1), (int)(word[1] % 5) - 2};
}

/* Zeros come in from outside. */
static void draw_changed(const kfix_real *in, change c, kfix_real *out) {
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) {
      const int shifted = x - c.right, from = c.mirrored ? SIDE - 1 - shifted : shifted;
      out[y * SIDE + x] = from >= 0 && from < SIDE ? in[y * SIDE + from] : 0;
    }
}

static int fetch(void *from, size_t first, size_t rows, kfix_real *x, size_t ldx, kfix_real *y,
                 size_t ldy) {
  const source *s = from;
  for (size_t r = 0; r < rows; r++) {
    const uint32_t picture = s->order ? s->order[first + r] : (uint32_t)(first + r);
    draw_changed(pictures[picture], change_of(s, picture), x + r * ldx);
    for (uint32_t j = 0; y && j < CLASSES; j++) y[r * ldy + j] = j == labels[picture];
  }
  return 0;
}

/* ---- a run with it ---- */

/* Class c: one bar, or two, at a height that depends on it, in noise. */
static void make_pictures(void) {
  for (uint32_t i = 0; i < PICTURES; i++) {
    const kfix_draw_key key = {7, KFIX_DRAW_TEST, i, 0};
    labels[i] = (unsigned char)(i % CLASSES);
    kfix_fill_uniform(&key, 0, PIXELS, (kfix_real)0.2, pictures[i]);
    for (int x = 1; x < 5; x++) {
      pictures[i][(1 + labels[i] % 5) * SIDE + x] += 1;
      if (labels[i] >= 5) pictures[i][(2 + labels[i] % 5) * SIDE + x] += 1;
    }
  }
}

static kfix_status train(kfix *k, uint64_t seed, uint32_t epoch, uint32_t end) {
  static uint32_t order[PICTURES];
  for (; epoch < end; epoch++) {
    const kfix_draw_key key = {seed, KFIX_DRAW_ORDER, epoch, 0};
    kfix_permutation(&key, PICTURES, order);
    for (uint32_t done = 0; done < PICTURES; done += BATCH) {
      source from = {order + done, seed, epoch, 1};
      const kfix_batch batch = {BATCH, fetch, &from, NULL};
      KFIX_TRY(kfix_step(k, &batch, NULL));
    }
  }
  return KFIX_OK;
}

/* A checkpoint in memory. */
typedef struct image {
  unsigned char bytes[sizeof arenas[0]];
  size_t at;
} image;
static image saved;

static int write_bytes(void *to, const void *bytes, size_t count) {
  image *i = to;
  if (count > sizeof i->bytes - i->at) return 1;
  memcpy(i->bytes + i->at, bytes, count);
  i->at += count;
  return 0;
}

static int read_bytes(void *from, void *bytes, size_t count) {
  image *i = from;
  if (count > sizeof i->bytes - i->at) return 1;
  memcpy(bytes, i->bytes + i->at, count);
  i->at += count;
  return 0;
}

static kfix_status create(kfix **k, unsigned char *arena) {
  const kfix_setup setup = {.net = &net,
                            .method = KFIX_METHOD_kfac,
                            .port = &kfix_port_ref,
                            .arena = arena,
                            .bytes = sizeof arenas[0]};
  return kfix_create(k, &setup, NULL);
}

/* The whole run in one trainer; another goes on from the middle of it. */
static kfix_status compare(uint64_t seed, kfix_score *score, uint64_t digests[2]) {
  source plain = {NULL, seed, 0, 0};
  const kfix_batch all = {PICTURES, fetch, &plain, NULL};
  kfix *whole, *resumed;
  KFIX_TRY(create(&whole, arenas[0]));
  KFIX_TRY(train(whole, seed, 0, EPOCHS / 2));
  KFIX_TRY(kfix_save(whole, write_bytes, &saved));
  KFIX_TRY(train(whole, seed, EPOCHS / 2, EPOCHS));
  KFIX_TRY(create(&resumed, arenas[1]));
  saved.at = 0;
  KFIX_TRY(kfix_load(resumed, read_bytes, &saved));
  KFIX_TRY(train(resumed, seed, EPOCHS / 2, EPOCHS));
  digests[0] = kfix_digest(whole);
  digests[1] = kfix_digest(resumed);
  return kfix_evaluate(resumed, KFIX_ITERATE, &all, score);
}

int main(void) {
  kfix_score score = {0};
  uint64_t digests[2];
  make_pictures();
  const kfix_status status = compare(1, &score, digests);
  if (status != KFIX_OK) {
    (void)fprintf(stderr, "augment: %s\n", kfix_status_text(status));
    return 1;
  }
  printf("error on the pictures as they are %.3f, digest %016llx, resumed %016llx\n", score.error,
         (unsigned long long)digests[0], (unsigned long long)digests[1]);
  return digests[0] != digests[1];
}
