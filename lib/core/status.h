/* SPDX-License-Identifier: Apache-2.0
 * What a call may answer. Names and texts come from this one list, so they cannot drift. */
#ifndef KFIX_CORE_STATUS_H
#define KFIX_CORE_STATUS_H

/* X(name, text). Misuse first, then what the numbers did, then the checkpoint image. */
#define KFIX_STATUS_LIST(X)                                                                       \
  X(OK, "ok")                                                                                     \
  X(ARGUMENT, "an argument is missing or out of range")                                           \
  X(BAD_NET, "the network is not valid (does another node read each?), or too large")             \
  X(NOT_A_CHAIN, "the method takes a chain of layers only: take kfac, ekfac or another")          \
  X(NO_WINDOWS, "the method takes no convolutions: take kfac, ekfac, hf or another")              \
  X(NEEDS_PAIRS, "the method takes convolutions by conv reduce alone: set that")                  \
  X(COUPLED,                                                                                      \
    "normalisations couple examples: no exact, no tko (but tko-exact); fisher true or empirical") \
  X(COARSE_FACTORS, "coarse spaces spectral and tko need a curvature of factors A and G")         \
  X(COARSE_COLUMNS,                                                                               \
    "the coarse space has more columns than KFIX_COARSE of the config: raise that")               \
  X(OPTION, "an option is out of range, or not for the method")                                   \
  X(ARENA_SMALL, "the arena is too small")                                                        \
  X(ARENA_ALIGN, "the arena is not aligned to KFIX_ALIGN bytes")                                  \
  X(DEVICE_SMALL, "the device's arena is missing, misaligned or too small")                       \
  X(DEVICE_ABSENT, "no device of this kind is there, or its driver is not")                       \
  X(DEVICE_DRIVER, "the device's driver is older than the port needs")                            \
  X(DEVICE_MEMORY, "the device has too little free memory")                                       \
  X(DEVICE_SETTINGS, "an environment variable is set that changes the device's results")          \
  X(GUARD, "a guard word was overwritten: a write ran past its region")                           \
  X(PORT, "a kernel of the port failed")                                                          \
  X(PORT_ROUNDING, "arithmetic is not as promised: fast-math, rounding mode, flush-to-zero")      \
  X(CREW, "the crew's threads are not in this process: start it again after a fork")              \
  X(ABI_ENUMS, "program and library have enums of other sizes (-fshort-enums?)")                  \
  X(ABI_STRUCTS, "program and library lay out structs otherwise (-fpack-struct?)")                \
  X(ABI_METHODS, "program and library have other lists: KFIX_METHODS, or KFIX_KINDS")             \
  X(FETCH, "the data source could not deliver its rows")                                          \
  X(WEIGHTS, "weights of examples: negative, not finite, all zero, or the method takes none")     \
  X(DATA_NONFINITE, "the data hold a value that is not finite")                                   \
  X(LOSS_NONFINITE, "the loss is not finite")                                                     \
  X(GRADIENT_NONFINITE, "the gradient is not finite")                                             \
  X(STATISTICS_NONFINITE, "the curvature statistics are not finite")                              \
  X(NOT_POSITIVE, "a damped factor is not positive definite")                                     \
  X(NOT_CONVERGED, "no eigendecomposition or convergence (kron-solver smith): damp more")         \
  X(REFUSED, "the quadratic model cannot be trusted along the update")                            \
  X(UPDATE_NONFINITE, "the updated parameters are not finite")                                    \
  X(SINK, "the checkpoint could not be written")                                                  \
  X(IMAGE_TRUNCATED, "the checkpoint ends too early")                                             \
  X(IMAGE_MAGIC, "this is not a kfix checkpoint")                                                 \
  X(IMAGE_VERSION, "the checkpoint has another format version")                                   \
  X(IMAGE_CONFIG, "the checkpoint belongs to another network, method or real type")               \
  X(IMAGE_CHECKSUM, "the checkpoint is corrupted: its checksum does not match")

typedef enum kfix_status {
#define KFIX_STATUS_ENUM(name, text) KFIX_##name,
  KFIX_STATUS_LIST(KFIX_STATUS_ENUM)
#undef KFIX_STATUS_ENUM
      KFIX_STATUS_COUNT
} kfix_status;

#define KFIX_MUST_CHECK __attribute__((warn_unused_result))

/* Returns from the calling function with the first status that is not KFIX_OK. */
#define KFIX_TRY(call)                          \
  do {                                          \
    const kfix_status kfix_try_ = (call);       \
    if (kfix_try_ != KFIX_OK) return kfix_try_; \
  } while (0)

#ifdef __cplusplus
extern "C" {
#endif

/* "KFIX_REFUSED" and its text; a code outside the list answers "KFIX_?" and "unknown status". */
const char *kfix_status_name(kfix_status status);
const char *kfix_status_text(kfix_status status);

#ifdef __cplusplus
}
#endif

#endif
