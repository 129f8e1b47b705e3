/* SPDX-License-Identifier: Apache-2.0
 * Whether a config header defines what it must, in the shape that config.h can take apart. Where
 * it does not, one sentence says so, and a small network stands in: no second error follows. */
#ifndef KFIX_CONFIG_SHAPE_H
#define KFIX_CONFIG_SHAPE_H

#ifdef KFIX_NODES
#error \
    "config: a config header was included before kfix.h: leave that out, KFIX_CONFIG names the one there is"
#endif
#include KFIX_CONFIG
#include "core/plan.h"

/* An input that is an image is described by its shape. */
#ifdef KFIX_INPUT_SHAPE
#ifdef KFIX_INPUT
#error "config: KFIX_INPUT and KFIX_INPUT_SHAPE are both there: leave KFIX_INPUT out"
#undef KFIX_INPUT
#endif
#define KFIX_INPUT (KFIX_ON(KFIX_IMAGE_REALS, KFIX_INPUT_SHAPE))
#else
#define KFIX_INPUT_SHAPE (KFIX_INPUT, 1, 1)
#endif
/* f of what stands in brackets. */
#define KFIX_ON(f, brackets)                         f brackets
#define KFIX_IMAGE_REALS(channels, height, width)    ((channels) * (height) * (width))
#define KFIX_IMAGE_CHANNELS(channels, height, width) (channels)
#define KFIX_IMAGE_HEIGHT(channels, height, width)   (height)
#define KFIX_IMAGE_WIDTH(channels, height, width)    (width)

#ifndef KFIX_SETTINGS
#define KFIX_SETTINGS(SET)
#endif

/* For #if: the elements of a list, and whether commas part them; with one, -1 is not second. */
#define KFIX_ONE(...)                              +1
#define KFIX_HAS_COMMA(elements)                   ((0 KFIX_SECOND(elements, -1, 0)) != -1)
/* 0 for n arguments of up to eight, 1 for more or fewer. */
#define KFIX_NINTH(a, b, c, d, e, f, g, h, i, ...) i
#define KFIX_NOT_TWO(...)                          +KFIX_NINTH(__VA_ARGS__, 1, 1, 1, 1, 1, 1, 0, 1, 1)
#define KFIX_NOT_SIX(...)                          +KFIX_NINTH(__VA_ARGS__, 1, 1, 0, 1, 1, 1, 1, 1, 1)

/* How many things the geometry of a node has in its brackets; 1 where there are no brackets. */
#define KFIX_COUNT(...)                               KFIX_NINTH(__VA_ARGS__, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define KFIX_BRACKETS(...)                            ~, 0
#define KFIX_NO_BRACKETS(x, kind, id, from, geo, act) +KFIX_SECOND(KFIX_BRACKETS geo, 1, 0)
/* A kind that is not there has no number; that is said later. KFIX_KIND_MORE: so many more may be left out. */
#define KFIX_WRONG_GEOMETRY(x, kind, id, from, geo, act)                       \
  +(KFIX_##kind##_GEOMETRY != 0 && (KFIX_COUNT geo < KFIX_##kind##_GEOMETRY || \
                                    KFIX_COUNT geo > KFIX_##kind##_GEOMETRY + KFIX_##kind##_MORE))

#ifndef KFIX_NAME
#error "config: KFIX_NAME is missing: #define KFIX_NAME \"my_net\""
#define KFIX_NAME "?"
#endif

#ifndef KFIX_INPUT
#error "config: KFIX_INPUT is missing: #define KFIX_INPUT 784"
#define KFIX_STAND_IN
#elif defined KFIX_LAYERS
#error \
    "config: KFIX_LAYERS is of kfix 0.1.0: name the nodes, as N(x, dense, hidden, input, (20), tanh), in #define KFIX_NODES(N, x)"
#define KFIX_STAND_IN
#elif !defined KFIX_NODES
#error \
    "config: KFIX_NODES is missing: #define KFIX_NODES(N, x) N(x, dense, hidden, input, (20), tanh) N(x, dense, top, hidden, (10), softmax)"
#define KFIX_STAND_IN
#elif !defined KFIX_LOSS
#error "config: KFIX_LOSS is missing: #define it as mse, bernoulli or categorical"
#define KFIX_STAND_IN
#elif !defined KFIX_TARGET
#error "config: KFIX_TARGET is missing: #define it as input, values or class"
#define KFIX_STAND_IN
#elif KFIX_HAS_COMMA(KFIX_NODES(KFIX_ONE, 0))
#error "config: KFIX_NODES has a comma between two N(...): leave it out"
#define KFIX_STAND_IN
#elif (0 KFIX_NODES(KFIX_ONE, 0)) == 0
#error \
    "config: KFIX_NODES lists no node: give at least N(x, dense, top, input, (units), activation)"
#define KFIX_STAND_IN
#elif (0 KFIX_NODES(KFIX_ONE, 0)) > 1024
#error "config: KFIX_NODES lists more than 1024 nodes: 1024 is the most"
#define KFIX_STAND_IN
#elif (0 KFIX_NODES(KFIX_NOT_SIX, 0)) > 0
#error \
    "config: each node of KFIX_NODES is six things: N(x, kind, name, source, (geometry), activation)"
#define KFIX_STAND_IN
#elif (0 KFIX_NODES(KFIX_NO_BRACKETS, 0)) > 0
#error "config: the geometry of a node stands in brackets: N(x, dense, hidden, input, (20), tanh)"
#define KFIX_STAND_IN
#elif (0 KFIX_NODES(KFIX_WRONG_GEOMETRY, 0)) > 0
#error \
    "config: a node has too much or too little in brackets: dense takes (units), add (other source), conv (channels, kernel, stride, pad), a pool (kernel, stride, pad), norm ()"
#define KFIX_STAND_IN
#elif KFIX_HAS_COMMA(KFIX_SETTINGS(KFIX_ONE))
#error "config: KFIX_SETTINGS has a comma between two SET(...): leave it out"
#define KFIX_STAND_IN
#elif (0 KFIX_SETTINGS(KFIX_NOT_TWO)) > 0
#error "config: each setting of KFIX_SETTINGS is two things: SET(option, value)"
#define KFIX_STAND_IN
#endif

#ifdef KFIX_STAND_IN
#undef KFIX_INPUT
#undef KFIX_INPUT_SHAPE
#undef KFIX_NODES
#undef KFIX_LOSS
#undef KFIX_TARGET
#undef KFIX_SETTINGS
#define KFIX_INPUT       1
#define KFIX_INPUT_SHAPE (1, 1, 1)
#define KFIX_NODES(N, x) N(x, dense, top, input, (1), linear)
#define KFIX_LOSS        mse
#define KFIX_TARGET      values
#define KFIX_SETTINGS(SET)
#endif

#endif
