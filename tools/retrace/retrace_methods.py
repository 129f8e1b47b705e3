# SPDX-License-Identifier: Apache-2.0
"""Statistics and directions of every method, by brute force in NumPy.

A statistics function answers {name: matrix} of one layer for one batch, and how it joins the past; a
direction function answers F^-1 V of all layers, from the statistics of the step behind the inverse."""
import numpy as np


def factors(abar, g):
    return {"A": abar.T @ abar / len(abar), "G": g.T @ g / len(g)}


def diagonal(abar, g, windows):
    return {"D": (gradients(abar, g, windows) ** 2).mean(0).T}


def pi_of(a, g, norm="trace"):
    """The root of |A (x) I| / |I (x) G| [KFAC 6.3]; 1 where a layer is dead, as lib/curvature/factors.h has it."""
    if norm == "one" or not (np.trace(a) > 0 and np.trace(g) > 0):
        return 1.0
    if norm == "trace":
        return np.sqrt((np.trace(a) / len(a)) / (np.trace(g) / len(g)))
    if norm == "frobenius":
        return np.sqrt(np.sqrt(len(g)) * np.linalg.norm(a) / (np.sqrt(len(a)) * np.linalg.norm(g)))
    return np.sqrt(np.linalg.norm(a, 2) / np.linalg.norm(g, 2))


def norm_slack(m):
    """By what part |M|_2 may fall short after 32 products with a normal vector: each other eigenvalue's
    (1 - r) r^64, r its ratio to the first, times the squares of the start along both, at most 100 n."""
    r = np.sort(np.abs(np.linalg.eigvalsh(m)))[:-1] / max(np.linalg.norm(m, 2), np.finfo(float).tiny)
    return min(1.0, 100 * len(m) * ((1 - r) * r**64).sum())


def damped(a, g, gamma, pi):
    return a + pi * gamma * np.eye(len(a)), g + gamma / pi * np.eye(len(g))


def tikhonov_direction(a, g, gamma, v):
    """(A (x) G + gamma^2 I)^-1 V [KFAC 6.3 (6)], as the dense system of the block."""
    block = np.kron(a, g) + gamma**2 * np.eye(len(a) * len(g))
    return np.linalg.solve(block, v.T.reshape(-1)).reshape(len(a), len(g)).T


# ---- Kronecker SVD, from the rearrangement itself ----


def rearranged(abar, g):
    left = np.einsum("ti,tj->tij", abar, abar).reshape(len(abar), -1)
    right = np.einsum("ti,tj->tij", g, g).reshape(len(g), -1)
    return left.T @ right / len(abar)


def terms(z, da, dg, rank):
    """The leading singular triples as pairs of matrices, of equal norms, traces on the left >= 0."""
    u, sigma, vt = np.linalg.svd(z, full_matrices=False)
    pairs = []
    for i in range(rank):
        left = np.sqrt(sigma[i]) * u[:, i].reshape(da, da)
        right = np.sqrt(sigma[i]) * vt[i].reshape(dg, dg)
        pairs.append((left, right))
    return pairs


def kron_direction(r, s, p, q, gamma, pi, floor, v):
    """((R + pi gamma I) (x) (S + gamma / pi I) + P (x) Q)^-1 V, with 1 + s1 s2 held at the floor, -inf:
    not held."""
    a, g = damped(r, s, gamma, pi)

    def joint(m, c):
        lower = np.linalg.cholesky(m)
        inverse = np.linalg.inv(lower)
        values, e = np.linalg.eigh(inverse @ c @ inverse.T)
        return inverse.T @ e, values

    ka, sa = joint(a, p)
    kg, sg = joint(g, q)
    middle = np.maximum(1 + np.outer(sg, sa), floor)
    return kg @ ((kg.T @ v @ ka) / middle) @ ka.T


# ---- block-tridiagonal ----


def spectral(m, function):
    values, e = np.linalg.eigh((m + m.T) / 2)
    return (e * function(values)) @ e.T


def tridiagonal_direction(stats, gamma, pi, floor, v):
    """Xi^T Lambda Xi V [KFAC 4.3] with dense blocks; eigenvalues of Sigma, relative to the diagonal
    block, are held at the floor."""
    depth = len(v)
    pairs = [damped(s["A"], s["G"], gamma, p) for s, p in zip(stats, pi)]
    block = [np.kron(a, g) for a, g in pairs]
    psi, inverse = [], []
    for i in range(depth - 1):
        cross = np.kron(stats[i]["A_cross"], stats[i]["G_cross"])
        psi.append(np.linalg.solve(block[i + 1], cross.T).T)
        half = spectral(block[i], lambda x: x**-0.5)
        inner = half @ psi[i] @ cross.T @ half
        inverse.append(half @ spectral(inner, lambda x: 1 / np.maximum(1 - x, floor)) @ half)
    inverse.append(np.linalg.inv(block[-1]))
    flat = [m.T.reshape(-1) for m in v]
    xi = [flat[i] - (psi[i] @ flat[i + 1] if i + 1 < depth else 0) for i in range(depth)]
    scaled = [inverse[i] @ xi[i] for i in range(depth)]
    out = [scaled[i] - (psi[i - 1].T @ scaled[i - 1] if i else 0) for i in range(depth)]
    return [out[i].reshape(v[i].shape[1], v[i].shape[0]).T for i in range(depth)]


# ---- eigenbasis ----


def gradients(abar, g, windows):
    """D of each example, cols x rows: the sum over its windows, which stand one after another."""
    split = [m.reshape(-1, windows, m.shape[1]) for m in (abar, g)]
    return np.einsum("etj,etu->eju", *split)


def scalings(ua, ug, abar, g, windows):
    return ((ua.T @ gradients(abar, g, windows) @ ug) ** 2).mean(0)


def ekfac_direction(basis, s, values, kind, gamma, pi, v):
    """U_G ((U_G^T V U_A) / (s^T + d)) U_A^T; d as lib/curvature/ekfac.h has it."""
    ua, ug = basis
    va, vg = values
    d = gamma**2
    if kind == "kron":
        d = d + gamma * (va[:, None] + vg[None, :])
    elif kind == "kron-pi":
        d = d + gamma * (va[:, None] / pi + pi * vg[None, :])
    return ug @ ((ug.T @ v @ ua) / (s + d).T) @ ua.T
