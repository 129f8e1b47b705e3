/* SPDX-License-Identifier: Apache-2.0
 * A small classifier for the tests of the programs: several chunks to a batch, up to three threads.
 */
#define KFIX_NAME  "three_threads"
#define KFIX_INPUT 64
#define KFIX_NODES(N, x)             \
  N(x, dense, h1, input, (48), tanh) \
  N(x, dense, h2, h1, (20), relu)    \
  N(x, dense, out, h2, (3), softmax)
#define KFIX_LOSS          categorical
#define KFIX_TARGET        class
#define KFIX_BLOCK         32
#define KFIX_CHUNK         64
#define KFIX_THREADS       3
#define KFIX_SETTINGS(SET) SET(lambda, 1) SET(init, KFIX_INIT_GLOROT)
