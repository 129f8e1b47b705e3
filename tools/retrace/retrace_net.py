# SPDX-License-Identifier: Apache-2.0
"""The network of a trace, in NumPy: forward, backward, products with J. A_, S_: lists over the layers."""
import numpy as np


def sigmoid(x):
    return 0.5 * (1 + np.tanh(0.5 * x))


ACTIVATIONS = {  # phi, and phi' from s and a = phi(s)
    "linear": (lambda s: s, lambda s, a: np.ones_like(s)),
    "relu": (lambda s: np.maximum(s, 0), lambda s, a: (s > 0).astype(s.dtype)),
    "tanh": (np.tanh, lambda s, a: 1 - a * a),
    "sigmoid": (sigmoid, lambda s, a: a * (1 - a)),
}


def homogeneous(a):
    return np.hstack([a, np.ones((len(a), 1))])


class Net:
    """Weights at one step; the output layer's activation belongs to the loss."""

    def __init__(self, weights, activations, loss):
        self.weights, self.loss = weights, loss
        self.phi = [ACTIVATIONS[name] for name in activations[:-1]]

    def forward(self, x):
        """abar of every layer's input, s of every layer."""
        abar, s = [homogeneous(x)], []
        for i, w in enumerate(self.weights):
            s.append(abar[-1] @ w.T)
            if i < len(self.phi):
                abar.append(homogeneous(self.phi[i][0](s[-1])))
        return abar, s

    def mean(self, s):
        """The predictive distribution's mean, from the last s."""
        if self.loss == "bernoulli":
            return sigmoid(s)
        if self.loss == "categorical":
            e = np.exp(s - s.max(1, keepdims=True))
            return e / e.sum(1, keepdims=True)
        return s

    def value(self, s, y):
        """Loss of each example [design: summed cross-entropy, half squared error]."""
        if self.loss == "bernoulli":
            return (np.logaddexp(0, s) - y * s).sum(1)
        if self.loss == "categorical":
            top = s.max(1, keepdims=True)
            return (np.log(np.exp(s - top).sum(1)) + top[:, 0]) * y.sum(1) - (y * s).sum(1)
        return 0.5 * ((y - s) ** 2).sum(1)

    def backward(self, abar, s, y):
        """g_i = dL/ds_i of each example, for all layers."""
        g = [self.mean(s[-1]) - y]
        for i in range(len(self.weights) - 2, -1, -1):
            slope = self.phi[i][1](s[i], abar[i + 1][:, :-1])
            g.insert(0, (g[0] @ self.weights[i + 1][:, :-1]) * slope)
        return g

    def jacobian_product(self, abar, s, v):
        """J v for v = one matrix a layer: derivative of the last s."""
        t = abar[0] @ v[0].T
        for i in range(1, len(self.weights)):
            t = (t * self.phi[i - 1][1](s[i - 1], abar[i][:, :-1])) @ self.weights[i][:, :-1].T
            t = t + abar[i] @ v[i].T
        return t

    def fisher_inner(self, s, t, u):
        """Mean over the examples of t^T F_R u."""
        p = self.mean(s)
        if self.loss == "bernoulli":
            return (t * p * (1 - p) * u).sum(1).mean()
        if self.loss == "categorical":
            return ((p * t * u).sum(1) - (p * t).sum(1) * (p * u).sum(1)).mean()
        return (t * u).sum(1).mean()
