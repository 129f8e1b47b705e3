# SPDX-License-Identifier: Apache-2.0
"""The work that every peer does: the auto-encoder of config/mnist_autoencoder.h on given images, and
the clock around each step. A peer calls run(step) with its own step."""
import argparse
import gzip
import json
import os
import pathlib
import time

START = time.perf_counter()
SIZES = (784, 1000, 500, 250, 30, 250, 500, 1000, 784)
WEIGHT_DECAY = 1e-5


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, help="folder with train-images-idx3-ubyte[.gz]")
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--steps", type=int, default=45)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--period", type=int, default=20, help="steps between inverses")
    return parser.parse_args()


def limit_threads(threads):
    """Before the framework is imported: it counts the processors that it may use."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)


def read_images(folder):
    import numpy

    for name, opener in (("", open), (".gz", gzip.open)):
        path = pathlib.Path(folder) / ("train-images-idx3-ubyte" + name)
        if path.exists():
            with opener(path, "rb") as file:
                return numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, SIZES[0])
    raise SystemExit(f"{folder}: no train-images-idx3-ubyte[.gz] there")


def weights():
    """He's initialisation, as the config has it: (in, out) matrices and biases of zero."""
    import numpy

    rng = numpy.random.default_rng(1)
    pairs = zip(SIZES[:-1], SIZES[1:])
    return [
        (rng.normal(0, (2 / i) ** 0.5, (i, o)).astype("float32"), numpy.zeros(o, "float32"))
        for i, o in pairs
    ]


def batches(o):
    """A random order of the images, batch after batch, in [0, 1]."""
    import numpy

    images = read_images(o.data)
    rng = numpy.random.default_rng(2)
    while True:
        order = rng.permutation(len(images))
        for first in range(0, len(images) - o.batch + 1, o.batch):
            yield images[order[first : first + o.batch]].astype("float32") / 255


def run(o, source, step):
    """step(batch, i) does step i and returns the loss of the batch, in nats per example, when all
    of its work is done. Fetching the batch counts, as it does for kfix."""
    seconds, losses = [], []
    for i in range(o.steps):
        before = time.perf_counter()
        losses.append(float(step(next(source), i)))
        seconds.append(time.perf_counter() - before)
    print(json.dumps({"seconds": seconds, "losses": losses, "whole": time.perf_counter() - START}))
