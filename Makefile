# SPDX-License-Identifier: Apache-2.0
# Builds kfix: the library, its ports, the programs of tools/. `make help` says what to begin with, `make help-all` all there is.

## CONFIG=NAME          network to build the programs for: config/NAME.h, or a path to a header
CONFIG ?= curves_autoencoder
## CC=gcc|clang         compiler
ifeq ($(origin CC),default)
CC := gcc
endif
## REAL=float|double    arithmetic type of the whole build
REAL ?= float
## PORT=ref|simd|blis   port that the programs take when they are not told one; cuda with GPU=1
# A PORT in the environment is somebody else's, most often a number.
ifneq ($(origin PORT),command line)
PORT :=
endif
## SAN=1                with the address and undefined-behaviour sanitizers
SAN ?=
## DEBUG=1              -O0 -g, guard words around every region of the arena
DEBUG ?=
## OPT=-O2              optimisation; unless it is given, the ports get -O3
PORT_OPT := $(if $(filter undefined,$(origin OPT)),$(if $(DEBUG),-O0,-O3),$(OPT))
OPT ?= $(if $(DEBUG),-O0,-O2)
## STATIC=1             link programs that need no shared library: they run on any Linux of this processor
# A STATIC in the environment is somebody else's.
ifneq ($(origin STATIC),command line)
STATIC :=
endif
## BLIS=FILE            libblis.a, for the port blis; BLIS= leaves that port out
BLIS ?= /usr/lib/x86_64-linux-gnu/blis-serial/libblis.a
## PREFIX=/usr/local    where `make install` puts things; DESTDIR= goes in front of it
PREFIX ?= /usr/local
DESTDIR ?=
## V=1                  show whole commands
V ?=
## BUILD=build          folder of everything that is built
BUILD ?= build
include tools/dev/checks.mk
# A program may be asked for by its absolute name too.
$(CURDIR)/$(BUILD)/%: $(BUILD)/% ;

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# ---- the variant: compiler, type, sanitizers, debug ----

CC_NAME := $(notdir $(firstword $(CC)))
SUFFIX := $(if $(SAN),-san)$(if $(DEBUG),-debug)$(if $(filter fake,$(GPU)),-fake,$(if $(filter-out 0,$(GPU)),-gpu))
VARIANT := $(CC_NAME)-$(REAL)$(SUFFIX)
OBJ := $(BUILD)/obj-$(VARIANT)

# ---- flags ----

COMMA := ,
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Werror
BLIS_A := $(if $(BLIS),$(shell tools/dev/usable_blis.sh '$(CC)' '$(BLIS)' '$(BUILD)'))
FLAGS := -std=c11 -ffp-contract=off -fno-math-errno -ffunction-sections -pthread -I. -Ilib \
  $(if $(filter double,$(REAL)),-DKFIX_REAL_DOUBLE) $(if $(BLIS_A),-DKFIX_WITH_BLIS) $(if $(filter-out 0,$(GPU)),-DKFIX_WITH_CUDA) $(if $(DEBUG),-DKFIX_DEBUG -g) \
  $(if $(SAN),-g -fsanitize=address$(COMMA)undefined -fno-sanitize-recover=all)
POSIX := -D_POSIX_C_SOURCE=200809L
BLIS_INCLUDE := $(subst /lib/,/include/,$(dir $(BLIS)))
# C flags of each kind of source.
LIB_FLAGS = $(WARN) -Wconversion $(FLAGS) $(OPT)
PORT_FLAGS = $(WARN) -Wconversion $(FLAGS) $(PORT_OPT)
POSIX_FLAGS = $(LIB_FLAGS) $(POSIX)
TOOLS_FLAGS = $(WARN) $(FLAGS) $(OPT) $(POSIX) -Itools/common
LINK_FLAGS := $(filter -fsanitize% -g,$(FLAGS)) -pthread -Wl,--gc-sections

# A stamp is a file that changes when its text does: what depends on it is then made again.
define stamp
$(1): FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' '$(subst ','\'',$(2))' | cmp -s - $$@ || printf '%s\n' '$(subst ','\'',$(2))' > $$@
endef
.PHONY: FORCE
FORCE:

