# SPDX-License-Identifier: Apache-2.0
# The papers' figures, drawn again; results/reproduction.md shows them.

.PHONY: figures-fisher figures-training figures-correlations figures-rescaling figures-refresh figures-kpsvd \
  figures-two-level figures-distance figures-images
figures-fisher: ## how close the approximations are: the papers' figures, into OUT=build/figures
	@tools/figures/figures_fisher.sh

figures-training: ## training curves of all methods on the auto-encoders (EPOCHS=, METHODS=, SETS=, BATCHES=, FULL=1)
	@tools/figures/figures_training.sh

figures-correlations: ## correlations of gradients, by parameters and in the eigenbasis (STEPS=, LIMIT=)
	@tools/figures/figures_correlations.sh

figures-rescaling: ## one update against gamma, rescaled and raw (STEPS=500, BATCH=, LIMIT=, GAMMAS=)
	@tools/figures/figures_rescaling.sh

figures-refresh: ## K-FAC and EKFAC refreshed every n steps (REFRESH=, EPOCHS=, LIMIT=, RATE=, DAMPING=, CLIP=)
	@tools/figures/figures_refresh.sh

figures-kpsvd: ## Kronecker SVD at its own setting (SETS=, METHODS=, STEPS=, EPOCHS=, RATES=, DAMPINGS=, LIMIT=)
	@tools/figures/figures_kpsvd.sh

figures-two-level: ## two-level methods on the auto-encoders, and what they gain (SETS=, BATCHES=, SEEDS=, METHODS=, RATES=, GRID=1)
	@tools/figures/figures_two_level.sh

figures-distance: ## every method's distance from the exact natural gradient (POINTS=, METHODS=, DAMPINGS=, STATISTICS=)
	@tools/figures/figures_distance.sh

figures-images: ## kfac and ekfac on images beside sgd and adam at five rates, three seeds (DATA=, METHODS=, SEEDS=, EPOCHS=, LIMIT=)
	@tools/figures/figures_images.sh
