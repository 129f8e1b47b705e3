/* SPDX-License-Identifier: Apache-2.0
 * The line of progress. */
#define _DEFAULT_SOURCE /* TIOCGWINSZ */
#include "train_progress.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "port/posix/clock.h"

#define USUAL_COLUMNS 80
#define LINE_BYTES    256
#define PIECES        5

/* In the order of the line; the larger the rank, the sooner it is left out. */
typedef struct piece {
  char text[64];
  int rank;
} piece;

static size_t shown; /* length of the line that is there */

/* Seconds still to go, at the pace of this process so far. */
static double seconds_left(const train_run *run) {
  const train_options *o = &run->options;
  const train_state *s = &run->state;
  const double spent = kfix_posix_seconds() - run->started_at;
  const double done = o->steps > 0 ? (double)(s->step - run->started_step)
                                   : (double)(s->examples - run->started_examples);
  const double left =
      o->steps > 0 ? (double)o->steps - (double)s->step
                   : (double)(o->epochs - s->epoch) * run->batches.rows - (double)s->position;
  return done > 0 && left > 0 ? spent * left / done : 0;
}

/* A job in the background leaves the terminal to others. */
static int is_watched(const train_run *run) {
  if (run->options.quiet || !isatty(STDERR_FILENO)) return 0;
  const pid_t foreground = tcgetpgrp(STDERR_FILENO);
  return foreground < 0 || foreground == getpgrp();
}

/* Of the window now, and not more than COLUMNS says. */
static size_t columns(void) {
  struct winsize window = {0};
  const char *said = getenv("COLUMNS");
  const long wanted = said == NULL ? 0 : strtol(said, NULL, 10);
  const long wide = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 ? (long)window.ws_col : 0;
  if (wanted > 0 && (wide == 0 || wanted < wide)) return (size_t)wanted;
  return wide > 0 ? (size_t)wide : USUAL_COLUMNS;
}

static void fill(const train_run *run, piece pieces[PIECES]) {
  const kfix_report *r = &run->report;
  const uint64_t left = (uint64_t)(seconds_left(run) + 0.5);
  memset(pieces, 0, PIECES * sizeof *pieces);
  (void)snprintf(pieces[0].text, sizeof pieces->text, "step %" PRIu64, run->state.step);
  (void)snprintf(pieces[1].text, sizeof pieces->text, "  epoch %" PRIu64, run->state.epoch);
  (void)snprintf(pieces[2].text, sizeof pieces->text, "  loss %.6g", r->loss);
  if (kfix_methods[run->options.method].curvature != NULL)
    (void)snprintf(pieces[3].text, sizeof pieces->text, "  lambda %.3g", r->lambda);
  (void)snprintf(pieces[4].text, sizeof pieces->text,
                 "  %" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " left", left / 3600, left / 60 % 60,
                 left % 60);
  const int ranks[PIECES] = {0, 3, 2, 4, 1};
  for (int i = 0; i < PIECES; i++) pieces[i].rank = ranks[i];
}

/* The pieces below `rank`, and how long they are together. */
static size_t join(const piece pieces[PIECES], int rank, char line[LINE_BYTES]) {
  line[0] = '\0';
  for (int i = 0; i < PIECES; i++)
    if (pieces[i].rank < rank) strncat(line, pieces[i].text, LINE_BYTES - strlen(line) - 1);
  return strlen(line);
}

/* Over the line before. The last column stays free: some terminals go on to the next line after it. */
static void write_line(const char *line, size_t length, size_t room) {
  const size_t before = shown < room ? shown : room;
  const size_t blanks = before > length ? before - length : 0;
  (void)fprintf(stderr, "\r%s%*s%s", line, (int)blanks, "", length == 0 ? "\r" : "");
  (void)fflush(stderr);
  shown = length;
}

void progress_show(const train_run *run) {
  static double last;
  piece pieces[PIECES];
  char line[LINE_BYTES];
  const double now = kfix_posix_seconds();
  if (now - last < 0.2 || !is_watched(run)) return;
  last = now;
  const size_t room = columns() - 1;
  fill(run, pieces);
  int rank = PIECES;
  while (join(pieces, rank, line) > room) rank--;
  write_line(line, strlen(line), room);
}

void progress_clear(void) {
  if (shown > 0) write_line("", 0, columns() - 1);
}
