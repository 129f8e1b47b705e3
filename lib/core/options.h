/* SPDX-License-Identifier: Apache-2.0
 * Every setting of a training run, from one list: the struct, the defaults, the checks and the
 * command line of the programs all come from it. */
#ifndef KFIX_CORE_OPTIONS_H
#define KFIX_CORE_OPTIONS_H

#include <stdint.h>

#include "net_spec.h"
#include "status.h"

/* Where code bytes are dear, a library may be without fisher exact (port/bodies/jacobian.h) and without the norms of
 * pi that are not the trace: it then refuses them, and their code, which nothing reaches, is not compiled. */
#ifdef KFIX_WITHOUT_JACOBIAN
#define KFIX_HAS_FISHER_EXACT 0
#else
#define KFIX_HAS_FISHER_EXACT 1
#endif
#ifdef KFIX_WITHOUT_NORMS
#define KFIX_HAS_NORMS 0
#else
#define KFIX_HAS_NORMS 1
#endif
#define KFIX_FISHER_LAST (KFIX_HAS_FISHER_EXACT ? KFIX_FISHER_EXACT : KFIX_FISHER_EMPIRICAL)
#define KFIX_PI_LAST     (KFIX_HAS_NORMS ? KFIX_PI_SPECTRAL : KFIX_PI_ONE)

/* X(id, type, flag, default, min, max, help). Types: double, uint32_t (whole numbers), kfix_choice
 * (0 .. max, the words are in kfix_choice_name) and kfix_auto (a double within min .. max, min >= 0, or
 * KFIX_AUTO: the library chooses). */
