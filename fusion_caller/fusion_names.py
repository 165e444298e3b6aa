"""The names of a fusion in the nomenclatures of HGVS and VICC.

HGVS: the r. part of a reference transcript up to the last base kept, `::`, the r. part of the other
from the first base kept; `?` where a position is not known, and for the far ends, which no caller
sees (HGVS Nomenclature, adjoined transcripts).

VICC: `SYMBOL(hgnc:ID)::SYMBOL(hgnc:ID)`, and with exons `TRANSCRIPT(SYMBOL):e.N` followed by an
offset from the exon's edge where the break is not on it (VICC Gene Fusion Specification). `?`
stands for a gene that is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.annotation import Side
from fusion_caller.junctions import End, Junction, coding_length, coding_position
from fusion_caller.knowledge import mane_transcripts, partners

if TYPE_CHECKING:
    from fusion_caller.annotation import Transcript


def hgvs_name(junction: Junction) -> str:
    """`NM_001197104.2:r.?_4086::NM_001166693.3:r.352_?`; empty where neither end is known."""
    if junction.five is None and junction.three is None:
        return ""
    return "::".join(_hgvs_end(end) for end in (junction.five, junction.three))


def _hgvs_end(end: End | None) -> str:
    if end is None:
        return "?"
    position = _hgvs_position(end)
    span = f"?_{position}" if end.side is Side.FIVE_PRIME else f"{position}_?"
    return f"{reference(end.transcript)}:r.{span}"


def _hgvs_position(end: End) -> str:
    """The breakpoint in r. numbering, which counts as c. does: no zero, `*` beyond the stop."""
    base = coding_position(end)
    if base is None:
        return "?"
    coding = coding_length(end.transcript)
    text = f"*{base - coding}" if base > coding else str(base if base > 0 else base - 1)
    if end.distance <= 0:
        return text
    return f"{text}{'+' if end.side is Side.FIVE_PRIME else '-'}{end.distance}"


def vicc_name(gene_5prime: str, gene_3prime: str) -> str:
    """`KMT2A(hgnc:7132)::AFF1(hgnc:7135)`; a symbol without an identifier stands alone."""
    return "::".join(_vicc_gene(symbol) for symbol in (gene_5prime, gene_3prime))


def _vicc_gene(symbol: str) -> str:
    known = mane_transcripts().get(symbol) or partners().get(symbol)
    if known is None or not known.hgnc_id:
        return symbol
    return f"{symbol}(hgnc:{known.hgnc_id.removeprefix('HGNC:')})"


def vicc_exon_name(junction: Junction, gene_5prime: str, gene_3prime: str) -> str:
    """`NM_001197104.2(KMT2A):e.8::NM_001166693.3(AFF1):e.4`; empty where neither end is known.

    A transcript stands with its own gene, which may be a paralogue of the one that is named.
    """
    if junction.five is None and junction.three is None:
        return ""
    ends = ((junction.five, gene_5prime), (junction.three, gene_3prime))
    return "::".join(_vicc_end(end, symbol) for end, symbol in ends)


def _vicc_end(end: End | None, symbol: str) -> str:
    if end is None:
        return _vicc_gene(symbol)
    # An offset counts along the transcript: into the intron after an exon, out of the one before.
    along = end.distance if end.side is Side.FIVE_PRIME else -end.distance
    offset = f"{along:+d}" if along else ""
    transcript = end.transcript
    return f"{reference(transcript)}({transcript.symbol}):e.{end.exon}{offset}"


def reference(transcript: Transcript) -> str:
    """The RefSeq accession that MANE pairs with a transcript, or its own where there is none."""
    known = mane_transcripts().get(transcript.symbol)
    paired = known is not None and _unversioned(known.ensembl_transcript) == _unversioned(
        transcript.id
    )
    return known.refseq_transcript if known and paired else transcript.id


def _unversioned(identifier: str) -> str:
    return identifier.partition(".")[0]
