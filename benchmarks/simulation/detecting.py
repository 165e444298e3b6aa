"""`kmt2a detect` on a simulated sample, judged as many samples.

All reads are screened as one file and looked at once; only then are the fragments taken apart. What
is judged so is what `detect` judges of a file with these fragments, and the decompression is not
repeated.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.reads.calls import caller_file
from fusion_caller.reads.detection import Observed, decide, observe
from fusion_caller.reads.screening import screen
from simulation.sample import BACKGROUND
from simulation.scoring import score

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.screening import Screened
    from fusion_caller.records import FusionCall
    from simulation.fragments import Pair
    from simulation.sample import Sample
    from simulation.scoring import Score


def score_detect(
    sample: Sample, paths: tuple[Path, Path], owners: dict[Pair, int], index: ReadIndex
) -> Score:
    """Score what `detect` calls in a sample's reads.

    Args:
        sample: The sample.
        paths: Its reads.
        owners: The number of the group that a pair of reads is of; see `Sample.write`.
        index: What reads are looked up in.
    """
    screened = screen(paths, index)
    kept: dict[int, list[Pair]] = defaultdict(list)
    for fragment in screened.kept:
        kept[owners.get(fragment, BACKGROUND)].append(fragment)
    seen: dict[int, Observed] = {}
    first = 0
    for group, fragments in kept.items():
        seen[group] = _renumbered(observe(replace(screened, kept=fragments), index), first)
        first += len(fragments)

    def called(groups: Sequence[int]) -> tuple[FusionCall, ...]:
        return _calls(screened, [seen[number] for number in groups if number in seen], index)

    return score(sample, called)


def _renumbered(observed: Observed, first: int) -> Observed:
    """With fragments that have numbers of their own among those of other groups."""
    return Observed(
        seen=[replace(one, fragment=one.fragment + first) for one in observed.seen],
        around=[(pair, fragment + first) for pair, fragment in observed.around],
        no_join=observed.no_join,
    )


def _calls(
    screened: Screened, parts: Sequence[Observed], index: ReadIndex
) -> tuple[FusionCall, ...]:
    observed = Observed(
        seen=[one for part in parts for one in part.seen],
        around=[pair for part in parts for pair in part.around],
        no_join=sum((part.no_join for part in parts), start=Counter()),
    )
    found = decide(screened, observed, index)
    return caller_file(found, file="reads", patient="P", sample="S").calls
