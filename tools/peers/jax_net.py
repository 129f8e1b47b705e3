# SPDX-License-Identifier: Apache-2.0
"""A network of kfix-train's as a function in JAX, and its loss, which kfac-jax is told of."""
import jax
import jax.numpy as jnp
import kfac_jax


def parameters(net):
    """(W, b) or (W,) by layer. W as JAX's users keep it: in x out, or kernel's rows x columns x in x out.
    Images are (row, column, channel) here: a dense layer that reads one has its inputs in this order."""
    channels = {"input": net.shape[2] if len(net.shape) == 3 else 1}
    params = []
    for node in net.nodes:
        channels[node["name"]] = channels[node["reads"][0]]
        if node["layer"] is None:
            continue
        w, b = net.weights[node["layer"]]
        if node["kind"] == "norm":
            pass
        elif node["kind"] in ("conv", "depthwise"):
            channels[node["name"]] = len(w)
            w = w.transpose(2, 3, 1, 0)
        else:
            w = w.reshape(len(w), channels[node["reads"][0]], -1).transpose(2, 1, 0).reshape(-1, len(w))
            channels[node["name"]] = 1
        params.append(tuple(jnp.asarray(part) for part in (w, b) if part is not None))
    return params


def both_sides(pads):
    return [(pad, pad) for pad in pads]


def pool(node, a, start, function):
    kernel, stride = (1, *node["kernel"], 1), (1, *node["stride"], 1)
    return jax.lax.reduce_window(a, start, function, kernel, stride, both_sides((0, *node["pad"], 0)))


def mean_pool(node, a):
    rows, columns = node["kernel"]
    return pool(node, a, 0.0, jax.lax.add) / (rows * columns)


def conv(node, a, w, *b):
    """Written so that kfac-jax finds it. Of each channel by itself: as many groups."""
    order, groups = ("NHWC", "HWIO", "NHWC"), a.shape[3] if node["kind"] == "depthwise" else 1
    s = jax.lax.conv_general_dilated(
        a, w, node["stride"], both_sides(node["pad"]), dimension_numbers=order, feature_group_count=groups
    )
    return s + b[0][None, None, None] if b else s


def dense(node, a, w, *b):
    s = a.reshape(len(a), -1) @ w
    return s + b[0] if b else s


def norm(node, a, scale, shift):
    """By the moments of the whole batch, as kfix where that is one group of rows; running ones are for
    evaluations, of which there are none here. Written so that kfac-jax finds scale and shift."""
    axes = tuple(range(a.ndim - 1))
    mean = jnp.mean(a, axes, keepdims=True)
    variance = jnp.mean(jnp.square(a - mean), axes, keepdims=True)
    return (a - mean) * jax.lax.rsqrt(variance + node["eps"]) * scale + shift


ACTIVATIONS = {"linear": lambda s: s, "relu": jax.nn.relu, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid}


def logits(net, params, x):
    kinds = {
        "conv": lambda node, a: conv(node, a, *params[node["layer"]]),
        "depthwise": lambda node, a: conv(node, a, *params[node["layer"]]),
        "dense": lambda node, a: dense(node, a, *params[node["layer"]]),
        "norm": lambda node, a: norm(node, a, *params[node["layer"]]),
        "add": lambda node, a, b: a + b,
        "max_pool": lambda node, a: pool(node, a, -jnp.inf, jax.lax.max),
        "mean_pool": mean_pool,
    }
    return net.output(kinds, ACTIVATIONS, x)


def bernoulli(z, x):
    kfac_jax.register_multi_bernoulli_predictive_distribution(z, x)
    return jnp.mean(jnp.sum(jax.nn.softplus(z) - z * x, axis=1))


def categorical(z, y):
    kfac_jax.register_categorical_predictive_distribution(z, y)
    return jnp.mean(jax.nn.logsumexp(z, axis=1) - jnp.take_along_axis(z, y[:, None], axis=1)[:, 0])


# Nats per example: of logits and targets.
LOSSES = {"bernoulli": bernoulli, "categorical": categorical}


def loss(net, params, batch):
    x, y = batch
    return LOSSES[net.loss](logits(net, params, x), x if y is None else y)
