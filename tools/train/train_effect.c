/* SPDX-License-Identifier: Apache-2.0
 * Which settings count for whom. */
#include "train_effect.h"

/* Who chooses the update. */
enum { SGD = 1, ADAM = 2, ADAPTIVE = 4, FIXED = 8, RATED = SGD | ADAM | FIXED };

/* Only settings that the others certainly never read. */
static const struct {
  kfix_option_id id;
  unsigned readers;
} effects[] = {{KFIX_OPTION_driver, ADAPTIVE | FIXED},
               {KFIX_OPTION_learning_rate, RATED},
               {KFIX_OPTION_lr_schedule, RATED},
               {KFIX_OPTION_lr_factor, RATED},
               {KFIX_OPTION_lr_every, RATED},
               {KFIX_OPTION_lr_steps, RATED},
               {KFIX_OPTION_lr_floor, RATED},
               {KFIX_OPTION_lr_warmup, RATED},
               {KFIX_OPTION_momentum, SGD | FIXED},
               {KFIX_OPTION_use_momentum, ADAPTIVE},
               {KFIX_OPTION_lambda, ADAPTIVE},
               {KFIX_OPTION_lambda_floor, ADAPTIVE},
               {KFIX_OPTION_lambda_every, ADAPTIVE},
               {KFIX_OPTION_damping, FIXED},
               {KFIX_OPTION_kl_clip, FIXED},
               {KFIX_OPTION_beta1, ADAM},
               {KFIX_OPTION_beta2, ADAM},
               {KFIX_OPTION_adam_epsilon, ADAM}};

static unsigned reader_of(const train_options *o) {
  if (kfix_method_of(o->method)->direction == NULL)
    return o->method == KFIX_METHOD_adam ? ADAM : SGD;
  if (o->settings.driver == KFIX_DRIVER_AUTO) return ADAPTIVE | FIXED;
  return o->settings.driver == KFIX_ADAPTIVE ? ADAPTIVE : FIXED;
}

/* The word auto leaves the choice where it is without the option. */
static int is_chosen(const train_options *o, const unsigned char given[KFIX_OPTION_COUNT],
                     kfix_option_id id) {
  const double value = kfix_option_get(&o->settings, id);
  const int takes_auto = kfix_option_infos[id].type == KFIX_TYPE_kfix_auto;
  return given[id] && !(takes_auto && value == KFIX_AUTO) &&
         !(id == KFIX_OPTION_driver && o->settings.driver == KFIX_DRIVER_AUTO);
}

/* A setting that one driver alone reads asks for that driver, where nobody chose one. */
static void choose_driver(train_options *o, const unsigned char given[KFIX_OPTION_COUNT]) {
  if (kfix_method_of(o->method)->direction == NULL) return;
  for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++) {
    const unsigned reader = effects[i].readers & (ADAPTIVE | FIXED);
    if (!is_chosen(o, given, effects[i].id) || o->settings.driver != KFIX_DRIVER_AUTO) continue;
    if (reader == ADAPTIVE) o->settings.driver = KFIX_ADAPTIVE;
    if (reader == FIXED) o->settings.driver = KFIX_FIXED;
  }
}

static int refuse(const train_options *o, kfix_option_id id, unsigned readers, tool_error *err) {
  const char *flag = kfix_option_infos[id].flag;
  const uint32_t driver = o->settings.driver, other = driver == KFIX_ADAPTIVE ? FIXED : ADAPTIVE;
  const int by_method = kfix_method_of(o->method)->direction == NULL || (readers & other) == 0;
  if (by_method)
    return tool_fail(err, "--%s has no effect with --method %s: leave it out", flag,
                     kfix_method_of(o->method)->name);
  return tool_fail(err, "--%s has no effect with --driver %s: add --driver %s, or leave it out",
                   flag, kfix_choice_name(KFIX_OPTION_driver, driver),
                   kfix_choice_name(KFIX_OPTION_driver, !driver));
}

/* Settings of a schedule, which the others never read. */
static const struct {
  kfix_option_id id;
  kfix_rate_schedule reader;
} scheduled[] = {{KFIX_OPTION_lr_factor, KFIX_RATE_STEP},
                 {KFIX_OPTION_lr_every, KFIX_RATE_STEP},
                 {KFIX_OPTION_lr_steps, KFIX_RATE_COSINE},
                 {KFIX_OPTION_lr_floor, KFIX_RATE_COSINE}};

static int schedule_check(const train_options *o, const unsigned char given[KFIX_OPTION_COUNT],
                          tool_error *err) {
  for (size_t i = 0; i < sizeof scheduled / sizeof scheduled[0]; i++) {
    const kfix_option_id id = scheduled[i].id;
    if (!given[id] || o->settings.lr_schedule == scheduled[i].reader) continue;
    return tool_fail(
        err, "--%s has no effect with --lr-schedule %s: add --lr-schedule %s, or leave it out",
        kfix_option_infos[id].flag,
        kfix_choice_name(KFIX_OPTION_lr_schedule, o->settings.lr_schedule),
        kfix_choice_name(KFIX_OPTION_lr_schedule, scheduled[i].reader));
  }
  return 0;
}

int effect_check(train_options *o, const unsigned char given[KFIX_OPTION_COUNT], tool_error *err) {
  choose_driver(o, given);
  for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++) {
    const kfix_option_id id = effects[i].id;
    const int is_logged = id == KFIX_OPTION_damping && o->approximation_log != NULL;
    if (is_chosen(o, given, id) && !is_logged && (effects[i].readers & reader_of(o)) == 0)
      return refuse(o, id, effects[i].readers, err);
  }
  return schedule_check(o, given, err);
}

int effect_acts(const train_options *o, kfix_option_id id) {
  for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++)
    if (effects[i].id == id) return (effects[i].readers & reader_of(o)) != 0;
  return 1;
}

int effect_rate_is_over(const train_options *o, uint64_t step) {
  const kfix_options *s = &o->settings;
  return effect_acts(o, KFIX_OPTION_lr_schedule) && s->lr_schedule == KFIX_RATE_COSINE &&
         s->lr_floor == 0 && step >= s->lr_steps;
}
