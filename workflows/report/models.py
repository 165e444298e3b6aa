"""The multivariable models as the report shows them: chosen step by step, full and penalised."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workflows.report.survival import Row, common_note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflows.report.results_in import ResultsIn

TIES = {"efron": "Efron", "breslow": "Breslow", "exact": "Cox's exact likelihood"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepwiseBlock:
    """The forward selection: what each step did, in words, and the rows of the last one."""

    steps: list[str]
    inside: list[Row]
    outside: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermBlock:
    """A covariate in the full model, the penalised model and the test of proportional hazards."""

    label: str
    full: Row
    firth: Row
    proportionality: Row
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelBlock:
    """The models of one endpoint; `note` and `likelihood_ratio` are of all terms."""

    label: str
    n: int
    events: int
    note: str
    ties: str
    concordance: str
    robust: bool
    likelihood_ratio: Mapping[str, Any]
    stepwise: StepwiseBlock | None
    terms: list[TermBlock]
    global_test: Row

    @property
    def events_per_variable(self) -> str:
        """Events for each covariate, to one decimal."""
        return f"{self.events / len(self.terms):.1f}"


def model_blocks(results: ResultsIn, endpoints: Sequence[Mapping[str, Any]]) -> list[ModelBlock]:
    """The models, an endpoint after the other."""
    labels = {record["endpoint"]: record.get("label", "") for record in endpoints}
    full = _by_endpoint(results, "table_multivariable")
    firth = _by_endpoint(results, "table_multivariable_firth")
    proportionality = _by_endpoint(results, "table_multivariable_proportionality")
    stepwise = _by_endpoint(results, "table_multivariable_stepwise")
    records = results.json("outcomes/models.json").get("models", [])
    ratios = {
        record["endpoint"]: test
        for record in records
        for test in record.get("tests", [])
        if test["name"] == "likelihood ratio"
    }
    blocks = []
    for endpoint, rows in full.items():
        note, rows_alone = common_note(rows)
        _, firth_alone = common_note(firth[endpoint]) if endpoint in firth else ("", [])
        penalised = {row["term"]: row for row in firth_alone}
        tests = {row["term"]: row for row in proportionality.get(endpoint, [])}
        terms = [
            TermBlock(
                label=row["label"],
                full=row,
                firth=penalised.get(row["term"], {}),
                proportionality=tests.get(row["term"], {}),
                note="; ".join(_remarks(row, penalised.get(row["term"], {}))),
            )
            for row in rows_alone
        ]
        blocks.append(
            ModelBlock(
                label=labels.get(endpoint) or endpoint,
                n=int(rows[0]["n"]),
                events=int(rows[0]["events"]),
                note=note,
                ties=TIES[rows[0].get("ties") or "efron"],
                concordance=rows[0].get("concordance", ""),
                robust=any(row.get("robust_std_error") for row in rows),
                likelihood_ratio=ratios.get(endpoint, {}),
                stepwise=_stepwise(stepwise.get(endpoint, [])),
                terms=terms,
                global_test=tests.get("global", {}),
            )
        )
    return blocks


def _by_endpoint(results: ResultsIn, table: str) -> dict[str, list[Row]]:
    rows = results.table(f"outcomes/{table}.tsv")
    grouped = groupby(rows, key=lambda row: row["endpoint"])
    return {endpoint: [dict(row) for row in group] for endpoint, group in grouped}


def _remarks(full: Row, firth: Row) -> list[str]:
    """What is to be said of a term in either model, each once and with the model's name."""
    remarks = [full["note"]] if full["note"] else []
    penalised = firth.get("note", "")
    return [*remarks, f"Firth: {penalised}"] if penalised and penalised not in remarks else remarks


def _stepwise(rows: Sequence[Row]) -> StepwiseBlock | None:
    if not rows:
        return None
    labels = {row["variable"]: row["label"] for row in rows if row["in_model"] == "no"}
    steps = []
    for number, group in groupby(rows, key=lambda row: row["step"]):
        first = next(group)
        if first["changed"]:
            steps.append(f"{number}. {labels[first['changed']]} {first['change']}")
    last = [row for row in rows if row["last_step"] == "yes"]
    return StepwiseBlock(
        steps=steps,
        inside=[row for row in last if row["in_model"] == "yes"],
        outside=[row for row in last if row["in_model"] == "no"],
    )
