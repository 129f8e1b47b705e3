# SPDX-License-Identifier: Apache-2.0
# What the archives are made of: symbols, stack, bytes. Compared with the tables in test/audit/.

AUDIT := $(BUILD)/audit
AUDIT_SRC := $(LIB_SRC) $(REF_SRC) $(PRODUCTS_SRC) $(SIMD_SRC) $(POSIX_SRC)
AUDIT_O := $(AUDIT_SRC:%.c=$(AUDIT)/graph/%.o)
# The call graphs are gcc's, of the float build at the usual optimisation, whatever else is built.
# A compiler cache keeps objects, not the graphs beside them.
AUDIT_FLAGS := -std=c11 -ffp-contract=off -fno-math-errno -ffunction-sections -pthread -I. -Ilib
$(AUDIT)/graph/lib/%.o: AUDIT_OPT := -O2
$(AUDIT)/graph/port/%.o: AUDIT_OPT := -O3
$(AUDIT)/graph/port/posix/%.o: AUDIT_OPT := -O2 $(POSIX)

$(AUDIT)/graph/%.o: %.c
	@mkdir -p $(@D)
	$(call say,GRAPH $<)CCACHE_DISABLE=1 gcc $(AUDIT_FLAGS) $(AUDIT_OPT) -fcallgraph-info=su -MMD -MP -c $< -o $@
-include $(AUDIT_O:.o=.d)

.PHONY: stack audit audit-accept audit-archives
stack: $(AUDIT_O) ## the deepest stack of each public function, by port, from the call graph
	@tools/audit/stack.sh $(AUDIT)/graph > $(AUDIT)/stack.txt || { rm -f $(AUDIT)/stack.txt; exit 1; }
	@tools/audit/table.sh $(AUDIT)/stack.txt

audit-archives: $(ARCHIVES)

# audit.sh builds kfix-size for every config itself.
audit: ## symbols, globals, stack, code bytes, arena bytes; compared with test/audit/
	@tools/dev/setup.sh test
	@MAKE='$(MAKE)' BUILD='$(BUILD)' tools/audit/audit.sh

audit-accept: ## make what `make audit` found the tables of test/audit/
	@MAKE='$(MAKE)' BUILD='$(BUILD)' tools/audit/audit.sh accept
