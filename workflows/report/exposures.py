"""Exposures that come later as the report shows them: transplantation counts from its own time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from workflows.report import words
from workflows.report.survival import Row, common_note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureBlock:
    """One exposure and one endpoint.

    Attributes:
        endpoint: Name of the endpoint.
        label: Its name for people.
        who: Who was exposed, and when.
        found: What the comparison says; empty where there is none.
        naive: What it would have said with the exposure as a baseline factor; empty likewise.
        adjusted_for: The covariates of the adjusted model; empty for none.
        note: What holds for both groups.
        rows: The time before it and the time after it.
        cautions: Warnings in words.
    """

    endpoint: str
    label: str
    who: str
    found: str
    naive: str
    adjusted_for: str
    note: str
    rows: list[Row]
    cautions: list[str]

    @property
    def compared(self) -> bool:
        """Whether there is time both before and after it."""
        return all(row["patients"] != "0" for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureSection:
    """One exposure, with a block for each endpoint; its models adjust for the same covariates."""

    exposure: str
    label: str
    adjusted_for: str
    blocks: list[ExposureBlock]

    @property
    def compared(self) -> bool:
        """Whether an endpoint has time both before and after it."""
        return any(block.compared for block in self.blocks)

    @property
    def nobody(self) -> str:
        """A sentence where nobody had it at any time; empty otherwise."""
        after = [block.rows[1] for block in self.blocks]
        if any(row["patients"] != "0" or row["exposed_too_late"] != "0" for row in after):
            return ""
        return (
            f"The clinical table has a column for it, and nobody analysed was {after[0]['done']}: "
            "there is nothing to compare."
        )


def exposure_sections(
    rows: Sequence[Mapping[str, str]],
    cautions: Sequence[Mapping[str, str]],
) -> list[ExposureSection]:
    """Make a section for each exposure.

    Args:
        rows: `table_time_dependent.tsv`.
        cautions: `cautions.tsv`.
    """
    sections = []
    for exposure, of_exposure in groupby(rows, lambda row: row["exposure"]):
        blocks = [
            _block([dict(row) for row in pair], cautions)
            for _, pair in groupby(of_exposure, lambda row: row["endpoint"])
        ]
        sections.append(
            ExposureSection(
                exposure=exposure,
                label=blocks[0].rows[0]["label"],
                adjusted_for=next((each.adjusted_for for each in blocks if each.adjusted_for), ""),
                blocks=blocks,
            )
        )
    return sections


def _block(pair: Sequence[Row], cautions: Sequence[Mapping[str, str]]) -> ExposureBlock:
    note, rows = common_note(pair)
    after = rows[1]
    return ExposureBlock(
        endpoint=after["endpoint"],
        label=after["endpoint_label"],
        who=_who(after),
        found=_found(after),
        naive=_naive(after),
        adjusted_for=after["adjusted_for"],
        note=note,
        rows=rows,
        cautions=[
            f"{row['where']}: {row['caution']}"
            for row in cautions
            if (row["endpoint"], row["variable"]) == (after["endpoint"], after["exposure"])
            # Those have a sentence, and a colour, of their own.
            and row["kind"] not in ("immortal_time", "few_at_risk")
        ],
    )


def _who(row: Row) -> str:
    done, in_time = row["done"], int(row["patients"])
    late, relapsed = int(row["exposed_too_late"]), int(row["exposed_after_relapse"])
    patients = words.plural(int(row["n"]), "patient")
    said = (
        f"{in_time or 'None'} of {patients} {_were(in_time)} {done} before the event and the end "
        "of follow-up"
    )
    if in_time:
        said += f", at a median of {words.number(row['median_exposure_months'], 1)} months"
    if relapsed:
        said += f", {relapsed} of them after a relapse"
    if late:
        said += f"; {late} {_were(late)} {done} at or after it, which does not count"
    return f"{said}."


def _were(number: int) -> str:
    return "was" if number < 2 else "were"  # noqa: PLR2004


def _found(row: Row) -> str:
    if not row["p_value"]:
        return ""
    ratio = _ratio(row, "hazard_ratio", "hazard_ci")
    test = f"Mantel-Byar p = {words.p_value(row['p_value'])}".replace("= <", "< ")
    if not ratio:
        return f"There is no hazard ratio ({test})."
    adjusted = _ratio(row, "adjusted_hazard_ratio", "adjusted_ci")
    also = f"; adjusted {adjusted}" if adjusted else ""
    return (
        f"The hazard {row['group_label']} is {ratio} times that before it or without it"
        f"{also}; {test}."
    )


def _naive(row: Row) -> str:
    naive = _ratio(row, "naive_hazard_ratio", "naive_ci")
    if not naive:
        return ""
    return (
        f"As if known at diagnosis, the same patients would show a hazard ratio of {naive}: "
        "whoever had the event early did not live to have it (immortal time). That figure is "
        "wrong and stands here only as a warning."
    )


def _ratio(row: Row, estimate: str, limits: str) -> str:
    if not row[estimate]:
        return ""
    interval = words.interval(row[f"{limits}_lower"], row[f"{limits}_upper"])
    return f"{words.number(row[estimate])} (95% CI {interval})"
