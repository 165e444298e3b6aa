"""Doubtful rows of the clinical table as cautions: which rule, and in which lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outcomes.cautions import Caution, Kind
from outcomes.clinical.doubtful import DOUBTFUL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outcomes.clinical.cohort import Cohort

MOST_LINES_SHOWN = 10


def doubtful_rows(study: Cohort) -> Iterator[Caution]:
    """Yield a caution for each rule that finds rows doubtful; all of them are analysed."""
    for rule in DOUBTFUL:
        lines = [doubt.line for doubt in study.doubts if doubt.rule == rule.name]
        if not lines:
            continue
        shown = ", ".join(map(str, lines[:MOST_LINES_SHOWN]))
        more = len(lines) - MOST_LINES_SHOWN
        where = f"line{'s' if len(lines) > 1 else ''} {shown}{f' and {more} more' * (more > 0)}"
        sentence = rule.sentence.rstrip(".")
        yield Caution(
            kind=Kind.DOUBTFUL_ROWS,
            where="Clinical table",
            caution=f"doubtful in {len(lines)} row{'s' if len(lines) > 1 else ''} ({where}), "
            f"analysed all the same: {sentence[0].lower()}{sentence[1:]}",
            figure=len(lines),
        )
