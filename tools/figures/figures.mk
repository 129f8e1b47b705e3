# SPDX-License-Identifier: Apache-2.0
# The papers' figures, drawn again; results/reproduction.md shows them.

.PHONY: figures-fisher figures-training
figures-fisher: ## how close the approximations are: the papers' figures, into OUT=build/figures
	@tools/figures/figures_fisher.sh

figures-training: ## training curves of all methods on the auto-encoders (EPOCHS=, METHODS=, SETS=, BATCHES=, FULL=1)
	@tools/figures/figures_training.sh
