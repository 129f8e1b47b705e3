/* SPDX-License-Identifier: Apache-2.0
 * Metrics as text and as JSON. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "arrays/json_writer.h"
#include "predict_output.h"
#include "weights/weights_facts.h"

#define NAME_BYTES 24
#define WIDE_MAX   20 /* classes whose confusion matrix is printed */

/* The name of a class, or its number; cut to the buffer. */
static const char *class_name(const predict_model *model, size_t class, char text[NAME_BYTES]) {
  const word_list *classes = &model->facts.classes;
  if (class < classes->count)
    (void)snprintf(text, NAME_BYTES, "%s", classes->word[class]);
  else
    (void)snprintf(text, NAME_BYTES, "%zu", class);
  return text;
}

static void print_share(double x) {
  if (isnan(x))
    (void)printf(" %9s", "-");
  else
    (void)printf(" %9.4f", x);
}

static void print_classes(const predict_model *model, const predict_metrics *m) {
  char name[NAME_BYTES];
  (void)printf("\n%-23s %9s %9s %9s %9s\n", "class", "rows", "precision", "recall", "F1");
  for (size_t i = 0; i < m->classes; i++) {
    size_t rows = 0;
    for (size_t j = 0; j < m->classes; j++) rows += m->confusion[i * m->classes + j];
    (void)printf("%-23s %9zu", class_name(model, i, name), rows);
    print_share(metrics_precision(m, i));
    print_share(metrics_recall(m, i));
    print_share(metrics_f1(m, i));
    (void)printf("\n");
  }
}

static void print_confusion(const predict_model *model, const predict_metrics *m) {
  char name[NAME_BYTES];
  (void)printf("\n%-23s", "is \\ predicted");
  for (size_t j = 0; j < m->classes; j++) (void)printf(" %9.9s", class_name(model, j, name));
  (void)printf("\n");
  for (size_t i = 0; i < m->classes; i++) {
    (void)printf("%-23s", class_name(model, i, name));
    for (size_t j = 0; j < m->classes; j++) (void)printf(" %9zu", m->confusion[i * m->classes + j]);
    (void)printf("\n");
  }
}

static void print_text(const predict_model *model, const dataset *data, const predict_metrics *m) {
  (void)printf("data      %s\nrows      %zu\nloss      %.6g (%s)\n", data->text, m->rows, m->loss,
               weights_loss(model->net->loss));
  if (m->classes > 0) {
    (void)printf("accuracy  %.6g\n", m->accuracy);
    print_classes(model, m);
    if (m->classes <= WIDE_MAX)
      print_confusion(model, m);
    else
      (void)printf("\nThe confusion matrix of %zu classes: --json\n", m->classes);
    return;
  }
  (void)printf("squared   %.6g\n", m->squared_error);
  if (model->net->loss == KFIX_MSE)
    (void)printf("RMSE      %.6g\nMAE       %.6g\nR2        %.6g\n", m->rmse, m->mae, m->r2);
}

static void json_classes(json_writer *json, const predict_model *model, const predict_metrics *m) {
  static double (*const shares[])(const predict_metrics *m, size_t class) = {
      metrics_precision, metrics_recall, metrics_f1};
  static const char *const keys[] = {"precision", "recall", "f1"};
  char name[NAME_BYTES];
  json_double(json, "accuracy", m->accuracy);
  json_array(json, "classes");
  for (size_t i = 0; i < m->classes; i++)
    json_string(
        json, NULL,
        i < model->facts.classes.count ? model->facts.classes.word[i] : class_name(model, i, name));
  json_end(json);
  for (size_t k = 0; k < 3; k++) {
    json_array(json, keys[k]);
    for (size_t i = 0; i < m->classes; i++) json_double(json, NULL, shares[k](m, i));
    json_end(json);
  }
  json_array(json, "confusion");
  for (size_t i = 0; i < m->classes; i++) {
    json_array(json, NULL);
    for (size_t j = 0; j < m->classes; j++)
      json_unsigned(json, NULL, m->confusion[i * m->classes + j]);
    json_end(json);
  }
  json_end(json);
}

static void print_json(const predict_options *o, const predict_model *model,
                       const predict_metrics *m) {
  json_writer json = json_to(stdout);
  json_object(&json, NULL);
  json_string(&json, "config", model->net->name);
  json_string(&json, "weights", o->weights);
  json_string(&json, "data", o->data);
  json_unsigned(&json, "rows", m->rows);
  json_string(&json, "loss_name", weights_loss(model->net->loss));
  json_double(&json, "loss", m->loss);
  if (m->classes > 0) {
    json_classes(&json, model, m);
  } else {
    json_double(&json, "squared_error", m->squared_error);
    json_double(&json, "rmse", m->rmse);
    json_double(&json, "mae", m->mae);
    json_double(&json, "r2", m->r2);
  }
  json_end(&json);
}

void output_metrics(const predict_options *o, const predict_model *model, const dataset *data,
                    const predict_metrics *m) {
  if (o->json)
    print_json(o, model, m);
  else
    print_text(model, data, m);
}
