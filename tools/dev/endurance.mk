# SPDX-License-Identifier: Apache-2.0
# Every method on every config for many steps.

.PHONY: endurance
endurance: ## 500 steps of every method on every config, hours (ENDURANCE_STEPS=, _CONFIGS=, _METHODS=, _BATCH=)
	@tools/dev/setup.sh run
	@MAKE='$(MAKE)' BUILD='$(BUILD)' tools/dev/endurance.sh
