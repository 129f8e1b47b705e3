/* SPDX-License-Identifier: Apache-2.0
 * kfix: neural networks trained with Kronecker-factored natural gradient, in fixed memory.
 *
 *   #define KFIX_CONFIG "config/digits_tiny.h"      a network, see config/README.md
 *   #include <kfix.h>
 *   #include <port/simd/simd.h>                     the kernels to compute with
 *   KFIX_DEFINE_NET(net);
 *   static _Alignas(KFIX_ALIGN) unsigned char arena[KFIX_BYTES(kfac, simd)];
 *
 * The library allocates nothing, prints nothing and keeps no globals. A trainer lives in its arena
 * from kfix_create on and must not be moved. Functions answer KFIX_OK or what was wrong; a step
 * that fails leaves parameters, statistics, damping and counters as they were. One trainer, one
 * thread at a time. */
#ifndef KFIX_H
#define KFIX_H

#include "core/batch.h"
#include "core/digest.h"
#include "core/options.h"
#include "core/random.h"
#include "core/report.h"
#include "core/status.h"
#include "methods.h"
#include "net/kinds.h"
#include "net/predictor.h"

#ifdef __cplusplus
extern "C" {
#endif

#define KFIX_VERSION "0.1.0"

/* For the order of examples and for digests of one's own: kfix_permutation (core/random.h) and
 * kfix_digest_begin, _add, _end (core/digest.h). */

/* ---- a trainer ---- */

typedef struct kfix kfix;

/* Bytes of arena, at run time: the value of KFIX_BYTES; 0 for a net that kfix_create would refuse. */
size_t kfix_bytes(const kfix_net *net, kfix_method method, const kfix_port *port);
/* The part of it that the host's arena holds where the port computes on a device
 * (KFIX_HOST_BYTES); the rest is the device's (KFIX_DEVICE_BYTES). */
size_t kfix_host_bytes(const kfix_net *net, kfix_method method, const kfix_port *port);

/* What kfix_create compares of the program and the library. */
typedef struct kfix_abi {
  size_t enum_bytes, net_bytes, options_bytes, report_bytes;
  const char *methods, *kinds;
} kfix_abi;
#define KFIX_ABI_METHOD(id, name, rule, direction, curvature) #id " "
#define KFIX_ABI_KIND(kind)                                   #kind " "
#define KFIX_ABI_OF_THIS_FILE                                                         \
  {                                                                                   \
    sizeof(kfix_status), sizeof(kfix_net), sizeof(kfix_options), sizeof(kfix_report), \
        KFIX_METHOD_LIST(KFIX_ABI_METHOD), KFIX_KIND_LIST(KFIX_ABI_KIND)              \
  }

/* What a trainer is made of; read during kfix_create alone. Members that are zero stand for what is not
 * there: a list of designated members may leave them out. */
typedef struct kfix_setup {
  const kfix_net *net; /* the trainer reads it as long as it lives */
  kfix_method method;
  const kfix_options *options; /* NULL: kfix_options_default; copied */
  const kfix_port *port;
  kfix_crew *crew; /* lives as long as the trainer; NULL: the caller's thread alone */
  void *handles;   /* of a port that computes on a device, with its memory; NULL otherwise */
  void *arena;     /* where the trainer is built; aligned to KFIX_ALIGN */
  size_t bytes; /* of arena: kfix_bytes, or kfix_host_bytes where handles bring the rest; or more */
} kfix_setup;

/* kfix_create, for a program compiled like this. */
kfix_status kfix_create_from(const kfix_abi *program, kfix **k, const kfix_setup *setup,
                             size_t *needed) KFIX_MUST_CHECK;

/* The options with what auto stands for, with this net and method: driver, learning_rate, momentum,
 * stats_every. lambda stays KFIX_AUTO: it is found at the first step. kfix_create does this itself. */
kfix_options kfix_options_settled(const kfix_options *options, const kfix_net *net,
                                  kfix_method method);

/* KFIX_OPTION and the option's id (bad may be NULL), where the method cannot do what an option asks for:
 * fisher exact, of kpsvd, deflation, lanczos, kfac-corrected, exact and two-level, which work on examples
 * together, each with one g. kfix_create asks this itself. */
kfix_status kfix_options_suit(const kfix_options *options, kfix_method method,
                              kfix_option_id *bad) KFIX_MUST_CHECK;

/* Whether the method takes this net, with these options (NULL: kfix_options_default): BAD_NET, NOT_A_CHAIN,
 * NO_WINDOWS, NEEDS_PAIRS (lib/curvature/README.md has the table), COUPLED. kfix_create asks this itself. */
kfix_status kfix_net_suits(const kfix_net *net, kfix_method method,
                           const kfix_options *options) KFIX_MUST_CHECK;

/* Builds a trainer in setup->arena, with initial weights drawn from the seed of its options. Errors:
 * ARENA_SMALL (*needed, unless NULL, then holds the size), ARENA_ALIGN, DEVICE_SMALL, BAD_NET,
 * NOT_A_CHAIN, NO_WINDOWS, NEEDS_PAIRS, OPTION, ARGUMENT, PORT, PORT_ROUNDING, CREW, ABI_...; *k is then NULL, and the arena as it was, but for a PORT
 * that came after the checks.
 *
 * PORT_ROUNDING: the library, or the port, was compiled with options such as -ffast-math, or this
 * thread, or one of the crew, does not round to nearest or flushes subnormals to zero: undone by
 * fesetenv(FE_DFL_ENV), and by not linking with -Ofast. CREW: the crew's threads stayed in the parent
 * of a fork. All that computes looks for both, and answers them with its state untouched. */
KFIX_MUST_CHECK static inline kfix_status kfix_create(kfix **k, const kfix_setup *setup,
                                                      size_t *needed) {
  static const kfix_abi program = KFIX_ABI_OF_THIS_FILE;
  return kfix_create_from(&program, k, setup, needed);
}

/* One step on the batch. report (may be NULL) says what happened, in failure too. Errors: FETCH, WEIGHTS,
 * DATA_NONFINITE, LOSS_NONFINITE, GRADIENT_NONFINITE, STATISTICS_NONFINITE, NOT_POSITIVE,
 * NOT_CONVERGED, REFUSED, UPDATE_NONFINITE, PORT, PORT_ROUNDING, CREW, GUARD, ARGUMENT (no rows, or a
 * table of another net's widths); nothing is then changed. A step that the curvature spoils is tried
 * again with more damping (4, 16, 256 ... times lambda), options.retries times. The fixed driver keeps
 * that damping until the schedule's next refresh, the adaptive one takes it back by fours, step by step.
 * The adaptive driver looks at the outcome every T1 steps and where it may be bad: the update promises
 * more than a quarter of the objective, or is longer than the one before, by half, or by a quarter if it
 * promises more than a twentieth (with use_momentum 0: if it promises that). A rise above the promised fall, or of a quarter of the objective,
 * counts as such a failure. */
kfix_status kfix_step(kfix *k, const kfix_batch *batch, kfix_report *report) KFIX_MUST_CHECK;

typedef enum kfix_iterate { KFIX_ITERATE, KFIX_ITERATE_AVERAGE } kfix_iterate;

/* Means over the rows of a batch, weighted if it has weights; objective includes (eta / 2) ||theta||^2. error: ||p - y||^2, or
 * the part of the rows whose class is wrong. */
typedef struct kfix_score {
  double objective, loss, error;
} kfix_score;
kfix_status kfix_evaluate(kfix *k, kfix_iterate which, const kfix_batch *batch,
                          kfix_score *score) KFIX_MUST_CHECK;

/* Means of the predictive distribution, rows x outputs, for a batch whose targets are not asked
 * for. DATA_NONFINITE: p holds what came of it. */
kfix_status kfix_predict(kfix *k, kfix_iterate which, const kfix_batch *batch, kfix_real *p,
                         size_t ldp) KFIX_MUST_CHECK;

/* Layer i (from 1), the i-th node that has parameters: out x (in + 1), dense, the bias in the last column; of a
 * normalisation channels x (scale, shift). Setting
 * them starts the averaged iterate and the previous update anew; Adam's moments stay, as their bias is
 * counted from the first step. */
kfix_status kfix_get_weights(kfix *k, kfix_iterate which, uint32_t layer,
                             kfix_real *w) KFIX_MUST_CHECK;
kfix_status kfix_set_weights(kfix *k, uint32_t layer, const kfix_real *w) KFIX_MUST_CHECK;

/* Where layer i is a normalisation: the running mean and variance of each of its channels, by which evaluations and
 * predictions go, and predictors, whose matrix of such a layer is (scale, shift) of each channel, then these. They are
 * those of the iterate, of which an average has none of its own. The first step after kfix_create takes its
 * batch's. ARGUMENT: it is none; or (set) a number is not finite, or a variance below zero. */
kfix_status kfix_get_moments(kfix *k, uint32_t layer, kfix_real *moments) KFIX_MUST_CHECK;
kfix_status kfix_set_moments(kfix *k, uint32_t layer, const kfix_real *moments) KFIX_MUST_CHECK;

/* ---- what is inside ---- */

/* A matrix of the last committed step, by the name that traces use: "W" (before), "W_after",
 * "average", "grad", "update", "prev_update", and those of the method ("A", "G"). Dense rows x cols
 * into out, which holds `capacity` reals; out NULL: only *rows and *cols. ARGUMENT: no such name,
 * layer or space. After a step that failed, "grad", "W" and "prev_update" are what that attempt left
 * behind. */
kfix_status kfix_view(kfix *k, const char *name, uint32_t layer, kfix_real *out, size_t capacity,
                      size_t *rows, size_t *cols) KFIX_MUST_CHECK;
/* The i-th name that the method adds to that list, NULL past the last. */
const char *kfix_view_name(const kfix *k, uint32_t i);
/* Watches each step for what it does not keep, its sampled targets and its direction, from now on
 * (NULL: no longer). *observer is copied. */
void kfix_observe(kfix *k, const kfix_observer *observer);
/* NULL where there is no trainer. */
const kfix_report *kfix_last_report(const kfix *k);
/* A number of layer i (from 1), as the inverse in force has it. "pi": of the damping [KFAC 6.3].
 * "floored": entries of 1 +- s1 s2 that were raised to the floor (kfac-tridiag: of Sigma_i|i+1;
 * deflation, lanczos, kfac-corrected: of the block). "smith_steps": of the same methods' kron_solver smith, in
 * the place of floored. ARGUMENT: the method has no such number. */
kfix_status kfix_number(kfix *k, const char *name, uint32_t layer, double *out) KFIX_MUST_CHECK;
/* The i-th name of the method's numbers, NULL past the last. */
const char *kfix_number_name(const kfix *k, uint32_t i);

/* ---- the exact natural gradient beside any other direction ---- */

/* Of a direction Delta from Delta* = -(F + damping I)^-1 gradient. */
typedef struct kfix_distance {
  double euclidean; /* ||Delta - Delta*|| / ||Delta*|| */
  double fisher;    /* the same in the norm of F + damping I */
  double cosine;    /* of the angle between the two */
  size_t rows;      /* behind F */
} kfix_distance;

/* k is a trainer of method exact for the same net and options as the one whose step is looked at, with that
 * one's weights before the step (kfix_set_weights). step: its number, from 1, so that targets are drawn alike;
 * damping: its report's made.damping; delta: its direction, as an observer sees it, dense, layer behind layer.
 * F is that of the first rows of the batch, KFIX_STATS_ROWS at most, and options.direction_fraction. The state
 * of k is only read. Errors: ARGUMENT (not of method exact, or no damping), those of a step. cost: two steps. */
kfix_status kfix_distance_from_exact(kfix *k, const kfix_batch *batch, uint64_t step,
                                     double damping, const kfix_real *delta,
                                     kfix_distance *out) KFIX_MUST_CHECK;

/* ---- one block of the Fisher matrix ---- */

/* The examples behind the block of `layer` (from 1) at the present weights: abar, rows x (in + 1),
 * and g, rows x out, dense, on the host. Targets are those that the next step would draw for this
 * batch, or the training targets (options.fisher). State is only read; "grad" is as it was. Errors:
 * ARGUMENT, OPTION (fisher exact: there is no one g), FETCH, DATA_NONFINITE, PORT. cost: a forward and a backward pass. */
kfix_status kfix_examples(kfix *k, const kfix_batch *batch, uint32_t layer, kfix_real *abar,
                          kfix_real *g) KFIX_MUST_CHECK;

/* Any curvature on examples of the caller's, without training: the trainer has a net of one layer, dense,
 * which may have the homogeneous coordinate as its only input (in = 0), or a convolution, and chunk >= rows, and is
 * not used to take steps. Of a convolution with several windows abar is rows of images, without ones, and g that of
 * all windows. absorb: as in a step, the statistics become decay times what they were
 * plus (1 - decay) times those of the rows, which are dense as above; then, if gamma >= 0, all that
 * the method keeps is made from them, damped by gamma (the square root of the damping); if gamma <
 * 0, basis and inverse stay as they are. ekfac-ra: its scalings are of the mean g abar^T of the
 * rows, and move at such a refresh only. apply: u = F^-1 v, both out x (in + 1), dense. A call that
 * fails leaves the state as it was. Errors: ARGUMENT, STATISTICS_NONFINITE, NOT_POSITIVE,
 * NOT_CONVERGED, PORT. */
kfix_status kfix_block_absorb(kfix *k, size_t rows, double decay, const kfix_real *abar,
                              const kfix_real *g, double gamma) KFIX_MUST_CHECK;
kfix_status kfix_block_apply(kfix *k, const kfix_real *v, kfix_real *u) KFIX_MUST_CHECK;

/* ---- digest and checkpoint ---- */

/* 64 bits over all state: two trainers with one digest and one set of options go on alike. 0 where
 * there is no trainer (k NULL). */
uint64_t kfix_digest(const kfix *k);

typedef enum kfix_part {
  KFIX_PART_PARAMETERS, /* all state of the parameter group: weights, average, previous update,
                           moments */
  KFIX_PART_STATISTICS, /* of one layer, its scalings included */
  KFIX_PART_INVERSE,    /* of one layer */
  KFIX_PART_DECISIONS   /* step counts, lambda, gamma */
} kfix_part;
/* Digest of one part; layer from 1 where the part has layers, else ignored. */
uint64_t kfix_digest_part(const kfix *k, kfix_part part, uint32_t layer);

/* Bytes in and out, 0 = ok. */
typedef int kfix_write_bytes(void *context, const void *bytes, size_t count);
typedef int kfix_read_bytes(void *context, void *bytes, size_t count);

/* The checkpoint image: a header (magic, version, digest of net, method and real type), all state,
 * a checksum. SINK: write failed. */
kfix_status kfix_save(kfix *k, kfix_write_bytes *write, void *context) KFIX_MUST_CHECK;
/* Restores it: the run goes on bit for bit; but a lambda or gamma out of the bounds of its options, as
 * runs of 0.1.0 could leave behind, begins anew. Every error (IMAGE_...) leaves the state as it was. */
kfix_status kfix_load(kfix *k, kfix_read_bytes *read, void *context) KFIX_MUST_CHECK;
/* Size of that image. */
size_t kfix_image_bytes(const kfix *k);

#ifdef __cplusplus
}
#endif

#endif

/* Each time, for KFIX_CONFIG may be defined after some other header has included this one. */
#if defined KFIX_CONFIG && defined __cplusplus
#error "KFIX_CONFIG is for C: define the net and its arena in a .c file, and hand pointers over"
#elif defined KFIX_CONFIG
#include "config.h"
#include "config_once.h"
#endif
