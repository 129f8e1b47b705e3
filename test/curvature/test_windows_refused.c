/* SPDX-License-Identifier: Apache-2.0
 * Which methods take blocks that look through windows, by which of the ways of --conv; and what the others say. */
#include "graph_case.h"

enum { FIRST_OF_IMAGES = 4 };

static kfix_status try_method(kfix_method method, kfix_choice conv) {
  const size_t bytes = kfix_bytes(&c.g.net, method, &kfix_port_ref);
  void *arena = aligned_alloc(KFIX_ALIGN, bytes);
  kfix *k;
  c.options.conv = conv;
  const kfix_status status = kfix_create(
      &k, &(kfix_setup){&c.g.net, method, &c.options, &kfix_port_ref, NULL, NULL, arena, bytes},
      NULL);
  free(arena);
  return status;
}

void test_methods_that_are_refused(void) {
  static const kfix_method pairs[] = {KFIX_METHOD_kpsvd, KFIX_METHOD_deflation, KFIX_METHOD_lanczos,
                                      KFIX_METHOD_kfac_corrected};
  static const kfix_method any[] = {KFIX_METHOD_exact, KFIX_METHOD_hf,
                                    KFIX_ALONG(two_level, ekfac)};
  begin(FIRST_OF_IMAGES, ROWS);
  for (size_t m = 0; m < sizeof pairs / sizeof *pairs; m++) {
    const kfix_method above =
        (kfix_method)((int)pairs[m] + KFIX_METHOD_STRIDE * (int)KFIX_ALONG_two_level);
    CHECK_INT(KFIX_NEEDS_PAIRS, try_method(pairs[m], KFIX_CONV_EXPAND));
    CHECK_INT(KFIX_NEEDS_PAIRS, try_method(pairs[m], KFIX_CONV_SUA));
    CHECK_INT(KFIX_OK, try_method(pairs[m], KFIX_CONV_REDUCE));
    CHECK_INT(KFIX_NEEDS_PAIRS, try_method(above, KFIX_CONV_EXPAND));
    CHECK_INT(KFIX_OK, try_method(above, KFIX_CONV_REDUCE));
  }
  for (size_t m = 0; m < sizeof any / sizeof *any; m++)
    for (kfix_choice conv = 0; conv < 3; conv++) CHECK_INT(KFIX_OK, try_method(any[m], conv));
}
