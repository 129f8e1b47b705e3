# SPDX-License-Identifier: Apache-2.0
"""The folders that kfix-train --trace writes."""
import json
import os
import re
import sys

import numpy as np

from retrace_net import Net, make_nodes
from retrace_norm import Norm

# Matrices with the shape of a block's W.
LIKE_W = re.compile(r"(?:W|grad|update|prev_update|delta|D)(\d+)(?:_after)?$")


class Step:
    """One folder step_NNNNNN: scalars, and matrices by name, read when asked for."""

    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "scalars.json"), encoding="utf-8") as f:
            self.scalars = json.load(f)
        self.depth = len(self.scalars["activations"])
        name = self.scalars["method"]
        # "two-level:kfac": along two-level, over kfac; "hf" and "exact" alone have no curvature.
        self.along, self.method = name.split(":") if ":" in name else (name if name in ("hf", "exact") else "block", name)
        self.nodes = make_nodes(self.read_nodes(), self.scalars["loss"], self.scalars.get("input_shape"))
        self.norms = {n.block for n in self.nodes if isinstance(n, Norm)}
        self.summed = {n.block for n in self.nodes if n.is_summed}
        self.positions = {n.block: n.positions for n in self.nodes if n.block is not None}
        self.eps = np.finfo(np.load(os.path.join(folder, "W1.npy")).dtype).eps

    def read_nodes(self):
        """Those of a chain of dense layers are not written."""
        path = os.path.join(self.folder, "nodes.json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                return json.load(f)
        return [{"name": i + 1, "kind": "dense", "inputs": [i or "input"], "activation": activation, "block": i + 1}
                for i, activation in enumerate(self.scalars["activations"])]

    def net(self, weights):
        return Net(weights, self.nodes, self.scalars["loss"])

    def __getitem__(self, name):
        """channels x numbers of each of a normalisation, or a convolution of each channel by itself, as what its
        block has: one column."""
        a = np.load(os.path.join(self.folder, name + ".npy"))
        like = LIKE_W.match(name)
        if like and int(like[1]) - 1 in self.summed:
            a = a.reshape(-1, 1)
        return a if a.dtype.kind == "i" else a.astype(float)

    def has(self, name):
        return os.path.exists(os.path.join(self.folder, name + ".npy"))

    def layers(self, name):
        return [self[f"{name}{i + 1}"] for i in range(self.depth)]

    def statistics(self, i):
        names = ("A", "G", "D", "R", "S", "P", "Q", "A_cross", "G_cross", "UA", "UG", "s")
        return {n: self[f"{n}{i + 1}"] for n in names if self.has(f"{n}{i + 1}")}

    def curvature(self, i):
        """The same with the factor T, the positions of a convolution, in G; of pairs there is none."""
        made = self.statistics(i)
        if "G" in made and self.scalars.get("conv") == "expand":
            made["G"] = self.positions[i] * made["G"]
        return made


def read_steps(folder):
    try:
        names = sorted(n for n in os.listdir(folder) if n.startswith("step_"))
        steps = {s.scalars["step"]: s for s in (Step(os.path.join(folder, n)) for n in names)}
    except OSError as e:
        sys.exit(f"retrace: {e.filename}: {e.strerror}: name a folder written by kfix-train --trace")
    except (ValueError, KeyError) as e:
        sys.exit(f"retrace: {folder}: not a whole trace: {e}: write it again with kfix-train --trace")
    if not steps:
        sys.exit(f"retrace: {folder}: no step_NNNNNN folders: trace with kfix-train --trace")
    return steps
