#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs kfix-train and the peers on the same work, one after the other, and prints them side by side.
A line each: step time, peak memory, loss; kfix once at its defaults and once doing a peer's work."""
import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import typing

HERE = pathlib.Path(__file__).parent
WARM_UP, PERIOD, TURNS = 5, 20, 2
CLOSE = 1e-5  # relative: losses of one batch at the same weights, summed in other orders

INVERSES = ["--inverse-every", str(PERIOD)]
GAMMAS = [*INVERSES, "--gamma-every", str(PERIOD)]
# The adaptive driver with statistics and the quadratic model from the whole batch, gamma never tried anew.
WHOLE = [*INVERSES, "--stats-fraction", "1", "--fisher-fraction", "1", "--gamma-every", "1000000"]
EMPIRICAL = [*INVERSES, "--driver", "fixed", "--fisher", "empirical", "--stats-fraction", "1", "--kl-clip", "0"]
EXPAND = [*INVERSES, "--conv", "expand"]
EVERY = [*EXPAND, "--driver", "fixed", "--stats-fraction", "1", "--stats-every", "1"]


class Side(typing.NamedTuple):
    """A line of the table. environment: of a peer, whose script is peer_ENVIRONMENT.py; None: kfix-train.
    work: the name of kfix's line that does the same."""

    name: str
    title: str
    environment: str | None
    options: list
    work: str | None = None


class Work(typing.NamedTuple):
    """cycle: steps after which their kinds repeat, a multiple of PERIOD; kfix's fixed driver has statistics
    every 8. The first side is the one that all are compared with."""

    batch: int
    cycle: int
    sides: list


NETS = {
    "mnist_autoencoder": Work(512, PERIOD, [
        Side("kfix", "kfix, its defaults", None, GAMMAS),
        Side("kfix_whole", "kfix, kfac-jax's work", None, WHOLE),
        Side("kfac_jax", "kfac-jax", "kfac_jax", ["--driver", "adaptive"], "kfix_whole"),
        Side("kfix_fixed", "kfix, ASDL's work", None, [*EMPIRICAL, "--lr", "1e-4", "--damping", "1"]),
        Side("asdl", "PyTorch + ASDL", "asdl", [], "kfix_fixed"),
    ]),
    "cuda_convnet": Work(256, 2 * PERIOD, [
        Side("kfix", "kfix kfac, its defaults", None, EXPAND),
        Side("kfix_every", "kfix, kfac-jax's work", None, EVERY),
        Side("kfac_jax", "kfac-jax", "kfac_jax", ["--driver", "fixed"], "kfix_every"),
        Side("kfix_sgd", "kfix sgd", None, ["--method", "sgd"]),
        Side("torch_sgd", "PyTorch SGD", "torch_cpu", ["--method", "sgd"], "kfix_sgd"),
        Side("kfix_adam", "kfix adam", None, ["--method", "adam"]),
        Side("torch_adam", "PyTorch Adam", "torch_cpu", ["--method", "adam"], "kfix_adam"),
    ]),
    # A batch is one group of rows, whose moments are those of the batch on all sides.
    "resnet18_quarter": Work(64, 2 * PERIOD, [
        Side("kfix", "kfix kfac, its defaults", None, EXPAND),
        Side("kfix_sgd", "kfix sgd", None, ["--method", "sgd"]),
        Side("torch_sgd", "PyTorch SGD", "torch_cpu", ["--method", "sgd"], "kfix_sgd"),
        Side("kfix_adam", "kfix adam", None, ["--method", "adam"]),
        Side("torch_adam", "PyTorch Adam", "torch_cpu", ["--method", "adam"], "kfix_adam"),
    ]),
}


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--net", choices=NETS, default="mnist_autoencoder")
    parser.add_argument("--train", required=True, help="kfix-train of that net's config")
    parser.add_argument("--data", required=True, help="folder with train-images-idx3-ubyte[.gz], or CIFAR-10's *.bin")
    parser.add_argument("--environments", required=True, help="folder that peers_setup.sh filled")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--port", default="simd", help="kernels of kfix-train")
    parser.add_argument("--batch", type=int, help="unless that of the net's line in NETS")
    parser.add_argument("peer", nargs="*", help="environments: kfac_jax asdl torch_cpu")
    o = parser.parse_args()
    o.work = NETS[o.net]
    o.batch, o.steps = o.batch or o.work.batch, WARM_UP + TURNS * o.work.cycle
    unknown = set(o.peer) - {side.environment for side in o.work.sides}
    if unknown:
        parser.error(f"{' '.join(sorted(unknown))}: no line of {o.net} runs there")
    return o


def finish(command):
    """Its standard output and the most memory that it had resident, in MiB."""
    with tempfile.TemporaryFile("w+") as said:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True) as process:
            text = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        last = (said.read().strip().splitlines() or [f"status {process.returncode}"])[-1]
    if process.returncode != 0:
        raise RuntimeError(f"{pathlib.Path(command[1]).name}: {last}")
    return text, usage.ru_maxrss / 1024


