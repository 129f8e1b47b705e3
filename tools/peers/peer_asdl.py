# SPDX-License-Identifier: Apache-2.0
"""PyTorch with ASDL's K-FAC: fixed rate and damping, momentum, the empirical Fisher."""
import warnings

import peer_net
import peer_task

o = peer_task.options()
peer_task.limit_threads(o.threads)
warnings.simplefilter("ignore")

import torch
import torch_net
from asdl import FISHER_EMP
from asdl.precondition import KfacGradientMaker, PreconditioningConfig

torch.set_num_threads(o.threads)
net = peer_net.Net(o.weights)
model, loss_of = torch_net.Module(net), torch_net.LOSSES[net.loss]
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


def step(batch, i):
    x, y = torch_net.tensors(batch)
    optimizer.zero_grad(set_to_none=True)
    maker.setup_loss_call(loss_of, maker.setup_model_call(model, x), y)
    _, loss = maker.forward_and_backward()
    optimizer.step()
    return loss.detach()


peer_task.run(o, peer_task.Data(o, net).batches(), step)
