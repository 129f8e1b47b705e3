/* SPDX-License-Identifier: Apache-2.0
 * The command line of kfix-train: what must hold between its options. */
#include "train_parse.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "class_weights.h"
#include "cli/method_choice.h"
#include "fisher_lab/block_rows.h"
#include "ports/tool_device.h"
#include "train_arena.h"
#include "train_effect.h"
#include "train_images.h"
#include "train_option_rows.h"
#include "train_split.h"

#define DEFAULT_EPOCHS 10
#define DEFAULT_BATCH  500

static train_raw raw;
static option_spec rows[TRAIN_ROWS_MAX];

static const char notes[] =
    "Objective and error are means over the whole set, of the last iterate or of the averaged "
    "one,\n"
    "whichever has the lower training objective: `iterate` says which, and it is exported.\n"
    "`seconds` counts training alone, not evaluation, checkpoints or traces. The log has a row at\n"
    "the start, after every epoch that --eval-every names, and at the end. An epoch goes through\n"
    "all training rows in a new random order; its last batch may be smaller. Exported layers are\n"
    "called layers.0.weight (out x in), layers.0.bias, layers.1.weight ... A setting that the\n"
    "method or the driver never reads is refused, and so is an output in the place of an input.\n"
    "\n"
    "SIGINT (Ctrl-C), SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU and SIGPIPE end a run after the\n"
    "step in progress: it writes the checkpoint and says how to resume, unless the signal was\n"
    "ignored at its start (nohup). A second SIGINT or SIGTERM ends it at once. A run that fails\n"
    "writes the checkpoint too, where its state is good.\n"
    "\n"
    "Exit status: 0 done (also by --patience or --time-limit), 1 failed or diverged, 2 wrong "
    "command\n"
    "line; after a signal, that signal (in a shell 128 + its number, as 130).";

static option_program program = {
    .name = "kfix-train",
    .summary = "Trains the network that this program was compiled for (make CONFIG=...).",
    .options = rows,
    .notes = notes};

static unsigned default_threads(void) {
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  const int64_t most = train_most_threads();
  return (unsigned)(online < 1 ? 1 : (int64_t)online < most ? (int64_t)online : most);
}

void train_options_default(train_options *o) {
  memset(o, 0, sizeof *o);
  o->settings = kfix_options_default(train_net());
  o->method = KFIX_METHOD_kfac;
  o->epochs = DEFAULT_EPOCHS;
  o->eval_every = 1;
  o->reference_every = 1;
  o->layer = o->approximation_every = o->approximation_refresh = 1;
  o->approximation_order = BLOCK_ORDER_MAX;
  o->data = train_default_data();
  o->threads = default_threads();
}

static void set_defaults(train_options *o) {
  train_options_default(o);
  raw.method = (int)o->method;
  raw.batch = DEFAULT_BATCH;
  raw.threads = (int64_t)o->threads;
}

/* A whole number that ends at `stop`; moves *text behind it. */
static int read_count(const char **text, char stop, uint64_t *out) {
  char *end;
  if (**text < '0' || **text > '9') return -1;
  *out = strtoull(*text, &end, 10);
  if (*end != stop) return -1;
  *text = end + (stop != '\0');
  return 0;
}

static int read_schedule(train_options *o, tool_error *err) {
  const char *text = raw.schedule;
  if (text == NULL) return 0;
  if (read_count(&text, ':', &o->sizes.first) == 0 &&
      read_count(&text, '\0', &o->sizes.steps) == 0 && o->sizes.first >= 1 && o->sizes.steps >= 2 &&
      o->sizes.first <= UINT32_MAX)
    return 0;
  return tool_fail(err,
                   "--batch-schedule '%.60s': M1:K with M1 >= 1 and K >= 2 is allowed, as 1000:500",
                   raw.schedule);
}

