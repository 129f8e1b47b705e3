/* SPDX-License-Identifier: Apache-2.0
 * The assertions of the tests, on cmocka (make test, -DKFIX_TEST_CMOCKA) or on Unity (Ceedling).
 * Each one stops the test at its first failure and evaluates its arguments once. */
#ifndef KFIX_TEST_CHECK_H
#define KFIX_TEST_CHECK_H

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* All that differs between the two frameworks: how a test fails and how it is skipped. */
#ifdef KFIX_TEST_CMOCKA
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the four above. */
#include <cmocka.h>
#define CHECK_FAIL_(message) fail_msg("%s", message)
#define SKIP(reason)                   \
  do {                                 \
    print_message("skip: %s", reason); \
    print_message("\n");               \
    skip();                            \
  } while (0)
#else
#include "unity.h"
#define CHECK_FAIL_(message) TEST_FAIL_MESSAGE(message)
#define SKIP(reason)         TEST_IGNORE_MESSAGE(reason)
#endif

#define CHECK_RESULT_(call)                          \
  do {                                               \
    const char *check_message_ = (call);             \
    if (check_message_) CHECK_FAIL_(check_message_); \
  } while (0)

#define CHECK(condition)           CHECK_RESULT_((condition) ? NULL : "false: " #condition)
#define CHECK_MSG(condition, text) CHECK_RESULT_((condition) ? NULL : (text))

/* Integers, signed and unsigned. */
#define CHECK_INT(expected, actual) \
  CHECK_RESULT_(check_int_(#actual, (long long)(expected), (long long)(actual)))
#define CHECK_U64(expected, actual) \
  CHECK_RESULT_(check_u64_(#actual, (uint64_t)(expected), (uint64_t)(actual)))

/* Text and raw bytes. Bytes name the first place that differs. */
#define CHECK_STR(expected, actual) CHECK_RESULT_(check_str_(#actual, (expected), (actual)))
#define CHECK_MEM(expected, actual, bytes) \
  CHECK_RESULT_(check_mem_(#actual, (expected), (actual), (size_t)(bytes)))

/* |actual - expected| <= tolerance, or both the same infinity. NaN anywhere fails. */
#define CHECK_NEAR(tolerance, expected, actual) \
  CHECK_RESULT_(check_near_(#actual, (double)(tolerance), (double)(expected), (double)(actual)))

/* What a failure says: valid until the next failure. */
static inline char *check_text_(void) {
  static char text[512];
  return text;
}

#define CHECK_TEXT_(...) (snprintf(check_text_(), 512, __VA_ARGS__), check_text_())

static inline const char *check_int_(const char *what, long long expected, long long actual) {
  if (actual == expected) return NULL;
  return CHECK_TEXT_("%.160s: expected %lld, was %lld", what, expected, actual);
}

static inline const char *check_u64_(const char *what, uint64_t expected, uint64_t actual) {
  if (actual == expected) return NULL;
  return CHECK_TEXT_("%.160s: expected %" PRIu64 " (0x%016" PRIx64 "), was %" PRIu64
                     " (0x%016" PRIx64 ")",
                     what, expected, expected, actual, actual);
}

static inline const char *check_str_(const char *what, const char *expected, const char *actual) {
  if (!expected || !actual) return CHECK_TEXT_("%.160s: a string is NULL", what);
  if (strcmp(expected, actual) == 0) return NULL;
  return CHECK_TEXT_("%.120s: expected \"%.150s\", was \"%.150s\"", what, expected, actual);
}

static inline const char *check_mem_(const char *what, const void *expected, const void *actual,
                                     size_t bytes) {
  const unsigned char *e = (const unsigned char *)expected, *a = (const unsigned char *)actual;
  for (size_t i = 0; i < bytes; i++) {
    if (e[i] != a[i])
      return CHECK_TEXT_("%.160s: byte %zu of %zu: expected 0x%02x, was 0x%02x", what, i, bytes,
                         (unsigned)e[i], (unsigned)a[i]);
  }
  return NULL;
}

static inline const char *check_near_(const char *what, double tolerance, double expected,
                                      double actual) {
  if (actual == expected || fabs(actual - expected) <= tolerance) return NULL;
  return CHECK_TEXT_("%.160s: expected %.17g, was %.17g: off by %.3g, tolerance %.3g", what,
                     expected, actual, fabs(actual - expected), tolerance);
}

#endif
