#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recomputes a traced run of kfix-train in NumPy and compares.

usage: retrace.py FOLDER...     folders written by kfix-train --trace

Of each step: objective, gradient, statistics, direction, alpha and mu, the model's value, update and
new weights, each from what the trace says went into it and from nothing else of kfix. What needs the
step before, or the step behind the inverse, is compared where that step is there too. Prints one
line for each quantity: how often it was compared and the largest difference over its bound. Exit
status 1 if any is above its bound, or if nothing was compared.

Bounds: 2^10 eps, times the condition number of what is inverted; eps of the trace's own type, so a
build in double says the most."""
import sys

import numpy as np

from retrace_direction import check_exact, check_hf, check_two_level
from retrace_methods import (
    damped, diagonal, ekfac_direction, factors, kron_direction, norm_slack, pi_of, rearranged, scalings, terms,
    tikhonov_direction, tridiagonal_direction)
from retrace_trace import read_steps

KRON = ("kpsvd", "deflation", "lanczos", "kfac-corrected")


class Comparison:
    """Largest difference of each quantity, relative to its bound."""

    def __init__(self, eps):
        self.eps, self.worst, self.count = eps, {}, {}

    def compare(self, name, expected, actual, condition=1.0):
        expected, actual = np.asarray(expected, float), np.asarray(actual, float)
        ratio = np.inf
        if expected.shape == actual.shape:
            size = np.linalg.norm(expected) + np.finfo(float).tiny
            ratio = np.linalg.norm(expected - actual) / (size * 2**10 * self.eps * condition)
        ratio = ratio if np.isfinite(ratio) else np.inf
        self.worst[name] = max(self.worst.get(name, 0.0), ratio)
        self.count[name] = self.count.get(name, 0) + 1

    def report(self, title):
        good = bool(self.count) and all(v <= 1 for v in self.worst.values())
        for name in self.count:
            mark = "" if self.worst[name] <= 1 else "   DIFFERS"
            print(f"{title}  {name:<22} {self.count[name]:4d} times  {self.worst[name]:9.2e} of its bound{mark}")
        return good


def dot(u, v):
    return sum((a * b).sum() for a, b in zip(u, v))


def of_gradient(step):
    """The net whose gradient it is, at W; Nesterov's method: where its velocity would take it."""
    w = step.layers("W")
    if step.method == "nesterov":
        w = [a + step.scalars["mu"] * b for a, b in zip(w, step.layers("prev_update"))]
    return step.net(w)


def check_gradient(c, step, net):
    w, eta, x, y = net.weights, step.scalars["eta"], step["x"], step["y"]
    a = net.forward(x)
    objective = net.value(a[-1], y).mean() + 0.5 * eta * dot(w, w)
    c.compare("objective", objective, step.scalars["objective"])
    abar, g = net.abar(a), net.backward(a, y)
    for i in range(step.depth):
        c.compare("gradient", g[i].T @ abar[i] / len(x) + eta * w[i], step[f"grad{i + 1}"])


def check_moments(c, step, before, net):
    """Of normalisations: those of the batch's groups, and the running ones."""
    if not step.norms:
        return
    a = net.forward(step["x"])
    kept = min(1 - 1 / step.scalars["step"], step.scalars["norm_decay"])
    for _, n in net.blocks:
        if n.block not in step.norms:
            continue
        means, variances, rows = n.moments(a[n.reads[0]])
        i = n.block + 1
        # Means are what is left of numbers as large as the roots of these.
        lost = 1 + np.sqrt(variances.sum() / (means**2).sum())
        for name, made, condition in (("mean", means, lost), ("var", variances, 1.0)):
            c.compare("moments", made, step[f"{name}{i}"], condition)
            fresh = made @ rows / sum(rows)
            if kept == 0:
                c.compare("running moments", fresh[:, None], step[f"running_{name}{i}"], lost)
            elif before:
                past = before[f"running_{name}{i}"]
                c.compare("running moments", kept * past + (1 - kept) * fresh[:, None], step[f"running_{name}{i}"], lost)


def samples(step, net):
    """abar and g of each layer, of the rows behind the statistics; of convolutions at all positions, or as pairs.
    In expectation: each row once for each output, its g so much larger that means over all are what sums over
    outputs are."""
    rows = step["rows_stats"]
    a = net.forward(step["x"][rows])
    if step.scalars.get("fisher") == "exact":
        roots = net.fisher_roots(a[-1])
        g = [np.vstack(m) for m in zip(*(net.descend(a, len(roots) ** 0.5 * f) for f in roots))]
        abar = [np.vstack([b] * len(roots)) for b in net.abar(a)]
    else:
        abar, g = net.abar(a), net.backward(a, step["y_sampled"] if step.has("y_sampled") else step["y"][rows])
    return net.pairs(abar, g) if step.scalars.get("conv") == "reduce" else (abar, g)


