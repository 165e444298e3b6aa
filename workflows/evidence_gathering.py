"""The evidence of several samples' reads, each in a folder of its own, put together in one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion_caller.tables import read_table
from workflows.evidence_files import EVIDENCE, EVIDENCE_COLUMNS, EVIDENCE_TABLE, write_tracks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from workflows.results import ResultsFolder


def gather_evidence(results: ResultsFolder, folders: Iterable[Path], *, folder: str = "") -> None:
    """Write the evidence of all folders as if their calls had been drawn together.

    Calls are numbered anew, in the order of the folders; those without evidence are passed over.

    Args:
        results: Where to write.
        folders: What `kmt2a detect` wrote.
        folder: Where in the results, with a slash at the end.

    Raises:
        InputError: If the table of a folder's evidence is damaged.
    """
    there = [one for one in folders if (one / EVIDENCE_TABLE).is_file()]
    rows: list[dict[str, str]] = []
    starts = []
    for one in there:
        starts.append(len(rows))
        table = read_table(one / EVIDENCE_TABLE, required=EVIDENCE_COLUMNS, quoting=False)
        for row in table.rows:
            new = _renamed(row["contig"], starts[-1])
            for ending in ("svg", "png"):
                picture = one / EVIDENCE / f"{row['contig']}.{ending}"
                results.write_bytes(f"{folder}{EVIDENCE}{new}.{ending}", picture.read_bytes())
            rows.append({**row.values, "contig": new, "picture": f"{new}.svg"})
    if not rows:
        return
    parts = list(zip((one / EVIDENCE for one in there), starts, strict=True))
    write_tracks(
        results,
        rows,
        fasta=_fasta(parts),
        bed=_bed(parts),
        sam=_sam(parts),
        folder=folder,
    )


def _renamed(contig: str, start: int) -> str:
    """A contig's name with the number of its call counted on: `KMT2A_e8__MLLT3_e6_1`."""
    stem, _, number = contig.rpartition("_")
    return f"{stem}_{start + int(number)}"


def _fasta(parts: Sequence[tuple[Path, int]]) -> Iterator[str]:
    for folder, start in parts:
        for line in (folder / "evidence.fa").read_text(encoding="ascii").splitlines(keepends=True):
            yield f">{_renamed(line[1:].rstrip(), start)}\n" if line.startswith(">") else line


def _bed(parts: Sequence[tuple[Path, int]]) -> Iterator[str]:
    for folder, start in parts:
        for line in (folder / "evidence.bed").read_text(encoding="utf-8").splitlines():
            contig, tab, rest = line.partition("\t")
            yield f"{_renamed(contig, start)}{tab}{rest}\n"


def _sam(parts: Sequence[tuple[Path, int]]) -> Iterator[str]:
    import pysam

    heads: list[str] = []
    lines: list[str] = []
    for folder, start in parts:
        with pysam.AlignmentFile(str(folder / "evidence.bam")) as stream:
            for name, length in zip(stream.references, stream.lengths, strict=True):
                heads.append(f"@SQ\tSN:{_renamed(name, start)}\tLN:{length}\n")
            for read in stream:
                fields = read.to_string().split("\t")
                called = re.fullmatch(r"call([0-9]+)(\..*)", fields[0])
                if called is None:  # pragma: no cover - a file that is not ours
                    raise ValueError(folder)
                fields[0] = f"call{start + int(called[1])}{called[2]}"
                fields[2] = _renamed(fields[2], start)
                lines.append("\t".join(fields) + "\n")
    yield "@HD\tVN:1.6\tSO:coordinate\n"
    yield from heads
    yield from lines
