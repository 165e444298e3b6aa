"""Which fusion calls each caller makes of each RNA-seq patient of the synthetic cohort.

The plan (`source/rna_plan.csv`) names the exons and the support of a patient's fusion; its
breakpoints are the edges of those exons on GRCh38. What else a caller reports comes from
`source/background.tsv`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fusion_caller.knowledge import KMT2A, kmt2a_exons, partner_exons
from fusion_caller.records import Breakpoint, Frame, Source
from fusion_caller.tables import read_table

if TYPE_CHECKING:
    from fusion_caller.tables import Row

SOURCE_FOLDER = Path(__file__).with_name("source")
RNA_CALLERS = (Source.STAR_FUSION, Source.ARRIBA, Source.FUSIONCATCHER)
CODING_SITE = "CDS/splice-site"
NON_CODING_SITE = "5'UTR/splice-site"
PARALOGUE = "CT45A2"
# Entered through their 5' UTR, so that no caller can state a frame.
NON_CODING_ENTRY = frozenset(("CT45A1", PARALOGUE))
# The share of the fragments that a caller counts, in tenths: across the junction, and around it.
_SUPPORT_IN_TENTHS = {
    Source.STAR_FUSION: (10, 6),
    Source.ARRIBA: (8, 5),
    Source.FUSIONCATCHER: (4, 7),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPatient:
    """A patient with RNA-seq: `number` is the patient's place in the cohort, from 1."""

    patient: str
    number: int
    partner: str
    kmt2a_exon: int
    partner_exon: int
    fragments: int
    reciprocal_fragments: int
    star_fusion_format: str
    compressed: str
    explicit_source: str
    peculiarity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedCall:
    """A call as a caller is going to print it, its genes in the order 5' then 3'.

    `driver` tells the patient's own fusion from the background. `annots` is a column of
    STAR-Fusion, `description` and `effect` are columns of FusionCatcher.
    """

    gene_5prime: str
    gene_3prime: str
    id_5prime: str
    id_3prime: str
    breakpoint_5prime: Breakpoint
    breakpoint_3prime: Breakpoint
    split_reads: int
    spanning_fragments: int
    frame: Frame
    site_5prime: str = CODING_SITE
    site_3prime: str = CODING_SITE
    transcript_5prime: str = "."
    transcript_3prime: str = "."
    entropy_5prime: str = "1.8892"
    entropy_3prime: str = "1.9219"
    driver: bool = False
    annots: str
    description: str
    effect: str

    @property
    def supporting_reads(self) -> int:
        """Split reads and spanning fragments together."""
        return self.split_reads + self.spanning_fragments


def read_cohort() -> tuple[Row, ...]:
    """The rows of the synthetic cohort, in its own order."""
    return read_table(SOURCE_FOLDER / "reconstructed_cohort.csv").rows


def planned_patients() -> tuple[PlannedPatient, ...]:
    """The patients with RNA-seq, in the order of the cohort."""
    plan = {row["patient"]: row for row in read_table(SOURCE_FOLDER / "rna_plan.csv").rows}
    return tuple(
        _planned(plan[row["id"]], number, row["transcript"].removeprefix("KMT2A-"))
        for number, row in enumerate(read_cohort(), start=1)
        if row["rnaseq"] == "1"
    )


def _planned(row: Row, number: int, partner: str) -> PlannedPatient:
    return PlannedPatient(
        patient=row["patient"],
        number=number,
        partner=partner,
        kmt2a_exon=int(row["kmt2a_exon"]),
        partner_exon=int(row["partner_exon"]),
        fragments=int(row["fragments"]),
        reciprocal_fragments=int(row["reciprocal_fragments"]),
        star_fusion_format=row["star_fusion_format"],
        compressed=row["compressed"],
        explicit_source=row["explicit_source"],
        peculiarity=row["peculiarity"],
    )


def calls_of(planned: PlannedPatient, caller: Source) -> list[PrintedCall]:
    """Everything that a caller reports of a patient, the best supported first."""
    if planned.peculiarity == "fusioncatcher_missed" and caller is Source.FUSIONCATCHER:
        return []
    calls = _background(planned, caller)
    if planned.peculiarity != "arriba_reciprocal_only" or caller is not Source.ARRIBA:
        calls.append(_kmt2a_first(planned, caller))
    if planned.reciprocal_fragments:
        calls.append(_partner_first(planned, caller))
    return sorted(calls, key=lambda call: -call.supporting_reads)


def _kmt2a_first(planned: PlannedPatient, caller: Source) -> PrintedCall:
    partner = planned.partner
    if planned.peculiarity == "arriba_names_paralogue" and caller is Source.ARRIBA:
        partner = PARALOGUE
    return _fusion(
        (KMT2A, planned.kmt2a_exon), (partner, planned.partner_exon), planned.fragments, caller
    )


