"""`kmt2a detect` on a simulated sample, and the score of what it calls.

All reads are screened once, as one file, and looked at once. Then each event at each support is
judged as a sample of its own, with all artefacts beside it, and each kind of artefact as a sample
with KMT2A's own reads beside it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion_caller.reads.calls import caller_file
from fusion_caller.reads.detection import Observed, decide, observe
from fusion_caller.reads.screening import screen
from simulation.artefacts import Artefact
from simulation.scoring import Score, outcome_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from fusion_caller.reads.index import ReadIndex
    from fusion_caller.reads.screening import Screened
    from fusion_caller.records import FusionCall
    from simulation.sample import Sample

# What is kept of the background, which belongs to no group.
_BACKGROUND = -1


def score_detect(
    sample: Sample, paths: tuple[Path, Path], owners: dict[tuple[bytes, ...], int], index: ReadIndex
) -> Score:
    """Score what is called in a sample's reads.

    Args:
        sample: The sample.
        paths: Its reads.
        owners: The number of the group that a pair of reads is of; see `Sample.write`.
        index: What reads are looked up in.
    """
    screened = screen(paths, index)
    kept: dict[int, list[tuple[bytes, ...]]] = defaultdict(list)
    for fragment in screened.kept:
        kept[owners.get(fragment, _BACKGROUND)].append(fragment)
    seen: dict[int, Observed] = {}
    first = 0
    for group, fragments in kept.items():
        seen[group] = _renumbered(observe(replace(screened, kept=fragments), index), first)
        first += len(fragments)

    def called(groups: Iterable[int]) -> tuple[FusionCall, ...]:
        return _calls(screened, [seen[g] for g in groups if g in seen], index)

    by_cause: dict[Artefact, list[int]] = defaultdict(list)
    for number, group in enumerate(sample.groups):
        if group.artefact is not None:
            by_cause[group.artefact].append(number)
    plain = [_BACKGROUND, *by_cause[Artefact.PLAIN]]
    of_cause = {
        str(cause): called([*plain, *groups] if cause is not Artefact.PLAIN else plain)
        for cause, groups in by_cause.items()
    }
    artefacts = [_BACKGROUND, *(number for groups in by_cause.values() for number in groups)]
    without = called(artefacts)
    outcomes = tuple(
        outcome_of(group.event, group.n, called([*artefacts, number]), without, sample.genome)
        for number, group in enumerate(sample.groups)
        if group.event is not None
    )
    return Score(outcomes=outcomes, false_calls={**of_cause, "all together": without})


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
        no_join=sum((part.no_join for part in parts), start=type(parts[0].no_join)()),
    )
    found = decide(screened, observed, index)
    return caller_file(found, file="reads", patient="P", sample="S").calls
