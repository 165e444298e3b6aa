"""FISH of KMT2A: what a laboratory's words, colours or `nuc ish` string show.

A break-apart probe has a 5' and a 3' end; a dual-fusion probe lies on KMT2A and one partner.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.assays.fish_colours import green_end, read_colours
from fusion_caller.assays.fish_iscn import read_fish_iscn, tests_other_genes_only
from fusion_caller.assays.fish_patterns import MEANING, WEIGHT, Pattern, in_words
from fusion_caller.assays.fish_words import (
    agree,
    clauses,
    names_dual_fusion,
    read_words,
    seen_by_dual_fusion,
)
from fusion_caller.assays.sheet import (
    LONGEST_RESULT,
    Word,
    inconclusive,
    not_done,
    not_understood,
    shared_word,
    tidy,
)
from fusion_caller.knowledge import Evidence
from fusion_caller.knowledge.break_apart_probes import probe_named, without_probe
from fusion_caller.laboratory import DEFAULT_CUTOFF
from fusion_caller.records import AssayReading, Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fusion_caller.knowledge import FishProbe

EXPECTED = (
    "nuc ish(KMT2Ax2)(5'KMT2A sep 3'KMT2Ax1)[180/200], a pattern such as 1F1R1G, "
    "or positive, negative, not done"
)


def read_fish(
    text: str,
    *,
    cutoff: float = DEFAULT_CUTOFF,
    cutoffs: Mapping[str, float] | None = None,
    probe: str = "",
) -> AssayReading:
    """Say what a FISH result with a KMT2A probe shows.

    Separated ends, a lost 3' end, an extra 5' end and a dual fusion are POSITIVE; a lost 5' end is
    INCONCLUSIVE; gain, loss and amplification of the whole gene are NEGATIVE. A pattern in colours
    with a single unpaired signal (`1F1G`) is POSITIVE as BREAK_APART with a sentence that says
    what is open: the ends of one copy do not lie together, and a finding that names an end would
    be a guess. A lost 3' end counts although other tests excluded a rearrangement in 3 of 12
    published cases (Barber 2004, doi:10.1002/gcc.20082): it is for the other assays to do so.

    Several tests in one text are read each; a dual-fusion probe that is negative is said and
    excludes its own partner only.

    Args:
        text: What the laboratory wrote.
        cutoff: The fraction of abnormal cells from which on a pattern counts. It is the
            laboratory's own; the default is from memory.
        cutoffs: The same for single patterns, by the code of the finding; they come first.
        probe: The probe as the laboratory calls it. A break-apart probe that is known
            (`knowledge.fish_probes`) says which end has which colour, and so may the laboratory
            (`our probe, 5' red`), which comes first; any other text is not used.
    """
    word = shared_word(text)
    if word in (Word.NOT_DONE, Word.FAILED):
        return not_done(word)
    if word is Word.INCONCLUSIVE:
        return inconclusive()
    plain, own_name = tidy(text), tidy(probe)
    dual_fusion = names_dual_fusion(probe)
    used = None if dual_fusion else probe_named(probe) or probe_named(plain)
    patterns: list[Pattern] | None = None
    if word is not None:
        finding = {Word.POSITIVE: Finding.POSITIVE, Word.NORMAL: Finding.NORMAL_SIGNALS}.get(
            word, Finding.NEGATIVE
        )
        patterns = [Pattern(finding=finding)]
    elif len(plain) <= LONGEST_RESULT:
        green = green_end(own_name, used)
        patterns = _patterns(plain, green, dual_fusion=dual_fusion)
    if not patterns and len(plain) <= LONGEST_RESULT and tests_other_genes_only(plain):
        return AssayReading(
            verdict=Verdict.NOT_DONE,
            finding=Finding.NOT_DONE,
            sentence="The FISH has no probe of KMT2A: KMT2A was not tested.",
        )
    if not patterns:
        return not_understood(text, EXPECTED)
    if dual_fusion:
        patterns = [seen_by_dual_fusion(pattern, probe) for pattern in patterns]
    reading = _reading(patterns, lambda finding: (cutoffs or {}).get(finding, cutoff))
    if used is None:
        return reading
    # What the laboratory says of the colours stands in its row, ours must not contradict it.
    said = _of_probe(used, reading.verdict, with_colours=not green_end(own_name))
    return replace(reading, sentence=f"{reading.sentence} {said}")


def _patterns(plain: str, green: str, *, dual_fusion: bool) -> list[Pattern] | None:
    whole = read_fish_iscn(plain)
    if whole:
        return whole
    plain = without_probe(plain)
    whole = read_colours(plain, green)
    if whole:
        # The colours of a dual-fusion probe are two genes, so that 2R2G is normal.
        return None if dual_fusion else whole
    patterns = []
    for clause in clauses(plain):
        coloured = None if dual_fusion else read_colours(clause, green)
        worded = None if coloured else read_words(clause)
        if not coloured and worded is None:
            return None
        patterns += coloured or ([worded] if worded else [])
    return patterns if agree(patterns) else None


def _reading(patterns: list[Pattern], cutoff_of: Callable[[Finding], float]) -> AssayReading:
    own = [one for one in patterns if not one.one_partner_only] or patterns
    beside = [one for one in patterns if one not in own]
    abnormal = [one for one in own if one.finding is not Finding.NORMAL_SIGNALS]
    by_weight = sorted(abnormal or own, key=lambda pattern: WEIGHT[pattern.finding])
    counted = [p for p in by_weight if p.cells is None or p.cells >= cutoff_of(p.finding)]
    said_beside = [in_words(one) for one in beside]
    if not counted:
        most = max(by_weight, key=lambda one: one.cells or 0.0)
        below = f"It is below the cut-off of {cutoff_of(most.finding):.1%}."
        return AssayReading(
            verdict=Verdict.NEGATIVE,
            finding=Finding.NEGATIVE,
            cells_abnormal=most.cells,
            sentence=" ".join([in_words(most), below, *said_beside]),
        )
    lead = counted[0]
    one_partner = lead.tested or lead.partner
    limited = (one_partner,) if one_partner else () if lead.one_partner_only else None
    return AssayReading(
        verdict=Verdict.INCONCLUSIVE if lead.inconclusive else MEANING[lead.finding][0],
        finding=lead.finding,
        partners=(lead.partner,) if lead.partner else (),
        specific=bool(lead.partner),
        scope=limited,
        cells_abnormal=lead.cells,
        sentence=" ".join([in_words(lead), *said_beside]),
    )


def _of_probe(probe: FishProbe, verdict: Verdict, *, with_colours: bool) -> str:
    """Name the probe, its colours, and where the result is negative what it is known to miss."""
    name = f"Probe: {probe.vendor} {probe.name}"
    if with_colours and probe.has_colours:
        memory = ", from memory" if probe.evidence is Evidence.MEMORY else ""
        name += f" (5' {probe.colour_5prime}, 3' {probe.colour_3prime}{memory})"
    if verdict is Verdict.NEGATIVE and probe.missed:
        return f"{name}, which missed {probe.missed} of {probe.tested} rearranged cases."
    return f"{name}."
