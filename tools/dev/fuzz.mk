# SPDX-License-Identifier: Apache-2.0
# The fuzz targets of test/fuzz: one program for libFuzzer, and the objects that test_fuzz_corpus needs.

## SECONDS=60           how long `make fuzz` takes, over all targets
SECONDS ?= 60
## FUZZ="npy csv"       only these targets
FUZZ ?=

FUZZ_PARTS := $(addprefix train/,checkpoint_text train_checkpoint setting_table train_weights step_table) \
  fisher/fisher_files
FUZZ_O := $(patsubst %.c,$(OBJ)/%.o,$(wildcard test/fuzz/*.c) $(FUZZ_PARTS:%=tools/%.c))
$(OBJ)/test/fuzz/%.o: KIND_FLAGS = $(TOOLS_FLAGS) -Itest/support
$(TEST_DIR)/test_fuzz_corpus: $(filter-out %/fuzz_main.o,$(FUZZ_O))
-include $(FUZZ_O:.o=.d)

$(BUILD)/kfix-fuzz: $(FUZZ_O) $(kfix_tools_A) $(ARCHIVES)
	$(call say,LD $@)$(CC) $^ $(LINK_FLAGS) -fsanitize=fuzzer $(LDFLAGS) $(LIBS) -o $@

.PHONY: fuzz fuzz-program
fuzz-program: $(BUILD)/kfix-fuzz
fuzz: ## throw damaged files, options and matrices at the readers and solvers (SECONDS=, FUZZ=)
	@tools/dev/setup.sh fuzz
	@$(MAKE) --no-print-directory -s QUIET=1 -j2 CC=clang SAN=1 OPT=-O1 \
	  CFLAGS=-fsanitize=fuzzer-no-link BUILD=$(BUILD)/fuzz fuzz-program
	@BUILD='$(BUILD)' SECONDS_IN_ALL='$(SECONDS)' test/fuzz/fuzz_all.sh $(FUZZ)