static int read_trace_steps(train_options *o, tool_error *err) {
  const char *text = raw.trace_at;
  while (text != NULL && *text != '\0') {
    uint64_t step;
    const char stop = strchr(text, ',') != NULL ? ',' : '\0';
    const uint64_t before = o->trace_count > 0 ? o->trace_at[o->trace_count - 1] : 0;
    if (read_count(&text, stop, &step) != 0 || step <= before || (stop == ',' && *text == '\0'))
      return tool_fail(err, "--trace-at '%.60s': steps from 1, ascending, as 1,2,10", raw.trace_at);
    if (o->trace_count == TRACE_STEPS_MAX)
      return tool_fail(err, "--trace-at: at most %d steps", TRACE_STEPS_MAX);
    o->trace_at[o->trace_count++] = step;
  }
  if (o->steps == 0 || o->trace_count == 0 || o->trace_at[o->trace_count - 1] <= o->steps) return 0;
  return tool_fail(err, "--trace-at '%.60s': the run ends after step %llu", raw.trace_at,
                   (unsigned long long)o->steps);
}

/* Seconds, or with a letter behind it minutes, hours or days. */
static int read_time_limit(train_options *o, tool_error *err) {
  static const char units[] = "smhd";
  static const double seconds[] = {1, 60, 3600, 86400};
  const char *text = raw.time_limit, *unit = NULL;
  char *end;
  if (text == NULL) return 0;
  o->time_limit = strtod(text, &end);
  if (end != text && *end != '\0' && end[1] == '\0') unit = strchr(units, *end);
  if (unit != NULL) o->time_limit *= seconds[unit - units];
  const int is_time = end != text && (*end == '\0' || unit != NULL);
  if (is_time && o->time_limit > 0 && o->time_limit <= 1e9) return 0;
  return tool_fail(err, "--time-limit '%.60s': seconds above 0, or 90s, 15m, 2h, 1d", text);
}

static int given(const char *name) {
  return option_given(&program, name);
}

static int both(const char *a, const char *b, tool_error *err) {
  if (!given(a) || !given(b)) return 0;
  return tool_fail(err, "--%s and --%s contradict each other: give one", a, b);
}

static int needs(const char *a, const char *b, tool_error *err) {
  if (!given(a) || given(b)) return 0;
  return tool_fail(err, "--%s needs --%s", a, b);
}

static int weights_name(const char *option, const char *path, tool_error *err) {
  const char *dot = path == NULL ? NULL : strrchr(path, '.');
  if (path == NULL || (dot != NULL && (!strcmp(dot, ".safetensors") || !strcmp(dot, ".npz"))))
    return 0;
  return tool_fail(err, "--%s %.300s: the name must end in .safetensors or .npz", option, path);
}

/* What looks at evaluations needs some. */
static int check_evaluations(const train_options *o, tool_error *err) {
  const char *option = o->patience > 0 ? "patience" : o->best_file != NULL ? "best" : NULL;
  if (option == NULL || o->eval_every > 0) return 0;
  return tool_fail(err, "--%s needs evaluations: --eval-every 1 or more", option);
}

static int check_pairs(const train_options *o, tool_error *err) {
  if (both("epochs", "steps", err) || both("batch", "batch-schedule", err) ||
      both("resume", "import", err) || needs("every", "checkpoint", err) ||
      needs("trace", "trace-at", err) || needs("trace-at", "trace", err) ||
      both("class-weights", "trace", err) || both("class-weights", "approximation-log", err) ||
      needs("export-average", "export", err) || needs("export-iterate", "export", err) ||
      both("export-average", "export-iterate", err) || needs("layer", "approximation-log", err) ||
      needs("approximation-every", "approximation-log", err) ||
      needs("reference-log", "reference", err) || needs("reference", "reference-log", err) ||
      needs("reference-every", "reference-log", err) ||
      needs("approximation-refresh", "approximation-log", err) ||
      needs("approximation-order", "approximation-log", err))
    return -1;
  if (o->reference_log != NULL && kfix_method_of(o->method)->direction == NULL)
    return tool_fail(err, "--reference: --method %s has no natural gradient: leave it out",
                     kfix_method_of(o->method)->name);
  if (o->reference_log != NULL && raw.reference == 0)
    return tool_fail(err, "--reference none: --reference exact, or no --reference-log");
  if (o->reference_every == 0) return tool_fail(err, "--reference-every 0: at least 1 is needed");
  if (check_evaluations(o, err) != 0) return -1;
  if (tool_device_check(o->port, o->precision, o->graphs, err) != 0) return -1;
  if (weights_name("export", o->export_file, err) != 0) return -1;
  if (weights_name("best", o->best_file, err) != 0) return -1;
  return weights_name("import", o->import_file, err);
}

