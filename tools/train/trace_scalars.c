/* SPDX-License-Identifier: Apache-2.0
 * scalars.json of a traced step. A key that does not apply to the method or the driver is null. */
#include <math.h>

#include "files/atomic_file.h"
#include "trace_files.h"
#include "weights/weights_facts.h"

/* What the keys depend on. */
typedef struct trace_view {
  const train_trace *trace;
  kfix *k;
  const kfix_report *report;
  const kfix_options *settings;
  int natural, adaptive, fixed;
} trace_view;

/* The method whose curvature it is, whatever its direction. */
static kfix_method curvature_of(const trace_view *v) {
  return (kfix_method)((unsigned)v->trace->method % KFIX_METHOD_STRIDE);
}

static void put_if(json_writer *json, const char *key, int applies, double value) {
  json_double(json, key, applies ? value : (double)NAN);
}

static void put_setting(json_writer *json, const trace_view *v, const char *key, int applies,
                        kfix_option_id id) {
  if (!applies)
    json_null(json, key);
  else if (kfix_option_infos[id].type == KFIX_TYPE_kfix_choice)
    json_string(json, key, kfix_choice_name(id, (uint32_t)kfix_option_get(v->settings, id)));
  else
    json_double(json, key, kfix_option_get(v->settings, id));
}

static void put_names(json_writer *json, const trace_view *v) {
  const kfix_net *net = v->trace->net;
  const kfix_image shape = kfix_net_image(net, 0);
  json_string(json, "method", kfix_method_of(v->trace->method)->name);
  put_setting(json, v, "driver", v->natural, KFIX_OPTION_driver);
  put_setting(json, v, "fisher", v->natural, KFIX_OPTION_fisher);
  put_setting(json, v, "conv", v->natural && kfix_net_has_windows(net), KFIX_OPTION_conv);
  json_string(json, "loss", weights_loss(net->loss));
  json_array(json, "activations");
  for (uint32_t i = 0; i < net->block_count; i++)
    json_string(json, NULL, weights_activation(kfix_net_block(net, i)->activation));
  json_end(json);
  trace_shape(json, "input_shape", &shape);
}

/* A number that the method has of each layer; null: it has none of that name. */
static void put_number(json_writer *json, const trace_view *v, const char *name) {
  double number;
  if (kfix_number(v->k, name, 1, &number) != KFIX_OK) {
    json_null(json, name);
    return;
  }
  json_array(json, name);
  for (uint32_t i = 1; i <= v->trace->net->block_count; i++)
    json_double(json, NULL, kfix_number(v->k, name, i, &number) == KFIX_OK ? number : (double)NAN);
  json_end(json);
}

static void put_damping(json_writer *json, const trace_view *v) {
  const kfix_report *r = v->report;
  put_if(json, "lambda", v->natural, r->lambda);
  put_if(json, "gamma", v->natural, r->gamma);
  json_double(json, "eta", r->eta);
  put_number(json, v, "pi");
  double pi;
  put_setting(json, v, "pi_norm", kfix_number(v->k, "pi", 1, &pi) == KFIX_OK, KFIX_OPTION_pi);
}

static void put_update(json_writer *json, const trace_view *v) {
  const kfix_report *r = v->report;
  put_if(json, "decay", v->natural, r->decay);
  put_if(json, "alpha", v->natural, r->alpha);
  json_double(json, "mu", r->mu);
  put_if(json, "learning_rate", !v->adaptive, r->learning_rate);
  put_setting(json, v, "kl_clip", v->fixed, KFIX_OPTION_kl_clip);
  put_if(json, "nu", v->fixed, r->nu);
  put_if(json, "rho", v->adaptive, r->rho);
  put_if(json, "m_delta", v->adaptive, r->m_delta);
}

static void put_ekfac(json_writer *json, const trace_view *v) {
  const int is_ra = curvature_of(v) == KFIX_METHOD_ekfac_ra;
  const int is_ekfac = is_ra || curvature_of(v) == KFIX_METHOD_ekfac;
  put_setting(json, v, "ekfac_damping", is_ekfac, KFIX_OPTION_ekfac_damping);
  if (is_ra)
    json_string(json, "ekfac_s", "ra");
  else
    put_setting(json, v, "ekfac_s", is_ekfac, KFIX_OPTION_ekfac_s);
  put_setting(json, v, "ekfac_carry", is_ekfac, KFIX_OPTION_ekfac_carry);
  put_setting(json, v, "ekfac_basis", is_ekfac, KFIX_OPTION_ekfac_basis);
}