COMPILER := $(shell $(CC) --version 2>/dev/null | head -n 1)
$(eval $(call stamp,$(OBJ)/flags,$(COMPILER) $(CC) $(WARN) $(FLAGS) $(OPT) $(PORT_OPT) $(CFLAGS)))

# $(call say,CC x.c) in front of a command shows that instead of the command; QUIET=1, nothing.
say = $(if $(V),,@$(if $(QUIET),,echo '  $(1)' &&) )

# ---- archives ----

LIB_SRC := $(wildcard lib/*.c lib/*/*.c)
REF_SRC := $(wildcard port/ref/*.c port/bodies/*.c)
PRODUCTS_SRC := $(wildcard port/gemm/*.c)
SIMD_SRC := $(wildcard port/simd/*.c)
BLIS_SRC := $(if $(BLIS_A),$(wildcard port/blis/*.c))
POSIX_SRC := $(wildcard port/posix/*.c)
COMMON_SRC := $(wildcard tools/common/*/*.c)

$(OBJ)/lib/%.o: KIND_FLAGS = $(LIB_FLAGS)
$(OBJ)/port/%.o: KIND_FLAGS = $(PORT_FLAGS)
# Without optimisation blis.h leaves functions behind that need the rest of BLIS.
$(OBJ)/port/blis/blis_kernels.o: KIND_FLAGS = $(PORT_FLAGS) -O2 $(POSIX) -isystem $(BLIS_INCLUDE)
$(OBJ)/port/posix/%.o: KIND_FLAGS = $(POSIX_FLAGS)
$(OBJ)/tools/%.o: KIND_FLAGS = $(TOOLS_FLAGS)

