"""One ISCN text explained: what stands in it, what it means for KMT2A, and what it cannot tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from fusion_caller.assays.band_candidates import band_names
from fusion_caller.assays.breaks_11q23 import BreaksAt11q23, Shown
from fusion_caller.assays.fish import read_fish
from fusion_caller.assays.fish_iscn import names_kmt2a
from fusion_caller.assays.karyotype import (
    metaphase_candidates,
    parse_karyotype,
    read_karyotype,
    read_karyotype_tree,
)
from fusion_caller.assays.karyotype_words import read_karyotype_words
from fusion_caller.assays.mapped_breaks import mapped_partner_places
from fusion_caller.assays.metaphase_fish import metaphase_parts, read_metaphase_fish
from fusion_caller.assays.sheet import tidy
from fusion_caller.iscn import IscnError, outline, parse, write
from fusion_caller.iscn.tree import (
    PROSE,
    Clone,
    InterphaseFish,
    Iscn,
    Karyotype,
    MetaphaseFish,
)
from fusion_caller.iscn.writing import write_cells, write_change, write_clone, write_range
from fusion_caller.records import AssayReading, Finding, Verdict

_METHODS = {"arr": "array", "ogm": "ogm"}
# What a text that is no ISCN must name to be taken as FISH in words.
_FISH_WORDS = re.compile(
    r"\b(?:fish|ish|break-?apart|signals?|probes?|nuclei|interphase|dual[- ]fusion"
    r"|[0-9][frgyo]\w*)\b",
    re.IGNORECASE,
)


class Kmt2a(StrEnum):
    """What a text shows of KMT2A; empty where the text was not understood."""

    REARRANGED = "rearranged"
    POSSIBLE = "possible"
    NOT_VISIBLE = "not_visible"
    UNKNOWN = ""


_STRENGTH = (Kmt2a.UNKNOWN, Kmt2a.NOT_VISIBLE, Kmt2a.POSSIBLE, Kmt2a.REARRANGED)
_BY_SHOWN = {
    Shown.NO: Kmt2a.NOT_VISIBLE,
    Shown.POSSIBLE: Kmt2a.POSSIBLE,
    Shown.YES: Kmt2a.REARRANGED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedClone:
    """One clone of a karyotype; `cells` is None where they were not counted."""

    text: str
    number: str
    sex: str
    cells: int | None
    composite: bool
    inherits: bool
    kmt2a: Kmt2a
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a text means.

    `type` names the parts, joined by `+`: karyotype, metaphase_fish, fish, array, ogm, seq, sseq,
    rsa, mlpa; it is empty where nothing was understood. `kmt2a` is the stronger of what the parts
    show and `verdict` what that part's reading says, which tells a negative test from one that was
    not done, failed or was left open. `canonical` and `tree` are empty for words and patterns that
    are not ISCN.
    """

    text: str
    type: str
    ok: bool
    error: str
    mended: tuple[str, ...] = ()
    kmt2a: Kmt2a = Kmt2a.UNKNOWN
    verdict: Verdict = Verdict.NOT_UNDERSTOOD
    partner_bands: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    clones: tuple[ExplainedClone, ...] = ()
    finding: Finding = Finding.NOT_UNDERSTOOD
    reading: str = ""
    cannot_tell: tuple[str, ...] = ()
    canonical: str = ""
    tree: str = ""


def explain(text: str) -> Explanation:
    """Explain a karyotype, FISH or another text in ISCN's words; no text makes it raise."""
    words = read_karyotype_words(text)
    if words is not None:
        return _in_words(text, words, kind="karyotype")
    try:
        iscn = parse_karyotype(text)
    except IscnError as error:
        fish = read_fish(text)
        if fish.verdict is not Verdict.NOT_UNDERSTOOD:
            return _in_words(text, fish, kind="fish")
        in_fish_words = bool(_FISH_WORDS.search(text))
        return Explanation(
            text=text,
            type="",
            ok=False,
            error=fish.sentence if in_fish_words else str(error),
            reading=fish.sentence if in_fish_words else read_karyotype(text).sentence,
        )
    return _in_iscn(text, iscn)


def _in_words(text: str, reading: AssayReading, *, kind: str) -> Explanation:
    return Explanation(
        text=text,
        type=kind,
        ok=True,
        error="",
        kmt2a=_kmt2a(reading),
        verdict=reading.verdict,
        candidates=reading.partners,
        finding=reading.finding,
        reading=reading.sentence,
    )


