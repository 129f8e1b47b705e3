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

OPENBLAS = $(if $(STATIC),,$(shell PATH=$$PATH:/sbin:/usr/sbin ldconfig -p 2> /dev/null | grep -om 1 'libopenblas\.so\.0 '))
bench-run: $(PROGRAM_DIR)/kfix-bench
	$(if $(OPENBLAS),,@echo "no OpenBLAS to compare with: apt-get install libopenblas0-pthread")
	$< --table $(addprefix --blas ,$(OPENBLAS)) $(BENCH_ARGS)

## PRACTICE_ARGS="..."  more options for `make practice`: kfix-practice --help lists them
PRACTICE_ARGS ?=
.PHONY: practice practice-run
practice: ## small tables and pictures at defaults, against Adam at its best rate (KFIX_DATA= for more of them)
	@tools/dev/setup.sh practice
	@$(MAKE) --no-print-directory CONFIG=digits_tiny practice-run

practice-run: $(PROGRAM_DIR)/kfix-practice
	$< $(PRACTICE_ARGS)

## PEER_NET=NAME        network of `make peers`: mnist_autoencoder, cuda_convnet or resnet18_quarter
PEER_NET ?= mnist_autoencoder
$(call one_of,PEER_NET,mnist_autoencoder cuda_convnet resnet18_quarter)
PEERS_mnist_autoencoder := kfac_jax asdl
PEERS_cuda_convnet := kfac_jax torch_cpu
PEERS_resnet18_quarter := torch_cpu
PEER_FOLDERS_mnist_autoencoder := mnist
PEER_FOLDERS_cuda_convnet := cifar10 cifar-10-batches-bin
PEER_FOLDERS_resnet18_quarter := $(PEER_FOLDERS_cuda_convnet)
PEER_SPARE_mnist_autoencoder := $(BUILD)/peers/curves
## PEERS="kfac_jax ..." libraries that it runs beside kfix: kfac_jax asdl, or kfac_jax torch_cpu
PEERS ?= $(PEERS_$(PEER_NET))
## PEER_DATA=DIR        images for it, as MNIST has them or CIFAR-10 (*.bin); else those of KFIX_DATA, or curves
PEER_DATA ?= $(wildcard $(foreach d,$(KFIX_DATA) data,$(addprefix $d/,$(PEER_FOLDERS_$(PEER_NET)))))
PEER_THREADS ?= 2
PEER_IMAGES := $(or $(firstword $(PEER_DATA)),$(PEER_SPARE_$(PEER_NET)))

.PHONY: peers peers-run
peers: ## step time, memory and loss beside kfac-jax (JAX) and PyTorch, ASDL: 4 GB of Python packages
	$(if $(PEER_IMAGES),,@echo "make peers: no images: PEER_DATA= names the folder of CIFAR-10's *.bin" >&2; exit 1)
	@tools/dev/setup.sh run
	@for peer in $(PEERS); do tools/peers/peers_setup.sh $(BUILD)/peers $$peer || exit; done
	@$(MAKE) --no-print-directory CONFIG=$(PEER_NET) peers-run

$(BUILD)/peers/curves: | $(PROGRAM_DIR)/kfix-datagen
	$(PROGRAM_DIR)/kfix-datagen --out $@

peers-run: $(PROGRAM_DIR)/kfix-train | $(PEER_IMAGES)
	@tools/peers/compare_peers.py --net $(PEER_NET) --train $< --data '$(PEER_IMAGES)' \
	  --environments $(BUILD)/peers --threads $(PEER_THREADS) \
	  --port $(or $(PORT),$(if $(BLIS_A),blis,simd)) $(PEERS)
