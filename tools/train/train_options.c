/* SPDX-License-Identifier: Apache-2.0
 * The command line of kfix-train: the table and what must hold between its entries. */
#include "train_options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "block_rows.h"
#include "class_weights.h"
#include "port/posix/crew.h"
#include "setting_table.h"
#include "tool_device.h"
#include "train_arena.h"
#include "train_effect.h"

#define ROWS_MAX       (40 + KFIX_OPTION_COUNT)
#define WORDS_BYTES    512
#define DEFAULT_EPOCHS 10

/* What the parser fills in, besides the settings. */
typedef struct raw_options {
  int method, port, version;
  int64_t batch, threads;
  const char *schedule, *trace_at;
  char methods[WORDS_BYTES], ports[WORDS_BYTES];
  setting_table settings;
} raw_options;

static raw_options raw;
static option_spec rows[ROWS_MAX];

static const char notes[] =
    "The log has one row per evaluation: at the start, after every epoch that --eval-every\n"
    "names, and at the end. Objective and error are means over the whole set, of the last iterate\n"
    "or of the averaged one, whichever has the lower training objective: `iterate` says which,\n"
    "and it is exported. `seconds` counts training alone, not evaluation, checkpoints or traces. "
    "An epoch goes through all examples in a new random\n"
    "order; its last batch may be smaller. Exported layers are called layers.0.weight (out x\n"
    "in), layers.0.bias, layers.1.weight ... A setting that the method or the driver never\n"
    "reads is refused, and so is an output in the place of an input.\n"
    "SIGINT (Ctrl-C), SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU and SIGPIPE end a run after the\n"
    "step in progress: it writes the checkpoint and says how to resume, unless the signal was\n"
    "ignored at its start (nohup). A second SIGINT or SIGTERM ends it at once. A run that fails\n"
    "writes the checkpoint too, where its state is good.\n"
    "Exit status: 0 done, 1 failed or diverged, 2 wrong command line; after a signal, that signal\n"
    "(in a shell 128 + its number, as 130).";

static option_program program = {
    .name = "kfix-train",
    .summary = "Trains the network that this program was compiled for (make CONFIG=...).",
    .options = rows,
    .notes = notes};

static void append_word(char *words, const char *word) {
  const size_t used = strlen(words);
  (void)snprintf(words + used, WORDS_BYTES - used, "%s%s", used > 0 ? "|" : "", word);
}

static void list_choices(void) {
  for (uint32_t i = 0; i < KFIX_METHOD_COUNT; i++) append_word(raw.methods, kfix_methods[i].name);
  for (uint32_t i = 0; train_port(i) != NULL; i++) {
    append_word(raw.ports, train_port(i)->name);
    if (train_port(i) == train_default_port()) raw.port = (int)i;
  }
}

static int64_t most_threads(void) {
  const int64_t most = (int64_t)train_net()->threads;
  return most < KFIX_POSIX_THREADS_MAX ? most : KFIX_POSIX_THREADS_MAX;
}

static unsigned default_threads(void) {
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  const int64_t most = most_threads();
  return (unsigned)(online < 1 ? 1 : (int64_t)online < most ? (int64_t)online : most);
}

void train_options_default(train_options *o) {
  memset(o, 0, sizeof *o);
  o->settings = kfix_options_default(train_net());
  o->method = KFIX_METHOD_kfac;
  o->epochs = DEFAULT_EPOCHS;
  o->eval_every = 1;
  o->layer = o->approximation_every = o->approximation_refresh = 1;
  o->approximation_order = BLOCK_ORDER_MAX;
  o->data = train_default_data();
  o->threads = default_threads();
}

static void set_defaults(train_options *o) {
  train_options_default(o);
  raw.method = (int)o->method;
  raw.batch = 500;
  raw.threads = (int64_t)o->threads;
}

#define PUT(row) rows[program.count++] = (option_spec)row

static void add_run_rows(train_options *o) {
  PUT(OPTION_GROUP("run (defaults in brackets)"));
  PUT(OPTION_CHOICE("method", raw.method, raw.methods, "how to train"));
  PUT(OPTION_STRING("data", o->data, "NAME|PATH",
                    "curves, mnist, fashion-mnist, faces, digits, a folder with idx, .npy or CIFAR "
                    "files, a table .csv or .tsv (last column: the target), or a .npy file"));
  PUT(OPTION_U64("limit", o->limit, "N", "train on the first N examples only; 0: on all"));
  PUT(OPTION_U64("epochs", o->epochs, "N", "stop after N passes over the training data"));
  PUT(OPTION_U64("steps", o->steps, "N", "stop after N steps instead"));
  PUT(OPTION_INT("batch", raw.batch, 0, 4294967295.0, "M",
                 "examples per step; 0: all of the data"));
  PUT(OPTION_STRING("batch-schedule", raw.schedule, "M1:K",
                    "start with M1 examples per step and grow exponentially to all of the data at "
                    "step K"));
  PUT(OPTION_STRING("class-weights", o->class_weights, "balanced|W,W,...",
                    "how much an example counts, by its class: balanced lets each class count "
                    "alike, or a number for each"));
  PUT(OPTION_REAL("label-smoothing", o->smoothing, 0, 0.999999, "E",
                  "targets y of C classes become (1 - E) y + E / C"));
  PUT(OPTION_U64("seed", o->settings.seed, "S", "of weights, order and sampled targets"));
  PUT(OPTION_INT("threads", raw.threads, 1, (double)most_threads(), "N",
                 "threads; the result does not depend on them"));
  PUT(OPTION_CHOICE_OR("port", raw.port, raw.ports, train_absent_port(),
                       "kernels; those of the host all give the same result"));
  PUT(OPTION_CHOICE("precision", o->precision, TOOL_DEVICE_PRECISIONS,
                    "of float products on --port cuda"));
  PUT(OPTION_CHOICE("graphs", o->graphs, TOOL_DEVICE_GRAPHS,
                    "launch a step in few pieces on --port cuda; the result is the same"));
}

