# SPDX-License-Identifier: Apache-2.0
"""kfac-jax with the driver of the K-FAC paper: adaptive rate, momentum and damping, T1 = 5."""
import peer_task

o = peer_task.options()
peer_task.limit_threads(o.threads)

import jax
import jax.numpy as jnp
import kfac_jax


def loss(params, x):
    a = x
    for w, b in params[:-1]:
        a = jax.nn.relu(a @ w + b)
    z = a @ params[-1][0] + params[-1][1]
    kfac_jax.register_multi_bernoulli_predictive_distribution(z, x)
    return jnp.mean(jnp.sum(jax.nn.softplus(z) - z * x, axis=1))


optimizer = kfac_jax.Optimizer(
    jax.value_and_grad(loss),
    l2_reg=peer_task.WEIGHT_DECAY,
    use_adaptive_learning_rate=True,
    use_adaptive_momentum=True,
    use_adaptive_damping=True,
    initial_damping=1.0,
    damping_adaptation_interval=5,
    damping_adaptation_decay=0.95,
    curvature_ema=0.95,
    curvature_update_period=1,
    inverse_update_period=o.period,
    num_burnin_steps=0,
)
source = peer_task.batches(o)
params = peer_task.weights()
state = optimizer.init(params, jax.random.PRNGKey(1), next(source))


def step(x, i):
    global params, state
    params, state, stats = optimizer.step(params, state, jax.random.PRNGKey(i), batch=x, global_step_int=i)
    jax.block_until_ready(params)
    return stats["loss"]


peer_task.run(o, source, step)
