/* SPDX-License-Identifier: Apache-2.0
 * Command lines from one table: the parser, its messages and --help all read it, so they cannot
 * drift apart. Long options only: --name value, --name=value, and flags.
 *
 *   static settings s = {.epochs = 10, .rate = 1e-3};
 *   option_spec table[] = {
 *       OPTION_INT("epochs", s.epochs, 1, 1000000, "N", "passes over the training data"),
 *       OPTION_REAL("lr", s.rate, 0, 10, "X", "learning rate"),
 *       OPTION_CHOICE("method", s.method, "sgd|adam|kfac", "update rule"),
 *       OPTION_FLAG("quiet", s.quiet, "no progress line"),
 *   };
 *   option_program program = {.name = "kfix-train", .summary = "Trains a network.",
 *                             .options = table, .count = OPTION_COUNT(table)};
 *   switch (options_parse(&program, argc, argv)) { ... }
 *
 * What a variable holds before the parse is its default and is shown by --help. */
#ifndef KFIX_TOOLS_OPTIONS_H
#define KFIX_TOOLS_OPTIONS_H

#include <stdint.h>
#include <stdio.h>

#include "files/tool_error.h"

typedef enum option_kind {
  OPTION_KIND_GROUP, /* a heading in --help */
  OPTION_KIND_FLAG,
  OPTION_KIND_INT,
  OPTION_KIND_U64,
  OPTION_KIND_REAL,
  OPTION_KIND_REAL_OR_AUTO, /* `low` to `high`, not below 0, or the word auto: OPTION_AUTO */
  OPTION_KIND_STRING,
  OPTION_KIND_CHOICE
} option_kind;

typedef struct option_spec {
  const char *name; /* without the dashes */
  option_kind kind;
  void *target;      /* int (flag, choice: its index), int64_t, uint64_t, double or const char * */
  double low, high;  /* what an int or a real may be, both ends included */
  const char *value; /* how --help calls the value; of a choice: "a|b|c" */
  const char *help;
  int given; /* set by the parser: the option was on the command line */
  /* of a choice: lines "word: advice", words that another build would allow; NULL: there are none */
  const char *absent;
} option_spec;

#define OPTION_AUTO (-1)

/* The variable itself, so that a wrong type does not compile. A default of NAN, or a NULL string,
 * is shown as nothing: the help text then says what happens. */
#define OPTION_GROUP(title) \
  { (title), OPTION_KIND_GROUP, NULL, 0, 0, NULL, NULL, 0, NULL }
#define OPTION_FLAG(name, variable, help) \
  { (name), OPTION_KIND_FLAG, 1 ? &(variable) : (int *)0, 0, 1, NULL, (help), 0, NULL }
#define OPTION_INT(name, variable, low, high, value, help)                                      \
  {                                                                                             \
    (name), OPTION_KIND_INT, 1 ? &(variable) : (int64_t *)0, (low), (high), (value), (help), 0, \
        NULL                                                                                    \
  }
#define OPTION_U64(name, variable, value, help) \
  { (name), OPTION_KIND_U64, 1 ? &(variable) : (uint64_t *)0, 0, 0, (value), (help), 0, NULL }
#define OPTION_REAL(name, variable, low, high, value, help)                                     \
  {                                                                                             \
    (name), OPTION_KIND_REAL, 1 ? &(variable) : (double *)0, (low), (high), (value), (help), 0, \
        NULL                                                                                    \
  }
#define OPTION_REAL_OR_AUTO(name, variable, low, high, value, help)                          \
  {                                                                                          \
    (name), OPTION_KIND_REAL_OR_AUTO, 1 ? &(variable) : (double *)0, (low), (high), (value), \
        (help), 0, NULL                                                                      \
  }
#define OPTION_STRING(name, variable, value, help) \
  { (name), OPTION_KIND_STRING, 1 ? &(variable) : (const char **)0, 0, 0, (value), (help), 0, NULL }
#define OPTION_CHOICE(name, variable, choices, help) \
  { (name), OPTION_KIND_CHOICE, 1 ? &(variable) : (int *)0, 0, 0, (choices), (help), 0, NULL }
#define OPTION_CHOICE_OR(name, variable, choices, absent, help) \
  { (name), OPTION_KIND_CHOICE, 1 ? &(variable) : (int *)0, 0, 0, (choices), (help), 0, (absent) }
#define OPTION_COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* What --help, --help=man and --help=bash print, all from the table. */
typedef enum option_form { OPTION_FORM_TEXT, OPTION_FORM_MAN, OPTION_FORM_BASH } option_form;

typedef struct option_program {
  const char *name;    /* "kfix-train" */
  const char *summary; /* a sentence or two */
  const char *usage;   /* what follows the name in the usage line; NULL: "[options]" */
  const char *notes;   /* printed after the options; may be NULL */
  option_spec *options;
  size_t count;
  const char **operands; /* room for words that are no options; NULL: none are allowed */
  size_t operands_max, operands_given;
  option_form form; /* set by the parser, where it answers OPTIONS_HELP */
} option_program;

typedef enum option_outcome {
  OPTIONS_RUN,  /* go on */
  OPTIONS_HELP, /* --help was asked for and printed to stdout: exit with 0 */
  OPTIONS_USAGE /* something is wrong and was said on stderr: exit with 2 */
} option_outcome;

option_outcome options_parse(option_program *program, int argc, char **argv);

/* The same, silent: the message goes to err, and --help prints nothing. */
option_outcome options_read(option_program *program, int argc, char **argv, tool_error *err);

void options_help(const option_program *program, FILE *stream);
/* A manual page in troff, section 1. */
void options_man(const option_program *program, FILE *stream);
/* A bash script that completes names of options, words of choices, and files. */
void options_completion(const option_program *program, FILE *stream);

#define OPTION_TEXT_BYTES 1536
/* What there is to say of an option: its help, the words of a choice, its default in brackets. */
void option_text(const option_spec *o, char text[OPTION_TEXT_BYTES]);
/* What its value is called, NULL for a flag. */
const char *option_value_name(const option_spec *o);

/* 1 if --name was on the command line; a name outside the table is 0. */
int option_given(const option_program *program, const char *name);

/* The text of choice `index` of "a|b|c", and its length; NULL past the last. */
const char *option_choice_text(const char *choices, int index, size_t *length);

/* What is wrong after the parse, as usage: prints "kfix-NAME: message" and how to get help;
 * returns the exit status 2. */
int options_complain(const option_program *program, const tool_error *err);

#endif
