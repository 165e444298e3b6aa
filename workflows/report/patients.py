"""The patients as the report lists them: result in words, marks, what to look at."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from workflows.report import elsewhen, words
from workflows.report.marks import assay_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workflows.report.marks import Mark
    from workflows.report.results_in import ResultsIn

Row = dict[str, str]

PTD = "ptd"
PARTNER_UNKNOWN = "rearranged_partner_unknown"
INDETERMINATE = "indeterminate"
FOUND = ("rearranged", PARTNER_UNKNOWN, PTD)
GROUPS = (
    ("KMT2A rearranged or with PTD", FOUND),
    ("Indeterminate", (INDETERMINATE,)),
    ("Not rearranged", ("not_rearranged",)),
    ("Not evaluable", ("not_evaluable",)),
)
# Beyond this many rows a table of patients is for a spreadsheet, not for reading.
MOST_PATIENTS = 400
MOST_TO_LOOK_AT = 100
MOST_CANDIDATES = 4
# Up to this many patients the evidence of everybody is shown.
MOST_WITH_ALL_EVIDENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One patient.

    Attributes:
        number: Place in the cohort, which names the patient's anchor in the page.
        row: The row of `patients.tsv`.
        result: The result in words; the status comes first unless a rearrangement was found.
        found: Whether KMT2A is rearranged or duplicated.
        marks: One for each assay of the cohort.
        disagreements: Reasons that need attention, in words, with a style.
        look: Why a person must look at the patient, the most urgent first; empty if nobody must.
        urgency: Place of the first of these in the order of urgency.
        evidence: The rows of `evidence.tsv`.
        events: The rows of `kmt2a.tsv`.
    """

    number: int
    row: Row
    result: str
    found: bool
    marks: list[Mark]
    disagreements: list[tuple[str, str]]
    look: list[str]
    urgency: int
    evidence: Sequence[Row]
    events: Sequence[Row]

    @property
    def name(self) -> str:
        """The patient's identifier."""
        return self.row["patient"]

    @property
    def status(self) -> str:
        """The code of the status."""
        return self.row["status"]

    @property
    def exons(self) -> str:
        """Exons joined, with the breakpoint region."""
        joined = "::".join(filter(None, (self.row["kmt2a_exon"], self.row["partner_exon"])))
        region = f" ({self.row['region']})" if self.row["region"] else ""
        return f"{joined}{region}" if joined else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Which patients stand in which list of the report.

    `groups` are the table of patients by status, `hidden` the number left out of it. `first` are
    those to look at, `first_hidden` the number of further ones. `evidence` are those who have a
    page. `beside` says whether a mark of the table has a remark on another time point.
    """

    groups: list[tuple[str, int, list[Patient]]]
    hidden: int
    first: list[Patient]
    first_hidden: int
    evidence: list[Patient]
    beside: bool


def assays_of(results: ResultsIn) -> list[str]:
    """The assays of the cohort, in the usual order."""
    present = {row["assay"] for row in results.table("reconciled/evidence.tsv")}
    return [assay for assay in words.ASSAYS if assay in present]


def read_patients(results: ResultsIn, assays: Sequence[str]) -> list[Patient]:
    """All patients of a results folder, in its order."""
    evidence = _by_patient(results.table("reconciled/evidence.tsv"))
    events = _by_patient(results.table("calls/kmt2a.tsv"))
    refused = _by_patient(
        {"patient": "", **row}
        for row in results.table("calls/set_aside.tsv")
        if row["disposition"] == "refused"
    )
    return [
        patient(
            dict(row),
            number=number,
            assays=assays,
            evidence=evidence.get(row["patient"], []),
            events=events.get(row["patient"], []),
            refused=refused.get(row["patient"], []),
        )
        for number, row in enumerate(results.table("reconciled/patients.tsv"), start=1)
    ]


def patient(
    row: Row,
    *,
    number: int,
    assays: Sequence[str],
    evidence: Sequence[Row],
    events: Sequence[Row],
    refused: Sequence[Row],
) -> Patient:
    """Say everything of one patient in words."""
    reasons = [code for code in row["reasons"].split(";") if code]
    look = _why_look(row, reasons, evidence, refused)
    return Patient(
        number=number,
        row=row,
        result=result_in_words(row),
        found=row["status"] in FOUND,
        marks=[
            assay_mark(
                [item for item in evidence if item["assay"] == assay],
                differ="unexplained" in reasons,
            )
            for assay in assays
        ],
        disagreements=[
            (words.REASONS.get(code, code), "urgent" if code == "unexplained" else "")
            for code in reasons
            if code not in words.EXPECTED
        ],
        look=[why for _, why in look],
        urgency=look[0][0] if look else 0,
        evidence=evidence,
        events=events,
    )


def result_in_words(row: Mapping[str, str]) -> str:
    """The result: the fusion where one was found, otherwise the status and what is suspected."""
    status = row["status"]
    suspected = [name for name in row.get("partner_suspected", "").split(";") if name]
    if status == PARTNER_UNKNOWN:
        return "KMT2A::?" + (f" (band fits {_some(suspected)})" if suspected else "")
    if status in FOUND:
        return row["fusion"] or words.STATUSES[status]
    in_words = words.STATUSES.get(status, status)
    if status == INDETERMINATE and suspected:
        names = ["KMT2A-PTD" if name == "PTD" else f"KMT2A::{name}" for name in suspected]
        in_words += f" ({' or '.join(names)} suspected)"
    return in_words


def _some(names: Sequence[str]) -> str:
    """The first of a band's genes, which are its likeliest, and how many more there are."""
    more = len(names) - MOST_CANDIDATES
    return ", ".join(names[:MOST_CANDIDATES]) + (f" and {more} more" if more > 0 else "")


