/* SPDX-License-Identifier: Apache-2.0
 * --method and --curvature: a method by its name; two-level:SPACE, which corrects the direction of the
 * curvature below it; hf, which a curvature may precondition. */
#ifndef KFIX_TOOLS_METHOD_CHOICE_H
#define KFIX_TOOLS_METHOD_CHOICE_H

#include <stddef.h>

#include "files/tool_error.h"
#include "lib/kfix.h"

#define METHOD_WORDS_BYTES 512

/* The words of OPTION_CHOICE, after those that are there, one for each choice from 0: all methods, then
 * two-level:SPACE for each space. */
void method_choice_words(char words[METHOD_WORDS_BYTES]);
/* Those of --curvature: own, then the methods that have one. own: kfac below two-level, none below hf. */
void method_curvature_words(char words[METHOD_WORDS_BYTES]);
#define METHOD_CURVATURE_HELP "below two-level (own: kfac) and hf (own: nothing)"

/* *method = what the two choices name; of two-level, *space is which (else it stays as it was). */
int method_choice_take(int method_choice, int curvature_choice, kfix_method *method,
                       kfix_choice *space, tool_error *err);

/* Whether a space is part of it. */
int method_is_two_level(kfix_method method);

/* The value of kfix_method whose name this is (kfix_method_of); -1: none. */
int method_named(const char *name);

#endif
