/* SPDX-License-Identifier: Apache-2.0
 * Ctrl-C and kill: the step in progress is finished first. */
#include "train_signals.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

static volatile sig_atomic_t caught;

static void on_signal(int number) {
  caught = number;
}

void signals_watch(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  /* The handler serves once: the second signal finds the default action. */
  action.sa_flags = (int)(SA_RESETHAND | SA_RESTART);
  sigemptyset(&action.sa_mask);
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
}

int signals_caught(void) {
  return (int)caught;
}
