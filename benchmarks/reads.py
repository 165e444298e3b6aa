"""KMT2A fusions from reads, beside nothing but the decompression of the same files.

    python benchmarks/reads.py [--pairs 3000000] [--rows detect]

Makes pairs of 2 x 100 bases from random transcripts, three in ten thousand of them from KMT2A's own
and from KMT2A::MLLT3 (exon 8 to exon 6, ten pairs across the join), packed by gzip. Then, each in
a process of its own and on the same files:

* `isal`: both files are decompressed in two threads and let go, as the floor;
* `screen`: both are decompressed, checked and screened, in a process that has loaded all it needs;
* `detect`: all of `kmt2a detect --no-figures`, from the start of Python to the tables.

Prints wall time, processor time and peak memory of each, and the ratios. `isal` and `screen` time
themselves without the start of Python; `detect` is timed as a whole.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from measure import line, measured

from fusion_caller.reads.index import complement, read_index

ISAL = """
import sys, threading, time
from isal import igzip
def through(path):
    block = bytearray(1 << 21)
    with igzip.open(path, "rb") as stream:
        while stream.readinto(block):
            pass
start, used = time.perf_counter(), time.process_time()
threads = [threading.Thread(target=through, args=(path,)) for path in sys.argv[1:3]]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(time.perf_counter() - start, time.process_time() - used)
"""
SCREEN = """
import sys, time
from pathlib import Path
from fusion_caller.reads.index import read_index
from fusion_caller.reads.screening import screen
paths, small = [Path(p) for p in sys.argv[1:3]], [Path(p) for p in sys.argv[3:5]]
index = read_index()
screen(small, index)
start, used = time.perf_counter(), time.process_time()
n = screen(paths, index).n_fragments
print(time.perf_counter() - start, time.process_time() - used, n, "pairs")
"""
DETECT = """
import sys
from workflows.cli import main
sys.argv[0] = "kmt2a"
main()
"""
ROWS = {"isal": ISAL, "screen": SCREEN, "detect": DETECT}
LENGTH = 100
SHARE_OF_KMT2A = 3e-4
ACROSS = 10
_CHUNK = 20_000


def make(folder: Path, pairs: int) -> list[Path]:
    """Write R1 and R2, and their first hundred pairs apart."""
    paths = [folder / f"{name}_R{side}.fastq.gz" for name in ("reads", "small") for side in (1, 2)]
    with ExitStack() as stack:
        streams = [stack.enter_context(gzip.open(path, "wb", compresslevel=4)) for path in paths]
        _write(streams, pairs)
    return paths


def _write(streams: list[gzip.GzipFile], pairs: int) -> None:
    rng = np.random.default_rng(20260101)
    index = read_index()
    background = rng.choice(np.frombuffer(b"ACGT", np.uint8), 3_000_000).tobytes()
    end = index.exon_ends[7]
    entry = next(e.sequence for e in index.entries if e.label == "MLLT3 e6")
    fusion = index.transcript[end - 400 : end] + entry
    quality = rng.choice(np.frombuffer(b"FFFFFFFFFFFFFFF:,#", np.uint8), (1000, LENGTH))
    for first in range(0, pairs, _CHUNK):
        n = min(_CHUNK, pairs - first)
        own = rng.random(n) < SHARE_OF_KMT2A
        inserts = rng.integers(LENGTH + 20, 380, n)
        qualities = quality[rng.integers(0, 1000, (2, n))]
        texts: tuple[list[bytes], list[bytes]] = ([], [])
        for number in range(n):
            source = index.transcript if own[number] else background
            start = int(rng.integers(0, len(source) - 400))
            insert = int(inserts[number])
            if first + number < ACROSS:
                source, start, insert = fusion, 330 - 7 * number, 160
            piece = source[start : start + insert]
            name = b"@A00123:45:HXXDSX:1:1101:%d:%d" % (first + number, number % 9973)
            for side, read in enumerate((piece[:LENGTH], complement(piece)[:LENGTH])):
                called = qualities[side, number].tobytes()
                texts[side].append(b"%s %d:N:0:ACGT\n%s\n+\n%s\n" % (name, side + 1, read, called))
        for side in (0, 1):
            streams[side].write(b"".join(texts[side]))
            if first == 0:
                streams[side + 2].write(b"".join(texts[side][:100]))


def main() -> None:
    """Make the files, measure, print."""
    parser = argparse.ArgumentParser(description="KMT2A fusions from reads")
    parser.add_argument("--pairs", type=int, default=3_000_000)
    parser.add_argument("--rows", nargs="+", choices=list(ROWS), default=list(ROWS))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        paths = [str(path) for path in make(Path(temporary), given.pairs)]
        size = sum(Path(path).stat().st_size for path in paths[:2]) / 1e6
        print(f"{given.pairs:,} pairs, {size:,.0f} MB packed")
        wall: dict[str, float] = {}
        used: dict[str, float] = {}
        for row in given.rows:
            more = ["detect", "--no-figures", *paths[:2], "-o", f"{temporary}/results"]
            measured("-c", ROWS[row], *(more if row == "detect" else paths))  # compiled, in memory
            found = measured("-c", ROWS[row], *(more if row == "detect" else paths))
            wall[row], used[row] = found["wall_s"], found["cpu_s"]
            if row != "detect":
                wall[row], used[row] = map(float, found["said"].split()[:2])
            print(line(row, found).replace(temporary, "."))
        for row in given.rows:
            if row != "isal" and "isal" in wall:
                print(
                    f"{row} / isal: {wall[row] / wall['isal']:.2f} x wall, "
                    f"{used[row] / used['isal']:.2f} x processor"
                )


if __name__ == "__main__":
    main()
