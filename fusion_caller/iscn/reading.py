"""From a text to the syntax tree of ISCN."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.iscn.grammar import error_at, grammar, where
from fusion_caller.iscn.iscn_error import IscnError
from fusion_caller.iscn.notes import Notes
from fusion_caller.iscn.repair import plain_signs, repair
from fusion_caller.iscn.tree import Iscn, Karyotype, Omission, OtherPart
from fusion_caller.iscn.writing import write

if TYPE_CHECKING:
    from fusion_caller.iscn.tree import Clone, Part

# A karyotype of a very complex clone has some 2,000 characters; no text is five times as long.
LONGEST = 10_000
_MOST_UNREAD = 6
_DEPTH = {"(": 1, "[": 1, ")": -1, "]": -1}


def parse(text: str, *, leave_out_unread: bool = False) -> Iscn:
    """Read a text as ISCN; slips are mended, and each mend is said in `mended`.

    Args:
        text: A karyotype, FISH in ISCN's words, or both, with parts of other methods behind them.
        leave_out_unread: Leave out an item that cannot be read, as `complex`, where the rest can
            be: it stands in `unread`, and in the tree as an omission.

    Raises:
        IscnError: If the text is not ISCN: where it stops being that, what stands there, and what
            would have been understood.
    """
    if len(text) > LONGEST:
        raise IscnError(
            position=LONGEST + 1,
            found=f"a text of {len(text):,} characters",
            expected=f"at most {LONGEST:,} characters",
        )
    plain, signs = plain_signs(text)
    unread: list[str] = []
    budget = 3 * LONGEST
    while True:
        try:
            read = _read(plain)
        except IscnError as error:
            # A long text has fewer tries, so that none takes long.
            budget -= len(plain)
            cut = _without_item(plain, error.position - 1) if leave_out_unread else None
            if cut is None or len(unread) == _MOST_UNREAD or budget < 0:
                raise
            plain, item = cut
            unread.append(item)
            continue
        break
    if unread and not any(_says_something(clone) for clone in read.clones):
        raise error_at(0, text, ("INT", "KIND"))
    canonical = write(read)
    mended = [*signs, *read.mended]
    if _spaceless(canonical) != _spaceless(plain) and not mended:
        mended.append(f"Written as {canonical}.")
    return replace(read, mended=tuple(mended), unread=tuple(unread))


def _read(text: str) -> Iscn:
    from lark import UnexpectedInput

    from fusion_caller.iscn.building import parts_of

    mended: list[str] = []
    written = len(text)
    try:
        tree = grammar().parse(text, start="iscn")
    except UnexpectedInput:
        text, mended = repair(text)
        try:
            tree = grammar().parse(text, start="iscn")
        except UnexpectedInput as error:
            position, expected = where(error, text)
            raise error_at(position, text, expected) from None
    notes = Notes(text)
    try:
        parts = tuple(_with_regions(part) for part in parts_of(tree, notes))
        _check_start(parts, text)
    except IscnError as error:
        # What was put in does not count as a column of the text.
        raise IscnError(
            position=min(error.position, written + 1), found=error.found, expected=error.expected
        ) from None
    if not parts:
        raise error_at(0, text, ("INT", "KIND"))
    return Iscn(parts=parts, mended=(*mended, *notes.mended))


def _check_start(parts: tuple[Part, ...], text: str) -> None:
    """A karyotype is more than a number."""
    for part in parts:
        for clone in part.clones if isinstance(part, Karyotype) else ():
            if not clone.sex and not clone.items:
                raise error_at(len(text), text, ("SEX", "COMMA"))


def _with_regions(part: Part) -> Part:
    """Read the bands and positions of an array's or a map's part where they are easy to read."""
    from lark import UnexpectedInput

    from fusion_caller.iscn.region_builder import RegionBuilder

    if not isinstance(part, OtherPart) or part.method not in ("arr", "ogm"):
        return part
    start = "array" if part.method == "arr" else "ogm"
    try:
        tree = grammar().parse(part.text, start=start)
        build, regions, mapped = RegionBuilder(Notes(part.text)).regions(tree)
    except (UnexpectedInput, IscnError):
        return part
    return replace(part, build=build, regions=tuple(regions), mapped=tuple(mapped))


def _without_item(text: str, position: int) -> tuple[str, str] | None:
    """Put `...` for the item at a position; None where nothing can be left out.

    Of FISH and of other methods, the whole part is left out.
    """
    before = text[:position].lower()
    for method in ("nuc", "ish"):
        start = before.rfind(method)
        if start > 0 and not before[start - 1].isalpha():
            end = len(text) if method == "nuc" else _end(text, start, "/")
            return text[:start].rstrip(" .,;") + text[end:], text[start:end]
    start = 0
    depth = 0
    for at, sign in enumerate(text[:position]):
        depth = max(0, depth + _DEPTH.get(sign, 0))
        if depth == 0 and sign in ",;/":
            start = at + 1
    if depth == 0 and text[position : position + 1] == ";":
        text = f"{text[:position]},{text[position + 1 :]}"
        start = position + 1
    end = _end(text, start, ",;/[")
    item = text[start:end].strip()
    if not item or item in ("...", "…"):
        return None
    return f"{text[:start]}...{text[end:]}", item


def _end(text: str, start: int, marks: str) -> int:
    """Where the next of some marks stands outside round brackets, the end if there is none."""
    depth = 0
    for at in range(start, len(text)):
        sign = text[at]
        if depth == 0 and sign in marks:
            return at
        if sign in "()":
            depth = max(0, depth + _DEPTH[sign])
    return len(text)


def _says_something(clone: Clone) -> bool:
    """Whether anything is left of a clone apart from what was left out."""
    return bool(clone.number) or any(
        not isinstance(change.what, Omission) for change in clone.changes
    )


def _spaceless(text: str) -> str:
    return "".join(text.split()).rstrip(".")
