/* SPDX-License-Identifier: Apache-2.0
 * The command line of kfix-fisher: its table, and what must hold between the entries. */
#include "fisher_options.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "port/posix/crew.h"
#include "ports/linked_ports.h"

#define WORDS_BYTES 256

static const kfix_port *const ports[] = LINKED_PORT_ADDRESSES;

#define ABSENT \
  LINKED_BLIS_ABSENT "cuda: this program reads every element, so it works on the host\n"

static const char notes[] =
    "A.npy is m x d_a, one example's abar per row with the homogeneous coordinate already in it;\n"
    "G.npy is m x d_g, one g per row. The block is F = (1/m) sum (abar abar^T) (x) (g g^T). With\n"
    "--positions T both have T rows for each of m examples, patches and g of all windows, and\n"
    "F = (1/m) sum vec D vec D^T, D = the sum of g abar^T over them; A is then the mean over\n"
    "all rows, G has the factor T in it. A column of ones is the bias, if the last is one. DIR\n"
    "gets the factors as .npy, undamped (A, G; or R, S and, of two terms, P, Q; or UA, UG with\n"
    "the eigenvectors in columns and s, d_a x d_g; or D, d_g x d_a) and errors.json:\n"
    "  frobenius   ||F - B||_F / ||F||_F of the approximation B, exact at any size\n"
    "  spectrum    ||spec F - spec B||_2 / ||spec F||_2, both descending; null where a dense\n"
    "              matrix of order above 8192 would be needed, or where F = 0\n"
    "  floored     with --rhs, of two terms: entries of 1 + s1 s2 raised to the floor\n"
    "V.npy and U.npy are d_g x d_a: U is the damped inverse of B times V, damped by gamma =\n"
    "sqrt(X) in the way of the method: A + pi gamma I and G + gamma / pi I, R and S likewise;\n"
    "EKFAC: s + X; kfac-tikhonov and diagonal: B + X I. Of two terms 1 + s1 s2 is held at the "
    "default of kfix-train's --kron-floor or\n"
    "above, which keeps the inverse positive definite. Input is float16, float32 or float64, "
    "output this\n"
    "build's type (" KFIX_REAL_NAME
    "). Files are written when all is computed.\n"
    "Exit status: 0 done, 1 failed, 2 wrong command line.";

static void append_word(char *words, const char *word) {
  const size_t used = strlen(words);
  (void)snprintf(words + used, WORDS_BYTES - used, "%s%s", used > 0 ? "|" : "", word);
}

/* A port that computes on a device comes first, if at all. */
static const kfix_port *const *host_ports(void) {
  return ports[0]->is_host ? ports : ports + 1;
}

/* The fastest port that this machine has is the last. */
static int list_ports(char *words) {
  const kfix_port *const *const all = host_ports();
  int best = 0;
  for (int i = 0; all + i < ports + LINKED_PORT_COUNT; i++) {
    append_word(words, all[i]->name);
    if (all[i]->available() == KFIX_OK) best = i;
  }
  return best;
}

static int64_t processors(void) {
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online < 1 ? 1 : online < 8 ? online : 8;
}

static int check(const option_program *program, const fisher_options *o, tool_error *err) {
  static const char *const needed[] = {"activations", "gradients", "out"};
  for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
    if (!option_given(program, needed[i])) return tool_fail(err, "--%s is needed", needed[i]);
  const int solves = option_given(program, "rhs") + option_given(program, "solution") +
                     option_given(program, "damping");
  if (solves != 0 && solves != 3)
    return tool_fail(err, "--rhs, --damping and --solution go together: give all three or none");
  if (o->port->available() != KFIX_OK)
    return tool_fail(err, "--port %s: this machine cannot run it: take --port ref", o->port->name);
  return 0;
}

option_outcome fisher_options_parse(fisher_options *o, int argc, char **argv) {
  char methods[WORDS_BYTES] = "", port_words[WORDS_BYTES] = "";
  int method = 0, port = list_ports(port_words);
  int64_t threads = processors(), positions = 0;
  int conv = 0;
  *o = (fisher_options){.damping = NAN};
  for (int i = 0; block_method_at(i, 0) != NULL; i++)
    append_word(methods, block_method_at(i, 0)->name);
  option_spec table[] = {
      OPTION_STRING("activations", o->activations, "A.npy", "rows abar: m x d_a"),
      OPTION_STRING("gradients", o->gradients, "G.npy", "rows g: m x d_g"),
      OPTION_CHOICE("method", method, methods, "approximation of the block"),
      OPTION_INT("positions", positions, 0, INT32_MAX, "T",
                 "of a convolution: rows of each example, one behind the other; 0: a dense layer"),
      OPTION_CHOICE("conv", conv, "expand|reduce",
                    "how its positions are taken: each, or (mean of abar, sum of g)"),
      OPTION_STRING("out", o->out, "DIR", "folder of the factors and errors.json; made if need be"),
      OPTION_STRING("rhs", o->rhs, "V.npy", "also apply the damped inverse to V: d_g x d_a"),
      OPTION_REAL("damping", o->damping, 0, 1e12, "X", "damping of that inverse"),
      OPTION_STRING("solution", o->solution, "U.npy", "where its result goes"),
      OPTION_FLAG("no-spectrum", o->no_spectrum, "leave the spectrum's error out (null): faster"),
      OPTION_INT("threads", threads, 1, KFIX_POSIX_THREADS_MAX, "N",
                 "threads; the result does not depend on them"),
      OPTION_CHOICE_OR("port", port, port_words, ABSENT,
                       "kernels; the result does not depend on them"),
  };
  option_program program = {
      .name = "kfix-fisher",
      .summary = "Approximates one layer's block of the Fisher matrix and says how well.",
      .notes = notes,
      .options = table,
      .count = OPTION_COUNT(table)};
  const option_outcome outcome = options_parse(&program, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome;
  tool_error err;
  o->method = block_method_at(method, 0);
  o->port = host_ports()[port];
  o->threads = (unsigned)threads;
  o->positions = (size_t)positions;
  o->by_pairs = conv;
  if (check(&program, o, &err) == 0) return OPTIONS_RUN;
  (void)options_complain(&program, &err);
  return OPTIONS_USAGE;
}
