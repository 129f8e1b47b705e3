/* SPDX-License-Identifier: Apache-2.0
 * Command lines: values land in their variables, and what is wrong is said with the option's name,
 * the value given and what is allowed. */
#include <stdlib.h>

#include "check.h"
#include "cli/command_line.h"

typedef struct settings {
  int64_t epochs;
  uint64_t seed;
  double rate, damping;
  const char *log;
  int method, quiet;
} settings;

static settings s;
static tool_error err;
static const char *names[2];
static option_spec table[] = {
    OPTION_GROUP("training"),
    OPTION_INT("epochs", s.epochs, 1, 1000, "N", "passes over the training data"),
    OPTION_U64("seed", s.seed, "S", "seed of every draw"),
    OPTION_REAL("lr", s.rate, 0, 10, "X", "learning rate"),
    OPTION_REAL_OR_AUTO("damping", s.damping, 0, 10, "auto|0..10", "of the inverse"),
    OPTION_GROUP("output"),
    OPTION_STRING("log", s.log, "FILE", "CSV log"),
    OPTION_CHOICE("method", s.method, "sgd|adam|kfac", "update rule"),
    OPTION_FLAG("quiet", s.quiet, "no progress line"),
};
static option_program program;

void setUp(void) {
  s = (settings){.epochs = 10, .seed = 1, .rate = 0.001, .damping = OPTION_AUTO, .method = 2};
  for (size_t i = 0; i < OPTION_COUNT(table); i++) table[i].given = 0;
  program = (option_program){.name = "kfix-test",
                             .summary = "Tests.",
                             .options = table,
                             .count = OPTION_COUNT(table),
                             .operands = names,
                             .operands_max = 2};
  err.text[0] = '\0';
}

/* Reads a command line of up to 15 words after the program's name, given with spaces between. */
static option_outcome read_line(const char *line) {
  static char text[256];
  char *words[16] = {text}, *rest;
  int count = 1;
  strcpy(text, line);
  for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
    words[count++] = word;
  return options_read(&program, count, words, &err);
}

static void refused(const char *line, const char *message) {
  CHECK_INT(OPTIONS_USAGE, read_line(line));
  CHECK_STR(message, err.text);
}

void test_values_land(void) {
  CHECK_INT(OPTIONS_RUN, read_line("--epochs 7 --seed=0xff --lr 1e-2 --log=a=b --method adam "
                                   "--quiet"));
  CHECK_INT(7, s.epochs);
  CHECK_U64(255, s.seed);
  CHECK_NEAR(0, 0.01, s.rate);
  CHECK_STR("a=b", s.log);
  CHECK_INT(1, s.method);
  CHECK_INT(1, s.quiet);
  CHECK_INT(1, option_given(&program, "lr"));
}

void test_defaults_stay(void) {
  CHECK_INT(OPTIONS_RUN, read_line("--seed 18446744073709551615"));
  CHECK_INT(10, s.epochs);
  CHECK_U64(UINT64_MAX, s.seed);
  CHECK_INT(0, option_given(&program, "epochs"));
  CHECK_INT(0, option_given(&program, "absent"));
}

void test_limits_are_allowed_values(void) {
  CHECK_INT(OPTIONS_RUN, read_line("--epochs 1000 --lr 0"));
  CHECK_INT(OPTIONS_RUN, read_line("--epochs 1 --lr 10"));
}

void test_auto_is_a_value_where_it_is_allowed(void) {
  s.damping = 3;
  CHECK_INT(OPTIONS_RUN, read_line("--damping auto"));
  CHECK(s.damping == OPTION_AUTO);
  CHECK_INT(OPTIONS_RUN, read_line("--damping 0"));
  CHECK_NEAR(0, 0, s.damping);
  refused("--damping -1", "--damping '-1': out of range; auto or a number from 0 to 10 is allowed");
  refused("--damping aut",
          "--damping 'aut': not a number; auto or a number from 0 to 10 is allowed");
  refused("--lr auto", "--lr 'auto': not a number; a number from 0 to 10 is allowed");
}

void test_operands_stop_at_their_number(void) {
  CHECK_INT(OPTIONS_RUN, read_line("a --epochs 2 b"));
  CHECK_INT(2, program.operands_given);
  CHECK_STR("b", names[1]);
  CHECK_INT(OPTIONS_RUN, read_line("-- --lr"));
  CHECK_STR("--lr", names[0]);
  refused("a b c", "'c' is one name too many; 2 are allowed");
}

void test_wrong_values_are_named(void) {
  refused("--epochs 0", "--epochs '0': out of range; a whole number from 1 to 1000 is allowed");
  refused("--epochs 1e3",
          "--epochs '1e3': not a whole number; a whole number from 1 to 1000 is allowed");
  refused(
      "--epochs 99999999999999999999",
      "--epochs '99999999999999999999': out of range; a whole number from 1 to 1000 is allowed");
  refused("--lr fast", "--lr 'fast': not a number; a number from 0 to 10 is allowed");
  refused("--lr nan", "--lr 'nan': out of range; a number from 0 to 10 is allowed");
  refused("--lr=", "--lr '': not a number; a number from 0 to 10 is allowed");
  refused("--seed -1", "--seed '-1': a whole number from 0 to 18446744073709551615 is allowed");
  refused("--seed 0x", "--seed '0x': a whole number from 0 to 18446744073709551615 is allowed");
  refused("--method kfa", "--method 'kfa': allowed are sgd|adam|kfac");
  refused("--quiet=1", "--quiet takes no value");
  refused("--log=", "--log: the value is empty");
}

void test_missing_values_are_named(void) {
  refused("--log", "--log needs a value (FILE)");
  refused("--log --quiet", "--log needs a value (FILE)");
}

void test_unknown_options_suggest_the_nearest(void) {
  refused("--epoch 3", "there is no option --epoch; did you mean --epochs?");
  refused("--methd=x", "there is no option --methd; did you mean --method?");
  refused("--xylophone", "there is no option --xylophone; --help lists all");
  refused("-q", "'-q': options begin with two dashes; --help lists all");
  CHECK_INT(OPTIONS_USAGE, read_line("--training")); /* a heading is no option */
}

void test_help_tells_each_option_with_its_default(void) {
  char *text;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  CHECK_INT(OPTIONS_HELP, read_line("--epochs 3 --help"));
  s.epochs = 10;
  options_help(&program, stream);
  CHECK_INT(0, fclose(stream));
  CHECK(strstr(text, "usage: kfix-test [options]\nTests.\n") == text);
  CHECK(strstr(text, "\ntraining:\n  --epochs N") != NULL);
  CHECK(strstr(text, "passes over the training data [10]\n") != NULL);
  CHECK(strstr(text, "learning rate [0.001]\n") != NULL);
  CHECK(strstr(text, "of the inverse [auto]\n") != NULL);
  CHECK(strstr(text, "update rule: sgd|adam|kfac [kfac]\n") != NULL);
  CHECK(strstr(text, "CSV log\n") != NULL);
  free(text);
}
