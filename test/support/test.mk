# SPDX-License-Identifier: Apache-2.0
# Builds each test_*.c of a folder of test/ into one executable and runs them; see test/README.md. Names are
# unique, so a test is asked for by its name alone, and what is built lies in one folder.

TEST_DIR := $(BUILD)/test-$(VARIANT)
TEST_NAMES := $(filter-out $(if $(HAVE_CUDA),$(if $(filter-out 0 fake,$(GPU)),test_cuda_host test_cuda_routes test_cuda_waits),test_cuda_%),$(basename $(notdir $(wildcard test/*/test_*.c))))
CLI_FILES := $(wildcard test/*/cli_*.sh)
CLI_NAMES := $(basename $(notdir $(CLI_FILES)))
## TESTS="test_a cli_b" run only these tests
TESTS ?= $(TEST_NAMES) $(CLI_NAMES)
## VARIANTS="gcc-float" run only these variants of the C tests
VARIANTS ?= gcc-float gcc-double gcc-float-san gcc-float-debug
## JOBS=2               how many builds and tests at once (as many as there are cores)
CHOSEN := $(filter $(TEST_NAMES),$(TESTS))

TEST_FLAGS = $(WARN) $(FLAGS) $(CUDA_INCLUDE) $(OPT) $(POSIX) -Itools/common -Itest/support -DKFIX_TEST_CMOCKA
WRAPPED := malloc calloc realloc free aligned_alloc posix_memalign mmap sbrk
TEST_LINK := $(WRAPPED:%=-Wl,--wrap=%)
# Calls of cuSOLVER that test/support/cuda_dirty.h hands a workspace full of NaN.
$(TEST_DIR)/test_cuda_%: TEST_LINK += $(patsubst %,-Wl$(COMMA)--wrap=cusolverDn%,Xpotrf Xtrtri Spotri Dpotri Xsyevd XsyevBatched)
# The CUDA port's host half and what stands in for the device; nothing without a toolkit.
HOSTED_CUDA := $(if $(filter-out 0,$(GPU)),,$(kfix_cuda_A) $(kfix_fake_cuda_A))
SUPPORT_O := $(patsubst test/support/%.c,$(TEST_DIR)/support/%.o,$(wildcard test/support/*.c))

compile_test = $(call say,CC $<)$(CC) $(TEST_FLAGS) $(CFLAGS) -MMD -MP -c $< -o $@
vpath test_%.c $(sort $(dir $(wildcard test/*/test_*.c)))

$(TEST_DIR)/test_%.o: test_%.c $(OBJ)/flags
	@mkdir -p $(@D)
	$(compile_test)

$(TEST_DIR)/support/%.o: test/support/%.c $(OBJ)/flags
	@mkdir -p $(@D)
	$(compile_test)

$(TEST_DIR)/test_%_runner.c: test_%.c test/support/make_runner.sh
	@mkdir -p $(@D)
	@test/support/make_runner.sh $< > $@

$(TEST_DIR)/%_runner.o: $(TEST_DIR)/%_runner.c $(OBJ)/flags
	@$(CC) $(TEST_FLAGS) $(CFLAGS) -c $< -o $@

$(TEST_DIR)/%: $(TEST_DIR)/%.o $(TEST_DIR)/%_runner.o $(SUPPORT_O) $(kfix_tools_A) $(HOSTED_CUDA) $(ARCHIVES)
	$(call say,LD $@)$(CC) $(filter %.o,$^) $(kfix_tools_A) $(HOSTED_CUDA) $(ARCHIVES) $(LINK_FLAGS) $(TEST_LINK) $(LDFLAGS) \
	  -lcmocka $(LIBS) -o $@

.PRECIOUS: $(TEST_DIR)/%.o $(TEST_DIR)/%_runner.c $(TEST_DIR)/%_runner.o
-include $(CHOSEN:%=$(TEST_DIR)/%.d) $(SUPPORT_O:.o=.d)

.PHONY: test tests test-archives run-tests run-programs
tests: $(CHOSEN:%=$(TEST_DIR)/%)
test-archives: $(kfix_tools_A) $(HOSTED_CUDA) $(ARCHIVES)

# What pool.mk asks for: each test runs as soon as it is linked.
RUN_TESTS := $(CHOSEN:%=run-%)
RUN_PROGRAMS := $(CLI:%=run-%)
.PHONY: $(RUN_TESTS) $(RUN_PROGRAMS)
run-tests: $(RUN_TESTS)
$(RUN_TESTS): run-%: $(TEST_DIR)/%
	@test/support/run_one.sh $< $(RESULTS)/$(VARIANT).$*
run-programs: $(RUN_PROGRAMS)
$(RUN_PROGRAMS): run-%: $(PROGRAMS)
	@test/support/run_one.sh $(filter %/$*.sh,$(CLI_FILES)) $(RESULTS)/$*

test: ## build and run all tests, in every variant (TESTS=, VARIANTS= to choose)
	@tools/dev/setup.sh test
	$(if $(HAVE_CUDA),,@echo "skip: test_cuda_*: no CUDA toolkit here")
	@+BUILD='$(BUILD)' MAKE='$(MAKE)' TESTS='$(CHOSEN)' CLI='$(filter $(CLI_NAMES),$(TESTS))' \
	  VARIANTS='$(VARIANTS)' test/support/run_all.sh
