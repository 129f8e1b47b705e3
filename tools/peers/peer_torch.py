#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Steps of stock PyTorch, on a GPU in CUDA graphs: SGD by autograd, and the work of kfix's adaptive
K-FAC by torch.linalg and plain products. Prints a line of JSON; compare_torch.py runs it."""
import argparse
import json
import math
import resource
import time

import torch

# As config/NAME.h has them. The last word: of the output and its loss.
NETS = {
    "mnist_autoencoder": ((784, 1000, 500, 250, 30, 250, 500, 1000, 784), "bernoulli"),
    "faces_autoencoder": ((625, 2000, 1000, 500, 30, 500, 1000, 2000, 625), "mse"),
}
ETA, XI, DECAY, POOL = 1e-5, 0.99, 0.95, 4
STATS, FISHER, PERIOD, T1 = 1 / 8, 1 / 4, 20, 5
OMEGA1, OMEGA2 = 0.95**T1, 0.95 ** (PERIOD / 2)


class Runner:
    """Calls functions, or what was captured of them: static memory in, static memory out."""

    def __init__(self, device, graphs):
        self.graphs = {} if graphs and device.type == "cuda" else None

    def __call__(self, function, ready=True):
        if self.graphs is None or not ready:
            return function()
        if function.__name__ not in self.graphs:
            torch.cuda.synchronize()
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph, stream=torch.cuda.current_stream()):
                function()
            self.graphs[function.__name__] = graph
        return self.graphs[function.__name__].replay()


def he(sizes, device):
    generator = torch.Generator().manual_seed(1)
    pairs = list(zip(sizes[:-1], sizes[1:]))
    w = [torch.randn(o, i, generator=generator).mul_((2 / i) ** 0.5).to(device) for i, o in pairs]
    return w, [torch.zeros(o, device=device) for _, o in pairs]


def loss_of(kind, z, x):
    if kind == "bernoulli":
        return torch.nn.functional.binary_cross_entropy_with_logits(z, x, reduction="sum") / len(x)
    return (z - x).square().sum() / (2 * len(x))


class Sgd:
    """The usual model and optimizer, and the averaged iterate that kfix keeps."""

    def __init__(self, o, sizes, kind, x):
        w, b = he(sizes, x.device)
        layers = []
        for wi, bi in zip(w, b):
            layer = torch.nn.Linear(*wi.T.shape, device=x.device)
            layer.weight.data, layer.bias.data = wi, bi
            layers += [layer, torch.nn.ReLU()]
        self.model, self.kind, self.x = torch.nn.Sequential(*layers[:-1]), kind, x
        self.parameters = list(self.model.parameters())
        self.average = [p.detach().clone() for p in self.parameters]
        self.optimizer = torch.optim.SGD(
            self.parameters, lr=1e-4, momentum=0.9, weight_decay=ETA, fused=x.is_cuda
        )
        self.run = Runner(x.device, o.graphs == "on")
        self.loss = torch.zeros((), device=x.device)

    def whole_step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = loss_of(self.kind, self.model(self.x), self.x)
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(self.average, self.parameters, 1 - XI)
            self.loss.copy_(loss)

    def step(self, i):
        self.run(self.whole_step, i >= 3)
        return self.loss.item()


class Kfac:
    """[KFAC 4.2 to 7]: statistics of an eighth of the rows with sampled targets, F in the model of a
    quarter, alpha and mu together, lambda every 5 steps, inverses and three gammas every 20."""

    def __init__(self, o, sizes, kind, x):
        self.kind, self.x, device = kind, x, x.device
        self.w, self.b = he(sizes, device)
        shapes = [(wi.shape[0], wi.shape[1] + 1) for wi in self.w]
        flat = sum(m * n for m, n in shapes)
        self.v, self.d, self.p, self.best = (torch.zeros(flat, device=device) for _ in range(4))
        cut = lambda t: [part.view(s) for part, s in zip(t.split([m * n for m, n in shapes]), shapes)]
        self.V, self.D, self.P = cut(self.v), cut(self.d), cut(self.p)
        square = lambda n: torch.eye(n, device=device)
        self.A, self.G = [square(n) for _, n in shapes], [square(m) for m, _ in shapes]
        self.iA, self.iG = [square(n) for _, n in shapes], [square(m) for m, _ in shapes]
        self.average = [t.clone() for t in self.w + self.b]
        self.rows1, self.rows2 = math.ceil(len(x) * STATS), math.ceil(len(x) * FISHER)
        self.ones = torch.ones(self.rows1, 1, device=device)
        self.gamma, self.best_gamma = math.sqrt(1 + ETA), 0
        self.damping = torch.tensor(1 + ETA, device=device)
        self.found = torch.zeros(3, device=device)  # alpha, mu, M(delta)
        self.loss, self.after = (torch.zeros((), device=device) for _ in range(2))
        self.run = Runner(device, o.graphs == "on")
        self.a = self.z = self.mean = None

    def forward(self):
        a = [self.x]
        for w, b in zip(self.w[:-1], self.b[:-1]):
            a.append(torch.addmm(b, a[-1], w.T).relu_())
        return a, torch.addmm(self.b[-1], a[-1], self.w[-1].T)

    def objective(self, z):
        square = sum(torch.dot(w.flatten(), w.flatten()) for w in self.w)
        return loss_of(self.kind, z, self.x) + ETA / 2 * square

    def statistics(self, first):
        keep, rows = 0 if first else DECAY, self.rows1
        mean = self.mean[:rows]
        y = torch.bernoulli(mean) if self.kind == "bernoulli" else mean + torch.randn_like(mean)
        g = mean - y
        for i in reversed(range(len(self.w))):
            abar = torch.cat([self.a[i][:rows], self.ones], 1)
            self.A[i].addmm_(abar.T, abar, beta=keep, alpha=(1 - keep) / rows)
            self.G[i].addmm_(g.T, g, beta=keep, alpha=(1 - keep) / rows)
            if i > 0:
                g = (g @ self.w[i]) * (self.a[i][:rows] > 0)

    def gradient(self, first=False):
        self.a, z = self.forward()
        self.mean = torch.sigmoid(z) if self.kind == "bernoulli" else z
        self.loss.copy_(self.objective(z))
        self.statistics(first)
        g = (self.mean - self.x) / len(self.x)
        for i in reversed(range(len(self.w))):
            self.V[i][:, :-1] = torch.addmm(self.w[i], g.T, self.a[i], beta=ETA)
            self.V[i][:, -1] = torch.add(g.sum(0), self.b[i], alpha=ETA)
            if i > 0:
                g = (g @ self.w[i]) * (self.a[i] > 0)

    def refresh(self, gamma):
        for i in range(len(self.w)):
            pi = (self.A[i].trace() / len(self.A[i]) / (self.G[i].trace() / len(self.G[i]))).sqrt()
            for factor, inverse, shift in (
                (self.A[i], self.iA[i], gamma * pi),
                (self.G[i], self.iG[i], gamma / pi),
            ):
                damped = factor.clone()
                damped.diagonal().add_(shift)
                inverse.copy_(torch.cholesky_inverse(torch.linalg.cholesky_ex(damped).L))

    def tangent(self, D):
        first, t = len(self.x) - self.rows2, None
        for i, w in enumerate(self.w):
            s = torch.addmm(D[i][:, -1], self.a[i][first:], D[i][:, :-1].T)
            s = s if t is None else torch.addmm(s, t, w.T)
            t = s * (self.a[i + 1][first:] > 0) if i + 1 < len(self.w) else s
        return t

    def propose(self):
        for v, ia, ig, d in zip(self.V, self.iA, self.iG, self.D):
            torch.mm(ig @ v, ia, out=d)
        self.d.neg_()
        u, v = self.tangent(self.D), self.tangent(self.P)
        mean = self.mean[-self.rows2 :]
        r = mean * (1 - mean) if self.kind == "bernoulli" else 1
        product = lambda x, y, dx, dy: (r * x * y).sum() / self.rows2 + self.damping * dx.dot(dy)
        uu, uv = product(u, u, self.d, self.d), product(u, v, self.d, self.p)
        vv, gu, gv = product(v, v, self.p, self.p), self.v.dot(self.d), self.v.dot(self.p)
        det = uu * vv - uv * uv
        both = det > 2e-6 * uu * vv
        safe = torch.where(both, det, torch.ones_like(det))
        alpha = torch.where(both, -(vv * gu - uv * gv) / safe, -gu / uu)
        mu = torch.where(both, -(uu * gv - uv * gu) / safe, torch.zeros_like(gu))
        self.found.copy_(torch.stack([alpha, mu, (alpha * gu + mu * gv) / 2]))

    def advance(self):
        self.p.mul_(self.found[1]).addcmul_(self.d, self.found[0])
        torch._foreach_add_(self.w, [p[:, :-1] for p in self.P])
        torch._foreach_add_(self.b, [p[:, -1] for p in self.P])
        torch._foreach_lerp_(self.average, self.w + self.b, 1 - XI)

    def look(self):
        self.after.copy_(self.objective(self.forward()[1]))

    def choose_gamma(self, ready):
        gammas, best, last = (self.gamma, OMEGA2 * self.gamma, self.gamma / OMEGA2), None, None
        for gamma in gammas:
            if last is not None:
                self.refresh(gamma)
                self.run(self.propose, ready)
            change, last = self.found[2].item(), gamma
            if best is None or change < best[0]:
                best = (change, gamma, self.found.clone())
                self.best.copy_(self.d)
        self.gamma = best[1]
        self.found.copy_(best[2])
        self.d.copy_(self.best)
        if last != self.gamma:
            self.refresh(self.gamma)

    def first_gradient(self):
        self.gradient(first=True)

    def step(self, i):
        ready = i >= 5
        self.run(self.gradient if i else self.first_gradient, ready)
        if i < 3 or (i + 1) % PERIOD == 0:
            self.refresh(self.gamma)
        self.run(self.propose, ready)
        if (i + 1) % PERIOD == 0:
            self.choose_gamma(ready)
        self.run(self.advance, ready)
        if (i + 1) % T1 == 0:
            self.run(self.look, ready)
            rho = (self.after - self.loss).item() / self.found[2].item()
            if rho > 0.75:
                self.damping.sub_(ETA).mul_(OMEGA1).add_(ETA)
            elif rho < 0.25:
                self.damping.sub_(ETA).div_(OMEGA1).add_(ETA)
        return self.loss.item()


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--net", choices=NETS, default="mnist_autoencoder")
    parser.add_argument("--method", choices=["sgd", "kfac"], default="kfac")
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--steps", type=int, default=84)
    parser.add_argument("--graphs", choices=["on", "off"], default="on")
    parser.add_argument("--precision", choices=["full", "tf32"], default="full")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--threads", type=int, default=0)
    return parser.parse_args()


def main():
    """Batches wait in pinned memory and go up within the step; a step ends with its loss on the
    host."""
    o = options()
    if o.threads:
        torch.set_num_threads(o.threads)
    torch.set_float32_matmul_precision("high" if o.precision == "tf32" else "highest")
    sizes, kind = NETS[o.net]
    pool = [torch.rand(o.batch, sizes[0]) for _ in range(POOL)]
    if o.device == "cuda":
        pool = [x.pin_memory() for x in pool]
    x = torch.zeros(o.batch, sizes[0], device=o.device)
    work = (Sgd if o.method == "sgd" else Kfac)(o, sizes, kind, x)
    seconds, losses = [], []
    # Capturing wants another stream than the default one, from the first step on.
    stream = torch.cuda.stream(torch.cuda.Stream() if o.device == "cuda" else None)
    with torch.set_grad_enabled(o.method == "sgd"), stream:
        for i in range(o.steps):
            began = time.perf_counter()
            x.copy_(pool[i % POOL], non_blocking=True)
            losses.append(work.step(i))
            seconds.append(time.perf_counter() - began)
    memory = torch.cuda.max_memory_allocated() if o.device == "cuda" else 0
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    name = torch.cuda.get_device_name() if o.device == "cuda" else "cpu"
    print(json.dumps({"torch": torch.__version__, "device": name, "seconds": seconds,
                      "losses": losses, "device_bytes": memory, "resident_bytes": resident}))


if __name__ == "__main__":
    main()
