/* SPDX-License-Identifier: Apache-2.0
 * The command line of kfix-predict: its table, and what must hold between the entries. */
#include "predict_options.h"

#include <string.h>

#include "data/dataset.h"
#include "files/same_file.h"
#include "ports/linked_ports.h"

KFIX_DEFINE_NET(net);

#define WORDS_BYTES 256

#define ABSENT LINKED_BLIS_ABSENT "cuda: this program computes on the host\n"

static const char notes[] =
    "FILE.safetensors or .npz is what kfix-train --export wrote. Its metadata say how numbers "
    "were\n"
    "standardised and what columns and classes are called: new data are in the units of the\n"
    "training data, and so are values. Columns that have names must have those of the training\n"
    "data, in their order; a column of targets may follow the inputs. Without metadata numbers\n"
    "are taken as they are.\n"
    "labels: the likeliest class by its name, or, of the bernoulli loss, whether an output is\n"
    "likelier 1 than 0. FILE.csv has a line of names and one for each row, FILE.npy an array;\n"
    "without --output and --evaluate the lines go to standard output.\n"
    "--evaluate compares with the targets: of classes, accuracy, the confusion matrix, precision,\n"
    "recall and F1 of each, and the mean loss; of values, R2, MAE, RMSE and the mean loss (half\n"
    "the squared error of a row); otherwise loss and squared error.\n"
    "--part: a file's validation part is every fifth row, as in kfix-train; refused where\n"
    "that was given another --validation.\n"
    "Exit status: 0 done, 1 failed, 2 wrong command line.";

const kfix_net *predict_net(void) {
  return &net;
}

static void append_word(char *words, const char *word) {
  const size_t used = strlen(words);
  (void)snprintf(words + used, WORDS_BYTES - used, "%s%s", used > 0 ? "|" : "", word);
}

/* Those that compute on the host; the fastest that this machine has is the last. */
static int list_ports(const kfix_port *host[], char *words) {
  static const kfix_port *const all[] = LINKED_PORT_ADDRESSES;
  int count = 0, best = 0;
  for (int i = 0; i < LINKED_PORT_COUNT; i++) {
    if (!all[i]->is_host) continue;
    if (all[i]->available() == KFIX_OK) best = count;
    append_word(words, all[i]->name);
    host[count++] = all[i];
  }
  return best;
}

static int default_what(void) {
  if (net.loss == KFIX_MSE) return PREDICT_VALUES;
  return net.loss == KFIX_CATEGORICAL || net.target == KFIX_TARGET_CLASS ? PREDICT_LABELS
                                                                         : PREDICT_PROBABILITIES;
}

static int check_what(const predict_options *o, tool_error *err) {
  if (net.loss == KFIX_MSE && o->what != PREDICT_VALUES)
    return tool_fail(err, "--what: the mse loss has values, no probabilities and no labels");
  if (net.loss != KFIX_MSE && o->what == PREDICT_VALUES)
    return tool_fail(err,
                     "--what values: this network puts out probabilities: take them or labels");
  return 0;
}

static int check_output(const predict_options *o, tool_error *err) {
  const dataset_request data = {.source = o->data};
  const char *dot = o->output == NULL ? NULL : strrchr(o->output, '.');
  if (o->output == NULL) return 0;
  if (dot == NULL || (strcmp(dot, ".csv") != 0 && strcmp(dot, ".npy") != 0))
    return tool_fail(err, "--output %.300s: the name must end in .csv or .npy", o->output);
  if (dataset_reads(&data, o->output))
    return tool_fail(err, "--output %.300s: the data are there: name another file", o->output);
  return 0;
}

static int check(const option_program *program, const predict_options *o, tool_error *err) {
  if (o->weights == NULL)
    return tool_fail(err, "--weights is needed: a file that kfix-train exported");
  if (o->data == NULL) return tool_fail(err, "--data is needed: what to predict");
  if (o->json && !o->evaluate) return tool_fail(err, "--json needs --evaluate");
  if (o->port->available() != KFIX_OK)
    return tool_fail(err, "--port %s: this machine cannot run it: take --port ref", o->port->name);
  if (option_given(program, "what") && check_what(o, err) != 0) return -1;
  return check_output(o, err);
}

option_outcome predict_options_parse(predict_options *o, int argc, char **argv) {
  const kfix_port *host[LINKED_PORT_COUNT];
  char words[WORDS_BYTES] = "";
  int port = list_ports(host, words), version = 0;
  *o = (predict_options){.what = default_what()};
  option_spec rows[] = {
      OPTION_STRING("weights", o->weights, "FILE", "weights, .safetensors or .npz"),
      OPTION_STRING("data", o->data, "NAME|PATH",
                    "a table .csv or .tsv, a .npy file, or whatever --data of kfix-train takes"),
      OPTION_STRING("output", o->output, "FILE", "write predictions there, .csv or .npy"),
      OPTION_CHOICE("what", o->what, PREDICT_WHAT_WORDS, "what to write"),
      OPTION_CHOICE("part", o->part, PREDICT_PART_WORDS, "which rows of the data"),
      OPTION_FLAG("evaluate", o->evaluate, "compare with the targets of the data"),
      OPTION_FLAG("json", o->json, "print the comparison as one line of JSON"),
      OPTION_CHOICE_OR("port", port, words, ABSENT, "kernels; all give the same result"),
      OPTION_FLAG("version", version, "print the version and stop"),
  };
  option_program program = {
      .name = "kfix-predict",
      .summary = "Predicts by the network that this program was compiled for (make CONFIG=...).",
      .notes = notes,
      .options = rows,
      .count = OPTION_COUNT(rows)};
  tool_error err;
  const option_outcome outcome = options_parse(&program, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome;
  if (version) {
    (void)printf("kfix-predict " KFIX_VERSION " for %s, %s\n", net.name, KFIX_REAL_NAME);
    return OPTIONS_HELP;
  }
  o->port = host[port];
  if (check(&program, o, &err) == 0) return OPTIONS_RUN;
  (void)options_complain(&program, &err);
  return OPTIONS_USAGE;
}