#define KFIX_OPTION_LIST(X)                                                                        \
  X(driver, kfix_choice, "driver", KFIX_DRIVER_AUTO, 0, 2,                                         \
    "adaptive: lambda, gamma, alpha and mu by the K-FAC paper; "                                   \
    "fixed: learning rate, damping and KL clipping; auto: adaptive for an auto-encoder or where "  \
    "lambda is given, else fixed")                                                                 \
  X(fisher, kfix_choice, "fisher", 0, 0, KFIX_FISHER_LAST,                                         \
    "what the statistics are of: targets sampled from the model (true), those of the training "    \
    "data (empirical), or the model's expectation over all targets (exact: a backward pass for "   \
    "each output; not of methods that work on examples together)")                                 \
  X(init, kfix_choice, "init", 0, 0, 3,                                                            \
    "initial weights; residual: for nets with residual sums and without normalisation, branches "  \
    "begin small")                                                                                 \
  X(learning_rate, kfix_auto, "lr", KFIX_AUTO, 0, 1e6,                                             \
    "learning rate (fixed driver, sgd, nesterov, adam); auto: that of the method")                 \
  X(lr_schedule, kfix_choice, "lr-schedule", 0, 0, 2,                                              \
    "how the rate falls after the warm-up: not at all, times lr-factor at a time, along a half "   \
    "cosine")                                                                                      \
  X(lr_factor, double, "lr-factor", 0.1, 0, 1, "step schedule: what the rate is multiplied by")    \
  X(lr_every, uint32_t, "lr-every", 1000, 1, 1000000000, "step schedule: every so many steps")     \
  X(lr_steps, uint32_t, "lr-steps", 0, 0, 1000000000,                                              \
    "cosine schedule: steps until it ends, more than lr-warmup; kfix-train takes the whole run's") \
  X(lr_floor, double, "lr-floor", 0, 0, 1, "cosine schedule: part of the rate that stays")         \
  X(lr_warmup, uint32_t, "lr-warmup", 0, 0, 1000000000,                                            \
    "the rate rises in equal parts over so many steps first; 0: it does not")                      \
  X(momentum, kfix_auto, "momentum", KFIX_AUTO, 0, 1,                                              \
    "momentum of sgd and of the fixed driver; the ceiling of nesterov's schedule; auto: 0.9, "     \
    "fixed driver 0.8")                                                                            \
  X(use_momentum, uint32_t, "use-momentum", 1, 0, 1,                                               \
    "adaptive driver: 1 chooses alpha and mu together, 0 alpha alone")                             \
  X(weight_decay, double, "weight-decay", 1e-5, 0, 1e6, "eta: (eta / 2) ||theta||^2 is added")     \
  X(lambda, kfix_auto, "lambda", KFIX_AUTO, 0, 1e12,                                               \
    "adaptive driver: first lambda, at most lambda-ceiling; auto: the smallest that the first "    \
    "batch bears, by trial")                                                                       \
  X(lambda_floor, double, "lambda-floor", 1e-8, 0, 1e12,                                           \
    "adaptive driver: lambda does not fall below this, which is at most lambda-ceiling")           \
  X(lambda_ceiling, double, "lambda-ceiling", 1e8, 0, 1e12,                                        \
    "lambda is not raised above this; gamma stays between the roots of the two bounds")            \
  X(damping, double, "damping", 1e-2, 0, 1e12,                                                     \
    "fixed driver: damping; gamma = sqrt(damping + eta)")                                          \
  X(kl_clip, double, "kl-clip", 1e-2, 0, 1e12, "fixed driver: KL clip c; 0 turns clipping off")    \
  X(decay, double, "stats-decay", 0.95, 0, 1, "statistics keep min(1 - 1/k, this) of the past")    \
  X(averaging, double, "averaging", 0.95, 0, 1, "xi of the averaged iterate; 0: no averaging")     \
  X(stats_fraction, double, "stats-fraction", 0.125, 0, 1,                                         \
    "tau1: part of the batch behind A and G")                                                      \
  X(fisher_fraction, double, "fisher-fraction", 0.25, 0, 1, "tau2: part behind F in the model M")  \
  X(subset_rows, uint32_t, "subset-rows", 128, 1, 1000000000,                                      \
    "least rows behind A and G, behind F in M and behind F of a direction, if the batch has them") \
  X(direction_fraction, double, "direction-fraction", 1, 0, 1,                                     \
    "tau3: part of the batch, from its first row, behind F of two-level, exact and hf; the first " \
    "two "                                                                                         \
    "take KFIX_STATS_ROWS rows at most")                                                           \
  X(stats_every, uint32_t, "stats-every", 0, 0, 1000000,                                           \
    "steps between statistics updates; 0: 1 with the adaptive driver, 8 with the fixed one")       \
  X(lambda_every, uint32_t, "lambda-every", 5, 1, 1000000, "T1: steps between changes of lambda")  \
  X(gamma_every, uint32_t, "gamma-every", 20, 1, 1000000,                                          \
    "T2: steps between trials of gamma; a "                                                        \
    "multiple of T3")                                                                              \
  X(inverse_every, uint32_t, "inverse-every", 20, 1, 1000000, "T3: steps between refreshes")       \
  X(damping_step, double, "damping-step", 0.95, 1e-3, 1,                                           \
    "omega1 = this^T1, omega2 = sqrt(this)^T2")                                                    \
  X(pi, kfix_choice, "pi", 0, 0, KFIX_PI_LAST,                                                     \
    "kfac, kfac-tridiag, kpsvd, deflation, lanczos, kfac-corrected, ekfac with kron-pi: the norm " \
    "by which pi shares the damping between two factors; one: pi is 1")                            \
  X(tridiag_floor, double, "tridiag-floor", 1e-3, 1e-6, 0.5,                                       \
    "kfac-tridiag: 1 - s1 s2 of Sigma is held at this or above")                                   \
  X(kron_ema, kfix_choice, "kron-ema", 0, 0, 1,                                                    \
    "kpsvd, deflation, lanczos, kfac-corrected: what is averaged, the factors or the operator")    \
  X(kron_floor, double, "kron-floor", 0.1, 1e-6, 0.5,                                              \
    "deflation, lanczos, kfac-corrected: 1 + s1 s2 of the inverse is held at this or above")       \
  X(kron_solver, kfix_choice, "kron-solver", 0, 0, 1,                                              \
    "deflation, lanczos, kfac-corrected: two terms inverted by bases of both, or by the squared "  \
    "Smith "                                                                                       \
    "iteration, which floors nothing and asks for more damping where it does not converge")        \
  X(conv, kfix_choice, "conv", 0, 0, 2,                                                            \
    "a convolution's A and G: of all windows of an example; (reduce) of one pair, their mean of "  \
    "patches and sum of g; or (sua) G of all windows, A of the channels, the kernel's places "     \
    "apart")                                                                                       \
  X(norm_decay, double, "norm-decay", 0.9, 0, 1,                                                   \
    "normalisations: their running moments keep min(1 - 1/k, this) of the past at step k")         \
  X(retries, uint32_t, "retries", 10, 0, 100, "times a failed step is tried again, more damped")   \
  X(beta1, double, "beta1", 0.9, 0, 0.999999, "adam: decay of the first moment")                   \
  X(beta2, double, "beta2", 0.999, 0, 0.999999, "adam: decay of the second moment")                \
  X(ekfac_damping, kfix_choice, "ekfac-damping", 0, 0, 2,                                          \
    "ekfac: plain adds gamma^2 to the scalings, kron damps as if factor by factor, kron-pi "       \
    "balances the factors")                                                                        \
  X(ekfac_s, kfix_choice, "ekfac-s", 0, 0, 1,                                                      \
    "ekfac: scalings of each batch alone, or their running average")                               \
  X(ekfac_carry, kfix_choice, "ekfac-carry", 0, 0, 1,                                              \
    "ekfac: running scalings go over into a new basis, or start anew from the eigenvalues")        \
  X(ekfac_basis, kfix_choice, "ekfac-basis", 0, 0, 1,                                              \
    "ekfac: each basis computed from scratch, or following the factors by products")               \
  X(ekfac_exact_every, uint32_t, "ekfac-exact-every", 10, 1, 1000000,                              \
    "ekfac: tracked bases are computed from scratch at every so many refreshes")                   \
  X(coarse_space, kfix_choice, "coarse-space", KFIX_COARSE_RESIDUAL, 0, 7,                         \
    "two-level: columns V of each block: ones, the smallest eigenvector of A (x) G, the "          \
    "preconditioned residual, either with its next inverse iterate, Taylor's series, or ones "     \
    "with "                                                                                        \
    "the additive correction (tko; tko-exact: by the exact F_coarse)")                             \
  X(taylor_order, uint32_t, "taylor-order", 2, 1, 8,                                               \
    "two-level, taylor: q, columns of each block; the config plans for KFIX_COARSE of them")       \
  X(hf_iterations, uint32_t, "hf-iterations", 50, 1, 250,                                          \
    "hf: conjugate gradients end after so many")                                                   \
  X(hf_tolerance, double, "hf-tolerance", 5e-4, 0, 1,                                              \
    "hf: or where the last k = max(10, i / 10) have brought less than k times this part of the "   \
    "fall [Martens 2010]; 0: never")                                                               \
  X(hf_decay, double, "hf-decay", 0.95, 0, 1,                                                      \
    "hf: they begin from so much of the last update; 0: from zero")                                \
  X(adam_epsilon, double, "adam-epsilon", 1e-8, 1e-30, 1,                                          \
    "adam: added to the root of the second "                                                       \
    "moment")

