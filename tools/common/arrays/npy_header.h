/* SPDX-License-Identifier: Apache-2.0
 * The header of a .npy file: a Python dictionary of descr, fortran_order and shape. */
#ifndef KFIX_TOOLS_NPY_HEADER_H
#define KFIX_TOOLS_NPY_HEADER_H

#include "tensor_view.h"

/* The keys in any order, with what Python 2 wrote (u'descr', 60L). Fills type, order and shape of
 * the view; `name` is for messages. */
int npy_header_parse(const char *name, const char *text, size_t length, tensor_view *view,
                     tool_error *err);

#endif
