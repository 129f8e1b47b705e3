# SPDX-License-Identifier: Apache-2.0
"""A network as `kfix-train --export FILE.npz` has it: its nodes, its weights, what it wants of its data."""
import json


class Net:
    """nodes: as tools/common/weights/README.md has them, each in an order in which it reads what stands
    before it. weights: (W, b) by layer, as PyTorch's Linear, Conv2d and BatchNorm keep them; no bias: None.
    moments: running (mean, variance) of a normalisation, else (None, None)."""

    def __init__(self, file):
        import numpy

        arrays = numpy.load(file)
        facts = json.loads(arrays["metadata"].tobytes())
        names = [f"layers.{i}." for i in range(len(facts["layers"]))]
        self.weights = [(arrays[name + "weight"], arrays.get(name + "bias")) for name in names]
        self.moments = [(arrays.get(name + "running_mean"), arrays.get(name + "running_var")) for name in names]
        self.nodes = facts.get("nodes") or chain(facts["layers"])
        self.loss, self.target = facts["loss"], facts["target"]["kind"]
        self.shape = facts["input"]["shape"] or [facts["layers"][0]["inputs"]]
        self.mean, self.scale = facts["input"]["mean"], facts["input"]["scale"]

    def output(self, kinds, activations, x):
        """What the last node puts out, before its activation: the losses want logits. kinds, activations:
        functions by name; those of kinds take the node and what it reads."""
        out = {"input": x}
        for node in self.nodes:
            s = kinds[node["kind"]](node, *(out[name] for name in node["reads"]))
            if node is self.nodes[-1]:
                return s
            out[node["name"]] = activations[node["activation"]](s)


def chain(layers):
    """The nodes of a chain of dense layers, which an export leaves out."""
    return [
        {"name": i + 1, "kind": "dense", "reads": [i or "input"], "activation": layer["activation"], "layer": i}
        for i, layer in enumerate(layers)
    ]
