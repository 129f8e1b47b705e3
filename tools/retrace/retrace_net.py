# SPDX-License-Identifier: Apache-2.0
"""The network of a trace, in NumPy: forward, backward, products with J.

A net is a list of nodes; place 0 is its input, place i what node i puts out, as lists a, g, t have it."""
import numpy as np

from retrace_images import Conv, Depthwise, MaxPool, MeanPool
from retrace_nodes import Add, Dense, sigmoid
from retrace_norm import Norm


KINDS = {"dense": Dense, "add": Add}
SHAPED = {"conv": Conv, "depthwise": Depthwise, "max_pool": MaxPool, "mean_pool": MeanPool, "norm": Norm}


def make_nodes(described, loss, input_shape):
    """From nodes.json; the last activation belongs to the loss, but for squared errors."""
    place = {"input": 0} | {n["name"]: i + 1 for i, n in enumerate(described)}
    shapes = {"input": input_shape} | {n["name"]: n.get("shape") for n in described}
    nodes = []
    for n in described:
        activation = "linear" if n is described[-1] and loss != "mse" else n["activation"]
        block = None if n["block"] is None else n["block"] - 1
        about = [place[r] for r in n["inputs"]], block, activation
        if n["kind"] in SHAPED:
            nodes.append(SHAPED[n["kind"]](*about, n["geometry"], shapes[n["inputs"][0]], n["shape"]))
        else:
            nodes.append(KINDS[n["kind"]](*about))
    return nodes


class Net:
    """Weights at one step, one matrix a block."""

    def __init__(self, weights, nodes, loss):
        self.weights, self.nodes, self.loss = weights, nodes, loss
        self.blocks = [(place + 1, n) for place, n in enumerate(nodes) if n.block is not None]

    def forward(self, x):
        a = [x]
        for n in self.nodes:
            a.append(n.phi(n.sums(self.weights, *(a[r] for r in n.reads))))
        return a

    def abar(self, a):
        """What each block reads."""
        return [n.abar(a[n.reads[0]]) for _, n in self.blocks]

    def pairs(self, abar, g):
        """One row for each example: the mean of abar over its positions, the sum of g."""
        each = lambda m, n: m.reshape(-1, n.positions, m.shape[1])  # noqa: E731
        return ([each(m, n).mean(1) for m, (_, n) in zip(abar, self.blocks)],
                [each(m, n).sum(1) for m, (_, n) in zip(g, self.blocks)])

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

    def backward(self, a, y):
        """g = dL/ds of each example, of each block."""
        return self.descend(a, self.mean(a[-1]) - y)

    def fisher_times(self, s, u):
        """F_R u of each example."""
        p = self.mean(s)
        if self.loss == "categorical":
            return p * (u - (p * u).sum(1, keepdims=True))
        return p * (1 - p) * u if self.loss == "bernoulli" else u

    def descend(self, a, seed):
        """The same from any gradient with respect to what the net puts out."""
        g = [0.0] * len(self.nodes) + [seed]
        for place in range(len(self.nodes), 0, -1):
            n = self.nodes[place - 1]
            g[place] = g[place] * n.slope(a[place])
            for r in n.reads:
                g[r] = g[r] + n.back(self.weights, g[place], *(a[i] for i in n.reads))
        return [n.deltas(g[place], a[n.reads[0]]) for place, n in self.blocks]

    def jacobian_product(self, a, v):
        """J v for v = one matrix a block: derivative of what the net puts out."""
        t = [np.zeros_like(a[0])]
        for n, out in zip(self.nodes, a[1:]):
            s = n.along(self.weights, v, *(a[r] for r in n.reads), *(t[r] for r in n.reads))
            t.append(s * n.slope(out))
        return t[-1]

    def fisher_roots(self, s):
        """F_R = sum_j f_j f_j^T of each example: f_j by eigenvectors, one array for each j."""
        p = self.mean(s)
        eye = np.eye(s.shape[1])
        f = np.broadcast_to(eye, (len(s), *eye.shape))
        if self.loss == "bernoulli":
            f = f * (p * (1 - p))[:, None, :]
        if self.loss == "categorical":
            f = f * p[:, None, :] - p[:, :, None] * p[:, None, :]
        values, vectors = np.linalg.eigh(f)
        return np.moveaxis(vectors * np.sqrt(np.maximum(values, 0))[:, None, :], 2, 0)

    def fisher_inner(self, s, t, u):
        """Mean over the examples of t^T F_R u."""
        p = self.mean(s)
        if self.loss == "bernoulli":
            return (t * p * (1 - p) * u).sum(1).mean()
        if self.loss == "categorical":
            return ((p * t * u).sum(1) - (p * t).sum(1) * (p * u).sum(1)).mean()
        return (t * u).sum(1).mean()