static void add_file_rows(train_options *o) {
  PUT(OPTION_GROUP("files"));
  PUT(OPTION_STRING("log", o->log, "FILE.csv", "one row per evaluation"));
  PUT(OPTION_STRING("log-steps", o->log_steps, "FILE.csv", "one row per step, of its batch"));
  PUT(OPTION_U64("eval-every", o->eval_every, "N", "epochs between evaluations; 0: never"));
  PUT(OPTION_STRING("checkpoint", o->checkpoint, "FILE", "where to save the run, at its end too"));
  PUT(OPTION_U64("every", o->every, "N", "save the checkpoint every N steps as well; 0: no"));
  PUT(OPTION_STRING(
      "resume", o->resume, "FILE",
      "go on from a checkpoint, bit for bit; it brings method, data, batches, seed and "
      "settings along; --data only where the same data lie elsewhere now"));
  PUT(OPTION_STRING("import", o->import_file, "FILE",
                    "start from weights in .safetensors or .npz, named as --export names them; "
                    "other arrays in the file do not matter"));
  PUT(OPTION_STRING("export", o->export_file, "FILE",
                    "write the trained weights as .safetensors or .npz"));
  PUT(OPTION_FLAG("export-average", o->export_average, "export the averaged iterate instead"));
  PUT(OPTION_FLAG("export-iterate", o->export_iterate,
                  "export the last iterate, though the average may have been logged"));
  PUT(OPTION_STRING("trace", o->trace, "DIR", "write all matrices of the steps of --trace-at"));
  PUT(OPTION_STRING("trace-at", raw.trace_at, "K,K,...", "steps to trace, from 1"));
  PUT(OPTION_STRING("digest-log", o->digest_log, "FILE.csv",
                    "one digest per step and part of the state (tools/digest-compare)"));
  PUT(OPTION_STRING("approximation-log", o->approximation_log, "FILE.csv",
                    "how far every approximation is from the exact Fisher block of --layer"));
  PUT(OPTION_INT("layer", o->layer, 1, (double)train_net()->depth, "I", "that layer, from 1"));
  PUT(OPTION_INT("approximation-every", o->approximation_every, 1, 1e9, "K",
                 "measure at steps 1, 1 + K, ..."));
  PUT(OPTION_INT("approximation-refresh", o->approximation_refresh, 1, 1e9, "N",
                 "renew factors and bases at every N-th of these only, to see them drift"));
  PUT(OPTION_INT("approximation-order", o->approximation_order, 1, 1e9, "N",
                 "leave the spectrum's error of larger blocks and factors out"));
  PUT(OPTION_FLAG("quiet", o->quiet, "print errors only"));
  PUT(OPTION_FLAG("version", raw.version, "print the version and stop"));
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

static int check_pairs(const train_options *o, tool_error *err) {
  if (both("epochs", "steps", err) || both("batch", "batch-schedule", err) ||
      both("resume", "import", err) || needs("every", "checkpoint", err) ||
      needs("trace", "trace-at", err) || needs("trace-at", "trace", err) ||
      both("class-weights", "trace", err) || both("class-weights", "approximation-log", err) ||
      needs("export-average", "export", err) || needs("export-iterate", "export", err) ||
      both("export-average", "export-iterate", err) || needs("layer", "approximation-log", err) ||
      needs("approximation-every", "approximation-log", err) ||
      needs("approximation-refresh", "approximation-log", err) ||
      needs("approximation-order", "approximation-log", err))
    return -1;
  if (tool_device_check(o->port, o->precision, o->graphs, err) != 0) return -1;
  if (weights_name("export", o->export_file, err) != 0) return -1;
  return weights_name("import", o->import_file, err);
}

static int take(train_options *o, train_given *g, const option_spec *settings, tool_error *err) {
  *g = (train_given){.method = given("method"),
                     .seed = given("seed"),
                     .data = given("data"),
                     .limit = given("limit"),
                     .batch = given("batch"),
                     .schedule = given("batch-schedule"),
                     .class_weights = given("class-weights"),
                     .smoothing = given("label-smoothing")};
  if (setting_take(&raw.settings, settings, &o->settings, g->setting, err) != 0) return -1;
  o->method = (kfix_method)raw.method;
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
  if (read_schedule(o, err) != 0 || read_trace_steps(o, err) != 0) return -1;
  /* A resumed run's method and driver are in the checkpoint. */
  if (o->resume == NULL && effect_check(o, g->setting, err) != 0) return -1;
  return check_pairs(o, err);
}

option_outcome train_options_parse(train_options *o, train_given *g, int argc, char **argv) {
  tool_error err;
  set_defaults(o);
  list_choices();
  add_run_rows(o);
  add_file_rows(o);
  PUT(OPTION_GROUP("training"));
  option_spec *settings = rows + program.count;
  setting_rows(&raw.settings, &o->settings, settings);
  program.count += KFIX_OPTION_COUNT;
  const option_outcome outcome = options_parse(&program, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome;
  if (raw.version) {
    (void)printf("kfix-train " KFIX_VERSION " for %s, %s\n", train_net()->name, KFIX_REAL_NAME);
    return OPTIONS_HELP;
  }
  if (take(o, g, settings, &err) == 0) return OPTIONS_RUN;
  (void)options_complain(&program, &err);
  return OPTIONS_USAGE;
}

int train_options_complain(const tool_error *err) {
  return options_complain(&program, err);
}
