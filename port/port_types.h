/* SPDX-License-Identifier: Apache-2.0
 * The words of port.h: what its kernels are told besides matrices. */
#ifndef KFIX_PORT_TYPES_H
#define KFIX_PORT_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/core/real.h"
#include "../lib/core/status.h"

typedef enum kfix_activation {
  KFIX_LINEAR,  /* s */
  KFIX_RELU,    /* s < 0 ? 0 : s */
  KFIX_SIGMOID, /* 1 / (1 + exp(-s)) */
  KFIX_TANH,
  KFIX_SOFTMAX, /* only at the output, with KFIX_CATEGORICAL */
  KFIX_ACTIVATION_COUNT
} kfix_activation;

typedef enum kfix_loss {
  KFIX_MSE,         /* 1/2 ||y - z||^2: y is normal around z with unit variance; F_R = I */
  KFIX_BERNOULLI,   /* sum softplus(z) - y z, z the logits; F_R = diag(p (1 - p)) */
  KFIX_CATEGORICAL, /* logsumexp(z) - y.z, y one-hot, z the logits; F_R = diag(p) - p p^T */
  KFIX_LOSS_COUNT
} kfix_loss;

typedef enum kfix_op {
  KFIX_N, /* the stored matrix */
  KFIX_T, /* its transpose */
  KFIX_S  /* symmetric, stored as a packed lower triangle (KFIX_TRIANGLE); ld is not used */
} kfix_op;

/* In place of the leading dimension of a symmetric matrix: it is a packed lower triangle. */
#define KFIX_PACKED 0

/* Windows over images. An example's image stands in one row of a matrix, as (row, column, channel); its
 * windows are numbered row by row, and so is what they give: (window, channel). Of each pair the vertical one
 * is first. What of a window lies outside of the image is padding. A window's patch is what it shows,
 * (kernel row, kernel column, channel), zeros where it shows padding. */
typedef struct kfix_windows {
  uint32_t height, width, channels; /* of the image */
  uint32_t rows, cols;              /* so many windows */
  uint32_t kernel[2], stride[2], pad[2];
} kfix_windows;

/* Of an image. Without casts, as all inline functions here: C++ programs read them too. */
KFIX_INLINE size_t kfix_image_reals(const kfix_windows *g) {
  const size_t height = g->height;
  return height * g->width * g->channels;
}
KFIX_INLINE size_t kfix_positions(const kfix_windows *g) {
  const size_t rows = g->rows;
  return rows * g->cols;
}
KFIX_INLINE size_t kfix_window_area(const kfix_windows *g) {
  const size_t rows = g->kernel[0];
  return rows * g->kernel[1];
}
KFIX_INLINE size_t kfix_patch_reals(const kfix_windows *g) {
  return kfix_window_area(g) * g->channels;
}

/* What is added to a variance before its root is taken. */
#define KFIX_NORM_EPS 1e-5

/* How a sum over rows goes: the first block has `head` rows, each other one `rows`, both above 0. The
 * results of a row are taken `weights[row]` times. */
typedef struct kfix_row_blocks {
  const kfix_real *weights; /* of the rows, in device memory; NULL: all 1 */
  size_t head, rows;
} kfix_row_blocks;

/* Hands of the caller: `run` calls task(arg, i) once for each i < tasks, on any thread, and returns
 * when all are done. `check` (NULL: nothing to say) is asked by kfix_create and by each call that
 * computes, which answer what it does, unless that is KFIX_OK. See port/posix/crew.h. */
typedef struct kfix_crew {
  unsigned threads;
  void (*run)(struct kfix_crew *crew, void (*task)(void *arg, unsigned index), void *arg,
              unsigned tasks);
  kfix_status (*check)(const struct kfix_crew *crew);
} kfix_crew;

typedef struct kfix_port kfix_port;

/* A port at work: its table, its scratch out of the arena, the caller's threads (NULL: none). */
typedef struct kfix_device {
  const kfix_port *port;
  kfix_crew *crew;
  void *scratch;
  size_t scratch_bytes;
  unsigned threads_max; /* scratch holds packing space for so many threads */
  void *handles;        /* what the caller gives to a GPU port; CPU ports ignore it */
} kfix_device;

/* 1 / weight + sum_j z_j^2 / (pole_j - x) = 0 has a root right of each pole: root i is origin[i] +
 * offset[i], origin being the nearer pole, so that differences from poles are accurate. Arrays of n
 * (host memory), readable up to the next multiple of 4, with z = 0 and pole = infinity there. */
typedef struct kfix_secular {
  size_t n;
  double inverse_weight; /* positive */
  double reach;          /* the last root is less than this right of the last pole */
  double tolerance;      /* of the equation, relative to the sum of its magnitudes */
  const double *pole;    /* ascending */
  const double *z;       /* not zero */
  double *origin, *offset, *weight;
} kfix_secular;

#endif
