/* SPDX-License-Identifier: Apache-2.0
 * Residual nets for small images (He et al. 2016): what several configs are made of. With normalisations, before which a
 * convolution has no bias; or plain, with biases. */
#ifndef KFIX_CONFIG_PARTS_RESNET_H
#define KFIX_CONFIG_PARTS_RESNET_H

/* What stands before the sum of a basic block, whose first convolution has this stride. */
#define RESNET_BRANCH(N, x, id, from, channels, stride)                    \
  N(x, conv, id##_conv1, from, (channels, 3, stride, 1, no_bias), linear)  \
  N(x, norm, id##_norm1, id##_conv1, (), relu)                             \
  N(x, conv, id##_conv2, id##_norm1, (channels, 3, 1, 1, no_bias), linear) \
  N(x, norm, id##_norm2, id##_conv2, (), linear)
#define RESNET_PLAIN_BRANCH(N, x, id, from, channels, stride) \
  N(x, conv, id##_1, from, (channels, 3, stride, 1), relu)    \
  N(x, conv, id##_2, id##_1, (channels, 3, 1, 1), linear)

/* A block that keeps the image, and one that halves it, where what it reads goes through a projection. */
#define RESNET_BASIC(N, x, id, from, channels) \
  RESNET_BRANCH(N, x, id, from, channels, 1)   \
  N(x, add, id, id##_norm2, (from), relu)
#define RESNET_HALVING(N, x, id, from, channels)                    \
  RESNET_BRANCH(N, x, id, from, channels, 2)                        \
  N(x, conv, id##_skip, from, (channels, 1, 2, 0, no_bias), linear) \
  N(x, norm, id##_skip_norm, id##_skip, (), linear)                 \
  N(x, add, id, id##_norm2, (id##_skip_norm), relu)
#define RESNET_PLAIN_BASIC(N, x, id, from, channels) \
  RESNET_PLAIN_BRANCH(N, x, id, from, channels, 1)   \
  N(x, add, id, id##_2, (from), relu)
#define RESNET_PLAIN_HALVING(N, x, id, from, channels)     \
  RESNET_PLAIN_BRANCH(N, x, id, from, channels, 2)         \
  N(x, conv, id##_skip, from, (channels, 1, 2, 0), linear) \
  N(x, add, id, id##_2, (id##_skip), relu)

#define RESNET_STEM(N, x, channels)                                  \
  N(x, conv, stem_conv, input, (channels, 3, 1, 1, no_bias), linear) \
  N(x, norm, stem, stem_conv, (), relu)
#define RESNET_PLAIN_STEM(N, x, channels) N(x, conv, stem, input, (channels, 3, 1, 1), relu)

/* ResNet-18 and -34 of so many channels in the first stage; made: RESNET or RESNET_PLAIN. */
#define RESNET_18(N, x, made, channels, classes)                                            \
  made##_STEM(N, x, channels) made##_BASIC(N, x, s1a, stem, channels)                       \
      made##_BASIC(N, x, s1b, s1a, channels) made##_HALVING(N, x, s2a, s1b, 2 * (channels)) \
          made##_BASIC(N, x, s2b, s2a, 2 * (channels))                                      \
              made##_HALVING(N, x, s3a, s2b, 4 * (channels))                                \
                  made##_BASIC(N, x, s3b, s3a, 4 * (channels))                              \
                      made##_HALVING(N, x, s4a, s3b, 8 * (channels))                        \
                          made##_BASIC(N, x, s4b, s4a, 8 * (channels))                      \
                              N(x, mean_pool, all, s4b, (0, 1, 0), linear)                  \
                                  N(x, dense, out, all, (classes), softmax)
#define RESNET_34(N, x, made, channels, classes)                                                  \
  made##_STEM(N, x, channels) made##_BASIC(N, x, s1a, stem, channels) made##_BASIC(               \
      N, x, s1b, s1a, channels) made##_BASIC(N, x, s1c, s1b, channels)                            \
      made##_HALVING(N, x, s2a, s1c, 2 * (channels)) made##_BASIC(N, x, s2b, s2a, 2 * (channels)) \
          made##_BASIC(N, x, s2c, s2b, 2 * (channels)) made##_BASIC(                              \
              N, x, s2d, s2c, 2 * (channels)) made##_HALVING(N, x, s3a, s2d, 4 * (channels))      \
              made##_BASIC(N, x, s3b, s3a, 4 * (channels))                                        \
                  made##_BASIC(N, x, s3c, s3b, 4 * (channels))                                    \
                      made##_BASIC(N, x, s3d, s3c, 4 * (channels))                                \
                          made##_BASIC(N, x, s3e, s3d, 4 * (channels))                            \
                              made##_BASIC(N, x, s3f, s3e, 4 * (channels))                        \
                                  made##_HALVING(N, x, s4a, s3f, 8 * (channels))                  \
                                      made##_BASIC(N, x, s4b, s4a, 8 * (channels))                \
                                          made##_BASIC(N, x, s4c, s4b, 8 * (channels))            \
                                              N(x, mean_pool, all, s4c, (0, 1, 0), linear)        \
                                                  N(x, dense, out, all, (classes), softmax)

#endif
