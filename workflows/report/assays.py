"""The assays as the report shows them: detection, agreement, and which results occur together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion_caller.integrated_tables import AGREEMENT_COLUMNS, DETECTION_COLUMNS
from workflows.report import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflows.report.results_in import Rows

# More rows than this are read by nobody; the others are summed in one.
MOST_COMBINATIONS = 15
_NOT_DONE = "not_done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """One row of the chart.

    `verdicts` are codes in the order of the assays, `share` is the bar's length in percent of the
    longest.
    """

    verdicts: list[str]
    patients: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Combinations:
    """The chart of results that occur together.

    Attributes:
        assays: Codes of the assays that gave anybody a result.
        rows: The most frequent combinations, in the order of the table.
        rest: How many combinations are not shown.
        rest_patients: How many patients have them.
        rest_share: The length of their bar.
        verdicts: The codes that occur, for the legend.
    """

    assays: list[str]
    rows: list[Combination]
    rest: int
    rest_patients: int
    rest_share: float
    verdicts: list[str]


def detection_rows(rows: Rows) -> list[dict[str, str]]:
    """Rows of `detection.tsv`; what an older folder does not have is empty."""
    return [{**dict.fromkeys(DETECTION_COLUMNS, ""), **row} for row in rows]


def agreement_rows(rows: Rows) -> list[dict[str, str]]:
    """Rows of `agreement.tsv`; what an older folder does not have is empty."""
    return [{**dict.fromkeys(AGREEMENT_COLUMNS, ""), **row} for row in rows]


def combinations(rows: Sequence[Mapping[str, str]]) -> Combinations | None:
    """The chart of `intersections.tsv`; None where fewer than two assays gave a result."""
    assays = [code for code in words.ASSAYS if any(row.get(code, "") for row in rows)]
    assays = [code for code in assays if any(row[code] != _NOT_DONE for row in rows)]
    if len(assays) < 2:  # noqa: PLR2004
        return None
    counts = [int(row["patients"]) for row in rows]
    # One row alone needs no row that sums it.
    shown = len(rows) if len(rows) <= MOST_COMBINATIONS + 1 else MOST_COMBINATIONS
    rest_patients = sum(counts[shown:])
    longest = max(*counts, rest_patients)
    return Combinations(
        assays=assays,
        rows=[
            Combination(
                verdicts=[row[code] for code in assays],
                patients=count,
                share=100 * count / longest,
            )
            for row, count in zip(rows[:shown], counts[:shown], strict=True)
        ],
        rest=len(rows) - shown,
        rest_patients=rest_patients,
        rest_share=100 * rest_patients / longest,
        verdicts=[
            code for code in words.VERDICTS if any(row[a] == code for row in rows for a in assays)
        ],
    )
