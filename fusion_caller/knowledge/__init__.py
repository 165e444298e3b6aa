"""The packaged knowledge base, as typed records.

The tables and their sources are described in `README.md` beside this file. Each loader reads its
table once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from fusion_caller.knowledge.gene_structures import (
    Domain,
    EntryExons,
    Kmt2aExon,
    ManeTranscript,
    MappedGene,
    PartnerExon,
    SameTranscript,
    entry_exons,
    kmt2a_domains,
    kmt2a_exons,
    mane_transcripts,
    mapped_genes,
    partner_exons,
)
from fusion_caller.knowledge.packaged_rows import Evidence, number, parts, rows_of

if TYPE_CHECKING:
    from fusion_caller.tables import Row

__all__ = [
    "KMT2A",
    "KMT2A_TRANSCRIPT",
    "PTD",
    "CallerThresholds",
    "Domain",
    "EntryExons",
    "Evidence",
    "Kmt2aExon",
    "ManeTranscript",
    "MappedGene",
    "Mechanism",
    "Neighbour",
    "Panel",
    "PanelTarget",
    "Partner",
    "PartnerExon",
    "SameTranscript",
    "caller_thresholds",
    "entry_exons",
    "kmt2a_domains",
    "kmt2a_exons",
    "mane_transcripts",
    "mapped_genes",
    "neighbours",
    "panels",
    "partner_exons",
    "partners",
]

KMT2A = "KMT2A"
KMT2A_TRANSCRIPT = "ENST00000534358"
PTD = "PTD"


class Mechanism(StrEnum):
    """What it takes to join a partner to KMT2A, from position and strand alone."""

    TRANSLOCATION = "translocation"
    INSERTION_OR_INVERSION = "insertion_or_inversion"
    INVERSION = "inversion"
    INTERSTITIAL_DELETION = "interstitial_deletion"
    DUPLICATION_OR_INSERTION = "duplication_or_insertion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A gene known to be fused to KMT2A; positions on GRCh38, 1-based and closed.

    `published_insertion` is the source of a case that was an insertion although a simple
    translocation can make the fusion, empty where none is known here.
    """

    symbol: str
    hgnc_id: str
    legacy_names: tuple[str, ...]
    previous_symbols: tuple[str, ...]
    aliases: tuple[str, ...]
    contig: str
    start: int
    end: int
    strand: str
    band: str
    legacy_bands: tuple[str, ...]
    mechanism: Mechanism
    published_insertion: str
    distance_to_kmt2a_bp: int | None
    patients: int | None
    evidence: Evidence
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A gene beside KMT2A on 11q23.3 that is joined to it by read-through or mapping.

    `seen_as_artefact` says that it is reported so in a tumour that is no leukaemia. `start` is on
    GRCh38; from memory, where the row is, to within some kilobases.
    """

    symbol: str
    aliases: tuple[str, ...]
    start: int
    strand: str
    seen_as_artefact: bool
    evidence: Evidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelTarget:
    """One fusion that a panel amplifies, and where its primers stand.

    Attributes:
        symbol: HGNC symbol of the partner, `PTD` for the partial tandem duplication.
        kmt2a_primer_exon: The exon of the (inner) forward primer, a MANE number on
            ENST00000534358; None where not known. A junction behind an earlier exon is not seen.
        partner_primer_exon: The exon of the (inner) reverse primer, a MANE number on the partner's
            MANE transcript; None where not known. A fusion that enters behind it is not seen.
        evidence: Whether the target is sourced.
        primer_evidence: Whether the primers' exons are sourced.
    """

    symbol: str
    kmt2a_primer_exon: int | None = None
    partner_primer_exon: int | None = None
    evidence: Evidence
    primer_evidence: Evidence = Evidence.MEMORY


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """An RT-PCR panel: what it can amplify, PTD among the targets where it has one.

    `nested` is None where it is not known. `longest_product_bp` is the longest product that its
    polymerase is expected to make, None where not known.
    """

    id: str
    name: str
    members: tuple[PanelTarget, ...]
    nested: bool | None = None
    longest_product_bp: int | None = None
    source: str

    @property
    def targets(self) -> tuple[str, ...]:
        """HGNC symbols of the targets, `PTD` for the partial tandem duplication."""
        return tuple(member.symbol for member in self.members)

    @property
    def from_memory(self) -> tuple[str, ...]:
        """The targets that no source was found for."""
        return tuple(m.symbol for m in self.members if m.evidence is Evidence.MEMORY)

    def member(self, symbol: str) -> PanelTarget | None:
        """The target of a symbol, None where the panel does not have it."""
        return next((member for member in self.members if member.symbol == symbol), None)


@cache
def partners() -> dict[str, Partner]:
    """All known partners by HGNC symbol."""
    return {
        row["symbol"]: Partner(
            symbol=row["symbol"],
            hgnc_id=row["hgnc_id"],
            legacy_names=parts(row["legacy_names"]),
            previous_symbols=parts(row["previous_symbols"]),
            aliases=parts(row["aliases"]),
            contig=row["contig"],
            start=int(row["start"]),
            end=int(row["end"]),
            strand=row["strand"],
            band=row["band"],
            legacy_bands=parts(row["legacy_bands"]),
            mechanism=Mechanism(row["mechanism"]),
            published_insertion=row["published_insertion"],
            distance_to_kmt2a_bp=number(row["distance_to_kmt2a_bp"]),
            patients=number(row["patients"]),
            evidence=Evidence(row["evidence"]),
            source=row["source"],
            note=row["note"],
        )
        for row in rows_of("partners.tsv")
    }


@cache
def neighbours() -> dict[str, Neighbour]:
    """KMT2A's neighbours on 11q23.3 by HGNC symbol."""
    return {
        row["symbol"]: Neighbour(
            symbol=row["symbol"],
            aliases=parts(row["aliases"]),
            start=int(row["start"]),
            strand=row["strand"],
            seen_as_artefact=row["seen_as_artefact"] == "yes",
            evidence=Evidence(row["evidence"]),
            source=row["source"],
        )
        for row in rows_of("neighbours.tsv")
    }


@cache
def panels() -> dict[str, Panel]:
    """The known RT-PCR panels by identifier."""
    by_panel: dict[str, list[Row]] = {}
    for row in rows_of("panels.tsv"):
        by_panel.setdefault(row["panel"], []).append(row)
    return {
        panel: Panel(
            id=panel,
            name=rows[0]["name"],
            members=tuple(
                PanelTarget(symbol=row["target"], evidence=Evidence(row["evidence"]))
                for row in rows
            ),
            source="; ".join(dict.fromkeys(row["source"] for row in rows if row["source"])),
        )
        for panel, rows in by_panel.items()
    }


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
