# SPDX-License-Identifier: Apache-2.0
# What goes wrong on purpose: the tests of faults alone, with more kills than `make test` has time for.

## KILLS=200            how often `make faults` kills a run (`make test`: 28 times)
KILLS ?= 200
FAULT_TESTS := test_step_faults test_step_arena test_state cli_faults_kill cli_faults_disk

.PHONY: faults
faults: ## failing kernels, damaged images, kills and full disks
	@KILLS=$(KILLS) $(MAKE) --no-print-directory test TESTS='$(FAULT_TESTS)' \
	  VARIANTS='gcc-float gcc-float-debug'