/* The schedule of the rate. */
typedef enum kfix_rate_schedule {
  KFIX_RATE_CONSTANT,
  KFIX_RATE_STEP,
  KFIX_RATE_COSINE
} kfix_rate_schedule;
typedef enum kfix_driver { KFIX_ADAPTIVE, KFIX_FIXED, KFIX_DRIVER_AUTO } kfix_driver;
typedef enum kfix_fisher { KFIX_FISHER_TRUE, KFIX_FISHER_EMPIRICAL, KFIX_FISHER_EXACT } kfix_fisher;
/* Martens 2010: 15 incoming connections per unit; Glorot and Bengio 2010; He et al. 2015; George et al. 2018,
 * App. B (net/residual.h). */
typedef enum kfix_init_kind {
  KFIX_INIT_SPARSE,
  KFIX_INIT_GLOROT,
  KFIX_INIT_HE,
  KFIX_INIT_RESIDUAL
} kfix_init_kind;
typedef enum kfix_conv_pairs { KFIX_CONV_EXPAND, KFIX_CONV_REDUCE, KFIX_CONV_SUA } kfix_conv_pairs;
typedef enum kfix_kron_solver { KFIX_KRON_BASES, KFIX_KRON_SMITH } kfix_kron_solver;
typedef enum kfix_pi_norm {
  KFIX_PI_TRACE,
  KFIX_PI_ONE,
  KFIX_PI_FROBENIUS,
  KFIX_PI_SPECTRAL
} kfix_pi_norm;
typedef enum kfix_ekfac_damping {
  KFIX_EKFAC_PLAIN,
  KFIX_EKFAC_KRON,
  KFIX_EKFAC_KRON_PI
} kfix_ekfac_damping;
typedef enum kfix_ekfac_scalings { KFIX_EKFAC_BATCH, KFIX_EKFAC_EMA } kfix_ekfac_scalings;
typedef enum kfix_coarse_space {
  KFIX_COARSE_NICOLAIDES,
  KFIX_COARSE_SPECTRAL,
  KFIX_COARSE_RESIDUAL,
  KFIX_COARSE_KRYLOV_NICOLAIDES,
  KFIX_COARSE_KRYLOV_RESIDUAL,
  KFIX_COARSE_TAYLOR,
  KFIX_COARSE_TKO,
  KFIX_COARSE_TKO_EXACT,
  KFIX_COARSE_SPACE_COUNT
} kfix_coarse_space;
typedef enum kfix_ekfac_carry { KFIX_EKFAC_CARRY, KFIX_EKFAC_RESET } kfix_ekfac_carry;
typedef enum kfix_ekfac_basis { KFIX_EKFAC_EXACT, KFIX_EKFAC_TRACKED } kfix_ekfac_basis;

