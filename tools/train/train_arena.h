/* SPDX-License-Identifier: Apache-2.0
 * What the config header decides at compile time: the network, the memory, the natural data. */
#ifndef KFIX_TOOLS_TRAIN_ARENA_H
#define KFIX_TOOLS_TRAIN_ARENA_H

#include "lib/kfix.h"

const kfix_net *train_net(void);

/* As much as the greediest method on the greediest port needs, of those within the budget. */
size_t train_reserved(void);
/* The run's arena: so many bytes, static; or `needed` of them and a line, where they are more than a program's
 * static memory may be. NULL: the system has no such memory. */
void *train_arena(size_t needed, size_t *bytes);

/* The config's KFIX_BUDGET; SIZE_MAX: none. */
size_t train_budget(void);

/* The linked ports, from the slowest to the fastest, NULL past the last. */
const kfix_port *train_port(uint32_t i);

/* A port that this build lacks, and how to get it: "name: advice"; NULL: none. */
const char *train_absent_port(void);

/* The port to take when none is asked for: the one the build names, else the fastest that this
 * machine has. NULL: none. */
const kfix_port *train_default_port(void);

/* The data set that the config names, else the one that fits its number of inputs; NULL: none. */
const char *train_default_data(void);

#endif
