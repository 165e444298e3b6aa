"""The packaged knowledge base, as typed records.

The tables and their sources are described in `README.md` beside this file. Each loader reads its
table once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from fusion_caller.knowledge.break_apart_probes import Colour, FishProbe, fish_probes
from fusion_caller.knowledge.caller_reads import CallerThresholds, caller_thresholds
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
from fusion_caller.knowledge.rt_pcr_panels import PTD, Material, Panel, PanelTarget, panels

__all__ = [
    "KMT2A",
    "KMT2A_TRANSCRIPT",
    "PTD",
    "CallerThresholds",
    "Colour",
    "Domain",
    "EntryExons",
    "Evidence",
    "FishProbe",
    "Kmt2aExon",
    "ManeTranscript",
    "MappedGene",
    "Material",
    "Mechanism",
    "Neighbour",
    "Panel",
    "PanelTarget",
    "Partner",
    "PartnerExon",
    "SameTranscript",
    "caller_thresholds",
    "entry_exons",
    "fish_probes",
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
