/* SPDX-License-Identifier: Apache-2.0
 * --pixels and --augment: what becomes of images on their way to the network.
 *
 * Pixels are p / 255 (unit), or that minus the mean, over the standard deviation, both of all training
 * pixels of their channel (standard). auto: standard for a net that looks through windows and does not
 * reconstruct its input, else unit. Data that are no pixels are taken as they are.
 *
 * Training steps see augmented images (images/image_augment.h); evaluations, whatever validates and
 * kfix-predict see them as they are. */
#ifndef KFIX_TOOLS_TRAIN_IMAGES_H
#define KFIX_TOOLS_TRAIN_IMAGES_H

#include "data/dataset.h"
#include "train_options.h"

/* text NULL: not given. Refuses what is no augmentation, and nets and sizes that it is not for. */
int images_read(const char *text, const kfix_net *net, image_augment *out, tool_error *err);

/* Asks for pixels as the options want them. */
void images_request(const train_options *o, const kfix_net *net, dataset_request *request);

/* What needs the data: refuses what they cannot do; o->pixels is then what they are. */
int images_settle(train_options *o, const dataset *data, tool_error *err);

/* Lines of the block at the start: of pixels that are standardised, and of a run that augments. */
void images_print(const train_options *o, const dataset *data);

#endif
