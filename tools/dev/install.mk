# SPDX-License-Identifier: Apache-2.0
# Installs the libraries, the headers, kfix.pc and the programs of CONFIG under DESTDIR/PREFIX.

VERSION := $(shell sed -n 's/^\#define KFIX_VERSION "\(.*\)"/\1/p' lib/kfix.h)
# kfix.pc is read from anywhere.
ifneq ($(filter-out /%,$(firstword $(PREFIX))),)
override PREFIX := $(CURDIR)/$(PREFIX)
endif
INSTALL_ROOT = $(DESTDIR)$(PREFIX)
# -lkfix last: the ports use it.
PC_LIBS := $(patsubst lib%.a,-l%,$(notdir $(ARCHIVES))) $(BLIS_A) $(if $(filter-out 0,$(GPU)),$(CUDA_LINK))
PC_DEFINES := $(filter -DKFIX_REAL_DOUBLE -DKFIX_DEBUG,$(FLAGS))

.PHONY: install uninstall
install: all ## install libraries, headers, kfix.pc and programs (PREFIX=, DESTDIR=)
	install -d '$(INSTALL_ROOT)/lib/pkgconfig' '$(INSTALL_ROOT)/include/kfix' '$(INSTALL_ROOT)/bin'
	install -m 644 $(ARCHIVES) '$(INSTALL_ROOT)/lib'
	CC='$(CC)' tools/dev/install_headers.sh '$(INSTALL_ROOT)/include/kfix' $(if $(filter-out 0,$(GPU)),gpu/cuda.h)
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@LIBS@|$(PC_LIBS)|' \
	  -e 's|@DEFINES@|$(PC_DEFINES)|' tools/dev/kfix.pc.in > '$(INSTALL_ROOT)/lib/pkgconfig/kfix.pc'
	$(if $(PROGRAMS),install -m 755 $(PROGRAMS) '$(INSTALL_ROOT)/bin')
	install -m 755 tools/plot '$(INSTALL_ROOT)/bin/kfix-plot'
	install -m 755 tools/digest-compare/digest_compare.sh '$(INSTALL_ROOT)/bin/kfix-digest-compare'

uninstall: ## remove what `make install` put there
	rm -f $(patsubst %,'$(INSTALL_ROOT)/lib/%',$(notdir $(ARCHIVES)) pkgconfig/kfix.pc)
	rm -f $(patsubst %,'$(INSTALL_ROOT)/bin/%',$(notdir $(PROGRAMS)) kfix-plot kfix-digest-compare)
	rm -rf '$(INSTALL_ROOT)/include/kfix'
