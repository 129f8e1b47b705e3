/* SPDX-License-Identifier: Apache-2.0
 * The settings: defaults, access by id, checks. */
#include "core/options.h"

#include <math.h>
#include <stddef.h>

#include "core/arithmetic.h"

/* What is needed to check a setting. Names and help are a table of their own (option_infos.c), which a
 * program that asks for none does not link. In columns, since a struct would be a third padding. */
static const double lowest[KFIX_OPTION_COUNT] = {
#define KFIX_OPTION_LEAST(id, type, flag, value, min, max, help) (min),
    KFIX_OPTION_LIST(KFIX_OPTION_LEAST)};
static const double highest[KFIX_OPTION_COUNT] = {
#define KFIX_OPTION_MOST(id, type, flag, value, min, max, help) (max),
    KFIX_OPTION_LIST(KFIX_OPTION_MOST)};
static const unsigned char types[KFIX_OPTION_COUNT] = {
#define KFIX_OPTION_TYPE(id, type, flag, value, min, max, help) KFIX_TYPE_##type,
    KFIX_OPTION_LIST(KFIX_OPTION_TYPE)};
static const uint16_t option_offsets[KFIX_OPTION_COUNT] = {
#define KFIX_OPTION_OFFSET(id, type, flag, value, min, max, help) offsetof(kfix_options, id),
    KFIX_OPTION_LIST(KFIX_OPTION_OFFSET)};

static int is_real(kfix_option_id id) {
  return types[id] == KFIX_TYPE_double || types[id] == KFIX_TYPE_kfix_auto;
}

double kfix_option_get(const kfix_options *options, kfix_option_id id) {
  const char *field = (const char *)options + option_offsets[id];
  if (is_real(id)) return *(const double *)(const void *)field;
  return *(const uint32_t *)(const void *)field;
}

/* NaN fails the comparisons. */
static int in_range(kfix_option_id id, double value) {
  if (types[id] == KFIX_TYPE_kfix_auto && value == KFIX_AUTO) return 1;
  if (!(value >= lowest[id] && value <= highest[id])) return 0;
  return is_real(id) || value == (double)(uint32_t)value;
}

/* What a whole number cannot hold becomes one that is out of every range. */
static void put(kfix_options *options, kfix_option_id id, double value) {
  char *field = (char *)options + option_offsets[id];
  if (is_real(id))
    *(double *)(void *)field = value;
  else
    *(uint32_t *)(void *)field = in_range(id, value) ? (uint32_t)value : UINT32_MAX;
}

kfix_status kfix_option_set(kfix_options *options, kfix_option_id id, double value) {
  if (!options || (unsigned)id >= KFIX_OPTION_COUNT) return KFIX_ARGUMENT;
  if (!in_range(id, value)) return KFIX_OPTION;
  put(options, id, value);
  return KFIX_OK;
}

kfix_options kfix_options_default(const kfix_net *net) {
#define KFIX_OPTION_DEFAULT(id, type, flag, value, min, max, help) .id = (value),
  kfix_options options = {.seed = 1, KFIX_OPTION_LIST(KFIX_OPTION_DEFAULT)};
  for (uint32_t i = 0; net && i < net->setting_count; i++) {
    const kfix_setting *s = &net->settings[i];
    if (s->option < KFIX_OPTION_COUNT) put(&options, (kfix_option_id)s->option, s->value);
  }
  return options;
}

static double larger(double a, double b) {
  return a > b ? a : b;
}

kfix_status kfix_options_check(const kfix_options *options, kfix_option_id *bad) {
  kfix_option_id unused;
  if (!options) return KFIX_ARGUMENT;
  if (!bad) bad = &unused;
  for (int id = 0; id < KFIX_OPTION_COUNT; id++) {
    *bad = (kfix_option_id)id;
    if (!in_range((kfix_option_id)id, kfix_option_get(options, *bad))) return KFIX_OPTION;
  }
  *bad = KFIX_OPTION_lr_steps;
  if (options->lr_schedule == KFIX_RATE_COSINE && options->lr_steps <= options->lr_warmup)
    return KFIX_OPTION;
  if (options->driver == KFIX_FIXED) return KFIX_OK;
  *bad = KFIX_OPTION_gamma_every;
  if (options->gamma_every % options->inverse_every != 0) return KFIX_OPTION;
  const int by_floor = options->lambda_floor > options->lambda;
  *bad = by_floor ? KFIX_OPTION_lambda_floor : KFIX_OPTION_lambda;
  return options->lambda_ceiling >= larger(options->lambda, options->lambda_floor) ? KFIX_OK
                                                                                   : KFIX_OPTION;
}

static double lambda_floor(const kfix_options *options) {
  return options->driver == KFIX_ADAPTIVE ? options->lambda_floor : 0;
}

double kfix_lambda_ceiling(const kfix_options *options) {
  const double least = options->driver == KFIX_ADAPTIVE ? 0 : options->damping;
  return larger(options->lambda_ceiling, least);
}

double kfix_gamma_ceiling(const kfix_options *options) {
  return sqrt(kfix_lambda_ceiling(options) + options->weight_decay);
}

static double between(double low, double value, double high) {
  return value < low ? low : value > high ? high : value;
}

double kfix_bound_lambda(const kfix_options *options, double lambda) {
  return between(lambda_floor(options), lambda, kfix_lambda_ceiling(options));
}

double kfix_bound_gamma(const kfix_options *options, double gamma) {
  return between(sqrt(lambda_floor(options)), gamma, kfix_gamma_ceiling(options));
}

int kfix_damping_in_bounds(const kfix_options *options, double lambda, double gamma) {
  return kfix_bound_lambda(options, lambda) == lambda && kfix_bound_gamma(options, gamma) == gamma;
}

double kfix_first_lambda(const kfix_options *options) {
  const double own = options->lambda == KFIX_AUTO ? 1 : options->lambda;
  return kfix_bound_lambda(options, options->driver == KFIX_ADAPTIVE ? own : options->damping);
}

double kfix_first_gamma(const kfix_options *options) {
  return sqrt(kfix_first_lambda(options) + options->weight_decay);
}

double kfix_power(double base, uint64_t n) {
  double result = 1;
  for (; n; n >>= 1) {
    if (n & 1) result *= base;
    base *= base;
  }
  return result;
}

double kfix_omega1(const kfix_options *options) {
  return kfix_power(options->damping_step, options->lambda_every);
}

double kfix_omega2(const kfix_options *options) {
  return kfix_power(sqrt(options->damping_step), options->gamma_every);
}
