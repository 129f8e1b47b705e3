# SPDX-License-Identifier: Apache-2.0
"""The work that every peer does: a network of kfix-train's (peer_net.py) on given images, and the clock
around each step. A peer calls run(o, source, step) with its own step."""
import argparse
import gzip
import json
import os
import pathlib
import time

START = time.perf_counter()
WEIGHT_DECAY = 1e-5
CIFAR_RECORD = 1 + 3 * 32 * 32


def options(**choices):
    """Those of all peers, and a peer's own: name = (words to choose from, the first by default)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, help="folder: train-images-idx3-ubyte[.gz], or CIFAR-10's *.bin")
    parser.add_argument("--weights", required=True, help="where to start: an export of kfix-train, .npz")
    parser.add_argument("--batch", type=int, default=512)
    parser.add_argument("--steps", type=int, default=45)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--period", type=int, default=20, help="steps between inverses")
    for name, words in choices.items():
        parser.add_argument("--" + name, choices=words, default=words[0])
    return parser.parse_args()


def limit_threads(threads):
    """Before the framework is imported: it counts the processors that it may use."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[name] = str(threads)


def read_bytes(path):
    import numpy

    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        return numpy.frombuffer(file.read(), numpy.uint8)


def read_cifar(files):
    """Records of CIFAR-10, in the order of their files' names: (row, column, channel), and classes."""
    import numpy

    records = numpy.concatenate([read_bytes(path).reshape(-1, CIFAR_RECORD) for path in files])
    images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return numpy.ascontiguousarray(images), records[:, 0].astype("int32")


def read_images(folder, net):
    """Bytes, and classes or None: images x what the network's input is shaped like."""
    folder = pathlib.Path(folder)
    for path in sorted(folder.glob("train-images-idx3-ubyte*")):
        return read_bytes(path)[16:].reshape(-1, *net.shape), None
    files = [path for path in sorted(folder.glob("*.bin")) if "test" not in path.name]
    if not files:
        raise SystemExit(f"{folder}: neither train-images-idx3-ubyte[.gz] nor *.bin for training there")
    return read_cifar(files)


class Data:
    """Training images. A batch is (x, y): float32, in [0, 1] or standardised as the network's export says;
    classes, or None where the targets are the inputs."""

    def __init__(self, o, net):
        self.images, self.classes = read_images(o.data, net)
        if net.target == "class" and self.classes is None:
            raise SystemExit(f"{o.data}: the network wants classes, which are not read from there")
        self.size, self.mean, self.scale = o.batch, net.mean, net.scale

    def batch(self, rows):
        import numpy

        x = self.images[rows].astype("float32")
        x /= 255
        if self.mean is not None:
            x -= numpy.float32(self.mean)
            x *= numpy.float32(self.scale)
        return x, None if self.classes is None else self.classes[rows]

    def first(self):
        """Of the first rows, as they stand: kfix's loss of these, at the same weights, is known."""
        return self.batch(slice(0, self.size))

    def batches(self):
        """The first, then a random order of the images, again and again."""
        import numpy

        yield self.first()
        rng = numpy.random.default_rng(2)
        while True:
            order = rng.permutation(len(self.images))
            for start in range(0, len(order) - self.size + 1, self.size):
                yield self.batch(order[start : start + self.size])


def run(o, source, step):
    """step(batch, i) does step i and returns the loss of the batch, in nats per example, when all
    of its work is done. Fetching the batch counts, as it does for kfix."""
    seconds, losses = [], []
    for i in range(o.steps):
        before = time.perf_counter()
        losses.append(float(step(next(source), i)))
        seconds.append(time.perf_counter() - before)
    print(json.dumps({"seconds": seconds, "losses": losses, "whole": time.perf_counter() - START}))
