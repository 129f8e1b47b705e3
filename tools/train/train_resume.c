/* SPDX-License-Identifier: Apache-2.0
 * What --resume takes from the checkpoint, and what it refuses. */
#include "train_resume.h"

#include <inttypes.h>
#include <string.h>

#include "cli/method_choice.h"
#include "setting_table.h"
#include "train_split.h"

static int refuse(const char *name, const char *now, const char *then, tool_error *err) {
  return tool_fail(err,
                   "--%s %.100s: the checkpoint's run has %.100s: leave the option out, or begin a "
                   "new run (--import takes weights along)",
                   name, now, then);
}

static int same_count(const char *name, int given, uint64_t now, uint64_t then, tool_error *err) {
  char a[32], b[32];
  if (!given || now == then) return 0;
  (void)snprintf(a, sizeof a, "%" PRIu64, now);
  (void)snprintf(b, sizeof b, "%" PRIu64, then);
  return refuse(name, a, b, err);
}

static int same_settings(const train_options *o, const train_given *given,
                         const checkpoint_head *head, tool_error *err) {
  for (int i = 0; i < KFIX_OPTION_COUNT; i++) {
    const kfix_option_id id = (kfix_option_id)i;
    char now[SETTING_TEXT_BYTES], then[SETTING_TEXT_BYTES];
    setting_text(&o->settings, id, now, sizeof now);
    setting_text(&head->settings, id, then, sizeof then);
    if (given->setting[i] && strcmp(now, then) != 0)
      return refuse(kfix_option_infos[i].flag, now, then, err);
  }
  return 0;
}

static int same_batches(const train_options *o, const train_given *given,
                        const checkpoint_head *head, tool_error *err) {
  const batch_sizes *now = &o->sizes, *then = &head->sizes;
  char a[64], b[64];
  if ((!given->batch && !given->schedule) ||
      (now->first == then->first && now->steps == then->steps))
    return 0;
  (void)snprintf(a, sizeof a, "%" PRIu64 ":%" PRIu64, now->first, now->steps);
  (void)snprintf(b, sizeof b, "%" PRIu64 ":%" PRIu64, then->first, then->steps);
  return refuse(given->batch ? "batch" : "batch-schedule", a, b, err);
}

/* A setting that is a text or a number of its own. */
static int same_weighing(const train_options *o, const train_given *given,
                         const checkpoint_head *head, tool_error *err) {
  const char *now = o->class_weights == NULL ? "" : o->class_weights;
  char a[32], b[32];
  if (given->class_weights && strcmp(now, head->class_weights) != 0)
    return refuse("class-weights", now, *head->class_weights ? head->class_weights : "none", err);
  if (!given->smoothing || o->smoothing == head->smoothing) return 0;
  (void)snprintf(a, sizeof a, "%.9g", o->smoothing);
  (void)snprintf(b, sizeof b, "%.9g", head->smoothing);
  return refuse("label-smoothing", a, b, err);
}

/* What was auto is settled by the data and compared with them: their digest. */
static int same_images(const train_options *o, const train_given *given,
                       const checkpoint_head *head, tool_error *err) {
  char now[AUGMENT_TEXT_MAX], then[AUGMENT_TEXT_MAX];
  augment_text(&o->augment, now);
  augment_text(&head->augment, then);
  if (given->augment && strcmp(now, then) != 0)
    return refuse("augment", now, *then ? then : "none", err);
  if (!given->pixels || o->pixels == PIXELS_AUTO || o->pixels == head->pixels) return 0;
  return refuse("pixels", o->pixels == PIXELS_UNIT ? "unit" : "standard",
                head->pixels == PIXELS_UNIT ? "unit" : "standard", err);
}

static int same_split(const train_options *o, const train_given *given, const checkpoint_head *head,
                      tool_error *err) {
  const char *then = head->validation[0] == '\0' ? NULL : head->validation;
  if (!given->validation || split_may_replace(o->validation, then)) return 0;
  return refuse("validation", o->validation, then == NULL ? "the data's own split" : then, err);
}

/* As --method names it: the space that two-level stands with is a setting that was not given. */
static void method_text(kfix_method method, const kfix_options *settings,
                        char out[SETTING_TEXT_BYTES]) {
  const char *space = kfix_choice_name(KFIX_OPTION_coarse_space, settings->coarse_space);
  (void)snprintf(out, SETTING_TEXT_BYTES, "%s%s%s", kfix_method_of(method)->name,
                 method_is_two_level(method) ? " with --coarse-space " : "",
                 method_is_two_level(method) ? space : "");
}

static int same_method(const train_options *o, const train_given *given,
                       const checkpoint_head *head, tool_error *err) {
  char now[SETTING_TEXT_BYTES], then[SETTING_TEXT_BYTES];
  method_text(o->method, &o->settings, now);
  method_text(head->method, &head->settings, then);
  return given->method && strcmp(now, then) != 0 ? refuse("method", now, then, err) : 0;
}

int resume_take(train_options *o, const train_given *given, const checkpoint_head *head,
                tool_error *err) {
  if (same_method(o, given, head, err) != 0 ||
      same_count("seed", given->seed, o->settings.seed, head->settings.seed, err) != 0 ||
      same_count("limit", given->limit, o->limit, head->limit, err) != 0 ||
      same_batches(o, given, head, err) != 0 || same_weighing(o, given, head, err) != 0 ||
      same_images(o, given, head, err) != 0 || same_split(o, given, head, err) != 0 ||
      same_settings(o, given, head, err) != 0)
    return -1;
  o->method = head->method;
  o->settings = head->settings;
  if (!given->data) o->data = head->data;
  if (!given->validation) o->validation = head->validation[0] == '\0' ? NULL : head->validation;
  o->limit = head->limit;
  o->sizes = head->sizes;
  o->class_weights = *head->class_weights ? head->class_weights : NULL;
  o->smoothing = head->smoothing;
  o->pixels = head->pixels;
  o->augment = head->augment;
  return 0;
}
