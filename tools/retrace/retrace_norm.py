# SPDX-License-Identifier: Apache-2.0
"""A normalisation, in NumPy: group by group of examples, over all of their positions."""
import numpy as np

from retrace_nodes import Node


class Norm(Node):
    """s = scale xhat + shift; W is (scale, shift) of each channel, its block that of a bias: abar is 1, and g of an
    example (sum over positions of g xhat, of g) for each channel."""

    is_summed = True

    def __init__(self, reads, block, activation, geometry, seen, made):
        super().__init__(reads, block, activation)
        self.eps, self.group, self.channels = geometry["eps"], geometry["group"], made["channels"]

    def by_groups(self, function, *rows):
        """function of each group's matrices, a row a position; put together as the examples were."""
        made = []
        for first in range(0, len(rows[0]), self.group):
            part = [m[first:first + self.group] for m in rows]
            made.append(function(*(m.reshape(-1, self.channels) for m in part)).reshape(part[0].shape))
        return np.vstack(made)

    def moments(self, x):
        """channels x groups: means, variances; and how many examples each group has."""
        part = [x[first:first + self.group] for first in range(0, len(x), self.group)]
        flat = [m.reshape(-1, self.channels) for m in part]
        return np.array([m.mean(0) for m in flat]).T, np.array([m.var(0) for m in flat]).T, [len(m) for m in part]

    def normed(self, x):
        return (x - x.mean(0)) / np.sqrt(x.var(0) + self.eps)

    def through(self, x, t):
        """The derivative of xhat along t; it is its own transpose."""
        xhat = self.normed(x)
        return (t - t.mean(0) - xhat * (xhat * t).mean(0)) / np.sqrt(x.var(0) + self.eps)

    def affine(self, w, x):
        scale, shift = w.reshape(-1, 2).T
        return self.by_groups(lambda m: scale * self.normed(m) + shift, x)

    def abar(self, x):
        return np.ones((len(x), 1))

    def deltas(self, g, x):
        each = lambda m: m.reshape(len(m), -1, self.channels).sum(1)  # noqa: E731
        return np.stack([each(g * self.by_groups(self.normed, x)), each(g)], 2).reshape(len(g), -1)

    def sums(self, w, x):
        return self.affine(w[self.block], x)

    def back(self, w, g, x):
        scale = w[self.block].reshape(-1, 2)[:, 0]
        return self.by_groups(lambda m, d: scale * self.through(m, d), x, g)

    def along(self, w, v, x, t):
        return self.affine(v[self.block], x) + self.back(w, t, x)
