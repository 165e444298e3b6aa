"""What the fusions that a molecular report names mean, given what the assay can see."""

from __future__ import annotations

from dataclasses import dataclass

from fusion_caller.assays.fusion_text import FusionText, NamedFusion, read_fusion_text
from fusion_caller.assays.sheet import (
    LONGEST_RESULT,
    Word,
    inconclusive,
    not_done,
    not_understood,
    other_gene_tested,
    shared_word,
    tidy,
)
from fusion_caller.gene_names import is_known
from fusion_caller.knowledge import PTD, neighbours, partners
from fusion_caller.records import Assay, AssayReading, Finding, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an assay can see.

    `targets` is None where it is not limited to certain partners, empty where it is and they are
    not known; `panel` names its panel.
    """

    panel: str = ""
    targets: tuple[str, ...] | None = None


ANY_PARTNER = Limits()
_UNNAMED = "Reported as positive; the fusion is not named."


def read_molecular(text: str, assay: Assay, *, limits: Limits, expected: str) -> AssayReading:
    """Read a report of RT-PCR or sequencing.

    Args:
        text: What the laboratory wrote.
        assay: `RT_PCR`, `RNA_SEQ` or `DNA_SEQ`.
        limits: What the assay can see.
        expected: What could have been understood, for the sentence on a text that was not.
    """
    word = shared_word(text)
    if word in (Word.NOT_DONE, Word.FAILED):
        return not_done(word)
    if word is Word.INCONCLUSIVE:
        return inconclusive()
    if word is Word.POSITIVE:
        return _positive_unnamed(limits)
    if word is not None:
        return _nothing_found(limits)
    plain = tidy(text)
    named = read_fusion_text(plain, assay) if len(plain) <= LONGEST_RESULT else None
    if named is None:
        return not_understood(text, expected)
    if not named.fusions:
        return _other_genes_only(named, assay, limits)
    if any(fusion.found for fusion in named.fusions):
        return _something_found(named, limits)
    return _nothing_found(limits, named)


def _other_genes_only(text: FusionText, assay: Assay, limits: Limits) -> AssayReading:
    """The reading of a report that names fusions of other genes and says nothing of KMT2A.

    Primers see what they are made for, so that a PCR without a panel tested what it names.
    Sequencing may have looked for KMT2A and found nothing, but that is for the report to say.
    """
    names = ", ".join(dict.fromkeys(map(str, text.others))) or "fusions of other genes"
    if assay is Assay.RT_PCR and not limits.targets:
        return other_gene_tested("PCR is of other genes", f"the result names {names} only")
    return AssayReading(
        verdict=Verdict.INCONCLUSIVE,
        finding=Finding.INCONCLUSIVE,
        scope=limits.targets,
        sentence=f"The report names {names} and says nothing of KMT2A: write 'no KMT2A fusion' "
        "beside it where that was looked for.",
    )


def _positive_unnamed(limits: Limits) -> AssayReading:
    return AssayReading(
        verdict=Verdict.POSITIVE,
        finding=Finding.POSITIVE,
        scope=limits.targets,
        sentence=_UNNAMED,
    )


def _nothing_found(limits: Limits, text: FusionText | None = None) -> AssayReading:
    """The reading of a test that found no fusion of KMT2A, of those that it names if it does."""
    tested = [fusion for fusion in text.fusions if fusion.symbols] if text else []
    if tested:
        names = ", ".join(dict.fromkeys(map(str, tested)))
        sentences = [f"Not found: {names}; nothing is said of other partners."]
    else:
        sentences = ["No KMT2A fusion found."]
    if limits.targets:
        count = len(limits.targets)
        sentences.append(f"The panel {limits.panel} sees its {count} targets only.")
    elif limits.targets is not None:
        sentences.append("Which partners the assay can see is not known.")
    named = tuple(dict.fromkeys(symbol for fusion in tested for symbol in fusion.symbols))
    return AssayReading(
        verdict=Verdict.NEGATIVE,
        finding=Finding.NO_FUSION,
        scope=named or limits.targets,
        sentence=" ".join([*sentences, *beside(text)]),
    )


def _something_found(text: FusionText, limits: Limits) -> AssayReading:
    suspected = [fusion for fusion in text.fusions if fusion.found and fusion.doubt]
    found = [f for f in text.fusions if f.found and not f.doubt] or suspected
    named = [fusion for fusion in found if fusion.symbols] or found
    absent = [fusion for fusion in text.fusions if not fusion.found and fusion.symbols]
    symbols = tuple(dict.fromkeys(symbol for fusion in named for symbol in fusion.symbols))
    names = ", ".join(dict.fromkeys(map(str, named)))
    sentences = [f"Found: {names}." if symbols else _UNNAMED]
    if suspected:
        doubtful = ", ".join(f"{fusion} ({fusion.doubt})" for fusion in suspected)
        said = f"Suspected by the laboratory, to be confirmed: {doubtful}."
        sentences = [said] if found == suspected else [*sentences, said]
    if absent:
        sentences.append(f"Not found: {', '.join(map(str, absent))}.")
    unknown = [symbol for symbol in symbols if symbol != PTD and not is_known(symbol)]
    if unknown:
        sentences.append(f"Not a known partner of KMT2A: {', '.join(unknown)}.")
    off_panel = [symbol for symbol in symbols if limits.targets and symbol not in limits.targets]
    if off_panel:
        off = ", ".join(off_panel)
        sentences.append(f"Not among the targets of the panel {limits.panel}: {off}.")
    neighbours_only = bool(symbols) and all(
        symbol in neighbours() and symbol not in partners() for symbol in symbols
    )
    if neighbours_only:
        sentences.append("The gene lies beside KMT2A: a read-through is likelier than a fusion.")
    junctions = tuple(dict.fromkeys(j for fusion in found for j in fusion.details.junctions))
    if junctions:
        sentences.append(
            f"Exons as reported, in the laboratory's numbering: {', '.join(junctions)}."
        )
    amounts = tuple(dict.fromkeys(a for fusion in found for a in fusion.details.amounts))
    if amounts:
        sentences.append(f"Quantity as reported: {', '.join(amounts)}.")
    return AssayReading(
        verdict=Verdict.INCONCLUSIVE if neighbours_only or found == suspected else Verdict.POSITIVE,
        finding=Finding.READ_THROUGH if neighbours_only else _finding(named, symbols),
        partners=symbols,
        specific=len(symbols) == 1,
        scope=limits.targets,
        junctions=junctions,
        sentence=" ".join([*sentences, *beside(text)]),
    )


def beside(text: FusionText | None) -> list[str]:
    """What a report says beside KMT2A."""
    if text is None:
        return []
    said = [f"Other fusions found: {', '.join(map(str, text.others))}."] if text.others else []
    return [*said, *(f"Also reported: {remark}." for remark in text.remarks)]


def _finding(found: list[NamedFusion], symbols: tuple[str, ...]) -> Finding:
    if symbols == (PTD,):
        return Finding.PTD
    if not symbols:
        return Finding.POSITIVE
    reciprocal = all(fusion.reciprocal for fusion in found)
    return Finding.RECIPROCAL_FUSION if reciprocal else Finding.FUSION
