/* SPDX-License-Identifier: Apache-2.0
 * The head of a checkpoint as lines of key=value. */
#include "checkpoint_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/method_choice.h"
#include "setting_table.h"

/* X(key, field): whole numbers, then reals with all their digits. */
#define COUNT_LIST(X)                  \
  X("seed", settings.seed)             \
  X("limit", limit)                    \
  X("batch", sizes.first)              \
  X("batch_steps", sizes.steps)        \
  X("data_digest", data_digest)        \
  X("step", state.step)                \
  X("examples", state.examples)        \
  X("epoch", state.epoch)              \
  X("position", state.position)        \
  X("evaluated", state.evaluated)      \
  X("validation_digest", valid_digest) \
  X("best_step", state.best_step)      \
  X("best_epoch", state.best_epoch)
#define REAL_LIST(X)                          \
  X("label_smoothing", smoothing)             \
  X("seconds", state.seconds)                 \
  X("first_objective", state.first_objective) \
  X("rho", state.rho)                         \
  X("best", state.best)

static const char *const pixel_words[] = {[PIXELS_UNIT] = "unit", [PIXELS_STANDARD] = "standard"};

void checkpoint_print(FILE *stream, const checkpoint_head *head) {
  char augment[AUGMENT_TEXT_MAX];
  augment_text(&head->augment, augment);
  (void)fprintf(stream, "network=%s\nmethod=%s\ndata=%s\nvalidation=%s\nclass_weights=%s\n",
                head->network, kfix_method_of(head->method)->name, head->data, head->validation,
                head->class_weights);
  (void)fprintf(stream, "pixels=%s\naugment=%s\n", pixel_words[head->pixels], augment);
#define PRINT_COUNT(key, field) (void)fprintf(stream, key "=%" PRIu64 "\n", head->field);
#define PRINT_REAL(key, field)  (void)fprintf(stream, key "=%.17g\n", head->field);
  COUNT_LIST(PRINT_COUNT)
  REAL_LIST(PRINT_REAL)
  for (int i = 0; i < KFIX_OPTION_COUNT; i++) {
    char text[SETTING_TEXT_BYTES];
    setting_text(&head->settings, (kfix_option_id)i, text, sizeof text);
    (void)fprintf(stream, "--%s=%s\n", kfix_option_infos[i].flag, text);
  }
}

static int parse_method(checkpoint_head *head, const char *name) {
  const int method = method_named(name);
  if (method < 0) return -1;
  head->method = (kfix_method)method;
  return 0;
}

static int parse_pixels(checkpoint_head *head, const char *word) {
  for (int i = PIXELS_UNIT; i <= PIXELS_STANDARD; i++)
    if (strcmp(word, pixel_words[i]) == 0) {
      head->pixels = i;
      return 0;
    }
  return -1;
}

static int copy(char *out, size_t room, const char *value) {
  const int length = snprintf(out, room, "%s", value);
  return length >= 0 && (size_t)length < room ? 0 : -1;
}

static int parse_line(checkpoint_head *head, const char *key, const char *value) {
  if (strncmp(key, "--", 2) == 0) return setting_parse(&head->settings, key + 2, value);
  if (strcmp(key, "method") == 0) return parse_method(head, value);
  if (strcmp(key, "network") == 0) return copy(head->network, sizeof head->network, value);
  if (strcmp(key, "data") == 0) return copy(head->data, sizeof head->data, value);
  if (strcmp(key, "class_weights") == 0)
    return copy(head->class_weights, sizeof head->class_weights, value);
  if (strcmp(key, "validation") == 0) return copy(head->validation, sizeof head->validation, value);
  if (strcmp(key, "pixels") == 0) return parse_pixels(head, value);
  if (strcmp(key, "augment") == 0) return *value == '\0' ? 0 : augment_read(value, &head->augment);
#define PARSE_COUNT(name, field)             \
  if (strcmp(key, name) == 0) {              \
    head->field = strtoull(value, NULL, 10); \
    return 0;                                \
  }
#define PARSE_REAL(name, field)        \
  if (strcmp(key, name) == 0) {        \
    head->field = strtod(value, NULL); \
    return 0;                          \
  }
  COUNT_LIST(PARSE_COUNT)
  REAL_LIST(PARSE_REAL)
  return -1;
}

int checkpoint_parse(char *text, checkpoint_head *head, const char **line) {
  memset(head, 0, sizeof *head);
  head->settings = kfix_options_default(NULL);
  head->state.best = NAN;
  head->pixels = PIXELS_UNIT;
  while (*text != '\0') {
    char *end = text + strcspn(text, "\n");
    char *equals = memchr(text, '=', (size_t)(end - text));
    *line = text;
    if (equals == NULL || *end == '\0') return -1;
    *equals = *end = '\0';
    if (parse_line(head, text, equals + 1) != 0) return -1;
    text = end + 1;
  }
  *line = "data";
  return head->data[0] != '\0' ? 0 : -1;
}
