# SPDX-License-Identifier: Apache-2.0
# The long checks: sanitizers, Valgrind, threads; coverage; static analysis.

DEEP := $(BUILD)/deep
## DEEP_RUNS="name ..." run only these parts of `make check-deep` (tools/audit/deep.sh lists them)
DEEP_RUNS ?=
## DEEP_TESTS="test_a ..." and of these only the tests named
DEEP_TESTS ?=

.PHONY: check-deep coverage analyze
check-deep: ## all C tests under gcc's and clang's sanitizers, Valgrind and ThreadSanitizer
	@tools/dev/setup.sh test deep
	@MAKE='$(MAKE)' BUILD='$(DEEP)' DEEP_TESTS='$(DEEP_TESTS)' tools/audit/deep.sh $(DEEP_RUNS)

coverage: ## lines of lib/ and port/ that no C test runs (gcovr)
	@tools/dev/setup.sh test deep
	@MAKE='$(MAKE)' BUILD='$(BUILD)/coverage' tools/audit/coverage.sh

analyze: ## clang-tidy and gcc -fanalyzer over lib/ and port/
	@tools/dev/setup.sh test deep
	@tools/audit/analyze.sh $(LIB_SRC) $(REF_SRC) $(PRODUCTS_SRC) $(SIMD_SRC) $(POSIX_SRC)
