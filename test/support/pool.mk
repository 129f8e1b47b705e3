# SPDX-License-Identifier: Apache-2.0
# Called by run_all.sh: one pool of jobs for all that `make test` builds and runs, so that no core waits
# until a variant, or its last long test, has ended.

.PHONY: programs $(VARIANTS)
all: $(if $(CLI),programs) $(if $(TESTS),$(VARIANTS))

programs:
	@+$(MAKE) -f Makefile QUIET=1 CC=gcc REAL=float SAN= DEBUG= run-programs

# A variant such as gcc-double or clang-float-san. Sanitizers and guard words are looked for at -O1, which
# compiles in a third of the time.
$(VARIANTS):
	@+$(MAKE) -f Makefile QUIET=1 CC=$(word 1,$(subst -, ,$@)) REAL=$(word 2,$(subst -, ,$@)) \
	  SAN=$(if $(findstring -san,$@),1) DEBUG=$(if $(findstring -debug,$@),1) \
	  $(if $(findstring -san,$@)$(findstring -debug,$@),OPT=-O1) run-tests
