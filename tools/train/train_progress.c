/* SPDX-License-Identifier: Apache-2.0
 * The line of progress. */
#include "train_progress.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/progress_line.h"
#include "port/posix/clock.h"

#define LINE_BYTES 256
#define PIECES     5

/* In the order of the line; the larger the rank, the sooner it is left out. */
typedef struct piece {
  char text[64];
  int rank;
} piece;

/* Seconds still to go to the goal, at the pace of this process so far. */
static double seconds_to_goal(const train_run *run) {
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

static double seconds_left(const train_run *run) {
  const double left = seconds_to_goal(run), limit = run->options.time_limit;
  const double allowed = limit - (kfix_posix_seconds() - run->opened_at);
  return limit > 0 && allowed < left ? fmax(allowed, 0) : left;
}

static void fill(const train_run *run, piece pieces[PIECES]) {
  const kfix_report *r = &run->report;
  const uint64_t left = (uint64_t)(seconds_left(run) + 0.5);
  memset(pieces, 0, PIECES * sizeof *pieces);
  (void)snprintf(pieces[0].text, sizeof pieces->text, "step %" PRIu64, run->state.step);
  (void)snprintf(pieces[1].text, sizeof pieces->text, "  epoch %" PRIu64, run->state.epoch);
  (void)snprintf(pieces[2].text, sizeof pieces->text, "  loss %.6g", r->loss);
  if (kfix_method_of(run->options.method)->direction != NULL)
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

void progress_show(const train_run *run) {
  static double last;
  piece pieces[PIECES];
  char line[LINE_BYTES];
  const double now = kfix_posix_seconds();
  if (run->options.quiet || now - last < 0.2 || !progress_line_is_seen()) return;
  last = now;
  const size_t room = progress_line_room();
  fill(run, pieces);
  int rank = PIECES;
  while (join(pieces, rank, line) > room) rank--;
  progress_line_show("%s", line);
}
