"""One sample's page of `kmt2a detect`: the answer, what it rests on, and what could not be seen."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fusion_caller.knowledge import KMT2A, partners
from fusion_caller.reads.calls import label
from fusion_caller.reads.detection import EVALUABLE_SHARE, Answer, percent
from fusion_caller.reads.index import NOT_PACKAGED, Kind, can_name
from fusion_caller.reads.joins import Side
from fusion_caller.reads.judge import Confidence, is_ptd
from fusion_caller.records import NO_GENE
from workflows.report.events import event_in_words
from workflows.report.evidence_pictures import evidence_pictures
from workflows.report.page import filled
from workflows.report.results_in import ResultsIn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_caller.reads.detection import Detection
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.judge import Judged
    from workflows.evidence_files import Evidence
    from workflows.report.evidence_pictures import EvidencePicture

DETECT_PAGE = "detect.html"

_MOST_NOT_CALLED = 12
_ANSWERS = {
    Answer.FOUND: "KMT2A fusion found",
    Answer.NOT_FOUND: "No KMT2A fusion found",
    Answer.NOT_EVALUABLE: "Not evaluable",
}
_CONFIDENCE = {
    "high": "three or more distinct fragments show a known join on the exons' edges",
    "medium": "two or more distinct fragments, or a partner or a place that is not a known one",
    "low": "one fragment or little more: confirm it before use",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallShown:
    """One call on the page.

    Attributes:
        name: `KMT2A e8::MLLT3 e6`.
        sentence: What is joined to what.
        confidence: `high`, `medium` or `low`.
        meaning: What that means.
        reasons: What speaks for it and against it.
        picture: Its reads.
        beside: What is beside KMT2A, to be looked up where the partner is not known.
    """

    name: str
    sentence: str
    confidence: str
    meaning: str
    reasons: tuple[str, ...]
    picture: EvidencePicture
    beside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepthRow:
    """Reads across the end of one exon, and the smallest share of fused transcripts not missed.

    `bar` is the length of its bar in percent of the longest; `poor` says that too little is seen.
    """

    exon: int
    reads: int
    share: str
    bar: float
    poor: bool


def render_detection(
    found: Detection, evidence: Sequence[Evidence], folder: Path, *, sample: str
) -> str:
    """Render the page.

    Args:
        found: What was found.
        evidence: The calls with their reads, in the order of the calls.
        folder: Where `kmt2a.tsv` and the pictures are.
        sample: The sample.
    """
    results = ResultsIn(folder=folder, manifest={})
    pictures = evidence_pictures(results)
    calls = [
        _call(judged, found.index, one, picture)
        for judged, one, picture in zip(found.calls, evidence, pictures, strict=True)
    ]
    named, unnamed = _partners(found.index)
    genome = found.index.genome
    not_called = [one for one in found.not_called if len(one.candidate.fragments) > 1]
    shown: dict[str, Any] = {
        "title": f"KMT2A in the reads of {sample}",
        "version": version("kmt2a"),
        "answer": _answer(found),
        "found": found.answer is Answer.FOUND,
        "sentence": _sentence(found, calls),
        "calls": calls,
        "events": [
            event_in_words(dict(row)) for row in results.table("kmt2a.tsv") if row["kind"] != "none"
        ],
        "depth": _depth(found),
        "limit": percent(found.limit),
        "evaluable": percent(EVALUABLE_SHARE),
        "named": named,
        "unnamed": unnamed,
        "index_file": found.index.file,
        "checksum": found.index.checksum[:12],
        "made_of": genome.made_of if genome is not None else None,
        "screened": found.screened,
        "distinct": len(set(found.screened.copies)),
        "not_called": [(label(one, found.index), one) for one in not_called[:_MOST_NOT_CALLED]],
        "more_not_called": max(0, len(not_called) - _MOST_NOT_CALLED),
        "single": len(found.not_called) - len(not_called),
        "no_join": sorted(found.no_join.items(), key=lambda item: -item[1]),
    }
    return filled("detect.html.j2", shown)


def _call(judged: Judged, index: ReadIndex, one: Evidence, picture: EvidencePicture) -> CallShown:
    confidence = str(judged.confidence)
    unknown = judged.candidate.side is not Side.BOTH and not judged.candidate.is_named
    return CallShown(
        name=label(judged, index),
        sentence=sentence_of(judged, index),
        confidence=confidence,
        meaning=_CONFIDENCE[confidence],
        reasons=judged.reasons,
        picture=picture,
        beside=_beside(one) if unknown else "",
    )


def _beside(one: Evidence) -> str:
    """The bases beside KMT2A as FASTA on two lines."""
    contig = one.pileup.contig
    sequence = contig.sequence.decode()
    (part,) = (part for part in contig.features if part.gene == NO_GENE)
    return f">beside_KMT2A\n{sequence[part.start : part.end]}"


def sentence_of(judged: Judged, index: ReadIndex) -> str:
    """What is joined to what, as a sentence without its end."""
    found = judged.candidate
    exon = f"exon {index.exon_at(found.base)}"
    if found.base_3prime is not None:
        start = f"exon {index.exon_at(found.base_3prime)}"
        if is_ptd(found, index):
            return (
                f"partial tandem duplication of {KMT2A}: the end of {exon} is joined to the "
                f"beginning of {start}"
            )
        return f"within {KMT2A}, {exon} is joined back to {start}"
    if not found.seen:
        partner = judged.gene_5prime if found.side is Side.THREE_PRIME else judged.gene_3prime
        return f"{KMT2A} is joined to {partner}; no read crosses the join, so the exons are assumed"
    own = f"{exon} of {KMT2A}" if found.at_edge else f"a place within {exon} of {KMT2A}"
    entry = found.entry
    if entry is None or not found.is_named:
        there = "a sequence that the index does not name"
    else:
        there = f"exon {entry.exon} of {entry.symbol}" if entry.exon is not None else entry.symbol
    if found.side is Side.THREE_PRIME:
        return f"{there} is joined to {own}, as in the reciprocal of a fusion"
    return f"{own} is joined to {there}"


def _answer(found: Detection) -> str:
    if found.calls and all(is_ptd(call.candidate, found.index) for call in found.calls):
        return "Partial tandem duplication found"
    return _ANSWERS[found.answer]


def _sentence(found: Detection, calls: Sequence[CallShown]) -> str:
    if not calls:
        return found.sentence
    first = calls[0]
    said = f"{first.sentence}; confidence {first.confidence}"
    if len(calls) > 1:
        said += f"; {len(calls) - 1} more below"
    sure = [call for call in found.calls if call.confidence is Confidence.HIGH]
    if len({frozenset((call.gene_5prime, call.gene_3prime)) for call in sure}) > 1:
        said += ". Two partners of high confidence in one sample are rare: see whether it is pure"
    return said


def _depth(found: Detection) -> list[DepthRow]:
    depth = found.screened.depth
    most = max(*depth.values(), 1)
    return [
        DepthRow(
            exon=exon,
            reads=n,
            share=percent(found.smallest_share[exon]),
            bar=100 * n / most,
            poor=found.smallest_share[exon] > EVALUABLE_SHARE,
        )
        for exon, n in depth.items()
    ]


def _partners(index: ReadIndex) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an index can name, and the known partners that are not in it, or not by that exon."""
    symbols = {entry.symbol for entry in (*index.of_kind(Kind.ENTRY), *index.of_kind(Kind.EXIT))}
    missing = set(partners()) - symbols - {KMT2A}
    return can_name(index), tuple(sorted(missing | set(NOT_PACKAGED)))
