/* SPDX-License-Identifier: Apache-2.0
 * The command line of kfix-bench. */
#include "bench_options.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_statistics.h"
#include "cli/method_choice.h"
#include "ports/linked_ports.h"
#include "ports/tool_device.h"

KFIX_DEFINE_NET(net);

static const kfix_port *const ports[] = LINKED_PORT_ADDRESSES;

#define WORDS_BYTES 512

/* What the parser fills in. */
static struct {
  int what, method, curvature, port, profile, between, table, clock;
  int64_t threads, batch, steps, repeats, largest;
  const char *blas;
  char methods[METHOD_WORDS_BYTES], curvatures[METHOD_WORDS_BYTES], ports[WORDS_BYTES];
} raw = {.batch = 512, .steps = 40, .repeats = 5, .largest = 2000};

const kfix_net *bench_net(void) {
  return &net;
}

const kfix_port *bench_port(int i) {
  return i < LINKED_PORT_COUNT ? ports[i] : NULL;
}

kfix_status bench_port_available(const kfix_port *port) {
  int status;
  if (port->is_host) return port->available();
  const pid_t process = fork();
  if (process == 0) _exit((int)port->available());
  if (process < 0 || waitpid(process, &status, 0) != process || !WIFEXITED(status))
    return KFIX_DEVICE_ABSENT;
  return (kfix_status)WEXITSTATUS(status);
}

static void append_word(char *words, const char *word) {
  const size_t used = strlen(words);
  (void)snprintf(words + used, WORDS_BYTES - used, "%s%s", used > 0 ? "|" : "", word);
}

static void set_defaults(bench_options *o) {
  *o = (bench_options){.seconds = 30};
  append_word(raw.ports, "all");
  (void)snprintf(raw.methods, sizeof raw.methods, "all");
  method_choice_words(raw.methods);
  method_curvature_words(raw.curvatures);
  for (int p = 0; p < LINKED_PORT_COUNT; p++) append_word(raw.ports, ports[p]->name);
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  const int64_t most = (int64_t)net.threads;
  raw.threads = online < 1 ? 1 : (int64_t)online < most ? (int64_t)online : most;
}

static const kfix_port *fastest(void) {
  for (int p = LINKED_PORT_COUNT; p-- > 0;)
    if (bench_port_available(ports[p]) == KFIX_OK) return ports[p];
  return NULL;
}

static int take(bench_options *o, tool_error *err) {
  o->what = (bench_what)raw.what;
  o->table = raw.table;
  o->profile = raw.profile;
  o->between = raw.between;
  o->cpu_clock = raw.clock;
  o->method = KFIX_METHOD_COUNT;
  if (raw.method > 0 &&
      method_choice_take(raw.method - 1, raw.curvature, &o->method, &o->space, err) != 0)
    return -1;
  o->port = raw.port > 0 ? ports[raw.port - 1] : NULL;
  o->step_port = o->port != NULL ? o->port : fastest();
  o->blas = raw.blas;
  o->threads = (unsigned)raw.threads;
  o->batch = (size_t)raw.batch;
  o->largest = (size_t)raw.largest;
  o->steps = (int)raw.steps;
  o->repeats = (int)raw.repeats;
  if (o->step_port == NULL) return tool_fail(err, "no port runs on this machine");
  return tool_device_check(o->step_port, o->precision, o->graphs, err);
}

option_outcome bench_options_parse(bench_options *o, int argc, char **argv) {
  set_defaults(o);
  option_spec rows[] = {
      OPTION_CHOICE("what", raw.what, "all|kernels|steps|statistics",
                    "what to time; all: kernels and steps"),
      OPTION_FLAG("table", raw.table, "a table for people, not JSON lines"),
      OPTION_INT("threads", raw.threads, 1, (double)net.threads, "N", "threads of every side"),
      OPTION_CHOICE_OR("port", raw.port, raw.ports, LINKED_PORT_ABSENT,
                       "kernels to time; all: every one but ref, and steps on the fastest"),
      OPTION_CHOICE("precision", o->precision, TOOL_DEVICE_PRECISIONS,
                    "of float products on --port cuda"),
      OPTION_CHOICE("graphs", o->graphs, TOOL_DEVICE_GRAPHS,
                    "launch a step in few pieces on --port cuda"),
      OPTION_CHOICE("clock", raw.clock, "wall|cpu",
                    "cpu: processor time over the threads, for a machine with other work; exact "
                    "with --threads 1"),
      OPTION_GROUP("kernels"),
      OPTION_STRING("blas", raw.blas, "FILE",
                    "compare with the BLAS and LAPACK in this shared library, as "
                    "libopenblas.so.0"),
      OPTION_INT("repeat", raw.repeats, 1, 1000, "N",
                 "runs in each of three turns; the shortest counts"),
      OPTION_INT("largest", raw.largest, 1, 1e6, "N", "leave out what is larger in any dimension"),
      OPTION_GROUP("steps"),
      OPTION_CHOICE("method", raw.method, raw.methods, "how to step"),
      OPTION_CHOICE("curvature", raw.curvature, raw.curvatures, METHOD_CURVATURE_HELP),
      OPTION_INT("batch", raw.batch, 1, 65536, "M", "examples per step, or update of statistics"),
      OPTION_INT("steps", raw.steps, 1, BENCH_STEPS_MAX, "N",
                 "steps of each method, after four that do not count"),
      OPTION_REAL("seconds", o->seconds, 0, 1e6, "X", "go on to the next method after so long"),
      OPTION_STRING("data", o->data, "NAME|DIR", "data to step on; else random numbers"),
      OPTION_FLAG("between", raw.between, "leave refreshes out, but for those of the first steps"),
      OPTION_FLAG("profile", raw.profile, "also where the time of a step goes, by kernel"),
  };
  option_program program = {
      .name = "kfix-bench",
      .summary =
          "Times kernels, and whole steps of the network that this program was compiled "
          "for (make CONFIG=...).",
      .notes =
          "Each side works in a process of its own and they take turns. Times are the shortest "
          "of several\nruns. The peak is that of a loop of fused multiply-adds in the same run. "
          "Steps: ms is the mean\nover a whole period of refreshes, of the shortest step in "
          "each phase of it; floor_ms is what the\nstep's products and factorizations would "
          "take at the peak. Statistics: one update of them in all layers, by every method of a "
          "block and by\n"
          "the power iteration of the papers.",
      .options = rows,
      .count = OPTION_COUNT(rows)};
  tool_error err;
  const option_outcome outcome = options_parse(&program, argc, argv);
  if (outcome != OPTIONS_RUN || take(o, &err) == 0) return outcome;
  (void)options_complain(&program, &err);
  return OPTIONS_USAGE;
}
