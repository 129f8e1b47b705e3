/* SPDX-License-Identifier: Apache-2.0
 * Checkpoint files. */
#include "train_checkpoint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "files/atomic_file.h"

#define FIRST_LINE "kfix-train checkpoint "
#define VERSION    1
#define TEXT_MAX   65536

static uint64_t digest_of(const char *text, size_t length) {
  kfix_digest_state s;
  kfix_digest_begin(&s, 0);
  kfix_digest_add(&s, text, length);
  return kfix_digest_end(&s);
}

static int write_bytes(void *stream, const void *bytes, size_t count) {
  return fwrite(bytes, 1, count, stream) == count ? 0 : -1;
}

static int read_bytes(void *stream, void *bytes, size_t count) {
  return fread(bytes, 1, count, stream) == count ? 0 : -1;
}

static int write_head(FILE *out, const checkpoint_head *head) {
  char *text = NULL;
  size_t length = 0;
  FILE *memory = open_memstream(&text, &length);
  if (memory == NULL) return -1;
  checkpoint_print(memory, head);
  const int failed = fclose(memory) != 0;
  if (!failed)
    (void)fprintf(out, FIRST_LINE "%d %zu %016" PRIx64 "\n%s", VERSION, length,
                  digest_of(text, length), text);
  free(text);
  return failed ? -1 : 0;
}

int checkpoint_save(const char *path, const checkpoint_head *head, kfix *k, tool_error *err) {
  atomic_file file;
  if (atomic_open(&file, path, err) != 0) return -1;
  const kfix_status status =
      write_head(file.stream, head) == 0 ? kfix_save(k, write_bytes, file.stream) : KFIX_SINK;
  if (status == KFIX_OK) return atomic_commit(&file, err);
  const int why = errno;
  atomic_abandon(&file);
  return tool_fail(err, "%s: %s (%s); the checkpoint before is still there", path,
                   kfix_status_text(status), strerror(why));
}

static int foreign(checkpoint_file *file, kfix_status status, const char *what, tool_error *err) {
  checkpoint_close(file);
  return tool_fail(err, "%s: %s%s%s", file->path, kfix_status_text(status), *what ? ": " : "",
                   what);
}

/* The text after the first line, NUL-terminated, or NULL. */
static char *read_text(checkpoint_file *file, size_t length, uint64_t digest, tool_error *err) {
  char *text = malloc(length + 1);
  if (text == NULL) {
    (void)tool_fail(err, "%s: no memory for its head", file->path);
    return NULL;
  }
  const size_t count = fread(text, 1, length, file->stream);
  text[count] = '\0';
  if (count == length && digest_of(text, length) == digest) return text;
  free(text);
  (void)foreign(file, count == length ? KFIX_IMAGE_CHECKSUM : KFIX_IMAGE_TRUNCATED, "", err);
  return NULL;
}

static int read_head(checkpoint_file *file, checkpoint_head *head, tool_error *err) {
  char line[96], digest[17];
  unsigned version = 0;
  size_t length = 0;
  if (fgets(line, (int)sizeof line, file->stream) == NULL)
    return foreign(file, KFIX_IMAGE_TRUNCATED, "", err);
  const size_t begins = strlen(line) < strlen(FIRST_LINE) ? strlen(line) : strlen(FIRST_LINE);
  if (strncmp(line, FIRST_LINE, begins) != 0)
    return foreign(file, KFIX_IMAGE_MAGIC, "name a file that --checkpoint wrote", err);
  if (strchr(line, '\n') == NULL) return foreign(file, KFIX_IMAGE_TRUNCATED, "", err);
  if (sscanf(line + strlen(FIRST_LINE), "%u %zu %16[0-9a-f]", &version, &length, digest) != 3 ||
      length > TEXT_MAX)
    return foreign(file, KFIX_IMAGE_CHECKSUM, "", err);
  if (version != VERSION) return foreign(file, KFIX_IMAGE_VERSION, "", err);
  char *text = read_text(file, length, strtoull(digest, NULL, 16), err);
  if (text == NULL) return -1;
  const char *wrong;
  int result = checkpoint_parse(text, head, &wrong);
  if (result != 0)
    result =
        tool_fail(err, "%s: this program does not know its line '%.100s': another version wrote it",
                  file->path, wrong);
  free(text);
  return result;
}

int checkpoint_open(checkpoint_file *file, const char *path, checkpoint_head *head,
                    tool_error *err) {
  *file = (checkpoint_file){fopen(path, "rb"), path};
  if (file->stream == NULL) return tool_fail(err, "%s: cannot read: %s", path, strerror(errno));
  if (read_head(file, head, err) == 0) return 0;
  checkpoint_close(file);
  return -1;
}

int checkpoint_load(checkpoint_file *file, kfix *k, tool_error *err) {
  const kfix_status status = kfix_load(k, read_bytes, file->stream);
  if (status != KFIX_OK) return foreign(file, status, "nothing was changed", err);
  const int more = fgetc(file->stream) != EOF;
  checkpoint_close(file);
  return more ? tool_fail(err, "%s: %s: bytes follow its end", file->path,
                          kfix_status_text(KFIX_IMAGE_CHECKSUM))
              : 0;
}

void checkpoint_close(checkpoint_file *file) {
  if (file->stream != NULL) (void)fclose(file->stream);
  file->stream = NULL;
}
