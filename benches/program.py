#!/usr/bin/env python3
"""Compares pmem with the tools that people use instead, as whole processes, and prints a table.

    cargo build --release
    python3 benches/program.py [--dir DIR] [--runs N] [--only WORD] [--memory] [--calls]

Each row runs our command and the other one in turn, after one run of each that does not count, and
shows the median of both and the median of the ratios. Output goes to /dev/null, files are in the
page cache, unless the row says otherwise. Rows whose other tool is missing say so.

--memory shows instead how much memory the program needs for files of 8 MiB and of 8 GiB (which
needs that much room, and GNU time), --calls how many system calls it makes (which needs strace).
"""

import argparse
import itertools
import math
import os
import platform
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

MIB = 1 << 20
PMEM = os.path.join(os.path.dirname(__file__), "..", "target", "release", "pmem")


class Row:
    """Two commands for the same work."""

    def __init__(self, name, ours, other, target, before=None):
        self.name, self.ours, self.other = name, ours, other
        self.target, self.before = target, before


def run(command, before):
    """Returns the seconds that a command takes."""
    if before:
        before()
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def measure(row, runs):
    """Runs both commands in turn and returns their medians and the median of their ratios."""
    ours, other = [], []
    for count in range(runs + 1):
        pair = run(row.ours, row.before), run(row.other, row.before)
        if count:
            ours.append(pair[0])
            other.append(pair[1])
    ratio = statistics.median(a / b for a, b in zip(ours, other))
    return statistics.median(ours), statistics.median(other), ratio


def write(path, parts):
    with open(path, "wb") as file:
        for part in parts:
            file.write(part)


def forget():
    """Takes all files out of the page cache; only root may."""
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
        file.write("3")


