"""The report page: views of the tables, put into the template."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workflows.report import words
from workflows.report.results_in import Figure, ResultsIn, read_results_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Row = dict[str, str]

_FOUND = ("rearranged", "rearranged_partner_unknown", "ptd")
_EVERYBODY = "all"
# Beyond this many rows a table of patients is for a spreadsheet, not for reading.
_MOST_PATIENTS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerBar:
    """One bar of the partner chart; `share` is its length in percent of the longest."""

    partner: str
    patients: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonGroup:
    """All disagreements with one reason."""

    code: str
    title: str
    expected: bool
    cases: int
    rows: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One variable of a comparison: its rows pivoted to groups, and its test."""

    label: str
    lines: list[tuple[str, list[str]]]
    missing: int
    test: str
    statistic: str
    p_value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A table that compares groups of patients."""

    groups: list[tuple[str, str]]
    variables: list[Variable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cautions:
    """Warnings in words: those to read first, and the others."""

    first: list[Row]
    rest: list[Row]
    groups_with_few_at_risk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorBlock:
    """Survival by the levels of one factor; `note` is what holds for all of them."""

    label: str
    note: str
    levels: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurvivalBlock:
    """Survival by the levels of every factor, for one endpoint."""

    endpoint: str
    label: str
    definition: str
    overall: Row | None
    factors: list[FactorBlock]


def render(folder: Path) -> str:
    """Render the report of a results folder.

    Raises:
        InputError: If the folder is not one that `kmt2a run` wrote.
    """
    results = read_results_folder(folder)
    here = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(here),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["w"] = words
    return environment.get_template("template.html.j2").render(
        style=(here / "style.css").read_text(encoding="utf-8"), **view(results)
    )


def view(results: ResultsIn) -> dict[str, Any]:
    """Everything that the template shows."""
    patients = [dict(row) for row in results.table("reconciled/patients.tsv")]
    evidence = [dict(row) for row in results.table("reconciled/evidence.tsv")]
    parameters = results.manifest.get("parameters", {})
    shown = [row for row in patients if row["status"] in (*_FOUND, "indeterminate")]
    univariate = [dict(row) for row in results.table("outcomes/table_univariate.tsv")]
    models = results.json("outcomes/models.json")
    return {
        "title": parameters.get("title") or "KMT2A report",
        "mark": parameters.get("mark") or "",
        "version": results.manifest.get("kmt2a", ""),
        "patients": patients,
        "status_counts": _counts(patients, "status", words.STATUSES),
        "n_found": sum(row["status"] in _FOUND for row in patients),
        "n_named": sum(row["status"] in _FOUND and bool(row["partner"]) for row in patients),
        "confidence_counts": Counter(r["confidence"] for r in patients if r["status"] in _FOUND),
        "bars": partner_bars(patients),
        "assays": _assays(evidence),
        "shown": [_with_marks(row, evidence) for row in shown[:_MOST_PATIENTS]],
        "n_hidden": len(shown) - len(shown[:_MOST_PATIENTS]),
        "first": _look_first(patients),
        "reasons": reason_groups(results.table("reconciled/discordance.tsv")),
        "detection": [dict(row) for row in results.table("reconciled/detection.tsv")],
        "agreement": [dict(row) for row in results.table("reconciled/agreement.tsv")],
        "figures": _first_figure_apart(results.figures()),
        "survival": survival_blocks(univariate, models.get("endpoints", [])),
        "cautions": caution_lists(results.table("outcomes/cautions.tsv"), univariate),
        "baseline": comparison(results.table("outcomes/table_baseline.tsv")),
        "response": comparison(results.table("outcomes/table_response.tsv")),
        "multivariable": model_blocks(
            results.table("outcomes/table_multivariable.tsv"), models.get("endpoints", [])
        ),
        "flow": [dict(row) for row in results.table("outcomes/flow.tsv")],
        "dropouts": [dict(row) for row in results.table("outcomes/table_dropouts.tsv")],
        "set_aside": [dict(row) for row in results.table("calls/set_aside.tsv")],
        "manifest": results.manifest,
    }


def _first_figure_apart(figures: Sequence[Figure]) -> dict[str, Any]:
    """The first two figures, everybody and the subtypes, lead; the others follow the table."""
    return {"first": list(figures[:2]), "others": list(figures[2:])}


def _counts(rows: Sequence[Row], column: str, names: Mapping[str, str]) -> list[tuple[str, int]]:
    counted = Counter(row[column] for row in rows)
    return [(name, counted[code]) for code, name in names.items() if counted[code]]


def partner_bars(patients: Sequence[Row]) -> list[PartnerBar]:
    """How many patients have each partner, most first."""
    names = [
        row["fusion"].removeprefix("KMT2A::") or row["status"]
        for row in patients
        if row["status"] in _FOUND
    ]
    counted = sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    longest = max((n for _, n in counted), default=1)
    return [PartnerBar(partner=name, patients=n, share=100 * n / longest) for name, n in counted]


def _assays(evidence: Sequence[Row]) -> list[str]:
    present = {row["assay"] for row in evidence}
    return [assay for assay in words.ASSAYS if assay in present]


def _with_marks(patient: Row, evidence: Sequence[Row]) -> dict[str, Any]:
    """A patient with one mark an assay, and all evidence for the fold-out."""
    own = [row for row in evidence if row["patient"] == patient["patient"]]
    marks: Row = {}
    for row in own:
        better = {"positive": 3, "inconclusive": 2, "negative": 1}
        if better.get(row["verdict"], 0) >= better.get(marks.get(row["assay"], ""), 0):
            marks[row["assay"]] = row["verdict"]
    reasons = [code for code in patient["reasons"].split(";") if code]
    return {
        **patient,
        "marks": marks,
        "evidence": own,
        "urgent": [code for code in reasons if code not in words.EXPECTED],
    }


def _look_first(patients: Sequence[Row]) -> list[Row]:
    """Patients whom a person must look at, and why."""
    rows = []
    for row in patients:
        reasons = row["reasons"].split(";")
        if "unexplained" in reasons:
            why = "an assay disagrees and nothing known explains it"
        elif row["confidence"] == "conflicting":
            why = "assays name different partners"
        elif row["status"] == "indeterminate":
            why = "the evidence does not decide whether KMT2A is rearranged"
        elif row["status"] == "rearranged_partner_unknown":
            why = "KMT2A is rearranged and no assay names the partner"
        else:
            continue
        rows.append({**row, "why": why})
    return rows


def reason_groups(rows: Sequence[Mapping[str, str]]) -> list[ReasonGroup]:
    """Disagreements by reason, in the order of the table, which is that of urgency.

    Cases that are told in the same words become one row with all their patients.
    """
    groups = []
    for code, group in groupby(rows, key=lambda row: row["reason"]):
        of_reason = [dict(row) for row in group]
        groups.append(
            ReasonGroup(
                code=code,
                title=words.REASONS.get(code, code),
                expected=code in words.EXPECTED,
                cases=len(of_reason),
                rows=_merged(of_reason),
            )
        )
    return groups


def _merged(rows: Sequence[Row]) -> list[Row]:
    told: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        told.setdefault((row["sentence"], row["next_test"]), []).append(row)
    return [
        {
            **same[0],
            "patient": ", ".join(row["patient"] for row in same),
            "assays": _common_assays([row["assays"] for row in same]),
        }
        for same in told.values()
    ]


def _common_assays(assays: Sequence[str]) -> str:
    """The assays of all cases, or at least the one that is negative in all of them."""
    if len(set(assays)) == 1:
        return assays[0]
    negative = {text.rpartition(" / ")[2] for text in assays}
    return f"others positive / {negative.pop()}" if len(negative) == 1 else "see discordance.tsv"


def survival_blocks(
    rows: Sequence[Row], endpoints: Sequence[Mapping[str, Any]]
) -> list[SurvivalBlock]:
    """The univariate table by endpoint, then by factor; `overall` is everybody's row."""
    about = {record["endpoint"]: record for record in endpoints}
    blocks = []
    for endpoint, of_endpoint in groupby(rows, key=lambda row: row["endpoint"]):
        overall: Row | None = None
        factors: list[FactorBlock] = []
        for (_, label), group in groupby(of_endpoint, key=lambda r: (r["variable"], r["label"])):
            levels = list(group)
            if levels[0]["variable"] == _EVERYBODY:
                overall = levels[0]
            else:
                note, levels = _common_note(levels)
                factors.append(FactorBlock(label=label, note=note, levels=levels))
        record = about.get(endpoint, {})
        blocks.append(
            SurvivalBlock(
                endpoint=endpoint,
                label=record.get("label", endpoint),
                definition=record.get("definition", ""),
                overall=overall,
                factors=factors,
            )
        )
    return blocks


