# SPDX-License-Identifier: Apache-2.0
"""PyTorch with ASDL's K-FAC: fixed rate and damping, momentum, the empirical Fisher."""
import warnings

import peer_task

o = peer_task.options()
peer_task.limit_threads(o.threads)
warnings.simplefilter("ignore")

import torch
import torch.nn.functional as F
from asdl import FISHER_EMP
from asdl.precondition import KfacGradientMaker, PreconditioningConfig

torch.set_num_threads(o.threads)
layers = []
for w, b in peer_task.weights():
    layer = torch.nn.Linear(*w.shape)
    layer.weight.data, layer.bias.data = torch.from_numpy(w.T.copy()), torch.from_numpy(b)
    layers += [layer, torch.nn.ReLU()]
model = torch.nn.Sequential(*layers[:-1])
optimizer = torch.optim.SGD(
    model.parameters(), lr=1e-4, momentum=0.9, weight_decay=peer_task.WEIGHT_DECAY
)
maker = KfacGradientMaker(
    model,
    PreconditioningConfig(
        data_size=o.batch,
        damping=1.0,
        preconditioner_upd_interval=o.period,
        preconditioner_warmup_steps=3,
        curvature_upd_interval=1,
        ema_decay=0.05,
    ),
    fisher_type=FISHER_EMP,
)


def nats(z, x, reduction="mean"):
    each = F.binary_cross_entropy_with_logits(z, x, reduction="none").sum(1)
    return {"mean": each.mean, "sum": each.sum}.get(reduction, lambda: each)()


def step(batch, i):
    x = torch.from_numpy(batch)
    optimizer.zero_grad(set_to_none=True)
    maker.setup_loss_call(nats, maker.setup_model_call(model, x), x)
    _, loss = maker.forward_and_backward()
    optimizer.step()
    return loss.detach()


peer_task.run(o, peer_task.batches(o), step)
