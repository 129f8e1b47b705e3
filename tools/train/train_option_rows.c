/* SPDX-License-Identifier: Apache-2.0
 * The table behind the command line. */
#include "train_option_rows.h"

#include <string.h>

#include "port/posix/crew.h"
#include "ports/tool_device.h"
#include "train_arena.h"

/* The table being filled. */
typedef struct row_list {
  option_spec *rows;
  size_t count;
} row_list;

static void put(row_list *list, option_spec row) {
  list->rows[list->count++] = row;
}
#define PUT(row) put(list, (option_spec)row)

static void append_word(char *words, const char *word) {
  const size_t used = strlen(words);
  (void)snprintf(words + used, TRAIN_WORD_BYTES - used, "%s%s", used > 0 ? "|" : "", word);
}

static void list_choices(train_raw *raw) {
  method_choice_words(raw->methods);
  method_curvature_words(raw->curvatures);
  for (uint32_t i = 0; train_port(i) != NULL; i++) {
    append_word(raw->ports, train_port(i)->name);
    if (train_port(i) == train_default_port()) raw->port = (int)i;
  }
}

int64_t train_most_threads(void) {
  const int64_t most = (int64_t)train_net()->threads;
  return most < KFIX_POSIX_THREADS_MAX ? most : KFIX_POSIX_THREADS_MAX;
}

/* The rate and its schedule are everyday's business, the other settings their papers'. */
static int is_everyday(const option_spec *setting) {
  return strcmp(setting->name, "lr") == 0 || strcmp(setting->name, "lr-schedule") == 0;
}

static void put_settings(row_list *list, const train_raw *raw, int everyday) {
  for (int i = 0; i < KFIX_OPTION_COUNT; i++)
    if (is_everyday(&raw->setting_rows[i]) == everyday) put(list, raw->setting_rows[i]);
}

static void put_everyday(row_list *list, train_options *o, train_raw *raw) {
  PUT(OPTION_GROUP("everyday options (defaults in brackets)"));
  PUT(OPTION_CHOICE("method", raw->method, raw->methods, "how to train"));
  PUT(OPTION_CHOICE("curvature", raw->curvature, raw->curvatures, METHOD_CURVATURE_HELP));
  PUT(OPTION_STRING(
      "data", o->data, "NAME|PATH",
      "a table .csv or .tsv, also .gz: a row of numbers to a line, the last column the target; or "
      ".npy; or a folder with x.npy and y.npy (and x_valid.npy, y_valid.npy), with idx files as "
      "MNIST has them, or with CIFAR's .bin files; or by name curves (generated), mnist, "
      "fashion-mnist, cifar10, cifar100, faces, digits, looked for in $KFIX_DATA, then in ./data"));
  PUT(OPTION_STRING("validation", o->validation, "PART|PATH",
                    "what validates: a part of the rows, from 0 (none) to below 1, drawn alike for "
                    "every seed; or other data of the same kind. Without this the part that the "
                    "data bring along, else every fifth row"));
  PUT(OPTION_U64("epochs", o->epochs, "N", "stop after N passes over the training data"));
  PUT(OPTION_U64("steps", o->steps, "N", "stop after N steps instead"));
  PUT(OPTION_U64("patience", o->patience, "E",
                 "stop after E epochs without a better validation objective (training objective, "
                 "where nothing validates); 0: do not"));
  PUT(OPTION_STRING("time-limit", raw->time_limit, "TIME",
                    "stop after so many seconds, or 30m, 2h; checkpoint and export are written"));
  PUT(OPTION_INT("batch", raw->batch, 0, 4294967295.0, "M",
                 "examples per step; 0: all of the data"));
  put_settings(list, raw, 1);
  PUT(OPTION_U64("seed", o->settings.seed, "S", "of weights, order and sampled targets"));
  PUT(OPTION_STRING("log", o->log, "FILE",
                    "one row per evaluation: .csv, or JSON lines as .jsonl"));
  PUT(OPTION_STRING("export", o->export_file, "FILE",
                    "write the trained weights as .safetensors or .npz"));
  PUT(OPTION_STRING("best", o->best_file, "FILE",
                    "the same, of the evaluation with the best objective so far"));
  PUT(OPTION_STRING("checkpoint", o->checkpoint, "FILE", "where to save the run, at its end too"));
  PUT(OPTION_STRING("resume", o->resume, "FILE",
                    "go on from a checkpoint, bit for bit; it brings method, data, validation, "
                    "batches, seed and settings along, but not --epochs, --steps, --patience and "
                    "--time-limit; --data and --validation only where the same data lie elsewhere "
                    "now"));
  PUT(OPTION_FLAG("quiet", o->quiet, "print errors only"));
}

