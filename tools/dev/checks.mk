# SPDX-License-Identifier: Apache-2.0
# Whether what make was given makes sense: one sentence, before anything is built or removed.

# one_of(variable, words, advice): its value is one of the words.
one_of = $(if $(and $(filter 1,$(words $($(1)))),$(filter $(2),$($(1)))),,$(error \
  $(1)=$($(1)) is none of: $(strip $(2))$(3)))
# no_spaces(variable, advice): make splits names at spaces.
no_spaces = $(if $(word 2,$($(1))),$(error $(1)=$($(1)) must not contain spaces: $(2)))

$(call no_spaces,CURDIR,move the sources to a folder without)
$(call no_spaces,BUILD,name another folder)
$(call no_spaces,CONFIG,copy the header to a folder without)
$(call one_of,REAL,float double)
ifneq ($(STATIC),)
$(call one_of,STATIC,1)
$(if $(SAN),$(error STATIC=1 and SAN=1: sanitizers need shared libraries: leave one of them away))
$(if $(filter-out 0,$(GPU)),$(error STATIC=1 and GPU=$(GPU): CUDA is in shared libraries: leave one of them away))
$(foreach a,libc.a libm.a libz.a,$(if $(findstring /,$(shell $(CC) -print-file-name=$(a))),,$(error \
  STATIC=1 needs $(a), which $(CC) does not find: install it (Debian: libc6-dev, zlib1g-dev), or leave STATIC away)))
endif

# Compilers and scripts put their files there; not all say so when they cannot.
ifneq ($(TMPDIR),)
ifeq ($(shell [ -d '$(TMPDIR)' ] && [ -w '$(TMPDIR)' ] && echo yes),)
$(error TMPDIR=$(TMPDIR) is no folder that can be written to: make it, or unset TMPDIR)
endif
endif

ifeq ($(BUILD),)
$(error BUILD is empty: name a folder, or leave BUILD= away for build)
endif
# Within the sources one relative name for each file, or what an object was noted to depend on would
# not be found again.
override BUILD := $(patsubst $(CURDIR)/%,%,$(abspath $(BUILD)))
BUILD_FOUND := $(realpath $(BUILD))
ifneq ($(and $(BUILD_FOUND),$(filter $(patsubst %/,%,$(BUILD_FOUND))/%,$(realpath $(CURDIR))/)),)
$(error BUILD=$(BUILD) holds the sources themselves: name a folder for what is built alone)
endif
# `make clean` removes a folder only if make itself made or filled it: this file says so.
MADE := $(BUILD)/.made-by-kfix
$(shell [ -n "$$(ls -A '$(BUILD)' 2> /dev/null)" ] || { mkdir -p '$(BUILD)' && : > '$(MADE)'; })