def listing(patients: Sequence[Patient]) -> Listing:
    """Choose who stands where; a large cohort shows only those who matter."""
    to_look_at = sorted((p for p in patients if p.look), key=lambda p: (p.urgency, p.number))
    matters = [p for p in patients if p.found or p.status == INDETERMINATE or p.look]
    in_table = list(patients) if len(patients) <= MOST_PATIENTS else matters
    # Those for whom something is open are the last to be left out.
    kept = {p.number for p in islice(sorted(in_table, key=lambda p: (not p.look,)), MOST_PATIENTS)}
    shown = [p for p in in_table if p.number in kept]
    groups = []
    for title, statuses in GROUPS:
        everybody = sum(p.status in statuses for p in patients)
        members = [p for p in shown if p.status in statuses]
        if members:
            groups.append((title, everybody, members))
    in_order = [p for _, _, members in groups for p in members]
    wanted = {p.number for p in matters}
    evidence = (
        in_order
        if len(patients) <= MOST_WITH_ALL_EVIDENCE
        else [p for p in in_order if p.number in wanted]
    )
    return Listing(
        groups=groups,
        hidden=len(patients) - len(shown),
        first=to_look_at[:MOST_TO_LOOK_AT],
        first_hidden=len(to_look_at[MOST_TO_LOOK_AT:]),
        evidence=evidence,
        beside=any(mark.beside for p in in_order for mark in p.marks),
    )


def _by_patient(rows: Iterable[Mapping[str, str]]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["patient"], []).append(dict(row))
    return grouped


def _why_look(
    row: Row, reasons: Sequence[str], evidence: Sequence[Row], refused: Sequence[Row]
) -> list[tuple[int, str]]:
    """Reasons to look at a patient with their urgency, the most urgent first."""
    status = row["status"]
    unread = [item for item in evidence if item["verdict"] == "not_understood"]
    other_times = elsewhen.codes(row, evidence)
    suspected = _some([name for name in row.get("partner_suspected", "").split(";") if name])
    found = {
        "assays name different partners": row["confidence"] == "conflicting"
        or "assays_name_different_partners" in reasons,
        "an assay disagrees and nothing known explains it": "unexplained" in reasons,
        "the evidence does not decide whether KMT2A is rearranged": status == INDETERMINATE,
        "; ".join(words.ELSEWHEN.get(code, code.replace("_", " ")) for code in other_times): bool(
            other_times
        ),
        _unread_in_words(unread, status): bool(unread),
        _refused_in_words(refused): bool(refused),
        "only the reciprocal transcript was found": "reciprocal_only" in reasons,
        "KMT2A is rearranged and no assay names the partner"
        + (f"; the karyotype's band fits {suspected}" if suspected else ""): (
            status == PARTNER_UNKNOWN
        ),
        # An indeterminate result always is no more than possible.
        "the evidence is weak or contradicted (possible)": row["confidence"] == "possible"
        and status != INDETERMINATE,
    }
    return [(urgency, why) for urgency, (why, holds) in enumerate(found.items()) if holds]


def _unread_in_words(unread: Sequence[Row], status: str) -> str:
    places = ", ".join(
        f"{words.ASSAYS.get(item['assay'], item['assay'])} ({words.place(item)})" for item in unread
    )
    outcome = "not evaluable: " if status == "not_evaluable" else ""
    return f"{outcome}a result was not understood: {places}"


def _refused_in_words(refused: Sequence[Row]) -> str:
    naming = sum(row.get("names_kmt2a", "") == "yes" for row in refused)
    about = f", {naming} of them with KMT2A" if naming else ""
    return f"{words.plural(len(refused), 'row')} refused{about}, see Rows set aside"
