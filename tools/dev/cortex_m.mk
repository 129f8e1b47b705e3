# SPDX-License-Identifier: Apache-2.0
# Bare metal: the programs of test/cortex_m on an emulated Cortex-M7 and Cortex-M4F, against the host.

M_OUT := $(BUILD)/cortex-m
# The library is built once for each set of kinds: programs are LIBRARY/PROGRAM.
M_LIBRARIES := dense images
M_PROGRAMS := dense/trainer dense/forward_only images/trainer
M_SRC := $(LIB_SRC) $(REF_SRC) $(addprefix test/cortex_m/,startup.c trainer.c forward_only.c)
M_STACK_trainer := 4096
M_STACK_forward_only := $(if $(filter double,$(REAL)),2304,1152)
M_KINDS_dense := -DKFIX_WITHOUT_IMAGES
M_KINDS_images := -DKFIX_WITHOUT_MOMENTS
M_DEFINES := -DTRAIN_ROWS='"test/cortex_m/digits_train.h"' -DHELD_ROWS='"test/cortex_m/digits_held.h"' \
  -DWEIGHTS='"test/cortex_m/digits_weights.h"'
M_DEFINES_dense := $(M_DEFINES) -DKFIX_CONFIG='"config/digits_tiny.h"' -DSTEPS=40
M_DEFINES_images := $(M_DEFINES) -DKFIX_CONFIG='"config/conv_tiny.h"' -DSTEPS=40
M_FLAGS := $(WARN) -Wconversion -std=c11 -Os -ffp-contract=off -fno-math-errno -ffunction-sections \
  -fdata-sections -mthumb -mfloat-abi=hard -I. -Ilib -DKFIX_METHODS='"test/cortex_m/kfac_alone.h"' \
  -DKFIX_WITHOUT_EIGEN -DKFIX_WITHOUT_ADD -DKFIX_WITHOUT_JACOBIAN -DKFIX_WITHOUT_NORMS \
  $(if $(filter double,$(REAL)),-DKFIX_REAL_DOUBLE)
M_CPU_m7 := -mcpu=cortex-m7 -mfpu=fpv5-d16
M_CPU_m4f := -mcpu=cortex-m4 -mfpu=fpv4-sp-d16

# library(kinds), board(folder, kinds, cpu): objects, archives of the library and of the port, the programs.
define board
$$(eval $$(call stamp,$(1)/flags,$(M_FLAGS_$(2)) $(M_CPU_$(3)) $(M_STACK_trainer) $(M_STACK_forward_only)))
$(1)/%.o: %.c $(1)/flags
	@mkdir -p $$(@D)
	$$(call say,CC $(2) $(3) $$<)arm-none-eabi-gcc $$(M_FLAGS_$(2)) $$(M_CPU_$(3)) -MMD -MP -c $$< -o $$@
-include $(M_SRC:%.c=$(1)/%.d)
$(1)/libkfix.a: $(LIB_SRC:%.c=$(1)/%.o)
$(1)/libkfix_ref.a: $(REF_SRC:%.c=$(1)/%.o)
$(1)/%.a:
	@rm -f $$@
	$$(call say,AR $$@)arm-none-eabi-ar rcs $$@ $$^
$(1)/%.elf: $(1)/test/cortex_m/startup.o $(1)/test/cortex_m/%.o $(1)/libkfix_ref.a $(1)/libkfix.a \
    test/cortex_m/cortex_m.ld
	$$(call say,LD $$@)arm-none-eabi-gcc -mthumb -mfloat-abi=hard $$(M_CPU_$(3)) -nostartfiles \
	  -T test/cortex_m/cortex_m.ld -Wl,--defsym=board_stack_size=$$(M_STACK_$$*) -Wl,--gc-sections -Wl,-Map=$$@.map \
	  $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group -lm -o $$@
.SECONDARY: $(M_SRC:%.c=$(1)/%.o)
endef
define library
M_FLAGS_$(1) := $$(M_FLAGS) $$(M_DEFINES_$(1)) -DKFIX_KINDS='"test/cortex_m/$(1)_alone.h"' $$(M_KINDS_$(1))
$$(eval $$(call board,$$(M_OUT)/m7-$$(REAL)/$(1),$(1),m7))
$$(eval $$(call board,$$(M_OUT)/m4f-$$(REAL)/$(1),$(1),m4f))
$$(M_OUT)/host-$$(REAL)/$(1)/%: test/cortex_m/%.c $$(wildcard test/cortex_m/*.h) $$(ARCHIVES)
	@mkdir -p $$(@D)
	$$(call say,LD $$@)$$(CC) $$(WARN) $$(FLAGS) $$(OPT) $$(M_DEFINES_$(1)) $$< $$(ARCHIVES) $$(LINK_FLAGS) -lm -o $$@
endef
$(foreach l,$(M_LIBRARIES),$(eval $(call library,$l)))

.PHONY: cortex-m cortex-m-programs cortex-m-weights
cortex-m-programs: $(foreach p,$(M_PROGRAMS),$(M_OUT)/m7-$(REAL)/$p.elf $(M_OUT)/m4f-$(REAL)/$p.elf $(M_OUT)/host-$(REAL)/$p)

# Writes test/cortex_m/digits_weights.h anew.
cortex-m-weights: $(M_OUT)/host-$(REAL)/dense/make_weights
	$< > $(M_OUT)/digits_weights.h && mv $(M_OUT)/digits_weights.h test/cortex_m/digits_weights.h

cortex-m: ## K-FAC of dense and of convolutional nets, and predictions alone, on an emulated Cortex-M7 and M4F: the host's bits, code bytes, RAM, stack
	@tools/dev/setup.sh cortex-m
	@$(MAKE) --no-print-directory QUIET=1 cortex-m-programs
	@test/cortex_m/cortex_m.sh $(M_OUT) $(REAL) $(M_PROGRAMS)
