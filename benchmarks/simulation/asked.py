"""What is asked of a detector on simulated samples."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.events import EventClass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulation.scoring import Outcome


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a class: at least so many of its events right from a support on.

    Attributes:
        kind: The class.
        n_pairs: The support.
        least: How many events.
        exact: Whether with both exons, or the right pair suffices.
        text: The same in words.
    """

    kind: EventClass
    n_pairs: int
    least: int
    exact: bool
    text: str

    def is_met(self, outcomes: Iterable[Outcome]) -> bool:
        """Whether it holds at the support and at every larger one."""
        counts: Counter[int] = Counter()
        for one in outcomes:
            if one.event.kind is self.kind and one.n_pairs >= self.n_pairs:
                counts[one.n_pairs] += one.right_pair and (one.exact or not self.exact)
        return bool(counts) and min(counts.values()) >= self.least


ASKED = tuple(
    Asked(*row)
    for row in (
        (EventClass.CANONICAL, 1, 45, True, "canonical: 45 of 47 with both exons from 1 pair"),
        (EventClass.CANONICAL, 2, 47, True, "canonical: all with both exons from 2 pairs"),
        (EventClass.PTD, 1, 3, True, "PTD: all from 1 pair"),
        (EventClass.RECIPROCAL, 1, 4, True, "reciprocal: all from 1 pair"),
        (EventClass.WITHIN_EXON, 2, 3, False, "within an exon: 3 of 4 from 2 pairs"),
        (EventClass.CRYPTIC_INSERT, 3, 3, False, "45-nt insert: all from 3 pairs"),
        (EventClass.INTRONIC, 3, 3, False, "intronic: all from 3 pairs"),
        (EventClass.ANTISENSE, 3, 2, False, "antisense intronic: all from 3 pairs"),
    )
)
