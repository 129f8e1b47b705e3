# SPDX-License-Identifier: Apache-2.0
# Called by run_all.sh: one pool of jobs for all that `make test` builds and runs, so that no core waits
# until a variant, or its last long test, has ended.

PARTS := $(if $(CLI),programs) $(if $(TESTS),$(VARIANTS))
.PHONY: all $(PARTS) $(PARTS:%=build-%)
all: $(PARTS)

# make's arguments for a variant such as gcc-double or clang-float-san. Sanitizers and guard words are looked
# for at -O1, which compiles in a third of the time; but in ports at -O3, for their loops take thirty times as long at -O1. The programs are of the variant gcc-float.
word_of = $(word $(1),$(subst -, ,$(2:programs=gcc-float)))
arguments = CC=$(call word_of,1,$(1)) REAL=$(call word_of,2,$(1)) SAN=$(if $(findstring -san,$(1)),1) \
  DEBUG=$(if $(findstring -debug,$(1)),1) $(if $(findstring -san,$(1))$(findstring -debug,$(1)),OPT=-O1 PORT_OPT=-O3)
ask = @+$(MAKE) -f Makefile QUIET=1 $(call arguments,$(1)) $(2)

# What tests have in common is there before the first one runs, for tests of the programs build too, in float and in
# double: no two makes may write one object, nor make it twice.
$(filter build-gcc-float,$(PARTS:%=build-%)): $(filter build-programs,$(PARTS:%=build-%))
$(filter programs,$(PARTS)): $(filter build-gcc-double,$(PARTS:%=build-%))
$(PARTS:%=build-%): build-%:
	$(call ask,$*,$(if $(filter programs,$*),all,test-archives))
$(PARTS): $(PARTS:%=build-%)
	$(call ask,$@,run-$(if $(filter programs,$@),programs,tests))
