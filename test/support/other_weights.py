#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the float32 arrays of a .safetensors file again, as another program might.

usage: other_weights.py FROM TO TYPE [NAME]

TYPE is F64, F32, F16, BF16 or I8. Arrays of other types stand before them: counters, flags, scales;
and, if it is given, one byte called NAME. NAME "behind": one byte behind the last array instead.
"""
import json
import struct
import sys

FORMATS = {"F64": "d", "F32": "f", "F16": "e", "I8": "b"}
OTHERS = [("steps", "I64", 8), ("mask", "BOOL", 1), ("scale", "F8_E4M3", 1), ("phase", "C64", 8)]


def convert(data, kind):
    if kind == "BF16":  # the upper half of a float
        return b"".join(data[i + 2:i + 4] for i in range(0, len(data), 4))
    values = struct.unpack("<%df" % (len(data) // 4), data)
    if kind == "I8":
        values = [int(v) for v in values]
    return struct.pack("<%d%s" % (len(values), FORMATS[kind]), *values)


def read(path):
    with open(path, "rb") as file:
        length, = struct.unpack("<Q", file.read(8))
        return json.loads(file.read(length)), file.read()


def main(source, target, kind, name=None):
    header, data = read(source)
    header.pop("__metadata__")
    arrays = [(key, other, [], bytes(size)) for key, other, size in OTHERS]
    if name not in (None, "behind"):
        arrays.append((name, "U8", [1], b"\0"))
    for key, entry in header.items():
        first, end = entry["data_offsets"]
        arrays.append((key, kind, entry["shape"], convert(data[first:end], kind)))
    out, body = {"__metadata__": {"made": 'by "hand"'}}, b""
    for key, dtype, shape, part in arrays:
        out[key] = {"dtype": dtype, "shape": shape, "data_offsets": [len(body), len(body) + len(part)]}
        body += part
    text = json.dumps(out).encode()
    with open(target, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body + (b"x" if name == "behind" else b""))


main(*sys.argv[1:])
