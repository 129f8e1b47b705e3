# SPDX-License-Identifier: Apache-2.0
"""Stock PyTorch: autograd, and its own SGD with momentum or Adam."""
import peer_net
import peer_task

o = peer_task.options(method=["sgd", "adam"])
peer_task.limit_threads(o.threads)

import torch
import torch_net

torch.set_num_threads(o.threads)
net = peer_net.Net(o.weights)
model, loss_of = torch_net.Module(net), torch_net.LOSSES[net.loss]
decay = {"weight_decay": peer_task.WEIGHT_DECAY}
if o.method == "sgd":
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, **decay)
else:
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, **decay)


def step(batch, i):
    x, y = torch_net.tensors(batch)
    optimizer.zero_grad(set_to_none=True)
    loss = loss_of(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.detach()


peer_task.run(o, peer_task.Data(o, net).batches(), step)