$(OBJ)/%.o: %.c $(OBJ)/flags
	@mkdir -p $(@D)
	$(call say,CC $<)$(CC) $(KIND_FLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

# archive(name, sources): an archive of exactly these objects; no sources, no archive.
define archive
ifneq ($(2),)
$(1)_A := $(OBJ)/lib$(1).a
$(1)_O := $(patsubst %.c,$(OBJ)/%.o,$(2))
$$(eval $$(call stamp,$(OBJ)/lib$(1).members,$(2)))
$(OBJ)/lib$(1).a: $$($(1)_O) $(OBJ)/lib$(1).members
	@rm -f $$@
	$$(call say,AR $$(@F))$$(AR) rcs $$@ $$($(1)_O)
-include $$($(1)_O:.o=.d)
endif
endef
$(eval $(call archive,kfix,$(LIB_SRC)))
$(eval $(call archive,kfix_ref,$(REF_SRC)))
$(eval $(call archive,kfix_products,$(PRODUCTS_SRC)))
$(eval $(call archive,kfix_simd,$(SIMD_SRC)))
$(eval $(call archive,kfix_blis,$(BLIS_SRC)))
$(eval $(call archive,kfix_posix,$(POSIX_SRC)))
$(eval $(call archive,kfix_tools,$(COMMON_SRC)))
include tools/dev/gpu.mk

# In link order: ports use the elementary functions and the generator of the library.
ARCHIVES := $(if $(filter-out 0,$(GPU)),$(kfix_cuda_A) $(DEVICE_A)) $(kfix_simd_A) $(kfix_blis_A) $(kfix_products_A) $(kfix_ref_A) $(kfix_posix_A) $(kfix_A)
LIBS := $(if $(filter-out 0,$(GPU)),$(CUDA_LINK)) $(BLIS_A) -lz -lm -ldl

# ---- programs: tools/P/*.c, compiled for one config, makes kfix-P ----

ifneq ($(or $(findstring /,$(CONFIG)),$(filter %.h,$(CONFIG))),)
CONFIG_FILE := $(abspath $(CONFIG))
else
CONFIG_FILE := config/$(CONFIG).h
endif
ifneq ($(wildcard $(CONFIG_FILE)/.),)
$(error CONFIG=$(CONFIG) is a folder: name a header in it)
endif
PROGRAM_DIR := $(BUILD)/$(basename $(notdir $(CONFIG_FILE)))$(if \
  $(filter-out gcc,$(CC_NAME)),-$(CC_NAME))$(if $(filter-out float,$(REAL)),-$(REAL))$(SUFFIX)$(if $(STATIC),-static)
PROGRAM_NAMES := $(sort $(notdir $(patsubst %/,%,$(dir $(wildcard tools/*/*.c)))))
PROGRAMS := $(PROGRAM_NAMES:%=$(PROGRAM_DIR)/kfix-%)
PORTS := ref simd $(if $(BLIS_A),blis) $(if $(filter-out 0,$(GPU)),cuda)
$(if $(PORT),$(call one_of,PORT,$(PORTS), (blis needs BLIS=; cuda needs GPU=1)))
PROGRAM_DEFINES = -DKFIX_CONFIG='"$(CONFIG_FILE)"' $(if $(PORT),-DKFIX_DEFAULT_PORT='"$(PORT)"') $(if $(STATIC),-DKFIX_STATIC)
$(eval $(call stamp,$(PROGRAM_DIR)/flags,$(PROGRAM_DEFINES)))
# A mistake in a config would be told in every line that takes it apart.
FEW_ERRORS := $(if $(findstring clang,$(COMPILER)),-ferror-limit=3,-fmax-errors=3)

$(PROGRAM_DIR)/obj/%.o: tools/%.c $(CONFIG_FILE) $(OBJ)/flags $(PROGRAM_DIR)/flags
	@mkdir -p $(@D)
	$(call say,CC $<)$(CC) $(TOOLS_FLAGS) $(FEW_ERRORS) $(PROGRAM_DEFINES) $(CFLAGS) -MMD -MP -c $< -o $@

define program
$(1)_O := $(patsubst tools/%.c,$(PROGRAM_DIR)/obj/%.o,$(wildcard tools/$(1)/*.c))
$(PROGRAM_DIR)/kfix-$(1): $$($(1)_O) $(kfix_tools_A) $(ARCHIVES)
	$$(call say,LD $$@)$$(CC) $(if $(STATIC),-static) $$($(1)_O) $(kfix_tools_A) $(ARCHIVES) $$(LINK_FLAGS) $$(LDFLAGS) $$(LIBS) -o $$@
-include $$($(1)_O:.o=.d)
endef
$(foreach p,$(PROGRAM_NAMES),$(eval $(call program,$(p))))

# Runs only when the file is not there.
$(CONFIG_FILE):
	@echo "there is no $@; CONFIG is a path to a header or one of: $(basename $(notdir $(wildcard config/*.h)))" >&2
	@exit 1

# ---- what to ask for ----

.PHONY: all run clean format help help-all
all: $(ARCHIVES) $(kfix_tools_A) $(PROGRAMS) ## the archives and the programs of CONFIG (the default)

RUN_ARGS ?= --method kfac --data curves
run: ## train the autoencoder on generated curves: about a minute, nothing to download
	@tools/dev/setup.sh run
	@$(MAKE) --no-print-directory all
	$(PROGRAM_DIR)/kfix-train $(RUN_ARGS)

clean: ## remove what was built
	@[ '$(BUILD)' = build ] || [ -e '$(MADE)' ] || \
	  { echo "BUILD=$(BUILD) was not made by make, so it stays: remove it by hand" >&2; exit 1; }
	rm -rf '$(BUILD)'

format: ## format every source with clang-format
	@tools/dev/setup.sh lint
	git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i

help: ## what to begin with
	@tools/dev/help.sh few $(MAKEFILE_LIST)

help-all: ## all targets, variables, configs and ports
	@tools/dev/help.sh all $(MAKEFILE_LIST)

include test/support/test.mk tools/lint/lint.mk tools/dev/install.mk
include tools/dev/bench.mk tools/dev/faults.mk tools/dev/fuzz.mk test/support/ceedling.mk
include tools/dev/audit.mk tools/dev/deep.mk
include tools/figures/figures.mk
include tools/dev/portability.mk tools/dev/cortex_m.mk tools/dev/endurance.mk
