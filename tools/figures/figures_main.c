/* SPDX-License-Identifier: Apache-2.0
 * kfix-figures: figures of the papers that take more than a log of a run. See its --help. */
#include <string.h>

#include "cli/command_line.h"
#include "cli/progress_line.h"
#include "correlations.h"
#include "files/atomic_file.h"
#include "files/standard_output.h"
#include "fisher_pictures.h"
#include "port/posix/crew.h"
#include "rescaling.h"

/* What can be drawn, and with which numbers unless told otherwise. */
static const struct {
  int (*make)(const figures_settings *settings, tool_error *err);
  figures_settings usual;
} kinds[] = {
    {fisher_pictures_make, {.limit = 1000, .steps = 7, .batch = 1}},
    {rescaling_measure, {.steps = 500, .batch = 1000}},
    {correlations_measure, {.limit = 10000, .steps = 500, .batch = 200}},
};

static int check(const figures_settings *s, tool_error *err) {
  if (s->out == NULL) return tool_fail(err, "--out is needed");
  if (s->steps == 0 || s->batch == 0 || s->gammas == 0)
    return tool_fail(err, "--%s 0: at least 1 is needed",
                     s->steps == 0 ? "steps" : (s->batch == 0 ? "batch" : "gammas"));
  if (s->steps > 100000) return tool_fail(err, "--steps: at most 100000");
  if (s->threads < 1 || s->threads > KFIX_POSIX_THREADS_MAX)
    return tool_fail(err, "--threads: 1 to %d", KFIX_POSIX_THREADS_MAX);
  if (strlen(s->out) + 64 > ATOMIC_PATH_BYTES)
    return tool_fail(err, "--out: the folder's name is too long");
  return 0;
}

static int run_program(int argc, char **argv) {
  static figures_settings s = {
      .data = "mnist", .seed = 1, .threads = 2, .gammas = 12, .gamma_from = 0.0032, .gamma_to = 10};
  static int kind;
  option_spec table[] = {
      OPTION_STRING("out", s.out, "DIR", "folder of the pictures and numbers; made if need be"),
      OPTION_CHOICE("draw", kind, "matrices|rescaling|correlations", "what"),
      OPTION_STRING("data", s.data, "NAME|DIR", "data set, with classes if the config wants them"),
      OPTION_U64("limit", s.limit, "N",
                 "use the first N examples (matrices 1000, correlations 10000, else all)"),
      OPTION_U64("steps", s.steps, "N", "steps of training before (matrices 7, else 500)"),
      OPTION_U64("batch", s.batch, "M",
                 "examples per step (rescaling 1000, correlations 200; matrices: always all)"),
      OPTION_U64("seed", s.seed, "S", "of the initial weights and batches"),
      OPTION_U64("threads", s.threads, "N", "threads; the result does not depend on them"),
      OPTION_U64("gammas", s.gammas, "N", "rescaling: how many, evenly on a logarithmic scale"),
      OPTION_REAL("gamma-from", s.gamma_from, 1e-6, 1e4, "X", "rescaling: the first"),
      OPTION_REAL("gamma-to", s.gamma_to, 1e-6, 1e4, "X", "rescaling: the last"),
  };
  option_program program = {
      .name = "kfix-figures",
      .summary = "Draws figures of the papers for the network that this program was compiled for.",
      .notes =
          "matrices: Figures 2, 3, 5 and 6 of the K-FAC paper, of a classifier, over its layers "
          "from\n"
          "the second on. DIR gets kfac_figure2.png (F, its Kronecker approximation, their\n"
          "difference), kfac_figure3.png (the damped approximation, its inverse, means over "
          "blocks),\n"
          "kfac_figure5.png and kfac_figure6.png (block-diagonal above, block-tridiagonal below)\n"
          "and kfac_figures.csv. The expectation over classes is exact.\n\n"
          "rescaling: Figure 7 of the K-FAC paper. After training by kfac-tridiag, "
          "kfac_figure7.csv\n"
          "gets, for each gamma, how far three updates lower the objective of one batch "
          "(improvement)\n"
          "and of another (elsewhere): rescaled, alpha and mu by the exact F of the batch;\n"
          "rescaled-no-momentum, alpha alone; raw, the direction as it is. driver and "
          "driver-again\n"
          "are the training's own next step, as the library and as this program has its "
          "numbers.\n\n"
          "correlations: Figure 3 (left) of the EKFAC paper. After training by Adam, of the "
          "gradients\n"
          "of layer 2 over all examples, with the targets of the data: ekfac_figure3_left.png\n"
          "(parameters, then eigenbasis) and .csv.",
      .options = table,
      .count = OPTION_COUNT(table)};
  tool_error err;
  const option_outcome outcome = options_parse(&program, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome == OPTIONS_HELP ? 0 : 2;
  if (!option_given(&program, "limit")) s.limit = kinds[kind].usual.limit;
  if (!option_given(&program, "steps")) s.steps = kinds[kind].usual.steps;
  if (!option_given(&program, "batch")) s.batch = kinds[kind].usual.batch;
  if (check(&s, &err) != 0) return options_complain(&program, &err);
  const int answer = make_folder(s.out, &err) == 0 ? kinds[kind].make(&s, &err) : -1;
  progress_line_clear();
  return answer == 0 ? 0 : tool_report("kfix-figures", &err);
}

int main(int argc, char **argv) {
  standard_output_begin();
  return standard_output_end("kfix-figures", run_program(argc, argv));
}
