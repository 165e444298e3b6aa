"""The reads of a call against the fused transcript, as text to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion_caller.reads.calls import label, sides
from fusion_caller.reads.joins import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fusion_caller.reads.detection import Detection
    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.joins import Join
    from fusion_caller.reads.judge import Judged

MOST_READS = 50
_SAME = "."


def evidence_lines(detection: Detection) -> Iterator[str]:
    """Every call with the fused transcript, `|` at the join, and its reads below.

    A dot is a base as above it. Of copies of a fragment one is shown, of many fragments the first.
    """
    for judged in detection.calls:
        yield f"{label(judged, detection.index)} ({judged.confidence})\n"
        yield from (f"  {reason}\n" for reason in judged.reasons)
        yield "\n"
        yield from _alignment(judged, detection.index)
        yield "\n"


def _alignment(judged: Judged, index: ReadIndex) -> Iterator[str]:
    left, right = (side.decode() for side in sides(judged, index))
    yield f"{left}|{right}\n"
    shown: dict[int, tuple[str, str]] = {}
    for one in judged.candidate.seen:
        shown.setdefault(one.fragment, _pieces(one.join))
    reads = sorted(shown.values(), key=lambda read: (-len(read[0]), read))
    for before, behind in reads[:MOST_READS]:
        backwards = _marked(reversed(before), left[::-1])[::-1]
        yield f"{backwards.rjust(len(left))[-len(left) or None :]}|{_marked(behind, right)}\n"
    if len(reads) > MOST_READS:
        yield f"and {len(reads) - MOST_READS} more fragments\n"


def _pieces(join: Join) -> tuple[str, str]:
    """A read before and behind the join."""
    kmt2a, beside = join.kmt2a.decode(), join.beside.decode()
    return (beside, kmt2a) if join.side is Side.THREE_PRIME else (kmt2a, beside)


def _marked(bases: Iterable[str], above: str) -> str:
    return "".join(_SAME if a == b else a for a, b in zip(bases, above, strict=False))
