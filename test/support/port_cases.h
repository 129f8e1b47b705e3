/* SPDX-License-Identifier: Apache-2.0
 * What the tests of the ports share: the CPU ports with crews of several sizes, inputs from the
 * generator, and equality of bits. */
#ifndef KFIX_TEST_PORT_CASES_H
#define KFIX_TEST_PORT_CASES_H

#include "check.h"
#include "core/random.h"
#include "port/blis/blis.h"
#include "port/posix/crew.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

/* Elements of each buffer: enough for 513 rows of 523. */
#define ROOM      ((size_t)513 * 523)
#define CREW_MAX  3
#define CHUNK_MAX 600

typedef struct port_case {
  const kfix_port *port;
  size_t scratch_bytes;
} port_case;

/* The CPU ports. The first is what the others are compared with. */
static const port_case port_cases[] = {
    {&kfix_port_ref, KFIX_PORT_SCRATCH_ref(ROOM, CHUNK_MAX, CREW_MAX, 523)},
    {&kfix_port_simd, KFIX_PORT_SCRATCH_simd(ROOM, CHUNK_MAX, CREW_MAX, 523)},
#ifdef KFIX_WITH_BLIS
    {&kfix_port_blis, KFIX_PORT_SCRATCH_blis(ROOM, CHUNK_MAX, CREW_MAX, 523)},
#endif
};
#define PORT_CASES (sizeof port_cases / sizeof *port_cases)

static _Alignas(
    KFIX_ALIGN) unsigned char port_scratch[KFIX_PORT_SCRATCH_simd(ROOM, CHUNK_MAX, CREW_MAX, 523)];
static kfix_posix_crew port_crews[CREW_MAX];

/* A device at work on port_cases[i] with 1 .. CREW_MAX threads. */
static inline kfix_device port_device(size_t i, unsigned threads) {
  kfix_crew *crew = threads > 1 ? &port_crews[threads - 1].crew : NULL;
  return (kfix_device){port_cases[i].port,          crew,     port_scratch,
                       port_cases[i].scratch_bytes, CREW_MAX, NULL};
}

static inline int port_is_here(size_t i) {
  const kfix_status status = port_cases[i].port->available();
  if (status == KFIX_OK) return 1;
  CHECK_INT(KFIX_PORT, status);
  printf("skip: port %s: %s\n", port_cases[i].port->name, "not on this processor");
  return 0;
}

static inline void port_crews_start(void) {
  for (unsigned i = 0; i < CREW_MAX; i++)
    CHECK_INT(0, kfix_posix_crew_start(&port_crews[i], i + 1));
}

static inline void port_crews_stop(void) {
  for (unsigned i = 0; i < CREW_MAX; i++) kfix_posix_crew_stop(&port_crews[i]);
}

/* x (n) = numbers in (-scale, scale), the same for the same row of the stream. */
static inline void port_numbers(uint32_t row, kfix_real scale, size_t n, kfix_real *x) {
  const kfix_draw_key key = {0x6b666978, KFIX_DRAW_TEST, 0, 0};
  uint32_t word[4];
  for (size_t i = 0; i < n; i++) {
    if (i % 4 == 0) kfix_draw(&key, (uint32_t)(i / 4), row, word);
    x[i] = scale * (2 * kfix_uniform(word[i % 4]) - 1);
  }
}

/* NaN, infinities, zeros of both signs, the smallest and the largest number, here and there. */
static inline void port_sprinkle(size_t from, size_t step, size_t n, kfix_real *x) {
  const kfix_real tiny = KFIX_REAL_BYTES == 4 ? (kfix_real)1e-45 : (kfix_real)5e-324;
  const kfix_real huge = KFIX_REAL_BYTES == 4 ? (kfix_real)3e38 : (kfix_real)1e308;
  const kfix_real special[] = {(kfix_real)NAN,
                               (kfix_real)INFINITY,
                               -(kfix_real)INFINITY,
                               0,
                               -(kfix_real)0.0,
                               tiny,
                               -tiny,
                               huge,
                               -huge};
  for (size_t i = from, k = 0; i < n; i += step, k++) x[i] = special[k % 9];
}

/* The first place where the bits differ, or n. Any NaN is as good as another. */
static inline size_t port_differs(const kfix_real *x, const kfix_real *y, size_t n) {
  if (memcmp(x, y, n * sizeof *x) == 0) return n; /* as a rule, and fast */
  for (size_t i = 0; i < n; i++)
    if (memcmp(x + i, y + i, sizeof *x) != 0 && (x[i] == x[i] || y[i] == y[i])) return i;
  return n;
}

#endif
