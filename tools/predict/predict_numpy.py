#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Predictions of an exported network in NumPy: predict_numpy.py weights.npz table.csv"""
import gzip
import json
import sys

import numpy as np

weights = np.load(sys.argv[1])
facts = json.loads(weights["metadata"].tobytes())
shape = facts["input"].get("shape")

# Commas, semicolons or tabs, which the last line shows; a heading begins with no number.
with (gzip.open if sys.argv[2].endswith(".gz") else open)(sys.argv[2], "rt", encoding="utf-8-sig") as file:
    lines = [line for line in file if line.strip() and not line.startswith("#")]
separator = next((c for c in ";\t" if c in lines[-1]), ",")
try:
    float(lines[0].split(separator)[0].strip(' "\n'))
except ValueError:
    del lines[0]
width = np.prod(shape) if shape else facts["layers"][0]["inputs"]
a = np.loadtxt(lines, delimiter=separator, quotechar='"', usecols=range(width), ndmin=2)

if facts["input"]["mean"] is not None:
    a = (a - facts["input"]["mean"]) * facts["input"]["scale"]
# A row is (row, column, channel) of an image; in here images are (channel, row, column), as PyTorch has them.
if shape:
    a = a.reshape(-1, *shape).transpose(0, 3, 1, 2)


def rows(a):
    """As the network's own rows: images are (row, column, channel) again."""
    return a.transpose(0, 2, 3, 1).reshape(len(a), -1) if a.ndim == 4 else a


def windows(node, a, padding):
    """What each window shows: examples x channels x windows' rows x columns x kernel's rows x columns."""
    (top, left), (down, right) = node["pad"], node["stride"]
    a = np.pad(a, ((0, 0), (0, 0), (top, top), (left, left)), constant_values=padding)
    return np.lib.stride_tricks.sliding_window_view(a, node["kernel"], axis=(2, 3))[:, :, ::down, ::right]


def layer(node):
    """Weight and bias; a convolution may have none."""
    name = f"layers.{node['layer']}."
    weight = weights[name + "weight"]
    return weight, weights[name + "bias"] if name + "bias" in weights else np.zeros(len(weight))


def dense(node, a):
    weight, bias = layer(node)
    return a.reshape(len(a), -1) @ weight.T + bias


def conv(node, a):
    weight, bias = layer(node)
    s = np.einsum("nchwij,ocij->nohw", windows(node, a, 0), weight, optimize=True)
    return s + bias[:, None, None]


def depthwise(node, a):
    weight, bias = layer(node)
    return np.einsum("nchwij,cij->nchw", windows(node, a, 0), weight[:, 0], optimize=True) + bias[:, None, None]


def norm(node, a):
    """By running moments, channel by channel."""
    scale, shift, mean, variance = (weights[f"layers.{node['layer']}.{part}"].astype(float)
                                    for part in ("weight", "bias", "running_mean", "running_var"))
    each = (slice(None),) + (None,) * (a.ndim - 2)
    return (a - mean[each]) / np.sqrt(variance + node["eps"])[each] * scale[each] + shift[each]


kinds = {"dense": dense, "conv": conv, "depthwise": depthwise, "norm": norm, "add": lambda node, a, b: a + b,
         "max_pool": lambda node, a: windows(node, a, -np.inf).max((4, 5)),
         "mean_pool": lambda node, a: windows(node, a, 0).mean((4, 5))}
activations = {"linear": lambda s: s, "relu": lambda s: np.maximum(s, 0), "tanh": np.tanh,
               "sigmoid": lambda s: 1 / (1 + np.exp(-s)),
               "softmax": lambda s: (e := np.exp(rows(s) - rows(s).max(axis=1, keepdims=True))) / e.sum(axis=1, keepdims=True)}
# What each node puts out, by its name; without "nodes" each layer reads the one before.
chain = [{"name": i + 1, "kind": "dense", "reads": [i or "input"], "activation": layer["activation"], "layer": i}
         for i, layer in enumerate(facts["layers"])]
out = {"input": a}
for node in facts.get("nodes", chain):
    s = kinds[node["kind"]](node, *(out[name] for name in node["reads"]))
    out[node["name"]] = a = activations[node["activation"]](s)
a = rows(a)

# What did not vary has the scale 0, and its mean as its value. An auto-encoder's targets are its inputs.
moved = facts["input" if facts["target"]["kind"] == "input" else "target"]
if facts["loss"] == "mse" and moved["mean"] is not None:
    scale = np.array(moved["scale"])
    a = np.divide(a, scale, out=np.zeros_like(a), where=scale != 0) + moved["mean"]
np.savetxt(sys.stdout, a, "%.9g", ",")
