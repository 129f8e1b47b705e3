/* SPDX-License-Identifier: Apache-2.0
 * The parts that facts are made of, read. */
#define _POSIX_C_SOURCE 200809L
#include "weights_facts_text.h"

#include <math.h>
#include <string.h>

int facts_read_word(facts_text *t, const char *wanted) {
  const size_t length = json_read_string(&t->json, t->word);
  t->word[length] = '\0';
  return strcmp(t->word, wanted) == 0;
}

void facts_read_object(facts_text *t, const facts_field *fields, size_t count) {
  json_expect(&t->json, '{');
  if (json_accept(&t->json, '}')) return;
  do {
    size_t i = 0;
    const size_t length = json_read_string(&t->json, t->word);
    json_expect(&t->json, ':');
    while (i < count &&
           (strlen(fields[i].key) != length || memcmp(fields[i].key, t->word, length) != 0))
      i++;
    if (i < count)
      fields[i].read(t);
    else
      json_skip(&t->json, FACTS_NESTED_MAX);
  } while (json_accept(&t->json, ','));
  json_expect(&t->json, '}');
}

void facts_read_numbers(facts_text *t, double *to, size_t count) {
  if (json_accept_word(&t->json, "null")) return;
  json_expect(&t->json, '[');
  for (size_t i = 0; i < count && !t->json.bad; i++) {
    if (i > 0) json_expect(&t->json, ',');
    to[i] = json_read_double(&t->json);
    if (!isfinite(to[i])) t->json.bad = 1;
  }
  json_expect(&t->json, ']');
}

void facts_read_words(facts_text *t, word_list *words) {
  if (json_accept_word(&t->json, "null")) return;
  json_expect(&t->json, '[');
  do {
    const size_t length = json_read_string(&t->json, t->word);
    if (words_add(words, t->word, length) != 0) t->no_memory = 1;
  } while (json_accept(&t->json, ','));
  json_expect(&t->json, ']');
}

void facts_read_these(facts_text *t, const uint32_t *wanted, size_t count) {
  json_expect(&t->json, '[');
  for (size_t i = 0; i < count && !t->json.bad; i++) {
    if (i > 0) json_expect(&t->json, ',');
    if (json_read_count(&t->json) != wanted[i]) t->other = 1;
  }
  json_expect(&t->json, ']');
}
