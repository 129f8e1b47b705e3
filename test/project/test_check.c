/* SPDX-License-Identifier: Apache-2.0
 * The assertions hold where they must and fail where they must: a check that cannot fail is none.
 */
#include "check.h"

static int says(const char *message, const char *part) {
  return message != NULL && strstr(message, part) != NULL;
}

void test_near_holds_up_to_the_tolerance(void) {
  CHECK(check_near_("x", 0.5, 1.0, 1.5) == NULL);
  CHECK(check_near_("x", 0.5, 1.0, 0.5) == NULL);
  CHECK(says(check_near_("x", 0.5, 1.0, 1.5000001), "tolerance 0.5"));
  CHECK(says(check_near_("x", 0.0, 1.0, 2.0), "expected 1, was 2"));
}

void test_near_fails_on_nan(void) {
  const double nan_ = (double)NAN, inf = (double)INFINITY;
  CHECK(says(check_near_("x", 1.0, 1.0, nan_), "nan"));
  CHECK(says(check_near_("x", 1.0, nan_, nan_), "nan"));
  CHECK(check_near_("x", nan_, 1.0, 2.0) != NULL);
  CHECK(check_near_("x", inf, 1.0, nan_) != NULL);
}

void test_near_knows_infinity(void) {
  const double inf = (double)INFINITY;
  CHECK(check_near_("x", 0.0, inf, inf) == NULL);
  CHECK(check_near_("x", 1.0, inf, -inf) != NULL);
  CHECK(check_near_("x", 1.0, 1.0, inf) != NULL);
}

void test_integers(void) {
  CHECK(check_int_("x", -3, -3) == NULL);
  CHECK(says(check_int_("x", -3, 4), "expected -3, was 4"));
  CHECK(check_u64_("x", UINT64_MAX, UINT64_MAX) == NULL);
  CHECK(says(check_u64_("x", UINT64_MAX, 0), "0xffffffffffffffff"));
}

void test_strings_and_bytes(void) {
  CHECK(check_str_("x", "ab", "ab") == NULL);
  CHECK(says(check_str_("x", "ab", "ac"), "\"ac\""));
  CHECK(check_str_("x", "ab", NULL) != NULL);
  CHECK(check_mem_("x", "abcd", "abce", 3) == NULL);
  CHECK(says(check_mem_("x", "abcd", "abce", 4), "byte 3 of 4"));
}
