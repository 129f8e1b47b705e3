# SPDX-License-Identifier: Apache-2.0
"""Kinds of nodes that look through windows, in NumPy: what a window shows is looked up pixel by pixel."""
import numpy as np

from retrace_nodes import Node, homogeneous


def looked_up(geometry, seen, made):
    """windows x kernel's places x channels: where in a row (row, column, channel) each stands; padding is
    one place behind the row's end."""
    (kh, kw), (down, right), (top, left) = (geometry[n] for n in ("kernel", "stride", "pad"))
    height, width, channels = (seen[n] for n in ("height", "width", "channels"))
    index = np.full((made["height"], made["width"], kh, kw, channels), height * width * channels)
    for i, j, u, v in np.ndindex(index.shape[:-1]):
        row, column = i * down - top + u, j * right - left + v
        if 0 <= row < height and 0 <= column < width:
            index[i, j, u, v] = (row * width + column) * channels + np.arange(channels)
    return index.reshape(made["height"] * made["width"], kh * kw, channels)


class Windowed(Node):
    def __init__(self, reads, block, activation, geometry, seen, made):
        super().__init__(reads, block, activation)
        self.index, self.geometry = looked_up(geometry, seen, made), geometry
        self.places = np.prod([seen[n] for n in ("height", "width", "channels")])

    def shown(self, x, padding):
        """examples x windows x kernel's places x channels"""
        return np.hstack([x, np.full((len(x), 1), padding)])[:, self.index]

    def returned(self, g):
        """The sum, at each place of the image, of what went to it from the windows."""
        out = np.zeros((len(g), self.places + 1))
        np.add.at(out, (slice(None), self.index), g)
        return out[:, :-1]


class Conv(Windowed):
    def __init__(self, *about):
        super().__init__(*about)
        self.positions = len(self.index)

    def patches(self, x):
        return self.shown(x, 0.0).reshape(len(x) * self.positions, -1)

    def abar(self, x):
        return homogeneous(self.patches(x)) if self.geometry["bias"] else self.patches(x)

    def sums(self, w, x):
        return (self.abar(x) @ w[self.block].T).reshape(len(x), -1)

    def back(self, w, g, x):
        to_patch = self.deltas(g, x) @ w[self.block]
        shape = len(g), *self.index.shape
        return self.returned(to_patch[:, :self.index[0].size].reshape(shape))

    def along(self, w, v, x, t):
        tangent = self.patches(t) @ w[self.block][:, :self.index[0].size].T
        return (tangent + self.abar(x) @ v[self.block].T).reshape(len(x), -1)


class Depthwise(Windowed):
    """A convolution of each channel by itself. W is (its kernel, a bias if it has one) of each channel."""

    is_summed = True

    def shown_and_one(self, x):
        shown = self.shown(x, 0.0)
        return np.concatenate([shown, np.ones_like(shown[:, :, :1])], 2) if self.geometry["bias"] else shown

    def filters(self, w):
        """places of the kernel, and one for the bias, x channels"""
        return w[self.block].reshape(self.index.shape[2], -1).T

    def abar(self, x):
        return np.ones((len(x), 1))

    def deltas(self, g, x):
        g = g.reshape(len(g), len(self.index), -1)
        return np.einsum("nwac,nwc->nca", self.shown_and_one(x), g).reshape(len(g), -1)

    def sums(self, w, x):
        return (self.shown_and_one(x) * self.filters(w)).sum(2).reshape(len(x), -1)

    def back(self, w, g, x):
        taps = self.filters(w)[:self.index.shape[1]]
        return self.returned(g.reshape(len(g), len(self.index), 1, -1) * taps)

    def along(self, w, v, x, t):
        tangent = (self.shown(t, 0.0) * self.filters(w)[:self.index.shape[1]]).sum(2)
        return self.sums(v, x) + tangent.reshape(len(x), -1)


class MaxPool(Windowed):
    """The first of a window's largest; padding never is."""

    def largest(self, x):
        return self.shown(x, -np.inf).argmax(2)[:, :, None]

    def sums(self, w, x):
        return self.shown(x, -np.inf).max(2).reshape(len(x), -1)

    def back(self, w, g, x):
        to_window = np.zeros((len(x), *self.index.shape))
        best = self.largest(x)
        np.put_along_axis(to_window, best, g.reshape(best.shape), 2)
        return self.returned(to_window)

    def along(self, w, v, x, t):
        return np.take_along_axis(self.shown(t, 0.0), self.largest(x), 2).reshape(len(x), -1)


class MeanPool(Windowed):
    """Over the whole window, padding too."""

    def sums(self, w, x):
        return self.shown(x, 0.0).mean(2).reshape(len(x), -1)

    def back(self, w, g, x):
        windows, area, channels = self.index.shape
        share = g.reshape(len(g), windows, 1, channels) / area
        return self.returned(np.repeat(share, area, 2))

    def along(self, w, v, x, t):
        return self.sums(w, t)
