"""FISH of KMT2A: what a laboratory's words, colours or `nuc ish` string show.

A break-apart probe has a 5' and a 3' end; a dual-fusion probe lies on KMT2A and one partner.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.assays.fish_colours import green_end, read_colours, read_dual_fusion_colours
from fusion_caller.assays.fish_iscn import read_fish_iscn, tests_other_genes_only
from fusion_caller.assays.fish_patterns import (
    MEANING,
    WEIGHT,
    Pattern,
    in_words,
    share_alone,
    take_cutoff,
)
from fusion_caller.assays.fish_target import Target, names_kmt2a, other_genes, target_of
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
    other_gene_tested,
    shared_word,
    shortened,
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

_NO_PROBE = "FISH has no probe of KMT2A"
_BY_WORD = {Word.POSITIVE: Finding.POSITIVE, Word.NORMAL: Finding.NORMAL_SIGNALS}


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

    The probe's name says which gene was tested. Without one it is KMT2A; FISH of other genes is
    NOT_DONE as OTHER_GENE_TESTED, unless the result names KMT2A itself.

    Several tests in one text are read each; a dual-fusion probe that is negative is said and
    excludes its own partner only.

    Args:
        text: What the laboratory wrote.
        cutoff: The fraction of abnormal cells from which on a pattern counts. It is the
            laboratory's own; the default is from memory. One that the result states comes first.
        cutoffs: The same for single patterns, by the code of the finding; they come first.
        probe: The probe as the laboratory calls it. A break-apart probe that is known
            (`knowledge.fish_probes`) says which end has which colour, and so may the laboratory
            (`our probe, 5' red`), which comes first. Of a name that is not known it is said.
    """
    word = shared_word(text)
    if word is Word.NOT_DONE:
        return not_done(word)
    plain, own_name = tidy(text), tidy(probe)
    target = target_of(own_name, dual_fusion=names_dual_fusion(own_name))
    names_it = names_kmt2a(plain)
    if target is Target.OTHER and not names_it:
        return other_gene_tested(_NO_PROBE, f"its panel says '{shortened(own_name)}'")
    if word is Word.FAILED:
        return not_done(word)
    if word is Word.INCONCLUSIVE:
        return inconclusive()
    if len(plain) > LONGEST_RESULT:
        return not_understood(text, EXPECTED)
    stated, plain = take_cutoff(plain)
    patterns: list[Pattern] | None
    used_name = "" if target is Target.OTHER else own_name
    if word is not None:
        finding = _BY_WORD.get(word, Finding.NEGATIVE)
        patterns = [Pattern(finding=finding)]
    else:
        patterns = _patterns(plain, used_name, is_kmt2a=target is Target.KMT2A)
    if not patterns:
        return _without_pattern(text, plain, may_be_other=not own_name or target != Target.KMT2A)
    if names_dual_fusion(used_name):
        patterns = [seen_by_dual_fusion(pattern, used_name) for pattern in patterns]
    reading = _reading(
        patterns, lambda finding: (cutoffs or {}).get(finding, cutoff) if stated is None else stated
    )
    remarks = [] if stated is None else [f"The cut-off is the result's own, {stated:.1%}."]
    used = _break_apart_probe(used_name, plain)
    if used is not None:
        # What the laboratory says of the colours stands in its row, ours must not contradict it.
        remarks.append(_of_probe(used, reading.verdict, with_colours=not green_end(used_name)))
    reading = replace(reading, sentence=" ".join([reading.sentence, *remarks]))
    return _seen_with(reading, own_name, target, names_it=names_it)


def _break_apart_probe(own_name: str, plain: str) -> FishProbe | None:
    if names_dual_fusion(own_name):
        return None
    return probe_named(own_name) or probe_named(plain)


def _without_pattern(text: str, plain: str, *, may_be_other: bool) -> AssayReading:
    """The reading of a result in which nothing of KMT2A was found."""
    if tests_other_genes_only(plain):
        return other_gene_tested(_NO_PROBE, "")
    named = [other_genes(clause) for clause in clauses(plain)]
    if may_be_other and named and all(named):
        genes = ", ".join(dict.fromkeys(gene for part in named for gene in part))
        return other_gene_tested(_NO_PROBE, f"the result names {shortened(genes)} only")
    return not_understood(text, EXPECTED)


def _seen_with(
    reading: AssayReading, own_name: str, target: Target, *, names_it: bool
) -> AssayReading:
    """Say what the probe's name leaves open, and follow it where a result need not be KMT2A's."""
    quoted = f"'{shortened(own_name)}'"
    if target is Target.KMT2A or (names_it and target is not Target.OTHER):
        return reading
    if target is Target.OTHER:
        said = f"The panel says {quoted}, but the result names KMT2A."
    elif target is Target.UNKNOWN:
        said = f"The probe's name {quoted} is not known; it is taken for a probe of KMT2A."
    elif reading.verdict is Verdict.NEGATIVE and names_kmt2a(own_name):
        return reading
    else:
        return replace(
            reading,
            verdict=Verdict.INCONCLUSIVE,
            sentence=f"{reading.sentence} The panel says {quoted}, several probes: whether this is "
            "KMT2A's is not said, name the gene in the result.",
        )
    return replace(reading, sentence=f"{reading.sentence} {said}")


def _patterns(plain: str, own_name: str, *, is_kmt2a: bool) -> list[Pattern] | None:
    whole = read_fish_iscn(plain)
    if whole:
        return whole
    dual_fusion = names_dual_fusion(own_name)
    green = green_end(own_name, _break_apart_probe(own_name, plain))
    plain = without_probe(plain)
    whole = read_dual_fusion_colours(plain) if dual_fusion else read_colours(plain, green)
    if whole:
        return whole
    if own_name and is_kmt2a and (share := share_alone(plain)):
        return [share]
    patterns = []
    parts = clauses(plain)
    if names_kmt2a(plain):
        parts = [part for part in parts if not other_genes(part)]
    for clause in parts:
        coloured = None if dual_fusion else read_colours(clause, green)
        worded = None if coloured else read_words(clause)
        if not coloured and worded is None:
            return None
        patterns += coloured or ([worded] if worded else [])
    return patterns if agree(patterns) else None


def _scope(pattern: Pattern) -> tuple[str, ...] | None:
    """The partner that a dual-fusion probe is limited to; None for a break-apart probe."""
    one_partner = pattern.tested or pattern.partner
    return (one_partner,) if one_partner else () if pattern.one_partner_only else None


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
            scope=_scope(most),
            sentence=" ".join([in_words(most), below, *said_beside]),
        )
    lead = counted[0]
    limited = _scope(lead)
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
