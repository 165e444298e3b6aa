"""The packaged knowledge base, as typed records.

The tables and their sources are described in `README.md` beside this file. Each loader reads its
table once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from fusion_caller.tables import Row, read_table

KMT2A = "KMT2A"
KMT2A_TRANSCRIPT = "ENST00000534358"
PTD = "PTD"


class Evidence(StrEnum):
    """How sure a row of the knowledge base is."""

    SOURCED = "sourced"
    MEMORY = "memory"


class Mechanism(StrEnum):
    """What it takes to join a partner to KMT2A, from position and strand alone."""

    TRANSLOCATION = "translocation"
    INSERTION_OR_INVERSION = "insertion_or_inversion"
    INVERSION = "inversion"
    INTERSTITIAL_DELETION = "interstitial_deletion"
    DUPLICATION_OR_INSERTION = "duplication_or_insertion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A gene known to be fused to KMT2A; positions on GRCh38, 1-based and closed."""

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
    distance_to_kmt2a_bp: int | None
    patients: int | None
    evidence: Evidence
    source: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A gene beside KMT2A on 11q23.3 that is joined to it by read-through or mapping."""

    symbol: str
    aliases: tuple[str, ...]
    evidence: Evidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kmt2aExon:
    """An exon of KMT2A on ENST00000534358 with its number in the three numberings in use.

    `legacy` is the breakpoint-region numbering of the 1990s, None outside it. `phase_end` is the
    number of bases of an unfinished codon at the exon's end.
    """

    mane: int
    nilson: int
    legacy: int | None
    start_grch38: int
    end_grch38: int
    start_grch37: int
    end_grch37: int
    phase_start: int
    phase_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerExon:
    """An exon of a gene's MANE Select transcript, GRCh38, 1-based and closed."""

    symbol: str
    transcript: str
    number: int
    contig: str
    start: int
    end: int
    strand: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """An RT-PCR panel: what it can amplify, PTD among the targets where it has one."""

    id: str
    name: str
    targets: tuple[str, ...]
    from_memory: tuple[str, ...]
    source: str


def _rows(name: str) -> tuple[Row, ...]:
    return read_table(Path(__file__).with_name(name), name=name, quoting=False).rows


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _number(text: str) -> int | None:
    return int(text) if text else None


@cache
def partners() -> dict[str, Partner]:
    """All known partners by HGNC symbol."""
    return {
        row["symbol"]: Partner(
            symbol=row["symbol"],
            hgnc_id=row["hgnc_id"],
            legacy_names=_parts(row["legacy_names"]),
            previous_symbols=_parts(row["previous_symbols"]),
            aliases=_parts(row["aliases"]),
            contig=row["contig"],
            start=int(row["start"]),
            end=int(row["end"]),
            strand=row["strand"],
            band=row["band"],
            legacy_bands=_parts(row["legacy_bands"]),
            mechanism=Mechanism(row["mechanism"]),
            distance_to_kmt2a_bp=_number(row["distance_to_kmt2a_bp"]),
            patients=_number(row["patients"]),
            evidence=Evidence(row["evidence"]),
            source=row["source"],
            note=row["note"],
        )
        for row in _rows("partners.tsv")
    }


@cache
def neighbours() -> dict[str, Neighbour]:
    """KMT2A's neighbours on 11q23.3 by HGNC symbol."""
    return {
        row["symbol"]: Neighbour(
            symbol=row["symbol"],
            aliases=_parts(row["aliases"]),
            evidence=Evidence(row["evidence"]),
            source=row["source"],
        )
        for row in _rows("neighbours.tsv")
    }


@cache
def kmt2a_exons() -> tuple[Kmt2aExon, ...]:
    """The 36 exons of KMT2A in transcript order."""
    return tuple(
        Kmt2aExon(
            mane=int(row["mane_exon"]),
            nilson=int(row["nilson_exon"]),
            legacy=_number(row["legacy_exon"]),
            start_grch38=int(row["start_grch38"]),
            end_grch38=int(row["end_grch38"]),
            start_grch37=int(row["start_grch37"]),
            end_grch37=int(row["end_grch37"]),
            phase_start=int(row["phase_start"]),
            phase_end=int(row["phase_end"]),
        )
        for row in _rows("kmt2a_exons.tsv")
    )


@cache
def partner_exons() -> dict[str, tuple[PartnerExon, ...]]:
    """MANE Select exons, in transcript order, of the genes that the table holds."""
    by_symbol: dict[str, list[PartnerExon]] = {}
    for row in _rows("partner_exons.tsv"):
        exon = PartnerExon(
            symbol=row["symbol"],
            transcript=row["transcript"],
            number=int(row["exon"]),
            contig=row["contig"],
            start=int(row["start"]),
            end=int(row["end"]),
            strand=row["strand"],
        )
        by_symbol.setdefault(exon.symbol, []).append(exon)
    return {symbol: tuple(exons) for symbol, exons in by_symbol.items()}


@cache
def panels() -> dict[str, Panel]:
    """The known RT-PCR panels by identifier."""
    by_panel: dict[str, list[Row]] = {}
    for row in _rows("panels.tsv"):
        by_panel.setdefault(row["panel"], []).append(row)
    return {
        panel: Panel(
            id=panel,
            name=rows[0]["name"],
            targets=tuple(row["target"] for row in rows),
            from_memory=tuple(row["target"] for row in rows if row["evidence"] == "memory"),
            source="; ".join(dict.fromkeys(row["source"] for row in rows if row["source"])),
        )
        for panel, rows in by_panel.items()
    }
