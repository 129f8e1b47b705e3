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

HERE = pathlib.Path(__file__).parent
WARM_UP, PERIOD, TURNS = 5, 20, 2
STEPS = WARM_UP + TURNS * PERIOD

# Statistics and the quadratic model from the whole batch, gamma never tried anew.
WHOLE = ["--stats-fraction", "1", "--fisher-fraction", "1", "--gamma-every", "1000000"]
FIXED = ["--driver", "fixed", "--fisher", "empirical", "--stats-fraction", "1", "--kl-clip", "0"]
# name, title, options of kfix-train (None: a peer's script), whose work the line is compared with
SIDES = [
    ("kfix", "kfix, its defaults", [], None),
    ("kfix_whole", "kfix, kfac-jax's work", WHOLE, None),
    ("kfac_jax", "kfac-jax", None, "kfix_whole"),
    ("kfix_fixed", "kfix, ASDL's work", FIXED + ["--lr", "1e-4", "--damping", "1"], None),
    ("asdl", "PyTorch + ASDL", None, "kfix_fixed"),
]


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", required=True, help="kfix-train of config/mnist_autoencoder.h")
    parser.add_argument("--data", required=True, help="folder with train-images-idx3-ubyte[.gz]")
    parser.add_argument("--environments", required=True, help="folder that peers_setup.sh filled")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("peer", nargs="*", help="kfac_jax asdl")
    return parser.parse_args()


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


def run_kfix(o, extra):
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "steps.csv"
        command = [o.train, "--method", "kfac", "--data", o.data, "--steps", str(STEPS), "--quiet",
                   "--batch", str(o.batch), "--threads", str(o.threads), "--log-steps", str(log),
                   "--inverse-every", str(PERIOD)]
        command += ["--gamma-every", str(PERIOD)] if "--gamma-every" not in extra else []
        _, memory = finish(command + extra)
        with open(log, newline="") as file:
            rows = list(csv.DictReader(file))
    ends = [0.0] + [float(row["seconds"]) for row in rows]
    seconds = [after - before for before, after in zip(ends, ends[1:])]
    return {"seconds": seconds, "losses": [float(row["loss"]) for row in rows], "memory": memory}


def run_peer(o, name):
    python = pathlib.Path(o.environments) / name / "bin" / "python"
    command = [str(python), str(HERE / f"peer_{name}.py"), "--data", o.data, "--steps", str(STEPS),
               "--batch", str(o.batch), "--threads", str(o.threads), "--period", str(PERIOD)]
    text, memory = finish(command)
    return {**json.loads(text.splitlines()[-1]), "memory": memory}


def phases(turns):
    """The shortest step in each phase of the period."""
    return [min(times) for times in zip(*turns)]


def turn(seconds, number):
    first = WARM_UP + number * PERIOD
    return seconds[first : first + PERIOD]


def summary(best, result):
    mean = sum(best) / PERIOD
    extra = sum(result["seconds"][:WARM_UP]) - WARM_UP * mean
    return {"ms": 1e3 * mean, "slowest": max(best) / mean, "memory": result["memory"],
            "loss": sum(result["losses"][-PERIOD:]) / PERIOD, "extra": max(extra, 0.0)}


def run_peers(o):
    """A peer that fails is left out, and said so."""
    results = {}
    for name in o.peer:
        try:
            results[name] = run_peer(o, name)
        except (OSError, RuntimeError) as error:
            print(f"make peers: {name} is left out: {error}", file=sys.stderr)
    return results


def measure(o):
    """kfix runs before and after the peers, a turn of each counts, so that both sides have seen the
    machine at two moments."""
    works = {"kfix"} | {work for name, _, _, work in SIDES if name in o.peer}
    ours = [(name, extra) for name, _, extra, _ in SIDES if name in works]
    before = {name: run_kfix(o, extra) for name, extra in ours}
    peers = run_peers(o)
    after = {name: run_kfix(o, extra) for name, extra in ours}
    found = {}
    for name, result in peers.items():
        best = phases([turn(result["seconds"], number) for number in range(TURNS)])
        found[name] = summary(best, result)
    for name, result in before.items():
        best = phases([turn(result["seconds"], 0), turn(after[name]["seconds"], 1)])
        found[name] = summary(best, result)
    return found


def show(o, found):
    print(f"mnist_autoencoder, {o.data}, batch {o.batch}, {o.threads} threads, float32, "
          f"inverses every {PERIOD} steps")
    print(f"{'':24}{'ms/step':>9}{'slowest':>9}{'to kfix':>9}{'same work':>11}"
          f"{'peak MiB':>10}{'to kfix':>9}{'loss':>9}{'compile s':>11}")
    base = found["kfix"]
    for name, title, _, work in SIDES:
        if name not in found:
            continue
        f = found[name]
        same = f"{f['ms'] / found[work]['ms']:.2f}" if work else ""
        print(f"{title:24}{f['ms']:9.1f}{f['slowest']:9.2f}{f['ms'] / base['ms']:9.2f}{same:>11}"
              f"{f['memory']:10.0f}{f['memory'] / base['memory']:9.2f}{f['loss']:9.1f}"
              f"{f['extra']:11.1f}")
    print(f"ms/step: mean over a period of the shortest step in each phase, after {WARM_UP} steps; "
          "slowest: slowest phase over it\n"
          "same work: over kfix doing that work; peak: whole process, images included; "
          f"loss: nats, mean of the last {PERIOD} batches of {STEPS}\n"
          f"compile: what the first {WARM_UP} steps took beyond ordinary ones")


if __name__ == "__main__":
    arguments = options()
    try:
        found = measure(arguments)
    except (OSError, RuntimeError) as error:
        sys.exit(f"make peers: {error}")
    show(arguments, found)
