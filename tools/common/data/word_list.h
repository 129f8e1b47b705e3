/* SPDX-License-Identifier: Apache-2.0
 * Words in memory: names of columns, of classes. */
#ifndef KFIX_TOOLS_WORD_LIST_H
#define KFIX_TOOLS_WORD_LIST_H

#include <stddef.h>

/* Zeros: none. words_free releases it. */
typedef struct word_list {
  char **word;
  size_t count, room;
} word_list;

/* A copy of these characters behind the others; -1: no memory. */
int words_add(word_list *words, const char *text, size_t length);

/* The place of a word, or `count`. */
size_t words_find(const word_list *words, const char *text, size_t length);

/* Ascending, by bytes; place[i] = where word i is then. -1: no memory. */
int words_sort(word_list *words, size_t *place);

void words_free(word_list *words);

#endif
