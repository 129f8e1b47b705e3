# SPDX-License-Identifier: Apache-2.0
# What Ceedling links into each test (project.yml): all that the tests use, in one archive.

CEEDLING_O := $(kfix_O) $(kfix_ref_O) $(kfix_products_O) $(kfix_simd_O) $(kfix_posix_O) $(kfix_tools_O) \
  $(filter-out %/fuzz_main.o,$(FUZZ_O))
.PHONY: ceedling-archive
ceedling-archive: $(OBJ)/libkfix_tests.a
$(OBJ)/libkfix_tests.a: $(CEEDLING_O)
	@rm -f $@
	$(call say,AR $(@F))$(AR) rcs $@ $^
