/* SPDX-License-Identifier: Apache-2.0
 * What a kind of node brings: a form, which is all that predictions need, and the rest, which training
 * needs. Each is a const descriptor, named by the kind: kfix_form_dense, kfix_kind_dense.
 *
 * A node's s is made by its kind; what is the same for all, the activation and its derivative, is done
 * around it (net/forward.c, backward.c, tangent.c). */
#ifndef KFIX_NET_KIND_H
#define KFIX_NET_KIND_H

#include "../core/arena.h"
#include "../core/status.h"
#include "kinds.h"

struct kfix;
struct kfix_slice;
struct kfix_visitor;

typedef struct kfix_kind_form {
  /* 1 where units and cols of the node follow from what it reads. */
  int (*fits)(const kfix_net *net, const kfix_node_spec *n);
  /* out = s of `rows` rows; in, other: what the node reads, each with a column of ones behind its units.
   * w: the node's W. */
  kfix_status (*forward)(const kfix_device *d, const kfix_net *net, const kfix_node_spec *n,
                         const kfix_real *w, size_t rows, kfix_rows in, kfix_rows other,
                         kfix_rows out);
} kfix_kind_form;

/* Of all these, `node` is a place from 1. */
typedef struct kfix_kind_info {
  /* The node's DELTA, with respect to s, is there: adds to that of what the node reads. */
  kfix_status (*backward)(struct kfix *k, uint32_t node, const kfix_real *theta, size_t rows);
  /* out = the tangent of s along v for rows [first, first + rows) of the chunk. */
  kfix_status (*tangent)(struct kfix *k, uint32_t node, const kfix_real *theta, const kfix_real *v,
                         size_t first, size_t rows, kfix_rows out);
  /* Hands abar and g of its block on, in slices from first to last: `all` has what stands of the rows. NULL: a node of
   * this kind has no block. */
  kfix_status (*each_slice)(struct kfix *k, const struct kfix_slice *all,
                            const struct kfix_visitor *visitor);
  /* Row `row` of the initial W, on the host; options.init says how. NULL: no block. */
  void (*initialise)(const struct kfix *k, uint32_t node, uint32_t row, kfix_real *w);
  /* OUT of the node before its activation, where training does more for it than its form. NULL: the form's. */
  kfix_status (*forward)(struct kfix *k, uint32_t node, const kfix_real *theta, size_t rows);
} kfix_kind_info;

/* By kfix_kind. */
extern const kfix_kind_form *const kfix_kind_forms[KFIX_KIND_COUNT];
extern const kfix_kind_info *const kfix_kind_infos[KFIX_KIND_COUNT];

#define KFIX_DECLARE_KIND(kind)                 \
  extern const kfix_kind_form kfix_form_##kind; \
  extern const kfix_kind_info kfix_kind_##kind;
KFIX_KIND_LIST(KFIX_DECLARE_KIND)
#undef KFIX_DECLARE_KIND

/* 0 where a description says what no config may: the shapes, the row blocks, a node that nobody reads,
 * and what of activations, loss and target goes together. */
int kfix_net_is_sound(const kfix_net *net);

#endif
