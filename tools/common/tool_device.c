/* SPDX-License-Identifier: Apache-2.0
 * Taking a device for a program. */
#include "tool_device.h"

#include <stdio.h>

#ifdef KFIX_WITH_CUDA
#include "gpu/cuda.h"
#include "lib/core/status.h"

static kfix_cuda cuda;
static char trouble[160];

int tool_device_open(const kfix_port *port, size_t bytes, void *arena, size_t arena_bytes,
                     void **handles, tool_error *err) {
  *handles = NULL;
  if (port->is_host) return 0;
  const kfix_status status = kfix_cuda_open(&cuda, 0, KFIX_CUDA_STRICT, bytes, arena, arena_bytes);
  if (status == KFIX_DEVICE_SETTINGS)
    return tool_fail(err, "--port cuda: %s is set and would change results; unset it", cuda.failed);
  if (status != KFIX_OK)
    return tool_fail(err, "--port cuda: %s (%s: code %d); take another --port",
                     kfix_status_text(status), cuda.failed ? cuda.failed : "none", cuda.error);
  *handles = &cuda;
  return 0;
}

void tool_device_close(void *handles) {
  if (handles != NULL) kfix_cuda_close(handles);
}

const char *tool_device_trouble(const void *handles) {
  const kfix_cuda *c = handles;
  if (c == NULL || c->failed == NULL) return "";
  (void)snprintf(trouble, sizeof trouble, " (%s: code %d)", c->failed, c->error);
  return trouble;
}
#else
int tool_device_open(const kfix_port *port, size_t bytes, void *arena, size_t arena_bytes,
                     void **handles, tool_error *err) {
  (void)bytes, (void)arena, (void)arena_bytes;
  *handles = NULL;
  return port->is_host ? 0 : tool_fail(err, "--port %s: not in this build", port->name);
}

void tool_device_close(void *handles) {
  (void)handles;
}

const char *tool_device_trouble(const void *handles) {
  (void)handles;
  return "";
}
#endif
