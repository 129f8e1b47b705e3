# SPDX-License-Identifier: Apache-2.0
# Bare metal: the programs of test/cortex_m on an emulated Cortex-M7 and Cortex-M4F, against the host.

M_OUT := $(BUILD)/cortex-m
M_PROGRAMS := trainer forward_only
M_STACK_trainer := 4096
M_STACK_forward_only := $(if $(filter double,$(REAL)),2304,1152)
M_SRC := $(LIB_SRC) $(REF_SRC) test/cortex_m/startup.c $(M_PROGRAMS:%=test/cortex_m/%.c)
M_DEFINES := -DKFIX_CONFIG='"config/digits_tiny.h"' \
  -DTRAIN_ROWS='"test/cortex_m/digits_train.h"' -DHELD_ROWS='"test/cortex_m/digits_held.h"' \
  -DWEIGHTS='"test/cortex_m/digits_weights.h"'
M_FLAGS := $(WARN) -Wconversion -std=c11 -Os -ffp-contract=off -fno-math-errno -ffunction-sections \
  -fdata-sections -mthumb -mfloat-abi=hard -I. -Ilib $(M_DEFINES) \
  -DKFIX_METHODS='"test/cortex_m/kfac_alone.h"' -DKFIX_WITHOUT_EIGEN \
  -DKFIX_KINDS='"test/cortex_m/dense_alone.h"' -DKFIX_WITHOUT_ADD -DKFIX_WITHOUT_JACOBIAN -DKFIX_WITHOUT_IMAGES -DKFIX_WITHOUT_NORMS \
  $(if $(filter double,$(REAL)),-DKFIX_REAL_DOUBLE)
M_CPU_m7 := -mcpu=cortex-m7 -mfpu=fpv5-d16
M_CPU_m4f := -mcpu=cortex-m4 -mfpu=fpv4-sp-d16
$(foreach cpu,m7 m4f,$(eval $(call stamp,$(M_OUT)/$(cpu)-$(REAL)/flags,$(M_FLAGS) $(M_CPU_$(cpu)) $(M_PROGRAMS:%=$(M_STACK_%)))))

# board(cpu): objects, archives of the library and of the port, the program.
define board
$(M_OUT)/$(1)-$(REAL)/%.o: %.c $(M_OUT)/$(1)-$(REAL)/flags
	@mkdir -p $$(@D)
	$$(call say,CC $(1) $$<)arm-none-eabi-gcc $$(M_FLAGS) $$(M_CPU_$(1)) -MMD -MP -c $$< -o $$@
-include $(M_SRC:%.c=$(M_OUT)/$(1)-$(REAL)/%.d)
$(M_OUT)/$(1)-$(REAL)/libkfix.a: $(LIB_SRC:%.c=$(M_OUT)/$(1)-$(REAL)/%.o)
$(M_OUT)/$(1)-$(REAL)/libkfix_ref.a: $(REF_SRC:%.c=$(M_OUT)/$(1)-$(REAL)/%.o)
$(M_OUT)/$(1)-$(REAL)/%.a:
	@rm -f $$@
	$$(call say,AR $$@)arm-none-eabi-ar rcs $$@ $$^
$(M_OUT)/$(1)-$(REAL)/%.elf: $(M_OUT)/$(1)-$(REAL)/test/cortex_m/startup.o \
    $(M_OUT)/$(1)-$(REAL)/test/cortex_m/%.o $(M_OUT)/$(1)-$(REAL)/libkfix_ref.a \
    $(M_OUT)/$(1)-$(REAL)/libkfix.a test/cortex_m/cortex_m.ld
	$$(call say,LD $$@)arm-none-eabi-gcc -mthumb -mfloat-abi=hard $$(M_CPU_$(1)) -nostartfiles \
	  -T test/cortex_m/cortex_m.ld -Wl,--defsym=board_stack_size=$$(M_STACK_$$*) -Wl,--gc-sections -Wl,-Map=$$@.map \
	  $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group -lm -o $$@
.SECONDARY: $(M_SRC:%.c=$(M_OUT)/$(1)-$(REAL)/%.o)
endef
$(eval $(call board,m7))
$(eval $(call board,m4f))

$(M_OUT)/host-$(REAL)/%: test/cortex_m/%.c $(wildcard test/cortex_m/*.h) $(ARCHIVES)
	@mkdir -p $(@D)
	$(call say,LD $@)$(CC) $(WARN) $(FLAGS) $(OPT) $(M_DEFINES) $< $(ARCHIVES) $(LINK_FLAGS) -lm -o $@

.PHONY: cortex-m cortex-m-programs cortex-m-weights
cortex-m-programs: $(foreach p,$(M_PROGRAMS),$(M_OUT)/m7-$(REAL)/$p.elf $(M_OUT)/m4f-$(REAL)/$p.elf $(M_OUT)/host-$(REAL)/$p)

# Writes test/cortex_m/digits_weights.h anew.
cortex-m-weights: $(M_OUT)/host-$(REAL)/make_weights
	$< > $(M_OUT)/digits_weights.h && mv $(M_OUT)/digits_weights.h test/cortex_m/digits_weights.h

cortex-m: ## K-FAC, and predictions alone, on an emulated Cortex-M7 and M4F: the host's bits, code bytes, RAM, stack
	@tools/dev/setup.sh cortex-m
	@$(MAKE) --no-print-directory QUIET=1 cortex-m-programs
	@test/cortex_m/cortex_m.sh $(M_OUT) $(REAL)
