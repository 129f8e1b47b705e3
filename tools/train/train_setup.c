/* SPDX-License-Identifier: Apache-2.0
 * From options to a run that is ready: everything that can be wrong is found here, before the
 * first step. Logs are opened last, so that a run that cannot start leaves old ones alone. */
#include "train_setup.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "digest_log.h"
#include "files/atomic_file.h"
#include "port/posix/clock.h"
#include "ports/tool_device.h"
#include "setting_table.h"
#include "train_arena.h"
#include "train_images.h"
#include "train_outputs.h"
#include "train_resume.h"
#include "train_save.h"
#include "train_weights.h"

enum { DONE = 0, FAILED = 1, USAGE = 2 };

/* The head that --resume read; options->data points into it. */
static checkpoint_head head;

/* What the method, or the run, cannot do; also where a checkpoint or a config asks for it. */
static int check_fit(const train_options *o, tool_error *err) {
  kfix_option_id bad = KFIX_OPTION_fisher;
  const int fits = kfix_options_suit(&o->settings, o->method, &bad) == KFIX_OK;
  const int beside = o->approximation_log != NULL || o->reference_log != NULL;
  const int logged = o->settings.fisher == KFIX_FISHER_EXACT && beside;
  char text[SETTING_TEXT_BYTES];
  if (fits && !logged) return DONE;
  setting_text(&o->settings, bad, text, sizeof text);
  if (!fits)
    (void)tool_fail(err, "--%s %s: not for --method %s: take another method, or --%s %s",
                    kfix_option_infos[bad].flag, text, kfix_method_of(o->method)->name,
                    kfix_option_infos[bad].flag, kfix_choice_name(bad, 0));
  else
    (void)tool_fail(err, "--%s: not of a run with --%s %s",
                    o->approximation_log != NULL ? "approximation-log" : "reference",
                    kfix_option_infos[bad].flag, text);
  return USAGE;
}

static int check_settings(const train_options *o, tool_error *err) {
  kfix_option_id bad = 0;
  char text[SETTING_TEXT_BYTES];
  if (kfix_options_check(&o->settings, &bad) == KFIX_OK) return check_fit(o, err);
  setting_text(&o->settings, bad, text, sizeof text);
  (void)tool_fail(err, "--%s %s: out of range, or against another option: %s",
                  kfix_option_infos[bad].flag, text, kfix_option_infos[bad].help);
  return USAGE;
}

/* What auto stands for, and how long the run was to be, is in the checkpoint as the number that it
 * was. `rows`: examples. */
static int settle_settings(train_options *o, uint32_t rows, tool_error *err) {
  kfix_options *s = &o->settings;
  *s = kfix_options_settled(s, train_net(), o->method);
  if (s->lr_schedule != KFIX_RATE_COSINE || s->lr_steps > 0) return DONE;
  const uint64_t steps = o->steps > 0 ? o->steps : batches_steps(&o->sizes, rows, o->epochs);
  const uint64_t most = (uint64_t)kfix_option_infos[KFIX_OPTION_lr_steps].max;
  s->lr_steps = (uint32_t)(steps < most ? steps : most);
  if (s->lr_warmup < s->lr_steps) return DONE;
  (void)tool_fail(err,
                  "--lr-warmup %u: the run has %u step%s, and the cosine follows the warm-up: "
                  "give fewer, or train for longer",
                  (unsigned)s->lr_warmup, (unsigned)s->lr_steps, s->lr_steps == 1 ? "" : "s");
  return USAGE;
}

static int check_port(const train_options *o, tool_error *err) {
  const kfix_status status = o->port->available();
  if (status == KFIX_OK) return DONE;
  (void)tool_fail(err, "--port %s: this machine cannot run it (%s): take another", o->port->name,
                  kfix_status_text(status));
  return FAILED;
}

static int check_budget(const train_run *run, tool_error *err) {
  const train_options *o = &run->options;
  const size_t bytes = kfix_bytes(run->net, o->method, o->port);
  if (bytes <= train_budget()) return DONE;
  (void)tool_fail(
      err,
      "--method %s on port %s: %zu bytes do not fit KFIX_BUDGET, which is %zu: take "
      "another (kfix-size --all), or lower KFIX_CHUNK or raise the budget in the config",
      kfix_method_of(o->method)->name, o->port->name, bytes, train_budget());
  return USAGE;
}

/* Its place can be written to. */
static int check_output(const char *path, tool_error *err) {
  atomic_file file;
  if (path == NULL) return 0;
  if (atomic_open(&file, path, err) != 0) return -1;
  atomic_abandon(&file);
  return 0;
}

