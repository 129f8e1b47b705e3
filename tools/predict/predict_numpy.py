#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Predictions of an exported network in NumPy: predict_numpy.py weights.npz table.csv"""
import json
import sys

import numpy as np

weights = np.load(sys.argv[1])
facts = json.loads(weights["metadata"].tobytes())
a = np.loadtxt(sys.argv[2], delimiter=",", skiprows=1, usecols=range(facts["layers"][0]["inputs"]), ndmin=2)
if facts["input"]["mean"] is not None:
    a = (a - facts["input"]["mean"]) * facts["input"]["scale"]
activations = {"linear": lambda s: s, "relu": lambda s: np.maximum(s, 0), "tanh": np.tanh,
               "sigmoid": lambda s: 1 / (1 + np.exp(-s)),
               "softmax": lambda s: (e := np.exp(s - s.max(axis=1, keepdims=True))) / e.sum(axis=1, keepdims=True)}
for i, layer in enumerate(facts["layers"]):
    a = activations[layer["activation"]](a @ weights[f"layers.{i}.weight"].T + weights[f"layers.{i}.bias"])
if facts["target"]["mean"] is not None:
    a = a / facts["target"]["scale"] + facts["target"]["mean"]
np.savetxt(sys.stdout, a, "%.9g", ",")
