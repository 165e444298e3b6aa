"""The text of STAR-Fusion's, Arriba's and FusionCatcher's files, column by column as they print it.

Sequences are never made up: the columns that hold them are `.` or empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.records import Frame, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fusion_caller.records import Breakpoint
    from workflows.example.rna_calls import PrintedCall

# STAR-Fusion counts fragments per million; all samples are as deep as this.
MILLION_FRAGMENTS = 45
# Arriba calls a pair of neighbours a possible read-through up to this distance.
READ_THROUGH_BP = 400_000

_STAR_FUSION_CORE = (
    "#FusionName",
    "JunctionReadCount",
    "SpanningFragCount",
    "SpliceType",
    "LeftGene",
    "LeftBreakpoint",
    "RightGene",
    "RightBreakpoint",
    "LargeAnchorSupport",
)
_STAR_FUSION_BREAKS = (
    "LeftBreakDinuc",
    "LeftBreakEntropy",
    "RightBreakDinuc",
    "RightBreakEntropy",
)
_STAR_FUSION_CODING = (
    "CDS_LEFT_ID",
    "CDS_LEFT_RANGE",
    "CDS_RIGHT_ID",
    "CDS_RIGHT_RANGE",
    "PROT_FUSION_TYPE",
    "FUSION_MODEL",
    "FUSION_CDS",
    "FUSION_TRANSL",
    "PFAM_LEFT",
    "PFAM_RIGHT",
)
_ESTIMATES = ("est_J", "est_S")
_READS = ("JunctionReads", "SpanningFrags")
_ABRIDGED = (
    *_STAR_FUSION_CORE[:3],
    *_ESTIMATES,
    *_STAR_FUSION_CORE[3:],
    "FFPM",
    *_STAR_FUSION_BREAKS,
    "annots",
)
STAR_FUSION_COLUMNS = {
    "early_abridged": _STAR_FUSION_CORE,
    "coding_effect": (
        *_STAR_FUSION_CORE,
        *_STAR_FUSION_BREAKS,
        "FFPM",
        "annots",
        *_STAR_FUSION_CODING,
    ),
    "abridged": _ABRIDGED,
    "full": (*_ABRIDGED[:10], *_READS, *_ABRIDGED[10:]),
}
ARRIBA_COLUMNS = (
    "#gene1",
    "gene2",
    "strand1(gene/fusion)",
    "strand2(gene/fusion)",
    "breakpoint1",
    "breakpoint2",
    "site1",
    "site2",
    "type",
    "split_reads1",
    "split_reads2",
    "discordant_mates",
    "coverage1",
    "coverage2",
    "confidence",
    "reading_frame",
    "tags",
    "retained_protein_domains",
    "closest_genomic_breakpoint1",
    "closest_genomic_breakpoint2",
    "gene_id1",
    "gene_id2",
    "transcript_id1",
    "transcript_id2",
    "direction1",
    "direction2",
    "filters",
    "fusion_transcript",
    "peptide_sequence",
    "read_identifiers",
)
FUSIONCATCHER_COLUMNS = (
    "Gene_1_symbol(5end_fusion_partner)",
    "Gene_2_symbol(3end_fusion_partner)",
    "Fusion_description",
    "Counts_of_common_mapping_reads",
    "Spanning_pairs",
    "Spanning_unique_reads",
    "Longest_anchor_found",
    "Fusion_finding_method",
    "Fusion_point_for_gene_1(5end_fusion_partner)",
    "Fusion_point_for_gene_2(3end_fusion_partner)",
    "Gene_1_id(5end_fusion_partner)",
    "Gene_2_id(3end_fusion_partner)",
    "Exon_1_id(5end_fusion_partner)",
    "Exon_2_id(3end_fusion_partner)",
    "Fusion_sequence",
    "Predicted_effect",
    "Predicted_fused_transcripts",
    "Predicted_fused_proteins",
)
_PROTEIN_FUSION_TYPES = {
    Frame.IN_FRAME: "INFRAME",
    Frame.OUT_OF_FRAME: "FRAMESHIFT",
    Frame.UNKNOWN: ".",
}


def caller_text(
    caller: Source, calls: Sequence[PrintedCall], *, sample: str, star_fusion_format: str
) -> str:
    """A whole file of one caller for one sample, header first."""
    if caller is Source.STAR_FUSION:
        columns = STAR_FUSION_COLUMNS[star_fusion_format]
        listed = star_fusion_format != "coding_effect"
        return _text(
            columns, calls, lambda call: _star_fusion(call, sample=sample, annots_as_list=listed)
        )
    if caller is Source.ARRIBA:
        return _text(ARRIBA_COLUMNS, sorted(calls, key=_arriba_rank), _arriba)
    return _text(FUSIONCATCHER_COLUMNS, calls, _fusioncatcher)


def _text(
    columns: Sequence[str],
    calls: Sequence[PrintedCall],
    row_of: Callable[[PrintedCall], Mapping[str, object]],
) -> str:
    lines = ["\t".join(columns)]
    for call in calls:
        row = row_of(call)
        lines.append("\t".join(str(row[column]) for column in columns))
    return "\n".join(lines) + "\n"


def _star_fusion(call: PrintedCall, *, sample: str, annots_as_list: bool) -> dict[str, object]:
    # Since 1.6 the remarks are a list in JSON; before, they were joined by commas.
    quoted = ",".join(f'"{remark}"' for remark in call.annots.split(","))
    return {
        "#FusionName": f"{call.gene_5prime}--{call.gene_3prime}",
        "JunctionReadCount": call.split_reads,
        "SpanningFragCount": call.spanning_fragments,
        "est_J": call.split_reads,
        "est_S": f"{call.spanning_fragments:.2f}",
        "SpliceType": "ONLY_REF_SPLICE",
        "LeftGene": f"{call.gene_5prime}^{call.id_5prime}",
        "LeftBreakpoint": call.breakpoint_5prime,
        "RightGene": f"{call.gene_3prime}^{call.id_3prime}",
        "RightBreakpoint": call.breakpoint_3prime,
        "JunctionReads": _read_names(sample, "junction", call.split_reads),
        "SpanningFrags": _read_names(sample, "spanning", call.spanning_fragments),
        "LargeAnchorSupport": "YES_LDAS",
        "FFPM": f"{call.supporting_reads / MILLION_FRAGMENTS:.4f}",
        "LeftBreakDinuc": "GT",
        "LeftBreakEntropy": call.entropy_5prime,
        "RightBreakDinuc": "AG",
        "RightBreakEntropy": call.entropy_3prime,
        "annots": f"[{quoted}]" if annots_as_list else call.annots,
        **dict.fromkeys(_STAR_FUSION_CODING, "."),
        "PROT_FUSION_TYPE": _PROTEIN_FUSION_TYPES[call.frame],
    }


def _read_names(sample: str, kind: str, count: int) -> str:
    return ",".join(f"{sample}:{kind}:{number}" for number in range(1, count + 1))


def _arriba(call: PrintedCall) -> dict[str, object]:
    at, to = call.breakpoint_5prime, call.breakpoint_3prime
    anchored_3prime = call.split_reads * 3 // 7
    return {
        **dict.fromkeys(ARRIBA_COLUMNS, "."),
        "#gene1": call.gene_5prime,
        "gene2": call.gene_3prime,
        "strand1(gene/fusion)": f"{at.strand}/{at.strand}",
        "strand2(gene/fusion)": f"{to.strand}/{to.strand}",
        "breakpoint1": _without_chr(f"{at.contig}:{at.position}"),
        "breakpoint2": _without_chr(f"{to.contig}:{to.position}"),
        "site1": call.site_5prime,
        "site2": call.site_3prime,
        "type": _arriba_type(at, to),
        "split_reads1": call.split_reads - anchored_3prime,
        "split_reads2": anchored_3prime,
        "discordant_mates": call.spanning_fragments,
        "coverage1": call.supporting_reads * 2 + 11,
        "coverage2": call.supporting_reads + 7,
        "confidence": _arriba_confidence(call),
        "reading_frame": call.frame or ".",
        "tags": "Mitelman" if call.annots.startswith("Mitelman") else ".",
        "gene_id1": call.id_5prime,
        "gene_id2": call.id_3prime,
        "transcript_id1": call.transcript_5prime,
        "transcript_id2": call.transcript_3prime,
        "direction1": "downstream" if at.strand == "+" else "upstream",
        "direction2": "upstream" if to.strand == "+" else "downstream",
        "filters": f"duplicates({call.split_reads // 4 + 1})",
    }


def _arriba_type(at: Breakpoint, to: Breakpoint) -> str:
    if at.contig != to.contig:
        return "translocation"
    if at.strand != to.strand:
        return "inversion"
    gap = to.position - at.position if at.strand == "+" else at.position - to.position
    if gap < 0:
        return "duplication"
    return "deletion/read-through" if gap <= READ_THROUGH_BP else "deletion"


def _arriba_rank(call: PrintedCall) -> int:
    """Arriba lists its calls from the highest confidence to the lowest."""
    return ("high", "medium", "low").index(_arriba_confidence(call))


def _arriba_confidence(call: PrintedCall) -> str:
    if not call.driver:
        return "low"
    return "high" if call.supporting_reads >= 10 else "medium"  # noqa: PLR2004


def _fusioncatcher(call: PrintedCall) -> dict[str, object]:
    return {
        **dict.fromkeys(FUSIONCATCHER_COLUMNS, ""),
        "Gene_1_symbol(5end_fusion_partner)": call.gene_5prime,
        "Gene_2_symbol(3end_fusion_partner)": call.gene_3prime,
        "Fusion_description": call.description,
        "Counts_of_common_mapping_reads": 0,
        "Spanning_pairs": call.spanning_fragments,
        "Spanning_unique_reads": call.split_reads,
        "Longest_anchor_found": min(45, 18 + call.split_reads),
        "Fusion_finding_method": "BOWTIE;BOWTIE+BLAT;BOWTIE+STAR" if call.driver else "BOWTIE",
        "Fusion_point_for_gene_1(5end_fusion_partner)": _without_chr(str(call.breakpoint_5prime)),
        "Fusion_point_for_gene_2(3end_fusion_partner)": _without_chr(str(call.breakpoint_3prime)),
        "Gene_1_id(5end_fusion_partner)": call.id_5prime.partition(".")[0],
        "Gene_2_id(3end_fusion_partner)": call.id_3prime.partition(".")[0],
        "Predicted_effect": call.effect,
    }


def _without_chr(place: str) -> str:
    return place.removeprefix("chr")
