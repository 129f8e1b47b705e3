/* SPDX-License-Identifier: Apache-2.0
 * One network for each file of C: constants such as its widths have one value in it. So KFIX_CONFIG must
 * read as it did when kfix.h was first included with it. Included by kfix.h, each time. */
#define KFIX_TEXT_(text) #text
#define KFIX_TEXT(text)  KFIX_TEXT_(text)
#define KFIX_ONE_CONFIG(same)                                                       \
  _Static_assert(same,                                                              \
                 "KFIX_CONFIG was another when kfix.h was first included: one net " \
                 "for each file, so move the second to a .c file of its own");

/* To compilers a text is no constant, but one compares it with another while it compiles, and one takes
 * its characters for numbers: what __extension__ allows. */
#ifdef __clang__

/* Letter i from the end, where paths differ. */
#define KFIX_LETTER(text, i) \
  ((i) < sizeof(text) ? (text)[(i) < sizeof(text) ? sizeof(text) - 1 - (i) : 0] : 0)
#define KFIX_MIX(number, text, i) \
  (((number)*31 + KFIX_LETTER(text, i)) % 7919 * 131 + KFIX_LETTER(text, (i) + 1)) % 999983
#define KFIX_MIX_8(number, text, i)                                                           \
  KFIX_MIX(KFIX_MIX(KFIX_MIX(KFIX_MIX(number, text, i), text, (i) + 2), text, (i) + 4), text, \
           (i) + 6)
#define KFIX_MIX_32(number, text, i)                                                             \
  KFIX_MIX_8(KFIX_MIX_8(KFIX_MIX_8(KFIX_MIX_8(number, text, i), text, (i) + 8), text, (i) + 16), \
             text, (i) + 24)
#define KFIX_NUMBER_OF(text) (KFIX_MIX_32(KFIX_MIX_32((int)sizeof(text), text, 0), text, 32))

#ifndef KFIX_CONFIG_ONCE_H
#define KFIX_CONFIG_ONCE_H
__extension__ enum { KFIX_CONFIG_FIRST = KFIX_NUMBER_OF(KFIX_TEXT(KFIX_CONFIG)) };
#define KFIX_ONCE(n) KFIX_ONCE_(n)
#define KFIX_ONCE_(n)                                                              \
  __extension__ enum { KFIX_CONFIG_##n = KFIX_NUMBER_OF(KFIX_TEXT(KFIX_CONFIG)) }; \
  KFIX_ONE_CONFIG((int)KFIX_CONFIG_##n == (int)KFIX_CONFIG_FIRST)
#endif
KFIX_ONCE(__COUNTER__)

#else

#ifndef KFIX_CONFIG_ONCE_H
#define KFIX_CONFIG_ONCE_H
__attribute__((unused)) static const char kfix_config_first[] = KFIX_TEXT(KFIX_CONFIG);
#endif
__extension__ KFIX_ONE_CONFIG(__builtin_strcmp(kfix_config_first, KFIX_TEXT(KFIX_CONFIG)) == 0)

#endif