def channel_factors(step, net):
    """A of each layer where convolutions have it of their channels alone; None where it is that of all windows."""
    if step.scalars.get("conv") != "sua":
        return [None] * step.depth
    a = net.forward(step["x"][step["rows_stats"]])
    return [n.channel_factor(a[n.reads[0]]) for _, n in net.blocks]


def excess(z, left, right, whole):
    """How much more of Z than the best of their rank the terms left (x) right miss, in squares, over
    |whole|^2: Z, or what Z is left of, where it may be nothing. 0 is perfect."""
    rank = len(left)
    sigma = np.linalg.svd(z, compute_uv=False)
    best = (sigma[rank:] ** 2).sum()
    made = ((z - sum(np.outer(a.reshape(-1), b.reshape(-1)) for a, b in zip(left, right))) ** 2).sum()
    scale = (whole**2).sum()
    return (made - best) / scale if scale > 0 else made


def of_batch(now, past, decay, sign=1.0):
    return sign * (now - decay * past) / (1 - decay) if past is not None else now


def check_kron(c, step, before, i, abar, g):
    """The terms are the best of their rank: of the batch, or of past and batch together."""
    now, decay = step.statistics(i), step.scalars["decay"]
    past = before.statistics(i) if before else None
    z = rearranged(abar, g)
    corrected = step.method == "kfac-corrected"
    names = [("R", "S")] + ([("P", "Q")] if "P" in now else [])
    if past and step.scalars["kron_ema"] == "operator":
        outer = lambda t: sum(np.outer(t[a].reshape(-1), t[b].reshape(-1)) for a, b in names)  # noqa: E731
        z = decay * outer(past) + (1 - decay) * z
        past = None
        if corrected:
            return
    pick = lambda n: of_batch(now[n], past[n] if past else None, decay)  # noqa: E731
    whole = z
    if corrected:
        f = factors(abar, g)
        for n, m in (("R", "A"), ("S", "G")):
            expected = decay * past[n] + (1 - decay) * f[m] if past else f[m]
            c.compare("factors", expected, now[n])
        z = z - np.outer(f["A"].reshape(-1), f["G"].reshape(-1))
        names = [("P", "Q")]
    left, right = [pick(a) for a, _ in names], [pick(b) for _, b in names]
    lost = min(abs(excess(z, left, right, whole)),
               abs(excess(z, left[:-1] + [-left[-1]], right[:-1] + [-right[-1]], whole)))
    c.compare("best of its rank", 1.0, 1.0 + lost, 16.0 / (1 - decay) ** 2 if past else 16.0)


def check_eigenbasis(c, step, now, past, of_rows, grad):
    """Basis and scalings; running ones where the basis is that of the step before."""
    q, is_new = step.scalars, step.scalars["inverse_step"] == step.scalars["step"]
    for u, factor in (("UA", "A"), ("UG", "G")):
        c.compare("basis", np.eye(len(now[u])), now[u].T @ now[u])
        if is_new and q["ekfac_basis"] == "exact":
            inside = now[u].T @ now[factor] @ now[u]
            c.compare("eigenvectors", np.diag(np.diag(inside)), inside)
    if q["ekfac_s"] == "batch":
        c.compare("scalings", of_rows, now["s"])
    elif past and not is_new:
        fresh = of_rows if q["ekfac_s"] == "ema" else (now["UA"].T @ grad.T @ now["UG"]) ** 2
        c.compare("scalings", q["decay"] * past["s"] + (1 - q["decay"]) * fresh, now["s"])


