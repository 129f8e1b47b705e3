/* SPDX-License-Identifier: Apache-2.0
 * From reset to main on a Cortex-M with a floating-point unit: vectors, memory, a painted stack, and
 * output by semihosting. */
#include <stddef.h>
#include <stdint.h>

/* From cortex_m.ld. */
extern uint32_t board_stack_begin[], board_stack_end[], board_bss_begin[], board_bss_end[];
extern uint32_t board_data_begin[], board_data_end[], board_data_flash[];

int main(void);
int puts(const char *text);
void board_reset(void);
void board_fault(void);

#define PAINT 0xa5a5a5a5u

enum { SYS_WRITE0 = 0x04, SYS_EXIT_EXTENDED = 0x20 };
#define APPLICATION_EXIT 0x20026u

static void semihost(uint32_t operation, const void *argument) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

int puts(const char *text) {
  semihost(SYS_WRITE0, text);
  semihost(SYS_WRITE0, "\n");
  return 0;
}

static void leave(uint32_t code) {
  const uint32_t block[2] = {APPLICATION_EXIT, code};
  semihost(SYS_EXIT_EXTENDED, block);
  for (;;) {
  }
}

void board_fault(void) {
  puts("fault");
  leave(3);
}

/* Words from one symbol of the linker script to another: as numbers, for in C they are unrelated. */
static size_t words(const void *begin, const void *end) {
  return ((uintptr_t)end - (uintptr_t)begin) / sizeof(uint32_t);
}

/* Everything below this frame; what is above it belongs to nobody yet. */
static void paint_stack(void) {
  const size_t count = words(board_stack_begin, __builtin_frame_address(0)) - 16;
  for (volatile uint32_t *p = board_stack_begin; p < board_stack_begin + count; p++) *p = PAINT;
}

static void report_stack(void) {
  const size_t size = words(board_stack_begin, board_stack_end);
  size_t untouched = 0;
  while (untouched < size && board_stack_begin[untouched] == PAINT) untouched++;
  char text[24] = "stack bytes ", digits[12];
  size_t at = 12, count = 0;
  for (uint32_t n = (uint32_t)(size - untouched) * 4; n > 0; n /= 10)
    digits[count++] = (char)('0' + n % 10);
  while (count > 0) text[at++] = digits[--count];
  text[at] = 0;
  puts(text);
}

static void start(void) {
  const size_t data = words(board_data_begin, board_data_end);
  const size_t bss = words(board_bss_begin, board_bss_end);
  for (size_t i = 0; i < data; i++) board_data_begin[i] = board_data_flash[i];
  for (size_t i = 0; i < bss; i++) board_bss_begin[i] = 0;
  paint_stack();
  const int code = main();
  report_stack();
  leave((uint32_t)code);
}

/* Switches the floating-point unit on before any function can use it. */
__attribute__((naked)) void board_reset(void) {
  __asm__ volatile(
      "ldr r0, =0xe000ed88\n"
      "ldr r1, [r0]\n"
      "orr r1, r1, #0xf00000\n"
      "str r1, [r0]\n"
      "dsb\n"
      "isb\n"
      "b %c0\n" ::"i"(start));
}

typedef void handler(void);

typedef struct vectors {
  uint32_t *stack;
  handler *entry[15];
} vectors;

/* Reset, then every fault. No interrupts. */
__attribute__((section(".vectors"), used)) static const vectors board_vectors = {
    board_stack_end,
    {board_reset, board_fault, board_fault, board_fault, board_fault, board_fault, NULL, NULL, NULL,
     NULL, board_fault, board_fault, NULL, board_fault, board_fault}};