static void put_run(row_list *list, train_options *o, train_raw *raw) {
  PUT(OPTION_GROUP("more about the run"));
  PUT(OPTION_U64("limit", o->limit, "N", "train on the first N examples only; 0: on all"));
  PUT(OPTION_STRING("batch-schedule", raw->schedule, "M1:K",
                    "start with M1 examples per step and grow exponentially to all of the data at "
                    "step K"));
  PUT(OPTION_STRING("class-weights", o->class_weights, "balanced|W,W,...",
                    "how much an example counts, by its class: balanced lets each class count "
                    "alike, or a number for each"));
  PUT(OPTION_REAL("label-smoothing", o->smoothing, 0, 0.999999, "E",
                  "targets y of C classes become (1 - E) y + E / C"));
  PUT(OPTION_CHOICE("pixels", o->pixels, TRAIN_PIXELS_WORDS,
                    "unit: p / 255; standard: that minus the mean, over the deviation of its "
                    "channel in the training rows; auto: standard for a net that looks through "
                    "windows and does not reconstruct its input. Exported weights say which"));
  PUT(OPTION_STRING("augment", raw->augment, AUGMENT_WORDS,
                    "change images before a step sees them, each epoch anew: crop a window of the "
                    "same size from the image with P zeros around it (4), mirror every second "
                    "one; of what trains, never of what is evaluated"));
  PUT(OPTION_U64("eval-every", o->eval_every, "N", "epochs between evaluations; 0: never"));
  PUT(OPTION_STRING("import", o->import_file, "FILE",
                    "start from weights in .safetensors or .npz, named as --export names them; "
                    "other arrays in the file do not matter"));
  PUT(OPTION_FLAG("export-average", o->export_average,
                  "export the averaged iterate, logged or not"));
  PUT(OPTION_FLAG("export-iterate", o->export_iterate,
                  "export the last iterate, though the average may have been logged"));
  PUT(OPTION_INT("threads", raw->threads, 1, (double)train_most_threads(), "N",
                 "threads; the result does not depend on them"));
  PUT(OPTION_CHOICE_OR("port", raw->port, raw->ports, train_absent_port(),
                       "kernels; those of the host all give the same result"));
  PUT(OPTION_CHOICE("precision", o->precision, TOOL_DEVICE_PRECISIONS,
                    "of float products on --port cuda"));
  PUT(OPTION_CHOICE("graphs", o->graphs, TOOL_DEVICE_GRAPHS,
                    "launch a step in few pieces on --port cuda; the result is the same"));
  PUT(OPTION_FLAG("version", raw->version, "print the version and stop"));
}

static void put_files(row_list *list, train_options *o, train_raw *raw) {
  PUT(OPTION_GROUP("more files and logs (CSV, or lines of JSON where the name ends in .jsonl)"));
  PUT(OPTION_U64("every", o->every, "N", "save the checkpoint every N steps as well; 0: no"));
  PUT(OPTION_STRING("log-steps", o->log_steps, "FILE", "one row per step, of its batch"));
  PUT(OPTION_STRING("trace", o->trace, "DIR", "write all matrices of the steps of --trace-at"));
  PUT(OPTION_STRING("trace-at", raw->trace_at, "K,K,...", "steps to trace, from 1"));
  PUT(OPTION_STRING("digest-log", o->digest_log, "FILE",
                    "one digest per step and part of the state (tools/digest-compare)"));
  PUT(OPTION_STRING("reference-log", o->reference_log, "FILE",
                    "how far each direction is from --reference"));
  PUT(OPTION_CHOICE("reference", raw->reference, "none|exact",
                    "(F + (lambda + eta) I)^-1 gradient of the batch, computed beside the run"));
  PUT(OPTION_U64("reference-every", o->reference_every, "K", "measure at steps 1, 1 + K, ..."));
  PUT(OPTION_STRING("approximation-log", o->approximation_log, "FILE",
                    "how far every approximation is from the exact Fisher block of --layer"));
  PUT(OPTION_INT("layer", o->layer, 1, (double)train_net()->block_count, "I",
                 "that layer, from 1"));
  PUT(OPTION_INT("approximation-every", o->approximation_every, 1, 1e9, "K",
                 "measure at steps 1, 1 + K, ..."));
  PUT(OPTION_INT("approximation-refresh", o->approximation_refresh, 1, 1e9, "N",
                 "renew factors and bases at every N-th of these only, to see them drift"));
  PUT(OPTION_INT("approximation-order", o->approximation_order, 1, 1e9, "N",
                 "leave the spectrum's error of larger blocks and factors out"));
}

size_t train_option_rows(train_options *o, train_raw *raw, option_spec *rows) {
  row_list table = {rows, 0}, *list = &table;
  list_choices(raw);
  setting_rows(&raw->settings, &o->settings, raw->setting_rows);
  put_everyday(list, o, raw);
  put_run(list, o, raw);
  put_files(list, o, raw);
  PUT(OPTION_GROUP("settings of methods and drivers, with the papers' symbols"));
  put_settings(list, raw, 0);
  return list->count;
}

void train_rows_given(train_raw *raw, const option_spec *rows, size_t count) {
  for (size_t i = 0; i < KFIX_OPTION_COUNT; i++)
    for (size_t j = 0; j < count; j++)
      if (rows[j].target == raw->setting_rows[i].target) raw->setting_rows[i].given = rows[j].given;
}