def rows(directory):
    """Returns all rows, with their files made."""
    path = lambda name: os.path.join(directory, name)
    random_file, sine, large, same = path("random"), path("sine"), path("large"), path("same")
    out, sparse = path("out"), path("sparse")
    generator = random.Random(1)
    write(random_file, (generator.randbytes(MIB) for _ in range(32)))
    write(sine, [struct.pack(f"<{MIB}d", *(math.sin(n) * 1000 for n in range(MIB)))])
    for name in (large, same):
        write(name, (bytes(MIB) for _ in range(256)))
    with open(sparse, "wb") as file:
        file.truncate(1 << 40)
        file.seek(1 << 39)
        file.write(b"island")
    gone = lambda: os.path.exists(out) and os.unlink(out)
    one_core = ["taskset", "-c", "0"]
    numpy = lambda code: [sys.executable, "-c", "import numpy as np;" + code]

    def dump(file, kind, form, *more):
        return [PMEM, "dump", file, "-t", kind, "-f", form, *more]

    def od(file, width, kind):
        return ["od", "-An", "-v", f"-w{width}", "-t", kind, file]

    yield Row("`dump -f plain`, 32 MiB `u64`", dump(random_file, "u64", "plain"),
              od(random_file, 8, "u8"), "0.10")
    yield Row("`dump -f plain`, 32 MiB `u32`", dump(random_file, "u32", "plain"),
              od(random_file, 4, "u4"), "0.10")
    yield Row("`dump -f plain`, 32 MiB `u8`", dump(random_file, "u8", "plain"),
              od(random_file, 1, "u1"), "0.10")
    yield Row("`dump -f plain`, 1 Mi `f64`", dump(sine, "f64", "plain"), od(sine, 8, "f8"), "0.06")
    yield Row("`dump -f table -v`, 32 MiB `u64`", dump(random_file, "u64", "table", "-v"),
              od(random_file, 8, "u8"), "0.15")
    yield Row("`dump -f csv`, 32 MiB `u64`", dump(random_file, "u64", "csv"),
              od(random_file, 8, "u8"), "0.15")
    yield Row("`dump -f json`, 1 Mi `f64`", dump(sine, "f64", "json"), od(sine, 8, "f8"), "0.08")
    yield Row("`dump -f raw`, 256 MiB", dump(large, "u8", "raw"),
              ["dd", f"if={large}", "bs=1M"], "1.2")
    yield Row("`dump -f hex`, 32 MiB", dump(random_file, "u8", "hex"), ["xxd", random_file], "3")
    yield Row("one element", dump(random_file, "u64", "plain", "-r", "1000000"),
              ["od", "-An", "-t", "u8", "-j", "8000000", "-N", "8", random_file], "2")
    yield Row("`fill`, 256 MiB", [PMEM, "fill", large, "7", "-t", "u64"],
              ["dd", "if=/dev/zero", f"of={large}", "bs=1M", "count=256", "conv=notrunc"], "0.8")
    yield Row("`fill --random`, 256 MiB", [PMEM, "fill", large, "--random", "1", "-t", "u64"],
              ["dd", "if=/dev/urandom", f"of={large}", "bs=1M", "count=256", "conv=notrunc"],
              "0.5")
    yield Row("`grow` by 256 MiB", [PMEM, "grow", out, "256MiB"],
              ["fallocate", "-l", "256MiB", out], "1.5", gone)
    yield Row("`grow --fill` by 256 MiB", [PMEM, "grow", out, "256MiB", "--fill", "7"],
              ["dd", "if=/dev/zero", f"of={out}", "bs=1M", "count=256"], "1.0", gone)
    yield Row("`grow --sparse` by 1 TiB", [PMEM, "grow", out, "1T", "--sparse"],
              ["truncate", "-s", "1T", out], "2", gone)
    yield Row("`dump -f plain`, 32 MiB `u64`, both on one core",
              one_core + dump(random_file, "u64", "plain"), one_core + od(random_file, 8, "u8"),
              "–")
    yield Row("`dump -f table`, 32 MiB `u64`, squeezed", dump(random_file, "u64", "table"),
              od(random_file, 8, "u8"), "–")
    yield Row("`dump -f table`, 256 MiB of one value", dump(same, "u64", "table"),
              ["od", "-t", "u8", same], "–")
    yield Row("`dump -f raw`, 256 MiB that are not in the cache", dump(large, "u8", "raw"),
              ["dd", f"if={large}", "bs=1M"], "–", forget)
    yield Row("`fill`, 256 MiB that are not in the cache", [PMEM, "fill", large, "7", "-t", "u64"],
              ["dd", "if=/dev/zero", f"of={large}", "bs=1M", "count=256", "conv=notrunc"], "–",
              forget)
    yield Row("table of 1 TiB with one island", dump(sparse, "u64", "table"), ["true"],
              "under 1 s")
    yield Row("`--version`", [PMEM, "--version"], ["true"], "–")
    yield Row("`dump -f plain`, 1 Mi `f64`, NumPy `tofile(sep)`", dump(sine, "f64", "plain"),
              numpy(f"np.fromfile({sine!r}).tofile('/dev/null', sep='\\n')"), "–")
    yield Row("`dump -f plain`, 1 Mi `f64`, NumPy `savetxt`", dump(sine, "f64", "plain"),
              numpy(f"np.savetxt('/dev/null', np.fromfile({sine!r}))"), "–")
    yield Row("`fill`, 256 MiB, NumPy `a[:] = 7`", [PMEM, "fill", large, "7", "-t", "u64"],
              numpy(f"np.memmap({large!r}, 'u8', 'r+')[:] = 7"), "–")
    yield from shapes(directory)
    yield from questions(directory)
    yield from figure_rows(directory)


