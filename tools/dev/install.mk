# SPDX-License-Identifier: Apache-2.0
# Installs the libraries, the headers, kfix.pc and the programs of CONFIG under DESTDIR/PREFIX.

VERSION := $(shell sed -n 's/^\#define KFIX_VERSION "\(.*\)"/\1/p' lib/kfix.h)
# kfix.pc is read from anywhere.
ifneq ($(filter-out /%,$(firstword $(PREFIX))),)
override PREFIX := $(CURDIR)/$(PREFIX)
endif
INSTALL_ROOT = $(DESTDIR)$(PREFIX)
# in_root(path): for the shell, whatever characters PREFIX and DESTDIR have.
in_root = '$(subst ','\'',$(INSTALL_ROOT)/$(1))'
# pkg-config reads words as a shell does: in front of blanks and quotes a backslash, which sed wants twice.
PC_PREFIX = $(subst ',\\'\'',$(subst &,\\\&,$(subst $(subst ,, ),\\ ,$(PREFIX))))
# -lkfix last: the ports use it.
PC_LIBS := $(patsubst lib%.a,-l%,$(notdir $(ARCHIVES))) $(BLIS_A) $(if $(filter-out 0,$(GPU)),$(CUDA_LINK))
PC_DEFINES := $(filter -DKFIX_REAL_DOUBLE -DKFIX_DEBUG,$(FLAGS))

# Manual pages and completions come out of the programs, which may be another processor's.
MAN := $(PROGRAM_DIR)/man
MAN_PAGES := $(PROGRAMS:$(PROGRAM_DIR)/%=$(MAN)/%.1)
COMPLETIONS := $(PROGRAMS:$(PROGRAM_DIR)/%=$(MAN)/%)
# printed(form): what the program of the file's name says of itself, or nothing where it does not run.
printed = @mkdir -p $(@D); $< --help=$(1) > $@ 2> /dev/null || \
  { rm -f $@; echo "skip $(@F): $< does not run here" >&2; }
$(MAN_PAGES): $(MAN)/%.1: $(PROGRAM_DIR)/%
	$(call printed,man)
$(COMPLETIONS): $(MAN)/%: $(PROGRAM_DIR)/%
	$(call printed,bash)

# install_page(program): both, if they could be made.
install_page = ! [ -e $(MAN)/$(1).1 ] || { install -m 644 $(MAN)/$(1).1 $(call in_root,share/man/man1) && \
  install -m 644 $(MAN)/$(1) $(call in_root,share/bash-completion/completions); } || exit 1;

.PHONY: install uninstall man
man: $(MAN_PAGES) $(COMPLETIONS) ## manual pages and bash completions of the programs, in their folder's man/

# Everybody can read what is installed, whatever the umask.
install: all man ## install libraries, headers, kfix.pc, programs and their pages (PREFIX=, DESTDIR=)
	@install -d $(call in_root,lib/pkgconfig) $(call in_root,include/kfix) $(call in_root,bin)
	install -m 644 $(ARCHIVES) $(call in_root,lib)
	CC='$(CC)' tools/dev/install_headers.sh $(call in_root,include/kfix) $(if $(filter-out 0,$(GPU)),gpu/cuda.h)
	sed -e 's|@PREFIX@|$(PC_PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@LIBS@|$(PC_LIBS)|' \
	  -e 's|@DEFINES@|$(PC_DEFINES)|' tools/dev/kfix.pc.in > $(call in_root,lib/pkgconfig/kfix.pc)
	chmod 644 $(call in_root,lib/pkgconfig/kfix.pc)
	$(if $(PROGRAMS),install -m 755 $(PROGRAMS) $(call in_root,bin))
	@install -d $(call in_root,share/man/man1) $(call in_root,share/bash-completion/completions)
	@$(foreach p,$(PROGRAM_NAMES),$(call install_page,kfix-$(p)))
	install -m 755 tools/plot $(call in_root,bin/kfix-plot)
	install -m 755 tools/digest-compare/digest_compare.sh $(call in_root,bin/kfix-digest-compare)

uninstall: ## remove what `make install` put there
	rm -f $(foreach a,$(notdir $(ARCHIVES)) pkgconfig/kfix.pc,$(call in_root,lib/$(a)))
	rm -f $(foreach p,$(notdir $(PROGRAMS)) kfix-plot kfix-digest-compare,$(call in_root,bin/$(p)))
	rm -f $(foreach p,$(notdir $(PROGRAMS)),$(call in_root,share/man/man1/$(p).1) $(call in_root,share/bash-completion/completions/$(p)))
	rm -rf $(call in_root,include/kfix)