def _common_note(rows: Sequence[Row]) -> tuple[str, list[Row]]:
    """The parts of the notes that all rows share, and the rows without them."""
    parts = [row["note"].split("; ") if row["note"] else [] for row in rows]
    common = [part for part in parts[0] if all(part in others for others in parts)]
    own = [[part for part in of_row if part not in common] for of_row in parts]
    kept = [{**row, "note": "; ".join(rest)} for row, rest in zip(rows, own, strict=True)]
    return "; ".join(common), kept


def model_blocks(
    rows: Sequence[Mapping[str, str]], endpoints: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The models, an endpoint after the other."""
    labels = {record["endpoint"]: record.get("label", "") for record in endpoints}
    blocks = []
    for endpoint, group in groupby(rows, key=lambda row: row["endpoint"]):
        note, kept = _common_note([dict(row) for row in group])
        blocks.append({"label": labels.get(endpoint) or endpoint, "note": note, "rows": kept})
    return blocks


def caution_lists(rows: Sequence[Mapping[str, str]], univariate: Sequence[Row]) -> Cautions:
    """Cautions of the primary endpoint to be read, and all the others to be looked up.

    Few patients at risk is true of nearly every group of a small cohort; it is said once.
    """
    primary = univariate[0]["endpoint"] if univariate else ""
    first: list[Row] = []
    rest: list[Row] = []
    groups = 0
    for row in rows:
        of_primary = row["where"].split(":")[0] == primary
        groups += of_primary and row["kind"] == "few_at_risk"
        to_read = of_primary and row["kind"] != "few_at_risk"
        (first if to_read else rest).append(dict(row))
    return Cautions(first=first, rest=rest, groups_with_few_at_risk=groups)


def comparison(rows: Sequence[Mapping[str, str]]) -> Comparison | None:
    """Pivot a long table (variable, level, group) to one line a level and one cell a group."""
    if not rows:
        return None
    groups = list(dict.fromkeys(row["group"] for row in rows if row["group"] != "all"))
    groups.append("all")
    sizes = dict.fromkeys(groups, "")
    variables = []
    for (_, label), members in groupby(rows, key=lambda row: (row["variable"], row["label"])):
        of_variable = list(members)
        lines = [
            (level, [_cell(of_level, group) for group in groups])
            for level, of_level in _by_level(of_variable)
        ]
        for row in of_variable:
            total = int(row["of"] or 0) + int(row["missing"] or 0)
            sizes[row["group"]] = str(max(total, int(sizes[row["group"]] or 0)))
        first = of_variable[0]
        everybody = next((row for row in of_variable if row["group"] == "all"), first)
        variables.append(
            Variable(
                label=label,
                lines=lines,
                missing=int(everybody["missing"] or 0),
                test=first["test"],
                statistic=_statistic(first),
                p_value=words.p_value(first["p_value"]),
            )
        )
    return Comparison(groups=[(g, sizes[g]) for g in groups], variables=variables)


def _by_level(rows: Sequence[Mapping[str, str]]) -> list[tuple[str, list[Mapping[str, str]]]]:
    levels: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        levels.setdefault(row["level"], []).append(row)
    return list(levels.items())


def _cell(rows: Sequence[Mapping[str, str]], group: str) -> str:
    row = next((row for row in rows if row["group"] == group), None)
    if row is None:
        return ""
    if row["mean"]:
        spread = f" ± {words.number(row['sem'])}" if row["sem"] else ""
        return f"{words.number(row['mean'])}{spread}"
    if row["level"] and row["of"] and int(row["of"]):
        return f"{row['n']} ({100 * int(row['n']) / int(row['of']):.0f}%)"
    return row["n"]


def _statistic(row: Mapping[str, str]) -> str:
    if not row["statistic"]:
        return ""
    df = f", df = {words.number(row['df'])}" if row["df"] else ""
    return f"{words.number(row['statistic'], 4)}{df}"
