# SPDX-License-Identifier: Apache-2.0
"""kfac-jax: with the driver of the K-FAC paper (adaptive rate, momentum and damping, T1 = 5), or at a fixed
rate, momentum and damping, steps clipped by their norm in F, as kfix's fixed driver does it."""
import functools

import peer_net
import peer_task

o = peer_task.options(driver=["adaptive", "fixed"])
peer_task.limit_threads(o.threads)

import jax
import jax_net
import kfac_jax

# The moments of a convolution's windows by kfac-jax's other function for them, of the same result: by its
# own choice, made for TPUs, a step of cuda_convnet takes 40 times as long on a CPU.
psm = kfac_jax.patches_second_moment
psm.patches_moments = psm.patches_moments_explicit

ADAPTIVE = {
    "use_adaptive_learning_rate": True,
    "use_adaptive_momentum": True,
    "use_adaptive_damping": True,
    "initial_damping": 1.0,
    "damping_adaptation_interval": 5,
    "damping_adaptation_decay": 0.95,
}
FIXED = {
    "learning_rate_schedule": lambda step: 0.5,
    "momentum_schedule": lambda step: 0.8,
    "damping_schedule": lambda step: 0.01,
    "norm_constraint": 0.01,
}
net = peer_net.Net(o.weights)
optimizer = kfac_jax.Optimizer(
    jax.value_and_grad(functools.partial(jax_net.loss, net)),
    l2_reg=peer_task.WEIGHT_DECAY,
    curvature_ema=0.95,
    curvature_update_period=1,
    inverse_update_period=o.period,
    num_burnin_steps=0,
    **(ADAPTIVE if o.driver == "adaptive" else FIXED),
)
data = peer_task.Data(o, net)
params = jax_net.parameters(net)
state = optimizer.init(params, jax.random.PRNGKey(1), data.first())


def step(batch, i):
    global params, state
    params, state, stats = optimizer.step(params, state, jax.random.PRNGKey(i), batch=batch, global_step_int=i)
    jax.block_until_ready(params)
    return stats["loss"]


peer_task.run(o, data.batches(), step)
