/* SPDX-License-Identifier: Apache-2.0
 * Facts about weights as JSON text: what is being read, and how objects, words and numbers are. */
#ifndef KFIX_TOOLS_WEIGHTS_FACTS_TEXT_H
#define KFIX_TOOLS_WEIGHTS_FACTS_TEXT_H

#include "arrays/json_reader.h"
#include "weights_facts.h"

/* Values that are skipped may be nested so deep. */
#define FACTS_NESTED_MAX 16

/* The text being read; `word` has room for any string of it. */
typedef struct facts_text {
  json_reader json;
  char *word;
  const char *path;
  const kfix_net *net;
  dataset_facts *facts;
  tool_error *err;
  int other, no_memory; /* the weights are of another network */
  uint32_t node, layer; /* how many nodes have been read, and how many of them have weights */
  word_list places;     /* "input", and their names */
  word_list nodes;      /* names of those read so far; "input" is the first */
} facts_text;

typedef void facts_reader(facts_text *t);
typedef struct facts_field {
  const char *key;
  facts_reader *read;
} facts_field;

/* Whether the next string is that one. */
int facts_read_word(facts_text *t, const char *wanted);
/* An object: fields that are known, others skipped. */
void facts_read_object(facts_text *t, const facts_field *fields, size_t count);
/* So many numbers, or null. */
void facts_read_numbers(facts_text *t, double *to, size_t count);
/* Strings, or null. */
void facts_read_words(facts_text *t, word_list *words);
/* [a, b, ...], which must be those: else the weights are of another network. */
void facts_read_these(facts_text *t, const uint32_t *wanted, size_t count);

#endif
