# SPDX-License-Identifier: Apache-2.0
# How fast: kfix against the machine and against other libraries.

## BENCH_ARGS="..."     more options for `make bench`: kfix-bench --help lists them
BENCH_ARGS ?=
# The network that papers time, unless another is asked for.
BENCH_CONFIG := $(if $(filter file,$(origin CONFIG)),mnist_autoencoder,$(CONFIG))

.PHONY: bench bench-run
bench: ## time kernels and whole steps of CONFIG (mnist_autoencoder), beside OpenBLAS if installed
	@tools/dev/setup.sh run
	@$(MAKE) --no-print-directory CONFIG='$(BENCH_CONFIG)' bench-run

bench-run: $(PROGRAM_DIR)/kfix-bench
	$< --table --blas libopenblas.so.0 $(BENCH_ARGS)
