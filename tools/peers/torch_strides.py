#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a leading dimension costs in cuBLAS, by PyTorch: products of the auto-encoders' layers with W
(out x in + 1) dense, as kfix stores it, and with its rows padded to 16 floats."""
import argparse
import time

import torch

LAYERS = ((785, 1000), (1001, 500), (501, 250), (626, 2000), (2001, 1000), (1001, 2000))


def seconds(function, cuda, repeats):
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(repeats):
            function()
        if cuda:
            torch.cuda.synchronize()
        best = min(best, (time.perf_counter() - began) / repeats)
    return best


def rate(rows, n, out, ld, device, kind):
    """GFLOP/s of S = X W^T, X = S W, or W = S^T X, with W of that leading dimension."""
    aligned = -(-n // 16) * 16
    w = torch.rand(out, ld, device=device)[:, :n]
    x = torch.rand(rows, aligned, device=device)[:, :n]
    s = torch.rand(rows, -(-out // 16) * 16, device=device)[:, :out]
    calls = {"forward": lambda: torch.mm(x, w.T, out=s), "backward": lambda: torch.mm(s, w, out=x),
             "gradient": lambda: torch.mm(s.T, x, out=w)}
    return 2e-9 * rows * n * out / seconds(calls[kind], device == "cuda", 20 if device == "cuda" else 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--batch", type=int, default=1024)
    o = parser.parse_args()
    torch.set_float32_matmul_precision("highest")
    print(f"GFLOP/s in float32, {o.batch} rows, W dense and padded")
    for n, out in LAYERS:
        words = []
        for kind in ("forward", "backward", "gradient"):
            dense, padded = (rate(o.batch, n, out, ld, o.device, kind) for ld in (n, -(-n // 16) * 16))
            words.append(f"{kind} {dense:7.0f} {padded:7.0f}")
        print(f"{n:5} to {out:5}: " + "; ".join(words), flush=True)


if __name__ == "__main__":
    main()
