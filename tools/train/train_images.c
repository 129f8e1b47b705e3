/* SPDX-License-Identifier: Apache-2.0
 * What becomes of images on their way to the network. */
#include "train_images.h"

#include <stdio.h>

#define CHANNELS_SHOWN 4

int images_read(const char *text, const kfix_net *net, image_augment *out, tool_error *err) {
  const kfix_image image = net->image;
  if (text == NULL) return 0;
  if (augment_read(text, out) != 0)
    return tool_fail(err,
                     "--augment '%.60s': " AUGMENT_WORDS
                     " is allowed, each once, P from 1 to 999, as crop:4,flip",
                     text);
  if ((size_t)image.height * image.width <= 1)
    return tool_fail(err,
                     "--augment: the input of this network is no image (KFIX_INPUT_SHAPE in its "
                     "config): leave it out");
  if (out->pad < image.height && out->pad < image.width) return 0;
  return tool_fail(err, "--augment crop:%u: the images have %u x %u pixels: take a smaller P",
                   (unsigned)out->pad, (unsigned)image.height, (unsigned)image.width);
}

void images_request(const train_options *o, const kfix_net *net, dataset_request *request) {
  const int suits = kfix_net_has_windows(net) && net->target != KFIX_TARGET_INPUT;
  request->image = net->image;
  request->standard = o->pixels == PIXELS_STANDARD || (o->pixels == PIXELS_AUTO && suits);
}

int images_settle(train_options *o, const dataset *data, tool_error *err) {
  const int are_pixels = data->facts.pixels;
  const int augments = o->augment.pad > 0 || o->augment.flips;
  if (o->pixels == PIXELS_STANDARD && !are_pixels)
    return tool_fail(err, "--pixels standard: the inputs of %.200s are no pixels: leave it out",
                     o->data);
  if (augments && data->height == 0)
    return tool_fail(err, "--augment: %.200s holds no images: leave it out", o->data);
  o->pixels = are_pixels && data->facts.mean != NULL ? PIXELS_STANDARD : PIXELS_UNIT;
  return 0;
}

static void print_numbers(const dataset *data, const char *title, const double *x, int inverse) {
  const size_t channels = dataset_channels(data);
  (void)printf("%s", title);
  for (size_t c = 0; c < channels && c < CHANNELS_SHOWN; c++) {
    const double value = x[dataset_channel(data, c).first];
    (void)printf(" %.4f", inverse && value != 0 ? 1 / value : value);
  }
  if (channels > CHANNELS_SHOWN) (void)printf(" ...");
}

void images_print(const train_options *o, const dataset *data) {
  char text[AUGMENT_TEXT_MAX];
  augment_text(&o->augment, text);
  if (o->pixels == PIXELS_STANDARD) {
    print_numbers(data, "pixels    / 255, standardised by channel: mean", data->facts.mean, 0);
    print_numbers(data, ", deviation", data->facts.scale, 1);
    (void)printf("\n");
  }
  if (*text != '\0') (void)printf("augment   %s, of what trains alone\n", text);
}