static int read_checkpoint(train_run *run, const train_given *given, checkpoint_file *file,
                           tool_error *err) {
  train_options *o = &run->options;
  run->state =
      (train_state){.evaluated = UINT64_MAX, .rho = NAN, .first_objective = NAN, .best = NAN};
  if (o->resume == NULL) return DONE;
  if (checkpoint_open(file, o->resume, &head, err) != 0) return FAILED;
  char network[CHECKPOINT_NETWORK_BYTES];
  run_network(run, network);
  if (strcmp(network, head.network) != 0) {
    (void)tool_fail(err, "%s: %s: it is of %.100s, this program is for %.100s", o->resume,
                    kfix_status_text(KFIX_IMAGE_CONFIG), head.network, network);
    return FAILED;
  }
  if (resume_take(o, given, &head, err) != 0) return USAGE;
  run->state = head.state;
  return DONE;
}

static int check_batch(train_run *run, tool_error *err) {
  train_options *o = &run->options;
  const uint64_t rows = run->data.train_rows;
  const int chosen = o->batch_given || o->sizes.steps > 0 || o->resume != NULL;
  if (!chosen && o->sizes.first > rows) o->sizes.first = rows;
  if (o->sizes.first <= rows) return DONE;
  (void)tool_fail(err,
                  "--batch%s %" PRIu64 ": larger than the data, which have %" PRIu64
                  " example%s: give a smaller one, or --batch 0 for all of them",
                  o->sizes.steps > 0 ? "-schedule" : "", o->sizes.first, rows,
                  rows == 1 ? "" : "s");
  return USAGE;
}

static int open_data(train_run *run, const train_given *given, tool_error *err) {
  const train_options *o = &run->options;
  tool_error why;
  if (strlen(o->data) >= CHECKPOINT_DATA_BYTES || strchr(o->data, '\n') != NULL) {
    (void)tool_fail(err, "--data: the name is too long or has two lines");
    return USAGE;
  }
  if (data_open(&run->data, o, run->net, &why) != 0) {
    const int elsewhere = o->resume != NULL && !given->data;
    (void)tool_fail(err, "%.400s%s", why.text, elsewhere ? "; --data says where they are now" : "");
    return FAILED;
  }
  if (images_settle(&run->options, &run->data, err) != 0) return USAGE;
  const int answer = check_batch(run, err);
  if (answer != DONE || (o->checkpoint == NULL && o->resume == NULL)) return answer;
  if (data_digest(&run->data, &run->data_digest, &run->valid_digest, err) != 0) return FAILED;
  if (o->resume == NULL) return DONE;
  const int same_train = run->data_digest == head.data_digest;
  const int same_valid = head.valid_digest == 0 || run->valid_digest == head.valid_digest;
  if (same_train && same_valid) return DONE;
  (void)tool_fail(err, "--resume %.300s: the %sdata '%.100s' are not those of the checkpoint's run",
                  o->resume, same_train ? "validation " : "",
                  same_train && o->validation != NULL ? o->validation : o->data);
  return FAILED;
}

static int create_trainer(train_run *run, tool_error *err) {
  const train_options *o = &run->options;
  const size_t all = kfix_bytes(run->net, o->method, o->port);
  const size_t host = kfix_host_bytes(run->net, o->method, o->port);
  size_t bytes, needed = 0;
  void *arena = train_arena(o->port->is_host ? all : host, &bytes);
  if (arena == NULL) return tool_fail(err, "no memory for an arena of %zu bytes", bytes);
  const int failed = kfix_posix_crew_start(&run->crew, o->threads);
  if (failed != 0) return tool_fail(err, "--threads %u: %s", o->threads, strerror(failed));
  run->crew_runs = 1;
  if (tool_device_open(o->port, o->precision, all - host, arena, host, &run->handles, err) != 0)
    return -1;
  tool_device_set_graphs(run->handles, o->graphs);
  const kfix_setup setup = {.net = run->net,
                            .method = o->method,
                            .options = &o->settings,
                            .port = o->port,
                            .crew = &run->crew.crew,
                            .handles = run->handles,
                            .arena = arena,
                            .bytes = bytes};
  const kfix_status status = kfix_create(&run->k, &setup, &needed);
  if (status == KFIX_OK) return 0;
  return tool_fail(err, "%s on port %s: %s%s", kfix_method_of(o->method)->name, o->port->name,
                   kfix_status_text(status), tool_device_trouble(run->handles));
}

