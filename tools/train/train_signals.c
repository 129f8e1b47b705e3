/* SPDX-License-Identifier: Apache-2.0
 * Signals that end a run. */
#define _XOPEN_SOURCE 700
#include "train_signals.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#define ECHO_MS 100

static const int requests[] = {SIGINT, SIGTERM};
static const int warnings[] = {SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU, SIGPIPE};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static volatile sig_atomic_t caught;
static volatile sig_atomic_t caught_at; /* in milliseconds, of a request */

static int is_request(int number) {
  return number == SIGINT || number == SIGTERM;
}

/* Wraps, so only differences mean something. */
static unsigned milliseconds(void) {
  struct timespec now = {0, 0};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (unsigned)now.tv_sec * 1000u + (unsigned)(now.tv_nsec / 1000000);
}

static void end_now(int number) {
  (void)signal(number, SIG_DFL);
  (void)raise(number);
}

/* A request outweighs a warning that came before. */
static void on_request(int number) {
  const unsigned now = milliseconds();
  if (!is_request(caught)) {
    caught_at = (sig_atomic_t)now;
    caught = number;
  } else if (now - (unsigned)caught_at >= ECHO_MS) {
    end_now(number);
  }
}

static void on_warning(int number) {
  if (caught == 0) caught = number;
}

static void watch(int number, void (*handler)(int)) {
  struct sigaction action;
  if (sigaction(number, NULL, &action) != 0 || action.sa_handler == SIG_IGN) return;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  (void)sigaction(number, &action, NULL);
}

void signals_watch(void) {
  for (size_t i = 0; i < COUNT(requests); i++) watch(requests[i], on_request);
  for (size_t i = 0; i < COUNT(warnings); i++) watch(warnings[i], on_warning);
}

int signals_caught(void) {
  return (int)caught;
}

int signals_die(int number) {
  const struct rlimit none = {0, 0};
  (void)setrlimit(RLIMIT_CORE, &none);
  end_now(number);
  return 128 + number;
}
