#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Usage: edit_checkpoint.py IN OUT KEY...
Copies a checkpoint of kfix-train without these keys of its head, as an older version wrote it. The head
carries its XXH64 digest, which is computed anew here."""
import sys

MASK = (1 << 64) - 1
P1, P2, P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
P4, P5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5


def rotate(value, by):
    return (value << by | value >> (64 - by)) & MASK


def mix(lane, word):
    return rotate((lane + word * P2) & MASK, 31) * P1 & MASK


def xxh64(data):
    lanes, at = [(P1 + P2) & MASK, P2, 0, -P1 & MASK], 0
    while at + 32 <= len(data):
        lanes = [mix(lane, int.from_bytes(data[at + 8 * i:at + 8 * i + 8], "little")) for i, lane in enumerate(lanes)]
        at += 32
    if len(data) >= 32:
        digest = sum(rotate(lane, by) for lane, by in zip(lanes, (1, 7, 12, 18))) & MASK
        for lane in lanes:
            digest = ((digest ^ mix(0, lane)) * P1 + P4) & MASK
    else:
        digest = P5
    digest = (digest + len(data)) & MASK
    for size, factor, by, then, plus in ((8, None, 27, P1, P4), (4, P1, 23, P2, P3), (1, P5, 11, P1, 0)):
        while at + size <= len(data):
            word = int.from_bytes(data[at:at + size], "little")
            digest ^= mix(0, word) if factor is None else word * factor & MASK
            digest = (rotate(digest, by) * then + plus) & MASK
            at += size
    for by, factor in ((33, P2), (29, P3), (32, 1)):
        digest = ((digest ^ digest >> by) * factor) & MASK
    return digest


def main():
    source, target, keys = sys.argv[1], sys.argv[2], sys.argv[3:]
    data = open(source, "rb").read()
    line, rest = data.split(b"\n", 1)
    words = line.split()
    text, image = rest[:int(words[3])], rest[int(words[3]):]
    if f"{xxh64(text):016x}".encode() != words[4]:
        sys.exit(f"{source}: its head has another digest")
    kept = [part for part in text.split(b"\n") if part.split(b"=")[0].decode() not in keys]
    if len(kept) + len(keys) != len(text.split(b"\n")):
        sys.exit(f"{source}: has not all of these keys")
    text = b"\n".join(kept)
    words[3:] = [str(len(text)).encode(), f"{xxh64(text):016x}".encode()]
    open(target, "wb").write(b" ".join(words) + b"\n" + text + image)


main()
