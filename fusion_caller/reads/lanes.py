"""Several files of one sample, one pair of them or one file a lane, in order."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from fusion_caller.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# What marks the first and the second reads in a file's name, as sequencers and archives write it.
_SIDE = re.compile(r"(?P<mark>[_.-]R?)(?P<side>[12])(?=(?:_\d{3})?(?:\.|$))")
_LANE = re.compile(r"_L\d{3}(?=[_.])")


def side_of(path: Path) -> tuple[str, str]:
    """A file's name without the mark of its side, and the side: `1`, `2`, or nothing."""
    found = list(_SIDE.finditer(path.name))
    if not found:
        return path.name, ""
    last = found[-1]
    return path.name[: last.start()] + path.name[last.end() :], last["side"]


def _are_of_one_side(one: Path, other: Path) -> bool:
    side = side_of(one)[1]
    return side != "" and one.name != other.name and side_of(other)[1] == side


def check_pair(files: Sequence[Path], names: Sequence[str]) -> None:
    """Refuse two files as a pair that are both named as its first reads, or as its second.

    Raises:
        InputError: If it is so.
    """
    if len(files) > 1 and _are_of_one_side(files[0], files[1]):
        raise InputError(
            f"expected the second reads of {names[0]}, found by its name a file of the same side",
            file=names[1],
            remedy="give R1 and R2; files of several lanes one below the other",
        )


def lanes_of(files: Sequence[Path], names: Sequence[str]) -> list[tuple[int, ...]]:
    """Which files belong together, by the 1 and 2 in their names.

    Args:
        files: One file, or two, which are a pair unless both are named as the same side, or those
            of several lanes in any order.
        names: How messages call them.

    Returns:
        The places of the files of each lane in `files`: first and second reads, or single reads.

    Raises:
        InputError: If a file lacks its mate, or the names are of more than one sample.
    """
    if len(files) == 1 or (len(files) == 2 and not _are_of_one_side(*files)):  # noqa: PLR2004
        return [tuple(range(len(files)))]
    by_lane: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for number, path in enumerate(files):
        stem, side = side_of(path)
        lane = by_lane[str(path.parent), stem]
        if side in lane:
            raise InputError(
                "the file was given twice",
                file=names[number],
                remedy="give each file of a lane once",
            )
        lane[side] = number
    samples = {_LANE.sub("", stem).split(".")[0] for _, stem in by_lane}
    if len(samples) > 1:
        raise InputError(
            f"expected the files of one sample, found those of {len(samples)} by their names",
            file=names[0],
            remedy="give one sample at a time, its lanes as NAME_L001_R1, NAME_L001_R2, ...",
        )
    sides = {tuple(sorted(lane)) for lane in by_lane.values()}
    if sides not in ({("1", "2")}, {("1",)}, {("2",)}, {("",)}):
        lonely = next((lane for lane in by_lane.values() if len(lane) == 1), {"": 0})
        raise InputError(
            "expected both files of every lane, found this one without its mate",
            file=names[next(iter(lonely.values()))],
            remedy="give R1 and R2 of every lane, or R1 of every lane for single reads",
        )
    return [tuple(lane[side] for side in sorted(lane)) for lane in by_lane.values()]
