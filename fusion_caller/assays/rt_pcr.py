"""RT-PCR: which fusions a laboratory names as found, and which as not found.

A panel sees its own targets only, and nested PCR can find a fusion in healthy marrow; what an
assay could not have seen is said elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from fusion_caller.assays.sheet import (
    LONGEST_RESULT,
    Word,
    inconclusive,
    not_done,
    not_understood,
    shared_word,
    tidy,
)
from fusion_caller.errors import BadValueError
from fusion_caller.gene_names import is_known, parse_fusion_name, resolve, symbols_for
from fusion_caller.knowledge import KMT2A, PTD, neighbours, panels, partners
from fusion_caller.records import AssayReading, Finding, Verdict

EXPECTED = (
    "fusion names such as KMT2A::AFF1 or MLL-AF4, each with positive or negative, or not done"
)

_NOT_FOUND = r"not detected|not found|undetect(?:ed|able)|negative|neg|absent|not|no|without"
_FOUND = r"positive|pos|detected|present|found|rearranged|rearrangement"
_VERDICT = re.compile(rf"\b(?:(?P<no>{_NOT_FOUND})|(?P<yes>{_FOUND}))\b", re.IGNORECASE)
_PLUS = re.compile(r"^\+|\(\+\)$|\+$")
_MINUS = re.compile(r"\(-\)$|(?<= )-$")
_NOISE = re.compile(
    r"\bt\([^()]{1,20}\)(?:\([^()]{1,40}\))?"  # the translocation beside the fusion's name
    r"|\b(?:fusion|transcript|gene|evidence|of|for|by|rt-pcr|pcr)\b"
    r"|\((?:e|ex|exon) ?\d{1,2} ?[-:/]{1,2} ?(?:e|ex|exon)? ?\d{1,2}\)",
    re.IGNORECASE,
)
LONGEST_NAME = 60
_SYMBOL = r"[A-Z][A-Z0-9]{2,11}"
_TWO_SYMBOLS = re.compile(rf"{_SYMBOL} ?(?:::|--|->|[-/_]) ?{_SYMBOL}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """One fusion that a result names.

    `symbols` are the partners that the name can mean, none where it means any fusion of KMT2A;
    `other` marks a fusion without KMT2A; `found` is None where the text gives no verdict.
    """

    symbols: tuple[str, ...] = ()
    found: bool | None = None
    reciprocal: bool = False
    other: bool = False

    def __str__(self) -> str:
        partner = " or ".join(self.symbols) or "?"
        if partner == PTD:
            return "KMT2A-PTD"
        return f"{partner}::{KMT2A}" if self.reciprocal else f"{KMT2A}::{partner}"


def panel_targets(panel_id: str) -> tuple[str, ...]:
    """What a panel amplifies, `PTD` among it where it does; nothing where no panel is named.

    Raises:
        BadValueError: If the knowledge base has no such panel.
    """
    if not panel_id:
        return ()
    try:
        return panels()[panel_id].targets
    except KeyError:
        raise BadValueError(
            f"expected a known panel ({', '.join(panels())}), found '{panel_id}'"
        ) from None


def read_rt_pcr(text: str, *, panel: str = "") -> AssayReading:
    """Say which KMT2A fusions an RT-PCR found.

    A name without a verdict counts as found, unless another name in the same result is negative:
    then it is open what the laboratory meant, and the result is not understood.

    Args:
        text: What the laboratory wrote.
        panel: The panel's identifier; its targets count as unknown where it is not a known one.
    """
    targets = panel_targets(panel) if panel in panels() else ()
    word = shared_word(text)
    if word in (Word.NOT_DONE, Word.FAILED):
        return not_done(word)
    if word is Word.INCONCLUSIVE:
        return inconclusive()
    if word is Word.POSITIVE:
        return AssayReading(
            verdict=Verdict.POSITIVE,
            finding=Finding.POSITIVE,
            scope=targets,
            sentence="Reported as positive; the fusion is not named.",
        )
    if word is not None:
        return _nothing_found([], panel, targets)
    plain = tidy(text)
    named = _named(plain) if len(plain) <= LONGEST_RESULT else None
    if not named or all(target.other for target in named):
        return not_understood(text, EXPECTED)
    ours = [target for target in named if not target.other]
    if any(target.found for target in ours):
        return _something_found(ours, panel, targets)
    return _nothing_found([target for target in ours if target.symbols], panel, targets)


def _nothing_found(tested: list[_Target], panel: str, targets: tuple[str, ...]) -> AssayReading:
    if tested:
        sentence = f"Not found: {', '.join(map(str, tested))}; nothing is said of other partners."
    else:
        sentence = "No KMT2A fusion found."
    if targets:
        sentence += f" The panel {panel} sees its {len(targets)} targets only."
    else:
        sentence += " Which partners the assay can see is not known."
    named = tuple(dict.fromkeys(symbol for target in tested for symbol in target.symbols))
    return AssayReading(
        verdict=Verdict.NEGATIVE,
        finding=Finding.NO_FUSION,
        scope=named or targets,
        sentence=sentence,
    )


def _something_found(named: list[_Target], panel: str, targets: tuple[str, ...]) -> AssayReading:
    found = [target for target in named if target.found]
    absent = [target for target in named if not target.found and target.symbols]
    symbols = tuple(dict.fromkeys(symbol for target in found for symbol in target.symbols))
    sentences = [f"Found: {', '.join(dict.fromkeys(map(str, found)))}."]
    if absent:
        sentences.append(f"Not found: {', '.join(map(str, absent))}.")
    unknown = [symbol for symbol in symbols if symbol != PTD and not is_known(symbol)]
    if unknown:
        sentences.append(f"Not a known partner of KMT2A: {', '.join(unknown)}.")
    off_panel = [symbol for symbol in symbols if targets and symbol not in targets]
    if off_panel:
        sentences.append(f"Not among the targets of the panel {panel}: {', '.join(off_panel)}.")
    neighbours_only = bool(symbols) and all(
        symbol in neighbours() and symbol not in partners() for symbol in symbols
    )
    if neighbours_only:
        sentences.append("The gene lies beside KMT2A: a read-through is likelier than a fusion.")
    return AssayReading(
        verdict=Verdict.INCONCLUSIVE if neighbours_only else Verdict.POSITIVE,
        finding=Finding.READ_THROUGH if neighbours_only else _finding(found, symbols),
        partners=symbols,
        specific=len(symbols) == 1,
        scope=targets,
        sentence=" ".join(sentences),
    )


def _finding(found: list[_Target], symbols: tuple[str, ...]) -> Finding:
    if symbols == (PTD,):
        return Finding.PTD
    if not symbols:
        return Finding.POSITIVE
    reciprocal = all(target.reciprocal for target in found if target.symbols)
    return Finding.RECIPROCAL_FUSION if reciprocal else Finding.FUSION


def _named(text: str) -> list[_Target] | None:
    """The fusions that a text names; None if any part of it cannot be read."""
    named: list[_Target] = []
    for clause in _clauses(text):
        targets = _read_clause(clause)
        if targets is None:
            return None
        named += targets
    ours = [target for target in named if not target.other]
    absent = {str(target) for target in ours if target.found is False}
    found = {str(target) for target in ours if target.found}
    open_ones = any(target.found is None for target in ours)
    contradicted = found & absent or (found and str(_Target()) in absent)
    if contradicted or (absent and open_ones):
        return None
    return [replace(target, found=target.found is not False) for target in named]


def _clauses(text: str) -> list[str]:
    """Split at semicolons, but not at that of `t(4;11)`."""
    return [part.strip() for part in re.split(r";(?![^()]{0,20}\))", text) if part.strip()]


def _read_clause(clause: str) -> list[_Target] | None:
    """Read names with commas between them; a verdict before or behind them all holds for each."""
    pieces = [piece.strip() for piece in re.split(r",| and | & ", clause) if piece.strip()]
    targets = []
    for piece in pieces:
        target = _read_piece(piece)
        if target is None:
            return None
        targets.append(target)
    said = [number for number, target in enumerate(targets) if target.found is not None]
    if len(said) == 1 and len(targets) > 1:
        first, last = _VERDICT.match(pieces[0]), targets[-1].found is not None
        behind_last = last and not _VERDICT.match(pieces[-1])
        if (said == [0] and first) or behind_last:
            return [replace(target, found=targets[said[0]].found) for target in targets]
    return targets


def _read_piece(piece: str) -> _Target | None:
    """Read one name with its verdict; None if it contradicts itself or names no gene."""
    words = [match.group().lower() for match in _VERDICT.finditer(piece)]
    no = bool(_MINUS.search(piece)) or any(re.fullmatch(_NOT_FOUND, word) for word in words)
    positive = bool(_PLUS.search(piece)) or not {"positive", "pos"}.isdisjoint(words)
    if no and positive:
        return None
    name = _NOISE.sub(" ", _VERDICT.sub(" ", _MINUS.sub("", _PLUS.sub("", piece))))
    name = " ".join(name.split()).strip(" :=.")
    # A hyphen that is left over may be a verdict or a slip.
    stray = name.startswith("-") or (name.endswith("-") and not words)
    if stray or len(name) > LONGEST_NAME:
        return None
    target = _target(name)
    if target and (no or positive or words):
        return replace(target, found=not no)
    # The gene's name alone says nothing.
    return target if target and (target.symbols or target.other or target.found) else None


def _target(name: str) -> _Target | None:
    """What a name means: a fusion of KMT2A, a partner alone, KMT2A alone, or another fusion."""
    if re.fullmatch(r"(?:KMT2A|MLL) ?-?r", name):
        return _Target(found=True)
    if not name or resolve(name) == KMT2A:
        return _Target()
    try:
        fusion = parse_fusion_name(name)
    except BadValueError:
        symbols = symbols_for(name)
        if symbols:
            return _Target(symbols=symbols)
        return _Target(other=True) if _TWO_SYMBOLS.fullmatch(name) else None
    reciprocal = fusion.gene_3prime == KMT2A and not fusion.is_ptd
    if fusion.is_ptd or is_known(fusion.partner):
        symbols = (PTD,) if fusion.is_ptd else symbols_for(fusion.partner)
        return _Target(symbols=symbols, reciprocal=reciprocal)
    if _TWO_SYMBOLS.fullmatch(name):
        return _Target(symbols=(fusion.partner,), reciprocal=reciprocal)
    return None