def shapes(directory):
    """Returns the rows of records and arrays, with their files made."""
    path = lambda name: os.path.join(directory, name)
    cloud, vectors = path("cloud"), path("vectors")
    generator = random.Random(4)
    record = struct.Struct("<fffB")
    records = b"".join(record.pack(generator.gauss(0, 20), generator.gauss(0, 20),
                                   generator.gauss(0, 2), generator.randrange(256))
                       for _ in range(1 << 16))
    write(cloud, (records for _ in range(16)))
    floats = b"".join(struct.pack("<f", generator.gauss(0, 1)) for _ in range(MIB))
    write(vectors, (floats for _ in range(8)))
    numpy = lambda code: [sys.executable, "-c", "import numpy as np;" + code]
    kind = "[('x','<f4'),('y','<f4'),('z','<f4'),('i','u1')]"
    yield Row("`dump -f csv`, 1 Mi records, NumPy `savetxt`",
              [PMEM, "dump", cloud, "-t", "x:f32,y:f32,z:f32,i:u8", "-f", "csv"],
              numpy(f"np.savetxt('/dev/null', np.fromfile({cloud!r}, {kind}), delimiter=',',"
                    "fmt=['%.9g','%.9g','%.9g','%d'])"), "0.10")
    yield Row("`dump -f plain`, 64 Ki `f32x128`, compared with `f32`",
              [PMEM, "dump", vectors, "-t", "f32x128"], [PMEM, "dump", vectors, "-t", "f32"], "1.3")


def questions(directory):
    """Returns the rows of `find` and `diff`, with their files made."""
    path = lambda name: os.path.join(directory, name)
    first, second, one, other = path("first"), path("second"), path("one"), path("other")
    holes = path("holes")
    generator = random.Random(2)
    blocks = [generator.randbytes(MIB) for _ in range(256)]
    for name in (first, second):
        write(name, blocks)
    for name in (one, other):
        write(name, (struct.pack("<131072d", *(generator.random() for _ in range(131072)))
                     for _ in range(64)))
    with open(holes, "wb") as file:
        file.truncate(1 << 40)
        file.seek(1 << 39)
        file.write(b"island")
    numpy = lambda code: [sys.executable, "-c", "import numpy as np;" + code]
    # Files that differ, and values that are not there, are status 1.
    any_status = lambda *words: ["sh", "-c", " ".join(words) + " || true"]
    load = lambda name, kind: f"np.fromfile({name!r},{kind!r})"
    yield Row("`find -c`, one `u64` in 256 MiB", any_status(PMEM, "find", first, "7 -t u64 -c"),
              numpy(f"print(np.count_nonzero({load(first, 'u8')}==7))"), "0.35")
    yield Row("`find -c`, a range of `f32` in 256 MiB",
              any_status(PMEM, "find", first, "0..1 -t f32 -c"),
              numpy(f"a={load(first, 'f4')};print(np.count_nonzero((a>=0)&(a<1)))"), "0.35")
    yield Row("`find -c`, compared with reading", any_status(PMEM, "find", first, "7 -t u64 -c"),
              ["cat", first], "–")
    yield Row("`find`, 1 TiB of holes with one island", [PMEM, "find", holes, "105"], ["true"],
              "under 1 s")
    yield Row("`diff -q`, two equal files of 256 MiB", [PMEM, "diff", "-q", first, second],
              ["cmp", first, second], "1.0")
    yield Row("`diff --rtol 1e-9`, 64 MiB `f64`, all different",
              any_status(PMEM, "diff", one, other, "-t f64 --rtol 1e-9"),
              numpy(f"a={load(one, 'f8')};b={load(other, 'f8')};"
                    "print(np.count_nonzero(~np.isclose(a,b,rtol=1e-9,atol=0)))"), "0.3")
    yield Row("`diff`, 1 TiB of holes with one island", [PMEM, "diff", "-q", holes, holes],
              ["true"], "under 1 s")


