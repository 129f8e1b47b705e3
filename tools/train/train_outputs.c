/* SPDX-License-Identifier: Apache-2.0
 * Every output against every other file of the run. */
#include "train_outputs.h"

#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "files/same_file.h"
#include "train_split.h"

typedef struct named_file {
  const char *option, *path;
} named_file;

static int clash(const named_file *output, const named_file *other, tool_error *err) {
  if (other->path == NULL || !same_file(output->path, other->path)) return 0;
  return tool_fail(err, "--%s and --%s name the same file: name two", other->option,
                   output->option);
}

static int check_inputs(const train_options *o, const named_file *output, tool_error *err) {
  const named_file import = {"import", o->import_file}, resume = {"resume", o->resume};
  const dataset_request data = {.source = o->data}, valid = {.source = o->validation};
  double ignored;
  const int has_valid = o->validation != NULL && !split_is_part(o->validation, &ignored);
  if (dataset_reads(&data, output->path) || (has_valid && dataset_reads(&valid, output->path)))
    return tool_fail(err, "--%s %.300s: the data are there: name another file", output->option,
                     output->path);
  if (clash(output, &import, err) != 0) return -1;
  return strcmp(output->option, "checkpoint") == 0 ? 0 : clash(output, &resume, err);
}

int outputs_check(const train_options *o, tool_error *err) {
  const named_file outputs[] = {{"log", o->log},
                                {"log-steps", o->log_steps},
                                {"digest-log", o->digest_log},
                                {"checkpoint", o->checkpoint},
                                {"export", o->export_file},
                                {"best", o->best_file},
                                {"reference-log", o->reference_log},
                                {"approximation-log", o->approximation_log}};
  for (size_t i = 0; i < sizeof outputs / sizeof outputs[0]; i++) {
    if (outputs[i].path == NULL) continue;
    if (check_inputs(o, &outputs[i], err) != 0) return -1;
    for (size_t j = 0; j < i; j++)
      if (clash(&outputs[i], &outputs[j], err) != 0) return -1;
  }
  return 0;
}