/* --method names the space: an option beside it that names another would do nothing. */
static int check_space(const train_options *o, kfix_choice asked, tool_error *err) {
  const char *word = kfix_choice_name(KFIX_OPTION_coarse_space, asked);
  if (!given("coarse-space") || o->resume != NULL) return 0;
  if (!method_is_two_level(o->method))
    return tool_fail(err, "--coarse-space goes with --method two-level:SPACE: leave it out");
  if (asked == o->settings.coarse_space) return 0;
  return tool_fail(err, "--coarse-space %s contradicts --method two-level:%s: leave it out", word,
                   kfix_choice_name(KFIX_OPTION_coarse_space, o->settings.coarse_space));
}

static int take(train_options *o, train_given *g, tool_error *err) {
  *g = (train_given){.method = given("method") || given("curvature"),
                     .seed = given("seed"),
                     .data = given("data"),
                     .limit = given("limit"),
                     .validation = given("validation"),
                     .batch = given("batch"),
                     .schedule = given("batch-schedule"),
                     .class_weights = given("class-weights"),
                     .smoothing = given("label-smoothing"),
                     .pixels = given("pixels"),
                     .augment = given("augment")};
  train_rows_given(&raw, rows, program.count);
  if (setting_take(&raw.settings, raw.setting_rows, &o->settings, g->setting, err) != 0) return -1;
  const kfix_choice space = o->settings.coarse_space;
  if (method_choice_take(raw.method, raw.curvature, &o->method, &o->settings.coarse_space, err) !=
          0 ||
      check_space(o, space, err) != 0)
    return -1;
  o->port = train_port((uint32_t)raw.port);
  o->threads = (unsigned)raw.threads;
  o->sizes.first = (uint64_t)raw.batch;
  if (given("steps")) o->epochs = 0;
  if ((o->epochs == 0) == (o->steps == 0))
    return tool_fail(err, "--%s 0: at least 1 is needed", given("steps") ? "steps" : "epochs");
  if (o->data == NULL && o->resume == NULL)
    return tool_fail(err, "--data is needed: this network has no data set of its own");
  o->batch_given = g->batch;
  if (class_weights_check(o->class_weights, train_net(), err) != 0) return -1;
  if (o->smoothing > 0 && train_net()->loss != KFIX_CATEGORICAL)
    return tool_fail(err, "--label-smoothing is for the categorical loss: leave it out");
  if (images_read(raw.augment, train_net(), &o->augment, err) != 0) return -1;
  if (read_schedule(o, err) != 0 || read_trace_steps(o, err) != 0 || read_time_limit(o, err) != 0 ||
      split_check(o->validation, err) != 0)
    return -1;
  /* A resumed run's method and driver are in the checkpoint. */
  if (o->resume == NULL && effect_check(o, g->setting, err) != 0) return -1;
  return check_pairs(o, err);
}

option_outcome train_options_parse(train_options *o, train_given *g, int argc, char **argv) {
  tool_error err;
  set_defaults(o);
  program.count = train_option_rows(o, &raw, rows);
  const option_outcome outcome = options_parse(&program, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome;
  if (raw.version) {
    (void)printf("kfix-train " KFIX_VERSION " for %s, %s\n", train_net()->name, KFIX_REAL_NAME);
    return OPTIONS_HELP;
  }
  if (take(o, g, &err) == 0) return OPTIONS_RUN;
  (void)options_complain(&program, &err);
  return OPTIONS_USAGE;
}

int train_options_complain(const tool_error *err) {
  return options_complain(&program, err);
}
