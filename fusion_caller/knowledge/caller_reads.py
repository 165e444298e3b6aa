"""How many reads a fusion caller asks for by default."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fusion_caller.knowledge.packaged_rows import Evidence, number, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerThresholds:
    """The reads that a caller asks for by default; None where it has no such threshold.

    Attributes:
        source: The caller, by the name of `records.Source`.
        split_reads: Reads across the junction.
        spanning_fragments: Pairs on both sides of it.
        reads: Both together.
        ffpm: Fusion fragments per million fragments of the library.
        within_gene: Whether it reports joins within one gene, None where not known.
        evidence: Whether the row is sourced.
        reference: Where.
    """

    source: str
    split_reads: int | None
    spanning_fragments: int | None
    reads: int | None
    ffpm: float | None
    within_gene: bool | None
    evidence: Evidence
    reference: str

    def __str__(self) -> str:
        wanted = [
            f"{count} {what}{'s' if count != 1 else ''}"
            for count, what in (
                (self.split_reads, "split read"),
                (self.spanning_fragments, "spanning pair"),
            )
            if count
        ]
        if self.reads:
            wanted.append(f"{self.reads} reads in all")
        if self.ffpm:
            wanted.append(f"{self.ffpm:g} fragments per million")
        return " and ".join(wanted)


@cache
def caller_thresholds() -> dict[str, CallerThresholds]:
    """The callers whose thresholds are known, by name."""
    return {
        row["caller"]: CallerThresholds(
            source=row["caller"],
            split_reads=number(row["min_split_reads"]),
            spanning_fragments=number(row["min_spanning_fragments"]),
            reads=number(row["min_reads"]),
            ffpm=float(row["min_ffpm"]) if row["min_ffpm"] else None,
            within_gene={"yes": True, "no": False}.get(row["within_gene"]),
            evidence=Evidence(row["evidence"]),
            reference=row["reference"],
        )
        for row in rows_of("caller_thresholds.tsv")
    }
