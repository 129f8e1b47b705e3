# SPDX-License-Identifier: Apache-2.0
# Static checks: one small script each, tools/lint/CHECK.sh.

## CHECKS="arrows ..."  run only these checks
CHECKS ?= format clang cppcheck arrows circles symbols headers spdx basenames sizes words

.PHONY: lint
lint: ## check format, includes, symbols, sizes ... one line per check
	@tools/dev/setup.sh lint
	@+$(MAKE) --no-print-directory QUIET=1 -s -k lint-archives || rm -f $(ARCHIVES)
	@ARCHIVES='$(ARCHIVES)' tools/lint/run.sh $(CHECKS)

.PHONY: lint-archives
lint-archives: $(ARCHIVES)