def conversions(directory):
    """Returns the rows of `convert`, with their files made."""
    path = lambda name: os.path.join(directory, name)
    numbers, text, part = path("numbers.f64"), path("numbers.txt"), path("numbers.f32")
    python = lambda code: [sys.executable, "-c", code]
    generator = random.Random(1)
    values = struct.pack(f"<{MIB}d", *(generator.gauss(0, 1000) for _ in range(MIB)))
    write(numbers, [values] * 32)
    with open(text, "wb") as file:
        subprocess.run([PMEM, "dump", numbers, "-n", "4M", "-f", "plain"], stdout=file, check=True)
    subprocess.run([PMEM, "convert", numbers, part, "-r", "..16M", "--force"], check=True)

    def convert(source, name, *more):
        return [PMEM, "convert", source, path(name), "--force", *more]

    yield Row("`convert` `f64` to `f32`, 256 MiB", convert(numbers, "out.f32"),
              python(f"import numpy as np; np.fromfile({numbers!r}).astype('f4')"
                     f".tofile({path('numpy.f32')!r})"), "0.6")
    yield Row("`convert` text to raw, 4 Mi `f64`, NumPy `loadtxt`", convert(text, "out.f64"),
              python(f"import numpy as np; np.loadtxt({text!r}).tofile({path('numpy.f64')!r})"),
              "0.08")
    yield Row("`convert` text to raw, 4 Mi `f64`, Polars `read_csv`", convert(text, "out.f64"),
              python(f"import polars as pl; pl.read_csv({text!r}, has_header=False)"
                     f".to_numpy().tofile({path('polars.f64')!r})"), "1.0")
    yield Row("`convert` to Parquet, 64 MiB `f32`, snappy", convert(part, "out.parquet"),
              python("import numpy as np, pyarrow as pa, pyarrow.parquet as pq;"
                     f"pq.write_table(pa.table({{'value': np.fromfile({part!r}, 'f4')}}),"
                     f"{path('arrow.parquet')!r}, compression='snappy')"), "1.0")


def figure_rows(directory):
    """Returns the rows of `stats` and `plot`, with their files made."""
    path = lambda name: os.path.join(directory, name)
    large, small, sparse = path("large.f32"), path("small.f32"), path("figures.sparse")
    generator = random.Random(3)
    floats = b"".join(struct.pack("<f", generator.gauss(0, 1)) for _ in range(MIB))
    write(large, (floats for _ in range(64)))
    write(small, (floats for _ in range(16)))
    with open(sparse, "wb") as file:
        file.truncate(1 << 40)
        file.seek(1 << 39)
        file.write(b"island")
    numpy = lambda code: [sys.executable, "-c", "import numpy as np;" + code]
    figures = ("np.nanmin(a), np.nanmax(a), np.nanmean(a), np.nanstd(a), np.isnan(a).sum()")
    quantiles = "[np.quantile(a, q) for q in (.01, .25, .5, .75, .99)]"
    yield Row("`stats --no-quantiles`, 256 MiB `f32`", [PMEM, "stats", large, "--no-quantiles"],
              numpy(f"a = np.fromfile({large!r}, 'f4'); {figures}"), "0.15")
    yield Row("`stats`, 64 MiB `f32`", [PMEM, "stats", small],
              numpy(f"a = np.fromfile({small!r}, 'f4'); {figures}; {quantiles}"), "0.10")
    yield Row("`stats`, 256 MiB `u8`", [PMEM, "stats", large, "-t", "u8"],
              numpy(f"a = np.fromfile({large!r}, 'u1'); a.min(), a.max(), a.mean(), a.std()"),
              "0.10")
    yield Row("`plot`, 256 MiB `f32`", [PMEM, "plot", large],
              numpy(f"a = np.fromfile({large!r}, 'f4').reshape(128, -1); a.min(1), a.max(1)"),
              "0.5")
    for command in ("stats", "plot"):
        yield Row(f"`{command}`, 1 TiB of holes with one island",
                  [PMEM, command, sparse, "-t", "f32"], ["true"], "under 1 s")