/* All are open before the first one changes. */
static int open_logs(train_run *run, tool_error *err) {
  const train_options *o = &run->options;
  const int resumed = o->resume != NULL;
  if (step_table_open(&run->log, o->log,
                      "step,epoch,seconds,examples,train_objective,train_error,"
                      "validation_objective,validation_error,lambda,gamma,alpha,mu,rho,iterate",
                      resumed, err) != 0)
    return -1;
  if (step_table_open(&run->log_steps, o->log_steps,
                      "step,epoch,seconds,rows,objective,loss,error,lambda,gamma,alpha,mu,m_delta,"
                      "rho,nu,learning_rate,retries,floored,e_change,coarse_rank,iterations",
                      resumed, err) != 0)
    return -1;
  if (approximation_log_open(&run->approximations, o, &run->crew.crew, err) != 0) return -1;
  if (reference_log_open(&run->reference, o, run->net, &run->crew.crew, err) != 0) return -1;
  return step_table_open(&run->digest_log, o->digest_log, DIGEST_LOG_HEADER, resumed, err);
}

static int begin_logs(train_run *run, tool_error *err) {
  step_table *const tables[] = {&run->log, &run->log_steps, &run->approximations.table,
                                &run->reference.table, &run->digest_log};
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
    if (step_table_begin(tables[i], run->state.step, err) != 0) return -1;
  if (run->options.resume != NULL) return 0;
  return digest_log_device(&run->digest_log, tool_device_text(run->handles), err);
}

/* What weights of examples do not go with, also where a checkpoint brings them. */
static int check_weights(const train_options *o, tool_error *err) {
  if (o->class_weights == NULL) return DONE;
  if ((unsigned)o->method % KFIX_METHOD_STRIDE == KFIX_METHOD_kfac_corrected)
    (void)tool_fail(err, "--class-weights: --method %s takes none: take another, as deflation",
                    kfix_method_of(o->method)->name);
  else if (o->trace != NULL || o->approximation_log != NULL)
    (void)tool_fail(err, "--%s: not of a run with --class-weights",
                    o->trace != NULL ? "trace" : "approximation-log");
  else if (strlen(o->class_weights) >= CHECKPOINT_DATA_BYTES)
    (void)tool_fail(err, "--class-weights: too long");
  else
    return DONE;
  return USAGE;
}

/* What needs the data and the trainer. */
static int prepare(train_run *run, checkpoint_file *file, tool_error *err) {
  const train_options *o = &run->options;
  const train_state *s = &run->state;
  if (check_output(o->checkpoint, err) != 0 || check_output(o->export_file, err) != 0 ||
      check_output(o->best_file, err) != 0)
    return -1;
  if (class_weights_open(&run->weights, o->class_weights, run->net, &run->data, err) != 0)
    return -1;
  if (create_trainer(run, err) != 0) return -1;
  if (o->resume != NULL && checkpoint_load(file, run->k, err) != 0) return -1;
  if (o->import_file != NULL && weights_import(o->import_file, run->net, run->k, err) != 0)
    return -1;
  if (batches_begin(&run->batches, &o->sizes, o->settings.seed, (uint32_t)run->data.train_rows,
                    s->epoch, s->position, err) != 0)
    return -1;
  if (trace_open(&run->trace, o, run->net, s->step, err) != 0) return -1;
  return open_logs(run, err) == 0 ? begin_logs(run, err) : -1;
}

int run_open(train_run *run, const train_given *given, tool_error *err) {
  checkpoint_file file = {NULL, NULL};
  run->opened_at = kfix_posix_seconds();
  run->net = train_net();
  run->saved = run->evaluated = NOT_SAVED;
  int answer = read_checkpoint(run, given, &file, err);
  if (answer == DONE && outputs_check(&run->options, err) != 0) answer = USAGE;
  if (answer == DONE) answer = check_weights(&run->options, err);
  if (answer == DONE) answer = check_port(&run->options, err);
  if (answer == DONE) answer = check_budget(run, err);
  if (answer == DONE) answer = open_data(run, given, err);
  if (answer == DONE) answer = settle_settings(&run->options, (uint32_t)run->data.train_rows, err);
  if (answer == DONE) answer = check_settings(&run->options, err);
  if (answer == DONE && prepare(run, &file, err) != 0) answer = FAILED;
  checkpoint_close(&file);
  return answer;
}

int run_close(train_run *run, tool_error *err) {
  step_table *const tables[] = {&run->log, &run->log_steps, &run->digest_log};
  int result = 0;
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
    if (step_table_close(tables[i], err) != 0) result = -1;
  if (approximation_log_close(&run->approximations, err) != 0) result = -1;
  if (reference_log_close(&run->reference, err) != 0) result = -1;
  tool_device_close(run->handles);
  if (run->crew_runs) kfix_posix_crew_stop(&run->crew);
  batches_end(&run->batches);
  class_weights_close(&run->weights);
  dataset_free(&run->data);
  return result;
}
