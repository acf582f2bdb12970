#!/usr/bin/env python3
"""Makes the sample files that have a shape or a header.

The same bytes come out everywhere: only the standard library is used, and what is random has a
seed. Run it in this directory.
"""

import json
import math
import random
import struct


def write(name, *parts):
    with open(name, "wb") as file:
        file.write(b"".join(parts))


def cloud(chance, points):
    """What a laser sees that turns in a room of 8 by 6 metres: x, y, z, and how bright."""
    for point in range(points):
        angle = 2 * math.pi * point / points
        cos, sin = math.cos(angle), math.sin(angle)
        distance = min(4 / max(abs(cos), 1e-9), 3 / max(abs(sin), 1e-9))
        distance += chance.gauss(0, 0.01)
        height = 1.2 + chance.gauss(0, 0.02)
        bright = max(0, min(255, round(255 / (1 + distance / 2))))
        yield struct.pack("<3fB", distance * cos, distance * sin, height, bright)


def vectors(chance, count, dimension):
    """Vectors of length 1, as models make them."""
    for _ in range(count):
        vector = [chance.gauss(0, 1) for _ in range(dimension)]
        length = math.sqrt(sum(value * value for value in vector))
        yield [value / length for value in vector]


def npy(descr, shape, data):
    """An array of NumPy, with the room for a longer shape that NumPy leaves."""
    text = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape!r}, }}"
    text += " " * (21 - len(str(shape[0])))
    text += " " * (-(10 + len(text) + 1) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + data


def bfloat16(value):
    """The upper half of a float of 32 bits."""
    return struct.pack("<f", value)[2:]


def safetensors(tensors):
    """Tensors: name, type, shape, bytes."""
    entries, data = {}, b""
    for name, dtype, shape, values in tensors:
        offsets = [len(data), len(data) + len(values)]
        entries[name] = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
        data += values
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def wav(rate, samples):
    """Sound with 24 bits a sample, behind a header of 44 bytes."""
    data = b"".join(struct.pack("<i", sample)[:3] for sample in samples)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 3 * rate, 3, 24)
    riff = struct.pack("<4sI4s", b"RIFF", 36 + len(data), b"WAVE")
    return riff + form + struct.pack("<4sI", b"data", len(data)) + data


chance = random.Random(12)
write("cloud.xyzi", *cloud(chance, 200))

embeddings = list(vectors(chance, 32, 16))
packed = [struct.pack("<16f", *vector) for vector in embeddings]
write("embeddings.fbin", struct.pack("<II", 32, 16), *packed)
write("embeddings.fvecs", *(struct.pack("<I", 16) + vector for vector in packed))

# Degrees at each hour of a day of each month.
hours = [
    round(10 - 9 * math.cos(2 * math.pi * (month + 0.5) / 12)
          - 4 * math.cos(2 * math.pi * (hour - 3) / 24), 1)
    for month in range(12) for hour in range(24)
]
write("temperature.npy", npy("<f4", (12, 24), struct.pack("<288f", *hours)))

write("model.safetensors", safetensors([
    ("layer.weight", "BF16", [8, 16],
     b"".join(bfloat16(chance.gauss(0, 0.02)) for _ in range(8 * 16))),
    ("layer.bias", "F32", [8], struct.pack("<8f", *(chance.gauss(0, 0.1) for _ in range(8)))),
    ("tokens", "I64", [4], struct.pack("<4q", 50256, 464, 2068, 7586)),
]))

write("tone.wav", wav(48000, (
    round(0.5 * (2**23 - 1) * math.sin(2 * math.pi * 440 * sample / 48000))
    for sample in range(960)
)))
