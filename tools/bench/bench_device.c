/* SPDX-License-Identifier: Apache-2.0
 * Three operands behind the port's scratch. */
#include "bench_device.h"

#include <stdlib.h>

#include "ports/tool_device.h"

static kfix_real *place[3];

int bench_device_open(kfix_device *d, const kfix_port *port, int precision, size_t widest,
                      size_t largest, tool_error *err) {
  const size_t count = largest * KFIX_LD(largest);
  const size_t scratch = KFIX_ROUND_UP(port->scratch_bytes(1, 1, 1, widest), (size_t)KFIX_ALIGN);
  const size_t host_bytes = KFIX_ROUND_UP(port->host_bytes(widest, 1), (size_t)KFIX_ALIGN);
  void *handles, *host = aligned_alloc(KFIX_ALIGN, host_bytes);
  size_t bytes = scratch + 3 * count * sizeof(kfix_real);
  if (host == NULL) return tool_fail(err, "no memory for the port's host half");
  if (tool_device_open(port, precision, bytes, host, host_bytes, &handles, err) != 0) return -1;
  tool_device_set_graphs(handles, 1); /* kernels are timed one by one */
  unsigned char *memory = port->memory(handles, &bytes);
  *d = (kfix_device){.port = port,
                     .scratch = memory,
                     .scratch_bytes = scratch,
                     .threads_max = 1,
                     .handles = handles};
  for (int i = 0; i < 3; i++)
    place[i] = (kfix_real *)(void *)(memory + scratch) + (size_t)i * count;
  if (port->begin(d, 1, 1, widest, host, host_bytes) == KFIX_OK) return 0;
  return tool_fail(err, "port %s cannot begin%s", port->name, tool_device_trouble(handles));
}

static kfix_status put(const kfix_device *d, kfix_real *to, const kfix_real *from, size_t count) {
  return d->port->upload(d, to, from, count * sizeof *to);
}

kfix_status bench_device_operands(const kfix_device *d, const bench_operands *host,
                                  bench_operands *out) {
  *out = *host;
  out->a = place[0];
  out->b = place[1];
  out->c = place[2];
  out->scratch = NULL;
  if (host->start != NULL) return KFIX_OK;
  KFIX_TRY(put(d, out->a, host->a, host->a_count));
  return put(d, out->b, host->b, host->b_count);
}

kfix_status bench_device_restore(const kfix_device *d, const bench_operands *host,
                                 const bench_operands *out) {
  return host->start != NULL ? put(d, out->a, host->start, host->a_count) : KFIX_OK;
}

kfix_status bench_device_wait(const kfix_device *d) {
  kfix_real ignored;
  return d->port->download(d, &ignored, place[0], sizeof ignored);
}
