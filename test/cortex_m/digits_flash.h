/* SPDX-License-Identifier: Apache-2.0
 * config/digits_tiny.h with half the rows in flight: the same bits in less memory. */
#include "config/digits_tiny.h"
#undef KFIX_CHUNK
#define KFIX_CHUNK 32
