# SPDX-License-Identifier: Apache-2.0
"""The folders that kfix-train --trace writes."""
import json
import os
import sys

import numpy as np


class Step:
    """One folder step_NNNNNN: scalars, and matrices by name, read when asked for."""

    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, "scalars.json"), encoding="utf-8") as f:
            self.scalars = json.load(f)
        self.depth = len(self.scalars["activations"])
        self.eps = np.finfo(np.load(os.path.join(folder, "W1.npy")).dtype).eps

    def __getitem__(self, name):
        a = np.load(os.path.join(self.folder, name + ".npy"))
        return a if a.dtype.kind == "i" else a.astype(float)

    def has(self, name):
        return os.path.exists(os.path.join(self.folder, name + ".npy"))

    def layers(self, name):
        return [self[f"{name}{i + 1}"] for i in range(self.depth)]

    def statistics(self, i):
        names = ("A", "G", "R", "S", "P", "Q", "A_cross", "G_cross", "UA", "UG", "s")
        return {n: self[f"{n}{i + 1}"] for n in names if self.has(f"{n}{i + 1}")}


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