def train(o, steps, extra):
    """The log of its steps, and the most memory that it had."""
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "steps.csv"
        command = [o.train, "--data", o.data, "--steps", str(steps), "--eval-every", "0", "--quiet",
                   "--batch", str(o.batch), "--threads", str(o.threads), "--port", o.port, "--log-steps", str(log)]
        _, memory = finish(command + extra)
        with open(log, newline="") as file:
            return list(csv.DictReader(file)), memory


def start(o, file):
    """Writes the weights that every side starts from. Returns their loss on the first batch of the data:
    a step at rate 0 changes nothing."""
    extra = ["--method", "sgd", "--lr", "0", "--limit", str(o.batch), "--export", str(file)]
    rows, _ = train(o, 1, extra)
    return float(rows[0]["loss"])


def run_kfix(o, side):
    rows, memory = train(o, o.steps, side.options)
    ends = [0.0] + [float(row["seconds"]) for row in rows]
    seconds = [after - before for before, after in zip(ends, ends[1:])]
    return {"seconds": seconds, "losses": [float(row["loss"]) for row in rows], "memory": memory}


def run_peer(o, side, weights, loss):
    python = pathlib.Path(o.environments) / side.environment / "bin" / "python"
    command = [str(python), str(HERE / f"peer_{side.environment}.py"), "--data", o.data, "--weights", str(weights),
               "--steps", str(o.steps), "--batch", str(o.batch), "--threads", str(o.threads),
               "--period", str(PERIOD)]
    text, memory = finish(command + side.options)
    found = {**json.loads(text.splitlines()[-1]), "memory": memory}
    if not abs(found["losses"][0] - loss) <= CLOSE * loss:
        raise RuntimeError(f"its first loss is {found['losses'][0]:.9g}, kfix's {loss:.9g}: other work")
    return found


def phases(turns):
    """The shortest step in each phase of the cycle."""
    return [min(times) for times in zip(*turns)]


def turn(o, seconds, number):
    first = WARM_UP + number * o.work.cycle
    return seconds[first : first + o.work.cycle]


def summary(best, result):
    mean = sum(best) / len(best)
    extra = sum(result["seconds"][:WARM_UP]) - WARM_UP * mean
    return {"ms": 1e3 * mean, "slowest": max(best) / mean, "memory": result["memory"],
            "loss": sum(result["losses"][-PERIOD:]) / PERIOD, "extra": max(extra, 0.0)}


def run_peers(o, sides):
    """All start from the same weights. A peer that fails is left out, and said so."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        weights = pathlib.Path(folder) / "start.npz"
        loss = start(o, weights)
        for side in sides:
            try:
                results[side.name] = run_peer(o, side, weights, loss)
            except (OSError, RuntimeError) as error:
                print(f"make peers: {side.name} is left out: {error}", file=sys.stderr)
    return results


def measure(o):
    """kfix runs before and after the peers, a turn of each counts, so that both sides have seen the
    machine at two moments."""
    peers = [side for side in o.work.sides if side.environment in o.peer]
    works = {o.work.sides[0].name} | {side.work for side in peers}
    ours = [side for side in o.work.sides if side.name in works]
    before = {side.name: run_kfix(o, side) for side in ours}
    theirs = run_peers(o, peers)
    after = {side.name: run_kfix(o, side) for side in ours}
    found = {}
    for name, result in theirs.items():
        best = phases([turn(o, result["seconds"], number) for number in range(TURNS)])
        found[name] = summary(best, result)
    for name, result in before.items():
        best = phases([turn(o, result["seconds"], 0), turn(o, after[name]["seconds"], 1)])
        found[name] = summary(best, result)
    return found


def show(o, found):
    print(f"{o.net}, {o.data}, batch {o.batch}, {o.threads} threads, float32, kfix on {o.port}, "
          f"inverses every {PERIOD} steps")
    print(f"{'':24}{'ms/step':>9}{'slowest':>9}{'to kfix':>9}{'same work':>11}"
          f"{'peak MiB':>10}{'to kfix':>9}{'loss':>9}{'compile s':>11}")
    base = found[o.work.sides[0].name]
    for side in o.work.sides:
        if side.name not in found:
            continue
        f = found[side.name]
        same = f"{f['ms'] / found[side.work]['ms']:.2f}" if side.work else ""
        print(f"{side.title:24}{f['ms']:9.1f}{f['slowest']:9.2f}{f['ms'] / base['ms']:9.2f}{same:>11}"
              f"{f['memory']:10.0f}{f['memory'] / base['memory']:9.2f}{f['loss']:9.4g}"
              f"{f['extra']:11.1f}")
    print(f"ms/step: mean over {o.work.cycle} steps of the shortest in each phase, after {WARM_UP} steps; "
          "slowest: slowest phase over it\n"
          "same work: over kfix doing that work; peak: whole process, images included; "
          f"loss: nats, mean of the last {PERIOD} batches of {o.steps}\n"
          f"compile: what the first {WARM_UP} steps took beyond ordinary ones")


if __name__ == "__main__":
    arguments = options()
    try:
        show(arguments, measure(arguments))
    except (OSError, RuntimeError) as error:
        sys.exit(f"make peers: {error}")
