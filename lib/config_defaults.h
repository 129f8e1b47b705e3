/* SPDX-License-Identifier: Apache-2.0
 * What a config leaves out. For lib/config.h. */
#ifndef KFIX_CONFIG_DEFAULTS_H
#define KFIX_CONFIG_DEFAULTS_H

#ifndef KFIX_BLOCK
#define KFIX_BLOCK KFIX_KC
#endif
#ifndef KFIX_CHUNK
#define KFIX_CHUNK (2 * KFIX_BLOCK)
#endif
/* Rows behind the moments of a norm. */
#ifndef KFIX_GROUP
#define KFIX_GROUP KFIX_BLOCK
#endif
#ifndef KFIX_STATS_ROWS
#define KFIX_STATS_ROWS (2 * KFIX_GROUP)
#endif
#ifndef KFIX_THREADS
#define KFIX_THREADS 8
#endif
#ifndef KFIX_COARSE
#define KFIX_COARSE 2
#endif
#ifndef KFIX_SLICE
#define KFIX_SLICE KFIX_KC
#endif
#ifndef KFIX_PREDICT_ROWS
#define KFIX_PREDICT_ROWS 16
#endif

#endif
