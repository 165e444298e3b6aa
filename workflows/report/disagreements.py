"""The disagreements by reason, cases told in the same words as one row with all their patients."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from workflows.report import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class SameCase:
    """Cases that are told in the same words; `assays` are the assays with their patients."""

    sentence: str
    next_test: str
    patients: list[str]
    assays: list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonGroup:
    """All disagreements with one reason."""

    code: str
    title: str
    expected: bool
    patients: int
    cases: int
    rows: list[SameCase]

    @property
    def size(self) -> str:
        """How many patients, and how many cases where a patient has several."""
        patients = words.plural(self.patients, "patient")
        several = f", {words.plural(self.cases, 'case')}" if self.cases != self.patients else ""
        return patients + several


def reason_groups(rows: Sequence[Mapping[str, str]]) -> list[ReasonGroup]:
    """Disagreements by reason, in the order of the table, which is that of urgency."""
    groups = []
    for code, group in groupby(rows, key=lambda row: row["reason"]):
        of_reason = list(group)
        groups.append(
            ReasonGroup(
                code=code,
                title=words.REASONS.get(code, code),
                expected=code in words.EXPECTED,
                patients=len({row["patient"] for row in of_reason}),
                cases=len(of_reason),
                rows=_merged(of_reason),
            )
        )
    return groups


def _merged(rows: Sequence[Mapping[str, str]]) -> list[SameCase]:
    told: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in rows:
        by_assays = told.setdefault((row["sentence"], row["next_test"]), {})
        patients = by_assays.setdefault(words.codes_in_words(row["assays"]), [])
        if row["patient"] not in patients:
            patients.append(row["patient"])
    return [
        SameCase(
            sentence=words.callers_in_words(sentence),
            next_test=next_test,
            patients=list(dict.fromkeys(name for names in by_assays.values() for name in names)),
            assays=list(by_assays.items()),
        )
        for (sentence, next_test), by_assays in told.items()
    ]
