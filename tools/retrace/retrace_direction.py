# SPDX-License-Identifier: Apache-2.0
"""Directions that look at the whole net: two-level, exact, Hessian-free, with dense J and F over the rows that the
trace names. A direction over all blocks is a list of matrices, one a block."""
import numpy as np


def flat(v):
    return np.concatenate([m.reshape(-1) for m in v])


def split(x, like):
    out, at = [], 0
    for m in like:
        out.append(x[at:at + m.size].reshape(m.shape))
        at += m.size
    return out


class Fisher:
    """F + damping I of the sampled targets: J J^T / m, J a column for each example."""

    def __init__(self, step, net):
        rows = step["rows_direction"]
        a = net.forward(step["x"][rows])
        y = step["y_direction"] if step.has("y_direction") else step["y"][rows]
        per_block = zip(net.abar(a), net.backward(a, y), net.blocks)
        each = lambda m, n: m.reshape(len(rows), n.positions, -1)  # noqa: E731
        self.j = np.hstack([np.einsum("tpo,tpi->toi", each(g, n), each(abar, n)).reshape(len(rows), -1)
                            for abar, g, (_, n) in per_block]).T
        self.m, self.damping = len(rows), step.scalars["direction_damping"]

    def times(self, v):
        return self.j @ (self.j.T @ v) / self.m + self.damping * v

    def solve(self, v):
        gram = self.j.T @ self.j + self.m * self.damping * np.eye(self.m)
        return (v - self.j @ np.linalg.solve(gram, self.j.T @ v)) / self.damping

    def condition(self):
        return np.linalg.norm(self.j, 2) ** 2 / self.m / self.damping + 1


def sums(step, net):
    """Sums over abar and over g of each example, of its pair where a block has positions: examples x blocks."""
    rows = step["rows_direction"]
    a = net.forward(step["x"][rows])
    y = step["y_direction"] if step.has("y_direction") else step["y"][rows]
    return (np.stack([x.sum(1) for x in side], 1) for side in net.pairs(net.abar(a), net.backward(a, y)))


def tko_matrix(step, net, pi):
    """The block-Kronecker F_coarse of ones [2L 3.18]."""
    alpha, beta = sums(step, net)
    gamma, m = step.scalars["gamma"], len(alpha)
    a, g = alpha.T @ alpha / m, beta.T @ beta / m
    shapes = [step[f"W{i + 1}"].shape for i in range(step.depth)]
    a[np.diag_indices_from(a)] += [p * gamma * cols for p, (_, cols) in zip(pi, shapes)]
    g[np.diag_indices_from(g)] += [gamma / p * out for p, (out, _) in zip(pi, shapes)]
    return a * g


def columns(step):
    """R0^T, parameters x columns: column j of block i is number j * blocks + i."""
    v = step.layers("V")
    count, out = v[0].shape[2], []
    for j in range(count):
        for i in range(step.depth):
            out.append(flat([m[:, :, j] if k == i else np.zeros(m.shape[:2]) for k, m in enumerate(v)]))
    return np.array(out).T


def check_space(c, step, source, r, fisher, precondition):
    """V by its definition; spectral: an eigenvector, of the smallest eigenvalue."""
    space, v = step.scalars["coarse_space"], step.layers("V")
    column = [[m[:, :, j] for m in v] for j in range(v[0].shape[2])]
    if space == "spectral":
        for i, m in enumerate(column[0]):
            stats = source.statistics(i)
            a, g = (stats[n] for n in (("R", "S") if "R" in stats else ("A", "G")))
            smallest = np.linalg.eigvalsh(a)[0] * np.linalg.eigvalsh(g)[0]
            size = np.linalg.norm(a, 2) * np.linalg.norm(g, 2)
            c.compare("V is a unit vector", 1.0, np.linalg.norm(m))
            c.compare("V's eigenvalue", size, size + (g @ m @ a * m).sum() - smallest)
        return
    if space in ("nicolaides", "krylov-nicolaides", "tko", "tko-exact"):
        c.compare("V", np.ones(flat(column[0]).shape), flat(column[0]))
    else:
        made, _, cond = precondition(r)
        c.compare("V", flat(made), flat(column[0]), cond)
    for j in range(1, len(column)):
        last = column[j - 1]
        made, _, cond = precondition(split(fisher.times(flat(last)), last) if space == "taylor" else last)
        c.compare("V", flat(made), flat(column[j]), cond)


def check_two_level(c, step, source, net, pi, precondition):
    q, grad, before = step.scalars, step.layers("grad"), step.layers("zeta_block")
    fisher = Fisher(step, net)
    r = flat(grad) - fisher.times(flat(before))
    size = np.linalg.norm(flat(grad)) + np.linalg.norm(fisher.times(flat(before)))
    c.compare("r", r, flat(step.layers("r")), size / np.linalg.norm(r))
    check_space(c, step, source, step.layers("r"), fisher, precondition)
    v, beta, zeta = columns(step), step["beta"], flat(step.layers("zeta"))
    dense = v.T @ np.apply_along_axis(fisher.times, 0, v)
    b = v.T @ r
    additive = q["coarse_space"] in ("tko", "tko-exact")
    used = tko_matrix(step, net, pi) if q["coarse_space"] == "tko" else dense
    scale = np.outer(*2 * [np.sqrt(np.diag(used))])
    c.compare("F_coarse", used / scale, step["F_coarse"] / scale)
    right = v.T @ flat(grad) if additive else b
    # b is what is left of two larger terms.
    lost = np.linalg.norm(v, 2) * size / np.linalg.norm(b)
    if q["coarse_rank"] == len(beta):
        c.compare("F_coarse beta", right, used @ beta, np.linalg.cond(used / scale) * lost)
    c.compare("zeta", flat(before) + v @ beta, zeta)
    form = zeta @ fisher.times(zeta)
    # A sum of terms as large as the form was before the correction.
    c.compare("form", form, q["direction_form"], 1 + flat(before) @ fisher.times(flat(before)) / form)
    c.compare("direction", -zeta, flat(step.layers("delta")))
    change, terms = beta @ dense @ beta - 2 * beta @ b, beta @ dense @ beta + 2 * abs(beta @ b)
    c.compare("e_change", change, q["e_change"], terms / abs(change) * lost)


def check_exact(c, step, net):
    fisher = Fisher(step, net)
    made = fisher.solve(flat(step.layers("grad")))
    c.compare("direction", -made, flat(step.layers("delta")), fisher.condition())


def check_hf(c, step, net, precondition):
    """As many conjugate gradients as it took, from where it began. They lose digits with every iteration: of more
    than a dozen nothing is said."""
    q, grad, like = step.scalars, flat(step.layers("grad")), step.layers("grad")
    a = net.forward(step["x"][step["rows_direction"]])

    def times(v):
        jv = net.jacobian_product(a, split(v, like))
        g = net.descend(a, net.fisher_times(a[-1], jv))
        product = flat([m.T @ abar for m, abar in zip(g, net.abar(a))]) / len(jv)
        return product + q["direction_damping"] * v

    x = q["hf_decay"] * flat(step.layers("prev_update"))
    r = -grad - times(x)
    apply = lambda v: flat(precondition(split(v, like))[0]) if precondition else v  # noqa: E731
    z = apply(r)
    p, rz = z, r @ z
    for _ in range(int(q["iterations"])):
        f = times(p)
        alpha = rz / (p @ f)
        x, r = x + alpha * p, r - alpha * f
        z = apply(r)
        p, rz = z + (r @ z) / rz * p, r @ z
    c.compare("direction", x, flat(step.layers("delta")), 8.0 ** int(q["iterations"]))
