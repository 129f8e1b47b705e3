/* SPDX-License-Identifier: Apache-2.0
 * Words in memory. */
#include "word_list.h"

#include <stdlib.h>
#include <string.h>

int words_add(word_list *words, const char *text, size_t length) {
  if (words->count == words->room) {
    const size_t room = 2 * words->room + 16;
    char **more = realloc(words->word, room * sizeof *more);
    if (more == NULL) return -1;
    words->word = more;
    words->room = room;
  }
  char *copy = malloc(length + 1);
  if (copy == NULL) return -1;
  memcpy(copy, text, length);
  copy[length] = '\0';
  words->word[words->count++] = copy;
  return 0;
}

size_t words_find(const word_list *words, const char *text, size_t length) {
  size_t i = 0;
  while (i < words->count &&
         (strlen(words->word[i]) != length || memcmp(words->word[i], text, length) != 0))
    i++;
  return i;
}

/* A word, and where it was. */
typedef struct placed {
  char *word;
  size_t before;
} placed;

static int by_word(const void *a, const void *b) {
  return strcmp(((const placed *)a)->word, ((const placed *)b)->word);
}

int words_sort(word_list *words, size_t *place) {
  placed *all = malloc((words->count + 1) * sizeof *all);
  if (all == NULL) return -1;
  for (size_t i = 0; i < words->count; i++) all[i] = (placed){words->word[i], i};
  if (words->count > 1) qsort(all, words->count, sizeof *all, by_word);
  for (size_t i = 0; i < words->count; i++) {
    words->word[i] = all[i].word;
    place[all[i].before] = i;
  }
  free(all);
  return 0;
}

void words_free(word_list *words) {
  for (size_t i = 0; i < words->count; i++) free(words->word[i]);
  free(words->word);
  *words = (word_list){NULL, 0, 0};
}
