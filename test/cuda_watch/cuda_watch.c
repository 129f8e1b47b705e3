/* SPDX-License-Identifier: Apache-2.0
 * Counts what a program asks of the CUDA driver, from whatever library: the driver loads this file
 * where CUDA_INJECTION64_PATH names it. At the end it says how often device memory was taken before the
 * first kernel of kfix and, which is what must be none, after it. */
#include <cupti.h>
#include <stdio.h>
#include <string.h>

static struct {
  unsigned long before, after, graphs, launches;
  int is_training;
  char last[64];
} seen;

static int begins(const char *name, const char *with) {
  return strncmp(name, with, strlen(with)) == 0;
}

static void note_allocation(const char *name) {
  if (!seen.is_training) {
    seen.before++;
    return;
  }
  seen.after++;
  (void)snprintf(seen.last, sizeof seen.last, ", the last by %s", name);
}

static void CUPTIAPI on_call(void *context, CUpti_CallbackDomain domain, CUpti_CallbackId id,
                             const void *data) {
  const CUpti_CallbackData *call = data;
  const char *name = call->functionName;
  (void)context, (void)domain, (void)id;
  if (call->callbackSite != CUPTI_API_ENTER) return;
  if (begins(name, "cuMemAlloc") || begins(name, "cuMemCreate") || begins(name, "cuMemHostAlloc"))
    note_allocation(name);
  if (begins(name, "cuGraphInstantiate")) seen.graphs++;
  if (begins(name, "cuGraphLaunch")) seen.launches++;
  if (!begins(name, "cuLaunchKernel")) return;
  seen.launches++;
  if (call->symbolName && strstr(call->symbolName, "kfix_")) seen.is_training = 1;
}

__attribute__((destructor)) static void tell(void) {
  if (seen.launches == 0) return;
  (void)fprintf(
      stderr,
      "cuda_watch: memory taken %lu times before the first kernel, %lu after%s; %lu graphs, "
      "%lu launches\n",
      seen.before, seen.after, seen.last, seen.graphs, seen.launches);
}

/* What the driver calls. */
int InitializeInjection(void);
int InitializeInjection(void) {
  static CUpti_SubscriberHandle subscriber;
  return cuptiSubscribe(&subscriber, on_call, NULL) == CUPTI_SUCCESS &&
         cuptiEnableDomain(1, subscriber, CUPTI_CB_DOMAIN_DRIVER_API) == CUPTI_SUCCESS;
}