def check_statistics(c, step, before, net):
    decay, method = step.scalars["decay"], step.method
    if method in ("exact", "hf"):
        return
    if not step.scalars["stats_refreshed"] or (step.scalars["stats_count"] > 1 and before is None):
        return
    before = before if step.scalars["stats_count"] > 1 else None
    abar, g = samples(step, net)
    channels = channel_factors(step, net)
    windows = [1 if step.scalars.get("conv") == "reduce" else n.positions for _, n in net.blocks]
    for i in range(step.depth):
        if method in KRON:
            check_kron(c, step, before, i, abar[i], g[i])
            continue
        now, past = step.statistics(i), before.statistics(i) if before else None
        made = diagonal(abar[i], g[i], windows[i]) if method == "diagonal" else factors(abar[i], g[i])
        if "A" in made and channels[i] is not None:
            made["A"] = channels[i]
        if i + 1 < step.depth and method == "kfac-tridiag":
            made["A_cross"] = abar[i].T @ abar[i + 1] / len(abar[i])
            made["G_cross"] = g[i].T @ g[i + 1] / len(g[i])
        for name, batch in made.items():
            c.compare("statistics", decay * past[name] + (1 - decay) * batch if past else batch, now[name])
        if "s" in now:
            check_eigenbasis(c, step, now, past, scalings(now["UA"], now["UG"], abar[i], g[i], windows[i]), step[f"grad{i + 1}"])


def condition(pairs):
    return max(np.linalg.cond(a) * np.linalg.cond(g) for a, g in pairs)


def direction(step, source, v):
    """F^-1 V and the condition number behind it; source: the step whose statistics are in the inverse."""
    q, gamma, method = step.scalars, step.scalars["gamma"], step.method
    stats = [source.curvature(i) for i in range(step.depth)]
    if method == "diagonal":
        d = [step.statistics(i)["D"] + gamma**2 for i in range(step.depth)]
        return [m / x for x, m in zip(d, v)], None, 1.0
    if method == "kfac-tikhonov":
        worst = max(np.linalg.norm(s["A"], 2) * np.linalg.norm(s["G"], 2) for s in stats)
        return [tikhonov_direction(s["A"], s["G"], gamma, m) for s, m in zip(stats, v)], None, worst / gamma**2 + 1
    first = ("R", "S") if method in KRON else ("A", "G")
    pi = [pi_of(s[first[0]], s[first[1]], q["pi_norm"] or "trace") for s in stats]
    if q["pi_norm"] == "spectral":
        pi = q["pi"]
    pairs = [damped(s[first[0]], s[first[1]], gamma, p) for s, p in zip(stats, pi)]
    if method == "kfac-tridiag":
        floor = q["tridiag_floor"]
        return tridiagonal_direction(stats, gamma, pi, floor, v), pi, condition(pairs) / floor
    if method in ("ekfac", "ekfac-ra"):
        out = []
        for i, s in enumerate(stats):
            now = step.statistics(i)
            values = [np.diag(now[u].T @ s[f] @ now[u]) for u, f in (("UA", "A"), ("UG", "G"))]
            out.append(ekfac_direction((now["UA"], now["UG"]), now["s"], values, q["ekfac_damping"], gamma, pi[i], v[i]))
        worst = max(s["s"].max() for s in (step.statistics(i) for i in range(step.depth)))
        return out, pi, (worst + gamma**2) / gamma**2
    if method in KRON[1:] and q["kron_solver"] == "smith":
        out = [kron_direction(s["R"], s["S"], s["P"], s["Q"], gamma, p, -np.inf, m) for s, p, m in zip(stats, pi, v)]
        return out, pi, max(np.linalg.cond(np.kron(a, g) + np.kron(s["P"], s["Q"])) for (a, g), s in zip(pairs, stats))
    if method in KRON[1:]:
        floor = q["kron_floor"]
        out = [kron_direction(s["R"], s["S"], s["P"], s["Q"], gamma, p, floor, m) for s, p, m in zip(stats, pi, v)]
        return out, pi, condition(pairs) / floor
    return [np.linalg.solve(g, m) @ np.linalg.inv(a) for (a, g), m in zip(pairs, v)], pi, condition(pairs)


def check_spectral(c, step, source):
    """pi of norms that were found by products: within what those may miss; directions take it as it is."""
    names = ("R", "S") if step.method in KRON else ("A", "G")
    for i, pi in enumerate(step.scalars["pi"]):
        a, g = (source.curvature(i)[n] for n in names)
        c.compare("pi", pi_of(a, g, "spectral"), pi, 1 + (norm_slack(a) + norm_slack(g)) / 2**11 / c.eps)


def check_direction(c, step, source):
    delta, q = step.layers("delta"), step.scalars
    if step.along == "two-level":
        delta = [-m for m in step.layers("zeta_block")]
    made, pi, cond = direction(step, source, step.layers("grad"))
    if q["pi_norm"] == "spectral":
        check_spectral(c, step, source)
    elif q["pi"] is not None and None not in q["pi"]:
        c.compare("pi", pi, q["pi"])
    for expected, actual in zip(made, delta):
        c.compare("direction of blocks", -expected, actual, cond)