def memory(directory):
    """Prints the peak of the memory of each command, for a small and for a large file."""
    path = os.path.join(directory, "file")
    sizes = (8 * MIB, 8192 * MIB)
    peaks = {}
    for size in sizes:
        with open(path, "wb") as file:
            file.truncate(size)
        for words in (["fill", path, "7", "-t", "u64"], ["fill", path, "--random", "1"],
                      ["dump", path, "-t", "u64", "-f", "plain"],
                      ["dump", path, "-t", "f64", "-f", "json"],
                      ["dump", path, "-t", "u64", "-f", "table"], ["dump", path, "-f", "raw"],
                      ["stats", path, "-t", "f32"], ["plot", path, "-t", "f32"], ["info", path],
                      ["convert", path, os.path.join(directory, "out.f32"), "--force", "-t", "f64"],
                      ["convert", path, os.path.join(directory, "out.parquet"), "--force"]):
            timed = subprocess.run(["/usr/bin/time", "-f", "%M", PMEM, *words], check=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            name = " ".join(os.path.basename(word) for word in words if word != path)
            peaks.setdefault(name, []).append(int(timed.stderr.split()[-1]) / 1024)
        os.unlink(path)
    print("| command | 8 MiB | 8 GiB |\n|---|---|---|")
    for name, (small, large) in peaks.items():
        print(f"| `{name}` | {small:.1f} MiB | {large:.1f} MiB |")


def calls(directory):
    """Prints how many system calls a few short commands make."""
    path = os.path.join(directory, "file")
    write(path, [bytes(MIB)])
    print("| command | system calls |\n|---|---|")
    for command in (["true"], [PMEM, "--version"], ["od", "-j", "800", "-N", "8", path],
                    [PMEM, "dump", path, "-t", "u64", "-r", "100"], [PMEM, "info", path],
                    ["truncate", "-s", "2M", path], [PMEM, "grow", path, "1M"]):
        traced = subprocess.run(["strace", "-f", "-qq", *command], check=True, text=True,
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        count = sum("(" in line for line in traced.stderr.splitlines())
        name = " ".join(os.path.basename(word) for word in command)
        print(f"| `{name}` | {count} |")


def machine(directory):
    """Names what this runs on."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    kind = subprocess.run(["stat", "-f", "-c", "%T", directory], capture_output=True, text=True,
                          check=True).stdout.strip()
    return f"{platform.system()} {platform.release()}, {model}, {os.cpu_count()} cores, {kind}"


def time_text(seconds):
    return f"{seconds * 1e3:.1f} ms"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--dir", default=tempfile.gettempdir(), help="where to make files")
    parser.add_argument("--runs", type=int, default=7, help="runs of each command")
    parser.add_argument("--only", default="", help="only rows with this word")
    parser.add_argument("--memory", action="store_true", help="how much memory is needed")
    parser.add_argument("--calls", action="store_true", help="how many system calls are made")
    arguments = parser.parse_args()
    print(machine(arguments.dir), end="\n\n")
    for wanted, show in ((arguments.memory, memory), (arguments.calls, calls)):
        if wanted:
            with tempfile.TemporaryDirectory(dir=arguments.dir) as directory:
                show(directory)
            return
    print("| work | pmem | instead | | ratio | at most |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=arguments.dir) as directory:
        for row in itertools.chain(rows(directory), conversions(directory)):
            if arguments.only not in row.name:
                continue
            words = [word for word in row.other if word not in ("taskset", "-c", "0")]
            tool = "numpy" if "numpy" in words[-1] else os.path.basename(words[0])
            if not shutil.which(row.other[0]):
                print(f"| {row.name} | | | {tool} is missing | | {row.target} |")
                continue
            try:
                ours, other, ratio = measure(row, arguments.runs)
            except subprocess.CalledProcessError as error:
                print(f"| {row.name} | | | {error.cmd[0]} failed | | {row.target} |")
                continue
            except PermissionError as error:
                print(f"| {row.name} | | | {error} | | {row.target} |")
                continue
            print(f"| {row.name} | {time_text(ours)} | {time_text(other)} | {tool} "
                  f"| {ratio:.3f} | {row.target} |", flush=True)


if __name__ == "__main__":
    main()