def _in_iscn(text: str, iscn: Iscn) -> Explanation:
    readings = _readings(text, iscn)
    understood = [one for one in readings if one.verdict is not Verdict.NOT_UNDERSTOOD]
    breaks = BreaksAt11q23(clones=iscn.clones)
    shared = Explanation(
        text=text,
        type=_type(iscn),
        ok=bool(understood),
        error="" if understood else _refusal(text) or readings[0].sentence,
        mended=iscn.mended,
        clones=tuple(
            _clone(clone, shown, banded=breaks.clearest is Shown.YES)
            for clone, shown in zip(iscn.clones, breaks.by_clone, strict=True)
        ),
        canonical=write(iscn),
        tree=outline(iscn),
        reading=" ".join(one.sentence for one in readings),
    )
    if not understood:
        return shared
    strongest = max(understood, key=_strength)
    places = list(breaks.partner_places)
    places += read_metaphase_fish(_metaphase_parts(iscn)).places
    places += mapped_partner_places(iscn)
    named = [symbol for one in understood if one.partner for symbol in one.partners]
    symbols = dict.fromkeys([*named, *(name for one in understood for name in one.partners)])
    if not symbols and _kmt2a(strongest) is Kmt2a.REARRANGED:
        symbols = dict.fromkeys(metaphase_candidates(iscn))
    return replace(
        shared,
        kmt2a=_kmt2a(strongest),
        verdict=strongest.verdict,
        finding=strongest.finding,
        partner_bands=band_names(places),
        candidates=tuple(symbols),
        cannot_tell=_cannot_tell(iscn, _kmt2a(strongest)),
    )


def _refusal(text: str) -> str:
    """Where a text stops being ISCN, empty where it does not."""
    try:
        parse(tidy(text))
    except IscnError as error:
        return str(error)
    return ""


def _readings(text: str, iscn: Iscn) -> list[AssayReading]:
    """What each part says: the karyotype or what stands for it, and interphase FISH."""
    readings = []
    interphase = any(isinstance(part, InterphaseFish) for part in iscn.parts)
    alone = any(isinstance(part, MetaphaseFish) for part in iscn.parts) and not iscn.clones
    if iscn.clones or not (interphase or alone):
        # Interphase FISH is read below, so that the karyotype need not say that it was not.
        banding = [part for part in iscn.parts if not isinstance(part, InterphaseFish)]
        readings.append(read_karyotype_tree(replace(iscn, parts=tuple(banding)), text=text))
    if (interphase or alone) and names_kmt2a(iscn):
        readings.append(read_fish(text))
    elif interphase or alone:
        readings.append(
            AssayReading(
                verdict=Verdict.NOT_DONE,
                finding=Finding.NOT_DONE,
                sentence="KMT2A was not tested by the FISH.",
            )
        )
    return readings


def _strength(reading: AssayReading) -> tuple[int, bool]:
    """What is shown counts first, and then that there is a result at all."""
    return _STRENGTH.index(_kmt2a(reading)), reading.verdict is not Verdict.NOT_DONE


def _kmt2a(reading: AssayReading) -> Kmt2a:
    if reading.verdict is Verdict.POSITIVE:
        return Kmt2a.REARRANGED
    if reading.verdict is Verdict.INCONCLUSIVE:
        return Kmt2a.NOT_VISIBLE if reading.finding is Finding.INCONCLUSIVE else Kmt2a.POSSIBLE
    return Kmt2a.NOT_VISIBLE


def _type(iscn: Iscn) -> str:
    kinds = []
    for part in iscn.parts:
        if isinstance(part, Karyotype):
            kinds.append("karyotype")
            if metaphase_parts(part.clones):
                kinds.append("metaphase_fish")
        elif isinstance(part, MetaphaseFish):
            kinds.append("metaphase_fish")
        elif isinstance(part, InterphaseFish):
            kinds.append("fish")
        elif part.method != PROSE:
            kinds.append(_METHODS.get(part.method, part.method))
    return "+".join(dict.fromkeys(kinds))


def _metaphase_parts(iscn: Iscn) -> list[MetaphaseFish]:
    own = [part for part in iscn.parts if isinstance(part, MetaphaseFish)]
    return [*metaphase_parts(iscn.clones), *own]


def _clone(clone: Clone, shown: Shown, *, banded: bool) -> ExplainedClone:
    """One clone; behind a rearrangement that banding shows, metaphase FISH only confirms it."""
    moved = not banded and read_metaphase_fish(clone.ish).rearranged
    return ExplainedClone(
        text=write_clone(clone),
        number=(write_range(clone.number) if clone.number else "") + clone.ploidy,
        sex=clone.sex,
        cells=clone.counted,
        composite=clone.composite,
        inherits=clone.inherits,
        kmt2a=Kmt2a.REARRANGED if moved else _BY_SHOWN[shown],
        events=tuple(
            " or ".join(write_change(one) for one in item.alternatives) + write_cells(item.cells)
            for item in clone.items
        ),
    )


def _cannot_tell(iscn: Iscn, kmt2a: Kmt2a) -> tuple[str, ...]:
    sentences = [f"What '{item}' means: it could not be read." for item in iscn.unread]
    if any(clone.incomplete for clone in iscn.clones) and not iscn.unread:
        sentences.append("What was left out of the karyotype.")
    if kmt2a is Kmt2a.REARRANGED:
        sentences.append("Which gene is the partner: bands and signals do not name it.")
        sentences.append("Where KMT2A breaks, and whether the fusion is in frame.")
    elif kmt2a is Kmt2a.POSSIBLE:
        sentences.append("Whether KMT2A itself is broken.")
    elif iscn.clones:
        sentences.append("Whether there is a cryptic rearrangement: banding does not see it.")
    sentences.append("Whether there is a partial tandem duplication of KMT2A.")
    return tuple(sentences)
