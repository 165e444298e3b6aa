"""Where the packaged genes, their exons and KMT2A's domains lie, as typed records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from fusion_caller.knowledge.packaged_rows import Evidence, number, parts, rows_of


class SameTranscript(StrEnum):
    """Whether a list of exons was counted on the transcript whose exons are packaged."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kmt2aExon:
    """An exon of KMT2A on ENST00000534358 with its number in the three numberings in use.

    `legacy` is the breakpoint-region numbering of the 1990s, None outside it. `phase_end` is the
    number of bases of an unfinished codon at the exon's end. `cds_start` and `cds_end` are the
    first and last base of the coding sequence in the exon, as in c.1; the stop codon counts.
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
    cds_start: int
    cds_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A domain or site of the KMT2A protein, in residues of ENST00000534358, 1-based and closed."""

    name: str
    aa_start: int
    aa_end: int
    evidence: Evidence
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedGene:
    """A gene's span, GRCh38 and GRCh37, 1-based and closed; None where GRCh37 is not known."""

    symbol: str
    gene_id: str
    biotype: str
    contig: str
    start: int
    end: int
    strand: str
    start_grch37: int | None
    end_grch37: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ManeTranscript:
    """A gene's MANE Select transcript with its RefSeq pair.

    `cds_start` and `cds_end` are the first and last coding base, stop codon included, as 1-based
    positions in the spliced transcript; None where no source gives them.
    """

    symbol: str
    hgnc_id: str
    gene_id: str
    ensembl_transcript: str
    refseq_transcript: str
    cds_start: int | None
    cds_end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryExons:
    """The exons of a partner that start in phase 0, so that KMT2A's exons 8 to 12 read into them.

    `exons` are numbers on `source_transcript`, by Ensembl's name; they are numbers on the packaged
    `transcript` as well only where `same_as_packaged` is `yes`.
    """

    symbol: str
    source_transcript: str
    exons: tuple[int, ...]
    transcript: str
    same_as_packaged: SameTranscript
    why: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerExon:
    """An exon of a gene's packaged transcript, GRCh38 and GRCh37, 1-based and closed.

    The transcript is MANE Select where `mane_transcripts` has the gene, GeneFuse's otherwise. The
    positions on GRCh37 are None for all exons of a gene or for none.
    """

    symbol: str
    transcript: str
    number: int
    contig: str
    start: int
    end: int
    strand: str
    start_grch37: int | None
    end_grch37: int | None


@cache
def kmt2a_exons() -> tuple[Kmt2aExon, ...]:
    """The 36 exons of KMT2A in transcript order."""
    return tuple(
        Kmt2aExon(
            mane=int(row["mane_exon"]),
            nilson=int(row["nilson_exon"]),
            legacy=number(row["legacy_exon"]),
            start_grch38=int(row["start_grch38"]),
            end_grch38=int(row["end_grch38"]),
            start_grch37=int(row["start_grch37"]),
            end_grch37=int(row["end_grch37"]),
            phase_start=int(row["phase_start"]),
            phase_end=int(row["phase_end"]),
            cds_start=int(row["cds_start"]),
            cds_end=int(row["cds_end"]),
        )
        for row in rows_of("kmt2a_exons.tsv")
    )


@cache
def kmt2a_domains() -> tuple[Domain, ...]:
    """Domains and sites of the KMT2A protein, from its start to its end."""
    return tuple(
        Domain(
            name=row["name"],
            aa_start=int(row["aa_start"]),
            aa_end=int(row["aa_end"]),
            evidence=Evidence(row["evidence"]),
            source=row["source"],
        )
        for row in rows_of("kmt2a_domains.tsv")
    )


@cache
def mapped_genes() -> dict[str, MappedGene]:
    """KMT2A, its partners, its neighbours and their paralogues by symbol, where mapped."""
    return {
        row["symbol"]: MappedGene(
            symbol=row["symbol"],
            gene_id=row["gene_id"],
            biotype=row["biotype"],
            contig=row["contig"],
            start=int(row["start"]),
            end=int(row["end"]),
            strand=row["strand"],
            start_grch37=number(row["start_grch37"]),
            end_grch37=number(row["end_grch37"]),
            source=row["source"],
        )
        for row in rows_of("genes.tsv")
    }


@cache
def mane_transcripts() -> dict[str, ManeTranscript]:
    """MANE Select transcripts by symbol: KMT2A and those genes that the table holds."""
    return {
        row["symbol"]: ManeTranscript(
            symbol=row["symbol"],
            hgnc_id=row["hgnc_id"],
            gene_id=row["gene_id"],
            ensembl_transcript=row["ensembl_transcript"],
            refseq_transcript=row["refseq_transcript"],
            cds_start=number(row["cds_start"]),
            cds_end=number(row["cds_end"]),
        )
        for row in rows_of("mane_transcripts.tsv")
    }


@cache
def entry_exons() -> dict[str, EntryExons]:
    """The exons that start in phase 0, by symbol."""
    return {
        row["symbol"]: EntryExons(
            symbol=row["symbol"],
            source_transcript=row["source_transcript"],
            exons=tuple(int(exon) for exon in parts(row["in_frame_entry_exons"])),
            transcript=row["transcript"],
            same_as_packaged=SameTranscript(row["same_as_packaged"]),
            why=row["why"],
            source=row["source"],
        )
        for row in rows_of("entry_exons.tsv")
    }


@cache
def partner_exons() -> dict[str, tuple[PartnerExon, ...]]:
    """Exons, in transcript order, of the genes that the table holds."""
    by_symbol: dict[str, list[PartnerExon]] = {}
    for row in rows_of("partner_exons.tsv"):
        exon = PartnerExon(
            symbol=row["symbol"],
            transcript=row["transcript"],
            number=int(row["exon"]),
            contig=row["contig"],
            start=int(row["start"]),
            end=int(row["end"]),
            strand=row["strand"],
            start_grch37=number(row["start_grch37"]),
            end_grch37=number(row["end_grch37"]),
        )
        by_symbol.setdefault(exon.symbol, []).append(exon)
    return {symbol: tuple(exons) for symbol, exons in by_symbol.items()}