typedef uint32_t kfix_choice;
typedef double kfix_auto;
/* Outside the range of every setting. Programs write and read it as the word auto. */
#define KFIX_AUTO (-1)

typedef enum kfix_option_id {
#define KFIX_OPTION_ENUM(id, type, flag, value, min, max, help) KFIX_OPTION_##id,
  KFIX_OPTION_LIST(KFIX_OPTION_ENUM)
#undef KFIX_OPTION_ENUM
      KFIX_OPTION_COUNT
} kfix_option_id;

typedef struct kfix_options {
  uint64_t seed;
#define KFIX_OPTION_FIELD(id, type, flag, value, min, max, help) type id;
  KFIX_OPTION_LIST(KFIX_OPTION_FIELD)
#undef KFIX_OPTION_FIELD
} kfix_options;

#ifdef __cplusplus
extern "C" {
#endif

/* lambda at the start: of the adaptive driver its own (KFIX_AUTO: 1, where the search begins), of the
 * fixed driver the damping; gamma = sqrt(lambda + eta). Both within their bounds. */
double kfix_first_lambda(const kfix_options *options);
double kfix_first_gamma(const kfix_options *options);

/* Bounds. The adaptive driver holds lambda in [lambda_floor, lambda_ceiling] and gamma in
 * [sqrt(lambda_floor), sqrt(lambda_ceiling + eta)]. The fixed driver has no floor, and its ceiling is
 * not below its own damping. */
double kfix_lambda_ceiling(const kfix_options *options);
double kfix_gamma_ceiling(const kfix_options *options);
/* The nearest value within the bounds. */
double kfix_bound_lambda(const kfix_options *options, double lambda);
double kfix_bound_gamma(const kfix_options *options, double gamma);
/* Whether both are within them; NaN is not. */
int kfix_damping_in_bounds(const kfix_options *options, double lambda, double gamma);

/* omega1 = damping_step^T1 of lambda, omega2 = sqrt(damping_step)^T2 of gamma [KFAC 6.5, 6.6]: by
 * multiplication, so that the bits are the same everywhere. */
double kfix_omega1(const kfix_options *options);
double kfix_omega2(const kfix_options *options);

/* base^n by multiplication. */
double kfix_power(double base, uint64_t n);

/* The rate of step `step` (from 1); learning_rate is not KFIX_AUTO. With W = lr_warmup: lr step / W at
 * steps up to W; after them, with t = step - 1 - W, lr itself (constant), lr lr_factor^floor(t / lr_every)
 * (step), or lr (f + (1 - f) (1 + cos(pi u)) / 2) with f = lr_floor and u = min(t / (lr_steps - W), 1)
 * (cosine). Of IEEE operations and core/elementary.h alone: the same bits everywhere. */
double kfix_learning_rate(const kfix_options *options, uint64_t step);

/* What the list says of an option, for programs that show or parse it. */
typedef enum kfix_option_type {
  KFIX_TYPE_double,
  KFIX_TYPE_uint32_t,
  KFIX_TYPE_kfix_choice,
  KFIX_TYPE_kfix_auto
} kfix_option_type;
typedef struct kfix_option_info {
  const char *name, *flag, *help;
  kfix_option_type type;
  double value, min, max;
} kfix_option_info;
extern const kfix_option_info kfix_option_infos[KFIX_OPTION_COUNT];

/* The word for value `index` of a choice ("adaptive"), NULL past the last. */
const char *kfix_choice_name(kfix_option_id id, uint32_t index);

/* Defaults of the list, then what the net's config sets, seed 1. A setting of the config that is out
 * of its range stays out of it: kfix_options_check and kfix_create say so. */
kfix_options kfix_options_default(const kfix_net *net);
double kfix_option_get(const kfix_options *options, kfix_option_id id);
/* KFIX_OPTION: the value is not finite, out of range, or not whole where it must be. */
kfix_status kfix_option_set(kfix_options *options, kfix_option_id id, double value) KFIX_MUST_CHECK;
/* KFIX_OPTION and the first bad option's id, if one is out of range or two contradict. */
kfix_status kfix_options_check(const kfix_options *options, kfix_option_id *bad) KFIX_MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
