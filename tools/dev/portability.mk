# SPDX-License-Identifier: Apache-2.0
# The same bits on every platform: the digests of test/portability, from many builds of it.

## GOLDEN_CONFIGS="..."  configs that `make portability` trains
GOLDEN_CONFIGS ?= config/digits_tiny.h config/conv_tiny.h test/portability/norm_tiny.h test/portability/deep_bernoulli.h
## BUILDS="gcc-O0 ..."  builds that `make portability` compares (test/portability/builds.txt)
BUILDS ?= $(if $(QUICK),gcc-O0 clang-O3 aarch64)
## QUICK=1              three of them: gcc -O0, clang -O3, AArch64
QUICK ?=
GOLDEN := $(foreach c,$(GOLDEN_CONFIGS),$(OBJ)/golden-$(basename $(notdir $(c))))

define golden
$(OBJ)/golden-$(basename $(notdir $(1))): test/portability/golden.c $(1) $(ARCHIVES)
	$$(call say,LD $$@)$$(CC) $$(WARN) $$(FLAGS) $$(OPT) -Itools/common -DKFIX_CONFIG='"$(1)"' $$(CFLAGS) $$< \
	  $(ARCHIVES) $$(LINK_FLAGS) $$(LDFLAGS) $(BLIS_A) -lm -ldl -o $$@
endef
$(foreach c,$(GOLDEN_CONFIGS),$(eval $(call golden,$(c))))

.PHONY: golden portability
golden: $(GOLDEN)

portability: ## digests of every method from many compilers, options and (emulated) processors
	@tools/dev/setup.sh portability
	@MAKE='$(MAKE)' BUILD='$(BUILD)' GOLDEN_CONFIGS='$(GOLDEN_CONFIGS)' test/portability/portability.sh $(BUILDS)
