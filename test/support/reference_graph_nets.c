/* SPDX-License-Identifier: Apache-2.0
 * The graphs of reference_graph.h. */
#include <string.h>

#include "reference_graph.h"

#define DENSE(source, in, out, f) KFIX_DENSE_NODE("dense", source, in, out, f)
#define ADD(x, y, width, f)                                                           \
  {                                                                                   \
    .name = "add", .kind = KFIX_KIND_add, .activation = (f), .reads = 2, .from = (x), \
    .other = (y), .units = (width)                                                    \
  }

/* Windows of `kernel_rows` x `kernel_cols` and so on, `columns` of W. */
#define WINDOWS(which, source, rows, cols_, chan, kr, kc, sr, sc, pr, pc, columns, f)           \
  {                                                                                             \
    .name = #which, .kind = KFIX_KIND_##which, .activation = (f), .reads = 1, .from = (source), \
    .units = (rows) * (cols_) * (chan), .cols = (columns), .image = {(rows), (cols_), (chan)},  \
    .kernel = {(kr), (kc)}, .stride = {(sr), (sc)}, .pad = {                                    \
      (pr),                                                                                     \
      (pc)                                                                                      \
    }                                                                                           \
  }

/* `numbers` of W for each channel. */
#define DEPTHWISE(source, rows, cols_, chan, kr, kc, sr, sc, pr, pc, numbers, f)        \
  {                                                                                     \
    .name = "depthwise", .kind = KFIX_KIND_depthwise, .activation = (f), .reads = 1,    \
    .from = (source), .units = (rows) * (cols_) * (chan), .cols = 1,                    \
    .image = {(rows), (cols_), (chan)}, .kernel = {(kr), (kc)}, .stride = {(sr), (sc)}, \
    .pad = {(pr), (pc)}, .each = (numbers)                                              \
  }

#define NORM(source, rows_, cols_, chan, f)                                                  \
  {                                                                                          \
    .name = "norm", .kind = KFIX_KIND_norm, .activation = (f), .reads = 1, .from = (source), \
    .units = (rows_) * (cols_) * (chan), .cols = 1, .image = {(rows_), (cols_), (chan)},     \
    .kernel = {1, 1}, .stride = {1, 1}, .each = 2, .moments = 2 * (chan)                     \
  }

typedef struct shape {
  const char *name;
  uint32_t inputs, count;
  kfix_image image;
  kfix_node_spec nodes[GRAPH_NODES];
} shape;

/* One residual block; skips that overlap, a node with three readers, a sum of sums; two dense nodes that
 * read the same, a sum with the input, which puts out; a first node that is a sum's only way back. Of
 * images: convolutions with and without bias, of odd and even sizes, between pools of both kinds; a residual
 * block, 1 x 1, a padded pool with two readers, pools that overlap, a dense node on an image; images of one
 * column, a pool on the input, a stride, and a pool that puts out; channels by themselves, with and without a bias, the last of
 * them in one window. */
static const shape shapes[] = {
    {"block",
     5,
     4,
     {0},
     {DENSE(0, 5, 7, KFIX_TANH), DENSE(1, 7, 7, KFIX_LINEAR), ADD(2, 1, 7, KFIX_SIGMOID),
      DENSE(3, 7, 3, KFIX_LINEAR)}},
    {"skips",
     6,
     8,
     {0},
     {DENSE(0, 6, 11, KFIX_TANH), DENSE(1, 11, 5, KFIX_SIGMOID), DENSE(2, 5, 11, KFIX_LINEAR),
      ADD(3, 1, 11, KFIX_TANH), DENSE(4, 11, 11, KFIX_TANH), ADD(1, 5, 11, KFIX_LINEAR),
      ADD(6, 4, 11, KFIX_SIGMOID), DENSE(7, 11, 2, KFIX_TANH)}},
    {"forks",
     4,
     5,
     {0},
     {DENSE(0, 4, 9, KFIX_TANH), DENSE(1, 9, 4, KFIX_SIGMOID), DENSE(1, 9, 4, KFIX_TANH),
      ADD(2, 3, 4, KFIX_LINEAR), ADD(0, 4, 4, KFIX_LINEAR)}},
    {"one",
     1,
     3,
     {0},
     {DENSE(0, 1, 1, KFIX_TANH), ADD(1, 0, 1, KFIX_TANH), DENSE(2, 1, 13, KFIX_LINEAR)}},
    {"pools",
     40,
     5,
     {5, 4, 2},
     {WINDOWS(conv, 0, 5, 4, 3, 3, 3, 1, 1, 1, 1, 19, KFIX_TANH),
      WINDOWS(max_pool, 1, 2, 2, 3, 2, 2, 2, 2, 0, 0, 0, KFIX_LINEAR),
      WINDOWS(conv, 2, 3, 2, 4, 2, 1, 1, 1, 1, 0, 6, KFIX_SIGMOID),
      WINDOWS(mean_pool, 3, 1, 1, 4, 3, 2, 1, 1, 0, 0, 0, KFIX_LINEAR),
      DENSE(4, 4, 3, KFIX_LINEAR)}},
    {"residual",
     20,
     8,
     {4, 5, 1},
     {WINDOWS(conv, 0, 4, 5, 3, 1, 1, 1, 1, 0, 0, 2, KFIX_TANH),
      WINDOWS(conv, 1, 4, 5, 3, 3, 3, 1, 1, 1, 1, 27, KFIX_LINEAR), ADD(2, 1, 60, KFIX_SIGMOID),
      WINDOWS(max_pool, 3, 2, 3, 3, 3, 3, 2, 2, 1, 1, 0, KFIX_LINEAR),
      WINDOWS(conv, 4, 2, 3, 3, 3, 3, 1, 1, 1, 1, 28, KFIX_TANH), ADD(5, 4, 18, KFIX_LINEAR),
      WINDOWS(mean_pool, 6, 3, 4, 3, 2, 2, 1, 1, 1, 1, 0, KFIX_TANH),
      DENSE(7, 36, 2, KFIX_LINEAR)}},
    {"columns",
     21,
     3,
     {7, 1, 3},
     {WINDOWS(max_pool, 0, 6, 1, 3, 2, 1, 1, 1, 0, 0, 0, KFIX_LINEAR),
      WINDOWS(conv, 1, 3, 1, 5, 3, 1, 2, 1, 1, 0, 10, KFIX_TANH),
      WINDOWS(mean_pool, 2, 2, 1, 5, 2, 1, 1, 1, 0, 0, 0, KFIX_LINEAR)}},
    {"channels",
     40,
     5,
     {5, 4, 2},
     {DEPTHWISE(0, 5, 4, 2, 3, 3, 1, 1, 1, 1, 10, KFIX_TANH),
      WINDOWS(conv, 1, 5, 4, 3, 1, 1, 1, 1, 0, 0, 2, KFIX_SIGMOID),
      DEPTHWISE(2, 3, 2, 3, 2, 3, 2, 2, 1, 1, 6, KFIX_TANH),
      DEPTHWISE(3, 1, 1, 3, 3, 2, 1, 1, 0, 0, 7, KFIX_TANH), DENSE(4, 3, 2, KFIX_LINEAR)}}};

