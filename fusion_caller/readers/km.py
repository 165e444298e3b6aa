"""km: k-mer paths found for target sequences, `find_mutation` and `find_report`.

Columns from km's `tools/README.rst` in its present and its older form. A target may be the sequence
across a junction, as `KMT2A-PTD_8-2` and `NUP98_exon11-NSD1_exon7` of its catalogue: of such a
target km's type `Reference` says that the junction itself is in the reads, and is the finding,
unless its `Min_coverage` is 0. `KMT2A-PTD_8-2` joins chr11:118482465-118482495 to
chr11:118468775-118468805 (GRCh38), the end of MANE exon 8 to the start of MANE exon 2, so that the
numbers in the names of such targets are taken for MANE's. An insertion between the two that is as
long as the next exons is the junction behind those: 132 bases in this target are exon 9. Other
variants are the same junction, changed. What numbers a fusion's target uses is not known.

A target is one call with all its rows; km counts k-mers, not reads, so that these stay among the
extras. Targets of other kinds (NPM1, FLT3-ITD) and junctions that were looked for and not found
make no call.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.contigs import Build
from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import resolve_symbol
from fusion_caller.kmt2a_gene import CONTIG
from fusion_caller.knowledge import KMT2A
from fusion_caller.packaged_genes import kmt2a_transcript
from fusion_caller.readers.joined_ends import DUPLICATION
from fusion_caller.readers.passed_over import PassedOver
from fusion_caller.readers.reader import Content, cut_off, extras, first_row, names_of, refused
from fusion_caller.records import Breakpoint, FusionCall, Source
from fusion_caller.tables import Layout, columns_of_header, read_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_caller.readers.reader import Origin
    from fusion_caller.records import SetAside
    from fusion_caller.tables import Row

_NAMES = names_of(
    {
        "Variant_name": ("Variant name", "Variant"),
        "rVAF": ("Ratio",),
        "Min_coverage": ("Min coverage",),
        "Start_offset": ("Start offset",),
        "Reference_expression": ("Reference expression",),
        "Reference_sequence": ("Reference sequence",),
        "Query": ("Target",),
        "Sequence": ("Variant_sequence", "Variant sequence"),
    }
)
_LAYOUT = Layout(comment="#", names=_NAMES)
# find_mutation begins with the k-mer table as `Database`, find_report as `Sample`.
_SIGNATURES = (
    {"Database", "Query", "Type", "Variant_name", "Min_coverage", "Expression", "Info"},
    {"Sample", "Region", "Location", "Type", "Abnormal", "Normal", "Min_coverage", "Query", "Info"},
)
_DUPLICATION = re.compile(r"([A-Za-z0-9]+)-PTD_([0-9]+)-([0-9]+)")
_FUSION = re.compile(r"([A-Za-z0-9]+)_exons?([0-9]+)-([A-Za-z0-9]+)_exons?([0-9]+)")
# Later versions look for the target's pieces too and name what they find by them, in this order.
_BOTH_PIECES = re.compile(r"(.+)\.e1::\1\.e2")
_INSERTED = re.compile(r"(?:[0-9]+:)?/([ACGTacgt]+)(?::[0-9]+)?")
_REFERENCE = "Reference"
_PER_ROW = (
    "Type",
    "Variant_name",
    "rVAF",
    "Min_coverage",
    "Expression",
    "Abnormal",
    "Normal",
    "Start_offset",
    "Sequence",
    "Info",
)


@dataclass(frozen=True, slots=True)
class _Target:
    """A junction that was looked for: two genes with the exons next to it."""

    name: str
    genes: tuple[str, str]
    exons: tuple[int, int]
    duplication: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KmerPaths:
    """The format; see the module."""

    source: Source = Source.KM
    also: tuple[Source, ...] = ()
    variant: str = "k-mer paths"
    names_samples: bool = False
    names_all_samples: bool = False

    def recognises(self, head: Sequence[str]) -> bool:
        """Whether a file that begins with these lines is of this format."""
        columns = set(columns_of_header(first_row(head, _LAYOUT.comment), _LAYOUT))
        return any(signature <= columns for signature in _SIGNATURES)

    def read(self, path: Path, origin: Origin) -> Content:
        """Read a file of this format.

        Raises:
            InputError: If its structure is damaged.
        """
        table = read_table(path, name=origin.file, quoting=False, layout=_LAYOUT)
        found: dict[_Target, list[Row]] = {}
        aside: list[SetAside] = []
        other = PassedOver("a target that is no junction of genes")
        absent = PassedOver("a junction that was looked for and not found")
        for row in table.rows:
            try:
                target = _target(row["Query"])
                covered = _coverage(row) > 0
            except BadValueError as error:
                aside.append(refused(row.line, row.values.values(), error, origin))
                continue
            if target is None:
                other.add(row.line)
            elif not covered:
                absent.add(row.line)
            else:
                found.setdefault(_as_found(target, row), []).append(row)
        return Content(
            n_rows=len(table.rows),
            calls=tuple(_call(target, rows, origin) for target, rows in found.items()),
            set_aside=(
                *aside,
                *other.remark(origin),
                *absent.remark(origin),
                *cut_off(table.cut_at, origin),
            ),
        )


PATHS = KmerPaths()


def _target(name: str) -> _Target | None:
    whole = _BOTH_PIECES.fullmatch(name)
    name = whole[1] if whole else name
    if match := _DUPLICATION.fullmatch(name):
        gene = resolve_symbol(match[1])
        return _Target(name, (gene, gene), (int(match[2]), int(match[3])), duplication=True)
    if match := _FUSION.fullmatch(name):
        genes = (resolve_symbol(match[1]), resolve_symbol(match[3]))
        return _Target(name, genes, (int(match[2]), int(match[4])), duplication=False)
    return None


def _coverage(row: Row) -> int:
    text = row["Min_coverage"]
    if not re.fullmatch("[0-9]{1,18}", text):
        raise BadValueError(f"expected a count, found '{text}'", column="Min_coverage")
    return int(text)


def _as_found(target: _Target, row: Row) -> _Target:
    """The target, or the junction behind the whole exons that are inserted into it."""
    inserted = _INSERTED.fullmatch(row["Variant_name"])
    if not inserted or not target.duplication or target.genes[0] != KMT2A:
        return target
    left = len(inserted[1])
    exons = kmt2a_transcript(Build.GRCH38).exons
    for number in range(target.exons[0] + 1, len(exons) + 1):
        start, end = exons[number - 1]
        left -= end - start + 1
        if left == 0:
            return _Target(target.name, target.genes, (number, target.exons[1]), target.duplication)
    return target


def _call(target: _Target, rows: Sequence[Row], origin: Origin) -> FusionCall:
    lead = next((row for row in rows if row["Type"] == _REFERENCE), rows[0])
    kept = {
        column: ";".join(dict.fromkeys(row.get(column) for row in rows if row.get(column)))
        for column in _PER_ROW
    }
    return FusionCall(
        patient=origin.patient,
        sample=origin.sample,
        source=origin.source,
        gene_5prime=target.genes[0],
        gene_3prime=target.genes[1],
        reported_5prime=target.genes[0],
        reported_3prime=target.genes[1],
        breakpoint_5prime=_edge(target, 0),
        breakpoint_3prime=_edge(target, 1),
        event_type=f"partial tandem {DUPLICATION}" if target.duplication else "",
        extras={**extras(lead, _PER_ROW), **{c: text for c, text in kept.items() if text}},
        n_rows=len(rows),
        file=origin.file,
        line=rows[0].line,
    )


def _edge(target: _Target, side: int) -> Breakpoint | None:
    """The edge of the exon next to the junction, on GRCh38, where its number is known to be MANE's.

    Args:
        target: The target.
        side: 0 for the end of the 5' exon, 1 for the start of the 3' exon.
    """
    exons = kmt2a_transcript(Build.GRCH38).exons
    number = target.exons[side]
    if not target.duplication or target.genes[side] != KMT2A or not 1 <= number <= len(exons):
        return None
    start, end = exons[number - 1]
    return Breakpoint(CONTIG, start if side else end, "+")
