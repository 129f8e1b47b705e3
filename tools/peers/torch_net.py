# SPDX-License-Identifier: Apache-2.0
"""A network of kfix-train's as a module of PyTorch, and its loss."""
import torch
import torch.nn.functional as F


def norm_of(weight, bias, moments, node, is_image):
    """Its moments are those of the whole batch: kfix's too, where that is one group of rows."""
    layer = (torch.nn.BatchNorm2d if is_image else torch.nn.BatchNorm1d)(len(weight), eps=node["eps"])
    names = ("weight", "bias", "running_mean", "running_var")
    for name, values in zip(names, (weight, bias, *moments)):
        getattr(layer, name).data = torch.from_numpy(values)
    return layer


def module_of(weight, bias, node):
    if node["kind"] in ("conv", "depthwise"):
        groups = len(weight) if node["kind"] == "depthwise" else 1
        geometry = {"stride": node["stride"], "padding": node["pad"], "groups": groups}
        channels = weight.shape[1] * groups
        layer = torch.nn.Conv2d(channels, len(weight), node["kernel"], bias=bias is not None, **geometry)
    else:
        layer = torch.nn.Linear(*weight.shape[::-1], bias=bias is not None)
    layer.weight.data = torch.from_numpy(weight)
    if bias is not None:
        layer.bias.data = torch.from_numpy(bias)
    return layer


def modules(net):
    """By layer. What stands behind a dense node is no image."""
    images, made = {"input": len(net.shape) == 3}, []
    for node in net.nodes:
        images[node["name"]] = node["kind"] != "dense" and images[node["reads"][0]]
        if node["kind"] == "norm":
            layer = node["layer"]
            made.append(norm_of(*net.weights[layer], net.moments[layer], node, images[node["name"]]))
        elif node["layer"] is not None:
            made.append(module_of(*net.weights[node["layer"]], node))
    return made


def windows(node):
    return {"kernel_size": node["kernel"], "stride": node["stride"], "padding": node["pad"]}


ACTIVATIONS = {"linear": lambda s: s, "relu": F.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}


class Module(torch.nn.Module):
    """Takes images as (row, column, channel), as kfix does, and gives logits. To PyTorch they are in its
    memory format channels_last, in which a step on a CPU takes half as long."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.layers = torch.nn.ModuleList(modules(net))
        self.kinds = {
            "conv": lambda node, a: self.layers[node["layer"]](a),
            "depthwise": lambda node, a: self.layers[node["layer"]](a),
            "dense": lambda node, a: self.layers[node["layer"]](a.flatten(1)),
            "norm": lambda node, a: self.layers[node["layer"]](a),
            "add": lambda node, a, b: a + b,
            "max_pool": lambda node, a: F.max_pool2d(a, **windows(node)),
            "mean_pool": lambda node, a: F.avg_pool2d(a, **windows(node)),
        }

    def forward(self, x):
        if x.dim() == 4:
            x = x.permute(0, 3, 1, 2)
        return self.net.output(self.kinds, ACTIVATIONS, x)


def bernoulli(z, x, reduction="mean"):
    each = F.binary_cross_entropy_with_logits(z, x, reduction="none").sum(1)
    return {"mean": each.mean, "sum": each.sum}.get(reduction, lambda: each)()


# Nats per example: of logits and targets.
LOSSES = {"bernoulli": bernoulli, "categorical": F.cross_entropy}


def tensors(batch):
    """x, and what it should become."""
    x, y = batch
    x = torch.from_numpy(x)
    return x, x if y is None else torch.from_numpy(y).long()
