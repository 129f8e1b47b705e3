/* SPDX-License-Identifier: Apache-2.0
 * Macros on names, and which direction is a method's own. For lib/config.h. */
#ifndef KFIX_CONFIG_METHOD_H
#define KFIX_CONFIG_METHOD_H

#define KFIX_PASTE_(a, b) a##b
#define KFIX_PASTE(a, b)  KFIX_PASTE_(a, b)
#define KFIX_OPEN(...)    __VA_ARGS__
#define KFIX_CALL(f, ...) f(__VA_ARGS__)

/* As KFIX_SECOND of core/plan.h, under another name: where a macro comes out of its own expansion it may not
 * be expanded again. */
#define KFIX_OTHERWISE_(a, b, ...) b
#define KFIX_OTHERWISE(...)        KFIX_OTHERWISE_(__VA_ARGS__)

/* Most go block by block. */
#define KFIX_DIRECTION_OF_hf       ~, hf
#define KFIX_DIRECTION_OF_exact    ~, exact
#define KFIX_OWN_DIRECTION(method) KFIX_OTHERWISE(KFIX_PASTE(KFIX_DIRECTION_OF_, method), block, 0)

#endif