def _partner_first(planned: PlannedPatient, caller: Source) -> PrintedCall:
    return _fusion(
        (planned.partner, planned.partner_exon - 1),
        (KMT2A, planned.kmt2a_exon + 1),
        planned.reciprocal_fragments,
        caller,
    )


def _fusion(
    kept: tuple[str, int], joined: tuple[str, int], fragments: int, caller: Source
) -> PrintedCall:
    """A fusion of the end of one gene's exon to the start of another's."""
    at, to = _exon_end(*kept), _exon_start(*joined)
    coding = joined[0] not in NON_CODING_ENTRY
    across, around = (fragments * tenths // 10 for tenths in _SUPPORT_IN_TENTHS[caller])
    return PrintedCall(
        gene_5prime=kept[0],
        gene_3prime=joined[0],
        id_5prime=_identifiers()[kept[0]]["gene_id"],
        id_3prime=_identifiers()[joined[0]]["gene_id"],
        breakpoint_5prime=at,
        breakpoint_3prime=to,
        split_reads=across,
        spanning_fragments=around,
        frame=Frame.IN_FRAME if coding else Frame.UNKNOWN,
        site_3prime=CODING_SITE if coding else NON_CODING_SITE,
        transcript_5prime=_identifiers()[kept[0]]["transcript"],
        transcript_3prime=_identifiers()[joined[0]]["transcript"],
        driver=True,
        annots=f"Mitelman,{_distance(at, to)}" if coding else _distance(at, to),
        description="known,oncogene,exon-exon" if coding else "oncogene,exon-exon",
        effect="in-frame" if coding else "CDS(truncated)/UTR",
    )


def _exon_end(symbol: str, number: int) -> Breakpoint:
    """The last base of an exon, in the direction of the gene."""
    if symbol == KMT2A:
        return Breakpoint("chr11", kmt2a_exons()[number - 1].end_grch38, "+")
    exon = partner_exons()[symbol][number - 1]
    return Breakpoint(exon.contig, exon.end if exon.strand == "+" else exon.start, exon.strand)


def _exon_start(symbol: str, number: int) -> Breakpoint:
    """The first base of an exon, in the direction of the gene."""
    if symbol == KMT2A:
        return Breakpoint("chr11", kmt2a_exons()[number - 1].start_grch38, "+")
    exon = partner_exons()[symbol][number - 1]
    return Breakpoint(exon.contig, exon.start if exon.strand == "+" else exon.end, exon.strand)


def _distance(at: Breakpoint, to: Breakpoint) -> str:
    """STAR-Fusion's remark on how far apart the two sides lie."""
    if at.contig != to.contig:
        return f"INTERCHROMOSOMAL[{at.contig}--{to.contig}]"
    return f"INTRACHROMOSOMAL[{at.contig}:{abs(at.position - to.position) / 1e6:.2f}Mb]"


@cache
def _identifiers() -> dict[str, Row]:
    return {row["symbol"]: row for row in read_table(SOURCE_FOLDER / "gene_ids.tsv").rows}


def _background(planned: PlannedPatient, caller: Source) -> list[PrintedCall]:
    """The caller's recurrent harmless calls, two of three in turn, and the patient's own ones."""
    rows = [
        row
        for row in read_table(SOURCE_FOLDER / "background.tsv", quoting=False).rows
        if caller in row["callers"].split(";") and row["patient"] in ("", planned.patient)
    ]
    return [
        _background_call(row, planned.number)
        for index, row in enumerate(rows)
        if row["patient"] or (index + planned.number) % 3
    ]


def _background_call(row: Row, number: int) -> PrintedCall:
    percent = 100 if row["patient"] else 40 + number * 7 % 60
    return PrintedCall(
        gene_5prime=row["gene_5prime"],
        gene_3prime=row["gene_3prime"],
        id_5prime=row["id_5prime"],
        id_3prime=row["id_3prime"],
        breakpoint_5prime=Breakpoint.from_string(row["breakpoint_5prime"]),
        breakpoint_3prime=Breakpoint.from_string(row["breakpoint_3prime"]),
        # FusionCatcher asks for two split reads and one pair, the most of the three callers.
        split_reads=max(2, int(row["split_reads"]) * percent // 100),
        spanning_fragments=max(1, int(row["spanning_fragments"]) * percent // 100),
        frame=Frame(row["frame"]),
        site_5prime=row["site_5prime"],
        site_3prime=row["site_3prime"],
        entropy_5prime=row["entropy_5prime"],
        entropy_3prime=row["entropy_3prime"],
        annots=row["annots"],
        description=row["description"],
        effect=row["effect"],
    )
