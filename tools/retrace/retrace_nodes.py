# SPDX-License-Identifier: Apache-2.0
"""Kinds of nodes of a trace's network, in NumPy. A row is an example."""
import numpy as np


def sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * x))


ACTIVATIONS = {  # phi(s), and phi' from a = phi(s)
    "linear": (lambda s: s, np.ones_like),
    "relu": (lambda s: np.maximum(s, 0), lambda a: (a > 0).astype(a.dtype)),
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "sigmoid": (sigmoid, lambda a: a * (1 - a)),
}


def homogeneous(a):
    return np.hstack([a, np.ones((len(a), 1))])


class Node:
    """Its s from what it reads; back: dL/ds to each of these; along: the tangent of s, along v too.

    Of a block abar and g have a row for each of its positions in each example, one after another."""

    positions = 1
    is_summed = False  # its parameters belong to a channel each: W is a column, abar 1, g an example's gradient

    def __init__(self, reads, block, activation):
        self.reads, self.block = reads, block
        self.phi, self.slope = ACTIVATIONS[activation]

    def abar(self, x):
        return homogeneous(x)

    def deltas(self, g, x):
        return g.reshape(len(g) * self.positions, -1)


class Dense(Node):
    def sums(self, w, x):
        return homogeneous(x) @ w[self.block].T

    def back(self, w, g, *x):
        return g @ w[self.block][:, :-1]

    def along(self, w, v, x, t):
        return t @ w[self.block][:, :-1].T + homogeneous(x) @ v[self.block].T


class Add(Node):
    def sums(self, w, x, y):
        return x + y

    def back(self, w, g, *x):
        return g

    def along(self, w, v, x, y, t, u):
        return t + u
