/* SPDX-License-Identifier: Apache-2.0
 * Names and texts of the status codes. */
#include "check.h"
#include "core/status.h"

void test_success_is_zero(void) {
  CHECK_INT(0, KFIX_OK);
}

void test_names_are_those_of_the_enum(void) {
  CHECK_STR("KFIX_OK", kfix_status_name(KFIX_OK));
  CHECK_STR("KFIX_NOT_POSITIVE", kfix_status_name(KFIX_NOT_POSITIVE));
  CHECK_STR("KFIX_IMAGE_CHECKSUM", kfix_status_name(KFIX_IMAGE_CHECKSUM));
  CHECK_STR("the arena is too small", kfix_status_text(KFIX_ARENA_SMALL));
}

void test_each_code_has_a_name_and_a_text_of_its_own(void) {
  for (int i = 0; i < KFIX_STATUS_COUNT; i++) {
    const char *name = kfix_status_name((kfix_status)i), *text = kfix_status_text((kfix_status)i);
    CHECK(strncmp(name, "KFIX_", 5) == 0 && strlen(name) > 5 && strlen(text) > 1);
    for (int j = 0; j < i; j++) {
      CHECK(strcmp(name, kfix_status_name((kfix_status)j)) != 0);
      CHECK(strcmp(text, kfix_status_text((kfix_status)j)) != 0);
    }
  }
}

/* What a damaged image or a foreign port might hand over. */
void test_a_code_outside_the_list_has_a_name_too(void) {
  const unsigned codes[] = {KFIX_STATUS_COUNT, KFIX_STATUS_COUNT + 1, 255, 0x7fffffff, 0xffffffff};
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    kfix_status status;
    memcpy(&status, &codes[i], sizeof status);
    CHECK_STR("KFIX_?", kfix_status_name(status));
    CHECK_STR("unknown status", kfix_status_text(status));
  }
}
