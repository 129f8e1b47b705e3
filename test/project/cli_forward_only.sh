#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A program that only predicts takes from the archives what a forward pass needs, and nothing of training.
. test/support/cli.sh

[ -f lib/kfix.h ] || exit 77
objects=$KFIX_BUILD/obj-$(basename "$CC")-float
flock "$KFIX_BUILD/.build-lock" env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -s -j2 QUIET=1 CC="$CC" \
  BUILD="$KFIX_BUILD" "$objects/libkfix.a" "$objects/libkfix_ref.a" || exit 1

compiled() {
  "$CC" -std=c11 -Wall -Wextra -Werror -I. -Ilib -DKFIX_CONFIG='"config/digits_tiny.h"' \
    -DHELD_ROWS='"test/cortex_m/digits_held.h"' -DWEIGHTS='"test/cortex_m/digits_weights.h"' test/cortex_m/forward_only.c \
    -Wl,-t,-t "$objects/libkfix_ref.a" "$objects/libkfix.a" -lm -o "$KFIX_TMP/program" > "$KFIX_TMP/linked"
}
check "it links" compiled

# Without --gc-sections: what is linked is whole objects.
linked() {
  sed -n 's|.*libkfix[a-z_]*\.a[):(]*\([a-z_]*\.o\).*|\1|p' "$KFIX_TMP/linked" | sort -u | tr '\n' ' '
}
check "it takes these objects" same \
  "add_form.o arena.o arithmetic.o conv_form.o dense_form.o depthwise_form.o forms.o max_pool_form.o mean_pool_form.o norm_form.o predictor.o ref_forward.o ref_product.o table_rows.o windows_form.o " \
  "$(linked)"
no_training() {
  ! nm "$KFIX_TMP/program" | grep -E ' kfix_(create|step|methods|options|forward|backward|initialise|port_ref_for_)'
}
check "it has nothing of training" no_training
check "it runs" "$KFIX_TMP/program"

finish
