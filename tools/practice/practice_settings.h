/* SPDX-License-Identifier: Apache-2.0
 * Settings in place of the defaults, as "lambda=1,stats-every=4". */
#ifndef KFIX_TOOLS_PRACTICE_SETTINGS_H
#define KFIX_TOOLS_PRACTICE_SETTINGS_H

#include "practice_table.h"

/* text NULL: none. */
int practice_settings_read(const char *text, practice_options *out, tool_error *err);

#endif
