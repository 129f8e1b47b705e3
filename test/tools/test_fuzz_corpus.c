/* SPDX-License-Identifier: Apache-2.0
 * Replays the corpus of every fuzz target, each file as it is, then damaged in fifty ways
 * that are the same ones each time. `make fuzz` goes on from there. */
#include <dirent.h>
#include <stdlib.h>

#include "check.h"
#include "core/random.h"
#include "test/fuzz/fuzz_target.h"

enum { DAMAGES = 50, SIZE_MAX_REPLAYED = 4096 };

static unsigned draw(uint32_t file, uint32_t index) {
  const kfix_draw_key key = {file, KFIX_DRAW_TEST, 0, 0};
  uint32_t words[4];
  kfix_draw(&key, index, 0, words);
  return words[0];
}

/* One to three bytes replaced, and in every fourth case the end cut off. */
static void damaged(fuzz_function *run, const unsigned char *data, size_t size, uint32_t file) {
  unsigned char *copy = malloc(size);
  CHECK(copy != NULL);
  for (uint32_t i = 0; i < DAMAGES; i++) {
    memcpy(copy, data, size);
    for (uint32_t j = 0; j <= i % 3; j++)
      copy[draw(file, 8 * i + j) % size] = (unsigned char)draw(file, 8 * i + j + 4);
    run(copy, i % 4 == 3 ? draw(file, 8 * i + 7) % size : size);
  }
  free(copy);
}

static int is_plain(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

void test_the_corpus_and_what_is_near_it(void) {
  uint32_t seed = 0;
  for (size_t t = 0; fuzz_name(t) != NULL; t++) {
    char folder[256], path[1024];
    struct dirent **files;
    fuzz_function *run = fuzz_find(fuzz_name(t));
    (void)snprintf(folder, sizeof folder, "test/fuzz/corpus/%s", fuzz_name(t));
    const int count = scandir(folder, &files, is_plain, alphasort);
    CHECK_MSG(count > 0, folder);
    run((const unsigned char *)"", 0);
    for (int i = 0; i < count; i++, seed++) {
      unsigned char data[SIZE_MAX_REPLAYED];
      (void)snprintf(path, sizeof path, "%s/%s", folder, files[i]->d_name);
      FILE *stream = fopen(path, "rb");
      CHECK_MSG(stream != NULL, path);
      const size_t size = fread(data, 1, sizeof data, stream);
      CHECK_INT(0, fclose(stream));
      run(data, size);
      if (size > 0) damaged(run, data, size, seed);
      free(files[i]);
    }
    free(files);
  }
}

void test_a_name_that_is_no_target(void) {
  CHECK(fuzz_find("none") == NULL);
  CHECK(fuzz_name(1000) == NULL);
}
