#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Prints the polynomial coefficients of lib/core/elementary_f32.h and elementary_f64.h: minimax fits
# by Remez's exchange in 60 digits, each then rounded to the type it is used in. Needs mpmath.
import struct
from mpmath import mp, mpf, exp, expm1, log, sin, cos, pi, sqrt, matrix, lu_solve

mp.dps = 60


def remez(f, weight, lo, hi, degree):
    """p of this degree that minimises max |weight (f - p)| on [lo, hi], and that maximum."""
    n = degree + 2
    mid, half = (hi + lo) / 2, (hi - lo) / 2
    grid = [mid + half * cos(pi * (2 * i + 1) / (2 * 40 * n)) for i in range(40 * n)][::-1]
    values = [(f(x), weight(x)) for x in grid]
    at = [int((i + mpf(1) / 2) * len(grid) / n) for i in range(n)]
    for _ in range(30):
        a, b = matrix(n, n), matrix(n, 1)
        for row, i in enumerate(at):
            for j in range(degree + 1):
                a[row, j] = grid[i] ** j
            a[row, degree + 1] = (-1) ** row / values[i][1]
            b[row] = values[i][0]
        solution = lu_solve(a, b)
        p = [solution[j] for j in range(degree + 1)]
        error = [w * (v - sum(c * x ** j for j, c in enumerate(p)))
                 for x, (v, w) in zip(grid, values)]
        peaks = extrema(error)
        while len(peaks) > n:
            peaks.pop(0 if abs(error[peaks[0]]) < abs(error[peaks[-1]]) else -1)
        if len(peaks) < n or peaks == at:
            break
        at = peaks
    return p, max(abs(e) for e in error)


def extrema(error):
    """The largest |error| of each run of one sign: alternating points."""
    peaks = [0]
    for i in range(1, len(error)):
        if error[i] * error[peaks[-1]] < 0:
            peaks.append(i)
        elif abs(error[i]) > abs(error[peaks[-1]]):
            peaks[-1] = i
    return peaks


def to_float(x):
    return struct.unpack("f", struct.pack("f", float(x)))[0]


def show(name, f, weight, lo, hi, degree_f32, degree_f64):
    for kind, degree in (("f32", degree_f32), ("f64", degree_f64)):
        p, worst = remez(f, weight, lo, hi, degree)
        rounded = [(to_float(c) if kind == "f32" else float(c)).hex() for c in p]
        print(f"{name}_{kind}: weighted error 2^{float(mp.log(worst, 2)):.1f}")
        print("  " + ", ".join(rounded))


def split(name, x, bits):
    hi = mp.floor(x * 2 ** bits) / 2 ** bits
    print(f"{name}: hi {float(hi).hex()} lo {float(x - hi).hex()} lo_f32 {to_float(x - hi).hex()}")


r_max = log(2) / 2 * (1 + mpf(2) ** -10)
tiny = mpf(2) ** -40
# exp(r) = 1 + (r + r^2 p(r)), and expm1 with an error relative to itself.
show("exp", lambda r: (expm1(r) - r) / r ** 2, lambda r: abs(r ** 2 / expm1(r)), -r_max, r_max + tiny,
     4, 9)
# log(1 + f) = 2 s + s z p(z), s = f / (2 + f), z = s^2.
s_max = (sqrt(2) - 1) / (sqrt(2) + 1)
show("log", lambda z: (log((1 + sqrt(z)) / (1 - sqrt(z))) / sqrt(z) - 2) / z, lambda z: z,
     mpf(2) ** -30, s_max ** 2 * (1 + mpf(2) ** -10), 3, 6)
# sin(2 pi r) = 2 pi r + r z p(z), cos(2 pi r) = 1 + z p(z), z = r^2, |r| <= 1/8.
show("sin", lambda z: (sin(2 * pi * sqrt(z)) / sqrt(z) - 2 * pi) / z, lambda z: z, mpf(2) ** -30,
     mpf(1) / 64, 2, 6)
show("cos", lambda z: (cos(2 * pi * sqrt(z)) - 1) / z, lambda z: z, mpf(2) ** -30, mpf(1) / 64, 3, 6)
split("ln2 for f32", log(2), 15)
split("ln2 for f64", log(2), 40)
print("2 pi", float(2 * pi).hex(), "rest", float(2 * pi - mpf(float(2 * pi))).hex())
print("2 pi f32", to_float(2 * pi).hex(), "rest", to_float(2 * pi - to_float(2 * pi)).hex())
print("1/ln2", float(1 / log(2)).hex(), to_float(1 / log(2)).hex())