/* The floor under 1 +- s1 s2, and how many entries of each layer it raised. */
static void put_floors(json_writer *json, const trace_view *v) {
  const int tridiag = curvature_of(v) == KFIX_METHOD_kfac_tridiag;
  put_setting(json, v, "tridiag_floor", tridiag, KFIX_OPTION_tridiag_floor);
  put_number(json, v, "floored");
}

static void put_kron(json_writer *json, const trace_view *v) {
  const kfix_method m = curvature_of(v);
  const int pairs =
      m == KFIX_METHOD_deflation || m == KFIX_METHOD_lanczos || m == KFIX_METHOD_kfac_corrected;
  const int bases = pairs && v->settings->kron_solver == KFIX_KRON_BASES;
  put_setting(json, v, "kron_solver", pairs, KFIX_OPTION_kron_solver);
  put_number(json, v, "smith_steps");
  put_setting(json, v, "kron_floor", bases, KFIX_OPTION_kron_floor);
  put_setting(json, v, "kron_ema", pairs || m == KFIX_METHOD_kpsvd, KFIX_OPTION_kron_ema);
}

/* Of directions beside block. */
static void put_direction(json_writer *json, const trace_view *v) {
  const kfix_made *m = &v->report->made;
  const int two_level = m->coarse_columns > 0;
  const int hf = m->iterations > 0;
  put_if(json, "direction_damping", v->natural, m->damping);
  put_if(json, "direction_form", two_level, m->form);
  put_setting(json, v, "coarse_space", two_level, KFIX_OPTION_coarse_space);
  put_if(json, "e_change", two_level, m->e_change);
  put_if(json, "coarse_rank", two_level, m->coarse_rank);
  put_if(json, "iterations", hf, m->iterations);
  put_setting(json, v, "hf_decay", hf, KFIX_OPTION_hf_decay);
}

static void put_counts(json_writer *json, const trace_view *v) {
  const kfix_report *r = v->report;
  put_setting(json, v, "norm_decay", kfix_net_has_norms(v->trace->net), KFIX_OPTION_norm_decay);
  json_bool(json, "momentum", v->adaptive && v->settings->use_momentum != 0);
  if (!v->natural) {
    json_null(json, "stats_count");
    json_null(json, "stats_refreshed");
    json_null(json, "inverse_step");
  } else {
    json_unsigned(json, "stats_count", r->stats_count);
    json_bool(json, "stats_refreshed", r->stats_refreshed != 0);
    json_unsigned(json, "inverse_step", r->inverse_step);
  }
  json_unsigned(json, "retries", r->retries);
  put_setting(json, v, "T1", v->adaptive, KFIX_OPTION_lambda_every);
  put_if(json, "omega1", v->adaptive, kfix_omega1(v->settings));
}

int trace_scalars(const train_trace *t, kfix *k, const char *folder, tool_error *err) {
  char path[TRACE_PATH_BYTES];
  atomic_file file;
  (void)snprintf(path, sizeof path, "%s/scalars.json", folder);
  if (atomic_open(&file, path, err) != 0) return -1;
  const int natural = kfix_method_of(t->method)->direction != NULL;
  const int adaptive = natural && t->settings->driver == KFIX_ADAPTIVE;
  const trace_view v = {t,       k,        kfix_last_report(k), t->settings,
                        natural, adaptive, natural && !adaptive};
  json_writer json = json_to(file.stream);
  json_object(&json, NULL);
  put_names(&json, &v);
  json_unsigned(&json, "step", v.report->step);
  json_double(&json, "objective", v.report->objective);
  put_damping(&json, &v);
  put_update(&json, &v);
  put_ekfac(&json, &v);
  put_floors(&json, &v);
  put_kron(&json, &v);
  put_direction(&json, &v);
  put_counts(&json, &v);
  json_end(&json);
  return atomic_commit(&file, err);
}
