# SPDX-License-Identifier: Apache-2.0
# The CUDA port. GPU=1 links it into the programs. Where a toolkit is found, its host half is also
# compiled for the tests, against a runtime and libraries that compute on the host (test/fake_cuda);
# GPU=fake links those into the programs, to see their --port cuda at work where there is no device.

## GPU=1                link the CUDA port (--port cuda); needs CUDA 13, CUDA_HOME= where it is not found
GPU ?=
CUDA_HOME ?= $(CUDA_PATH)
NVCC ?= $(firstword $(if $(CUDA_HOME),$(wildcard $(CUDA_HOME)/bin/nvcc), \
  $(shell command -v nvcc 2> /dev/null) $(wildcard /usr/local/cuda/bin/nvcc)))
CUDA_ROOT := $(if $(NVCC),$(patsubst %/bin/,%,$(dir $(realpath $(NVCC)))))
CUDA_LIB := $(if $(CUDA_ROOT),$(firstword $(wildcard \
  $(CUDA_ROOT)/lib64 $(CUDA_ROOT)/lib $(CUDA_ROOT)/targets/x86_64-linux/lib)))
HAVE_CUDA := $(and $(CUDA_ROOT),$(wildcard $(CUDA_ROOT)/include/cublas_v2.h),$(wildcard \
  $(CUDA_LIB)/libcusolver.so))
ifneq ($(filter-out 0,$(GPU)),)
ifeq ($(HAVE_CUDA),)
$(error GPU=1 needs the CUDA toolkit (nvcc, cuBLAS, cuSOLVER): none in $(or \
  $(CUDA_HOME),PATH or /usr/local/cuda); set CUDA_HOME=, or leave GPU away)
endif
endif

ifneq ($(HAVE_CUDA),)
CUDA_INCLUDE := -isystem $(CUDA_ROOT)/include
$(OBJ)/gpu/%.o: KIND_FLAGS = $(LIB_FLAGS) $(CUDA_INCLUDE)
$(OBJ)/test/fake_cuda/%.o: KIND_FLAGS = $(TOOLS_FLAGS) -Igpu $(CUDA_INCLUDE)
$(eval $(call archive,kfix_cuda,$(wildcard gpu/*.c)))
$(eval $(call archive,kfix_fake_cuda,$(wildcard test/fake_cuda/*.c)))

# Prebuilt for these, each of which also serves what is newer within its tens; later devices get the text
# of the last one, which their driver compiles: rounding is named in it, so it cannot change.
CUDA_TARGETS ?= 80 90 100
CUDA_TEXT ?= $(lastword $(CUDA_TARGETS))
NVCC_FLAGS = -std=c++17 -O2 -fmad=false -I. -Ilib -Igpu $(if $(filter double,$(REAL)),-DKFIX_REAL_DOUBLE) \
  $(foreach t,$(CUDA_TARGETS),-gencode arch=compute_$(t)$(COMMA)code=sm_$(t)) \
  -gencode arch=compute_$(CUDA_TEXT)$(COMMA)code=compute_$(CUDA_TEXT) \
  -Xcompiler -fno-exceptions,-fno-rtti,-fno-threadsafe-statics,-fvisibility=hidden,-ffp-contract=off
$(OBJ)/libkfix_cuda_kernels.a: $(OBJ)/gpu/kernels.cu.o
	@rm -f $@
	$(call say,AR $(@F))$(AR) rcs $@ $<
$(OBJ)/gpu/kernels.cu.o: gpu/kernels.cu $(wildcard gpu/*.h lib/core/*.h) $(wildcard port/*.h) $(OBJ)/flags
	@mkdir -p $(@D)
	$(call say,NVCC $<)$(NVCC) $(NVCC_FLAGS) -c $< -o $@
DEVICE_A := $(if $(filter fake,$(GPU)),$(kfix_fake_cuda_A),$(OBJ)/libkfix_cuda_kernels.a)
CUDA_LINK := $(if $(filter fake,$(GPU)),,-L$(CUDA_LIB) -Wl,--disable-new-dtags,-rpath,$(CUDA_LIB) -lcusolver -lcublas \
  -lcudart_static -lpthread -ldl -lrt)
endif

.PHONY: gpu
gpu: $(OBJ)/libkfix_cuda_kernels.a $(kfix_cuda_A) ## compile the CUDA port, device code included
	$(if $(HAVE_CUDA),,@echo "no CUDA toolkit: nothing to compile" >&2; exit 1)

.PHONY: gpu-check
gpu-check: ## all that a GPU has to show, into build/gpu-check (ten minutes; GPU=fake rehearses it)
	@GPU='$(or $(GPU),1)' BUILD='$(BUILD)' $(if $(filter file,$(origin CONFIG)),,CONFIG='$(CONFIG)') tools/dev/gpu_check.sh
