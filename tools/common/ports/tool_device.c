/* SPDX-License-Identifier: Apache-2.0
 * Taking a device for a program. */
#include "tool_device.h"

#include <stdio.h>

#include "cli/command_line.h"
#include "port/ref/ref.h"
#include "port/simd/simd.h"

const kfix_port *tool_host_port(const kfix_port *port) {
  if (port->is_host) return port;
  return kfix_port_simd.available() == KFIX_OK ? &kfix_port_simd : &kfix_port_ref;
}

int tool_device_check(const kfix_port *port, int precision, int graphs, tool_error *err) {
  size_t length;
  if (port->is_host && graphs != 0) return tool_fail(err, "--graphs off: for --port cuda");
  if (precision == 0) return 0;
  const char *word = option_choice_text(TOOL_DEVICE_PRECISIONS, precision, &length);
  if (port->is_host)
    return tool_fail(err, "--precision %.*s: for --port cuda; port %s has full precision only",
                     (int)length, word, port->name);
  if (sizeof(kfix_real) == sizeof(float)) return 0;
  return tool_fail(err, "--precision %.*s: this program computes in " KFIX_REAL_NAME, (int)length,
                   word);
}

#ifdef KFIX_WITH_CUDA
#include "gpu/cuda.h"
#include "lib/core/status.h"

static kfix_cuda cuda;
static char trouble[160], text[256], graph_text[160], route_text[256];

int tool_device_open(const kfix_port *port, int precision, size_t bytes, void *arena,
                     size_t arena_bytes, void **handles, tool_error *err) {
  *handles = NULL;
  if (port->is_host) return 0;
  const kfix_status status =
      kfix_cuda_open(&cuda, 0, (kfix_cuda_precision)precision, bytes, arena, arena_bytes);
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

void tool_device_set_graphs(void *handles, int graphs) {
  kfix_cuda *c = handles;
  if (c != NULL) c->graphs = graphs == 0 ? KFIX_CUDA_GRAPHS_ON : KFIX_CUDA_GRAPHS_OFF;
}

const char *tool_device_graphs(const void *handles) {
  const kfix_cuda *c = handles;
  if (c == NULL || c->graphs == KFIX_CUDA_GRAPHS_OFF) {
    if (c == NULL || c->graph.failed == NULL) return "off";
    (void)snprintf(graph_text, sizeof graph_text, "off (%s: code %d)", c->graph.failed,
                   c->graph.error);
    return graph_text;
  }
  return "on";
}

const char *tool_device_routes(const void *handles) {
  const kfix_cuda *c = handles;
  if (c == NULL || c->routes.batched + c->routes.alone + c->routes.on_host == 0) return "";
  const kfix_cuda_routes *r = &c->routes;
  int length =
      snprintf(route_text, sizeof route_text, "%zu eigenproblems in %zu batches, %zu one by one%s",
               r->batched, r->batches, r->alone,
               c->scratch.eigen_batches ? "" : " (cuSOLVER before 11.7.3: no batches)");
  if (r->on_host > 0 && length > 0 && (size_t)length < sizeof route_text)
    (void)snprintf(route_text + length, sizeof route_text - (size_t)length,
                   "; %zu factorizations on the host (%s is larger than planned)", r->on_host,
                   r->because);
  return route_text;
}

const char *tool_device_text(const void *handles) {
  const kfix_cuda *c = handles;
  size_t length;
  if (c == NULL) return "";
  const kfix_cuda_identity *id = &c->identity;
  const char *word = option_choice_text(TOOL_DEVICE_PRECISIONS, (int)c->precision, &length);
  (void)snprintf(text, sizeof text,
                 "%s; capability %d.%d; %d multiprocessors; CUDA %d; driver %d; cuBLAS %d; "
                 "cuSOLVER %d; precision %.*s",
                 id->device, id->capability / 10, id->capability % 10, id->multiprocessors,
                 id->runtime, id->driver, id->cublas, id->cusolver, (int)length, word);
  return text;
}
#else
void tool_device_set_graphs(void *handles, int graphs) {
  (void)handles, (void)graphs;
}

const char *tool_device_graphs(const void *handles) {
  (void)handles;
  return "off";
}

int tool_device_open(const kfix_port *port, int precision, size_t bytes, void *arena,
                     size_t arena_bytes, void **handles, tool_error *err) {
  (void)precision, (void)bytes, (void)arena, (void)arena_bytes;
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

const char *tool_device_routes(const void *handles) {
  (void)handles;
  return "";
}

const char *tool_device_text(const void *handles) {
  (void)handles;
  return "";
}
#endif
