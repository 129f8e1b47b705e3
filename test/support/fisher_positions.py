#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Usage: fisher_positions.py KFIX_FISHER FOLDER EXAMPLES POSITIONS IN OUT BIAS
kfix-fisher on a convolution's block, against F as a dense matrix and its factors by their definitions."""
import json
import pathlib
import subprocess
import sys

import numpy

PROGRAM, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
M, T, IN, OUT, BIAS = map(int, sys.argv[3:])
DAMPING = 0.1
EPS = numpy.finfo(numpy.float32).eps

rng = numpy.random.default_rng(M * T + IN)
a = rng.standard_normal((M, T, IN)).astype("float32")
g = rng.standard_normal((M, T, OUT)).astype("float32")
v = rng.standard_normal((OUT, IN)).astype("float32")
if BIAS:
    a[:, :, -1] = 1
numpy.save(FOLDER / "a.npy", a.reshape(-1, IN))
numpy.save(FOLDER / "g.npy", g.reshape(-1, OUT))
numpy.save(FOLDER / "v.npy", v)
a, g, v = (x.astype(float) for x in (a, g, v))

d = numpy.einsum("mto,mti->moi", g, a)
vectors = d.transpose(0, 2, 1).reshape(M, -1)  # (i, o): the order of A (x) G
exact = vectors.T @ vectors / M


def run(method, conv):
    out = FOLDER / f"{method}_{conv}"
    command = [PROGRAM, "--activations", FOLDER / "a.npy", "--gradients", FOLDER / "g.npy", "--positions", str(T),
               "--conv", conv, "--method", method, "--out", out, "--rhs", FOLDER / "v.npy", "--damping",
               str(DAMPING), "--solution", FOLDER / "u.npy"]
    subprocess.run(command, check=True)
    found = {path.stem: numpy.load(path).astype(float) for path in out.glob("*.npy")}
    return found, json.loads((out / "errors.json").read_text()), numpy.load(FOLDER / "u.npy").astype(float)


def close(what, expected, actual, slack=1.0):
    """Sums of at most a few hundred terms in float: their number times eps, of the largest."""
    tolerance = slack * 20 * (M * T + IN * OUT) * EPS * numpy.abs(expected).max()
    error = numpy.abs(expected - actual).max()
    if not error <= tolerance:
        sys.exit(f"{what}: off by {error:.3g}, tolerance {tolerance:.3g}")


def errors_of(what, approximation, errors):
    norm = numpy.linalg.norm(exact)
    frobenius = numpy.linalg.norm(exact - approximation) / norm
    values = [numpy.sort(numpy.linalg.eigvalsh(x)) for x in (exact, approximation)]
    spectrum = numpy.linalg.norm(values[0] - values[1]) / numpy.linalg.norm(values[0])
    close(f"{what}: frobenius", numpy.array([1 + frobenius]), 1 + errors["frobenius"])
    close(f"{what}: spectrum", numpy.array([1 + spectrum]), 1 + errors["spectrum"])


def factors_by_definition(conv):
    if conv == "reduce":
        mean, total = a.mean(1), g.sum(1)
        return mean.T @ mean / M, total.T @ total / M
    flat_a, flat_g = a.reshape(-1, IN), g.reshape(-1, OUT)
    return flat_a.T @ flat_a / (M * T), flat_g.T @ flat_g / M


def check_kfac(conv):
    found, errors, _ = run("kfac", conv)
    for name, factor in zip("AG", factors_by_definition(conv)):
        close(f"kfac {conv}: {name}", factor, found[name])
    errors_of(f"kfac {conv}", numpy.kron(found["A"], found["G"]), errors)


def check_tikhonov(conv):
    found, errors, u = run("kfac-tikhonov", conv)
    dense = numpy.kron(found["A"], found["G"]) + DAMPING * numpy.eye(IN * OUT)
    solved = numpy.linalg.solve(dense, v.T.reshape(-1)).reshape(IN, OUT).T
    close(f"kfac-tikhonov {conv}: solution", solved, u, numpy.linalg.cond(dense))
    errors_of(f"kfac-tikhonov {conv}", numpy.kron(found["A"], found["G"]), errors)


def check_ekfac(conv):
    found, errors, _ = run("ekfac", conv)
    seen = d if conv == "expand" else numpy.einsum("mo,mi->moi", g.sum(1), a.mean(1))
    turned = numpy.einsum("moi,op,ij->mpj", seen, found["UG"], found["UA"])
    close(f"ekfac {conv}: s", (turned**2).mean(0).T, found["s"])
    basis = numpy.kron(found["UA"], found["UG"])
    errors_of(f"ekfac {conv}", basis * found["s"].reshape(-1) @ basis.T, errors)


def check_diagonal(conv):
    found, errors, _ = run("diagonal", conv)
    seen = d if conv == "expand" else numpy.einsum("mo,mi->moi", g.sum(1), a.mean(1))
    close(f"diagonal {conv}: D", (seen**2).mean(0), found["D"])
    errors_of(f"diagonal {conv}", numpy.diag(found["D"].T.reshape(-1)), errors)


for way in ("expand", "reduce"):
    for check in (check_kfac, check_tikhonov, check_ekfac, check_diagonal):
        check(way)
for two in ("kpsvd", "deflation"):
    factors, numbers, _ = run(two, "reduce")
    total = numpy.kron(factors["R"], factors["S"])
    if "P" in factors:
        total = total + numpy.kron(factors["P"], factors["Q"])
    errors_of(two, total, numbers)