def check_along(c, step, source, net):
    """Directions that look at the whole net; source: the step behind the curvature's inverse."""
    precondition = lambda v: direction(step, source, v)  # noqa: E731
    if step.along == "exact":
        check_exact(c, step, net)
    elif step.along == "hf":
        check_hf(c, step, net, precondition if step.method != "hf" else None)
    elif step.along == "two-level":
        _, pi, _ = precondition(step.layers("grad"))
        check_two_level(c, step, source, net, pi if step.scalars["pi"] is not None else [1.0] * step.depth, precondition)


def check_adaptive(c, step, net):
    q, grad, delta, prev = step.scalars, step.layers("grad"), step.layers("delta"), step.layers("prev_update")
    a = net.forward(step["x"][step["rows_fisher"]])
    vectors = [delta] + ([prev] if q["momentum"] and dot(prev, prev) > 0 else [])
    jv = [net.jacobian_product(a, v) for v in vectors]
    k = len(vectors)
    f = np.array([[net.fisher_inner(a[-1], jv[i], jv[j]) + (q["lambda"] + q["eta"]) * dot(vectors[i], vectors[j])
                   for j in range(k)] for i in range(k)])
    b = np.array([dot(grad, v) for v in vectors])
    best = -np.linalg.solve(f, b)
    made = [q["alpha"], q["mu"]][:k]
    c.compare("alpha and mu", best, made, np.linalg.cond(f))
    c.compare("m_delta", 0.5 * best @ b, q["m_delta"], np.linalg.cond(f))


def check_fixed(c, step):
    q, grad, delta = step.scalars, step.layers("grad"), step.layers("delta")
    total = sum(abs((a * b).sum()) for a, b in zip(grad, delta))
    total = max(total, q["direction_form"] or 0.0)
    nu = min(1.0, np.sqrt(q["kl_clip"] / total)) if q["kl_clip"] > 0 else 1.0
    c.compare("nu", nu, q["nu"])
    c.compare("alpha", q["learning_rate"] * q["nu"], q["alpha"])


def check_update(c, step):
    """Not of Adam, whose moments are not traced."""
    q = step.scalars
    for i in range(1, step.depth + 1):
        if step.method == "adam":
            continue
        c.compare("weights after", step[f"W{i}"] + step[f"update{i}"], step[f"W{i}_after"])
        along = q["alpha"] * step[f"delta{i}"] if step.has("delta1") else -q["learning_rate"] * step[f"grad{i}"]
        c.compare("update", along + q["mu"] * step[f"prev_update{i}"], step[f"update{i}"])


def check_lambda(c, step, after, net):
    """rho where it was measured, and the lambda that follows steps of T1 [KFAC 6.5]."""
    q = step.scalars
    if q["rho"] is None:
        return
    moved = step.net([step[f"W{i + 1}_after"] for i in range(step.depth)])
    values = [n.value(n.forward(step["x"])[-1], step["y"]).mean() + 0.5 * q["eta"] * dot(n.weights, n.weights)
              for n in (moved, net)]
    rho = (values[0] - values[1]) / q["m_delta"]
    cancelled = abs(values[1]) / max(abs(values[0] - values[1]), np.finfo(float).tiny)
    c.compare("rho", rho, q["rho"], cancelled)
    if after is not None and q["step"] % q["T1"] == 0:
        factor = q["omega1"] if rho > 0.75 else 1 / q["omega1"] if rho < 0.25 else 1.0
        c.compare("lambda after", q["lambda"] * factor, after.scalars["lambda"])


def check(folder):
    steps = read_steps(folder)
    first = next(iter(steps.values()))
    c = Comparison(first.eps)
    for k, step in steps.items():
        q = step.scalars
        net = step.net(step.layers("W"))
        check_gradient(c, step, of_gradient(step))
        check_moments(c, step, steps.get(k - 1), of_gradient(step))
        check_update(c, step)
        if not step.has("delta1"):
            continue
        check_statistics(c, step, steps.get(k - 1), net)
        if q["inverse_step"] in steps:
            source = steps[q["inverse_step"]]
            if step.along in ("block", "two-level"):
                check_direction(c, step, source)
            check_along(c, step, source, net)
        if q["driver"] == "adaptive":
            check_adaptive(c, step, net)
            check_lambda(c, step, steps.get(k + 1), net)
        else:
            check_fixed(c, step)
    return c.report(f"{first.scalars['method']}, {first.scalars['driver']}:")


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        sys.exit(0 if len(sys.argv) > 1 else 2)
    sys.exit(0 if all([check(folder) for folder in sys.argv[1:]]) else 1)
