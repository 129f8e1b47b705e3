#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Predictions of an exported network in NumPy: predict_numpy.py weights.npz table.csv"""
import gzip
import json
import sys

import numpy as np

weights = np.load(sys.argv[1])
facts = json.loads(weights["metadata"].tobytes())

# Commas, semicolons or tabs, which the last line shows; a heading begins with no number.
with (gzip.open if sys.argv[2].endswith(".gz") else open)(sys.argv[2], "rt", encoding="utf-8-sig") as file:
    lines = [line for line in file if line.strip() and not line.startswith("#")]
separator = next((c for c in ";\t" if c in lines[-1]), ",")
try:
    float(lines[0].split(separator)[0].strip(' "\n'))
except ValueError:
    del lines[0]
a = np.loadtxt(lines, delimiter=separator, quotechar='"', usecols=range(facts["layers"][0]["inputs"]), ndmin=2)

if facts["input"]["mean"] is not None:
    a = (a - facts["input"]["mean"]) * facts["input"]["scale"]
activations = {"linear": lambda s: s, "relu": lambda s: np.maximum(s, 0), "tanh": np.tanh,
               "sigmoid": lambda s: 1 / (1 + np.exp(-s)),
               "softmax": lambda s: (e := np.exp(s - s.max(axis=1, keepdims=True))) / e.sum(axis=1, keepdims=True)}
# What each node puts out, by its name; without "nodes" each layer reads the one before.
chain = [{"name": i + 1, "kind": "dense", "reads": [i or "input"], "activation": layer["activation"], "layer": i}
         for i, layer in enumerate(facts["layers"])]
out = {"input": a}
for node in facts.get("nodes", chain):
    s = sum(out[name] for name in node["reads"])
    if node["kind"] == "dense":
        s = s @ weights[f"layers.{node['layer']}.weight"].T + weights[f"layers.{node['layer']}.bias"]
    out[node["name"]] = a = activations[node["activation"]](s)

# What did not vary has the scale 0, and its mean as its value. An auto-encoder's targets are its inputs.
moved = facts["input" if facts["target"]["kind"] == "input" else "target"]
if facts["loss"] == "mse" and moved["mean"] is not None:
    scale = np.array(moved["scale"])
    a = np.divide(a, scale, out=np.zeros_like(a), where=scale != 0) + moved["mean"]
np.savetxt(sys.stdout, a, "%.9g", ",")
