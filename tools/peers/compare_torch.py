#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Steps of kfix-bench beside the same steps in PyTorch (peer_torch.py), on a GPU or, as a rehearsal,
on the CPU: SGD and K-FAC. Exit status 77: this Python has no torch that can use the device."""
import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
WARM_UP, PERIOD, MIB = 44, 20, 2**20


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True, help="kfix-bench of the network")
    parser.add_argument("--net", required=True, help="mnist_autoencoder or faces_autoencoder")
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--steps", type=int, default=40, help="that count, after 44 that do not")
    parser.add_argument("--port", default="cuda", help="of kfix; PyTorch uses the CPU unless cuda")
    parser.add_argument("--precision", choices=["full", "tf32"], default="full")
    parser.add_argument("--largest", type=int, default=2000, help="as kfix-bench has it")
    return parser.parse_args()


def finish(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        raise RuntimeError(f"{' '.join(map(str, command))}: {last}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def usable(o):
    look = "import torch" + ("; assert torch.cuda.is_available()" if o.port == "cuda" else "")
    return subprocess.run([sys.executable, "-c", look], capture_output=True, check=False).returncode == 0


def run_kfix(o, method):
    command = [o.bench, "--what", "steps", "--method", method, "--port", o.port, "--batch", o.batch,
               "--steps", o.steps, "--largest", o.largest]
    command += ["--precision", o.precision] if o.port == "cuda" else []
    machine, step = finish([str(word) for word in command])
    return {"ms": step["ms"], "median": step["ms_median"], "worst": step["ms_worst"],
            "floor": step["floor_ms"], "bytes": step["arena_bytes"], "device": step["device"],
            "peak": machine["peak_gflops"]}


def run_torch(o, method, graphs):
    command = [sys.executable, HERE / "peer_torch.py", "--net", o.net, "--method", method, "--batch",
               o.batch, "--steps", WARM_UP + o.steps, "--graphs", graphs, "--precision", o.precision,
               "--device", "cuda" if o.port == "cuda" else "cpu"]
    (result,) = finish([str(word) for word in command])
    times = sorted(result["seconds"][WARM_UP:])
    phases = [min(result["seconds"][WARM_UP + i :: PERIOD]) for i in range(min(PERIOD, o.steps))]
    return {"ms": 1e3 * sum(phases) / len(phases), "median": 1e3 * times[len(times) // 2],
            "worst": 1e3 * times[-1], "bytes": result["device_bytes"] or result["resident_bytes"],
            "device": f"{result['device']}, torch {result['torch']}", "losses": result["losses"]}


def show(name, r, base):
    floor = f"{r['floor']:9.3f}" if r.get("floor") else f"{'':9}"
    print(f"{name:28}{r['ms']:9.3f}{r['median']:9.3f}{r['worst']:9.2f}{floor}"
          f"{r['ms'] / base['ms']:9.2f}{r['median'] / base['median']:9.2f}{r['bytes'] / MIB:9.0f}",
          flush=True)


def main():
    """One side after the other; a side that fails is said so, and the rest goes on."""
    o = options()
    if not usable(o):
        print(f"skip: {sys.executable} has no torch that can use the device")
        return 77
    print(f"{o.net}, batch {o.batch}, float32{', TF32 products' if o.precision == 'tf32' else ''}")
    print(f"{'':28}{'ms/step':>9}{'median':>9}{'worst':>9}{'floor':>9}{'to kfix':>9}{'median':>9}"
          f"{'MiB':>9}", flush=True)
    status = 0
    for method in ("sgd", "kfac"):
        try:
            base = run_kfix(o, method)
            show(f"kfix {method}", base, base)
            for graphs in ("on", "off") if o.port == "cuda" else ("off",):
                found = run_torch(o, method, graphs)
                show(f"torch {method}, graphs {graphs}", found, base)
            print(f"  loss of torch {found['losses'][0]:.4g} to {found['losses'][-1]:.4g}; "
                  f"peak of kfix {base['peak']:.0f} GFLOP/s; {base['device']}; {found['device']}")
        except (OSError, RuntimeError, ValueError) as error:
            print(f"{method}: {error}")
            status = 1
    print("ms/step: mean over a period of 20 of the shortest step in each phase; median: mostly steps "
          "between refreshes; MiB: kfix's arenas, torch's device memory (its CPU process, elsewhere)")
    return status


if __name__ == "__main__":
    sys.exit(main())