/* With normalisations: between dense nodes, in a residual block; of images, before a pool and behind it; of the
 * input, and of what is put out; twice in a row, of a single channel. */
static const shape normed[] = {
    {"block",
     5,
     6,
     {0},
     {DENSE(0, 5, 7, KFIX_LINEAR), NORM(1, 1, 1, 7, KFIX_TANH), DENSE(2, 7, 7, KFIX_LINEAR),
      NORM(3, 1, 1, 7, KFIX_LINEAR), ADD(4, 2, 7, KFIX_SIGMOID), DENSE(5, 7, 3, KFIX_LINEAR)}},
    {"images",
     20,
     8,
     {4, 5, 1},
     {WINDOWS(conv, 0, 4, 5, 3, 3, 3, 1, 1, 1, 1, 9, KFIX_LINEAR), NORM(1, 4, 5, 3, KFIX_TANH),
      WINDOWS(conv, 2, 4, 5, 3, 3, 3, 1, 1, 1, 1, 27, KFIX_LINEAR), NORM(3, 4, 5, 3, KFIX_LINEAR),
      ADD(4, 2, 60, KFIX_TANH), WINDOWS(max_pool, 5, 2, 2, 3, 2, 3, 2, 2, 0, 0, 0, KFIX_LINEAR),
      NORM(6, 2, 2, 3, KFIX_SIGMOID), DENSE(7, 12, 2, KFIX_LINEAR)}},
    {"ends",
     12,
     4,
     {3, 2, 2},
     {NORM(0, 3, 2, 2, KFIX_LINEAR), WINDOWS(conv, 1, 2, 2, 1, 2, 1, 1, 1, 0, 0, 5, KFIX_TANH),
      NORM(2, 2, 2, 1, KFIX_TANH), NORM(3, 2, 2, 1, KFIX_LINEAR)}}};

/* A sum of images is one. */
static kfix_image image_of(const ref_graph *g, const kfix_node_spec *n) {
  const kfix_image source = kfix_net_image(&g->net, n->from);
  if (n->kind == KFIX_KIND_add) return source;
  return n->kernel[0] ? n->image : (kfix_image){1, 1, n->units};
}

static void describe(ref_graph *g, const shape *s) {
  memset(g, 0, sizeof *g);
  memcpy(g->nodes, s->nodes, sizeof g->nodes);
  g->net = (kfix_net){.name = s->name,
                      .nodes = g->nodes,
                      .node_count = s->count,
                      .inputs = s->inputs,
                      .image = s->image,
                      .loss = KFIX_MSE,
                      .target = KFIX_TARGET_VALUES,
                      .chunk = 64,
                      .row_block = 32,
                      .threads = 3};
  for (uint32_t n = 0; n < s->count; n++) {
    g->nodes[n].image = image_of(g, &g->nodes[n]);
    if (g->nodes[n].cols == 0) continue;
    const uint32_t block = g->net.block_count++;
    g->w[block + 1] = g->w[block] + (size_t)kfix_node_rows(&g->nodes[n]) * g->nodes[n].cols;
  }
}

int graph_begin(ref_graph *g, int i) {
  if (i >= (int)(sizeof shapes / sizeof shapes[0])) return 0;
  describe(g, &shapes[i]);
  return 1;
}

int graph_begin_normed(ref_graph *g, int i, uint32_t group) {
  if (i >= (int)(sizeof normed / sizeof normed[0])) return 0;
  describe(g, &normed[i]);
  g->net.group = group;
  g->net.stats_rows = 64;
  return 1;
}
