# SPDX-License-Identifier: Apache-2.0
# Called by run_all.sh: one pool of jobs for all that `make test` builds and runs, so that no core waits
# until a variant, or its last long test, has ended.

.PHONY: programs $(VARIANTS)
all: $(if $(CLI),programs) $(if $(TESTS),$(VARIANTS))

programs:
	@+$(MAKE) -f Makefile QUIET=1 CC=gcc REAL=float SAN= DEBUG= run-programs

# A variant such as gcc-double or clang-float-san. Debug is for its guard words here, and -O1 has them in
# a third of the time.
$(VARIANTS):
	@+$(MAKE) -f Makefile QUIET=1 CC=$(word 1,$(subst -, ,$@)) REAL=$(word 2,$(subst -, ,$@)) \
	  SAN=$(if $(findstring -san,$@),1) $(if $(findstring -debug,$@),DEBUG=1 OPT=-O1,DEBUG=) run-tests
